"""What a page prints into and around its text changes nothing about who said what."""

import re
from functools import cache
from hashlib import sha256
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Rows
from pipeline.ingest import stage as articles
from pipeline.quotes.stage import extract
from tests.quotes.invented import extractor, reference

INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")


@cache
def reader() -> articles.ArticleReader:
    return articles.prepare(reference())


def rows_of_page(text: str) -> Rows:
    """The rows of a raw file, each span checked against the raw text and the blocks."""
    read = articles.read_articles(
        reader(),
        text=text,
        encoding="utf-8",
        raw_sha256=sha256(text.encode()).hexdigest(),
        manifest_row=None,
    ).rows
    (one,) = articles.documents(read)
    blocks = {one.block_id(block): block for block in one.blocks}
    rows = extract(extractor(), one)
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for span in rows["quote_spans"]:
        start, end = span["char_start"], span["char_end"]
        block = blocks[span["block_id"]]
        assert text[start:end] == span["span_text"] == span["span_text"].strip() != ""
        assert block.char_start <= start < end <= block.char_end
        assert block.block_type not in ("blank", "boilerplate", "header_field")
        places.setdefault((span["quote_id"], span["span_role"]), []).append((start, end))
    assert all(a[1] <= b[0] for spans in places.values() for a, b in pairwise(spans))
    return rows


def words(text: str) -> str:
    """A text as a reader sees it: no entities, no invisible characters, single spaces, no drop caps."""
    while (plain := unescape(text)) != text:
        text = plain
    text = " ".join(INVISIBLE.sub("", text).split())
    text = re.sub(r"^([“\"]?[B-HJ-Z]|A(?= fter)) (?=[a-z])", r"\1", text)
    text = re.sub(r"^T HE ", "THE ", text)
    return re.sub(r" (?=[,.;”])", "", text)


def quotes(text: str) -> list[tuple[str, str, str, str | None, str]]:
    """Content, cue and source in words, speaker and type of each quote of a page, in reading order."""
    rows = rows_of_page(text)
    spans: dict[tuple[str, str], list[str]] = {}
    for span in rows["quote_spans"]:
        spans.setdefault((span["quote_id"], span["span_role"]), []).append(span["span_text"])

    def told(quote_id: str, role: str) -> str:
        return words(" ".join(spans.get((quote_id, role), ())))

    return [
        (
            told(row["quote_id"], "content"),
            told(row["quote_id"], "cue"),
            told(row["quote_id"], "source"),
            row["speaker_name"],
            row["quote_type"],
        )
        for row in rows["quotes"]
    ]


DIRECT = '"We rise early," Mira Sol said. "We don\'t sleep much."'
CURLY = "“We rise early,” Mira Sol said. “We don’t sleep much.”"
FERRY = "The Lyra Ferry Works & Sons said on Monday that the nets cost 300 crowns."
FEES = "Mira Sol told the Lyra Post that the harbour fees will fall in spring."
COMMA = "The harbour fees will fall in spring, President Mira Sol told reporters in Lyra on Monday."
LONG = (
    "The old harbour fees of Lyra will fall by half before the end of the summer, Mira Sol, the president of "
    "Arlonia, said on Monday in a speech to the rowers of the town, and urged the council to open the locks "
    "before the herring come."
)
WRAPPED = (
    "The old harbour fees of Lyra will fall by half before the end of the\n"
    "summer, Mira Sol, the president of Arlonia, said on Monday in a speech\n"
    "to the rowers of the town, and urged the council to open the locks\n"
    "before the herring come."
)


@pytest.mark.parametrize(
    ("clean", "noisy"),
    [
        (DIRECT, DIRECT.replace('"', "&quot;").replace("'", "&#39;")),
        (DIRECT, DIRECT.replace('"', "&#34;").replace("'", "&apos;")),
        (DIRECT, DIRECT.replace('"', "&amp;quot;").replace("'", "&amp;#39;")),
        (CURLY, CURLY.replace("“", "&ldquo;").replace("”", "&rdquo;").replace("’", "&rsquo;")),
        (CURLY, CURLY.replace("“", "&#8220;").replace("”", "&#x201D;").replace("’", "&#x2019;")),
        (FERRY, FERRY.replace("&", "&amp;")),
        (FERRY, FERRY.replace("&", "&amp;amp;").replace(" 300 crowns", "&nbsp;300&#160;crowns")),
        (FERRY, FERRY.replace("on Monday", "&mdash; on&nbsp;Monday &mdash;").replace("&mdash; ", "")),
        (FEES, FEES.replace(" ", "\u00a0")),
        (FEES, FEES.replace("Mira Sol", "Mira\u202fSol").replace("will fall", "will\u2009\u00a0fall")),
        (FEES, FEES.replace("Mira Sol", "Mi\u00adra S\u200bol").replace("told", "\u2060to\u200dld\ufeff")),
        (FEES, FEES.replace("harbour", "har\u00adbour").replace("spring", "sp&shy;ring")),
    ],
    ids=[
        "quot", "numbers", "escaped twice", "named marks", "numbered marks", "amp", "amp twice and nbsp",
        "dashes", "no-break spaces", "thin spaces", "invisible", "soft hyphens",
    ],
)  # fmt: skip
def test_entities_spaces_and_invisible_characters(clean: str, noisy: str) -> None:
    assert quotes(clean)
    if "&mdash;" in noisy:
        clean = clean.replace("on Monday", "on Monday —")
    assert quotes(noisy) == quotes(clean)


