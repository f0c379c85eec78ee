"""The stages that work on one document each, and their fingerprints.

This module is imported before anything heavy, to find out whether there is anything to do at all.
"""

import hashlib
import importlib.metadata
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.faults import Fault

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Stage:
    """A step from documents to tables: its code, and the codebooks and authority tables that it may read."""

    name: str
    package: str
    reference: tuple[str, ...]
    libraries: tuple[str, ...]


STAGES = (
    Stage(
        "articles",
        "pipeline.ingest",
        (
            "header_fields",
            "outlets",
            "outlet_aliases",
            "events",
            "event_participants",
            "speakers",
            "speaker_aliases",
        ),
        ("ftfy", "numpy", "py3langid", "rensa"),
    ),
    Stage(
        "quotes",
        "pipeline.quotes",
        ("cues", "speakers", "speaker_roles", "speaker_aliases", "speaker_members"),
        (),
    ),
    Stage(
        "topics",
        "pipeline.topics",
        (
            "topics",
            "topic_terms",
            "word_lists",
            "illocution_patterns",
            "cues",
            "events",
            "event_participants",
        ),
        (),
    ),
)
STAGE_NAMES = tuple(stage.name for stage in STAGES)

# What writes the parts and the published files; a new version may write other bytes.
_WRITERS = ("polars", "pyarrow", "pandera")
_PAGES = ("pipeline.pages", "pipeline.pages.report")


def stage_fingerprints(reference_folders: tuple[Path, ...]) -> dict[str, str]:
    """Return the fingerprint of each stage: of its code, its codebooks, and the libraries it depends on.

    The fingerprint does not cover what the stage reads from the stage before: the keys of documents chain
    that (see shards.document_keys).
    """
    return {stage.name: _stage_fingerprint(stage, reference_folders) for stage in STAGES}


def tables_fingerprint(reference_folders: tuple[Path, ...]) -> str:
    """Return the hash of all codebooks and authority files."""
    tables = sorted({path.stem for folder in reference_folders for path in folder.glob("*.csv")})
    return _digest(*(_table_fingerprint(name, reference_folders) for name in tables))


def publish_fingerprint(reference_folders: tuple[Path, ...]) -> str:
    """Return the fingerprint of everything that turns parts into the published folder."""
    return _digest(
        code_fingerprint("pipeline.publish", "pipeline.combine", "pipeline.build", without=_PAGES),
        _libraries(()),
        tables_fingerprint(reference_folders),
    )


def pages_fingerprint() -> str:
    """Return the fingerprint of everything that turns tables into the reading page."""
    # Apart, so that another look does not make the segments of the tables again.
    return _digest(code_fingerprint("pipeline.pages"), _libraries(("jinja2", "markupsafe", "pygal")))


def _stage_fingerprint(stage: Stage, reference_folders: tuple[Path, ...]) -> str:
    # The shards call every stage; what comes later cannot change what this one makes.
    later = STAGES[STAGES.index(stage) + 1 :]
    without = tuple(name for other in later for name in (other.package, f"{other.package}.stage"))
    return _digest(
        stage.name,
        code_fingerprint(f"{stage.package}.stage", stage.package, "pipeline.shards", without=without),
        _libraries(stage.libraries),
        *(_table_fingerprint(name, reference_folders) for name in stage.reference),
    )


def _libraries(names: tuple[str, ...]) -> str:
    versions = [f"{name} {importlib.metadata.version(name)}" for name in (*names, *_WRITERS)]
    return _digest(f"python {sys.version_info[:3]}", *versions)


def _table_fingerprint(name: str, folders: tuple[Path, ...]) -> str:
    files = [folder / f"{name}.csv" for folder in folders]
    try:
        return _digest(name, *(file.read_bytes().hex() for file in files if file.is_file()))
    except OSError as error:
        raise Fault(f"{error.filename} cannot be read ({error.strerror})", "allow reading it") from None


@cache
def code_fingerprint(*names: str, without: tuple[str, ...] = ()) -> str:
    """Return the hash of these modules (of a package: all its files) and of all that they import of ours.

    Imports of the modules `without` are not followed.
    """
    files: set[Path] = set()
    waiting = list(names)
    seen = set(without)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        place = ROOT.joinpath(*name.split("."))
        if place.is_dir() and name in names:
            found = [p for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        else:
            found = [p for p in (place.with_suffix(".py"), place / "__init__.py") if p.is_file()]
        for path in found:
            files.add(path)
            if path.suffix == ".py":
                waiting += _imports(path)
    return _digest(*(f"{p.relative_to(ROOT).as_posix()} {_file_hash(p)}" for p in sorted(files)))


# An import statement as ruff formats it. Parsing every file would cost most of a run that finds nothing; what
# only looks like an import, in a text, adds at most a module too many.
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]*))", re.MULTILINE
)
_COMMENT = re.compile(r"#[^\n]*")


@cache
def _imports(path: Path) -> tuple[str, ...]:
    names: list[str] = []
    for module, members, modules in _IMPORT.findall(path.read_text(encoding="utf-8")):
        if module:
            names.append(module)
        for part in _COMMENT.sub("", members or modules).strip("() \n").split(","):
            if words := part.split():
                names.append(f"{module}.{words[0]}" if module else words[0])
    return tuple(name for name in names if name.split(".")[0] in ("pipeline", "schemas"))


@cache
def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
