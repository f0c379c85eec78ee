"""Short signatures of texts, by which near duplicates find each other among many articles.

A text is compared by its shingles: every five words that follow each other, without case and punctuation.
Words in quotation marks are left out, since two reporters who heard one speech share its words and are no
copies of each other. The signature is made once, with the article; pipeline.duplicates compares.
"""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
import polars as pl
from rensa import RMinHash

from pipeline.document import Row

# A table of the parts only, not of the dataset.
SIGNATURES = "signatures"
SIGNATURE_TYPES = {"article_id": pl.String, "same_words": pl.UInt64, "band_keys": pl.Binary}

SHINGLE_WORDS = 5
# Below, a few words of an agency's formula would be a large share.
FEWEST_SHINGLES = 30
_FEWEST_WORDS = 20
# Two rows a band: of two texts with a fifth of their shingles in common 93 % share a band, of those with a
# hundredth 1 % (docs/decisions/near-duplicates.md).
BANDS = 64
_ROWS = 2
_SEED = 7
# A word; in scripts without spaces a character.
_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3]|[^\W_\u2e80-\u9fff\uac00-\ud7a3]+(?:['’][^\W\d_]+)?")
# Some words in quotation marks; a mark that is not closed in its paragraph holds to its end.
_QUOTED = re.compile(r"[“„«\"][^”“„«»\"]*(?:[”“»\"]|$)")
_FEWEST_QUOTED = 4


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: no case, no punctuation, one kind of apostrophe."""
    return _WORD.findall(text.casefold().replace("’", "'"))


def shingles_of(paragraphs: Sequence[str]) -> set[str]:
    """Return the shingles of an article's paragraphs, without what stands in quotation marks."""
    words = [word for paragraph in paragraphs for word in words_of(_QUOTED.sub(_unquoted, paragraph))]
    return {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - SHINGLE_WORDS + 1)}


def signature_of(article_id: str, paragraphs: Sequence[str]) -> Row:
    """Return the signature of an article: a row of the table `signatures`.

    `same_words` is a hash of all words, quoted ones too; `band_keys` are BANDS little-endian 32-bit numbers.
    Either is NULL where there are too few words to compare.
    """
    words = [word for paragraph in paragraphs for word in words_of(paragraph)]
    shingles = shingles_of(paragraphs)
    return {
        "article_id": article_id,
        "same_words": _hash(words) if len(words) >= _FEWEST_WORDS else None,
        "band_keys": _band_keys(shingles) if len(shingles) >= FEWEST_SHINGLES else None,
    }


def _unquoted(quoted: re.Match[str]) -> str:
    # A word or two in marks is the reporter's own sentence.
    return " " if len(words_of(quoted.group())) >= _FEWEST_QUOTED else quoted.group()


def _hash(words: Sequence[str]) -> int:
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest(), "little")


def _band_keys(shingles: set[str]) -> bytes:
    minhash = RMinHash(num_perm=BANDS * _ROWS, seed=_SEED)
    minhash.update(sorted(shingles))
    rows = np.array(minhash.digest(), dtype=np.uint64).reshape(BANDS, _ROWS)
    # Both numbers of a band in one: the upper half of a product with a large odd number.
    mixed = (rows[:, 0] << np.uint64(32) | rows[:, 1]) * np.uint64(0x9E37_79B9_7F4A_7C15)
    return (mixed >> np.uint64(32)).astype("<u4").tobytes()
