"""The recipe of the published weights: every number that a run of the training depends on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Size of the network, course of the training, seed. Rates are per step, sizes in word pieces."""

    layers: int = 4  # of the base model's six, from the bottom
    dropout: float = 0.1  # after the embeddings and in the pair head; none inside the encoder
    steps: int = 2600
    warm_up: int = 80  # first steps, in which the rate rises
    decay: int = 2450  # last steps, in which the rate falls to nothing
    rate: float = 1.5e-4  # of the encoder
    head_rate: float = 6e-4  # of what the base model does not have
    weight_decay: float = 0.01
    largest_gradient: float = 1.0
    batch_pieces: int = 1536
    smallest_window: int = 128  # each document is cut into windows of a size drawn from this range
    largest_window: int = 224
    threads: int = 2  # the order of sums, and so the last bits, depend on it
    seed: int = 20261122

    def rate_share(self, step: int) -> float:
        """Return the share of the full rates that a step (from 0) is taken with: it rises, stays, falls."""
        return min((step + 1) / self.warm_up, 1.0, (self.steps - step) / self.decay)


RECIPE = Recipe()
