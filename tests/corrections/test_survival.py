"""Twenty corrections outlive the model that they were made on: each is bound or reported, none is lost."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from pipeline.document import Block, Document
from pipeline.parts import Frames
from pipeline.quotes import stage
from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.known_speakers import Resolution
from pipeline.quotes.turns import DocumentQuotes, find_document_quotes
from tests.corrections.desk import Desk, as_csv, tables_of
from tests.workshop import Workshop

WIRE, READOUT, GAMES, NO_YEAR = "fe7853f04fb3406d", "fee7c52ac3e4d5b8", "fba7093dd0c95bd6", "e88f58502c217426"


def twenty(desk: Desk) -> list[dict[str, Any]]:
    """Twenty corrections of all kinds, as coders made them on the dataset of the first model."""
    of = desk.quote
    first = {
        "sovereignty": of("neighbours who respect"),
        "bridge": of("A border river is a bridge"),
        "power": of("no outside power"),
        "storm": of("power lines open during the storm"),
        "barges": of("grain barges will sail"),
        "sanctions": of("sanctions on farm machines help nobody"),
        "energy": of("her government is ready to expand"),
        "wind": of("Wind does not stop"),
        "nuclear": of("should finish the safety rules"),
        "capitals": of("distant capitals"),
        "path": of("Each country must choose"),
        "quarrels": of("older than our quarrels"),
    }
    readout = [q for q in desk.frames["quotes"].to_dicts() if q["article_id"] == READOUT]
    games = [q for q in desk.frames["quotes"].to_dicts() if q["article_id"] == GAMES]

    def row(name: str, what: str, old: str = "", new: str = "") -> dict[str, Any]:
        return desk.row(first[name], what, old, new)

    energy = first["energy"]
    cut = f"{energy['char_start']}-{energy['char_end'] - len(' in renewable energy')}"
    cue = desk.place(WIRE, "denounced")
    inside = desk.place(WIRE, "each other's sovereignty")
    missed = {"raw_sha256": desk.hashes[WIRE], "char_start": inside[0], "char_end": inside[1]}
    return [
        row("sovereignty", "speaker", "velmar_ostin", "ilsa_brannick"),
        row("bridge", "speaker", "Velmar Ostin", "Oren Tull"),
        row("power", "speaker", "velmar_ostin", ""),
        row("storm", "type", "indirect", "mixed"),
        row("barges", "topics", "", "trade; food_energy_security"),
        row("sanctions", "not_a_quote"),
        row("energy", "boundary", "", cut),
        row("wind", "illocution", "assertive", "directive"),
        row("nuclear", "speaker", "ilsa_brannick", "velmar_ostin"),
        row("capitals", "type", "mixed", "direct"),
        row("path", "not_a_quote"),
        row("quarrels", "cue", "said", f"{cue[0]}-{cue[1]}"),
        missed | {"what": "new_quote", "new_value": "ilsa_brannick | indirect"},
        {"raw_sha256": desk.hashes[WIRE], "what": "article_date", "new_value": "2024-03-13"}
        | {"old_value": "2024-03-12"},
        desk.row(readout[0], "speaker", "velmar_ostin", "tamsel_rook"),
        desk.row(readout[1], "topics", "security_defence", "treaties; security_defence"),
        desk.row(readout[3], "type", "indirect", "mixed"),
        desk.row(games[0], "illocution", "assertive", "expressive"),
        desk.row(games[2], "not_a_quote", games[2]["quote_text"]),
        {"raw_sha256": desk.hashes[NO_YEAR], "what": "article_date", "new_value": "2023-08-01"},
    ]


class OtherModel:
    """Another model: it ends quotes elsewhere, misses some, finds others, and names other speakers."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def _draw(self, place: int, sides: int) -> int:
        return (place * 7_919 + self.seed * 104_729) % sides

    def find(self, document: Document, *tools: Any) -> DocumentQuotes:
        found = find_document_quotes(document, *tools)
        made = [self._read(document, one) for one in found.attributions]
        words = [block for block in document.blocks if block.block_type == "paragraph"]
        added = [self._added(document, block) for block in words if self._draw(block.char_start, 3) == 0]
        return DocumentQuotes(tuple(one for one in [*made, *added] if one is not None), found.marks)

    def _read(self, document: Document, one: Attribution) -> Attribution | None:
        first, *rest = one.content
        drawn = self._draw(first.start, 7)
        if drawn == 0:
            return None
        if rest or drawn < 4:
            return one
        # A word more or less at either end.
        text = document.text[first.start : first.end]
        cut = text.find(" ") + 1 if drawn == 4 else 0
        back = len(text) - text.rfind(" ") if drawn == 5 and text.count(" ") > 2 else 0
        return replace(one, content=(Span(first.start + cut, first.end - back),), continued=())

    def _added(self, document: Document, block: Block) -> Attribution | None:
        end = document.text.find(" ", block.char_start + 25, block.char_end)
        return None if end < 0 else Attribution((Span(block.char_start, end),), (), None, None)

    def resolve(
        self, document: Document, attributions: Sequence[Attribution], *rest: Any
    ) -> list[Resolution]:
        from pipeline.quotes.speakers import resolve_speakers

        found = resolve_speakers(document, attributions, *rest)
        known = [one for one in found if one.speakers]
        return [
            known[self._draw(attribution.content[0].start + 1, len(known))]
            if known and self._draw(attribution.content[0].start, 5) == 0
            else one
            for attribution, one in zip(attributions, found, strict=True)
        ]


