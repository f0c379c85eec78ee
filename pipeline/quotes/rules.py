"""Attributions in one sentence, by rules from cue, subject and clause.

The rules follow the patterns of reported speech that Krestel, Bergler and Witte (2008) describe (reported
clause before, after or around the reporting verb), extended by the object, infinitive and addressee verbs
of official language. `pipeline.quotes.tagged` joins them with what the trained tagger finds.
"""

from collections.abc import Sequence

from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.contents import find_contents, mark_nested, shown_words
from pipeline.quotes.cues import CueLexicon
from pipeline.quotes.reports import Report, find_reports
from pipeline.quotes.sentences import Sentence, Word


def find_attributions(sentence: Sentence, words: Sequence[Word], lexicon: CueLexicon) -> list[Attribution]:
    """Return the attributions that the sentence itself makes, in the order of their cues."""
    end = len(words)
    while end and words[end - 1].text in (".", "!", "?", "…", ";") and not words[end - 1].is_quoted:
        end -= 1
    reports = find_reports(words, end, lexicon)
    if not reports:
        return []
    mark_nested(words, end, reports)
    find_contents(words, end, reports)
    merged = _merge_repeated(words, reports)
    return [_to_attribution(words, report) for report in merged if report.contents and not report.is_mention]


def _merge_repeated(words: Sequence[Word], reports: list[Report]) -> list[Report]:
    """Join two cues around one content (`X said, noting that S, X said`) into one report."""
    kept: list[Report] = []
    for report in reports:
        if (
            kept
            and not report.contents
            and report.pattern == "lead"
            and report.subject is not None
            and kept[-1].subject is not None
            and kept[-1].contents
            and shown_words(words, kept[-1].subject) == shown_words(words, report.subject)
        ):
            kept[-1].cues.append(report.cue)
            continue
        kept.append(report)
    return kept


def _to_attribution(words: Sequence[Word], report: Report) -> Attribution:
    contents = tuple(Span(words[first].start, words[last - 1].end) for first, last in sorted(report.contents))
    cues = tuple(Span(words[cue.first].start, words[cue.last - 1].end) for cue in report.cues)
    source = None
    if report.subject is not None:
        source = Span(words[report.subject[0]].start, words[report.subject[1] - 1].end)
    return Attribution(contents, cues, source, report.cue.entry)
