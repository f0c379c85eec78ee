"""Header lines of the form `Label: value`. Labels and their synonyms are data: header_fields.csv."""

import re
from dataclasses import dataclass

from pipeline.ingest.dates import FoundDate, find_dates, read_date_line, read_time_line
from pipeline.ingest.known import Known, agency_credited, label_key, outlet_named
from pipeline.ingest.page import Line, has_at_most
from pipeline.ingest.reading import Reading, StatedDate, StatedOutlet, notice

# Markdown sets labels in bold: `**Label:** value`, `**Label**: value`.
_LABEL = re.compile(
    r"(?:\*\*(?P<bold>[^\W\d_][^:：;|*\n]{0,39}?)\s{0,3}(?:\*\*\s{0,3}[:：]|[:：]\s{0,3}\*\*)"
    r"|(?P<label>[^\W\d_][^:：;|\n]{0,39}?)\s{0,3}[:：](?!//))"
)
_NEXT = re.compile(r";\s{0,5}(?=(?P<label>[^\W\d_][^:：;|\n]{0,39}?)\s{0,3}[:：](?!//))")
# Their values are free text, in which ';' and ':' are punctuation.
_PAIRS = 20
_FREE_TEXT = frozenset({"title", "deck", "author_description", "body"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value, with their spans (code points of the raw text); field None: not known."""

    label: str
    field: str | None
    number: int | None
    value: str
    start: int
    value_start: int
    end: int
    line: int


def read_pairs(line: Line, known: Known) -> list[Pair]:
    """Divide a line into its pairs of label and value; none when it does not open with a label."""
    label = _LABEL.match(line.text[:60])
    if label is None or not has_at_most(_words(label), 5):
        return []
    field = known.labels.get(label_key(_words(label)))
    cuts = [0]
    if field != "body":
        for match in _NEXT.finditer(line.text[:2000]):
            # Behind a value of free text only a known label can open a new pair.
            if len(cuts) < _PAIRS and (
                field not in _FREE_TEXT or known.labels.get(label_key(match["label"]))
            ):
                cuts.append(match.end())
    pairs = []
    for start, end in zip(cuts, [*cuts[1:], len(line.text)], strict=True):
        text = line.text[start:end]
        found = _LABEL.match(text[:60])
        if found is None:
            continue
        value = text[found.end() :].lstrip()
        value_start = line.start + end - len(value)
        if end < len(line.text):
            value = value.rstrip().removesuffix(";")
        number = re.search(r"\d+", _words(found))
        pairs.append(
            Pair(
                label=_words(found).strip(),
                field=known.labels.get(label_key(_words(found))),
                number=int(number.group()) if number else None,
                value=value.strip(),
                start=line.start + start,
                value_start=value_start,
                end=line.start + end,
                line=line.number,
            )
        )
    return pairs


def _words(label: re.Match[str]) -> str:
    return str(label["bold"] or label["label"])


def take_value(reading: Reading, pair: Pair) -> None:
    """Keep what a header field states, for every field but title, deck, body and those of authors."""
    value = pair.value
    if not value:
        return
    if pair.field == "published":
        _take_date(reading, pair)
    elif pair.field == "time":
        reading.time = reading.time or read_time_line(value)
    elif pair.field == "section":
        reading.sections += [part for part in (p.strip() for p in value.split(";")) if part]
    elif pair.field == "outlet":
        outlet_id = outlet_named(reading.known, value) or agency_credited(reading.known, value)
        if outlet_id:
            reading.outlets.append(StatedOutlet(outlet_id, "header"))
        else:
            reading.names_unknown_outlet = True
            notice(
                reading, "outlet_not_in_authority", f"line {pair.line}: {value[:80]!r} is not in outlets.csv"
            )
    elif pair.field == "agency":
        reading.agencies.append((value, "origin"))
    elif pair.field == "translator":
        reading.is_translation = True
    elif pair.field == "url":
        reading.stated_url = value


def _take_date(reading: Reading, pair: Pair) -> None:
    found = read_date_line(pair.value)
    if found is not None and found.is_update:
        # When a page was changed is not when it was published.
        notice(reading, "unread_date", f"line {pair.line}: {pair.value[:80]!r} says when it was changed")
        return
    if found is not None:
        words = pair.value[found.date.start : found.date.end]
        reading.dates.append(StatedDate(found.date, "header", words))
        reading.time = reading.time or found.time
        return
    dates = list(find_dates(pair.value[:200]))
    if len(dates) == 1:
        words = pair.value[dates[0].start : dates[0].end]
        reading.dates.append(StatedDate(dates[0], "header", words))
    elif year := re.fullmatch(r"(?:1[89]|20)\d\d", pair.value):
        reading.dates.append(StatedDate(FoundDate(int(year.group()), None, None, 0, 4), "header", pair.value))
    else:
        notice(reading, "unread_date", f"line {pair.line}: {pair.value[:80]!r} is not read as one date")