@dataclass(frozen=True)
class Rebuilt:
    """The sample as another model has it, without corrections and with the twenty."""

    shop: Workshop
    rows: list[dict[str, Any]]
    plain: Frames
    is_same_model: bool

    def told(self) -> list[dict[str, Any]]:
        """Return the table of corrections."""
        return self.shop.table("corrections").to_dicts()


@pytest.fixture(scope="module", params=[None, 1, 2], ids=["the same model", "another", "a third"])
def rebuilt(
    request: pytest.FixtureRequest, sample: Workshop, desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rebuilt]:
    shop = Workshop(tmp_path_factory.mktemp("rebuilt"))
    shutil.copytree(sample.raw, shop.raw, dirs_exist_ok=True)
    rows = twenty(desk)
    with pytest.MonkeyPatch.context() as patch:
        if request.param is not None:
            model = OtherModel(request.param)
            patch.setattr(stage, "find_document_quotes", model.find)
            patch.setattr(stage, "resolve_speakers", model.resolve)
        assert shop.build() == 0
        plain = tables_of(shop)
        (shop.raw / "corrections.csv").write_bytes(as_csv(rows))
        assert shop.build() == 0
    yield Rebuilt(shop, rows, plain, request.param is None)


def test_each_of_the_twenty_is_in_the_table_once(rebuilt: Rebuilt) -> None:
    told = rebuilt.told()
    assert len(rebuilt.rows) == len(told) == 20
    assert [row["line_no"] for row in told] == list(range(2, 22))
    for name in ("what", "new_value"):
        assert [row[name] for row in told] == [row[name] or None for row in rebuilt.rows]


def test_no_stage_was_made_anew_for_them(rebuilt: Rebuilt) -> None:
    assert rebuilt.shop.report()["made"] == {"articles": 0, "quotes": 0, "topics": 0}


def test_those_whose_quote_is_there_as_it_was_are_applied_and_no_others(rebuilt: Rebuilt) -> None:
    told = rebuilt.told()
    statuses = Counter(row["status"] for row in told)
    for row in told:
        if row["what"] in COLUMNS:
            assert row["status"] == _expected(row, rebuilt.plain["quotes"].to_dicts()), row
    if rebuilt.is_same_model:
        assert statuses == {"applied": 20}
    else:
        # Most of them, and not all: else the other model would be no other.
        assert 10 <= statuses["applied"] < 20


# Where the value of a correction stands in quotes; of a false quote there is none.
COLUMNS = {
    "speaker": ("speaker_id", "speaker_name"),
    "type": ("quote_type",),
    "topics": ("topics",),
    "illocution": ("illocution",),
    "not_a_quote": (),
}


def _expected(row: dict[str, Any], quotes: list[dict[str, Any]]) -> str:
    """Say what has to become of a correction, by the outer offsets of the quotes of the model."""

    def overlap(quote: dict[str, Any]) -> float:
        both = min(quote["char_end"], row["char_end"]) - max(quote["char_start"], row["char_start"])
        either = max(quote["char_end"], row["char_end"]) - min(quote["char_start"], row["char_start"])
        return float(both / either)

    here = [quote for quote in quotes if quote["article_id"][:16] == row["raw_sha256"][:16]]
    best = max(here, key=overlap)
    if overlap(best) < 0.5:
        none_there = row["what"] == "not_a_quote" and overlap(best) <= 0
        return "already_right" if none_there else "unbound"
    # Of several speakers there is a name, and no id.
    values = {best[name] for name in COLUMNS[row["what"]] if best[name] or name != "speaker_id"}
    if values and row["new_value"] in values:
        return "already_right"
    return "applied" if not values or row["old_value"] in values else "stale"


def test_what_is_applied_is_in_the_dataset_and_what_is_not_says_why(rebuilt: Rebuilt) -> None:
    shop = rebuilt.shop
    quotes = {row["quote_id"]: row for row in shop.table("quotes").to_dicts()}
    articles = {row["article_id"]: row for row in shop.table("articles").to_dicts()}
    columns = {"type": "quote_type", "topics": "topics", "illocution": "illocution"}
    for row in shop.table("corrections").to_dicts():
        what, new = row["what"], row["new_value"]
        if row["status"] not in ("applied", "already_right"):
            assert row["message"], row
            continue
        if what == "not_a_quote":
            assert row["quote_id"] is None
            assert row["found_quote_id"] not in quotes
        elif what == "article_date":
            assert articles[row["article_id"]]["analysis_date"].isoformat() == new
        elif what in columns:
            assert quotes[row["quote_id"]][columns[what]] == new
        elif what == "speaker":
            quote = quotes[row["quote_id"]]
            assert new in (quote["speaker_id"], quote["speaker_name"])
        elif what == "boundary":
            quote = quotes[row["quote_id"]]
            assert f"{quote['char_start']}-{quote['char_end']}" == new
        elif what == "cue":
            assert quotes[row["quote_id"]]["cue"] == "denounced"
        else:
            assert quotes[row["quote_id"]]["char_start"] >= row["char_start"] - 40


def test_the_report_lists_what_to_look_at(rebuilt: Rebuilt) -> None:
    shop = rebuilt.shop
    report = shop.report()
    assert report["corrections"] == Counter(row["status"] for row in rebuilt.told())
    wrong = [row for row in rebuilt.told() if row["status"] not in ("applied", "already_right")]
    assert [row["line_no"] for row in report["corrections_to_look_at"]] == [row["line_no"] for row in wrong]
    page = (shop.processed / "reports" / "run_report.md").read_text(encoding="utf-8")
    assert ("## Corrections to look at" in page) == bool(wrong)
