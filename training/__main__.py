"""Make the weights of the quote tagger: train, export, calibrate, measure. `make model` runs it."""

import argparse
import pickle
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from pipeline.evaluate.gold import GoldDocument, read_gold
from pipeline.faults import Fault
from pipeline.progress import Progress
from pipeline.quotes.stage import WEIGHTS
from training.base_model import base_file
from training.corpus import DEV, TRAIN, CorpusDocument, corpus_file, divide, read_documents
from training.gold_scores import as_line
from training.network import AttributionNet
from training.provenance import HASHES, OUTPUTS, differences, read_record
from training.recipe import RECIPE
from training.release import CARD, write_model
from training.train import new_network, train

_WORK = Path(__file__).parents[1] / ".cache" / "training"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    progress = Progress()
    try:
        _make(options.model, options.work, options.network, progress)
    except Fault as fault:
        progress.say(f"error: {fault}")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training", description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument(
        "--model", type=Path, default=WEIGHTS, help="folder into which the weights are written"
    )
    parser.add_argument("--work", type=Path, default=_WORK, help="folder for what is made on the way")
    parser.add_argument(
        "--network",
        type=Path,
        metavar="FILE",
        help="do not train: take the network that an earlier run left in the work folder as network.pt",
    )
    return parser


def _make(model: Path, work: Path, network: Path | None, progress: Progress) -> None:
    corpora = [corpus_file(TRAIN), corpus_file(DEV)]
    inputs = [*corpora, base_file("model.safetensors"), base_file("tokenizer.json")]
    published = read_record(WEIGHTS)
    parts = divide(read_documents(corpora[0]))
    gold = {document.doc_id: document for document in _gold(corpora[0])}

    def gold_of(documents: Sequence[CorpusDocument]) -> list[GoldDocument]:
        return [gold[document["doc_id"]] for document in documents]

    work.mkdir(parents=True, exist_ok=True)
    # From here on in both cases, so that a network that is read again gives the same files.
    torch.set_num_threads(RECIPE.threads)
    if network:
        net = _read_network(network)
    else:
        net = train(
            RECIPE, parts.fit, gold_of(parts.watch), progress, lambda net: _keep(net, work / "network.pt")
        )
    progress.say("exporting, calibrating and measuring")
    record, scores = write_model(
        work / "weights", net, RECIPE, gold_of(parts.watch + parts.calibrate), _gold(corpora[1]), inputs
    )
    _publish(work / "weights", model)
    print(f"dev, speech only, percent (precision/recall/F1): {as_line(scores)}")
    print(f"all scores: {model / 'scores.json'}")
    different = differences(record, published)
    print(f"same bytes as published: {'no' if different else 'yes'}")
    for line in different:
        print(f"  {line}")


def _gold(path: Path) -> tuple[GoldDocument, ...]:
    return read_gold([path], speech_only=True)[0].documents


def _keep(net: AttributionNet, path: Path) -> None:
    torch.save(net.state_dict(), path)


def _read_network(path: Path) -> AttributionNet:
    net = new_network(RECIPE)
    try:
        net.load_state_dict(torch.load(path, weights_only=True))
    except (OSError, RuntimeError, pickle.UnpicklingError):
        raise Fault(
            f"{path} holds no network of {RECIPE.layers} layers", "name the network.pt of an earlier run"
        ) from None
    return net


def _publish(made: Path, folder: Path) -> None:
    """Put the finished files in their place, each at once; the hashes come last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*OUTPUTS, HASHES):
        new = folder / f"{name}.new"
        shutil.copyfile(made / name, new)
        new.replace(folder / name)
    if not (folder / CARD).exists():
        shutil.copyfile(WEIGHTS / CARD, folder / CARD)


if __name__ == "__main__":
    sys.exit(main())
