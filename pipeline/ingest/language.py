"""The language of a text: by script, and by the share of its commonest small words.

A small stand-in with one function; a library can take its place.
"""

import re
from collections import Counter

_SAMPLE = 20_000
_FEWEST_WORDS = 12
_FEWEST_LETTERS = 20
_SMALL_WORDS = {
    "en": "the of and to in a is that for on with as was by it from be at are has this have not will said",
    "fr": "le la les de des du et à en un une que qui dans pour est sur par avec au ce il ne pas plus aux",
    "de": "der die das und in den von zu mit für auf ist im dem nicht des ein eine als auch an er hat sich",
    "es": "el la los las de del y en un una que a por con para es se al su lo como más no ha fue",
    "it": "il la le di del della e in un una che per con è non si dei al alla da nel sono gli ha",
    "pt": "o a os as de do da e em um uma que para com por é se no na dos ao mais não foi das",
    "nl": "de het een van en in is dat op te voor met zijn niet aan die er om ook als bij",
    "tr": "ve bir bu da de için ile olarak daha çok olan gibi ise sonra kadar en ne ancak",
    "id": "yang dan di dari untuk dengan pada ini itu dalam akan tidak ke juga oleh telah ada",
    "vi": "và của các có là cho trong được với không những một người đã này về ở",
    "ru": "и в не на что с по как из к для это от за его но он был также",
    "uk": "і в не на що з у та як до за це від для його але він був також є",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_LEAST_SHARE = 0.12
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0620-\u064a]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("hi", re.compile(r"[\u0904-\u0939]")),
    ("th", re.compile(r"[\u0e01-\u0e30]")),
    ("el", re.compile(r"[\u03b1-\u03c9]")),
)


def language_of(text: str) -> str | None:
    """Return the language of a text (ISO 639-1), or None where there is too little to tell."""
    sample = text[:_SAMPLE].casefold()
    letters = sum(c.isalpha() for c in sample)
    if letters < _FEWEST_LETTERS:
        return None
    for language, script in _SCRIPTS:
        # Kana make a text Japanese though most of its letters are Chinese.
        if len(script.findall(sample)) > (0.1 if language == "ja" else 0.4) * letters:
            return language
    words = re.findall(r"[^\W\d_]+", sample)
    if len(words) < _FEWEST_WORDS:
        return None
    counts = Counter(words)
    shares = sorted(
        ((sum(counts[word] for word in small) / len(words), language) for language, small in _WORDS.items()),
        reverse=True,
    )
    (best, language), (second, _) = shares[:2]
    return language if best >= _LEAST_SHARE and best > 1.15 * second else None
