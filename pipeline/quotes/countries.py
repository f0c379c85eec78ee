"""Countries by name and adjective, to read *the Russian president* and *Xi, the Chinese president*."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Name in the authority file, adjective, ISO 3166-1 alpha-3. Further names stand in speaker_aliases.csv.
_COUNTRIES = """
Afghanistan|Afghan|AFG
Argentina|Argentine|ARG
Australia|Australian|AUS
Austria|Austrian|AUT
Bangladesh|Bangladeshi|BGD
Belarus|Belarusian|BLR
Belgium|Belgian|BEL
Brazil|Brazilian|BRA
Cambodia|Cambodian|KHM
Canada|Canadian|CAN
China|Chinese|CHN
Cuba|Cuban|CUB
Czech Republic|Czech|CZE
Denmark|Danish|DNK
Egypt|Egyptian|EGY
Ethiopia|Ethiopian|ETH
Finland|Finnish|FIN
France|French|FRA
Germany|German|DEU
Greece|Greek|GRC
Hungary|Hungarian|HUN
India|Indian|IND
Indonesia|Indonesian|IDN
Iran|Iranian|IRN
Iraq|Iraqi|IRQ
Ireland|Irish|IRL
Israel|Israeli|ISR
Italy|Italian|ITA
Japan|Japanese|JPN
Kazakhstan|Kazakh|KAZ
Kenya|Kenyan|KEN
Kyrgyzstan|Kyrgyz|KGZ
Laos|Lao|LAO
Malaysia|Malaysian|MYS
Mexico|Mexican|MEX
Mongolia|Mongolian|MNG
Myanmar|Burmese|MMR
Nepal|Nepalese|NPL
Netherlands|Dutch|NLD
New Zealand|New Zealand|NZL
Nigeria|Nigerian|NGA
North Korea|North Korean|PRK
Norway|Norwegian|NOR
Pakistan|Pakistani|PAK
Philippines|Philippine|PHL
Poland|Polish|POL
Portugal|Portuguese|PRT
Qatar|Qatari|QAT
Romania|Romanian|ROU
Russia|Russian|RUS
Saudi Arabia|Saudi|SAU
Serbia|Serbian|SRB
Singapore|Singaporean|SGP
South Africa|South African|ZAF
South Korea|South Korean|KOR
Spain|Spanish|ESP
Sweden|Swedish|SWE
Switzerland|Swiss|CHE
Syria|Syrian|SYR
Tajikistan|Tajik|TJK
Thailand|Thai|THA
Turkey|Turkish|TUR
Turkmenistan|Turkmen|TKM
Ukraine|Ukrainian|UKR
United Kingdom|British|GBR
United States|American|USA
Uzbekistan|Uzbek|UZB
Venezuela|Venezuelan|VEN
Vietnam|Vietnamese|VNM
"""
_ROWS = tuple(tuple(line.split("|")) for line in _COUNTRIES.split("\n") if line)

_CODES: dict[str, str] = {
    **{name.lower(): code for name, _, code in _ROWS},
    **{adjective.lower(): code for _, adjective, code in _ROWS},
    "us": "USA",
    "u.s.": "USA",
    "uk": "GBR",
    "u.k.": "GBR",
    "britain": "GBR",
    "sino": "CHN",
    "russo": "RUS",
}
_NAMES: dict[str, str] = {code: name for name, _, code in _ROWS}
_ADJECTIVE_ENDINGS = ("n", "an", "ian", "ean", "ese", "ish", "i", "ic")


@dataclass(frozen=True)
class Countries:
    """Names and adjectives of countries, lower case, with their codes; and the name of each code."""

    codes: Mapping[str, str]
    names: Mapping[str, str]

    def code(self, word: str) -> str | None:
        """Return the code of the country that a name, possessive or adjective stands for, if any."""
        key = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
        return self.codes.get(key)


def build_countries(added: Iterable[tuple[str, str]]) -> Countries:
    """Return the table of countries with these further (name, code) pairs and their regular adjectives."""
    codes = dict(_CODES)
    names = dict(_NAMES)
    for name, code in added:
        lower = name.lower()
        codes.setdefault(lower, code)
        names.setdefault(code, name)
        for stem in (lower, lower.rstrip("aeiouy")):
            for ending in _ADJECTIVE_ENDINGS:
                codes.setdefault(stem + ending, code)
    return Countries(codes, names)
