"""What the folder of a dataset has to be for the commands that read it."""

from pathlib import Path

from pipeline.faults import Fault

# Every public edition holds this file, and no other dataset does.
EDITION = "edition.json"


def need_dataset(folder: Path) -> None:
    """Raise Fault when there is no dataset in a folder."""
    if not (folder / "articles.parquet").is_file():
        raise Fault(
            f"there is no dataset in {folder}",
            "build one with `make dataset`, or name its folder with --processed",
        )


def need_texts(folder: Path, wanted_for: str) -> None:
    """Raise Fault when there is no dataset in a folder, or one without the texts: a public edition."""
    need_dataset(folder)
    if (folder / EDITION).exists():
        raise Fault(
            f"{folder} is a public edition, without the texts that {wanted_for} needs",
            "fill them in with `python -m pipeline rehydrate`, and name the folder that it writes with "
            "--processed",
        )
