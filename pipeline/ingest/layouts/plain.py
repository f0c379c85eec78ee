"""Any text: the title is not known, every line or hand-wrapped group of lines is a paragraph."""

from pipeline.ingest.known import Known
from pipeline.ingest.page import Page
from pipeline.ingest.reading import Reading, take_paragraph

NAME = "plain"


def recognise(page: Page, known: Known) -> float:
    """Return the floor: what every text has."""
    return 0.1


def read(page: Page, known: Known) -> Reading:
    """Make every line a paragraph."""
    reading = Reading(page, known)
    for line in page.lines:
        take_paragraph(reading, line.start, line)
    return reading
