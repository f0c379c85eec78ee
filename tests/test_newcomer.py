"""A newcomer's first hour, on a clean checkout, with no word that the README does not say.

Every command, path and line of code is taken from the README; the tests only look at what came of it.
"""

import html.parser
import os
import re
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser
from polars.testing import assert_frame_equal

from pipeline.__main__ import parser
from pipeline.frames import TABLE_BY_NAME, schema_of
from tests.workshop import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
GLOSSARY = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def typed(text: str) -> list[str]:
    """Return the lines to type in the shell blocks of a text, without comments."""
    lines = [line.split(" #")[0].strip() for block in blocks(text, "sh") for line in block.splitlines()]
    return [line for line in lines if line]


def the_line(title: str, start: str) -> str:
    """Return the one line to type in a section that starts so."""
    [line] = [line for line in typed(section(title)) if line.startswith(start)]
    return line


class Checkout:
    """A copy of the files that git knows or would add (`given`), with this project's environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.given: set[str] = set()
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, names.split("\0")):
            if (PROJECT / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, folder / name, follow_symlinks=False)
                self.given.add(name)
        (folder / ".venv").symlink_to(PROJECT / ".venv")

    def type(self, line: str) -> str:
        """Run a line in a shell, as a newcomer does, and return what it tells."""
        done = subprocess.run(["bash", "-c", line], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def table(self, folder: str, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / folder / f"{name}.parquet")

    def state(self, folder: str) -> dict[str, bytes]:
        """Return the bytes of every file below a folder."""
        found = sorted(path for path in (self.folder / folder).rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The clean checkout, with the dataset that its first command builds."""
    found = Checkout(tmp_path_factory.mktemp("newcomer") / "on-the-record")
    raw = found.state("raw")
    told = found.type(the_line("Two commands", "make dataset"))
    assert "published 13 articles" in told
    assert found.state("raw") == raw
    return found


@pytest.fixture(scope="module")
def edition(checkout: Checkout) -> Checkout:
    """The checkout after `make public`."""
    told = checkout.type(the_line("Check and share", "make public"))
    assert "wrote public: 10 articles whole, 3 shortened" in told
    return checkout


@pytest.fixture(scope="module")
def rehydrated(edition: Checkout) -> Checkout:
    """The checkout after `rehydrate`."""
    told = edition.type(the_line("Check and share", ".venv/bin/python -m pipeline rehydrate"))
    assert "wrote processed-full: 13 articles have their text again" in told
    return edition


def test_make_dataset_makes_what_the_readme_lists(checkout: Checkout) -> None:
    processed = checkout.folder / "processed"
    told = section("What you get")
    listed = re.search(r"one Parquet file per table \(([^)]*)\)", told)
    assert listed
    named = [name for name in listed[1].replace("\n", " ").split(", ") if name != "…"]
    assert len(named) > 5
    assert set(named) <= set(TABLE_BY_NAME)
    assert {path.stem for path in processed.glob("*.parquet")} == set(TABLE_BY_NAME)
    files = re.findall(r"`([\w/]+\.(?:html|md|csv|json))`", told)
    assert len(files) >= 5
    for name in files:
        assert (processed / name).stat().st_size > 0, name


def test_every_raw_file_has_its_row(checkout: Checkout) -> None:
    there = {
        str(path.relative_to(checkout.folder / "raw")) for path in (checkout.folder / "raw").rglob("*.*")
    }
    assert set(checkout.table("processed", "sources")["raw_path"]) == there


def page(checkout: Checkout) -> Path:
    """Return the page that the README says to open."""
    named = re.search(r"Open `([^`]+)` in a browser", section("Open it"))
    assert named
    return checkout.folder / named[1]