def test_an_entity_belongs_whole_to_the_span_that_it_ends() -> None:
    (row,) = rows_of_page("&quot;We rise early,&quot; Mira Sol said on Monday.")["quotes"]
    assert row["quote_text"] == "&quot;We rise early,&quot;"
    assert (row["quote_type"], row["verbatim_share"]) == ("direct", 1.0)


@pytest.mark.parametrize(
    ("clean", "noisy"),
    [
        (FEES, FEES.replace("Mira", "M\nira")),
        (FEES, FEES.replace("Mira", "M ira")),
        (COMMA, COMMA.replace("The", "T\nhe")),
        (COMMA.replace("The", "THE"), COMMA.replace("The", "T\n\nHE")),
        (COMMA, COMMA.replace("The", "T he")),
        (CURLY, CURLY.replace("We rise", "W\ne rise")),
        (CURLY, CURLY.replace("We rise", "W e rise")),
        (COMMA.replace("The", "After May the"), COMMA.replace("The", "A fter May the")),
        (COMMA.replace("The", "A group of"), COMMA.replace("The", "A\ngroup of")),
    ],
)
def test_drop_caps(clean: str, noisy: str) -> None:
    assert quotes(clean)
    assert quotes(noisy) == quotes(clean)


@pytest.mark.parametrize(
    ("clean", "noisy"),
    [
        (FEES, FEES.replace(" the Lyra Post ", "\nthe Lyra Post\n")),
        (FEES, "Mira Sol told the\nLyra Post\nthat the harbour fees will fall in spring."),
        (FEES, FEES.replace(" fees ", "\nfees\n").replace("spring.", "\nspring\n.")),
        (FEES, "Mira Sol told the\n\nLyra Post\n\nthat the harbour fees will fall in spring."),
        (COMMA, COMMA.replace("President Mira Sol", "President\nMira Sol\n")),
        (COMMA, COMMA.replace("President Mira Sol told", "President\r\nMira Sol\r\ntold")),
        (COMMA, COMMA.replace("in Lyra on", "in\nLyra\non")),
        (
            "The fees will fall in spring, according to Ada Orr.",
            "The fees will fall in spring, according to\nAda Orr.",
        ),
        (
            "The fees will fall in spring, according to Ada Orr, a pilot from Lyra.",
            "The fees will fall in spring, according to\nAda Orr\n, a pilot from\nLyra\n.",
        ),
        (LONG, WRAPPED),
    ],
)
def test_links_and_line_ends_inside_a_sentence(clean: str, noisy: str) -> None:
    assert quotes(clean)
    assert quotes(noisy) == quotes(clean)


NOISE_LINES = [
    "Advertisement",
    "ADVERTISEMENT - CONTINUE READING BELOW",
    "Story continues below",
    "Read more: Ten harbours that Mira Sol says are too dear",
    "Related: Tor Venn promises a second bridge",
    "READ ALSO: “No more tolls,” bakers tell parliament",
    "See also: Why Arlonia says its lighthouse is lonely",
    "Sign up for our free newsletter",
    "Get the news in your inbox every morning",
    "Subscribe for 2 crowns a week",
    "Share this",
    "Facebook Twitter WhatsApp",
    "Image source: Lyra Post",
]


@pytest.mark.parametrize("line", NOISE_LINES)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_noise_lines_inside_a_sentence(line: str, gap: str) -> None:
    noisy = FEES.replace("that the harbour", f"that the{gap}{line}{gap}harbour")
    assert quotes(FEES)
    assert quotes(noisy) == quotes(FEES)
    page = f"{COMMA}{gap}{line}{gap}{FEES}"
    assert quotes(page) == quotes(f"{COMMA}\n\n{FEES}")


