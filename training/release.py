"""The model folder of a trained network: int8 graph, tokenizer, settings, scores, hashes."""

import importlib.metadata
import json
import platform
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import onnx
import torch

from pipeline.evaluate.gold import GoldDocument
from pipeline.quotes.model.confidence import FEATURES
from pipeline.quotes.model.decoding import Settings
from pipeline.quotes.model.tagger import load
from training.base_model import base_file
from training.confidence import fit, table
from training.gold_scores import Figures, figures, tagged
from training.graph import build
from training.network import AttributionNet, arrays
from training.provenance import OUTPUTS, Record, sha256_of, write_record
from training.recipe import Recipe

CARD = "MODEL_CARD.md"
_PACKAGES = ("numpy", "onnx", "onnxruntime", "tokenizers", "torch")


def write_model(
    folder: Path,
    net: AttributionNet,
    recipe: Recipe,
    held_out: Sequence[GoldDocument],
    dev: Sequence[GoldDocument],
    inputs: Sequence[Path],
) -> tuple[Record, Figures]:
    """Write the files of a model folder; return what is recorded of them, and the scores on dev.

    The confidence is fitted with the int8 graph itself on the held-out documents, and measured on dev.
    """
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(build(arrays(net), recipe.layers), folder / "model.onnx")
    shutil.copyfile(base_file("tokenizer.json"), folder / "tokenizer.json")
    _write_settings(folder, dict.fromkeys(FEATURES, 0.0))
    weights = fit(*table(held_out, tagged(load(folder), held_out)))
    _write_settings(folder, {k: round(float(w), 4) for k, w in zip(FEATURES, weights, strict=True)})

    scores = figures(dev, tagged(load(folder), dev))
    _write_json(folder / "scores.json", scores)
    record: Record = {
        "recipe": asdict(recipe),
        "machine": _machine(),
        "inputs": sha256_of(inputs),
        "outputs": sha256_of(folder / name for name in OUTPUTS),
    }
    write_record(folder, record)
    return record, scores


def _write_settings(folder: Path, confidence: dict[str, float]) -> None:
    _write_json(folder / "settings.json", {"decoder": asdict(Settings()), "confidence": confidence})


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def _machine() -> dict[str, str]:
    versions = {name: importlib.metadata.version(name) for name in _PACKAGES}
    return {
        "python": platform.python_version(),
        "processor": f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}",
        **versions,
    }
