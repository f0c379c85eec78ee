"""The language of a text, by the language identifier py3langid, or the reason why it cannot be told."""

import unicodedata
from functools import cache
from typing import Any

# Enough to tell; more takes longer and tells no more.
_SAMPLE = 1_000
# A line of names or a headline has the letters of several languages.
_FEWEST_LETTERS = 20
# The identifier's own probability of its first guess. Texts that are none reach no more than 0.5.
_LEAST_PROBABILITY = 0.8
# What the identifier calls a text without words of a language.
_NO_LANGUAGE = "zxx"


def language_of(text: str) -> tuple[str | None, str]:
    """Return the language of a text (ISO 639-1) and its basis: text, or too_short or uncertain with None.

    Reads about the first thousand characters.
    """
    sample = " ".join(text[: 4 * _SAMPLE].split())[:_SAMPLE]
    # Letters with their vowel signs: in some scripts half of a text is signs.
    if sum(unicodedata.category(c)[0] in "LM" for c in sample) < _FEWEST_LETTERS:
        return None, "too_short"
    # Capitals are rare in what the identifier learnt from.
    found, probability = _identifier().classify(sample.lower() if sample.isupper() else sample)
    if probability < _LEAST_PROBABILITY or found == _NO_LANGUAGE:
        return None, "uncertain"
    return str(found), "text"


@cache
def _identifier() -> Any:
    """Load the identifier, once a process: half a second, some thirty megabytes."""
    # Here and not above: to look for new files nothing heavy is loaded.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # ISO 639-1 only. The longer codes are of dialects and small languages, which have a near relation there.
    identifier.set_languages(code for code in identifier.nb_classes if len(code) == 2 or code == _NO_LANGUAGE)
    return identifier