def test_a_content_is_cut_around_what_stands_inside_it() -> None:
    text = "Mira Sol said that the harbour\nAdvertisement\nfees will fall in spring."
    (row,) = rows_of_page(text)["quotes"]
    assert row["quote_text"] == "the harbour … fees will fall in spring"
    assert (row["n_spans"], row["has_continuation"]) == (2, False)


@pytest.mark.parametrize(
    "card",
    [
        "Mira Sol\nPresident of Arlonia",
        "Mira Sol\nPresident of Arlonia\nIn office since 2028",
        "Mira Sol, President of Arlonia",
        "MIRA SOL\nPresident",
    ],
)
def test_name_cards_inside_a_sentence(card: str) -> None:
    clean = "President Mira Sol told reporters in Lyra on Monday that the harbour fees will fall in spring."
    noisy = clean.replace("Mira Sol ", f"Mira Sol\n{card}\n")
    assert quotes(noisy) == quotes(clean) != []
    clean = "The harbour fees of Lyra will fall by half in spring, the president told reporters on Monday."
    noisy = clean.replace("spring, ", f"spring,\n{card}\n")
    assert [one[:3] for one in quotes(noisy)] == [one[:3] for one in quotes(clean)] != []


PARAGRAPHS = [
    "Mira Sol, the president of Arlonia, said on Monday that the harbour fees will fall in spring.",
    "“We cannot wait for the rain,” she told the Lyra Post. “We have to build the pipes now.”",
    "According to Tor Venn, the boats of Borvia are older than the bridge over the river.",
    "The rowers of Lyra have asked for new boats every year since the flood.",
    "Ada Orr, a pilot from Lyra, warned that the tide is early and urged the council to open the locks.",
]
ARTICLE = "\n\n".join(PARAGRAPHS)


@cache
def of_article() -> list[tuple[str, str, str, str | None, str]]:
    return quotes(ARTICLE)


MENU = "Skip to content\nMenu\nHome\nNews\nMinister says harbour will open\nSport\nOpinion\nSign in\n"
RELATED = (
    "\nRelated stories\nVenn: “No more tolls”\nWhy Arlonia says its lighthouse is lonely\n"
    "Sol promises bakers a bridge\nMost read\nAbout us\nContact\n"
)
SPECIAL = {"“": "&ldquo;", "”": "&#8221;", ".": ".", " ": "\u00a0"}


def test_menus_before_and_related_headlines_after_the_text() -> None:
    assert len(of_article()) == 5
    assert quotes(MENU + "\n" + ARTICLE) == of_article()
    assert quotes(ARTICLE + RELATED) == of_article()
    assert quotes(MENU + ARTICLE + "\n" + RELATED) == of_article()


# In code points: a line with a single word between two advertisements is no sentence any more.
FEWEST_BETWEEN = 25


@st.composite
def noisy_articles(draw: st.DrawFn) -> str:
    """The article with noise at random places inside its sentences, a few words of text between."""
    at = sorted(draw(st.lists(st.integers(0, len(ARTICLE) - 1), min_size=1, max_size=12, unique=True)))
    parts, last = [], 0
    for place in at:
        if last and place - last < FEWEST_BETWEEN:
            continue
        parts.append(ARTICLE[last:place])
        c = ARTICLE[place]
        last = place + 1
        inside = ARTICLE[place - 1].isalpha() and c.isalpha() if place else False
        goes_on = c == " " and ARTICLE[place - 1].islower() and ARTICLE[place + 1].islower()
        if inside:
            parts.append(draw(st.sampled_from(["\u00ad", "\u200b", "&shy;", "&#8203;", "\u2060"])) + c)
        elif goes_on:
            shown = draw(
                st.sampled_from(["\u00a0", "&nbsp;", " \u2009", "\n", "\r\n", "\u200b\n", "\u00a0\n\n"])
                | st.sampled_from(NOISE_LINES).map(lambda line: f"\n{line}\n")
            )
            parts.append(shown)
        elif c == " ":
            parts.append(draw(st.sampled_from(["\u00a0", "&#160;", "\u2003", "&amp;nbsp;"])))
        elif c in "“”,":
            parts.append(
                draw(
                    st.sampled_from(
                        {
                            "“": ["&ldquo;", "&amp;ldquo;", "&#8220;", "\u200b“"],
                            "”": ["&rdquo;", "&#x201d;", "”\ufeff"],
                            ",": ["&#44;", "&comma;", ","],
                        }[c]
                    )
                )
            )
        else:
            parts.append(c)
    return "".join(parts) + ARTICLE[last:]


