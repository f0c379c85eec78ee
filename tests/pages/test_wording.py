"""Every code that a page may show has plain words, and every doubt is told."""

import pytest

from pipeline.pages import wording
from pipeline.pages.wording import doubts, words
from schemas.articles import ANALYSIS_BASES, LANGUAGE_BASES, OUTLET_BASES, PUBLISHED_BASES
from schemas.quotes import EVENT_BASES, RESOLUTIONS, SAID_DATE_BASES

SURE = {
    "is_negated": False,
    "quote_type": "direct",
    "n_speakers": 1,
    "resolution": "document_name",
    "confidence": 0.5,
}


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        (RESOLUTIONS, wording.RESOLUTION),
        (SAID_DATE_BASES, wording.SAID_DATE),
        (EVENT_BASES, wording.EVENT),
        ({*PUBLISHED_BASES, *ANALYSIS_BASES}, wording.DATE_BASIS),
        (OUTLET_BASES, wording.OUTLET_BASIS),
        (LANGUAGE_BASES, wording.LANGUAGE_BASIS),
    ],
)
def test_every_level_has_words_and_no_other_has(levels: tuple[str, ...], found: dict[str, str]) -> None:
    assert set(found) == set(levels)


def test_a_code_without_words_is_read_as_words() -> None:
    assert words("news_report") == "news report"
    assert words(None) == "not stated"


@pytest.mark.parametrize(
    ("cells", "is_translation", "told"),
    [
        ({}, False, []),
        ({}, None, []),
        ({}, True, ["not verbatim: the text is a translation"]),
        ({"quote_type": "mixed"}, True, ["not verbatim: the text is a translation"]),
        ({"quote_type": "indirect"}, True, []),
        ({"is_negated": True}, False, ["negated: the text says that this was not said"]),
        ({"confidence": 0.49}, False, ["uncertain: more likely wrong than right"]),
        ({"confidence": None}, False, ["confidence not measured: found by rules alone"]),
        (
            {"n_speakers": 0, "resolution": "unresolved_ambiguous"},
            False,
            ["speaker not resolved: several people could be meant"],
        ),
    ],
)
def test_doubts_are_told(cells: dict[str, object], is_translation: bool | None, told: list[str]) -> None:
    assert doubts(SURE | cells, is_translation) == told
