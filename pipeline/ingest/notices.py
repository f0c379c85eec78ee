"""What a person should look at on a page, and what to do about it."""

from dataclasses import dataclass

# By code.
TO_DO = {
    "agency_not_in_authority": "add it to authority/outlets.csv in the raw folder if it is an agency",
    "doubled_header_field": "look which of them is right",
    "manifest_contradiction": "mend the manifest if the page is right",
    "outlet_not_in_authority": "add it to authority/outlets.csv in the raw folder if it is an outlet",
    "page_dates_contradict": "look which date is right; manifest.csv can state it where none is taken",
    "several_agencies": "look which of them wrote the article",
    "unknown_header_field": "add it to schemas/codebooks/header_fields.csv if the tables hold what it says",
    "unread_author_field": "look at the authors of the article",
    "unread_byline": "look at the authors of the article",
    "unread_date": "look at the dates of the article",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a person should look at; `code` is one of a small set, `message` is for reading."""

    code: str
    message: str

    @property
    def advice(self) -> str:
        """Return the message with what to do."""
        return f"{self.message}: {TO_DO[self.code]}"
