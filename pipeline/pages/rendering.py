"""Pages from what they show. Everything is escaped but what `marked_text` and the plots made."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=False,
    )
    return environment.get_template(name)


def rendered(template: str, shown: Mapping[str, Any], up: str) -> bytes:
    """Return a page. `up` leads from its folder to the folder `report`."""
    # Two steps and not one template that extends the other, which is slower by a third.
    body = _template(template).render(shown)
    page = _template("page.html").render(title=shown["title"], body=Markup(body), up=up)
    return page.encode()
