from datetime import date

import pytest

from pipeline.ingest.dates import find_dates, first_time, read_date_line, read_time_line


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2021-12-16", "2021-12-16"),
        ("2021/12/16", "2021-12-16"),
        ("2021.12.16", "2021-12-16"),
        ("2021-12-16T14:08:00Z", "2021-12-16"),
        ("December 16, 2021", "2021-12-16"),
        ("DECEMBER 07, 2021", "2021-12-07"),
        ("Dec. 15, 2021", "2021-12-15"),
        ("Sept. 1, 2021", "2021-09-01"),
        ("16 December 2021", "2021-12-16"),
        ("16th of December, 2021", "2021-12-16"),
        ("16-Dec-2021", "2021-12-16"),
        ("Thursday, Dec 16, 2021", "2021-12-16"),
        ("2021年12月16日", "2021-12-16"),
        ("16.12.2021", "2021-12-16"),
        ("16/12/2021", "2021-12-16"),
        ("12/16/2021", "2021-12-16"),
        ("05/05/2021", "2021-05-05"),
        ("Dec 30", "XXXX-12-30"),
        ("December 15th", "XXXX-12-15"),
        ("15 Dec", "XXXX-12-15"),
        ("29 February", "XXXX-02-29"),
        ("December 2021", "2021-12"),
        ("May 2021", "2021-05"),
        ("03/04/2021", "2021"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_stated(text: str, edtf: str) -> None:
    (found,) = find_dates(f"It said ({text}) so.")
    assert found.edtf == edtf
    assert f"It said ({text}) so."[found.start : found.end] in text


@pytest.mark.parametrize(
    "text",
    [
        "2021-13-01", "2021-02-29", "February 30, 2021", "31 April 2021", "35/12/2021", "20211216",
        "may 5 boats come", "they march 3 miles", "Dec 15-17", "1.2.3", "192.168.12.2021", "in 2021",
        "1/2", "Marching 5", "12/2021/5",
    ],
)  # fmt: skip
def test_what_is_no_date_or_an_impossible_one_is_left_out(text: str) -> None:
    assert list(find_dates(text)) == []


def test_value_and_precision() -> None:
    day, month, bare = find_dates("Dec. 15, 2021, then May 2022, then Dec 30.")
    assert (day.value, day.precision) == (date(2021, 12, 15), "day")
    assert (month.value, month.precision) == (None, "month")
    assert (bare.value, bare.precision) == (None, "none")


@pytest.mark.parametrize(
    ("line", "edtf", "time"),
    [
        ("2021-12-16 14:08", "2021-12-16", "14:08"),
        ("Published: Thursday, December 16, 2021 at 2:08 pm EST", "2021-12-16", "2:08 pm"),
        ("Updated: 17 Dec 2021 | Published: 16 Dec 2021 10:00", "2021-12-16", "10:00"),
        ("Wed 15 Dec 2021 13.20 GMT", "2021-12-15", "13.20"),
        ("14:08, 16 December 2021 (Beijing time)", "2021-12-16", "14:08"),
        ("2021-12-16 14:08 - Page A12", "2021-12-16", "14:08"),
    ],
)
def test_a_line_with_the_date_of_publication(line: str, edtf: str, time: str) -> None:
    found = read_date_line(line)
    assert found is not None
    assert (found.date.edtf, found.time, found.is_update) == (edtf, time, False)


@pytest.mark.parametrize(
    "line", ["On May 6 it rained", "May 6, 2024 was a fine day for boats", "14:08", "Boats"]
)
def test_other_lines_are_not(line: str) -> None:
    assert read_date_line(line) is None


def test_times() -> None:
    assert read_time_line("17:55") == "17:55"
    assert read_time_line("1:05 PM EDT") == "1:05 PM"
    assert read_time_line("at 17:55 the boat left") is None
    assert first_time("a ratio of 1:100") is None
