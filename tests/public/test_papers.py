"""What goes with code and data: citation, licences, datasheet."""

import hashlib
import json
import re
from importlib import import_module
from typing import Any

from tests.workshop import PROJECT


def test_the_citation_has_what_cff_1_2_0_requires() -> None:
    yaml: Any = import_module("yaml")
    found = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    assert found["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(found)
    assert found["authors"] == [{"name": "On the Record contributors"}]
    assert found["type"] in ("software", "dataset")
    assert found["license"] == "Apache-2.0"
    allowed = {
        "cff-version",
        "message",
        "type",
        "title",
        "abstract",
        "version",
        "license",
        "authors",
        "keywords",
    }
    assert set(found) <= allowed
    assert isinstance(found["version"], str)
    assert f'version = "{found["version"]}"' in (PROJECT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_licence_of_the_code_is_the_standard_text() -> None:
    # The SHA-256 of https://www.apache.org/licenses/LICENSE-2.0.txt.
    wanted = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert hashlib.sha256((PROJECT / "LICENSE").read_bytes()).hexdigest() == wanted


def test_the_licence_of_the_data_keeps_four_things_apart() -> None:
    text = (PROJECT / "LICENSE-DATA.md").read_text(encoding="utf-8")
    for topic in ("CC BY 4.0", "Text of articles: not ours", "CC0 1.0", "Weights of the tagger"):
        assert topic in text
    card = (PROJECT / "pipeline/quotes/model/weights/MODEL_CARD.md").read_text(encoding="utf-8")
    words = "Whether weights trained on such texts may be passed on is not settled"
    assert words in " ".join(card.split()) and words in " ".join(text.split())


def test_the_datasheet_has_the_headings_of_gebru_and_figures_that_were_measured() -> None:
    text = (PROJECT / "docs/datasheet.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)", text, flags=re.MULTILINE) == [
        "Motivation",
        "Composition",
        "Collection",
        "Preprocessing and labelling",
        "Uses",
        "Distribution",
        "Maintenance",
    ]
    scores = json.loads((PROJECT / "pipeline/quotes/model/weights/scores.json").read_text())
    for measure in ("content_iou50", "end_to_end"):
        precision, recall = (100 * scores[measure][f"all {kind}"] for kind in ("precision", "recall"))
        assert f"precision {precision:.1f}, recall {recall:.1f} %" in text
    by_kind = [100 * scores["content_iou50"][f"{kind} f1"] for kind in ("direct", "mixed", "indirect")]
    assert ", ".join(f"{value:.1f}" for value in by_kind) + " %" in text
    audit = (PROJECT / "docs/decisions/topic-audit.md").read_text(encoding="utf-8")
    assert "| first reader | 3 (5 %)" in audit and "3 and 4 of 60" in text
    assert "make evaluate" in text
