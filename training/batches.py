"""Padded batches of examples, as tensors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.examples import Example


@dataclass(frozen=True)
class Batch:
    """A padded batch of windows with their gold anchors and roles; windows × pieces where nothing is said."""

    ids: Tensor
    flags: Tensor
    valid: Tensor  # what is not padding
    body: Tensor  # pieces on which anchors are learned
    anchors: Tensor  # class of each piece
    aux: Tensor  # windows × pieces × roles: roles of each piece in any attribution
    rows: Tensor  # window of each gold anchor
    at: Tensor  # piece of each gold anchor
    roles: Tensor  # gold anchors × pieces


def collate(group: Sequence[Example]) -> Batch:
    """Pad a group of windows into a batch."""
    n = max(len(item.ids) for item in group)

    def padded(arrays: list[np.ndarray]) -> Tensor:
        widths = [[(0, n - len(a)), *[(0, 0)] * (a.ndim - 1)] for a in arrays]
        return torch.from_numpy(np.stack([np.pad(a, w) for a, w in zip(arrays, widths, strict=True)]))

    rows = np.concatenate([np.full(len(item.at), i, np.int64) for i, item in enumerate(group)])
    roles = np.concatenate([np.pad(item.roles, ((0, 0), (0, n - len(item.ids)))) for item in group])
    return Batch(
        ids=padded([item.ids for item in group]),
        flags=padded([item.flags for item in group]),
        valid=padded([np.ones(len(item.ids), dtype=bool) for item in group]),
        body=padded([item.body for item in group]),
        anchors=padded([item.anchors for item in group]),
        aux=padded([item.aux for item in group]),
        rows=torch.from_numpy(rows),
        at=torch.from_numpy(np.concatenate([item.at for item in group])),
        roles=torch.from_numpy(roles),
    )
