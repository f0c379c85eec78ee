"""Outlets and events: small tables kept by people."""

from schemas.table import AUTHORITY_ID, COUNTRY, DATE, TEXT, Table, column


class Outlets(
    Table,
    table_name="outlets",
    key=("outlet_id",),
    stage="authority",
):
    """Newspapers, agencies, governments and aggregators."""

    outlet_id: TEXT = column("Id of the outlet.", unique=True, str_matches=AUTHORITY_ID)
    name: TEXT = column("Name of the outlet.")
    kind: TEXT = column(
        "What the outlet is.", levels=("newspaper", "agency", "broadcaster", "government", "aggregator")
    )
    country: TEXT = column(
        "Country of the outlet (ISO 3166-1 alpha-3). NULL: not known or none.",
        nullable=True,
        str_matches=COUNTRY,
    )
    ownership: TEXT = column("Who owns the outlet.", levels=("state", "private", "public", "unknown"))


class OutletAliases(
    Table,
    table_name="outlet_aliases",
    key=("alias", "alias_use"),
    links=((("outlet_id",), "outlets", ("outlet_id",)),),
    stage="authority",
):
    """Names by which outlets are recognised on a page."""

    alias: TEXT = column("The name, address domain or page mark.")
    outlet_id: TEXT = column("The outlet.", str_matches=AUTHORITY_ID)
    alias_use: TEXT = column(
        "Where the name is recognised. name: in running text, header, byline or credit; credit: in credits "
        "only; email_domain: domain of the writers' addresses; page_mark: a line that stands on that outlet's"
        " pages only.",
        levels=("name", "credit", "email_domain", "page_mark"),
    )


class Events(
    Table,
    table_name="events",
    key=("event_id",),
    stage="authority",
):
    """Meetings, calls and other events with a date."""

    event_id: TEXT = column("Id of the event.", unique=True, str_matches=AUTHORITY_ID)
    label: TEXT = column("Name of the event.")
    event_type: TEXT = column("What the event is.", levels=("meeting", "call", "summit", "games", "other"))
    start_date: DATE = column("Day of the event, or its first day.")
    mode: TEXT = column(
        "How the participants met. NULL: no meeting, or in several ways.",
        nullable=True,
        levels=("video", "phone", "in_person"),
    )
    place: TEXT = column("Where the event took place. NULL: no one place.", nullable=True)


class EventParticipants(
    Table,
    table_name="event_participants",
    key=("event_id", "speaker_id"),
    links=(
        (("event_id",), "events", ("event_id",)),
        (("speaker_id",), "speakers", ("speaker_id",)),
    ),
    stage="authority",
):
    """Who took part in an event: of the speakers of the authority file, all or none are listed.

    Articles and quotes are linked only to events whose participants are listed.
    """

    event_id: TEXT = column("The event.", str_matches=AUTHORITY_ID)
    speaker_id: TEXT = column("A participant.", str_matches=AUTHORITY_ID)
