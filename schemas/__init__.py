"""The schemas of the dataset: the only source of truth for tables, columns and vocabularies."""

from schemas.articles import ArticleAuthors, ArticlePairs, Articles, ArticleText, Blocks
from schemas.authority import EventParticipants, Events, OutletAliases, Outlets
from schemas.corrections import Corrections
from schemas.layouts import HeaderFields
from schemas.quotes import Quotes, QuoteSpans, QuoteSpeakers
from schemas.sources import Sources
from schemas.speakers import SpeakerAliases, SpeakerMembers, SpeakerRoles, Speakers
from schemas.statements import StatementCoverage, StatementQuotes, Statements
from schemas.table import Table
from schemas.topics import Cues, IllocutionPatterns, TopicAssignments, Topics, TopicTerms, WordLists

# In the order of the dictionary.
TABLES: tuple[type[Table], ...] = (
    Articles,
    ArticleAuthors,
    ArticleText,
    ArticlePairs,
    Blocks,
    Quotes,
    QuoteSpans,
    QuoteSpeakers,
    Speakers,
    SpeakerRoles,
    SpeakerAliases,
    SpeakerMembers,
    Topics,
    TopicTerms,
    WordLists,
    TopicAssignments,
    Cues,
    IllocutionPatterns,
    HeaderFields,
    Outlets,
    OutletAliases,
    Events,
    EventParticipants,
    Statements,
    StatementQuotes,
    StatementCoverage,
    Corrections,
    Sources,
)

__all__ = [
    "TABLES",
    "ArticleAuthors",
    "ArticlePairs",
    "ArticleText",
    "Articles",
    "Blocks",
    "Corrections",
    "Cues",
    "EventParticipants",
    "Events",
    "HeaderFields",
    "IllocutionPatterns",
    "OutletAliases",
    "Outlets",
    "QuoteSpans",
    "QuoteSpeakers",
    "Quotes",
    "Sources",
    "SpeakerAliases",
    "SpeakerMembers",
    "SpeakerRoles",
    "Speakers",
    "StatementCoverage",
    "StatementQuotes",
    "Statements",
    "Table",
    "TopicAssignments",
    "TopicTerms",
    "Topics",
    "WordLists",
]
