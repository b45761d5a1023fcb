"""Adherence: what is counted as kept, and what a report says and encloses."""

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.intake.arguments import Arguments
from bot.mail.letter import Kind
from bot.office.people import Person
from bot.workflow.answers.adherence import (
    OURS,
    Tally,
    adherence,
    bounds,
    counted,
    in_days,
    lateness,
    month_asked,
    months_between,
    span_of,
    together,
)
from bot.workflow.answers.spreadsheet import as_csv, as_xlsx
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Decision, Fate, Send
from bot.workflow.order import obey
from bot.workflow.promise import Outcome, Promise
from tests.workflow.offices import GROUP, LENA, MORNING, STAFFED, by, ordered

CALENDAR = STAFFED.calendar
CLARIFY = DeadlineKind.CLARIFY
DUE = date(2026, 12, 3)  # a Thursday
TODAY = date(2026, 12, 10)
DECEMBER = ("2026-12",)
INJECTIONS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x.example")', "_x0041_", "a\x00b\x1f")

CASES = {
    "before it": (Promise(CLARIFY, DUE, met_on=date(2026, 12, 1)), Outcome.MET, -2),
    "on the day": (Promise(CLARIFY, DUE, met_on=DUE), Outcome.MET, 0),
    "a day late": (Promise(CLARIFY, DUE, met_on=date(2026, 12, 4)), Outcome.MISSED, 1),
    "over the weekend": (Promise(CLARIFY, DUE, met_on=date(2026, 12, 7)), Outcome.MISSED, 2),
    "by the agreed date": (Promise(CLARIFY, DUE, date(2026, 12, 8), date(2026, 12, 9)), Outcome.EXTENDED, -1),
    "on the agreed date": (Promise(CLARIFY, DUE, date(2026, 12, 9), date(2026, 12, 9)), Outcome.EXTENDED, 0),
    "after the agreed date": (Promise(CLARIFY, DUE, date(2026, 12, 10), date(2026, 12, 9)), Outcome.MISSED, 1),
    "by the planned date, though later was agreed": (
        Promise(CLARIFY, DUE, date(2026, 12, 2), date(2026, 12, 9)),
        Outcome.MET,
        -5,
    ),
    "over and open": (Promise(CLARIFY, DUE), Outcome.MISSED, 5),
    "due today": (Promise(CLARIFY, TODAY), Outcome.OPEN, None),
    "extended and open": (Promise(CLARIFY, DUE, extended_to=date(2026, 12, 15)), Outcome.OPEN, None),
    "extended, over and open": (Promise(CLARIFY, DUE, extended_to=date(2026, 12, 9)), Outcome.MISSED, 1),
    "stopped when it was late": (Promise(CLARIFY, DUE, stopped_on=date(2026, 12, 8)), Outcome.MISSED, 3),
    "over a holiday": (Promise(CLARIFY, date(2026, 11, 25), met_on=date(2026, 11, 30)), Outcome.MISSED, 1),
}


def asked(line: str, who: Person, **more: Any) -> Decision:
    """What comes of a question."""
    return obey(None, replace(ordered(line, by(who)), **more), STAFFED, MORNING)


@pytest.mark.parametrize(("promise", "outcome", "late"), CASES.values(), ids=CASES)
def test_what_became_of_a_promise(promise: Promise, outcome: Outcome, late: int | None) -> None:
    """An agreed later date is no miss; lateness counts business days from the date that counts."""
    assert promise.outcome(TODAY) is outcome
    ended = promise.ended(TODAY)
    assert (None if ended is None else lateness(promise.by, ended, CALENDAR)) == late


def test_a_month_counts_what_fell_due_in_it() -> None:
    """By the date that counts, what a CLEC owes left out; every promise is counted once."""
    november = Promise(CLARIFY, date(2026, 11, 30), met_on=date(2026, 11, 30))
    moved = Promise(CLARIFY, date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2))
    theirs = Promise(DeadlineKind.CORRECT, DUE)
    some = [promise for promise, *_ in CASES.values()]
    found = adherence([november, moved, theirs, *some], DECEMBER, CALENDAR, TODAY)
    november_too = 1  # of the cases, the one over the holiday
    assert found.kinds == ((CLARIFY, found.whole),)
    assert found.whole.promised == len(found.promises) == len(some) - november_too + 1  # and the moved one
    assert (found.whole.met, found.whole.extended, found.whole.open) == (3, 3, 2)
    assert [promise.by for promise, _ in found.missed] == sorted(
        (promise.by for promise, _ in found.missed), reverse=True
    )


def test_tallies_add_up() -> None:
    """Of every kind, of every month and altogether the same promises are counted."""
    promises = [
        Promise(kind, date(2026, month, day), met_on=date(2026, month, day + day % 3 - 1), number=f"PC{month}-{day}")
        for kind in DeadlineKind
        for month in (10, 11, 12)
        for day in (2, 4, 9)
    ]
    months = ("2026-10", "2026-11", "2026-12")
    found = adherence(promises, months, CALENDAR, date(2027, 1, 1))
    assert found.whole.promised == len(OURS) * 9
    assert together(tally for _, tally in found.kinds) == found.whole
    assert together(tally for _, tally in found.by_month) == found.whole
    assert together(tally for *_, tally in found.cells) == found.whole
    assert [month for month, _ in found.by_month] == list(months)


