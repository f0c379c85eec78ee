"""The page of the dictionary: valid, without network, to be linked to, searched, read by everybody."""

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.dictionary import dictionary
from pipeline.publish.dictionary_page import as_html
from pipeline.publish.parquet import Written
from pipeline.publish.value_labels import value_labels

HOSTILE = "</td><script>document.title='x'</script>\u202e\" onclick=\"x()"
VOID = {"meta", "input", "link", "br", "img"}


def page_with(**examples: object) -> str:
    written = {table: Written() for table in TABLE_BY_NAME}
    written["articles"] = Written(12, dict(examples))
    return as_html(dictionary(written), value_labels(), written)


class Reader(HTMLParser):
    """Notes ids, links and tags, and that every element is closed where it has to be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert len(values) == len(attrs), (tag, attrs)
        self.tags.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"] or "")
        if tag == "a":
            self.links.append(values["href"] or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_table_and_column_has_an_id_and_no_id_stands_twice() -> None:
    found = Reader(page_with())
    assert found.open == []
    assert len(set(found.ids)) == len(found.ids)
    columns = {f"{table}.{name}" for table in TABLE_BY_NAME for name in schema_of(table).columns}
    assert {*TABLE_BY_NAME, *columns} <= set(found.ids)
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert {link for link in found.links if not link.startswith("#")} == {
        f"{table}.parquet" for table in TABLE_BY_NAME
    }


def test_a_row_says_what_the_dictionary_and_the_levels_say() -> None:
    [row] = re.findall(r'<tr id="articles\.headline_basis">.*', page_with(headline_basis="header"))
    assert '<code>string</code> <span class="quiet">never NULL</span>' in row
    assert "<dt><code>first_line</code></dt><dd>First line of the text." in row
    assert "Example: <bdi>header</bdi>" in row
    assert "<p>One row per document. <span>12 rows.</span>" in page_with()


def test_it_is_marked_up_for_everybody() -> None:
    found = Reader(page_with())
    tags = [tag for tag, _ in found.tags]
    assert found.tags[0] == ("html", {"lang": "en"})
    assert found.headings == ["h1", *(["h2"] * len(TABLE_BY_NAME))]
    assert {values["scope"] for tag, values in found.tags if tag == "th"} == {"row", "col"}
    assert tags.count("main") == 1
    assert ("label", {"for": "search"}) in found.tags
    assert "@media print" in page_with()


def test_the_policy_forbids_the_network_and_lets_only_its_own_script_run() -> None:
    page = page_with()
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert (rules["default-src"], rules["form-action"], rules["base-uri"]) == ("'none'", "'none'", "'none'")
    for name, tag in (("script-src", "script"), ("style-src", "style")):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        assert rules[name] == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    assert "http:" not in page.replace("http-equiv", "")
    assert "https:" not in page


def test_hostile_examples_are_shown_and_do_nothing() -> None:
    page = page_with(headline=HOSTILE, byline=HOSTILE[20:])
    clean = Reader(page_with(headline="x", byline="x"))
    assert [tag for tag, _ in Reader(page).tags] == [tag for tag, _ in clean.tags]
    assert "&lt;script&gt;" in page


def test_the_same_build_gives_the_same_page() -> None:
    assert page_with(headline="x") == page_with(headline="x")


@pytest.fixture(scope="module")
def browser_page(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Page, list[str]]]:
    """The page in Chromium, opened from disk, with all that it complained of or asked for."""
    path = tmp_path_factory.mktemp("page") / "data_dictionary.html"
    path.write_text(page_with(headline=HOSTILE), encoding="utf-8")
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url))
    page.goto(path.as_uri())
    yield page, told
    page.close()


def test_a_browser_searches_it_and_asks_for_nothing(browser_page: tuple[Page, list[str]]) -> None:
    page, told = browser_page
    n_columns = sum(len(schema_of(table).columns) for table in TABLE_BY_NAME)
    assert page.locator("#found").inner_text() == f"{n_columns} columns"
    page.get_by_label("Search").fill("Reporting WORDS printed")
    assert page.locator("#found").inner_text() == f"1 of {n_columns} columns"
    assert page.locator("tbody tr:visible").evaluate_all("rows => rows.map(row => row.id)") == ["quotes.cue"]
    assert page.locator("section:visible").count() == 1
    page.evaluate("location.hash = '#articles.headline'")
    page.wait_for_function("document.getElementById('articles.headline').checkVisibility()")
    assert page.get_by_label("Search").input_value() == ""
    assert page.title() == "Data dictionary · On the Record"
    assert told == [page.url.split("#")[0]]


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (360, "dark")])
def test_axe_finds_nothing(browser_page: tuple[Page, list[str]], width: int, scheme: str) -> None:
    page, _ = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    # The other tables are built alike; to look at all of them takes half a minute.
    results = Axe().run(
        page, context={"include": [["header"], ["form"], ["nav"], ["#article_authors"], ["#sources"]]}
    )
    assert [violation["id"] for violation in results.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
