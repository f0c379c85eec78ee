"""Speakers: the authority file as published, and the speakers who are known in one article only."""

from schemas.quotes import SPEAKER_TYPES
from schemas.table import AUTHORITY_ID, COUNTRY, DATE, FLAG, TEXT, Table, column


class Speakers(
    Table,
    table_name="speakers",
    key=("speaker_id",),
    stage="quotes",
):
    """Persons, institutions and groups that speak."""

    speaker_id: TEXT = column(
        "Id of the speaker. In the authority file an id for all documents; for anyone else the article's id, "
        "':', and name_key, so that two people of one name are never merged silently.",
        unique=True,
        holds="names",
    )
    name: TEXT = column("Name of the speaker; for an unnamed group its description.", holds="names")
    name_key: TEXT = column(
        "Name in lower case with '-' between words, for unverified grouping.", holds="names"
    )
    speaker_type: TEXT = column("What the speaker is.", levels=SPEAKER_TYPES)
    country: TEXT = column(
        "Country (ISO 3166-1 alpha-3). NULL: none or not known.", nullable=True, str_matches=COUNTRY
    )
    gender: TEXT = column(
        "Gender, used to resolve pronouns only. From a named source. NULL: not known.",
        nullable=True,
        levels=("female", "male"),
    )
    wikidata_qid: TEXT = column(
        "Wikidata item of the speaker. NULL: none verified.", nullable=True, str_matches=r"^Q[1-9][0-9]*$"
    )
    qid_status: TEXT = column("Whether somebody checked the Wikidata item.", levels=("verified", "none"))
    in_authority: FLAG = column("Whether the speaker stands in the authority file, so that the id is global.")


class SpeakerRoles(
    Table,
    table_name="speaker_roles",
    key=("speaker_id", "role", "valid_from"),
    links=((("speaker_id",), "speakers", ("speaker_id",)),),
    stage="authority",
):
    """Offices held by speakers of the authority file, with the days on which they were valid."""

    speaker_id: TEXT = column("The speaker.", str_matches=AUTHORITY_ID)
    role: TEXT = column("The role as one would write it before a name.")
    organisation: TEXT = column("State or body in which the role is held. NULL: none.", nullable=True)
    valid_from: DATE = column("First day in the role. NULL: open.", nullable=True)
    valid_to: DATE = column("Last day in the role. NULL: open.", nullable=True)


class SpeakerAliases(
    Table,
    table_name="speaker_aliases",
    key=("alias", "speaker_id"),
    links=((("speaker_id",), "speakers", ("speaker_id",)),),
    stage="authority",
):
    """Further names of the speakers of the authority file."""

    alias: TEXT = column("Another name: short form, transliteration, nickname, name in another order.")
    speaker_id: TEXT = column("The speaker.", str_matches=AUTHORITY_ID)


class SpeakerMembers(
    Table,
    table_name="speaker_members",
    key=("group_id", "member_id"),
    links=(
        (("group_id",), "speakers", ("speaker_id",)),
        (("member_id",), "speakers", ("speaker_id",)),
    ),
    stage="authority",
):
    """Members of collective speakers."""

    group_id: TEXT = column("The collective speaker.", str_matches=AUTHORITY_ID)
    member_id: TEXT = column("A member.", str_matches=AUTHORITY_ID)
    valid_from: DATE = column("First day of membership. NULL: open.", nullable=True)
    valid_to: DATE = column("Last day of membership. NULL: open.", nullable=True)
