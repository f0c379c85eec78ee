"""What a page prints around and between its text: advertisements, pointers to other pages, forms, menus."""

import re
from collections.abc import Sequence
from typing import Protocol

from pipeline.ingest.page_words import MENU_WORDS, SHARE_WORDS

# In code points. Nothing longer is looked at.
_LONGEST = 260
# So many entries make a menu; so many short lines without a sentence between them a list.
_LEAST_MENU = 3
_LEAST_LIST = 3
_LONGEST_ENTRY = 18

_RULES = (
    (
        "advertisement",
        re.compile(
            r"[\W_]*(?:advertisements?|advert|ads?|sponsored(?: content| by\b.{1,40})?|promoted"
            r"|paid (?:content|post))"
            r"(?:\W+(?:continue reading|scroll|(?:story|article) continues).{0,40})?[\W_]*"
            r"|[\W_]*(?:story|article) continues (?:below|after).{0,40}"
            r"|[\W_]*(?:continue reading|scroll (?:down )?to continue|skip (?:this )?ad(?:vertisement)?)"
            r"[^.]{0,30}",
            re.IGNORECASE,
        ),
    ),
    (
        "pointer",
        re.compile(
            r"[\W_]*(?i:(?:read|see|watch|listen|hear)(?: (?:more|also|next|now))?|also read|related|more"
            r"|(?:related|more|recommended)"
            r" (?:stor(?:y|ies)|articles?|news|coverage|reading|links?|topics?)"
            r"|more on this(?: story)?|in pictures|don[’']t miss|must read|you may also like"
            r"|read the full story)"
            r"\s{0,2}(?:[:|»>]|\s[-–—]\s)\s{0,2}\S.*"
            r"|(?:READ MORE|READ ALSO|ALSO READ|RELATED|SEE ALSO|WATCH NOW)\b.*"
            r"|[\W_]*(?i:read (?:more|also|next|on)|see also|also read|read the full (?:story|article)"
            r"|watch (?:more|now|the video))[\W_]*"
        ),
    ),
    (
        "sign_up",
        re.compile(
            r"(?:sign up|subscribe|register|join)\b[^“”\"]*"
            r"\b(?:newsletters?|inbox|e-?mails?|updates|alerts|briefing|channel|free)\b[^“”\"]*"
            r"|(?:get|receive|want)\b[^“”\"]*\b(?:newsletters?|inbox|e-?mail(?:ed)?)\b[^“”\"]*"
            r"|(?:enter|your) (?:your )?e-?mail(?: address)?\b[^“”\"]{0,60}"
            r"|(?:subscribe|sign (?:in|up)|log ?in|register|donate|support us)\b[^.“”\"]{0,50}"
            r"|(?:follow|like|find) us (?:on|at)\b.{0,80}|download (?:our|the) (?:free )?app\b.{0,60}"
            r"|already (?:a|have an?) (?:subscriber|member|account|subscription)\b.{0,40}"
            r"|(?:thank you|thanks) for (?:signing up|subscribing|registering).{0,60}",
            re.IGNORECASE,
        ),
    ),
    (
        "cookies",
        re.compile(
            r"(?:we(?: and our (?:\d+ )?partners)?|th(?:is|e) (?:web)?(?:site|page)) uses? cookies\b.*"
            r"|by (?:using|continuing|clicking|browsing)\b.*\b(?:cookies|terms|privacy|agree)\b.*"
            r"|(?:accept|reject|manage|decline|allow|refuse)(?: all| my)?"
            r"(?: (?:cookies|preferences|settings|choices))?(?: (?:and|&) \w+)?",
            re.IGNORECASE,
        ),
    ),
    (
        "credit",
        re.compile(
            r"(?:image|photo|picture|video|graphic) (?:source|credit|copyright)\b.{0,80}"
            r"|credit:? [^.]{2,60}|getty images",
            re.IGNORECASE,
        ),
    ),
)
# One of these letters opens every line that a rule fits.
_OPENERS = re.compile(
    r"[\W_]*(?:ad|sponsor|promoted|paid|story|article|continu|scroll|skip|read|see|watch|listen|hear|also|related"
    r"|more|recommended|in pic|don|must|you|sign|subscribe|register|join|get|receive|want|enter|log|donate"
    r"|support|follow|like|find|download|already|thank|we|th|by|accept|reject|manage|decline|allow|refuse|image"
    r"|photo|picture|video|graphic|credit)",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"\b(?:said|says|told)\b")
