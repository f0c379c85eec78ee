"""Whatever is noticed on a page comes with what to do about it."""

import re

from pipeline.ingest.notices import TO_DO, Notice
from tests.workshop import PROJECT


def test_every_code_has_something_to_do() -> None:
    code = re.compile(r'\b[Nn]otice\(\s*(?:reading,\s*)?"([a-z_]+)"')
    files = (PROJECT / "pipeline" / "ingest").rglob("*.py")
    used = {found for path in files for found in code.findall(path.read_text(encoding="utf-8"))}
    assert used == set(TO_DO)


def test_the_advice_stands_behind_the_message() -> None:
    notice = Notice("unread_date", "line 3: 'soon' is not read as one date")
    assert notice.advice == "line 3: 'soon' is not read as one date: look at the dates of the article"
