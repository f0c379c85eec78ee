"""Near duplicates: pairs of articles that have much of their text in common.

The signatures say which pairs to look at; what they have in common is then counted in their texts. What is
in memory for every article is its signature (264 bytes); the shingles of the articles to look at lie in a
temporary file.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import IO

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.document import Row
from pipeline.ingest.signatures import BANDS, FEWEST_SHINGLES, shingles_of

# Share of the shorter article's shingles from which two articles are near duplicates
# (docs/decisions/near-duplicates.md).
LEAST_SHARE = 0.3
# Of very many articles that look alike not every pair is listed: each is paired with the first ones.
_MANY_ALIKE = 100
_FIRST_ONES = 3

# Reads the paragraphs of articles: article id, and its paragraphs.
ReadParagraphs = Callable[[set[str]], Iterable[tuple[str, list[str]]]]
_Hashes = npt.NDArray[np.uint64]


class Signatures:
    """The signatures of all articles, added in pieces."""

    def __init__(self) -> None:
        self._ids: list[pl.Series] = []
        self._same: list[pl.Series] = []
        self._keys: list[npt.NDArray[np.uint32]] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows of the table `signatures`."""
        self._ids.append(frame["article_id"])
        self._same.append(frame["same_words"])
        empty = bytes(BANDS * 4)
        keys = b"".join(empty if one is None else one for one in frame["band_keys"])
        self._keys.append(np.frombuffer(keys, dtype="<u4").reshape(len(frame), BANDS))

    def texts(self, wanted: set[str]) -> dict[str, int | None]:
        """Return the hash of all words of some articles."""
        return {
            article_id: same
            for ids, hashes in zip(self._ids, self._same, strict=True)
            for article_id, same in zip(ids, hashes, strict=True)
            if article_id in wanted
        }

    def candidates(self) -> list[tuple[str, str, bool]]:
        """Return the pairs to look at, the smaller id first, and whether all their words are the same."""
        if not self._ids:
            return []
        ids = pl.concat(self._ids)
        order = ids.arg_sort()
        ids = ids.gather(order)
        same = pl.concat(self._same).gather(order)
        keys = np.concatenate(self._keys)[order.to_numpy()]
        same_pairs = set(_alike(same.fill_null(0).to_numpy()))
        pairs = same_pairs.union(*(_alike(keys[:, band]) for band in range(BANDS)))
        return [(ids[first], ids[second], (first, second) in same_pairs) for first, second in sorted(pairs)]


@dataclass(frozen=True)
class Compared:
    """Two articles and the share that they have in common; `key` names both with their texts."""

    first: str
    second: str
    key: str
    share: float


def near_duplicates(signatures: Signatures, read_paragraphs: ReadParagraphs) -> list[Row]:
    """Return the rows of article_pairs, in order of their key."""
    return pair_rows(compare(signatures, read_paragraphs, {}))


def pair_rows(compared: Iterable[Compared]) -> list[Row]:
    """Return the rows of article_pairs for the pairs that have enough in common."""
    return [
        {
            "article_id": pair.first,
            "other_article_id": pair.second,
            "relation": "near_duplicate",
            "share": round(pair.share, 4),
        }
        for pair in compared
        if pair.share >= LEAST_SHARE
    ]


def compare(
    signatures: Signatures, read_paragraphs: ReadParagraphs, known: Mapping[str, float]
) -> list[Compared]:
    """Return every pair that was worth comparing, in order of the ids.

    `known` holds shares of earlier builds by their key; the texts of other pairs are read.
    """
    candidates = signatures.candidates()
    texts = signatures.texts({article for first, second, _ in candidates for article in (first, second)})
    keys = [f"{first} {texts[first]} {second} {texts[second]}" for first, second, _ in candidates]
    new = {
        article
        for (first, second, is_same), key in zip(candidates, keys, strict=True)
        if not is_same and key not in known
        for article in (first, second)
    }
    found = []
    with tempfile.TemporaryFile() as file:
        shingles = _Shingles(file, read_paragraphs(new) if new else ())
        for (first, second, is_same), key in zip(candidates, keys, strict=True):
            share = 1.0 if is_same else known.get(key)
            if share is None:
                share = _share(shingles.of(first), shingles.of(second))
            found.append(Compared(first, second, key, share))
    return found


class _Shingles:
    """The shingles of articles as sorted 64-bit hashes, in a file."""

    def __init__(self, file: IO[bytes], articles: Iterable[tuple[str, list[str]]]) -> None:
        self._file = file
        self._place: dict[str, tuple[int, int]] = {}
        for article_id, paragraphs in articles:
            hashes = np.sort(pl.Series(list(shingles_of(paragraphs)), dtype=pl.String).hash().to_numpy())
            self._place[article_id] = (file.tell(), len(hashes))
            file.write(hashes.tobytes())

    def of(self, article_id: str) -> _Hashes:
        """Return the hashes of an article's shingles, sorted."""
        start, length = self._place[article_id]
        self._file.seek(start)
        return np.frombuffer(self._file.read(8 * length), dtype=np.uint64)


def _share(first: _Hashes, second: _Hashes) -> float:
    """Return the share of the shorter text's shingles that stand in the other too."""
    smaller = min(len(first), len(second))
    if smaller < FEWEST_SHINGLES:
        return 0.0
    return len(np.intersect1d(first, second, assume_unique=True)) / smaller


def _alike(values: npt.NDArray[np.unsignedinteger]) -> Iterator[tuple[int, int]]:
    """Give the pairs of places, the smaller first, that hold the same number; 0 stands for none."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ends = np.r_[starts[1:], len(ordered)]
    for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
        if ordered[start] == 0:
            continue
        places = order[start:end].tolist()
        if len(places) <= _MANY_ALIKE:
            yield from combinations(places, 2)
        else:
            yield from (
                (places[first], later) for first in range(_FIRST_ONES) for later in places[first + 1 :]
            )