class Links(html.parser.HTMLParser):
    """The addresses that a page links to or loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in ("href", "src") and value}


def test_every_link_of_the_page_leads_to_a_file_beside_it(checkout: Checkout) -> None:
    seen, waiting = set[Path](), [page(checkout)]
    while waiting:
        shown = waiting.pop()
        seen.add(shown)
        if shown.suffix == ".html":
            for link in Links(shown.read_text(encoding="utf-8")).found:
                path = link.partition("#")[0]
                if path and not path.startswith("https://"):
                    there = Path(os.path.normpath(shown.parent / path))
                    assert there.is_file(), (shown, link)
                    waiting += [there] if there not in seen else []
    articles = set(checkout.table("processed", "articles")["article_id"])
    assert articles <= {path.stem for path in seen if path.parent.name == "documents"}


def test_the_page_opens_in_a_browser_and_shows_who_said_what(checkout: Checkout, browser: Browser) -> None:
    told, asked = list[str](), list[str]()
    shown = browser.new_page()
    shown.on("console", lambda message: told.append(message.text))
    shown.on("pageerror", lambda error: told.append(str(error)))
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(page(checkout).as_uri())
    shown.locator("a[href^='documents/']").locator("visible=true").first.click()
    words = " ".join(shown.locator("main").inner_text().split())
    article_id = Path(shown.url).stem
    shown.close()
    quotes = checkout.table("processed", "quotes").filter(article_id=article_id)
    assert len(quotes) > 5
    for name, text in quotes.select("speaker_name", "quote_text").rows():
        assert (name or "") in words
        for part in text.split(" … "):
            assert " ".join(part.split()) in words
    assert told == []
    assert [url for url in asked if not url.startswith("file://")] == []


def who_calls_for_what(checkout: Checkout) -> Counter[str]:
    """Return the answer to the README's question, from the bare tables: words of a group and its number."""
    quotes = checkout.table("processed", "quotes")
    articles = checkout.table("processed", "articles").select("article_id", "outlet_id")
    outlets = checkout.table("processed", "outlets").select("outlet_id", outlet="name")
    topics = checkout.table("processed", "topics").select(topic_primary="topic_id", topic="label")
    calls = quotes.filter(pl.col("illocution").is_in(["directive", "commissive"]))
    joined = (
        calls.join(articles, on="article_id", how="left")
        .join(outlets, on="outlet_id", how="left")
        .join(topics, on="topic_primary", how="left")
    )
    groups = joined.group_by("outlet", "speaker_name", "illocution", "topic").len()
    assert groups["len"].sum() == len(calls)
    assert groups.select(pl.any_horizontal(pl.all().is_null())).to_series().any()
    return Counter(in_a_line("NA" if cell is None else str(cell) for cell in row) for row in groups.rows())


def in_a_line(words: Iterable[str]) -> str:
    """Return words as they are printed, with one sign for what is missing and one blank between."""
    return re.sub(r"<NA>|NaN", "NA", " ".join(" ".join(words).split()))


