"""Writes the folder `report/` of a release from its tables, page by page, only what changed.

A page has a fingerprint of the rows that it shows. What the pages need to know of all articles, and the
fingerprints of the pages of the release before, are kept in the cache; without them every page is made anew,
with the same bytes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.pages.document_page import document_page, headline
from pipeline.pages.event_page import event_list, event_page, event_rows
from pipeline.pages.kept_pages import Folder, no_pages
from pipeline.pages.labels import read_labels
from pipeline.pages.listing_page import Said, speaker_page, topic_page
from pipeline.pages.listings import Place, page_file, paged, places
from pipeline.pages.lists import (
    AUTHORITY_LIST,
    document_list,
    outlet_list,
    speaker_list,
    topic_list,
    with_list,
)
from pipeline.pages.overview import plots
from pipeline.pages.release_tables import ReleaseTables
from pipeline.pages.rendering import STATIC, rendered
from pipeline.pages.safe_text import file_name, on_one_line, shortened
from pipeline.pages.search_index import bucket_of, bucket_scripts, n_buckets, n_groups, speaker_script
from pipeline.pages.summaries import SLICE, TABLES, Frames, columns, summaries
from pipeline.parts import Kept

REPORT = "report"
# Quotes that are held in memory to fill pages of speakers and topics.
_QUOTES_AT_ONCE = 20_000
_SHOWN_OF_QUOTES = (
    "quote_id",
    "article_id",
    "quote_no",
    "quote_type",
    "quote_text",
    "cue",
    "speaker_name",
    "source_mention",
    "n_speakers",
    "resolution",
    "illocution",
    "is_negated",
    "confidence",
)
_SHOWN_OF_ARTICLES = (
    "article_id",
    "raw_path",
    "headline",
    "analysis_date",
    "analysis_date_imputed",
    "outlet_id",
    "document_type",
    "is_translation",
    "n_quotes",
)
_NEWEST = 10

Row = Mapping[str, Any]


def write_report(release: Path, before: Path | None, notes: Kept, *, verify: bool = False) -> dict[str, str]:
    """Write `release/report` and return the hash of each of its files by its path in the release.

    `before` is the release that stands now, from which unchanged pages are linked; with `verify` they are
    read before, else trusted when size and time are those that were noted.
    """
    noted = notes.load()
    report = Report(ReleaseTables(release), noted)
    old = before / REPORT if before else None
    folder = Folder(
        release / REPORT,
        old if old and old.is_dir() else None,
        noted["pages"] if noted else no_pages(),
        verify,
    )
    report.write(folder)
    notes.save({**report.summaries, "pages": folder.noted()})
    return {f"{REPORT}/{path}": sha256 for path, sha256 in folder.hashes().items()}


class Report:
    """What all pages are made from: the tables of a release and summaries of all articles."""

    def __init__(self, tables: ReleaseTables, noted: Frames | None) -> None:
        self._tables = tables
        self.summaries = summaries(tables, noted)
        self._said = self.summaries["said"]
        self._about = self.summaries["about"]
        self._articles = tables.whole("articles", _SHOWN_OF_ARTICLES)
        self._n_events = tables.whole("statement_coverage", ("event_id",))["event_id"].n_unique()
        self._pairs = tables.whole("article_pairs", ("article_id", "other_article_id", "share"))
        voices = self._said.group_by("speaker_key").agg(
            pl.col("speaker_name").min().alias("name"),
            pl.col("article_id").n_unique().alias("n_articles"),
            pl.len().alias("n"),
        )
        in_authority = ~pl.col("speaker_key").str.starts_with(":")
        # A name of one article only has its quotes on the page of that article.
        self._voices = voices.filter(in_authority | (pl.col("n_articles") > 1)).sort("speaker_key")
        self._names = dict(voices.select("speaker_key", "name").iter_rows())
        self._labels = read_labels(tables, frozenset(self._voices["speaker_key"]))
        self._n_buckets = n_buckets(len(self._articles))
        small = hashlib.sha256(self._labels.fingerprint.encode()).digest()
        self._base = int.from_bytes(small[:8], "little")

    def write(self, folder: Folder) -> None:
        """Write every page that is not as it was."""
        documents = self._document_units()
        said = self._said.join(self._voices.select("speaker_key"), on="speaker_key", how="semi")
        # Two speakers of one document may share their name, and speak together.
        said = said.unique(["speaker_key", "article_id", "quote_no"], maintain_order=True)
        speakers, topics = paged(said, "speaker_key"), paged(self._about, "topic_id")
        of_speakers = self._listing_units("speakers", speakers, "speaker_key", documents)
        of_topics = self._listing_units("topics", topics, "topic_id", documents)
        buckets = documents.group_by(bucket=bucket_of(pl.col("article_id"), self._n_buckets)).agg(
            pl.col("fingerprint").sum()
        )
        buckets = buckets.with_columns(unit=pl.format("search/{}/{}", pl.lit(self._n_buckets), "bucket"))
        article_list, voice_list = self._paged_articles(), with_list(self._voices)
        of_article_list = self._listing_units("lists", article_list, "list", documents)
        of_voice_list = self._voice_list_units(voice_list)
        frames = (documents, of_speakers, of_topics, buckets, of_article_list, of_voice_list)
        units = [frame.select("unit", "fingerprint") for frame in frames]
        taken = folder.take_over(pl.concat(units))
        stale = ~pl.col("unit").is_in(taken)
        self._write_documents(folder, documents.filter(stale))
        self._write_listings(folder, "speakers", "speaker_key", speakers, of_speakers, stale)
        self._write_listings(folder, "topics", "topic_id", topics, of_topics, stale)
        self._write_buckets(folder, buckets.filter(stale))
        self._write_document_lists(folder, article_list, of_article_list, stale)
        self._write_speaker_lists(folder, voice_list, of_voice_list.filter(stale))
        self._write_empty_topics(folder)
        self._write_events(folder, documents)
        for path, content in self._small_pages():
            folder.write(path, 0, path, content)

    def _document_units(self) -> pl.DataFrame:
        """Return the page of each document with the number that changes with what it shows."""
        # Which of its speakers have a page shows on it, and with which other articles it shares text.
        linked = self._said.select("article_id", "speaker_key").unique()
        linked = linked.join(self._voices.select("speaker_key"), on="speaker_key", how="semi")
        pairs = self._pairs
        turned = pairs.select(article_id="other_article_id", other_article_id="article_id", share="share")
        both = pl.concat([pairs, turned])
        pieces = [
            self.summaries["documents"].select("article_id", "fingerprint"),
            linked.select("article_id", fingerprint=linked.hash_rows(101)),
            both.select("article_id", fingerprint=both.hash_rows(102)),
        ]
        found = pl.concat(pieces).group_by("article_id").agg(pl.col("fingerprint").sum()).sort("article_id")
        unit = pl.format("documents/{}", "article_id")
        return self._with_base(found.with_columns(unit=unit))

    def _listing_units(
        self, kind: str, listed: pl.DataFrame, group: str, documents: pl.DataFrame
    ) -> pl.DataFrame:
        """Return the pages of a listing with the number that changes with what they show."""
        rows = listed.select(group, "article_id", "quote_no", "day", "event_id")
        hashed = listed.select(group, "page", "article_id", of_row=rows.hash_rows(103)).join(
            documents.select("article_id", of_document="fingerprint"), on="article_id"
        )
        of_rows = hashed.group_by(group, "page").agg(
            fingerprint=pl.col("of_row").sum() + pl.col("of_document").sum()
        )
        found = places(listed, group)
        own = found.select(group, "opens", "before", "after", "day", "n", "others").hash_rows(104)
        found = found.with_columns(own=own).join(of_rows, on=[group, "page"], maintain_order="left")
        unit = pl.format("{}/{}/{}", pl.lit(kind), group, "opens")
        return self._with_base(found.with_columns(pl.col("fingerprint") + pl.col("own"), unit=unit))

    def _with_base(self, units: pl.DataFrame) -> pl.DataFrame:
        return units.with_columns(pl.col("fingerprint") + pl.lit(self._base, pl.UInt64))

    # Documents

    def _write_documents(self, folder: Folder, stale: pl.DataFrame) -> None:
        wanted = dict(stale.select("article_id", "fingerprint").iter_rows())
        if not wanted:
            return
        pairs: dict[str, list[tuple[str, float]]] = {}
        for one, other, share in self._pairs.iter_rows():
            pairs.setdefault(one, []).append((other, share))
            pairs.setdefault(other, []).append((one, share))
        stems = sorted({article_id[:16] for article_id in wanted})
        for bounds in self._tables.slices():
            if any(bounds[0] <= stem <= bounds[1] for stem in stems):
                for article_id, shown in self._documents(bounds, wanted, pairs):
                    page = rendered("document.html", shown, "../")
                    unit = f"documents/{article_id}"
                    folder.write(unit, wanted[article_id], f"{unit}.html", page)

    def _documents(
        self, bounds: tuple[str, str], wanted: Mapping[str, int], pairs: Mapping[str, list[tuple[str, float]]]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        read: Frames = {}
        for table in TABLES:
            frame = self._tables.rows(table, bounds, columns(self._tables, table))
            if "article_id" not in frame.columns:
                frame = frame.with_columns(article_id=pl.col("quote_id").str.extract("^([^:]*)", 1))
            read[table] = frame.filter(pl.col("article_id").is_in(sorted(wanted)))
        texts = dict(read["article_text"].select("article_id", "text").iter_rows())
        of = {name: _by_article(read[name]) for name in ("blocks", "quotes", "quote_spans", "quote_speakers")}
        topics: dict[str, list[str]] = {}
        assigned = read["topic_assignments"].filter(unit="article").sort("article_id", "rank")
        for article_id, topic_id in assigned.select("article_id", "topic_id").iter_rows():
            topics.setdefault(article_id, []).append(topic_id)
        for article in read["articles"].iter_rows(named=True):
            article_id = article["article_id"]
            speakers: dict[str, list[Row]] = {}
            for row in of["quote_speakers"].get(article_id, ()):
                speakers.setdefault(row["quote_id"], []).append(row)
            yield (
                article_id,
                document_page(
                    article,
                    texts[article_id],
                    of["blocks"].get(article_id, ()),
                    of["quotes"].get(article_id, ()),
                    of["quote_spans"].get(article_id, ()),
                    speakers,
                    topics.get(article_id, ()),
                    pairs.get(article_id, ()),
                    self._labels,
                ),
            )

    # Pages of speakers and topics

    def _write_listings(
        self, folder: Folder, kind: str, group: str, listed: pl.DataFrame, pages: pl.DataFrame, stale: pl.Expr
    ) -> None:
        articles: dict[str, Row] | None = None
        batches = (pl.col("rows").cum_sum() // _QUOTES_AT_ONCE).alias("batch")
        for batch in pages.filter(stale).with_columns(batches).partition_by("batch", maintain_order=True):
            if articles is None:
                articles = {row["article_id"]: row for row in self._articles.iter_rows(named=True)}
            here = listed.join(batch.select(group, "page"), on=[group, "page"], maintain_order="left")
            quotes = self._tables.of_quotes("quotes", here.select("article_id", "quote_no"), _SHOWN_OF_QUOTES)
            by_place = {(row["article_id"], row["quote_no"]): row for row in quotes.iter_rows(named=True)}
            by_page = here.partition_by(group, "page", maintain_order=True, as_dict=True)
            for about in batch.iter_rows(named=True):
                key = about[group]
                found = [
                    Said(row, by_place[row["article_id"], row["quote_no"]], articles[row["article_id"]])
                    for row in by_page[key, about["page"]].iter_rows(named=True)
                ]
                place = _place(about, pages, group)
                if kind == "speakers":
                    shown = speaker_page(key, self._names[key], found, place, self._labels)
                    name = self._labels.speaker_file(key)
                else:
                    shown = topic_page(key, found, place, self._labels)
                    name = self._labels.topic_file(key)
                path = f"{kind}/{page_file(name, place.opens)}"
                content = rendered("listing.html", shown, "../")
                folder.write(about["unit"], about["fingerprint"], path, content)

    def _write_empty_topics(self, folder: Folder) -> None:
        """Write a page for each topic without quotes, since documents link to their topics."""
        for topic_id in sorted(set(self._labels.topics) - set(self._about["topic_id"].unique())):
            shown = topic_page(topic_id, [], Place(), self._labels)
            path = self._labels.topic_page(topic_id)
            folder.write(path, 0, path, rendered("listing.html", shown, "../"))

    # Events

    def _write_events(self, folder: Folder, documents: pl.DataFrame) -> None:
        tables = ("statement_coverage", "statements", "statement_quotes")
        rows = event_rows(*(self._tables.whole(table) for table in tables))
        shown = rendered("list.html", event_list(rows, self._labels), "../")
        folder.write("lists/events", 0, "lists/events.html", shown)
        if rows.is_empty():
            return
        of_documents = rows.select("event_id", "article_id").unique()
        of_documents = of_documents.join(documents.select("article_id", "fingerprint"), on="article_id")
        pieces = [
            rows.select("event_id", fingerprint=rows.hash_rows(106)),
            of_documents.select("event_id", "fingerprint"),
        ]
        summed = pl.concat(pieces).group_by("event_id").agg(pl.col("fingerprint").sum()).sort("event_id")
        units = self._with_base(summed.with_columns(unit=pl.format("events/{}", "event_id")))
        taken = folder.take_over(units.select("unit", "fingerprint"))
        stale = units.filter(~pl.col("unit").is_in(sorted(taken)))
        rows = rows.join(stale.select("event_id"), on="event_id", how="semi", maintain_order="left")
        ids = {*rows["quote_id"].drop_nulls(), *rows["gist_quote_id"].drop_nulls()}
        columns_shown = ("quote_id", "speaker_name", "cue")
        found = self._tables.with_quote_ids("quotes", ids, columns_shown) if ids else pl.DataFrame()
        quotes = {row["quote_id"]: row for row in found.iter_rows(named=True)}
        reporting = self._articles.join(rows.select("article_id").unique(), on="article_id", how="semi")
        articles = {row["article_id"]: row for row in reporting.iter_rows(named=True)}
        for event_id, unit, fingerprint in stale.select("event_id", "unit", "fingerprint").iter_rows():
            shown_of = event_page(event_id, rows.filter(event_id=event_id), articles, quotes, self._labels)
            page = rendered("event.html", shown_of, "../")
            folder.write(unit, fingerprint, f"events/{file_name(event_id)}.html", page)

    # Search

    def _write_buckets(self, folder: Folder, stale: pl.DataFrame) -> None:
        groups = n_groups(self._n_buckets)
        for bucket, unit, fingerprint in (
            stale.select("bucket", "unit", "fingerprint").sort("bucket").iter_rows()
        ):
            articles = self._articles.filter(bucket_of(pl.col("article_id"), self._n_buckets) == bucket)
            ids = articles["article_id"]
            bounds = (str(ids.min())[:16], str(ids.max())[:16])
            quotes = self._tables.rows(
                "quotes",
                bounds,
                ("article_id", "quote_no", "quote_id", "quote_text", "speaker_name", "source_mention"),
            )
            for name, content in bucket_scripts(bucket, groups, articles, quotes, self._labels):
                folder.write(unit, fingerprint, f"search/{name}", content)

    # Lists, and pages that are made at every build

    def _paged_articles(self) -> pl.DataFrame:
        rows = self._articles.select(
            *_SHOWN_OF_ARTICLES,
            list=pl.lit("documents"),
            day="analysis_date",
            event_id=pl.lit(None, pl.String),
            quote_no=pl.lit(0),
        )
        return paged(rows, "list")

    def _voice_list_units(self, voices: pl.DataFrame) -> pl.DataFrame:
        """Return the lists of speakers with the number that changes with what they show."""
        names = sorted(set(voices["list"].to_list()))
        # Each list tells of the others.
        others = int.from_bytes(hashlib.sha256("\n".join(names).encode()).digest()[:8], "little")
        rows = voices.with_columns(fingerprint=voices.hash_rows(105)).group_by("list", maintain_order=True)
        fingerprint = pl.col("fingerprint").sum() + pl.lit(others, pl.UInt64)
        return self._with_base(rows.agg(fingerprint).with_columns(unit=pl.format("lists/{}", "list")))

    def _write_document_lists(
        self, folder: Folder, rows: pl.DataFrame, pages: pl.DataFrame, stale: pl.Expr
    ) -> None:
        if rows.is_empty():
            shown = document_list(rows, Place(), self._labels)
            folder.write("lists/documents/", 0, "lists/documents.html", rendered("list.html", shown, "../"))
        for about in pages.filter(stale).iter_rows(named=True):
            place = _place(about, pages, "list")
            shown = document_list(rows.filter(page=about["page"]), place, self._labels)
            path = f"lists/{page_file('documents', place.opens)}"
            folder.write(about["unit"], about["fingerprint"], path, rendered("list.html", shown, "../"))

    def _write_speaker_lists(self, folder: Folder, rows: pl.DataFrame, stale: pl.DataFrame) -> None:
        names = rows["list"].unique(maintain_order=True).to_list()
        if AUTHORITY_LIST not in names:
            names.insert(0, AUTHORITY_LIST)
            stale = pl.concat([stale, _one_unit("list", AUTHORITY_LIST)], how="diagonal_relaxed")
        for name, fingerprint, unit in stale.select("list", "fingerprint", "unit").iter_rows():
            shown = speaker_list(name, rows.filter(list=name), names, self._labels)
            folder.write(unit, fingerprint, f"lists/{name}.html", rendered("list.html", shown, "../"))

    def _small_pages(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(STATIC.iterdir()):
            yield path.name, path.read_bytes()
        speakers = {
            self._labels.speaker_file(key): (on_one_line(name), n)
            for key, name, n in self._voices.select("speaker_key", "name", "n").iter_rows()
        }
        yield "search/speakers.js", speaker_script(speakers)
        yield "lists/topics.html", rendered("list.html", topic_list(self._about, self._labels), "../")
        yield "lists/outlets.html", rendered("list.html", outlet_list(self._articles, self._labels), "../")
        yield "index.html", self._index()

    def _index(self) -> bytes:
        n_quotes = int(self._articles["n_quotes"].sum())
        outlets = self._articles.select("article_id", "outlet_id")
        newest = self._articles.drop_nulls("analysis_date").sort(
            "analysis_date", "article_id", descending=[True, False]
        )
        buckets = self._articles.select(bucket_of(pl.col("article_id"), self._n_buckets)).to_series()
        shown = {
            "title": "Who said what",
            "totals": [
                (len(self._articles), "document", "lists/documents.html"),
                (n_quotes, "quote", "#plot-1"),
                (len(self._names), "speaker", "lists/speakers.html"),
                (self._about["topic_id"].n_unique(), "topic", "lists/topics.html"),
                (outlets["outlet_id"].drop_nulls().n_unique(), "outlet", "lists/outlets.html"),
                (self._n_events, "event", "lists/events.html"),
            ],
            "buckets": sorted(set(buckets.to_list())),
            "groups": n_groups(self._n_buckets),
            "plots": plots(
                self._said,
                self._about,
                self.summaries["counts"].drop(SLICE),
                outlets,
                self._tables.whole("sources", ("status",)),
                {key: on_one_line(name) for key, name in self._names.items()},
                self._labels,
            ),
            "newest": [
                (
                    shortened(headline(row), 120),
                    f"documents/{row['article_id']}.html",
                    f"{row['analysis_date']} · {self._labels.outlet(row['outlet_id'])}",
                )
                for row in newest.head(_NEWEST).iter_rows(named=True)
            ],
        }
        return rendered("index.html", shown, "")


def _by_article(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["article_id"], []).append(row)
    return found


def _place(about: Row, pages: pl.DataFrame, group: str) -> Place:
    """Return the place of a page, given as its row of `pages`."""
    jumps: tuple[tuple[Any, str], ...] = ()
    if not about["opens"] and about["after"] is not None:
        here = pages.filter(pl.col(group) == about[group]).sort("page")
        jumps = tuple(here.select("day", "opens").iter_rows())
    return Place(about["opens"], about["before"], about["after"], about["day"], about["n"], jumps)


def _one_unit(group: str, name: object) -> pl.DataFrame:
    """Return the unit of a list that has no rows."""
    unit = pl.DataFrame({group: [name], "unit": [f"lists/{name}"]})
    return unit.with_columns(fingerprint=pl.lit(0, pl.UInt64))
