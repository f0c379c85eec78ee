"""SPSS (.sav): every table but article_text, with variable and value labels (needs pyreadstat).

A text of more than 32,767 bytes is cut, and NOTES.txt says how many were.
"""

from pathlib import Path

import polars as pl

from pipeline.export.labelled import labelled_tables, n_bytes, notes, pyreadstat, shortened

# Of SPSS: variable labels, value labels, and texts; all in bytes of UTF-8.
_LONGEST_LABEL = 255
_LONGEST_VALUE_LABEL = 120
LONGEST_TEXT = 32_767


def write(processed: Path, out: Path) -> None:
    """Write a file per table, and NOTES.txt. Raises Fault without pyreadstat."""
    library = pyreadstat()
    out.mkdir(parents=True, exist_ok=True)
    cut: dict[str, int] = {}
    for table in labelled_tables(processed):
        frame = table.frame
        for name, kind in frame.schema.items():
            if kind == pl.String:
                n_long = int((frame[name].str.len_bytes() > LONGEST_TEXT).sum())
                if n_long:
                    cut[f"{table.name}.{name}"] = n_long
                    texts = [shortened(text, LONGEST_TEXT, n_bytes) for text in frame[name]]
                    frame = frame.with_columns(pl.Series(name, texts))
        library.write_sav(
            frame,
            out / f"{table.name}.sav",
            file_label=table.title,
            column_labels={
                name: shortened(label, _LONGEST_LABEL, n_bytes) for name, label in table.labels.items()
            },
            variable_value_labels={
                name: {n: shortened(word, _LONGEST_VALUE_LABEL, n_bytes) for n, word in words.items()}
                for name, words in table.value_labels.items()
            },
            variable_measure={
                name: "nominal" if name in table.value_labels or kind == pl.String else "scale"
                for name, kind in frame.schema.items()
            },
        )
    (out / "NOTES.txt").write_text(notes(cut), encoding="utf-8")