def test_pandas_answers_the_question(checkout: Checkout) -> None:
    [code] = blocks(section("Load it"), "python")
    # As the example, but without the gaps that pandas leaves where a value repeats.
    whole = f"import pandas\npandas.set_option('display.multi_sparse', False, 'display.width', 250)\n{code}"
    python = [str(checkout.folder / ".venv" / "bin" / "python"), "-c"]
    for program in (code, whole):
        done = subprocess.run([*python, program], cwd=checkout.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    answers = Counter(in_a_line([line]) for line in done.stdout.splitlines())
    wanted = who_calls_for_what(checkout)
    assert sum(wanted.values()) >= 5
    assert wanted - answers == Counter()


def test_r_answers_it_alike(checkout: Checkout) -> None:
    command = os.environ.get("RSCRIPT", "Rscript").split()
    if (
        not shutil.which(command[0])
        or subprocess.run([*command, "-e", "library(arrow)"], capture_output=True).returncode
    ):
        pytest.skip("needs R with the arrow package, which is not here")
    folder, inside = checkout.folder, str(checkout.folder)
    if root := os.environ.get("RSCRIPT_ROOT"):
        # R runs in a chroot and sees what lies there only.
        folder, inside = Path(root, "newcomer_test"), "/newcomer_test"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(checkout.folder / "processed", folder / "processed", symlinks=True)
    try:
        [code] = blocks(section("Load it"), "r")
        program = f"setwd({inside!r}); options(width = 250)\n{code}"
        done = subprocess.run([*command, "-e", program], cwd=folder, capture_output=True, text=True)
    finally:
        if folder != checkout.folder:
            shutil.rmtree(folder)
    assert done.returncode == 0, done.stderr
    # Without the number of the row.
    answers = Counter(in_a_line(line.split()[1:]) for line in done.stdout.splitlines())
    assert who_calls_for_what(checkout) - answers == Counter()


def test_make_verify_proves_the_dataset(checkout: Checkout) -> None:
    told = checkout.type(the_line("Check and share", "make verify"))
    n_files = len(checkout.table("processed", "sources"))
    n_rows = sum(len(checkout.table("processed", name)) for name in TABLE_BY_NAME)
    assert f"{n_files} raw files are in sources" in told
    assert f"{n_rows:,} rows in {len(TABLE_BY_NAME)} tables" in told
    [end] = re.findall(r"it ends with “([^”]+)”", section("Check and share"))
    assert end in told.splitlines()[-1]


def test_make_verify_says_where_it_is_wrong(checkout: Checkout) -> None:
    changed = sorted((checkout.folder / "raw" / "sample").glob("*.txt"))[-1]
    before = changed.read_bytes()
    changed.write_bytes(before + b"One sentence more.\n")
    try:
        line = the_line("Check and share", "make verify")
        done = subprocess.run(line.split(), cwd=checkout.folder, capture_output=True, text=True)
    finally:
        changed.write_bytes(before)
    assert done.returncode != 0
    assert changed.name in done.stderr
    assert "not proved" in done.stderr


def test_make_public_writes_all_tables_without_the_texts_that_may_not_be_passed_on(edition: Checkout) -> None:
    for name in TABLE_BY_NAME:
        rows = edition.table("public", name)
        whole = edition.table("processed", name)
        assert rows.columns == whole.columns
        assert name == "article_text" or len(rows) == len(whole), name
    closed = edition.table("processed", "articles").filter(~pl.col("redistributable").fill_null(False))
    assert len(closed) == 3
    texts = edition.table("processed", "article_text")
    shown = dict(edition.table("public", "article_text").iter_rows())
    assert shown.keys() == set(texts["article_id"]) - set(closed["article_id"])
    for article_id, text in texts.filter(pl.col("article_id").is_in(list(shown))).rows():
        assert "@" not in shown[article_id]
        assert shown[article_id] == text or "@" in text
    files = edition.state("public").values()
    for paragraph in "\n".join(texts.join(closed, on="article_id", how="semi")["text"]).split("\n"):
        if len(paragraph.split()) > 40:
            assert not any(paragraph.encode() in content for content in files)
    [bound] = re.findall(r"Of these it shows (\d+)\s+words", section("Check and share"))
    quotes = edition.table("public", "quotes").join(closed, on="article_id", how="semi")
    assert len(quotes)
    for text in quotes["quote_text"]:
        assert len(text.replace("[…]", "").split()) <= int(bound)


def test_rehydrate_brings_every_table_back(rehydrated: Checkout) -> None:
    for name in TABLE_BY_NAME:
        assert_frame_equal(rehydrated.table("processed-full", name), rehydrated.table("processed", name))


def test_a_sheet_is_drawn_and_two_datasets_are_compared(rehydrated: Checkout) -> None:
    drawn = rehydrated.type(the_line("Audit and compare", ".venv/bin/python -m pipeline sample"))
    assert "drew " in drawn
    sheet = pl.read_csv(rehydrated.folder / "audit.csv", infer_schema=False)
    assert set(sheet["kind"]) == {"quote", "passage"}
    for _ in range(2):  # before every build, also the second time
        rehydrated.type(the_line("Audit and compare", "rm -rf old && cp"))
    told = rehydrated.type(the_line("Audit and compare", ".venv/bin/python -m pipeline diff"))
    assert "No differences" in told
    page = (rehydrated.folder / "differences" / "differences.md").read_text()
    assert "No row differs." in page
    release = (rehydrated.folder / "processed" / ".current").readlink().name
    assert re.search(rf"^\| release \| `?{release}`? \| `?{release}`? \|$", page, re.MULTILINE)


def test_the_copy_of_a_dataset_is_whole_once_and_stands_alone(rehydrated: Checkout) -> None:
    old = rehydrated.folder / "old"
    links = [path for path in old.rglob("*") if path.is_symlink()]
    assert len(links) > len(TABLE_BY_NAME)
    for link in links:
        assert link.resolve(strict=True).is_relative_to(old.resolve()), link
    kept = [path for path in old.rglob("*.parquet") if not path.is_symlink()]
    assert sorted(path.stem for path in kept if "reports" not in path.parts) == sorted(TABLE_BY_NAME)
    assert {path.stat().st_nlink for path in kept} == {1}


def test_a_filled_sheet_is_read_back_and_git_would_add_nothing_of_all_that_was_made(
    rehydrated: Checkout, tmp_path: Path
) -> None:
    sheet = rehydrated.folder / "audit.csv"
    rows = pl.read_csv(sheet, infer_schema=False)
    first = pl.col("kind").eq("quote") & pl.int_range(pl.len()).eq(rows["kind"].to_list().index("quote"))
    rows.with_columns(is_quote=pl.when(first).then(pl.lit("yes")).otherwise("is_quote")).write_csv(sheet)
    rehydrated.type(the_line("Audit and compare", ".venv/bin/python -m pipeline audit"))
    assert (rehydrated.folder / "audit" / "audit.md").is_file()
    made = {path.split("/")[0] for path in rehydrated.state(".")}
    assert made >= {"processed", "public", "processed-full", "audit.csv", "audit", "old", "differences"}
    git = ["git", f"--git-dir={tmp_path / 'git'}", f"--work-tree={rehydrated.folder}"]
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "git")], check=True)
    listed = [*git, "-c", "core.bare=false", "ls-files", "-z", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=rehydrated.folder, capture_output=True, text=True, check=True).stdout
    # The environment is a link here, and the corrections are the user's own.
    added = set(filter(None, names.split("\0"))) - {".venv", "raw/corrections.csv"}
    assert added - rehydrated.given == set()


