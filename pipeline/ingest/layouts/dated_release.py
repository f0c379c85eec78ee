"""A title line, a line with the date, perhaps the time and a byline, and then the text."""

from pipeline.ingest.front import Front, read_title_front, survey_front
from pipeline.ingest.known import Known
from pipeline.ingest.page import Page
from pipeline.ingest.reading import Reading

NAME = "dated_release"


def recognise(page: Page, known: Known) -> float:
    """Return more evidence the more of title, date and byline stand above the text."""
    front = survey_front(page, known)
    if front.size == len(page.lines):
        return 0.0
    dated = front.count("date") > 0 or _has_dated_segments(front)
    titled = front.count("words") > 0 or front.count("label") > 0
    if dated:
        return 0.8 if titled else 0.6
    return 0.5 if titled and front.count("byline") else 0.0


def read(page: Page, known: Known) -> Reading:
    """Read the front and the body."""
    reading = Reading(page, known)
    read_title_front(reading, basis="first_line")
    return reading


def _has_dated_segments(front: Front) -> bool:
    return front.count("segments") > 0
