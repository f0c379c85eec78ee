"""Words of articles in a Markdown page."""

from pipeline.pages.safe_text import on_one_line

_MARKS = {char: f"\\{char}" for char in "\\`*_[]|#~!"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def markdown(text: str) -> str:
    """Return a text on one line as Markdown shows it: no mark-up, link, cell end or HTML of its own."""
    return "".join(_MARKS.get(char, char) for char in on_one_line(text))
