"""What corrections need of the codebooks and the authority file, set up once a process."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.document import Row
from pipeline.ingest.article_events import EventBook, compile_events
from pipeline.quotes.authority import SpeakerAuthority
from pipeline.quotes.cues import CueLexicon, build_lexicon
from pipeline.quotes.stage import authority_of
from pipeline.reference import Reference, reference_of
from pipeline.topics.stage import TopicCoder, prepare


@dataclass(frozen=True)
class Tools:
    """The cue lexicon, the speakers, the events, and the coder of topics."""

    lexicon: CueLexicon
    authority: SpeakerAuthority
    events: EventBook
    coder: TopicCoder
    topics: Mapping[str, Row]


@cache
def tools_of(extra_authority: Path | None, version: str) -> Tools:
    """Return the tools for this version (fingerprint) of the codebooks and authority files."""
    return prepare_tools(reference_of(extra_authority, version))


def prepare_tools(reference: Reference) -> Tools:
    """Set the tools up. Raises Fault for a codebook that cannot be used."""
    return Tools(
        build_lexicon(reference.rows("cues")),
        authority_of(reference),
        compile_events(reference),
        prepare(reference),
        {row["topic_id"]: row for row in reference.rows("topics")},
    )