def test_make_clean_removes_what_was_made_and_nothing_else(rehydrated: Checkout, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(rehydrated.folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".cache"))
    (copy / "processed" / "notes.txt").write_text("mine")
    (copy / "processed" / "figure.pdf").symlink_to("/nowhere/figure.pdf")
    known = {path for path in rehydrated.state(".") if not path.startswith(("public/", "processed"))}
    [line] = re.findall(r"`(make clean)`", section("Two commands"))
    done = subprocess.run(line.split(), cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not (copy / "public").exists()
    assert not (copy / "processed-full").exists()
    left = {path.name for path in (copy / "processed").iterdir()}
    assert left == {"README.md", "notes.txt", "figure.pdf"}
    for path in ("raw/manifest.csv", "README.md", "audit.csv", "differences/differences.md"):
        assert path in known
        assert (copy / path).is_file(), path


def test_make_clean_keeps_folders_of_these_names_that_are_not_its_own(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "Makefile", tmp_path)
    for name in ("processed", "public", "processed-full"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "thesis.txt").write_text("mine")
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    for name in ("processed", "public", "processed-full"):
        assert (tmp_path / name / "thesis.txt").read_text() == "mine"


def test_make_help_lists_every_target() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    declared = {
        name for line in re.findall(r"^\.PHONY:(.*)$", makefile, re.MULTILINE) for name in line.split()
    }
    told = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"\bmake ([\w-]+)", told))
    assert declared >= {"dataset", "verify", "public", "clean"}
    assert declared - listed == {"help"}
    assert listed <= declared


def inline(text: str) -> list[str]:
    """Return what stands between single backticks."""
    return re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield every command of the program that the README shows, with its words after `pipeline`."""
    for line in [*typed(README), *inline(README)]:
        if "-m pipeline " in line:
            yield line, shlex.split(line.split("-m pipeline ")[1])


def test_every_command_of_the_readme_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    seen = set()
    for line, words in commands():
        if "--help" in words:
            with pytest.raises(SystemExit) as ended:
                parser().parse_args(words)
            assert ended.value.code == 0, line
        else:
            assert callable(parser().parse_args(words).run), line
        seen.add(words[0])
    assert seen >= {"build", "export", "rehydrate", "sample", "audit", "diff", "watch"}
    assert capsys.readouterr().err == ""


def test_every_make_target_of_the_readme_is_there() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    shown = "\n".join([*typed(README), *inline(README)])
    named = set(re.findall(r"^make ([a-z-]+)", shown, re.MULTILINE))
    assert named >= {"dataset", "test", "verify", "public", "schedule", "help", "clean"}
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_readme_names_every_folder_of_the_pipeline() -> None:
    folders = {path.parent.name for path in (PROJECT / "pipeline").glob("*/__init__.py")}
    assert len(folders) > 10
    rows = [line.split("|")[1] for line in section("Where things are").splitlines() if line.startswith("| `")]
    named = {Path(path).name for row in rows for path in re.findall(r"`([^`]+)`", row)}
    assert folders - named == set()


def entries() -> dict[str, str]:
    """Return the terms of the glossary, each with what is said of it."""
    return dict(re.findall(r"^\*\*([^*]+)\.\*\* (.*?)(?=\n\n|\Z)", GLOSSARY, flags=re.DOTALL | re.MULTILINE))


def test_the_glossary_is_linked_and_in_order() -> None:
    assert "(docs/glossary.md)" in README
    terms = [term.lower() for term in entries()]
    assert terms == sorted(terms)
    for term, said in entries().items():
        assert len(said.split()) <= 90, term


def test_the_glossary_explains_the_words_of_the_readme_and_the_tables() -> None:
    # A word that is explained under another stands there in italics.
    explained = {word for term in entries() for word in term.lower().split(", ")}
    explained |= set(re.findall(r"\*([a-z ]+)\*", " ".join(GLOSSARY.split())))
    wanted = """
        attribution cue source_mention speaker direct indirect mixed continuation level nested reported_speech
        illocution speech_act topic primary_topic evidence statement gist coverage dateline byline deck block
        offset confidence calibrated resolution authority_file codebook basis_column null raw_file quarantined
        near_duplicate duplicate event correction audit release manifest layout outlet span content rehydrate
        public_edition data_dictionary
    """
    assert {word.replace("_", " ") for word in wanted.split()} - explained == set()


def test_columns_and_levels_that_the_glossary_names_are_there() -> None:
    names = set(TABLE_BY_NAME)
    for table in TABLE_BY_NAME:
        for column, declared in schema_of(table).columns.items():
            names |= {column, *((declared.metadata or {}).get("levels") or ())}
    for word in re.findall(r"`([a-z][a-z_]+)`", GLOSSARY):
        assert word in names, word
