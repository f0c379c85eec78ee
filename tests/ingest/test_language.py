import time

import pytest

from pipeline.document import Rows
from pipeline.ingest.language import language_of
from pipeline.ingest.stage import documents, prepare, read_articles
from pipeline.quotes import stage as quotes_stage
from pipeline.reference import Reference

# Of the same boats, all with somebody who says something.
PAGES = {
    "fr": (
        "Les bateaux ont quitté le port\n2024-03-12\n\n"
        "Les bateaux ont quitté le port à midi et les gens sur la rive étaient contents de la pluie.\n\n"
        "« Le fleuve est à nous tous », a déclaré la ministre Ilsa Brannick devant les pêcheurs.\n"
    ),
    "de": (
        "Die Boote haben den Hafen verlassen\n2024-03-12\n\n"
        "Die Boote haben den Hafen am Mittag verlassen, und die Leute an der Küste freuen sich.\n\n"
        "„Der Fluss gehört uns allen“, sagte die Ministerin Ilsa Brannick den Fischern.\n"
    ),
    "es": (
        "Los barcos salieron del puerto\n2024-03-12\n\n"
        "Los barcos salieron del puerto y la gente en la orilla se alegró de que no iba a llover.\n\n"
        "«El río es de todos nosotros», dijo la ministra Ilsa Brannick a los pescadores.\n"
    ),
    "ru": (
        "Корабли вышли из порта\n2024-03-12\n\n"
        "Корабли вышли из порта в полдень, и люди на берегу были рады, что дождя не было.\n\n"
        "«Река принадлежит всем нам», — сказала рыбакам министр Ильза Бранник.\n"
    ),
    "zh": (
        "渡船离开码头\n2024-03-12\n\n渡船在中午离开码头，岸上的人们很高兴今天没有下雨，风也不大。\n\n"
        "部长对渔民说：“这条河属于我们大家。”她还说，新的码头明年开放。\n"
    ),
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The boats left the harbour and the people on the shore were glad that it was not to rain."),
        ("en", "THE BOATS LEFT THE HARBOUR AND THE PEOPLE ON THE SHORE WERE GLAD THAT IT WAS NOT TO RAIN."),
        *PAGES.items(),
        ("ja", "渡し船は正午に港を出て、岸の人々は雨が降らないことを喜んでいました。"),
        ("ar", "غادرت القوارب الميناء عند الظهر وكان الناس على الشاطئ سعداء لأن المطر لم يهطل."),
    ],
)
def test_language(language: str, text: str) -> None:
    assert language_of(text) == (language, "text")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "too_short"),
        ("Quay 12", "too_short"),
        ("2024-03-12 14:00 88,3 -- 12.5 / 1,200,000 == 2024-03-13 15:00", "too_short"),
        ("Ann Lee, Bo Dahl, Cy Wit", "too_short"),
        ("Velmar Ostin, Ilsa Brannick, Bo Dahl, Norvane, Ardesk", "uncertain"),
    ],
)
def test_what_cannot_be_told_has_its_reason(text: str, reason: str) -> None:
    assert language_of(text) == (None, reason)


def test_white_space_and_what_stands_far_below_do_not_count() -> None:
    english = "The boats left the harbour and the people on the shore were glad.\n \t" * 40
    assert language_of(english + PAGES["ru"] * 20) == ("en", "text")


def rows_of(text: str, reference: Reference) -> Rows:
    return read_articles(
        prepare(reference), text=text, encoding="utf-8", raw_sha256="0123456789abcdef" * 4, manifest_row=None
    ).rows


@pytest.mark.parametrize("language", sorted(PAGES))
def test_a_page_in_another_language_keeps_its_blocks_and_has_no_quotes(
    language: str, reference: Reference
) -> None:
    text = PAGES[language]
    rows = rows_of(text, reference)
    (row,) = rows["articles"]
    assert (row["language"], row["language_basis"]) == (language, "text")
    assert (row["headline"], row["published_edtf"]) == (text.split("\n")[0], "2024-03-12")
    assert "".join(text[block["char_start"] : block["char_end"]] for block in rows["blocks"]) == text
    (document,) = documents(rows)
    extractor = quotes_stage.prepare(reference)
    assert not any(quotes_stage.extract(extractor, document).values())


def test_it_is_cheap() -> None:
    text = "The boats left the harbour and the people on the shore were glad that it was not to rain. " * 50
    language_of(text)
    start = time.process_time()
    for _ in range(50):
        language_of(text)
    # 800 words cost the quote extractor some 0.15 s; the bound leaves room for a slow machine.
    assert (time.process_time() - start) / 50 < 0.015
