"""Every page is valid HTML, and the style sheet valid CSS, by the Nu Html Checker."""

import json
import subprocess
from pathlib import Path

# The checker takes a file for another origin than the file beside it. test_browser.py shows that Chromium
# does not: without style sheet and script nothing there would hold.
_NOT_SO = "Resource violates Content Security Policy (meta tag): external "


def complaints(command: list[str], *options: str) -> list[str]:
    done = subprocess.run([*command, "--format", "json", *options], capture_output=True, text=True)
    found = json.loads(done.stderr)["messages"]
    return [
        f"{Path(one['url']).name}:{one.get('lastLine')}: {one['message']}"
        for one in found
        if not one["message"].startswith(_NOT_SO)
    ]


def test_the_checker_has_nothing_to_say(html_checker: list[str], report: Path) -> None:
    assert complaints(html_checker, "--skip-non-html", "--no-langdetect", str(report.resolve())) == []


def test_the_checker_looks(html_checker: list[str], tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text("<!doctype html><title>x</title><p id=a><p id=a>")
    assert complaints(html_checker, str(tmp_path / "wrong.html"))
