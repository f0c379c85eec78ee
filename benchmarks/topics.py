"""Measure what the topics stage costs beside the quote extractor: the ratio of their CPU seconds.

    python benchmarks/topics.py [--repeat N] [--corpus FILE] [--limit N]

Both run in one process on one core, document by document in turn, with codebooks and model loaded before the
clock starts; so a busy machine slows both alike. The quotes stage goes from an article that is read to its
quotes with speakers, the topics stage from there to topics, speech acts and events. Nothing of the texts is
printed.
"""

import argparse
import hashlib
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).parent.parent
CORPUS = PROJECT.parent / "shared" / "corpora" / "polnear_dev.jsonl"


def ratio(topics: Sequence[float], quotes: Sequence[float]) -> float:
    """Return the median over the rounds of topics seconds over quotes seconds."""
    return statistics.median(one / other for one, other in zip(topics, quotes, strict=True))


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help='JSON Lines, each with "text"')
    parser.add_argument("--limit", type=int, help="only the first N texts")
    arguments = parser.parse_args()
    if arguments.repeat < 1:
        raise SystemExit("error: --repeat needs 1 or more")
    if not arguments.corpus.is_file():
        print(f"topics  left out: there is no corpus {arguments.corpus}; name one with --corpus FILE")
        return
    lines = arguments.corpus.read_text(encoding="utf-8").splitlines()[: arguments.limit]
    texts = [json.loads(line)["text"] for line in lines if line.strip()]
    quotes, topics = _measure(texts, arguments.repeat)
    print(f"{len(texts)} texts, median of {arguments.repeat} rounds, load {os.getloadavg()[0]:.2f}")
    print(f"quotes stage  {statistics.median(quotes):8.2f} CPU s")
    print(f"topics stage  {statistics.median(topics):8.2f} CPU s")
    print(f"topics / quotes {100 * ratio(topics, quotes):.1f} %")


def _measure(texts: Sequence[str], repeat: int) -> tuple[list[float], list[float]]:
    """Return the CPU seconds of both stages, round by round."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    from pipeline.ingest import stage as articles_stage
    from pipeline.quotes import stage as quotes_stage
    from pipeline.reference import load_reference
    from pipeline.topics import stage as topics_stage

    reference = load_reference()
    reader = articles_stage.prepare(reference)
    extractor = quotes_stage.prepare(reference)
    coder = topics_stage.prepare(reference)
    documents = []
    for text in texts:
        rows = articles_stage.read_articles(
            reader,
            text=text,
            encoding="utf-8",
            raw_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            manifest_row=None,
        ).rows
        documents += articles_stage.documents(rows)
    quotes, topics = [], []
    for _ in range(repeat):
        seconds = [0.0, 0.0]
        for document in documents:
            started = time.process_time()
            found = quotes_stage.extract(extractor, document)
            between = time.process_time()
            topics_stage.code(coder, document, found)
            seconds[0] += between - started
            seconds[1] += time.process_time() - between
        quotes.append(seconds[0])
        topics.append(seconds[1])
    return quotes, topics


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    main()
