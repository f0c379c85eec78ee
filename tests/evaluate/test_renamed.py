"""The same texts with other names: what is found must not hang on who the persons and countries are.

Persons, countries, media and offices of the shared gold texts get invented names of the same form (as
many words, the same capitals, the same order), in text, gold and authority file alike. Countries whose name
is more than one word (`United States`) keep it, and so do those that the authority file does not know. Words
of office (`president`, `ministry`) are no names and stay. Nothing of the texts stands here: what is to be
replaced is read off the gold and the authority files.
"""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate.predictions import Predictor, as_json_lines
from pipeline.quotes.countries import build_countries
from pipeline.reference import AUTHORITY_FOLDER, Reference, load_reference
from tests.evaluate.scorers import quote_scores, speaker_scores, write_lines

PERSON_WORDS = """
Bram Tovic Pellin Soru Wenk Hadro Lisk Marvo Quen Dorrit Falk Yunn Obrel Casmir Nettle Ruvo Silko
Jarn Ebbert Mowin Trask Ulva Ingrav Perrol Kesk Zandel Orvik Lomme Hesk Varrin Tulo Brisk Corva Dusk
Elmo Fenno Gorl Hume Istva Jolm Karsk Lund Morv Nevin Olst Prask Quorl Rusk Sorn Tarv Umbra Velk
Wick Xanto Yorl Zusk Ardo Belk Cusp
"""
FAMILY_WORDS = "Pu Dai Rou Kez Lu Nao Tsu Vei Gan Bo Mio Sai Fu Heo Zu Ro Pao Nei Kua Mu"
PLACE_WORDS = """
Zhenva Morvia Caldria Norvesta Ostrelia Pellonia Quarvia Sundria Tavolia Urvania Velmoria Wendria
Yostria Arvenia Lossan Tarnholm Miskau Grellin Ostrey Sandhal Hollum Brenvik Carrow Dunmar
"""
MAST_WORDS = """
Tidewire Lanpress Veltapost Norwire Sailpress Grelwire Dunpress Ostwire Harpress Milwire
"""
# By how much a figure may fall when the names are others.
TOLERANCE = 0.03
_WORD = re.compile(r"[^\W\d_]+")


@dataclass
class Renaming:
    """Invented words for the words of names; a word keeps its form and its invented word."""

    words: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, word: str, seeds: Iterable[str]) -> None:
        """Give the word the next invented one that nothing is called yet."""
        if word in self.words or not word[0].isupper() or len(word) < 2:
            return
        if word.isupper():
            invented = next(
                letters
                for one in seeds
                if (letters := (one * 3).upper()[1 : len(word) + 1]) not in self.taken
            )
        else:
            invented = next(one for one in seeds if one not in self.taken)
        self.words[word] = invented
        self.taken.add(invented)

    def of(self, text: str) -> str:
        """Return the text with every word renamed."""
        return self.moved(text)[0]

    def moved(self, text: str) -> tuple[str, list[int]]:
        """Return the renamed text, and for each offset of the old text (and its end) the new one."""
        pieces: list[str] = []
        offsets = list(range(len(text) + 1))
        shift = at = 0
        for match in _WORD.finditer(text):
            old = match.group()
            new = self.words.get(old) or (
                self.words.get(old.capitalize(), old).upper() if old.isupper() else old
            )
            pieces.extend((text[at : match.start()], new))
            offsets[at : match.start() + 1] = [i + shift for i in range(at, match.start() + 1)]
            for i in range(match.start() + 1, match.end()):
                offsets[i] = min(i, match.start() + len(new)) + shift
            shift += len(new) - len(old)
            at = match.end()
        offsets[at:] = [i + shift for i in range(at, len(text) + 1)]
        return "".join((*pieces, text[at:])), offsets


def _renaming(reference: Reference, documents: Sequence[Mapping[str, Any]]) -> Renaming:
    renaming = Renaming()
    shown = {word for document in documents for word in _WORD.findall(document["text"])}
    renaming.taken.update(shown)
    speakers = reference.rows("speakers")
    names: dict[str, list[str]] = {row["speaker_id"]: [row["name"]] for row in speakers}
    for row in reference.rows("speaker_aliases"):
        names[row["speaker_id"]].append(row["alias"])
    held = {role["organisation"] for role in reference.rows("speaker_roles")}
    for row in speakers:
        if row["speaker_type"] == "institution" and row["name"] in held and len(row["name"].split()) == 1:
            _rename_country(renaming, row, names[row["speaker_id"]], shown)
    persons = [
        name for row in speakers if row["speaker_type"] == "person" for name in names[row["speaker_id"]]
    ]
    persons.extend(
        name
        for document in documents
        for quote in document["attributions"]
        for name in quote["speakers"]
        if len(name.split()) == 2 and name.istitle() and name not in {row["name"] for row in speakers}
    )
    for name in persons:
        for word in _WORD.findall(name):
            renaming.add(word, (FAMILY_WORDS if len(word) < 4 else PERSON_WORDS).split())
    for row in speakers:
        if row["speaker_type"] == "institution" and row["name"] not in held:
            for name in names[row["speaker_id"]]:
                if len(name.split()) == 1 and row["country"]:
                    renaming.add(name, MAST_WORDS.split())
    return renaming


