import pytest

from pipeline.ingest.bylines import (
    Author,
    initial_capitals,
    is_person,
    outlet_in_description,
    read_byline,
    read_title,
    without_addresses,
)
from pipeline.ingest.known import Known, compile_known
from pipeline.reference import Reference


@pytest.fixture(scope="module")
def known(reference: Reference) -> Known:
    return compile_known(reference)


def test_authors_with_places_and_an_address(known: Known) -> None:
    found = read_byline(
        "- By ANN LEE in Quay and BO VAN DAHL in Ardesk Contact the writers at a@x.example", known
    )
    assert found is not None
    assert found.printed == "By ANN LEE in Quay and BO VAN DAHL in Ardesk"
    assert found.authors == (
        Author("Ann Lee", place="Quay", has_email=True),
        Author("Bo Van Dahl", place="Ardesk", has_email=True),
    )
    assert found.email_domains == ("x.example",)


@pytest.mark.parametrize(
    ("text", "names", "outlet"),
    [
        ("By Ann Lee, Norvane Lantern", ["Ann Lee"], "norvane_lantern"),
        ("By Ann Lee, Bo Dahl and Cy de Wit", ["Ann Lee", "Bo Dahl", "Cy de Wit"], None),
        ("By Norvane Lantern", [], "norvane_lantern"),
        ("By Ann Lee for Norvane Lantern", ["Ann Lee"], "norvane_lantern"),
        ("By ANN LEE (Norvane Lantern)", ["Ann Lee"], "norvane_lantern"),
        ("By ANN LEE and BO DAHL Norvane Lantern", ["Ann Lee", "Bo Dahl"], "norvane_lantern"),
        ("By Ann Lee for Quay Post", ["Ann Lee"], None),
        ("By Ann\u00a0Lee", ["Ann Lee"], None),
        ("By Ann Lee, Staff Writer", ["Ann Lee"], None),
        ("By: 王小明", ["王小明"], None),
    ],
)
def test_names_and_outlets(text: str, names: list[str], outlet: str | None, known: Known) -> None:
    found = read_byline(text, known)
    assert found is not None
    assert ([author.name for author in found.authors], found.outlet_id) == (names, outlet)


@pytest.mark.parametrize(
    "text", ["By noon the boats had left", "By the lake, it rained.", "Boats by the lake"]
)
def test_sentences_are_no_bylines(text: str, known: Known) -> None:
    assert read_byline(text, known) is None


def test_persons() -> None:
    assert is_person("Ann Lee") and is_person("Cy de Wit") and is_person("A. B. Lee")
    assert not any(map(is_person, ["Quay Times", "The Heron", "ann lee", "Ann", "Staff Reporter", "Unit 7"]))


def test_titles_and_places() -> None:
    assert read_title("Reporter, Quay") == ("Reporter", "Quay")
    assert read_title("Senior editor, World Desk") == ("Senior editor, World Desk", None)
    assert read_title("Reporter in Quay") == ("Reporter", "Quay")


def test_the_outlet_of_a_description_is_the_employer(known: Known) -> None:
    assert outlet_in_description("Norvane Lantern reporter who likes boats", known) == "norvane_lantern"
    assert outlet_in_description("Reporter with the Norvane Lantern", known) == "norvane_lantern"
    assert outlet_in_description("Writes about the Norvane Lantern", known) is None
    assert outlet_in_description("Norvane Lantern reporter, then Basin Feed editor", known) is None


def test_capitals_and_addresses() -> None:
    assert [initial_capitals(n) for n in ("ANN O'LEE", "Ann LEE", "LEE-VENT")] == [
        "Ann O'Lee",
        "Ann LEE",
        "Lee-Vent",
    ]
    assert without_addresses("Ann Lee <a.lee@quay.example>, Bo") == "Ann Lee , Bo"


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee is a former Norvane Lantern reporter and now teaches.",
        "Ann Lee worked as a reporter at the Norvane Lantern.",
    ],
)
def test_a_former_employer_is_not_the_outlet(text: str, known: Known) -> None:
    assert outlet_in_description(text, known) is None
    assert outlet_in_description("She was born in Quay. Ann Lee is a Norvane Lantern reporter.", known)
