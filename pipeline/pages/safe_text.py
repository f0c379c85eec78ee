"""Raw text on a page: every character visible and harmless, every address and file name safe."""

import hashlib
import html
import re
from urllib.parse import urlsplit

# HTML forbids these, even as references. Each becomes one other character, so that offsets stay.
_PICTURES: dict[int, str] = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"}
_PICTURES[0x7F] = "\u2421"
_REPLACED = [*range(0x80, 0xA0), *range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0)]
_REPLACED += [plane * 0x10000 + last for plane in range(17) for last in (0xFFFE, 0xFFFF)]
_VISIBLE = _PICTURES | dict.fromkeys(_REPLACED, "\ufffd")
_FORBIDDEN = re.compile("[" + "".join(re.escape(chr(code)) for code in _VISIBLE) + "]")

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,70}[a-z0-9])?")


def visible(text: str) -> str:
    """Return the text with each character that HTML forbids as another one. Its length stays."""
    # Printable text, that is nearly all, has none of them; line ends are not printable.
    if text.isprintable() or not _FORBIDDEN.search(text):
        return text
    return text.translate(_VISIBLE)


def escaped(text: str) -> str:
    """Return the text as HTML that reads back as `visible(text)`, carriage returns included."""
    found = html.escape(visible(text))
    return found.replace("\r", "&#13;") if "\r" in found else found


def on_one_line(text: object) -> str:
    """Return a text for a heading or a cell: visible characters, white space as single spaces."""
    line = str(text)
    if line.isprintable() and "  " not in line:
        return line.strip()
    return visible(" ".join(line.split()))


def shortened(text: str, length: int) -> str:
    """Return the text on one line, cut after a word at `length` characters with an ellipsis."""
    line = on_one_line(text)
    if len(line) <= length:
        return line
    return (line[:length].rsplit(" ", 1)[0] or line[:length]).rstrip(" ,;:") + " …"


def web_address(address: str | None) -> str | None:
    """Return an address that a link may lead to, http or https, or None."""
    if not address or not address.isascii() or re.search(r"[\s\x00-\x20\"'<>\\^`{|}]", address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def file_name(key: str) -> str:
    """Return a name for the page of a key: the key where it is plain, else its hash. Never a path."""
    return (
        key if _SLUG.fullmatch(key) else "h" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:20]
    )
