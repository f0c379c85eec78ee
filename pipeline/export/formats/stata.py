"""Stata 14 and later (.dta): every table but article_text, with variable and value labels (needs pyreadstat).

Long texts are strL; labels of variables are cut at 80 characters.
"""

from pathlib import Path

from pipeline.export.labelled import labelled_tables, notes, pyreadstat, shortened

# Of Stata: `help limits`.
_LONGEST_LABEL = 80
_LONGEST_NAME = 32


def write(processed: Path, out: Path) -> None:
    """Write a file per table, and NOTES.txt. Raises Fault without pyreadstat."""
    library = pyreadstat()
    out.mkdir(parents=True, exist_ok=True)
    for table in labelled_tables(processed):
        if long := [name for name in table.frame.columns if len(name) > _LONGEST_NAME]:
            raise ValueError(f"Stata takes no names of more than {_LONGEST_NAME} characters: {long}")
        library.write_dta(
            table.frame,
            out / f"{table.name}.dta",
            file_label=table.title,
            column_labels={name: shortened(label, _LONGEST_LABEL) for name, label in table.labels.items()},
            variable_value_labels=table.value_labels,
            version=15,
        )
    (out / "NOTES.txt").write_text(notes({}), encoding="utf-8")
