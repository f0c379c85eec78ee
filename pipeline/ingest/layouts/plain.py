"""Any text: the title is not known, every line or hand-wrapped group of lines is a paragraph.

Only lists of links, which no article has, are told apart.
"""

from pipeline.ingest.furniture import listed
from pipeline.ingest.known import Known
from pipeline.ingest.page import Page
from pipeline.ingest.reading import Reading, add, take_paragraph

NAME = "plain"


def recognise(page: Page, known: Known) -> float:
    """Return the floor: what every text has."""
    return 0.1


def read(page: Page, known: Known) -> Reading:
    """Make every line a paragraph that does not stand in a list of links."""
    reading = Reading(page, known)
    links = listed(page.lines)
    for number, line in enumerate(page.lines):
        if number in links:
            add(reading, line, "boilerplate", "link_list")
        else:
            take_paragraph(reading, line.start, line)
    return reading