def test_figures_of_a_tally() -> None:
    """The median of two is the later one, a share is rounded down, and of nothing there is none."""
    assert (Tally().median, Tally().worst, Tally().kept, Tally(open=3).kept) == (None, None, None, None)
    some = Tally(1, 1, 1, 4, (-3, 0, 2))
    assert (some.promised, some.median, some.worst, some.kept) == (7, 0, 2, 66)
    assert Tally(met=2, late=(-1, 4)).median == 4
    assert Tally(met=199, missed=1).kept == 99


def test_months() -> None:
    """The one that is named, else this month; the span of several over the end of a year."""
    assert month_asked(Arguments(), date(2026, 12, 9)) == ("2026-12",)
    assert month_asked(Arguments(month=(2028, 2)), TODAY) == ("2028-02",)
    assert bounds(("2027-12", "2028-01", "2028-02")) == (date(2027, 12, 1), date(2028, 2, 29))
    assert months_between(date(2026, 12, 31), date(2026, 12, 1)) == ("2026-12",)
    assert months_between(date(2026, 12, 1), date(2026, 11, 30)) == ()
    assert span_of(("2026-09", "2026-10")) == "September to October 2026"


def test_a_report_goes_in_a_letter_with_its_tables() -> None:
    """To whoever asks, with a CSV and a workbook; the transcript has the sum."""
    promises = tuple(replace(promise, number=f"PC120126-{n}") for n, (promise, *_) in enumerate(CASES.values(), 1))
    decision = asked("REPORT december", LENA, promises=promises)
    assert decision.fate is Fate.OBEYED
    (effect,) = decision.effects
    assert isinstance(effect, Send)
    letter = effect.letter
    assert (letter.kind, letter.to) == (Kind.REPORT, LENA.address)
    assert [file.name for file in letter.enclosures] == ["adherence-2026-12.csv", "adherence-2026-12.xlsx"]
    assert decision.answer[0].startswith("Deadlines of December 2026")
    assert asked("REPORT december", LENA, promises=promises) == decision


def test_a_report_of_nothing_is_no_letter() -> None:
    """No deadline fell due: the transcript says so."""
    decision = asked("REPORT november", GROUP)
    assert decision.effects == ()
    assert decision.answer[0].startswith("No deadline of ours fell due in November 2026")


def test_words() -> None:
    """Counts and days in words."""
    assert counted(Tally(1, 2, 3, 4)) == "10 promised, 1 met in time, 2 by an agreed later date, 3 missed, 4 open"
    assert in_days(1) == "1 business day late"


def promised() -> list[Promise]:
    """Promises of change requests whose titles would like to be formulas."""
    kinds = (CLARIFY, DeadlineKind.RESPOND)
    return [
        Promise(kinds[n % 2], DUE, DUE, None, None, date(2026, 11, 23), f"PC120126-{n}", title)
        for n, title in enumerate(INJECTIONS)
    ]


def test_the_csv_opens_as_a_table() -> None:
    """A head and a row a month and interval, in an encoding that Excel recognises."""
    found = adherence(promised(), DECEMBER, CALENDAR, TODAY)
    content = as_csv(found)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["Month", "Interval", "Promised"]
    assert rows[1:] == [
        ["2026-12", "hold the clarification meeting", "5", "5", "0", "0", "0", "0", "0"],
        ["2026-12", "issue the response", "4", "4", "0", "0", "0", "0", "0"],
    ]


def test_the_workbook_opens_with_dates_and_without_formulas() -> None:
    """Three sheets with a frozen head; dates are dates, and what people wrote is text, whatever it begins with."""
    found = adherence([*promised(), Promise(CLARIFY, date(2026, 12, 4))], DECEMBER, CALENDAR, TODAY)
    content = as_xlsx(found, CALENDAR)
    as_xlsx.cache_clear()
    assert as_xlsx(found, CALENDAR) == content
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Intervals", "Months", "Deadlines"]
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.column_dimensions["B"].width >= 13
    rows = list(book["Deadlines"].iter_rows(min_row=2))
    titles = {str(row[1].value) for row in rows if row[1].value is not None}
    assert {"=1+1", "+1", "-1", "@SUM(A1)", "_x0041_"} <= {title.replace("_x005F_", "_") for title in titles}
    for row in rows:
        assert (row[5].data_type, row[5].number_format) == ("d", "mm/dd/yyyy")
    assert str(rows[0][5].value) == f"{DUE} 00:00:00"
    assert [cell.value for cell in rows[-1]][8:] == [None, "missed", 4]
    assert [cell.value for cell in list(book["Intervals"].iter_rows())[-1]] == [
        "All together", 10, 9, 0, 1, 0, 0, 4, 90
    ]  # fmt: skip
