"""Bytes to text with nothing changed on the way, and a reason for every file that is no text."""

import codecs
import contextlib
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.ingest.decode import Undecodable, decode

PAGE = "“The river rose,” Ostin said – ça va.\r\n\r\n\t是 🌾  \n"


def refusal(raw: bytes) -> tuple[str, str]:
    with pytest.raises(Undecodable) as caught:
        decode(raw)
    assert str(caught.value) == caught.value.message
    return caught.value.code, caught.value.message


def codes(raw: bytes) -> list[str]:
    return [code for code, _ in decode(raw).warnings]


@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        (PAGE.encode(), "utf-8", PAGE),
        (codecs.BOM_UTF8 + PAGE.encode(), "utf-8-bom", "\ufeff" + PAGE),
        (codecs.BOM_UTF16_LE + PAGE.encode("utf-16-le"), "utf-16-le", "\ufeff" + PAGE),
        (codecs.BOM_UTF16_BE + PAGE.encode("utf-16-be"), "utf-16-be", "\ufeff" + PAGE),
        (b"\x93So,\x94 Ostin said \x96 \xe7a va.\r\n", "cp1252", "“So,” Ostin said – ça va.\r\n"),
        (b"plain ASCII", "utf-8", "plain ASCII"),
    ],
)
def test_each_encoding_is_told_and_a_byte_order_mark_is_kept_and_counted(
    raw: bytes, encoding: str, text: str
) -> None:
    decoded = decode(raw)
    assert (decoded.encoding, decoded.text, decoded.warnings) == (encoding, text, ())
    assert len(decoded.text) == len(text)


def is_text(text: str) -> bool:
    return not text.startswith(("%PDF-", "GIF8", "PAR1")) and bool(
        text.strip("\ufeff \t\n\r\f\v\x85\xa0\u2028\u2029")
    )


CONTROLS = [chr(c) for c in range(0x20) if chr(c) not in "\t\n\r"] + ["\x7f"]
CHARACTERS = st.characters(codec="utf-8", exclude_characters=CONTROLS)


@settings(deadline=None)
@given(st.text(CHARACTERS, min_size=1))
def test_any_utf8_text_comes_back_as_it_was(text: str) -> None:
    assume(is_text(text))
    decoded = decode(text.encode())
    assert decoded.text == text
    assert decoded.encoding == ("utf-8-bom" if text.startswith("\ufeff") else "utf-8")


@settings(deadline=None)
@given(st.text(CHARACTERS, min_size=1), st.sampled_from(["le", "be"]))
def test_any_utf16_text_with_a_byte_order_mark_comes_back_as_it_was(text: str, order: str) -> None:
    assume(is_text(text))
    decoded = decode(("\ufeff" + text).encode(f"utf-16-{order}"))
    assert (decoded.text, decoded.encoding) == ("\ufeff" + text, f"utf-16-{order}")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_without_loss_or_refused(raw: bytes) -> None:
    try:
        decoded = decode(raw)
    except Undecodable as error:
        assert error.code
        assert error.message
        return
    codec = {"utf-8-bom": "utf-8"}.get(decoded.encoding, decoded.encoding)
    assert decoded.text.encode(codec) == raw


def test_cp1252_accents_are_not_taken_for_damaged_utf8() -> None:
    assert (
        decode(b"Caf\xe9 Th\xe9r\xe8se, na\xefve, \x80 5, d\xe9j\xe0").text
        == "Café Thérèse, naïve, € 5, déjà"
    )
    # A cp1252 file may end in a letter that starts a sequence in UTF-8.
    assert decode(b"the end of the Caf\xe9").text == "the end of the Café"


@pytest.mark.parametrize(
    ("raw", "offset", "byte"),
    [
        ("Ça va, dit-il à Thérèse. ".encode() + b"\xff" + b" more", 29, "ff"),
        ("“The river rose,” he said".encode() + b"\x93", 29, "93"),
        # Cut off inside a character.
        ("river 是".encode()[:-1], 6, "e6"),
        ("“The river rose,”".encode()[:-1], 18, "e2"),
        (codecs.BOM_UTF8 + b"caf\xe9", 6, "e9"),
    ],
)
def test_damaged_utf8_is_refused_with_the_byte_offset(raw: bytes, offset: int, byte: str) -> None:
    code, message = refusal(raw)
    assert code == "broken_utf8"
    assert f"byte offset {offset} (0x{byte})" in message


def test_a_byte_that_is_in_neither_encoding_is_named() -> None:
    code, message = refusal(b"a plain page with a byte of Mac Roman: \x8d here")
    assert (code, "0x8d at byte offset 39" in message) == ("undecodable", True)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (codecs.BOM_UTF16_LE + "river".encode("utf-16-le")[:-1], "odd number of bytes (11)"),
        (codecs.BOM_UTF16_BE + "river".encode("utf-16-be") + b"\x00", "odd number of bytes (13)"),
        # The first half of a surrogate pair stands at the end.
        (codecs.BOM_UTF16_LE + "ab🌾".encode("utf-16-le")[:-2], "half a character at byte 6"),
    ],
)
def test_truncated_utf16_is_refused(raw: bytes, told: str) -> None:
    code, message = refusal(raw)
    assert code == "truncated_utf16"
    assert told in message


