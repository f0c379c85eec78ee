"""Codes of the tables in plain words, as the pages show them."""

from collections.abc import Mapping

RESOLUTION = {
    "authority_name": "named, and in the authority file",
    "document_name": "named in this document",
    "title": "found by the title",
    "pronoun": "found by following a pronoun",
    "apposition": "found by the words beside the name",
    "institution": "an institution speaks",
    "unnamed_group": "a group without names speaks",
    "members": "the members of a group are named",
    "correction": "set by a correction",
    "unresolved_ambiguous": "not resolved: several people could be meant",
    "unresolved_no_antecedent": "not resolved: the text does not say who is meant",
    "unresolved_no_source": "not resolved: the text names nobody",
}
SAID_DATE = {
    "stated": "the text states the day",
    "relative": "read by the day of writing",
    "event": "the day of the event",
    "none": "the text states no time",
    "none_period": "the text states only a week, month or year",
    "none_ambiguous": "not settled which day is meant",
}
EVENT = {
    "article": "the event of the article",
    "date_and_speaker": "found by date and speaker",
    "none_no_date": "no event: the day is not known",
    "none_no_event": "no event of that day is in the authority file",
    "none_ambiguous": "several events could be meant",
    "not_coded": "not coded",
}
DATE_BASIS = {
    "header": "the header of the page",
    "footer": "the foot of the page",
    "dateline": "the dateline",
    "caption": "a caption",
    "manifest": "the manifest",
    "published": "the date of publication",
    "event": "the day of the event",
    "correction": "a correction",
    "none": "nothing: no date is stated",
}
OUTLET_BASIS = {
    "header": "named in the header",
    "byline": "named in the byline",
    "author_description": "named with the author",
    "agency": "the agency",
    "footer": "named at the foot of the page",
    "manifest": "from the manifest",
    "none": "the page does not name it",
}
RELATION = {
    "same_words": "the same words",
    "paraphrase": "in other words",
    "partial": "a part of it",
    "translation_variant": "another translation",
}
LANGUAGE_BASIS = {
    "text": "from the text",
    "too_short": "too few letters",
    "uncertain": "no language is likely enough",
}


def words(code: object, wording: Mapping[str, str] | None = None) -> str:
    """Return a code in words: from `wording`, else with its underscores as spaces."""
    if code is None:
        return "not stated"
    return (wording or {}).get(str(code)) or str(code).replace("_", " ")


def counted(n: int, thing: str) -> str:
    """Return how many of a thing there are: `1 event`, `2 events`."""
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def doubts(quote: Mapping[str, object], is_translation: object) -> list[str]:
    """Return what is uncertain about a quote, or easily misread, in words, for the badges of its card."""
    found = []
    if quote["is_negated"]:
        found.append("negated: the text says that this was not said")
    if is_translation and quote["quote_type"] != "indirect":
        found.append("not verbatim: the text is a translation")
    if not quote["n_speakers"]:
        found.append("speaker " + words(quote["resolution"], RESOLUTION))
    confidence = quote["confidence"]
    if confidence is None:
        found.append("confidence not measured: found by rules alone")
    elif float(str(confidence)) < 0.5:
        found.append("uncertain: more likely wrong than right")
    return found