@settings(max_examples=60, deadline=None)
@given(noisy_articles())
def test_noise_at_any_place_leaves_the_quotes_alone(noisy: str) -> None:
    assert quotes(noisy) == of_article()


# Pages and parts of pages on which nobody says anything; some entries of lists sound as if.
EMPTY = {
    "links": "All stories about Lyra\nPage 2 of 14\nMinister says harbour will open\n"
    "Nov 9, 2029 | 4 minutes\n"
    "“No more tolls,” bakers tell parliament\nDec 21, 2029 | 6 minutes\nSol: the bridge is safe\n"
    "Venn promises a second ferry\nWhy Borvia calls the fees unfair\nOlder stories\n1 2 3 4 … 14",
    "headlines": "Sol promises new boats for the rowers of Lyra\nVenn: “We will not pay”\n"
    "Council urges Borvia to open the locks\nPilot says tide is early\nMinister denies fees will rise",
    "menu": "Skip to content\nMenu\nHome\nNews\nMinister says harbour will open\nOpinion\nLetters\n"
    "Bakers tell parliament: no more tolls\nSport\nRowing\nWeather\nMy account\nSign in\nSubscribe\nSearch",
    "tags": "Tags\nMira Sol\nArlonia\nHarbour fees\nTor Venn says\nFerries\nSpeeches",
    "cookies": "We use cookies to remember your harbour.\nBy clicking accept you agree to our terms.\n"
    "Accept all\nReject all\nManage preferences\n"
    "We and our 12 partners use cookies to tell you what you like.",
    "sign-up": "Sign up for our newsletter\nEnter your email address\n"
    "Get the news in your inbox every Friday.\n"
    "Subscribe for 2 crowns a week\nThank you for signing up!\nAlready a subscriber? Log in",
    "credits": "Image source, Lyra Post\nImage caption, The quay of Lyra\nPhoto credit: Ada Orr\n"
    "Credit: Ada Orr/Lyra Post\nGetty Images\nPicture: Lyra Post",
    "ticker": "LYRA 30 4,012.50 +0.4%\nARL/BOR 1.0812 -0.2%\nHerring 12.40 +1.1%\n"
    "Oil 71.20 -0.6%\nMarkets closed",
    "weather": "Weather\nLyra 12°C light rain\nWind south-west, five knots\n"
    "High water at 6.12 and 18.40\nTomorrow: 14°C",
    "share": "Share\nShare this article\nTweet\nFacebook Twitter WhatsApp Email\n"
    "Copy link\n12 comments\nPrint",
    "related": "Related stories\nSol: bridge will open in May\nVenn says no to fees\n"
    "“No more tolls,” bakers say\n"
    "Most read\nPilot warns of early tide\nRead next\nCouncil asks for calm",
}  # fmt: skip
BODY = "The boats of Lyra lay in the yard all winter because the lock was shut."
LAYOUTS = {
    "agency_wire": ("", f"LYRA, May 6 (Wire) -- {BODY}\n", "\n(END)"),
    "dated_release": ("", f"Boats in the yard\n2030-05-06\n\n{BODY}\n", ""),
    "labelled_fields": ("", f"Title: Boats in the yard\nPublished Time: 2030-05-06\nText:\n{BODY}\n", ""),
    "newspaper_reader": (
        "",
        "Lyra Post\n\nBoats in the yard\n\n- By ANN LEE in Lyra Contact the writers at a@lyra.example\n\n"
        f"{BODY}\n",
        "",
    ),
    "republished_page": (
        "",
        f" date 2030-05-06 {BODY}\n",
        f"\n{BODY}\nPublished : May 6, 2030\nBy : Lyra Post",
    ),
    "plain": ("", f"{BODY}\n", f"\n{BODY}"),
}


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("page", EMPTY)
def test_pages_on_which_nobody_speaks(page: str, gap: str) -> None:
    assert quotes(EMPTY[page].replace("\n", gap)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("part", EMPTY)
def test_parts_of_pages_on_which_nobody_speaks(part: str, layout: str) -> None:
    _, before, after = LAYOUTS[layout]
    text = f"{before}{EMPTY[part]}{after}"
    read = articles.read_articles(
        reader(), text=text, encoding="utf-8", raw_sha256="0" * 64, manifest_row=None
    ).rows
    assert read["articles"][0]["layout"] == layout
    assert quotes(text) == []


def test_the_headline_of_the_article_itself_may_be_a_quote() -> None:
    assert quotes(f"Title: Sol says fees will fall\nPublished Time: 2030-05-06\nText:\n{BODY}\n")
