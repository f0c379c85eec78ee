"""Hostile characters, addresses and names of files."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pages.safe_text import escaped, file_name, on_one_line, shortened, visible, web_address


def test_what_html_forbids_is_shown_as_something_else() -> None:
    assert visible("a\x00b\x1b\x7f\x85\ud800\ufdd0\U0001ffff\tc\r\n") == "a␀b␛␡����\tc\r\n"
    assert visible("Ila\u202e Voß\u200f 是") == "Ila\u202e Voß\u200f 是"


@given(st.text())
def test_every_character_keeps_its_place_and_reads_back(text: str) -> None:
    assert len(visible(text)) == len(text)
    assert html.unescape(escaped(text)) == visible(text)
    assert not set(escaped(text)) & set("<>\"'\r")


def test_a_line_has_no_line_ends() -> None:
    assert on_one_line(" a\n\tb\u2028c  d ") == "a b c d"
    assert on_one_line(" a ") == "a"


def test_a_long_text_is_cut_after_a_word() -> None:
    assert shortened("one two three", 9) == "one two …"
    assert shortened("one two", 9) == "one two"
    assert shortened("x" * 20, 5) == "xxxxx …"


@pytest.mark.parametrize("address", ["https://herald.example/a?b=1#c", "http://post.example"])
def test_a_web_address_is_linked(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        " https://herald.example",
        "data:text/html,x",
        "//herald.example/a",
        "file:///etc/passwd",
        'https://herald.example/"onclick=x',
        "https://herald.example/\u202e",
        "https://",
        "http://[",
    ],
)
def test_nothing_else_is_linked(address: str | None) -> None:
    assert web_address(address) is None


def test_a_file_name_is_the_key_or_its_hash() -> None:
    assert file_name("ila_voss") == "ila_voss"
    assert file_name("officials-in-tarn") == "officials-in-tarn"
    assert len(file_name("voß")) == 21


@given(st.text(max_size=100))
def test_a_file_name_never_leads_elsewhere(key: str) -> None:
    name = file_name(key)
    assert name
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert len(name) <= 72
