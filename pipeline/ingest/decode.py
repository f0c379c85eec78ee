"""Bytes to text, with nothing changed on the way: no stripping, no normalisation, no newline conversion."""

import codecs
import re
from dataclasses import dataclass

from ftfy.badness import badness

# More than this share of control characters, and it is no text file.
_CONTROL_SHARE = 0.01
_CONTROL_BYTES = bytes(c for c in range(0x20) if c not in b"\x00\t\n\v\f\r\x1b") + b"\x7f"
_KNOWN_FORMATS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a Word, OpenDocument or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"PAR1", "a Parquet file"),
)
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", re.DOTALL
)
_REFERENCE = re.compile(
    r"&(?:amp|quot|apos|nbsp|lt|gt|[lr][sd]quo|[mn]dash|hellip|#\d{2,5}|#x[0-9a-f]{2,5});", re.IGNORECASE
)
_HTML = re.compile(r"\ufeff?\s*(<!doctype html|<html[\s>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a raw file, how it was decoded, and what to look at (code, message)."""

    text: str
    encoding: str
    warnings: tuple[tuple[str, str], ...] = ()


class Undecodable(Exception):
    """A raw file that is no text: why, as a code and in words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def decode(raw: bytes) -> Decoded:
    """Decode a raw file: UTF-8 with or without byte-order mark, UTF-16 with one, else cp1252.

    A byte-order mark stays in the text as U+FEFF and counts as one code point. A file that is UTF-8 but
    for a few broken bytes is not read as cp1252 throughout, which would garble every other accent.
    Raises Undecodable for empty, blank, binary and broken files.
    """
    if not raw:
        raise Undecodable("empty", "the file has no bytes: put the article into it or remove it")
    decoded = (
        _decode_utf16(raw) if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else _decode_8bit(raw)
    )
    if not decoded.text.replace("\ufeff", "").strip():
        raise Undecodable("blank", "the file holds white space only: put the article into it or remove it")
    return decoded


def _decode_utf16(raw: bytes) -> Decoded:
    little = raw.startswith(codecs.BOM_UTF16_LE)
    if raw.startswith(codecs.BOM_UTF32_LE):
        raise Undecodable("utf_32", "the file is UTF-32: save it as UTF-8")
    if len(raw) % 2:
        raise Undecodable(
            "truncated_utf16",
            f"the file is UTF-16 with an odd number of bytes ({len(raw)}), so its end is missing: "
            "fetch it again",
        )
    name = "utf-16-le" if little else "utf-16-be"
    try:
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        raise Undecodable(
            "truncated_utf16",
            f"the file is UTF-16 with half a character at byte {error.start}: fetch it again",
        ) from None
    if "\x00" in text:
        raise Undecodable(
            "nul_bytes", f"NUL character at position {text.index(chr(0))}: fetch the file again"
        )
    return Decoded(text, name, _look_at(text))


def _decode_8bit(raw: bytes) -> Decoded:
    _refuse_binary(raw)
    encoding = "utf-8-bom" if raw.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if encoding == "utf-8-bom" or _is_damaged_utf8(raw, error):
            raise Undecodable(
                "broken_utf8",
                f"the file is UTF-8 but for a broken byte at byte offset {error.start} "
                f"(0x{raw[error.start]:02x}): fetch it again or mend that byte",
            ) from None
        encoding = "cp1252"
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as second:
            raise Undecodable(
                "undecodable",
                f"byte 0x{raw[second.start]:02x} at byte offset {second.start} is neither UTF-8 nor cp1252: "
                "save the file as UTF-8",
            ) from None
    return Decoded(text, encoding, _look_at(text))


def _refuse_binary(raw: bytes) -> None:
    for magic, name in _KNOWN_FORMATS:
        if raw.startswith(magic):
            raise Undecodable("binary", f"the file is {name}: save its text as a UTF-8 text file")
    nuls = raw.count(0)
    controls = len(raw) - len(raw.translate(None, _CONTROL_BYTES))
    if nuls + controls > max(2, _CONTROL_SHARE * len(raw)):
        raise Undecodable("binary", "the file is not text: save its text as a UTF-8 text file")
    if nuls:
        raise Undecodable("nul_bytes", f"NUL byte at byte offset {raw.index(0)}: fetch the file again")


def _is_damaged_utf8(raw: bytes, error: UnicodeDecodeError) -> bool:
    # Every sequence of UTF-8 is a pair of cp1252 characters that hardly ever meet in real cp1252 text,
    # so a file with more of them than of stray high bytes was UTF-8 once.
    sequences = _UTF8_SEQUENCE.findall(raw)
    stray = sum(1 for _ in _high_bytes(raw)) - sum(map(len, sequences))
    if sequences and len(sequences) >= stray:
        return True
    # Cut off inside a character: a lead byte with some, but not all, of the bytes it announces.
    return error.reason == "unexpected end of data" and len(raw) - error.start >= 2


def _high_bytes(raw: bytes) -> bytes:
    return raw.translate(None, bytes(range(0x80)))


def _look_at(text: str) -> tuple[tuple[str, str], ...]:
    warnings = []
    if _HTML.match(text):
        warnings.append(("html", "the file is a web page with its markup: save the text of the page"))
    elif reference := _REFERENCE.search(text):
        warnings.append(
            (
                "html_references",
                f"HTML writes characters in the text as references (first {reference.group()} at position "
                f"{reference.start()}), and quotation marks so written are not seen: save the text",
            )
        )
    if "\ufffd" in text:
        warnings.append(
            (
                "replacement_character",
                f"{text.count(chr(0xFFFD))} characters were lost before the file came here (first at "
                f"position {text.index(chr(0xFFFD))}): fetch it again",
            )
        )
    # ftfy's measure of text that was decoded wrongly once (Speer 2019). It is linear in the text.
    if not text.isascii() and (found := badness(text)) >= 2:
        warnings.append(
            (
                "mojibake",
                f"{found} places look garbled (UTF-8 once read as another encoding); the text is kept as it "
                "is: fetch it again",
            )
        )
    return tuple(warnings)