def _rename_country(
    renaming: Renaming, row: Mapping[str, Any], names: Iterable[str], shown: Iterable[str]
) -> None:
    """Rename a country, its adjective and its capital."""
    renaming.add(row["name"], PLACE_WORDS.split())
    countries = build_countries(())
    for word in shown:
        if (
            word.lower() != row["name"].lower()
            and word[0].isupper()
            and countries.code(word) == row["country"]
        ):
            renaming.words[word] = renaming.words[row["name"]] + "n"
    for name in names:
        if len(name.split()) == 1 and not name.isupper() and name not in renaming.words:
            renaming.add(name, PLACE_WORDS.split()[::-1])


def _write_authority(folder: Path, reference: Reference, renaming: Renaming) -> None:
    """Write the renamed rows of the authority files; what kept its name stands in the project's own."""
    folder.mkdir()
    codes = {
        row["country"]: f"X{chr(65 + i)}A" for i, row in enumerate(_renamed_countries(reference, renaming))
    }
    ids = {
        row["speaker_id"]: f"{row['speaker_id']}_renamed"
        for row in reference.rows("speakers")
        if row["speaker_type"] != "group"
    }
    rows: dict[str, list[dict[str, Any]]] = {"speakers": [], "speaker_aliases": [], "speaker_roles": []}
    for row in reference.rows("speakers"):
        name = renaming.of(row["name"])
        if row["speaker_id"] not in ids or name == row["name"]:
            ids.pop(row["speaker_id"], None)
            continue
        changed = {
            "speaker_id": ids[row["speaker_id"]],
            "name": name,
            "wikidata_qid": None,
            "qid_status": "none",
        }
        rows["speakers"].append({**row, **changed, "country": codes.get(row["country"], row["country"])})
    for row in reference.rows("speaker_aliases"):
        speaker = ids.get(row["speaker_id"], row["speaker_id"])
        alias = renaming.of(row["alias"])
        if alias != row["alias"]:
            rows["speaker_aliases"].append({"alias": alias, "speaker_id": speaker})
    for row in reference.rows("speaker_roles"):
        if row["speaker_id"] in ids:
            changed = {"speaker_id": ids[row["speaker_id"]], "organisation": renaming.of(row["organisation"])}
            rows["speaker_roles"].append({**row, **changed})
    for table, changed_rows in rows.items():
        with (AUTHORITY_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(changed_rows)


def _renamed_countries(reference: Reference, renaming: Renaming) -> list[Mapping[str, Any]]:
    held = {role["organisation"] for role in reference.rows("speaker_roles")}
    return [
        row for row in reference.rows("speakers") if row["name"] in held and row["name"] in renaming.words
    ]


def _renamed_document(document: Mapping[str, Any], renaming: Renaming) -> dict[str, Any]:
    text, offsets = renaming.moved(document["text"])
    quotes = [
        {
            **quote,
            **{
                role: [[offsets[start], offsets[end]] for start, end in quote[role]]
                for role in ("content", "source", "cue")
                if quote.get(role)
            },
            "speakers": [renaming.of(name) for name in quote["speakers"]],
        }
        for quote in document["attributions"]
    ]
    return {"doc_id": document["doc_id"], "text": text, "attributions": quotes}


def _figures(
    shared: Path, folder: Path, documents: Sequence[Mapping[str, Any]], authority: Path | None
) -> dict[str, float]:
    folder.mkdir()
    gold = write_lines(folder / "gold.jsonl", documents)
    predictor = Predictor(authority)
    found = folder / "found.jsonl"
    found.write_text(
        as_json_lines(predictor.predict(one["doc_id"], one["text"]) for one in documents), encoding="utf-8"
    )
    quotes = quote_scores(shared, gold, found, speech_only=True)
    speakers = speaker_scores(shared, gold, found, speech_only=True)
    return {
        "end to end": quotes["all"]["e2e"]["f"],
        "right speakers": speakers["right"] / speakers["matched"],
    }


@pytest.fixture(scope="module")
def documents(shared: Path) -> list[dict[str, Any]]:
    with (shared / "gold" / "quotes.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_a_renamed_text_keeps_its_words_and_the_gold_its_places(documents: list[dict[str, Any]]) -> None:
    renaming = _renaming(load_reference(), documents)
    assert len(set(renaming.words.values())) > 20
    for document in documents:
        renamed = _renamed_document(document, renaming)
        assert len(_WORD.findall(renamed["text"])) == len(_WORD.findall(document["text"]))
        assert not set(_WORD.findall(renamed["text"])) & (set(renaming.words) - set(renaming.words.values()))
        for old, new in zip(document["attributions"], renamed["attributions"], strict=True):
            for (start, end), (new_start, new_end) in zip(old["content"], new["content"], strict=True):
                assert renaming.of(document["text"][start:end]) == renamed["text"][new_start:new_end]


def test_other_names_are_read_as_well(shared: Path, tmp_path: Path, documents: list[dict[str, Any]]) -> None:
    reference = load_reference()
    renaming = _renaming(reference, documents)
    _write_authority(tmp_path / "authority", reference, renaming)
    before = _figures(shared, tmp_path / "before", documents, None)
    renamed = [_renamed_document(one, renaming) for one in documents]
    after = _figures(shared, tmp_path / "after", renamed, tmp_path / "authority")
    assert {name: after[name] >= value - TOLERANCE for name, value in before.items()} == dict.fromkeys(
        before, True
    )
