"""Resolution alone: the sources are marked in the text, so that nothing depends on who finds them."""

import re

from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.speakers import resolve_speakers
from tests.quotes.invented import document, extractor

_MARKED = re.compile(r"\[\[?([^\[\]]+)\]\]?")


def resolved(marked: str, document_type: str = "news_report") -> list[tuple[str | None, str]]:
    """Names and resolution of each source, in text order.

    `[Sol] said it rains.` marks a source; its content is the rest of its line up to the next source.
    `[[Q]]` marks the label of a transcript. In `{…}` stands what the source before it says, when the sources
    in it are nested.
    """
    text, sources, nests = _unmarked(marked)
    attributions: list[Attribution] = []
    for i, (span, is_label) in enumerate(sources):
        line_end = text.find("\n", span.end)
        end = len(text) if line_end < 0 else line_end
        following = sources[i + 1][0].start if i + 1 < len(sources) else end
        inside = next((nest for nest in nests if span.end <= nest.start <= following), None)
        content = inside or Span(span.end, max(span.end + 1, min(end, following)))
        attributions.append(Attribution((content,), (), span, None, is_display=is_label))
    parents = [_parent(i, attributions) for i in range(len(attributions))]
    given = document(text, document_type)
    found = resolve_speakers(given, attributions, parents, extractor().authority)
    return [("; ".join(one.name for one in each.speakers) or None, each.reason) for each in found]


def names(marked: str, document_type: str = "news_report") -> list[str | None]:
    """Names alone of each source, in text order."""
    return [name for name, _ in resolved(marked, document_type)]


def _parent(i: int, attributions: list[Attribution]) -> int | None:
    source = attributions[i].source_mention
    assert source is not None
    around = [
        j
        for j in range(i)
        if attributions[j].content[0].start <= source.start and source.end <= attributions[j].content[0].end
    ]
    return around[-1] if around else None


def _unmarked(marked: str) -> tuple[str, list[tuple[Span, bool]], list[Span]]:
    """The text without marks, the marked sources (label or not), and what stood in braces."""
    text = ""
    sources: list[tuple[Span, bool]] = []
    opened: list[int] = []
    nests: list[Span] = []
    at = 0
    while at < len(marked):
        source = _MARKED.match(marked, at)
        if source is not None:
            sources.append(
                (Span(len(text), len(text) + len(source.group(1))), source.group().startswith("[["))
            )
            text += source.group(1)
            at = source.end()
            continue
        if marked[at] == "{":
            opened.append(len(text))
        elif marked[at] == "}":
            nests.append(Span(opened.pop(), len(text)))
        else:
            text += marked[at]
        at += 1
    return text, sources, nests
