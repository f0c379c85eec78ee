"""Which quote of the old dataset is which of the new one, when the extractor drew its boundary otherwise."""

from collections.abc import Iterator

import polars as pl

from pipeline.corrections.binding import LEAST_OVERLAP, share
from pipeline.diff.releases import Release

_COLUMNS = ("quote_id", "article_id", "char_start", "char_end")

Place = tuple[str, int, int]


def changed_ids(old: Release, new: Release, corrected: dict[str, str]) -> dict[str, str]:
    """Return the new id of each quote whose id changed: by correction, or by best overlap in its raw file.

    `corrected` are old ids with new ones that the table of corrections tells. Pairs are taken from the best
    overlap (of all from start to end) down to a half; no quote stands in two pairs.
    """
    if not old.has("quotes") or not new.has("quotes"):
        return {}
    before = pl.concat(old.read("quotes", _COLUMNS)) if old.has("quotes") else pl.DataFrame()
    after = pl.concat(new.read("quotes", _COLUMNS))
    gone = before.join(after, on="quote_id", how="anti")
    added = after.join(before, on="quote_id", how="anti")
    ids = {a: b for a, b in corrected.items() if a in set(gone["quote_id"]) and b in set(added["quote_id"])}
    there = _by_article(added, set(ids.values()))
    for article_id, quotes in _by_article(gone, set(ids)).items():
        ids.update(_paired(quotes, there.get(article_id, [])))
    return ids


def _by_article(frame: pl.DataFrame, without: set[str]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for quote_id, article_id, start, end in frame.select(_COLUMNS).iter_rows():
        if quote_id not in without:
            found.setdefault(article_id, []).append((quote_id, start, end))
    return found


def _paired(old: list[Place], new: list[Place]) -> Iterator[tuple[str, str]]:
    overlaps = sorted(
        (-overlap, before[0], after[0])
        for before in old
        for after in new
        if before[1] < after[2]
        and after[1] < before[2]
        and (overlap := share([before[1:]], [after[1:]])) >= LEAST_OVERLAP
    )
    taken: set[str] = set()
    for _, before_id, after_id in overlaps:
        if before_id not in taken and after_id not in taken:
            taken |= {before_id, after_id}
            yield before_id, after_id
