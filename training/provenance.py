"""What the weights were made of, and whether they are the published ones, by SHA-256."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HASHES = "hashes.json"
# The files of a model folder that training makes, beside HASHES itself and the card, which people write.
OUTPUTS = ("model.onnx", "scores.json", "settings.json", "tokenizer.json")

Record = dict[str, dict[str, Any]]


def sha256_of(paths: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of files by their names, in order of name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths, key=_name)}


def _name(path: Path) -> str:
    return path.name


def write_record(folder: Path, record: Mapping[str, Mapping[str, Any]]) -> None:
    """Write recipe, machine, inputs and outputs of a model folder."""
    (folder / HASHES).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def read_record(folder: Path) -> Record:
    """Read what `write_record` wrote; empty where there is nothing."""
    path = folder / HASHES
    if not path.is_file():
        return {}
    found: Record = json.loads(path.read_bytes())
    return found


def differences(record: Record, published: Record) -> list[str]:
    """Return how a record differs from the published one, a line each; empty: the same bytes.

    Machines and versions are no difference by themselves; they are told where the outputs differ.
    """
    if not published:
        return ["nothing is published that it could be compared with"]
    found = _different("output", record, published)
    if not found:
        return []
    return found + [
        line for part in ("input", "recipe", "machine") for line in _different(part, record, published)
    ]


def _different(part: str, record: Record, published: Record) -> list[str]:
    key = part if part in ("recipe", "machine") else f"{part}s"
    here, there = record.get(key, {}), published.get(key, {})
    return [
        f"{part} {name}: {here.get(name, 'missing')}, published {there.get(name, 'missing')}"
        for name in sorted({*here, *there})
        if here.get(name) != there.get(name)
    ]
