"""The reading page as a reader meets it: Chromium, opened from disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.workshop import Workshop

Scheme = Literal["light", "dark"]


@contextmanager
def opened(browser: Browser, address: str, *, width: int = 1280, scheme: Scheme = "light") -> Iterator[Page]:
    """Open a page; it may complain of nothing and ask for nothing but files."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    yield page
    page.close()
    assert told == []
    assert asked
    assert [one for one in asked if not one.startswith("file://")] == []


def of_kind(report: Path, kind: str) -> str:
    """Return the address of a page of a kind: that with most to show."""
    if kind == "index":
        return (report / "index.html").as_uri()
    pages = sorted((report / kind).glob("*.html"), key=lambda path: (-path.stat().st_size, path.name))
    return pages[0].as_uri()


def hostile_page(shop: Workshop) -> str:
    found = shop.table("articles").filter(pl.col("raw_path") == "hostile.txt")["article_id"].item()
    return (shop.processed / "report" / "documents" / f"{found}.html").as_uri()


KINDS = ("index", "documents", "speakers", "topics", "events", "lists")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(browser: Browser, report: Path, kind: str, scheme: Scheme) -> None:
    with opened(browser, of_kind(report, kind), scheme=scheme) as page:
        for table in page.locator("details").all():
            table.evaluate("details => { details.open = true }")
        # Without reading the style sheet anew, which the page's policy forbids.
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("kind", [*KINDS, "hostile"])
def test_a_phone_scrolls_down_only(browser: Browser, report: Path, shop: Workshop, kind: str) -> None:
    address = hostile_page(shop) if kind == "hostile" else of_kind(report, kind)
    with opened(browser, address, width=360) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


PHONE = 390


def test_tables_are_read_on_a_phone_within_a_frame_that_scrolls(browser: Browser, report: Path) -> None:
    for name in ("documents", "speakers", "topics", "outlets", "events"):
        with opened(browser, (report / "lists" / f"{name}.html").as_uri(), width=PHONE) as page:
            sizes = page.locator("th:not(.number), td:not(.number)").evaluate_all(
                "cells => cells.map(cell => cell.getBoundingClientRect().width)"
            )
            assert sizes
            assert min(sizes) >= 7 * 16
            assert max(sizes) <= 26 * 16
            frame = page.locator(".wide")
            assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
            assert frame.evaluate("frame => frame.getBoundingClientRect().right") <= PHONE
            frame.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_function("() => document.querySelector('.wide').scrollLeft > 0")


def test_no_word_is_broken_but_one_that_is_wider_than_a_cell(browser: Browser, report: Path) -> None:
    with opened(browser, (report / "lists" / "documents.html").as_uri(), width=PHONE) as page:
        cell = page.locator("tbody td").last
        for word, lines in (("Verwaltungsgerichtshof", 1), ("x" * 2000, 30)):
            cell.evaluate("(cell, word) => { cell.textContent = word }", word)
            count = cell.evaluate(
                "cell => { const range = document.createRange(); range.selectNodeContents(cell);"
                " return range.getClientRects().length }"
            )
            assert count == 1 if lines == 1 else count >= lines
            width = cell.evaluate("cell => cell.getBoundingClientRect().width")
            assert width <= 26 * 16
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_plots_are_read_on_a_phone_within_a_frame_that_scrolls(browser: Browser, report: Path) -> None:
    with opened(browser, of_kind(report, "index"), width=PHONE) as page:
        frames = page.locator("figure .wide")
        assert frames.count() == page.locator(".chart").count() == 8
        for frame in frames.all():
            assert frame.get_attribute("role") == "region"
            assert str(frame.get_attribute("aria-label")).endswith(", plot")
            assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
            chart = frame.locator(".chart")
            assert chart.evaluate("chart => chart.getBoundingClientRect().width") == 36 * 16
            # Letters of 13 in a drawing of 640, in pixels.
            assert chart.evaluate("chart => chart.getScreenCTM().a") * 13 >= 11
        frames.first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.querySelector('figure .wide').scrollLeft > 0")


