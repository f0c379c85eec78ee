"""Make the model folder of a checkpoint: int8 graph, tokenizer, settings, confidence.

    release.py CHECKPOINT OUT_FOLDER

The confidence is fitted with the int8 graph itself on the documents of train
that were held out, and measured on dev.
"""

import argparse
import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path

import onnx

from calibrate import fit, measures, table
from corpus import part_of_corpus
from evaluate import TOKENIZER, line, scores
from export import build, load_weights
from pipeline.quotes.model.confidence import FEATURES
from pipeline.quotes.model.decoding import Settings
from pipeline.quotes.model.tagger import Tagger, load
from pipeline.quotes.model.windows import line_paragraphs


def write_settings(folder: Path, weights: dict[str, float]) -> None:
    """Write the decoder's thresholds and the weights of the confidence."""
    stored = {"decoder": asdict(Settings()), "confidence": weights}
    (folder / "settings.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def tagged(tagger: Tagger, documents: list[dict]) -> list[list]:
    """Tag the documents, a line a paragraph."""
    return [tagger.tag(d["text"], line_paragraphs(d["text"])) for d in documents]


def main() -> None:
    """Make the folder and print what it scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    onnx.save(build(load_weights(args.checkpoint), int8=True), args.out / "model.onnx")
    shutil.copy(TOKENIZER, args.out / "tokenizer.json")
    write_settings(args.out, dict.fromkeys(FEATURES, 0.0))

    held_out = part_of_corpus("val") + part_of_corpus("calib")
    x, y, _ = table(held_out, tagged(load(args.out), held_out))
    weights = fit(x, y)
    write_settings(args.out, {k: round(float(w), 4) for k, w in zip(FEATURES, weights, strict=True)})

    dev = part_of_corpus("dev")
    found = tagged(load(args.out), dev)
    print(line(scores(dev, found)))
    _, y, sure = table(dev, found)
    print(measures(sure, y))
    for path in sorted(args.out.iterdir()):
        print(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
