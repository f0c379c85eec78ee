"""Train the network, with fixed seeds, for a fixed number of steps."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from pipeline.evaluate.gold import GoldDocument
from pipeline.progress import Progress
from pipeline.quotes.model.decoding import CANDIDATE, Probabilities, Settings
from pipeline.quotes.model.tagger import Tagger
from pipeline.quotes.model.windows import Pieces, Window, load_tokenizer
from training.augmentation import Augmenter
from training.base_model import base_file
from training.batches import collate
from training.corpus import CorpusDocument
from training.examples import examples, grouped
from training.gold_scores import as_line, figures, tagged
from training.network import NEW_PARTS, AttributionNet, load_base, loss
from training.recipe import Recipe

_TELL_EACH = 100  # steps


class NetworkTagger(Tagger):
    """The tagger on the network that is being trained, in place of an ONNX graph."""

    def __init__(self, net: AttributionNet, tokenizer: Path) -> None:
        super().__init__(None, load_tokenizer(str(tokenizer)), Settings())
        self._net = net.eval()

    def run(self, pieces: Pieces, window: Window) -> Probabilities:
        """Return what the ONNX graph would, without the errors of int8."""
        with torch.no_grad():
            ids, flags = (torch.from_numpy(x)[None] for x in self._inputs(pieces, window))
            valid = torch.ones_like(ids, dtype=torch.bool)
            hidden = self._net.encode(ids, flags, valid)
            anchors = self._net.anchor(hidden)[0].softmax(-1)
            at = torch.nonzero(anchors[:, 0] < 1 - CANDIDATE)[:, 0]
            roles = self._net.pairs(hidden, torch.zeros_like(at), at, valid).softmax(-1)
        return Probabilities(anchors.numpy(), at.numpy(), roles.transpose(1, 2).contiguous().numpy())


def new_network(recipe: Recipe) -> AttributionNet:
    """Return an untrained network of the recipe's size."""
    return AttributionNet(recipe.layers, recipe.dropout)


def train(
    recipe: Recipe,
    documents: Sequence[CorpusDocument],
    watched: Sequence[GoldDocument],
    progress: Progress,
    keep: Callable[[AttributionNet], None],
) -> AttributionNet:
    """Train on the documents and return the network.

    After each pass over them `keep` is called, and what is found in the watched documents is measured. The
    result depends on the recipe, the documents, the base model, and the kernels of torch on this processor.
    """
    torch.set_num_threads(recipe.threads)
    # Without it two threads race in adding up gradients of looked-up rows, and no run is like another.
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    tokenizer = load_tokenizer(str(base_file("tokenizer.json")))
    augment = Augmenter(documents)
    net = new_network(recipe)
    load_base(net, base_file("model.safetensors"))
    optimiser = torch.optim.AdamW(_parameter_groups(net, recipe), fused=True)
    rates = [group["lr"] for group in optimiser.param_groups]
    step = 0
    while step < recipe.steps:
        items = [
            item
            for document in documents
            for item in examples(
                tokenizer,
                augment(document, rng),
                rng.randint(recipe.smallest_window, recipe.largest_window),
            )
        ]
        net.train()
        for group in grouped(items, recipe.batch_pieces, rng)[: recipe.steps - step]:
            share = recipe.rate_share(step)
            for parameters, rate in zip(optimiser.param_groups, rates, strict=True):
                parameters["lr"] = rate * share
            value, parts = loss(net, collate(group))
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), recipe.largest_gradient)
            optimiser.step()
            step += 1
            progress.step("training", step, recipe.steps)
            if step % _TELL_EACH == 0:
                shown = ", ".join(f"{name} {part:.3f}" for name, part in parts.items())
                progress.say(f"step {step:,} of {recipe.steps:,}: loss {shown}")
        keep(net)
        report = figures(watched, tagged(NetworkTagger(net, base_file("tokenizer.json")), watched))
        progress.say(f"step {step:,}: watched documents: {as_line(report)}")
    return net


def _parameter_groups(net: AttributionNet, recipe: Recipe) -> list[dict[str, object]]:
    """Return groups for the optimiser: new parts learn faster; norms and biases do not decay."""
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in net.named_parameters():
        key = (name.split(".")[0] in NEW_PARTS, parameter.ndim > 1)
        groups.setdefault(key, []).append(parameter)
    return [
        {
            "params": parameters,
            "lr": recipe.head_rate if is_new else recipe.rate,
            "weight_decay": recipe.weight_decay if is_matrix else 0.0,
        }
        for (is_new, is_matrix), parameters in groups.items()
    ]