def test_on_a_phone_the_card_of_a_tapped_quote_is_beside_it(browser: Browser, report: Path) -> None:
    with opened(browser, of_kind(report, "documents"), width=PHONE) as page:
        mark = page.locator(".raw mark").nth(6)
        mark.click()
        number = str(mark.get_attribute("data-q")).split(" ")[-1]
        card = page.locator(".card.pinned")
        assert card.locator(".no").inner_text().startswith(number)
        box, text = card.bounding_box(), mark.bounding_box()
        assert box
        assert text
        assert box["y"] >= 900 / 2
        assert box["y"] + box["height"] == 900
        assert 0 <= text["y"] < box["y"]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        # What is read aloud next is the card.
        assert card.evaluate("card => document.activeElement === card")
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [one["id"] for one in found] == []
        close = card.get_by_role("button", name="Close")
        size = close.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 44
        close.click()
        assert page.locator(".card.pinned, .close").count() == 0
        anchor = page.locator(f".card[data-q='{number}']").evaluate("card => card.id.slice(2)")
        assert page.evaluate("document.activeElement.id") == f"q-{anchor}"


def test_on_a_phone_the_keyboard_opens_and_closes_cards(browser: Browser, report: Path) -> None:
    with opened(browser, of_kind(report, "documents"), width=PHONE) as page:
        labels = page.locator(".raw a.label")
        page.locator(".voices a").last.focus()
        for at in range(labels.count()):
            page.keyboard.press("Tab")
            reached = page.evaluate("document.activeElement.id")
            assert reached == labels.nth(at).get_attribute("id")
            card = page.locator(".card.pinned")
            assert card.get_attribute("id") == reached.replace("q-", "c-")
            # The card does not hide the label that has the focus; scrolling may be smooth.
            page.wait_for_function(
                "() => document.activeElement.getBoundingClientRect().bottom"
                " <= document.querySelector('.pinned').getBoundingClientRect().top"
            )
        page.keyboard.press("Enter")
        assert card.evaluate("card => document.activeElement === card")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Close"
        page.keyboard.press("Escape")
        assert page.locator(".card.pinned").count() == 0
        assert page.evaluate("document.activeElement.id") == reached
        # The list of cards below is as it was: reading it pins nothing.
        page.locator(".card .no").first.focus()
        assert page.locator(".card.pinned").count() == 0


def test_on_a_wide_screen_nothing_is_pinned(browser: Browser, report: Path) -> None:
    with opened(browser, of_kind(report, "documents")) as page:
        page.locator(".raw a.label").nth(2).click()
        assert "#c-" in page.url
        assert page.locator(".card.pinned, .close").count() == 0


def test_an_empty_cell_of_an_event_is_read_aloud(browser: Browser, report: Path) -> None:
    with opened(browser, of_kind(report, "events")) as page:
        cell = page.locator("td.not_counted").first
        expect(cell).to_have_text("not counted")
        box = cell.locator(".unseen").bounding_box()
        assert box
        assert box["width"] <= 1
        assert cell.evaluate("cell => getComputedStyle(cell).backgroundImage") != "none"
        left_out = page.locator("td.left_out").first
        assert left_out.evaluate("cell => getComputedStyle(cell).backgroundImage") == "none"


def test_search_finds_quotes_speakers_and_headlines(browser: Browser, report: Path) -> None:
    quotes = pl.read_parquet(report.parent / "quotes.parquet").drop_nulls("speaker_name")
    quote = quotes.filter(pl.col("quote_text").str.len_chars() > 60).row(0, named=True)
    long_words = sorted({word for word in quote["quote_text"].split() if word.isalpha()}, key=len)[-3:]
    with opened(browser, of_kind(report, "index")) as page:
        page.get_by_role("searchbox").fill(" ".join(long_words).upper())
        link = page.locator(f"#results a[href$='#q-{quote['quote_id'].rsplit(':', 1)[1]}']")
        expect(link).to_be_visible()
        # The keyboard alone leads from the search to the quote.
        page.get_by_role("searchbox").press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#results') !== null")
        page.keyboard.press("Enter")
        page.wait_for_url("**/documents/*.html*")
        expect(page.locator("main h1")).to_be_visible()


def test_search_does_not_care_for_accents_and_tells_of_nothing_found(browser: Browser, report: Path) -> None:
    with opened(browser, of_kind(report, "index")) as page:
        box = page.get_by_role("searchbox")
        box.fill("ila vóss")
        expect(page.locator("#found")).to_contain_text("found")
        assert page.locator("#results li").count() > 0
        for words, told in (
            ("zzzzqqq", "0 places found."),
            ("constructor", "0 places found."),
            ("the", "These words are too common to be searched for."),
            ("", ""),
        ):
            box.fill(words)
            expect(page.locator("#found")).to_have_text(told)


