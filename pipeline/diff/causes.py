"""Why a row differs: what the row itself shows, what it follows from, or the only input that can do it.

Both datasets are read as they were published; the code that made them is not asked. Where the tables do not
tell, the cause is unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline.diff.releases import Release
from pipeline.diff.rows import Row, RowChange, row_changes
from pipeline.verify.reading import FILE_DIGITS

TOPIC_TABLES = ("topics", "topic_terms", "word_lists")
CODEBOOKS = (*TOPIC_TABLES, "cues", "illocution_patterns", "header_fields")
OUTLET_TABLES = ("outlets", "outlet_aliases")
EVENT_TABLES = ("events", "event_participants")
SPEAKER_TABLES = ("speakers", "speaker_roles", "speaker_aliases", "speaker_members")
AUTHORITIES = (*SPEAKER_TABLES, *OUTLET_TABLES, *EVENT_TABLES)
MANIFEST = "manifest.csv"

# Columns by what they are read from; of quotes where no table is named.
_SPEAKER = frozenset(
    (
        "speaker_id",
        "speaker_name",
        "speaker_type",
        "speaker_role",
        "speaker_country",
        "n_speakers",
        "resolution",
    )
)
_CUE = frozenset(("cue", "cue_lemma", "cue_class", "cue_class_2", "cue_polarity", "is_negated"))
_CODED_CUE = frozenset(("cue_lemma", "cue_class", "cue_class_2", "cue_polarity"))
_ILLOCUTION = frozenset(("illocution", "illocution_evidence"))
_TOPICS = frozenset(("topics", "topic_primary"))
_EVENT = frozenset(("event_id", "event_basis", "said_date", "said_date_basis"))
_PLACE = frozenset(("quote_text", "char_start", "char_end", "n_spans", "verbatim_share", "has_continuation"))
_AFTER_QUOTES = _TOPICS | _ILLOCUTION | _EVENT | {"duplicate_of"}
_FROM_MANIFEST = frozenset(("url", "retrieved_at", "licence", "redistributable", "is_translation"))

# What a correction of a kind can change in the row of its quote; the others can change all of it.
_CORRECTED = {
    "speaker": _SPEAKER | _EVENT,
    "type": frozenset(("quote_type",)),
    "topics": _TOPICS,
    "illocution": _ILLOCUTION,
    "cue": _CUE | _ILLOCUTION,
}


class Cause(NamedTuple):
    """A cause, how it is known, and what in particular."""

    cause: str
    basis: str
    detail: str | None = None


_UNKNOWN = Cause("unknown", "none")


@dataclass
class Inputs:
    """What differs between what the two datasets were made from, as far as their tables show it."""

    files: dict[str, Cause] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    manifest_changed: bool = False
    extractors: tuple[str, str] | None = None
    versions: tuple[str, str] | None = None
    corrections: dict[str, set[str]] = field(default_factory=dict)
    corrected_articles: set[str] = field(default_factory=set)
    corrected_ids: dict[str, str] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)
    lemmas: set[str] = field(default_factory=set)
    speakers: set[str] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)


def look(old: Release, new: Release) -> Inputs:
    """Find out what differs between the inputs of two datasets."""
    found = Inputs()
    _look_at_files(found, old, new)
    if old.extractors and new.extractors and old.extractors != new.extractors:
        found.extractors = ", ".join(old.extractors), ", ".join(new.extractors)
    if old.version and new.version and old.version != new.version:
        found.versions = old.version, new.version
    _look_at_corrections(found, old, new)
    for table in (*CODEBOOKS, *AUTHORITIES):
        if old.has(table) and new.has(table):
            for one in row_changes(old, new, table, {}):
                if table != "speakers" or True in one.both("in_authority"):
                    _note_reference(found, one)
    return found


def _look_at_files(found: Inputs, old: Release, new: Release) -> None:
    before, after = _paths(old), _paths(new)
    for paths in (before, after):
        found.hashes |= {sha[:FILE_DIGITS]: sha for sha in paths.values() if sha}
    files_before = {sha for sha in before.values() if sha}
    files_after = {sha for sha in after.values() if sha}
    for paths, there, here, plain in (
        (before, after, files_after, "raw_file_gone"),
        (after, before, files_before, "raw_file_new"),
    ):
        for path, sha in paths.items():
            if sha and sha not in here:
                was_there = there.get(path) not in (None, sha)
                cause = "raw_file_changed" if was_there else plain
                found.files.setdefault(sha[:FILE_DIGITS], Cause(cause, "evidence", path))
    found.manifest_changed = before.get(MANIFEST) != after.get(MANIFEST)


def _paths(release: Release) -> dict[str, str | None]:
    if not release.has("sources"):
        return {}
    return {
        path: sha
        for frame in release.read("sources", ("raw_path", "raw_sha256"))
        for path, sha in frame.iter_rows()
    }


def _look_at_corrections(found: Inputs, old: Release, new: Release) -> None:
    for release, other, is_new in ((new, old, True), (old, new, False)):
        applied = _applied(release)
        there = {_correction_key(row) for row in _applied(other)}
        for row in applied:
            if _correction_key(row) in there:
                continue
            what = row["what"]
            for quote_id in (row["quote_id"], row["found_quote_id"]):
                if quote_id:
                    found.corrections.setdefault(quote_id, set()).add(what)
            if what == "article_date" and row["article_id"]:
                found.corrected_articles.add(row["article_id"])
            ids = row["found_quote_id"], row["quote_id"]
            if all(ids) and ids[0] != ids[1]:
                found.corrected_ids[ids[0 if is_new else 1]] = ids[1 if is_new else 0]


def _applied(release: Release) -> list[Row]:
    if not release.has("corrections"):
        return []
    return [
        row
        for frame in release.read("corrections")
        for row in frame.filter(status="applied").iter_rows(named=True)
    ]


def _correction_key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("raw_sha256", "char_start", "char_end", "what", "new_value"))


def _note_reference(found: Inputs, one: RowChange) -> None:
    found.tables.add(one.table)
    for column, ids in (
        ("topic_id", found.topics),
        ("term_id", found.terms),
        ("lemma", found.lemmas),
        ("outlet_id", found.outlets),
        ("event_id", found.events),
        ("speaker_id", found.speakers),
        ("group_id", found.speakers),
        ("member_id", found.speakers),
    ):
        ids |= one.both(column)


class Causes:
    """Tells the causes of row after row; what depends on quotes has to come after the quotes."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self._by_quote: dict[str, dict[str, Cause]] = {}
        self._by_article: dict[str, dict[str, Cause]] = {}
        self._by_statement: dict[str, Cause] = {}

    def of(self, one: RowChange) -> Iterator[tuple[Cause, tuple[str, ...]]]:
        """Yield each cause of a difference with the columns that changed for it."""
        if one.change == "changed":
            causes = {column: self._of_column(one, column) for column in one.columns}
        else:
            causes = {"": self._of_row(one)}
        if one.table == "quotes":
            self._remember(one, causes)
        if one.table == "statement_quotes":
            for statement_id in one.both("statement_id"):
                for cause in causes.values():
                    earlier = self._by_statement.setdefault(statement_id, cause)
                    self._by_statement[statement_id] = cause if earlier == cause else _mixed(cause, earlier)
        by_cause: dict[Cause, list[str]] = {}
        for column, cause in causes.items():
            by_cause.setdefault(cause, []).append(column)
        for cause in sorted(by_cause, key=str):
            yield cause, tuple(name for name in by_cause[cause] if name)

    def _remember(self, one: RowChange, causes: Mapping[str, Cause]) -> None:
        for quote_id in one.both("quote_id") | one.both("quote_id before"):
            self._by_quote[quote_id] = dict(causes)
        article = self._by_article.setdefault(str(one.any("article_id")), {})
        for column, cause in causes.items():
            kind = "" if not column else "topics" if column in _AFTER_QUOTES else "quotes"
            earlier = article.get(kind)
            article[kind] = cause if earlier in (None, cause) else _mixed(cause, earlier)

    def _of_row(self, one: RowChange) -> Cause:
        """Return why a row was added or is gone."""
        table = one.table
        if table in CODEBOOKS:
            return Cause("codebook", "evidence")
        if table == "corrections":
            return Cause("correction", "evidence")
        if table == "sources":
            sha = str(one.any("raw_sha256") or "")
            plain = "raw_file_new" if one.change == "added" else "raw_file_gone"
            moved = sha[:FILE_DIGITS] not in self.inputs.files
            return Cause("raw_file_changed" if moved and sha else plain, "evidence", one.any("raw_path"))
        if table in AUTHORITIES and (table != "speakers" or True in one.both("in_authority")):
            return Cause("authority", "evidence")
        from_file = self._of_file(one)
        if from_file:
            return from_file
        if table == "quotes":
            return self._of_quote(one)
        return self._follows(one) or self._only_candidate(self._candidates(table, frozenset()))

    def _of_file(self, one: RowChange) -> Cause | None:
        for column in ("article_id", "other_article_id", "quote_id", "gist_quote_id", "speaker_id"):
            value = one.any(column)
            cause = self.inputs.files.get(str(value)[:FILE_DIGITS]) if value else None
            if cause:
                return cause
        return None

    def _of_quote(self, one: RowChange) -> Cause:
        """Return why a quote of an unchanged file was added or is gone."""
        inputs = self.inputs
        corrected = inputs.corrections.get(str(one.any("quote_id")))
        if corrected:
            return Cause("correction", "evidence", "; ".join(sorted(corrected)))
        lemma = one.any("cue_lemma")
        if lemma in inputs.lemmas and not self._is_other_model(one):
            return Cause("codebook", "evidence", f"cue {lemma}")
        return self._only_candidate(self._candidates("quotes", frozenset()))

    def _is_other_model(self, one: RowChange) -> bool:
        if one.old is not None and one.new is not None:
            return bool(one.old.get("extractor") != one.new.get("extractor"))
        return self.inputs.extractors is not None

    def _of_column(self, one: RowChange, column: str) -> Cause:
        """Return why a column of a row changed."""
        table = one.table
        if table in CODEBOOKS:
            return Cause("codebook", "evidence")
        if table in AUTHORITIES and (table != "speakers" or True in one.both("in_authority")):
            return Cause("authority", "evidence")
        if table == "sources":
            return self._of_source(one, column)
        if table == "quotes":
            found = self._of_quote_column(one, column)
        elif table == "articles":
            found = self._of_article_column(one, column)
        elif table == "topic_assignments":
            found = self._of_assignment(one)
        elif table == "corrections":
            found = Cause("correction", "evidence") if "status" in one.columns else None
        else:
            found = self._follows(one)
        return found or self._only_candidate(self._candidates(table, frozenset((column,))))

    def _of_source(self, one: RowChange, column: str) -> Cause:
        assert one.old is not None and one.new is not None
        if one.old["raw_sha256"] != one.new["raw_sha256"]:
            return Cause("raw_file_changed", "evidence", one.any("raw_path"))
        if MANIFEST in str(one.any("message")) and self.inputs.manifest_changed:
            return Cause("raw_file_changed", "evidence", MANIFEST)
        return self._only_candidate(self._candidates("sources", frozenset((column,))))

    def _of_quote_column(self, one: RowChange, column: str) -> Cause | None:
        inputs = self.inputs
        for quote_id in one.both("quote_id") | one.both("quote_id before"):
            for what in sorted(inputs.corrections.get(quote_id, ())):
                if what not in _CORRECTED or column in _CORRECTED[what]:
                    return Cause("correction", "evidence", what)
        same_cue = "cue" not in one.columns
        lemmas = one.both("cue_lemma") & inputs.lemmas
        if lemmas and same_cue and column in _CODED_CUE | _ILLOCUTION:
            return Cause("codebook", "evidence", f"cue {', '.join(sorted(lemmas))}")
        speakers = one.both("speaker_id") & inputs.speakers
        if column in _SPEAKER and speakers:
            return Cause("authority", "evidence", ", ".join(sorted(speakers)))
        if column in _EVENT and (events := one.both("event_id") & inputs.events):
            return Cause("authority", "evidence", ", ".join(sorted(events)))
        if column in _TOPICS:
            differ = _topics(one.old, column) ^ _topics(one.new, column)
            if topics := differ & inputs.topics:
                return Cause("codebook", "evidence", ", ".join(sorted(topics)))
        if self._is_other_model(one) and inputs.extractors:
            detail = " → ".join(inputs.extractors)
            if column not in _AFTER_QUOTES:
                if (
                    column in _SPEAKER
                    and not one.columns_any(_PLACE | _CUE)
                    and inputs.tables & set(SPEAKER_TABLES)
                ):
                    return None
                return Cause("model", "evidence", detail)
            if one.columns_any(_PLACE | _CUE | _SPEAKER):
                return Cause("model", "follows", detail)
        return None

    def _of_article_column(self, one: RowChange, column: str) -> Cause | None:
        inputs = self.inputs
        article_id = str(one.any("article_id"))
        if column == "raw_path":
            return Cause("raw_file_changed", "evidence", one.any("raw_path"))
        if column == "n_quotes":
            return _as_following(self._by_article.get(article_id, {}).get(""))
        if column.startswith(("published_", "analysis_")) and article_id in inputs.corrected_articles:
            return Cause("correction", "evidence", "article_date")
        basis = {"outlet_id": "outlet_basis", "outlet_basis": "outlet_basis"}.get(column, "published_basis")
        dated = column.startswith(("published_", "analysis_", "outlet_"))
        if inputs.manifest_changed and (
            column in _FROM_MANIFEST or (dated and "manifest" in one.both(basis))
        ):
            return Cause("raw_file_changed", "evidence", MANIFEST)
        for name, ids in (("outlet_id", inputs.outlets), ("event_id", inputs.events)):
            if column.startswith(name.removesuffix("id")) and (found := one.both(name) & ids):
                return Cause("authority", "evidence", ", ".join(sorted(found)))
        return None

    def _of_assignment(self, one: RowChange) -> Cause | None:
        inputs = self.inputs
        if terms := one.both("term_id") & inputs.terms:
            return Cause("codebook", "evidence", ", ".join(sorted(terms)))
        if topics := one.both("topic_id") & inputs.topics:
            return Cause("codebook", "evidence", ", ".join(sorted(topics)))
        return self._follows(one)

    def _follows(self, one: RowChange) -> Cause | None:
        """Return the cause of the difference from which that of a dependent row follows."""
        if one.table == "topic_assignments" and one.change != "changed":
            if terms := one.both("term_id") & self.inputs.terms:
                return Cause("codebook", "evidence", ", ".join(sorted(terms)))
            if topics := one.both("topic_id") & self.inputs.topics:
                return Cause("codebook", "evidence", ", ".join(sorted(topics)))
        if one.table == "corrections":
            return None
        wanted = (
            _SPEAKER
            if one.table == "quote_speakers"
            else _TOPICS
            if "topic_id" in _names(one)
            else _PLACE | _CUE
        )
        for column in ("quote_id", "quote_id before", "gist_quote_id"):
            for quote_id in sorted(one.both(column)):
                causes = self._by_quote.get(quote_id)
                if causes:
                    near = [cause for name, cause in causes.items() if name in wanted or not name]
                    return _as_following((near or list(causes.values()))[0])
        if one.table in ("statements", "statement_coverage"):
            return _as_following(self._by_statement.get(str(one.any("statement_id"))))
        if one.table == "speakers":
            article = str(one.any("speaker_id")).partition(":")[0]
            causes = self._by_article.get(article, {})
            return _as_following(causes.get("") or causes.get("quotes"))
        if one.table == "topic_assignments":
            causes = self._by_article.get(str(one.any("article_id")), {})
            return _as_following(causes.get("") or causes.get("quotes"))
        return None

    def _candidates(self, table: str, columns: frozenset[str]) -> list[Cause]:
        """Return what differs between the inputs and can change such a cell of an unchanged file."""
        inputs = self.inputs
        found = []
        is_quotes = table in ("quotes", "quote_spans", "quote_speakers", "speakers")
        is_topics = table == "topic_assignments" or (table == "quotes" and bool(columns & _AFTER_QUOTES))
        is_across = table in ("statements", "statement_quotes", "statement_coverage", "article_pairs")
        if inputs.extractors and (is_quotes or is_topics or is_across):
            found.append(Cause("model", "only_candidate", " → ".join(inputs.extractors)))
        books: set[str] = set()
        if is_quotes and not columns & _AFTER_QUOTES:
            books |= {"cues"}
        if is_topics:
            books |= {*TOPIC_TABLES} if not columns or columns & _TOPICS or table != "quotes" else set()
            books |= {"cues", "illocution_patterns"} if columns & _ILLOCUTION else set()
        if table in ("articles", "article_authors", "blocks"):
            books |= {"header_fields"}
        files: set[str] = set()
        if is_quotes and not columns & _AFTER_QUOTES:
            files |= set(SPEAKER_TABLES) | {"events", "event_participants"}
        if columns & _EVENT or is_across:
            files |= {*EVENT_TABLES, *SPEAKER_TABLES}
        if table in ("articles", "article_authors", "blocks"):
            files |= {*OUTLET_TABLES, *EVENT_TABLES, "speakers", "speaker_aliases"}
        for cause, tables in (("codebook", books), ("authority", files)):
            if changed := sorted(tables & inputs.tables):
                found.append(Cause(cause, "only_candidate", ", ".join(changed)))
        if is_across and (inputs.files or inputs.corrections):
            found.append(Cause("unknown", "none", "raw files or corrections"))
        if inputs.versions:
            found.append(Cause("code", "only_candidate", " → ".join(inputs.versions)))
        return found

    def _only_candidate(self, candidates: list[Cause]) -> Cause:
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            return _UNKNOWN
        return Cause("unknown", "none", "may be " + " or ".join(cause.cause for cause in candidates))


def _names(one: RowChange) -> Iterable[str]:
    return (one.new or one.old or {}).keys()


def _topics(row: Row | None, column: str) -> set[str]:
    cell = (row or {}).get(column)
    return set(str(cell).split("; ")) if cell else set()


def _as_following(cause: Cause | None) -> Cause | None:
    if cause is None:
        return None
    return cause if cause.cause == "unknown" else cause._replace(basis="follows")


def _mixed(one: Cause, other: Cause) -> Cause:
    """Return what two causes have in common, for what follows from both."""
    if one.cause == other.cause:
        return one._replace(detail=one.detail if one.detail == other.detail else None)
    causes = sorted({one.cause, other.cause} - {"unknown"})
    return Cause("unknown", "none", "may be " + " or ".join(causes))
