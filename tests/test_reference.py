"""Codebooks and authority files: what people type is checked, and an error names file and line."""

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import reference
from pipeline.faults import Fault
from pipeline.frames import column_types
from pipeline.reference import AUTHORITY, CODEBOOKS, Reference, load_reference, name_key

# A small corpus of two invented countries, complete.
SMALL = {
    "codebooks/topics": "topic_id,parent_id,label,definition,include,exclude,iptc_id,iptc_match,"
    "cap_code,cap_match,gives_way_to,is_occasion\n"
    "relations,,Relations,Relations of two states.,,,20000638,broad,1900,broad,,true\n"
    "trade,relations,Trade,\"Goods, services and tariffs.\",,,,none,,none,,false\n",
    "codebooks/word_lists": "list_id,words,note\nsports,game|match,\n",
    "codebooks/topic_terms": "term_id,topic_id,pattern,pattern_type,needs_context,excluded_by,weight,origin\n"
    "tariff,trade,tariff,inflected,,,0.8,general_knowledge\n",
    "codebooks/cues": "lemma,cue_class,cue_class_2,illocution,polarity,frame,forms\n"
    "say,neutral_report,,assertive,0,clause,said|says\n"
    "condemn,expressive_negative,,,-1,object,\n",
    "codebooks/illocution_patterns": "pattern_id,pattern,illocution,priority,note\n"
    "must,\\bmust\\b,directive,10,\n",
    "codebooks/header_fields": "label,field\ntitle,title\nprinted on,published\n",
    "authority/outlets": "outlet_id,name,kind,country,ownership\n"
    "ardesk_post,Ardesk Post,newspaper,XKE,state\nlantern,Lantern,newspaper,,unknown\n",
    "authority/outlet_aliases": "alias,outlet_id,alias_use\npost.example,ardesk_post,email_domain\n",
    "authority/events": "event_id,label,event_type,start_date,mode,place\n"
    "lakes_summit,Lakes summit,summit,2024-09-18,in_person,Quellport\n",
    "authority/event_participants": "event_id,speaker_id\nlakes_summit,ilsa_brannick\n",
    "authority/speakers": "speaker_id,name,speaker_type,country,gender,wikidata_qid,qid_status\n"
    "ilsa_brannick,Ilsa O’Brannick-Ode,person,XNO,female,,none\nnorvane,Norvane,institution,XNO,,,none\n",
    "authority/speaker_roles": "speaker_id,role,organisation,valid_from,valid_to\n"
    "ilsa_brannick,Premier,Norvane,2023-09-14,\nilsa_brannick,Mayor,,,2023-09-13\n",
    "authority/speaker_aliases": "alias,speaker_id\nBrannick,ilsa_brannick\n",
    "authority/speaker_members": "group_id,member_id,valid_from,valid_to\nnorvane,ilsa_brannick,,\n",
}  # fmt: skip


