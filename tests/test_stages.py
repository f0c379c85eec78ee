"""Fingerprints: what a stage depends on makes it stale, and nothing else does."""

import ast
import importlib.metadata
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline import reference, stages
from pipeline.stages import STAGE_NAMES, STAGES, Stage, publish_fingerprint, stage_fingerprints

PROJECT = Path(stages.__file__).parents[1]
CODEBOOKS = tuple(model.table_name for model in reference.CODEBOOKS)
AUTHORITY = tuple(model.table_name for model in reference.AUTHORITY)


class Tree:
    """A copy of the code and the codebooks that a test may change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("pipeline", "schemas"):
            shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.folders = (root / "schemas" / "codebooks", root / "schemas" / "authority", root / "extra")
        self.folders[2].mkdir()

    def stages(self) -> dict[str, str]:
        forget()
        return stage_fingerprints(self.folders)

    def publish(self) -> str:
        forget()
        return publish_fingerprint(self.folders)

    def append(self, name: str, text: str = "\n# changed\n") -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + text)

    def stale(self, name: str, text: str = "\n# changed\n") -> set[str]:
        """Append to a file and return the stages that this makes stale."""
        before = self.stages()
        self.append(name, text)
        after = self.stages()
        return {stage for stage in STAGE_NAMES if before[stage] != after[stage]}


def forget() -> None:
    """Do as a new process would, which knows no file yet."""
    stages.code_fingerprint.cache_clear()
    stages._file_hash.cache_clear()


_parsed: dict[bytes, tuple[str, ...]] = {}
_parse = stages._imports.__wrapped__


def imports_by_content(path: Path) -> tuple[str, ...]:
    """Stand in for stages._imports: parsing the same text for every test is what takes the time."""
    content = path.read_bytes()
    if content not in _parsed:
        _parsed[content] = _parse(path)
    return _parsed[content]


@pytest.fixture(autouse=True)
def fresh_caches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(stages, "_imports", imports_by_content)
    forget()
    yield
    forget()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.setattr(stages, "ROOT", tmp_path)
    return Tree(tmp_path)


def readers(*tables: str) -> set[str]:
    return {stage.name for stage in STAGES if set(tables) & set(stage.reference)}


def test_a_fingerprint_is_the_same_wherever_the_code_lies(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tree.stages(), tree.publish()
    shutil.rmtree(tree.root / "extra")
    monkeypatch.setattr(stages, "ROOT", PROJECT)
    forget()
    here = (PROJECT / "schemas" / "codebooks", PROJECT / "schemas" / "authority")
    assert (stage_fingerprints(here), publish_fingerprint(here)) == copied
    assert sorted(copied[0]) == sorted(STAGE_NAMES)
    assert len(set(copied[0].values())) == len(STAGE_NAMES)


def test_compiled_files_are_no_part_of_the_code(tree: Tree) -> None:
    assert tree.stale("pipeline/ingest/__pycache__/decode.cpython-311.pyc") == set()


def test_a_file_of_a_stage_makes_it_and_the_stages_after_it_stale(tree: Tree) -> None:
    # What comes after is made stale by the keys of its documents anyway.
    for number, stage in enumerate(STAGES):
        folder = stage.package.replace(".", "/")
        for name in ("stage.py", "a_new_module.py", "model/weights.bin"):
            stale = tree.stale(f"{folder}/{name}")
            assert stage.name in stale
            assert not stale & set(STAGE_NAMES[:number]), f"{folder}/{name} makes an earlier stage stale"


@pytest.mark.parametrize(
    "name",
    [
        "pipeline/shards.py",
        "pipeline/document.py",
        "pipeline/reference.py",
        "pipeline/frames.py",
        "pipeline/parts.py",
    ],
)
def test_a_module_that_every_stage_goes_through_makes_all_stale(tree: Tree, name: str) -> None:
    assert tree.stale(name) == set(STAGE_NAMES)


@pytest.mark.parametrize(
    "name", ["pipeline/__main__.py", "pipeline/flows.py", "pipeline/publish/report.py", "pipeline/guard.py"]
)
def test_a_module_that_no_stage_uses_makes_none_stale(tree: Tree, name: str) -> None:
    assert tree.stale(name) == set()


# Polars and pandera are loaded once; our own modules are loaded anew for every stage.
LOADED = """
import importlib, json, sys
ours = lambda: [name for name in sys.modules if name.split(".")[0] in ("pipeline", "schemas")]
loaded = {}
for module in sys.argv[1:]:
    importlib.import_module(module)
    loaded[module] = [sys.modules[name].__file__ for name in ours() if sys.modules[name].__file__]
    for name in ours():
        del sys.modules[name]
