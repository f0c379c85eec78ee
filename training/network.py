"""The attribution network: the lower layers of a MiniLM encoder, an anchor head and a pair head."""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from training.batches import Batch
from training.shapes import (
    ANCHOR_CLASSES,
    FAR,
    FLAGS,
    HEADS,
    HIDDEN,
    INNER,
    NEAR,
    PAIR,
    POSITIONS,
    ROLES,
    STEPS,
    VOCABULARY,
)

# What the base model does not have; it learns faster.
NEW_PARTS = frozenset(("anchor", "aux", "token", "head", "distance", "smooth", "role", "flag"))


def distance_bucket(offset: Tensor) -> Tensor:
    """Return the bucket of a signed distance in pieces, 0 to 2 * (NEAR + STEPS)."""
    size = offset.abs()
    log = torch.log(size.clamp(min=NEAR) / NEAR) / math.log(FAR / NEAR)
    far = NEAR + (log * STEPS).ceil().clamp(max=STEPS).long()
    return torch.where(size <= NEAR, size, far) * offset.sign() + NEAR + STEPS


class Layer(nn.Module):
    """One post-norm transformer layer, as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the layer's output; `mask` is true where a key may be seen."""
        b, n, _ = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.out(a.transpose(1, 2).reshape(b, n, HIDDEN)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class AttributionNet(nn.Module):
    """Anchors (heads of cues) and, for each anchor, the role of every piece."""

    def __init__(self, layers: int, dropout: float) -> None:
        super().__init__()
        self.word = nn.Embedding(VOCABULARY, HIDDEN)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.flag = nn.Embedding(FLAGS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.drop = nn.Dropout(dropout)
        self.anchor = nn.Linear(HIDDEN, ANCHOR_CLASSES)
        self.aux = nn.Linear(HIDDEN, ROLES - 1)
        self.token = nn.Linear(HIDDEN, PAIR)
        self.head = nn.Linear(HIDDEN, 2 * PAIR)
        self.distance = nn.Embedding(2 * (NEAR + STEPS) + 1, PAIR)
        self.smooth = nn.Conv1d(PAIR, PAIR, 5, padding=2)
        self.role = nn.Linear(PAIR, ROLES)
        self.pair_drop = nn.Dropout(dropout)
        nn.init.normal_(self.flag.weight, std=0.01)
        nn.init.zeros_(self.distance.weight)

    def encode(self, ids: Tensor, flags: Tensor, valid: Tensor) -> Tensor:
        """Return the hidden states of a padded batch."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.word(ids) + self.position(positions) + self.flag(flags)
        x = self.drop(self.norm(x))
        mask = valid[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def pairs(self, hidden: Tensor, rows: Tensor, at: Tensor, valid: Tensor) -> Tensor:
        """Return role logits (anchors × pieces × roles) for anchors at (rows, at)."""
        token = self.token(hidden)
        scale, shift = self.head(self.pair_drop(hidden[rows, at])).chunk(2, dim=-1)
        n = hidden.shape[1]
        offset = torch.arange(n)[None, :] - at[:, None]
        distance = self.distance(distance_bucket(offset))
        z = F.relu(token[rows] * (1 + scale)[:, None] + shift[:, None] + distance)
        z = self.pair_drop(z) * valid[rows][:, :, None]
        z = z + F.relu(self.smooth(z.transpose(1, 2)).transpose(1, 2))
        return self.role(z)


def load_base(net: AttributionNet, path: Path) -> None:
    """Fill the encoder with the weights of a BERT-shaped safetensors file, layers from the bottom."""
    base = {k.removeprefix("bert."): v for k, v in load_file(path).items()}
    embeddings = "embeddings."
    own = {
        "word.weight": base[embeddings + "word_embeddings.weight"],
        "position.weight": base[embeddings + "position_embeddings.weight"]
        + base[embeddings + "token_type_embeddings.weight"][0],
        "norm.weight": base[embeddings + "LayerNorm.weight"],
        "norm.bias": base[embeddings + "LayerNorm.bias"],
    }
    for i in range(len(net.layers)):
        for kind in ("weight", "bias"):
            source = f"encoder.layer.{i}."
            own[f"layers.{i}.qkv.{kind}"] = torch.cat(
                [base[f"{source}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
            for name, theirs in {
                "out": "attention.output.dense",
                "norm1": "attention.output.LayerNorm",
                "up": "intermediate.dense",
                "down": "output.dense",
                "norm2": "output.LayerNorm",
            }.items():
                own[f"layers.{i}.{name}.{kind}"] = base[f"{source}{theirs}.{kind}"]
    unexpected = net.load_state_dict(own, strict=False).unexpected_keys
    if unexpected:
        raise ValueError(f"the network has no {', '.join(unexpected)}")


def arrays(net: AttributionNet) -> dict[str, np.ndarray]:
    """Return the weights by name; `distance` has one row for each distance from -FAR to FAR."""
    weights: dict[str, np.ndarray] = {k: v.numpy() for k, v in net.state_dict().items()}
    buckets = distance_bucket(torch.arange(-FAR, FAR + 1)).numpy()
    return weights | {"distance": weights["distance.weight"][buckets]}


def loss(net: AttributionNet, batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """Return the training loss of a batch and its parts."""
    hidden = net.encode(batch.ids, batch.flags, batch.valid)
    anchors = F.cross_entropy(net.anchor(hidden)[batch.body], batch.anchors[batch.body], reduction="sum")
    anchors = anchors / max(1, int((batch.anchors > 0).sum()))
    aux = F.binary_cross_entropy_with_logits(net.aux(hidden)[batch.body], batch.aux[batch.body])
    pairs = hidden.new_zeros(())
    if len(batch.rows):
        logits = net.pairs(hidden, batch.rows, batch.at, batch.valid)
        seen = batch.valid[batch.rows]
        pairs = F.cross_entropy(logits[seen], batch.roles[seen], reduction="sum") / len(batch.rows)
    total = anchors + pairs / 12 + aux
    return total, {"anchor": anchors.item(), "pair": pairs.item(), "aux": aux.item()}
