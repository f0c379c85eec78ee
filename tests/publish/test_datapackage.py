"""`datapackage.json` says of every table what its schema says, and the validator of Frictionless agrees."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import frictionless
import polars as pl
import pytest

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.datapackage import constraint_of


@pytest.fixture(scope="module")
def package(sample_dataset: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((sample_dataset / "datapackage.json").read_bytes())
    return found


def resource(package: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [one for one in package["resources"] if one["name"] == name]
    return dict(found)


def field(package: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    [found] = [one for one in resource(package, table)["schema"]["fields"] if one["name"] == name]
    return dict(found)


def test_a_resource_is_the_file_of_a_table(package: dict[str, Any], sample_dataset: Path) -> None:
    assert [one["name"] for one in package["resources"]] == list(TABLE_BY_NAME)
    for one in package["resources"]:
        content = (sample_dataset / one["path"]).read_bytes()
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert one["format"] == "parquet"


def test_the_rules_of_the_schema_are_constraints(package: dict[str, Any]) -> None:
    assert field(package, "quotes", "quote_type")["constraints"] == {
        "required": True,
        "enum": ["direct", "indirect", "mixed"],
    }
    assert field(package, "quotes", "confidence")["constraints"] == {"minimum": 0, "maximum": 1}
    assert field(package, "quotes", "cue_polarity")["constraints"] == {"enum": [-1, 0, 1]}
    assert field(package, "topic_terms", "weight")["constraints"]["exclusiveMinimum"] == 0
    assert field(package, "articles", "article_id")["constraints"] == {
        "required": True,
        "unique": True,
        "pattern": "^[0-9a-f]{16}(-[1-9][0-9]*)?$",
    }
    assert field(package, "quotes", "char_start")["unit"].startswith("code points")


def test_every_check_of_every_schema_has_its_constraint() -> None:
    checks = [
        check for table in TABLE_BY_NAME for c in schema_of(table).columns.values() for check in c.checks
    ]
    assert {constraint_of(check)[0] for check in checks} == {
        "enum",
        "exclusiveMinimum",
        "maximum",
        "minimum",
        "pattern",
    }


def test_keys_and_references_stand_in_it(package: dict[str, Any]) -> None:
    quotes = resource(package, "quotes")["schema"]
    assert quotes["primaryKey"] == ["article_id", "quote_no"]
    keys = [(key["fields"], key["reference"]) for key in quotes["foreignKeys"]]
    assert (["article_id"], {"resource": "articles", "fields": ["article_id"]}) in keys
    assert (["parent_quote_id"], {"resource": "", "fields": ["quote_id"]}) in keys
    assert "primaryKey" not in resource(package, "speaker_roles")["schema"]


def test_frictionless_takes_the_metadata(package: dict[str, Any], sample_dataset: Path) -> None:
    assert list(frictionless.Package.metadata_validate(package)) == []
    # A Path of a link outside the folder would be refused as unsafe.
    assert len(frictionless.Package(str(sample_dataset / "datapackage.json")).resources) == len(TABLE_BY_NAME)


def test_frictionless_finds_nothing_wrong_in_the_data(sample_dataset: Path) -> None:
    report = frictionless.Package(str(sample_dataset / "datapackage.json")).validate()
    assert [task.errors[0].message for task in report.tasks if task.errors] == []
    assert (report.valid, len(report.tasks)) == (True, len(TABLE_BY_NAME))


@pytest.mark.parametrize(
    ("table", "broken", "error"),
    [
        ("quote_speakers", {"speaker_id": pl.lit("nobody")}, "foreign-key"),
        ("quotes", {"quote_type": pl.lit("sung")}, "constraint-error"),
        ("quotes", {"cue_polarity": pl.lit(7, pl.Int32)}, "constraint-error"),
        ("quotes", {"confidence": pl.lit(1.5)}, "constraint-error"),
    ],
)
def test_frictionless_finds_what_breaks_a_rule(
    sample_dataset: Path, tmp_path: Path, table: str, broken: dict[str, pl.Expr], error: str
) -> None:
    dataset = tmp_path / "dataset"
    shutil.copytree(sample_dataset.resolve(), dataset)
    path = dataset / f"{table}.parquet"
    pl.read_parquet(path).with_columns(**broken).write_parquet(path)
    package = json.loads((dataset / "datapackage.json").read_bytes())
    for one in package["resources"]:
        # The hash is of the file as it was.
        del one["hash"]
    report = frictionless.Package(package, basepath=str(dataset)).validate()
    assert {found.type for task in report.tasks for found in task.errors} == {error}
