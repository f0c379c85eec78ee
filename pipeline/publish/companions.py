"""Everything that is published beside the tables to read them by: the dictionary in every form, loaders."""

from collections.abc import Collection, Mapping
from pathlib import Path

from pipeline import storage
from pipeline.frames import TABLE_BY_NAME
from pipeline.publish import datapackage, dictionary, value_labels
from pipeline.publish.croissant import as_croissant
from pipeline.publish.dictionary import Entry
from pipeline.publish.dictionary_check import check_dictionary
from pipeline.publish.dictionary_page import as_html
from pipeline.publish.files import table_file
from pipeline.publish.parquet import Written
from pipeline.publish.views import as_sql

LOADERS = Path(__file__).parent / "loaders"


def write_companions(
    folder: Path,
    written: Mapping[str, Written],
    entries: list[Entry] | None = None,
    besides: Collection[str] = (),
) -> dict[str, str]:
    """Write the dictionary and the loaders of the tables in `folder`, and check that they fit the tables.

    `entries` stand in place of those of the schemas, when an edition has more to say of a column; `besides`
    are files there that are no tables of the dataset. Returns the SHA-256 of the tables by file name, in hex,
    so that nobody has to read them again.
    Raises Fault when a level of a vocabulary is not described, InvalidDataset when a form of the dictionary
    is not that of the tables.
    """
    labels = value_labels.value_labels()
    entries = entries or dictionary.dictionary(written)
    files = {table: table_file(folder, table) for table in TABLE_BY_NAME}
    texts = {
        "data_dictionary.csv": dictionary.as_csv(entries),
        "data_dictionary.md": dictionary.as_markdown(entries, written),
        "data_dictionary.html": as_html(entries, labels, written),
        "value_labels.csv": value_labels.as_csv(labels),
        "datapackage.json": datapackage.as_datapackage(entries, files),
        "croissant.json": as_croissant(entries, labels, files),
        "views.sql": as_sql(entries),
    }
    for name, text in texts.items():
        storage.write_bytes(folder / name, text.encode())
    for loader in sorted(LOADERS.iterdir()):
        if loader.is_file():
            storage.write_bytes(folder / loader.name, storage.read_bytes(loader))
    check_dictionary(folder, besides)
    return {file.name: file.sha256 for file in files.values()}