def test_utf32_is_refused() -> None:
    assert refusal("river".encode("utf-32"))[0] == "utf_32"
    assert refusal(codecs.BOM_UTF32_BE + "river".encode("utf-32-be"))[0] == "binary"


def test_a_nul_in_a_text_is_refused_with_its_place() -> None:
    assert refusal(b"The river rose\x00 again.") == (
        "nul_bytes",
        "NUL byte at byte offset 14: fetch the file again",
    )
    code, message = refusal(codecs.BOM_UTF16_LE + "ab\x00".encode("utf-16-le"))
    assert (code, "position 3" in message) == ("nul_bytes", True)


@pytest.mark.parametrize(
    "raw", [bytes(range(256)), b"\x00\x01\x02\x03", b"text" + 20 * b"\x07", "river".encode("utf-16-le")]
)
def test_binary_content_is_refused(raw: bytes) -> None:
    assert refusal(raw)[0] == "binary"


def test_one_or_two_control_characters_do_not_make_a_file_binary() -> None:
    assert decode(b"The river\x07 rose.").text == "The river\x07 rose."
    assert decode(b"The river rose.\x0c\x1b[0m").text == "The river rose.\x0c\x1b[0m"


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04", "a Word, OpenDocument or ZIP file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office file"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"GIF89a", "a GIF picture"),
        (b"\x1f\x8b\x08", "a gzip file"),
        (b"PAR1", "a Parquet file"),
    ],
)
def test_known_formats_are_named(start: bytes, name: str) -> None:
    assert refusal(start + b" and some more text") == (
        "binary",
        f"the file is {name}: save its text as a UTF-8 text file",
    )


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"")[0] == "empty"


@pytest.mark.parametrize(
    "raw",
    [
        b" ",
        b"\r\n\t\f\v \n",
        codecs.BOM_UTF8,
        codecs.BOM_UTF16_LE,
        "\u00a0\u2028\u2029\x85".encode(),
        b"\xa0",
    ],
)
def test_a_file_of_white_space_is_refused(raw: bytes) -> None:
    assert refusal(raw)[0] == "blank"


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("<!DOCTYPE html>", True),
        ("\n\n  <html lang='en'>", True),
        ("<HTML>", True),
        ("\ufeff<!doctype HTML>", True),
        ("\ufeff\n<html>", True),
        ("<htmlish>", False),
        ("The tag <html> is old.", False),
    ],
)
def test_a_web_page_is_kept_with_a_warning(start: str, found: bool) -> None:
    text = start + "<p>The river rose.</p>"
    assert decode(text.encode()).text == text
    assert codes(text.encode()) == (["html"] if found else [])


@pytest.mark.parametrize("reference", ["&amp;", "&quot;", "&#8220;", "&nbsp;"])
def test_references_of_html_are_kept_with_a_warning(reference: str) -> None:
    text = f"The river {reference} the lake rose."
    decoded = decode(text.encode())
    assert decoded.text == text
    [(code, message)] = decoded.warnings
    assert (code, reference in message, "position 10" in message) == ("html_references", True, True)
    assert codes(b"Fish & chips; R&D; Q&A") == []


def test_replacement_characters_are_kept_with_a_warning() -> None:
    decoded = decode("The r\ufffdver r\ufffdse.".encode())
    assert decoded.text == "The r\ufffdver r\ufffdse."
    [(code, message)] = decoded.warnings
    assert code == "replacement_character"
    assert message.startswith("2 characters were lost before the file came here (first at position 5)")


def test_text_that_was_garbled_before_is_kept_with_a_warning() -> None:
    garbled = (
        "“The river rose,” Ostin said. “It’s late.”".encode()
        .decode("cp1252", "replace")
        .replace("\ufffd", "")
    )
    decoded = decode(garbled.encode())
    assert decoded.text == garbled
    assert [code for code, _ in decoded.warnings] == ["mojibake"]


@pytest.mark.parametrize(
    "text",
    ["“Ça va”, dit Thérèse – à l’été.", "是的，河水上涨。", "Река поднялась, «да».", "Ångström Łódź İzmir"],
)
def test_sound_text_of_any_language_gives_no_warning(text: str) -> None:
    assert codes(text.encode()) == []


SENTENCE = (
    b"The river that runs past the harbour rose by half a metre in the night, the ministry of lakes told us. "
)


@pytest.mark.parametrize(
    ("start", "size"),
    [
        pytest.param(b"", 10_000_000, id="ascii"),
        pytest.param("“Oui.” ".encode(), 2_000_000, id="utf-8"),
        pytest.param(b"\x93Oui.\x94 ", 2_000_000, id="cp1252"),
        pytest.param("é ".encode() + b"\xff", 10_000_000, id="damaged"),
        pytest.param(1000 * b" ", 10_000_000, id="blank"),
    ],
)
def test_a_hundred_times_the_text_takes_about_a_hundred_times_as_long(start: bytes, size: int) -> None:
    def seconds(size: int) -> float:
        raw = (start + SENTENCE) * (size // len(start + SENTENCE))
        started = time.process_time()
        with contextlib.suppress(Undecodable):
            decode(raw)
        return time.process_time() - started

    small = min(seconds(size // 100) for _ in range(3))
    # Quadratic work would take ten thousand times as long.
    assert seconds(size) < max(1.0, 1000 * small)