class Folders:
    """The folders with codebooks and authority files, which a test may edit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in SMALL.items():
            self.write(name, text)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
        path = self.root / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding=encoding, newline="")

    def append(self, name: str, *lines: str) -> None:
        self.write(name, SMALL[name] + "".join(f"{line}\n" for line in lines))

    def fault(self, extra: str | None = None) -> str:
        with pytest.raises(Fault) as caught:
            load_reference(self.root / extra if extra else None)
        return str(caught.value)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    schemas = tmp_path / "schemas"
    monkeypatch.setattr(reference, "SCHEMAS_FOLDER", schemas)
    monkeypatch.setattr(reference, "CODEBOOK_FOLDER", schemas / "codebooks")
    monkeypatch.setattr(reference, "AUTHORITY_FOLDER", schemas / "authority")
    return Folders(schemas)


def test_the_shipped_codebooks_and_authority_files_are_valid() -> None:
    shipped = load_reference()
    assert list(shipped.frames) == [model.table_name for model in CODEBOOKS + AUTHORITY]
    for name, frame in shipped.frames.items():
        assert dict(frame.schema) == column_types(name)
        assert len(frame), f"{name} is empty"


def test_the_sample_of_invented_countries_is_valid_and_added() -> None:
    shipped = load_reference()
    sample = load_reference(reference.SCHEMAS_FOLDER.parent / "raw" / "authority")
    for model in AUTHORITY:
        assert len(sample.frames[model.table_name]) > len(shipped.frames[model.table_name])
    for model in CODEBOOKS:
        assert sample.frames[model.table_name].equals(shipped.frames[model.table_name])


def test_cells_become_values_of_the_types_of_the_schema(folders: Folders) -> None:
    loaded = load_reference()
    assert loaded.rows("topic_terms")[0]["weight"] == 0.8
    assert [row["polarity"] for row in loaded.rows("cues")] == [0, -1]
    assert loaded.rows("events")[0]["start_date"] == date(2024, 9, 18)
    assert loaded.rows("speaker_roles")[1] == {
        "speaker_id": "ilsa_brannick",
        "role": "Mayor",
        "organisation": None,
        "valid_from": None,
        "valid_to": date(2023, 9, 13),
    }
    assert loaded.rows("topics")[1]["definition"] == "Goods, services and tariffs."


def test_columns_that_follow_from_others_are_filled_in(folders: Folders) -> None:
    assert load_reference().rows("speakers")[0] == {
        "speaker_id": "ilsa_brannick",
        "name": "Ilsa O’Brannick-Ode",
        "name_key": "ilsa-o-brannick-ode",
        "speaker_type": "person",
        "country": "XNO",
        "gender": "female",
        "wikidata_qid": None,
        "qid_status": "none",
        "in_authority": True,
    }


def test_a_file_as_spreadsheets_save_it_is_read_alike(folders: Folders) -> None:
    before = load_reference().frames["outlets"]
    text = SMALL["authority/outlets"].replace("\n", "\r\n").replace("ardesk_post,", " ardesk_post ,")
    folders.write("authority/outlets", text + ",,,,\r\n\r\n", encoding="utf-8-sig")
    assert load_reference().frames["outlets"].equals(before)


@pytest.mark.parametrize(
    ("name", "line", "told"),
    [
        (
            "authority/outlets",
            "gazette,Gazette,weekly,XKE,state",
            "schemas/authority/outlets.csv, line 4: kind is 'weekly': allowed are newspaper, agency, "
            "broadcaster, government, aggregator.",
        ),
        (
            "authority/outlets",
            "gazette,Gazette,agency,Kestrova,state",
            "schemas/authority/outlets.csv, line 4: country is 'Kestrova': the rule is "
            "str_matches('^[A-Z]{3}$').",
        ),
        (
            "authority/outlets",
            "gazette,,agency,XKE,state",
            "schemas/authority/outlets.csv, line 4: name is None: the rule is not_nullable.",
        ),
        (
            "authority/events",
            "games,Games,games,18.9.2024,,",
            "schemas/authority/events.csv, line 3: "
            "start_date is '18.9.2024': it has to be a date, written YYYY-MM-DD.",
        ),
        (
            "codebooks/topic_terms",
            "quota,trade,quota,inflected,,,much,codebook",
            "schemas/codebooks/topic_terms.csv, line 3: "
            "weight is 'much': it has to be a number, with a point before the "
            "decimals.",
        ),
        (
            "codebooks/topic_terms",
            "quota,trade,quota,inflected,,,1.5,codebook",
            "schemas/codebooks/topic_terms.csv, line 3: "
            "weight is '1.5': the rule is less_than_or_equal_to(1).",
        ),
        (
            "codebooks/illocution_patterns",
            "shall,\\bshall\\b,commissive,first,",
            "schemas/codebooks/illocution_patterns.csv, line 3: "
            "priority is 'first': it has to be a whole number.",
        ),
        (
            "codebooks/illocution_patterns",
            "shall,\\bshall\\b,commissive,99999999999,",
            "schemas/codebooks/illocution_patterns.csv, line 3: "
            "priority is '99999999999': it has to be a whole number.",
        ),
        (
            "authority/speakers",
            "norvane,Norvane again,institution,XNO,,,none",
            "schemas/authority/speakers.csv, line 4: speaker_id stands twice: keep one of the two rows.",
        ),
        (
            "authority/speaker_roles",
            "ilsa_brannick,Mayor,Quellport,,",
            "schemas/authority/speaker_roles.csv, line 4: "
            "speaker_id, role, valid_from stands twice: keep one "
            "of the two rows.",
        ),
        (
            "authority/speaker_aliases",
            "Nobody,nobody",
            "schemas/authority/speaker_aliases.csv, line 3: speaker_id is 'nobody', which stands nowhere in "
            "speakers.csv: mend the id or add its row.",
        ),
        (
            "codebooks/topics",
            "fish,food,Fish,Fish.,,,,none,,none,,false",
            "schemas/codebooks/topics.csv, line 4: parent_id is 'food', which stands nowhere in topics.csv: "
            "mend the id or add its row.",
        ),
        (
            "authority/outlets",
            "gazette,Gazette, Weekly,agency,XKE,state",
            "schemas/authority/outlets.csv, line 4: "
            "6 cells, 5 wanted: put a text that holds a comma into double "
            "quotation marks.",
        ),
        (
            "authority/outlets",
            "gazette,Gazette,agency",
            "schemas/authority/outlets.csv, line 4: "
            "3 cells, 5 wanted: put a text that holds a comma into double "
            "quotation marks.",
        ),
        (
            "authority/outlets",
            'gazette,"Gazette,agency,XKE,state',
            "schemas/authority/outlets.csv, line 4: "
            "not readable as CSV (unexpected end of data): close every double quotation "
            "mark, and double those inside a text.",
        ),
    ],
)  # fmt: skip
def test_an_error_names_the_file_the_line_and_the_rule(
    folders: Folders, name: str, line: str, told: str
) -> None:
    folders.append(name, line)
    assert folders.fault() == told


def test_of_several_bad_rows_the_first_is_named(folders: Folders) -> None:
    folders.append("authority/outlets", "a,A,agency,XKE,state", "b,B,weekly,XKE,state", "c,C,daily,xke,none")
    assert folders.fault().startswith("schemas/authority/outlets.csv, line 5: kind is 'weekly'")


def test_lines_are_counted_as_an_editor_counts_them(folders: Folders) -> None:
    folders.append("authority/outlets", "", 'a,"A\nof two lines",agency,XKE,state', "b,B,weekly,XKE,state")
    assert folders.fault().startswith("schemas/authority/outlets.csv, line 7")


@pytest.mark.parametrize(
    "header", ["", "outlet_id,name\n", "name,outlet_id,kind,country,ownership\n", "a;b\n"]
)
def test_a_wrong_header_is_told_with_the_right_one(folders: Folders, header: str) -> None:
    folders.write("authority/outlets", header)
    told = folders.fault()
    assert told.startswith("schemas/authority/outlets.csv, line 1: the columns are ")
    assert told.endswith("they have to be, in this order: outlet_id, name, kind, country, ownership.")


def test_a_file_that_is_not_utf8_is_told(folders: Folders) -> None:
    folders.write(
        "authority/outlets", SMALL["authority/outlets"] + "elan,Élan,agency,,state\n", encoding="cp1252"
    )
    assert "schemas/authority/outlets.csv, after line " in folders.fault()
    assert folders.fault().endswith("the file is not UTF-8: save it as CSV UTF-8.")


@pytest.mark.parametrize("name", ["codebooks/cues", "authority/events"])
def test_a_missing_file_is_told(folders: Folders, name: str) -> None:
    (folders.root / f"{name}.csv").unlink()
    assert folders.fault() == f"schemas/{name}.csv is missing: restore it from the repository."


def test_rows_of_a_corpus_are_added_and_may_point_to_the_shipped_rows_and_back(folders: Folders) -> None:
    folders.write("extra/outlets", "outlet_id,name,kind,country,ownership\nherald,Herald,agency,XMO,public\n")
    folders.write("extra/speaker_aliases", "alias,speaker_id\nMadam Premier,ilsa_brannick\n")
    folders.append("authority/outlet_aliases", "Herald,herald,name")
    loaded = load_reference(folders.root / "extra")
    assert loaded.frames["outlets"]["outlet_id"].to_list() == ["ardesk_post", "lantern", "herald"]
    assert loaded.frames["speaker_aliases"]["alias"].to_list() == ["Brannick", "Madam Premier"]
    # Without them the shipped row that points to one stands alone.
    assert "outlet_id is 'herald', which stands nowhere in outlets.csv" in folders.fault()


def test_an_error_in_the_rows_of_a_corpus_names_that_folder(folders: Folders) -> None:
    header = SMALL["authority/outlets"].split("\n")[0]
    folders.write("extra/outlets", f"{header}\n\nherald,Herald,weekly,XMO,public\n")
    assert folders.fault("extra").startswith("schemas/extra/outlets.csv, line 3: kind is 'weekly'")
    folders.write("extra/outlets", f"{header}\nlantern,Lantern,newspaper,,unknown\n")
    assert folders.fault("extra").startswith("schemas/extra/outlets.csv, line 2: outlet_id stands twice")


def test_codebooks_are_not_taken_from_a_corpus(folders: Folders) -> None:
    shutil.copytree(folders.root / "codebooks", folders.root / "extra")
    assert load_reference(folders.root / "extra").frames["topics"].height == 2


def test_a_stage_sees_the_tables_that_it_declared_and_no_other(folders: Folders) -> None:
    part = load_reference().only(("topics", "cues"))
    assert list(part.frames) == ["topics", "cues"]
    assert part.rows("topics")[0]["topic_id"] == "relations"
    with pytest.raises(KeyError):
        part.rows("speakers")


def test_rows_come_in_the_order_of_the_file() -> None:
    made = Reference({"x": pl.DataFrame({"a": [3, 1, 2]})})
    assert made.rows("x") == [{"a": 3}, {"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ilsa Brannick", "ilsa-brannick"),
        ("  ILSA   BRANNICK ", "ilsa-brannick"),
        ("O’Brannick-Ode, Jr.", "o-brannick-ode-jr"),
        ("Łukasz Straße", "łukasz-strasse"),
        ("习近平", "习近平"),
        ("…", ""),
    ],
)
def test_name_keys(name: str, key: str) -> None:
    assert name_key(name) == key


@settings(deadline=None)
@given(st.text())
def test_a_name_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