# A label with headlines of other pages below it.
_RELATED_LABEL = re.compile(
    r"(?:related|related (?:stor(?:y|ies)|articles?|news|links?|content|topics?|coverage)"
    r"|more (?:stories|news|headlines|articles|from\b.{1,30}|in\b.{1,30}|on this(?: story)?|to read)"
    r"|most (?:read|popular|viewed|shared|commented)|latest(?: news| stories| headlines)?|top stories"
    r"|trending(?: now)?|recommended(?: for you| reading| stories)?|editor[’']s picks?|read next|up next"
    r"|what to read next|you (?:may|might) also (?:like|be interested in)|also (?:on|in)\b.{1,30}"
    r"|recent (?:posts|articles|stories|news)|other (?:news|stories|articles)|popular(?: now| stories)?"
    r"|(?:older|newer) (?:stories|posts)|from the archives?|topics|tags|headlines"
    r"|in this (?:section|story))\s?:?",
    re.IGNORECASE,
)
_SHARE_FILLERS = frozenset(("this", "on", "via", "to", "the", "article", "story", "page", "with", "friends",
                            "your", "link", "by", "it", "us", "post", "and", "or"))  # fmt: skip
_ENDS = re.compile(r"[.!?…。][\"'”’»)\]]*$")
_BULLET = re.compile(r"[-–—•*·▪●»›]\s*|\d{1,2}[.)]\s")
_LABEL = re.compile(r"[^:]{1,60}:(?:\s|$)")


class TextLine(Protocol):
    """A line of a page."""

    @property
    def text(self) -> str:
        """The trimmed words of the line."""


def furniture(lines: Sequence[TextLine]) -> dict[int, str]:
    """Return the numbers of the lines that are no part of the article, with the rule that told each.

    What looks alike in the text itself (a short line between paragraphs) is left alone.
    """
    found: dict[int, str] = {}
    for number, line in enumerate(lines):
        rule = _rule(line.text)
        if rule is not None:
            found[number] = rule
    _find_menus(lines, found)
    _find_related(lines, found)
    return found


def listed(lines: Sequence[TextLine], least: int = _LEAST_LIST) -> set[int]:
    """Return the numbers of lines that stand in lists of links: runs of short lines with no sentence.

    Where most lines open with a label, people speak.
    """
    found: set[int] = set()
    run: list[int] = []
    for number, line in enumerate(lines):
        if _is_entry(line.text) and not _BULLET.match(line.text):
            run.append(number)
            continue
        _add_list(lines, run, least, found)
        run = []
    _add_list(lines, run, least, found)
    return found


def _add_list(lines: Sequence[TextLine], run: Sequence[int], least: int, found: set[int]) -> None:
    if len(run) >= least:
        labelled = sum(_LABEL.match(lines[number].text) is not None for number in run)
        if labelled * 2 <= len(run):
            found.update(run)


def _rule(text: str) -> str | None:
    if len(text) > _LONGEST:
        return None
    if len(text) <= 90 and _is_share_line(text):
        return "share"
    if _OPENERS.match(text) is None:
        return None
    for rule, pattern in _RULES:
        if pattern.fullmatch(text) and (rule == "pointer" or not _REPORTS.search(text)):
            return rule
    return None


def _is_share_line(text: str) -> bool:
    words = re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", text.lower())
    if not words or (words[0] not in SHARE_WORDS and not words[0].isdigit()) or _ENDS.search(text):
        return False
    return any(word in SHARE_WORDS for word in words) and all(
        word in SHARE_WORDS or word in _SHARE_FILLERS or word.isdigit() for word in words
    )


def _find_menus(lines: Sequence[TextLine], found: dict[int, str]) -> None:
    """Add the runs of short lines that hold several entries of menus, from the first entry to the last."""
    entries: list[int] = []
    for number, line in enumerate(lines):
        text = line.text
        if len(text) <= 40 and _BULLET.sub("", text, count=1).strip(" :|>").lower() in MENU_WORDS:
            entries.append(number)
        elif number not in found and not _is_entry(text):
            _add_menu(entries, found)
            entries = []
    _add_menu(entries, found)


def _add_menu(entries: Sequence[int], found: dict[int, str]) -> None:
    if len(entries) >= _LEAST_MENU:
        for number in range(entries[0], entries[-1] + 1):
            found.setdefault(number, "menu")


def _find_related(lines: Sequence[TextLine], found: dict[int, str]) -> None:
    """Add labels of lists of other pages, with the short lines below them."""
    below = False
    for number, line in enumerate(lines):
        text = line.text
        if len(text) <= 60 and _RELATED_LABEL.fullmatch(text):
            following = lines[number + 1].text if number + 1 < len(lines) else ""
            below = bool(following) and _is_entry(following)
            if below:
                found.setdefault(number, "related")
        elif below and number not in found:
            below = _is_entry(text) and not text[0].islower()
            if below:
                found[number] = "related"


def _is_entry(text: str) -> bool:
    """Tell whether a line is as short as an entry of a list, and no sentence."""
    return (
        len(text) <= 140
        and _ENDS.search(text) is None
        and text[-1] not in ",;:"
        and len(text.split()) <= _LONGEST_ENTRY
    )