print(json.dumps(loaded))
"""


@cache
def loaded_files() -> dict[str, set[str]]:
    """Return the files of ours that Python loads for each stage."""
    modules = [f"{stage.package}.stage" for stage in STAGES]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *modules], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return {
        module: {Path(name).relative_to(PROJECT).as_posix() for name in names}
        for module, names in json.loads(done.stdout).items()
    }


@pytest.mark.parametrize("stage", STAGES, ids=STAGE_NAMES)
def test_every_module_that_a_stage_loads_is_in_its_fingerprint(tree: Tree, stage: Stage) -> None:
    loaded = loaded_files()[f"{stage.package}.stage"]
    assert len(loaded) > 5
    last = stages._stage_fingerprint(stage, ())
    for name in sorted(loaded):
        tree.append(name)
        forget()
        found = stages._stage_fingerprint(stage, ())
        assert found != last, f"a change of {name} is not seen"
        last = found


def test_our_modules_are_imported_in_ways_that_the_fingerprint_follows() -> None:
    for folder in ("pipeline", "schemas"):
        for path in (PROJECT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                assert not (isinstance(node, ast.ImportFrom) and node.level), f"relative import in {path}"


def test_a_module_that_is_imported_newly_is_covered(tree: Tree) -> None:
    (tree.root / "pipeline" / "common").mkdir()
    tree.append("pipeline/common/__init__.py", "")
    tree.append("pipeline/common/words.py", "WORDS = ()\n")
    assert tree.stale("pipeline/common/words.py") == set()
    tree.append(
        "pipeline/topics/stage.py", "\ndef late():\n    from pipeline.common import words\n    return words\n"
    )
    assert tree.stale("pipeline/common/words.py") == {"topics"}


@pytest.mark.parametrize("table", CODEBOOKS)
def test_a_row_of_a_codebook_makes_the_stages_stale_that_read_it(tree: Tree, table: str) -> None:
    assert tree.stale(f"schemas/codebooks/{table}.csv", "x,y\n") == readers(table)


@pytest.mark.parametrize("table", AUTHORITY)
def test_an_authority_row_makes_the_stages_stale_that_read_it(tree: Tree, table: str) -> None:
    assert tree.stale(f"schemas/authority/{table}.csv", "x,y\n") == readers(table)
    assert tree.stale(f"extra/{table}.csv", "header\nx,y\n") == readers(table)
    assert tree.stale(f"extra/{table}.csv", "z\n") == readers(table)


def test_topic_terms_make_the_topics_stale_and_nothing_else() -> None:
    assert readers("topic_terms") == readers("topics") == readers("illocution_patterns") == {"topics"}
    assert readers("header_fields") == {"articles"}
    assert readers("speaker_roles") == {"quotes"}


def test_every_table_that_a_stage_may_read_is_a_codebook_or_an_authority_table() -> None:
    for stage in STAGES:
        assert set(stage.reference) <= {*CODEBOOKS, *AUTHORITY}


def test_a_file_that_nothing_reads_makes_no_stage_stale(tree: Tree) -> None:
    assert tree.stale("extra/notes.csv") == set()


@pytest.mark.parametrize(("library", "stale"), [("ftfy", {"articles"}), ("polars", set(STAGE_NAMES))])
def test_a_new_version_of_a_library_makes_the_stages_stale_that_depend_on_it(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, library: str, stale: set[str]
) -> None:
    before = tree.stages()
    version = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "999" if name == library else version(name)
    )
    after = tree.stages()
    assert {stage for stage in STAGE_NAMES if before[stage] != after[stage]} == stale


@pytest.mark.parametrize(
    "name",
    [
        "pipeline/publish/dictionary.py",
        "pipeline/combine.py",
        "pipeline/checks.py",
        "schemas/topics.py",
        "schemas/codebooks/topics.csv",
        "schemas/authority/outlets.csv",
        "extra/speakers.csv",
    ],
)
def test_all_that_turns_parts_into_the_dataset_makes_it_be_published_again(tree: Tree, name: str) -> None:
    before = tree.publish()
    assert tree.publish() == before
    tree.append(name)
    assert tree.publish() != before
