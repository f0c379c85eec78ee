"""A dataset built once for tests that only read it: the sample, and files of other encodings and rights."""

import shutil
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.workshop import PROJECT, Workshop

# Invented. Not redistributable: no row of the manifest says so.
SPEECH = (
    "Harbour minister sets out ten years of work\n"
    "\n"
    "By Tarin Obell in Quellport\n"
    "Contact the writer at tarin.obell@harbourpost.example or +99 2 555 0147\n"
    "\n"
    "“We have waited for this harbour since my grandmother sold herring on the old pier, and I tell "
    "you that nobody who stands here today will wait another winter for the cranes, the rails and "
    "the warm rooms that were promised to their parents,” Harbour Minister Selka Ondry said, adding "
    "that the first crane would be lifted in spring and that every town on the coast would be asked "
    "before a single stone was moved from the breakwater.\n"
    "\n"
    "Ondry said that the ministry had written to all forty towns, that thirty-eight of them had "
    "answered, that the two others would be visited before the thaw, and that no plan would be "
    "signed while a letter lay unread on her desk.\n"
    "\n"
    "“The sea does not sign contracts,” she said. “People do.”\n"
)
ACCENTS = "Señora Ibáñez said the café on the quay – “a small miracle” – will open in März.\n"
FREE = """Ferry guide

Pilot Oren Tasky said questions go to oren.tasky@ferry.example before noon.
"""


@cache
def built(folder: Path) -> Workshop:
    """Return a workshop with the dataset. It is there once: whoever changes something copies it."""
    workshop = Workshop(folder)
    shutil.copytree(PROJECT / "raw", workshop.raw, dirs_exist_ok=True)
    (workshop.raw / "jonas.arvel").mkdir()
    (workshop.raw / "jonas.arvel" / "speech.txt").write_text(SPEECH, encoding="utf-8")
    (workshop.raw / "free.txt").write_text(FREE, encoding="utf-8")
    (workshop.raw / "latin.txt").write_bytes(ACCENTS.encode("cp1252"))
    (workshop.raw / "wide.txt").write_bytes(("\ufeff" + ACCENTS + "Ibáñez said yes.\n").encode("utf-16-le"))
    (workshop.raw / "marked.txt").write_bytes(("\ufeff" + ACCENTS + "Ibáñez said no.\n").encode())
    (workshop.raw / "odd\\name.txt").write_text("Ila Voss said the harbour will open.\n")
    with (workshop.raw / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write("free.txt,https://ferry.example/guide,,,,,CC-BY-4.0,true,invented\n")
    assert workshop.build() == 0
    return workshop


def copied(workshop: Workshop, folder: Path) -> Workshop:
    """Return a copy, the published files as plain files."""
    copy = Workshop(folder)
    shutil.copytree(workshop.raw, copy.raw, dirs_exist_ok=True)
    copy.processed.mkdir()
    for path in workshop.processed.iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copyfile(path, copy.processed / path.name)
    return copy


def change(path: Path, column: str, row: int, value: object) -> None:
    """Put another value into a cell of a Parquet file."""
    table = pq.read_table(path)
    cells = table[column].to_pylist()
    cells[row] = value
    place = table.schema.get_field_index(column)
    field = table.schema.field(place)
    pq.write_table(table.set_column(place, field, pa.array(cells, field.type)), path)


def drop_row(path: Path, row: int) -> None:
    """Take a row out of a Parquet file."""
    table = pq.read_table(path)
    pq.write_table(pa.concat_tables([table.slice(0, row), table.slice(row + 1)]), path)
