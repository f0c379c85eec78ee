"""An agency text: captions with credits, a dateline, headings in capitals, an end mark."""

from pipeline.ingest.datelines import is_end_mark, read_caption, read_dateline
from pipeline.ingest.front import read_title_front, survey_front
from pipeline.ingest.known import Known
from pipeline.ingest.page import Page
from pipeline.ingest.reading import Reading

NAME = "agency_wire"
_OPENING_LINES = 12


def recognise(page: Page, known: Known) -> float:
    """Return the evidence of a dateline at the opening of the text; an agency in it weighs most."""
    front = survey_front(page, known)
    opening = page.lines[front.size : front.size + _OPENING_LINES]
    first = next((line for line in opening if not read_caption(line.text) or read_dateline(line.text)), None)
    dateline = read_dateline(first.text) if first else None
    if dateline is None:
        return 0.0
    score = 0.85 if dateline.agency else 0.65
    score += 0.05 * any(read_caption(line.text) is not None for line in opening)
    score += 0.05 * any(is_end_mark(line.text) for line in page.lines[-3:])
    # A title with a date above the text is the stronger form where no agency signs.
    return score if dateline.agency or not front.count("date") else 0.55


def read(page: Page, known: Known) -> Reading:
    """Read what may stand above the dateline, and the text."""
    reading = Reading(page, known)
    read_title_front(reading, basis="first_line")
    return reading