def test_the_keyboard_reaches_every_quote_and_shows_its_card(browser: Browser, report: Path) -> None:
    with opened(browser, of_kind(report, "documents")) as page:
        labels = page.locator(".raw a.label")
        n = labels.count()
        assert n == page.locator(".card").count() > 3
        page.locator(".voices a").last.focus()
        reached = []
        for _ in range(n):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id"))
            card = "c-" + reached[-1].removeprefix("q-")
            assert page.locator(".card.on").evaluate_all("cards => cards.map(card => card.id)") == [card]
            box = page.locator(f"[id='{card}'] h3").bounding_box()
            assert box
            assert 0 <= box["y"] <= 900
        assert reached == labels.evaluate_all("labels => labels.map(label => label.id)")


def test_pointing_at_a_quote_shows_its_card(browser: Browser, report: Path) -> None:
    with opened(browser, of_kind(report, "documents")) as page:
        mark = page.locator(".raw mark").nth(2)
        number = str(mark.get_attribute("data-q")).split(" ")[-1]
        mark.hover()
        assert page.locator(".card.on .no").inner_text() == number


def test_an_address_with_a_quote_leads_to_it(browser: Browser, shop: Workshop) -> None:
    quote_id = shop.table("quotes")["quote_id"][-1]
    article_id, anchor = quote_id.split(":")
    address = (shop.processed / "report" / "documents" / f"{article_id}.html").as_uri()
    with opened(browser, f"{address}#q-{anchor}") as page:
        assert page.locator(".label:target").get_attribute("id") == f"q-{anchor}"
        assert page.locator(".card.on code").inner_text() == quote_id


def test_it_can_be_read_without_script(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(of_kind(report, "documents"))
    page.locator(".raw a.label").first.click()
    assert "#c-" in page.url
    expect(page.locator(".card:target")).to_be_visible()
    context.close()


def test_hostile_text_is_shown_and_does_nothing(browser: Browser, shop: Workshop, report: Path) -> None:
    with opened(browser, hostile_page(shop)) as page:
        assert page.title().startswith("Premier <script>document.title='stolen'</script>")
        assert page.evaluate("document.querySelectorAll('script').length") == 1
        assert page.locator("main img, main b, main style").count() == 0
        raw = page.locator(".raw").evaluate("raw => raw.textContent")
        text = (
            shop.table("article_text")
            .filter(pl.col("text").str.starts_with("Premier <script>"))["text"]
            .item()
        )
        assert raw == text
        # The mark that turns the direction ends with its own block: the line below reads on from the left.
        heading = page.locator("main h1").bounding_box()
        assert heading
    with opened(browser, of_kind(report, "index")) as page:
        page.get_by_role("searchbox").fill("premier script")
        expect(page.locator("#found")).to_contain_text("found")
        assert page.locator("#results script").count() == 0
        assert page.title() == "Who said what"


def test_the_text_of_every_document_stands_on_its_page(
    browser: Browser, shop: Workshop, report: Path
) -> None:
    texts = dict(shop.table("article_text").iter_rows())
    page = browser.new_page()
    for article_id, text in texts.items():
        page.goto((report / "documents" / f"{article_id}.html").as_uri())
        assert page.locator(".raw").evaluate("raw => raw.textContent") == text
    page.close()


def test_links_between_pages_lead_somewhere(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    ids: dict[Path, set[str]] = {}
    wanted: set[tuple[Path, str]] = set()
    for path in sorted(report.rglob("*.html")):
        page.goto(path.as_uri())
        ids[path] = set(page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)"))
        for link in page.evaluate("[...document.links].map(link => link.href)"):
            target, _, anchor = link.removeprefix("file://").partition("#")
            if target != link.partition("#")[0]:
                wanted.add((Path(target), anchor))
            else:
                assert link.startswith(("https://", "http://"))
    context.close()
    inside = {(path, anchor) for path, anchor in wanted if path.is_relative_to(report)}
    assert {path for path, _ in inside} <= set(ids)
    assert {(path, anchor) for path, anchor in inside if anchor and anchor not in ids[path]} == set()
    assert {path.name for path, _ in wanted - inside} == {"data_dictionary.html"}
