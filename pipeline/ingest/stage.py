"""The articles stage: from a decoded text and its manifest row to the rows of one article."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby

from pipeline.document import Block, Document, Row, Rows, block_id
from pipeline.ingest.article_events import EventBook, Opening, compile_events, event_of
from pipeline.ingest.credits import is_unnamed
from pipeline.ingest.dates import FoundDate
from pipeline.ingest.document_type import Form, document_type_of
from pipeline.ingest.known import Known, agency_credited, compile_known
from pipeline.ingest.language import language_of
from pipeline.ingest.layouts import choose_layout
from pipeline.ingest.notices import Notice
from pipeline.ingest.page import read_page, tile
from pipeline.ingest.reading import Reading, StatedDate
from pipeline.ingest.signatures import SIGNATURES, signature_of
from pipeline.reference import Reference

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
# The article's own words stand in these.
_OWN_BLOCKS = frozenset({"headline", "deck", "heading", "paragraph", "caption", "pull_quote"})
# The strongest first. An address under a byline is the weakest word on a page about its outlet.
_OUTLET_ORDER = ("header", "footer", "byline", "author_description", "agency", "byline_address")
_ROLE_ORDER = ("origin", "inputs", "photo")


@dataclass(frozen=True)
class ArticleReader:
    """What is set up once per process."""

    known: Known
    events: EventBook


@dataclass(frozen=True)
class ArticleRows:
    """The rows of one file by table, and what a person should look at."""

    rows: Rows
    warnings: list[Notice]


@dataclass(frozen=True, slots=True)
class _Published:
    date: date | None
    edtf: str | None
    precision: str
    basis: str
    evidence: str | None


def prepare(reference: Reference) -> ArticleReader:
    """Compile the look-ups of outlets, header labels, names and events."""
    return ArticleReader(compile_known(reference), compile_events(reference))


def read_articles(
    reader: ArticleReader,
    *,
    text: str,
    encoding: str,
    raw_sha256: str,
    manifest_row: Mapping[str, object] | None,
) -> ArticleRows:
    """Read a decoded text: choose its layout, tile it with blocks, and settle the columns of its article.

    What the page states wins over the manifest; the manifest supplies what the page does not say.
    """
    page = read_page(text)
    layout = choose_layout(page, reader.known)
    reading = layout.read(page, reader.known)
    blocks = tile(text, reading.pieces)
    article_id = raw_sha256[:16]
    warnings = list(reading.notices)
    manifest = manifest_row or {}

    outlet_id, outlet_basis, agency_id, agency_role, republisher_id = _publishers(
        reading, reader.known, manifest, warnings
    )
    published = _published(reading, manifest, warnings)
    dateline_date = _dateline_date(reading, published)
    by_type = {
        kind: [text[block.char_start : block.char_end] for block in blocks if block.block_type == kind]
        for kind in ("paragraph", "caption", "boilerplate")
    }
    language, language_basis = language_of(
        " ".join([reading.headline or "", *_beginning(by_type["paragraph"])])
    )
    if language_basis == "too_short":
        # Scripts without spaces may have no paragraph that a layout knows as one.
        language, language_basis = language_of(text)
    document_type = document_type_of(
        Form(
            headline=reading.headline,
            sections=reading.sections,
            paragraphs=by_type["paragraph"],
            notes=by_type["boilerplate"],
            has_agency_origin=agency_role == "origin",
            has_byline=bool(reading.authors),
            has_captions=bool(by_type["caption"]),
            language=language,
        )
    )
    event_id = event_of(
        reader.events,
        Opening(
            headline=reading.headline,
            paragraphs=by_type["paragraph"],
            captions=by_type["caption"],
            published=published.date,
            dateline=reading.dateline_date,
            document_type=document_type,
        ),
    )
    analysis_date, analysis_basis = _analysis_date(reader.events, published, dateline_date, event_id)
    if reading.stated_url and manifest.get("url") and reading.stated_url != manifest["url"]:
        warnings.append(_contradiction("url", manifest["url"], reading.stated_url))
    row: Row = {
        "article_id": article_id,
        "raw_sha256": raw_sha256,
        "article_no": 1,
        "encoding": encoding,
        "layout": layout.NAME,
        "headline": reading.headline,
        "headline_basis": reading.headline_basis,
        "deck": reading.deck,
        "published_date": published.date,
        "published_time": reading.time,
        "published_edtf": published.edtf,
        "published_precision": published.precision,
        "published_basis": published.basis,
        "published_evidence": published.evidence,
        "analysis_date": analysis_date,
        "analysis_date_basis": analysis_basis,
        "analysis_date_imputed": analysis_basis == "event",
        "outlet_id": outlet_id,
        "outlet_basis": outlet_basis,
        "republisher_id": republisher_id,
        "agency_id": agency_id,
        "agency_role": agency_role,
        "document_type": document_type,
        "language": language,
        "language_basis": language_basis,
        "is_translation": _stated_or_manifest("is_translation", reading.is_translation, manifest, warnings),
        "byline": reading.byline,
        "authors": "; ".join(author.name for author in reading.authors) or None,
        "dateline_place": reading.dateline_place,
        "dateline_date": dateline_date,
        "section": "; ".join(reading.sections) or None,
        "url": manifest.get("url"),
        "retrieved_at": manifest.get("retrieved_at"),
        "licence": manifest.get("licence"),
        "redistributable": manifest.get("redistributable"),
        "n_words": sum(_count_words(text, block) for block in blocks if block.block_type in _OWN_BLOCKS),
        "event_id": event_id,
    }
    rows: Rows = {
        "articles": [row],
        "article_authors": [
            {
                "article_id": article_id,
                "author_no": number,
                "name": author.name,
                "title": author.title,
                "place": author.place,
                "description": author.description,
                "has_email": author.has_email,
            }
            for number, author in enumerate(reading.authors, start=1)
        ],
        "article_text": [{"article_id": article_id, "text": text}],
        "blocks": [
            {
                "block_id": block_id(article_id, block.block_no),
                "article_id": article_id,
                "block_no": block.block_no,
                "block_type": block.block_type,
                "char_start": block.char_start,
                "char_end": block.char_end,
                "layout_rule": block.layout_rule,
            }
            for block in blocks
        ],
        SIGNATURES: [signature_of(article_id, by_type["paragraph"])],
    }
    return ArticleRows(rows, warnings)


def documents(rows: Rows) -> list[Document]:
    """Rebuild what the later stages read from the rows of this one."""
    texts = {row["article_id"]: row["text"] for row in rows["article_text"]}
    ordered = sorted(rows["blocks"], key=lambda row: (row["article_id"], row["block_no"]))
    blocks = {
        article_id: tuple(
            Block(r["block_no"], r["block_type"], r["char_start"], r["char_end"], r["layout_rule"])
            for r in group
        )
        for article_id, group in groupby(ordered, key=lambda row: str(row["article_id"]))
    }
    return [
        Document(
            article_id=row["article_id"],
            text=texts[row["article_id"]],
            blocks=blocks.get(row["article_id"], ()),
            headline=row["headline"],
            section=row["section"],
            document_type=row["document_type"],
            language=row["language"],
            analysis_date=row["analysis_date"],
            analysis_date_basis=row["analysis_date_basis"],
            event_id=row["event_id"],
            outlet_id=row["outlet_id"],
        )
        for row in rows["articles"]
    ]


def fixture_json(text: str, reference: Reference) -> str:
    """Return what is read from a text as the JSON of a fixture: fields, authors, blocks, notices."""
    found = read_articles(
        prepare(reference),
        text=text,
        encoding="utf-8",
        raw_sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        manifest_row=None,
    )
    article = found.rows["articles"][0]
    kept = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in article.items()
        if name not in ("article_id", "raw_sha256", "article_no", "encoding")
    }
    fixture = {
        "fields": {name: value for name, value in kept.items() if value is not None},
        "authors": [
            {name: value for name, value in row.items() if name not in ("article_id", "author_no")}
            for row in found.rows["article_authors"]
        ],
        "blocks": [
            [row["block_type"], row["layout_rule"], text[row["char_start"] : row["char_end"]]]
            for row in found.rows["blocks"]
            if row["block_type"] != "blank"
        ],
        "warnings": [[warning.code, warning.message] for warning in found.warnings],
    }
    return json.dumps(fixture, ensure_ascii=False, indent=1)


def _beginning(paragraphs: Iterable[str]) -> Iterable[str]:
    taken = 0
    for paragraph in paragraphs:
        if taken > 20_000:
            return
        taken += len(paragraph)
        yield paragraph[:20_000]


def _count_words(text: str, block: Block) -> int:
    return sum(1 for _ in _WORD.finditer(text, block.char_start, block.char_end))


def _publishers(
    reading: Reading, known: Known, manifest: Mapping[str, object], warnings: list[Notice]
) -> tuple[str | None, str, str | None, str, str | None]:
    """Settle outlet, its basis, agency, its role, and republisher."""
    agency_id, agency_role = _agency(reading, known, warnings)
    stated = sorted(reading.outlets, key=lambda outlet: _OUTLET_ORDER.index(outlet.basis))
    named = next((outlet for outlet in stated if outlet.basis != "byline_address"), None)
    republisher_id = reading.republisher_id
    outlet_id: str | None = None
    basis = "none"
    if agency_role == "origin" and agency_id is not None:
        # The agency wrote it; another outlet that the page names shows the copy.
        outlet_id, basis = agency_id, "agency"
        if named is not None and named.outlet_id == agency_id:
            basis = named.basis
        elif named is not None:
            republisher_id = republisher_id or named.outlet_id
    elif named is not None:
        outlet_id, basis = named.outlet_id, named.basis
    elif stated and not reading.names_unknown_outlet:
        outlet_id, basis = stated[0].outlet_id, "byline"
    given = manifest.get("outlet")
    if outlet_id is None and given is not None:
        outlet_id, basis = str(given), "manifest"
    elif given is not None and given != outlet_id:
        warnings.append(_contradiction("outlet", given, outlet_id))
    if (
        basis in ("header", "byline", "footer")
        and outlet_id is not None
        and known.kinds.get(outlet_id) == "agency"
        and agency_role != "origin"
    ):
        agency_id, agency_role = outlet_id, "origin"
    given = manifest.get("republisher")
    if republisher_id is None and given is not None:
        republisher_id = str(given)
    elif given is not None and given != republisher_id:
        warnings.append(_contradiction("republisher", given, republisher_id))
    if republisher_id == outlet_id:
        republisher_id = None
    return outlet_id, basis, agency_id, agency_role, republisher_id


def _agency(reading: Reading, known: Known, warnings: list[Notice]) -> tuple[str | None, str]:
    """Return the agency with the strongest role, when the authority file knows it."""
    found: list[tuple[int, str, str]] = []
    has_unnamed_inputs = False
    for credit, role in reading.agencies:
        agency_id = agency_credited(known, credit)
        if is_unnamed(credit):
            has_unnamed_inputs = True
        elif agency_id is None:
            message = f"{credit[:60]!r} is credited ({role}) and is not in outlets.csv"
            warnings.append(Notice("agency_not_in_authority", message))
        else:
            found.append((_ROLE_ORDER.index(role), agency_id, role))
    strongest = [item for item in found if item[0] == min(found)[0]]
    if has_unnamed_inputs and (not strongest or strongest[0][2] == "photo"):
        return None, "inputs"
    if not strongest:
        return None, "none"
    if len({item[1] for item in strongest}) > 1:
        names = ", ".join(sorted({item[1] for item in strongest}))
        warnings.append(Notice("several_agencies", f"{names} are credited alike; the first is taken"))
    return strongest[0][1], strongest[0][2]


def _published(reading: Reading, manifest: Mapping[str, object], warnings: list[Notice]) -> _Published:
    """Settle the date of publication: the strongest statement to the day, else what can be told."""
    stated = [_completed(reading, statement) for statement in reading.dates]
    days = [found for found in stated if found.date is not None]
    given = manifest.get("published_date")
    manifest_date = given if isinstance(given, date) else None
    page_days = {found.date for found in days if found.basis in ("header", "footer")}
    if len(page_days) > 1:
        told = ", ".join(f"{found.evidence} ({found.basis})" for found in days)
        # Of footers that contradict each other none is surely the page's own.
        has_header = any(found.basis == "header" for found in days)
        taken = "the first is taken" if has_header else "none is taken"
        warnings.append(Notice("page_dates_contradict", f"{told}; {taken}"))
        if not has_header:
            days = [found for found in days if found.basis != "footer"]
            stated = [found for found in stated if found.basis != "footer"]
    if days:
        found = days[0]
        if manifest_date is not None and found.date != manifest_date:
            # A dateline says when it was written, which may be the day before.
            warnings.append(_contradiction("published_date", manifest_date, found.date))
        return found
    if manifest_date is not None:
        text = manifest_date.isoformat()
        for partial in stated:
            if partial.edtf and not _agrees(partial.edtf, text) and partial.basis != "dateline":
                warnings.append(_contradiction("published_date", manifest_date, partial.edtf))
        return _Published(manifest_date, text, "day", "manifest", text)
    for precision in ("month", "year", "none"):
        for found in stated:
            if found.precision == precision:
                return found
    return _Published(None, None, "none", "none", None)


def _completed(reading: Reading, statement: StatedDate) -> _Published:
    """Read a statement; a day without a year takes the year of a caption or statement of the same day."""
    found, evidence = statement.date, statement.evidence
    if found.year is None and found.day is not None:
        others = [o for o in [*reading.dates, *reading.other_dates] if o.date.year and found.same_day(o.date)]
        if len({other.date.year for other in others}) == 1:
            found = FoundDate(others[0].date.year, found.month, found.day, found.start, found.end)
            evidence = f"{evidence} … {others[0].evidence}"
    return _Published(found.value, found.edtf, found.precision, statement.basis, evidence)


def _agrees(edtf: str, day: str) -> bool:
    return all(a in ("X", b) for a, b in zip(edtf, day, strict=False))


def _dateline_date(reading: Reading, published: _Published) -> date | None:
    """Return the day of the dateline; the year of publication is its year where the days are near."""
    found = reading.dateline_date
    if found is None or found.day is None or found.month is None:
        return None
    if found.value is not None:
        return found.value
    if published.date is None:
        return None
    for year in (published.date.year, published.date.year - 1):
        try:
            day = date(year, found.month, found.day)
        except ValueError:
            continue
        if timedelta(0) <= published.date - day <= timedelta(days=7):
            return day
    return None


def _analysis_date(
    events: EventBook, published: _Published, dateline_date: date | None, event_id: str | None
) -> tuple[date | None, str]:
    if published.date is not None:
        return published.date, "published"
    if dateline_date is not None:
        return dateline_date, "dateline"
    for event in events.events:
        start = event["start_date"]
        if event_id is not None and event["event_id"] == event_id and isinstance(start, date):
            return start, "event"
    return None, "none"


def _stated_or_manifest(
    name: str, stated: bool | None, manifest: Mapping[str, object], warnings: list[Notice]
) -> object:
    given = manifest.get(name)
    if stated is None:
        return given
    if given is not None and given != stated:
        warnings.append(_contradiction(name, given, stated))
    return stated


def _contradiction(name: str, given: object, stated: object) -> Notice:
    return Notice(
        "manifest_contradiction",
        f"{name} is {given} in the manifest, {stated} on the page, which wins",
    )
