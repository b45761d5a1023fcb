"""Taking over a register: columns by their heads, places by house words, and what refuses a row."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.config import load, packaged
from bot.intake.value.dates import Order
from bot.workflow.change import ENDED, PHASE_OF, Disposition, Milestone, Phase, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Open, Send
from bot.workflow.step import rows_at
from bot.workflow.takeover import columns
from bot.workflow.takeover.columns import Sheet, sheet_of
from bot.workflow.takeover.days import against, in_order
from bot.workflow.takeover.decision import taken_over
from bot.workflow.takeover.row import Taken, take
from bot.workflow.takeover.standing import WORDS, Stands, stands
from bot.workflow.transition import place_of

SETTINGS = load(packaged() / "config.yaml")
OFFICE, TABLE = SETTINGS.office, SETTINGS.table
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HEADS = ("CR #", "Title", "Status", "Company", "Status Date")


def sheet(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> Sheet:
    """A register with these rows."""
    found = sheet_of([heads, *rows], TABLE)
    assert found is not None
    return found


def row(*cells: str, heads: tuple[str, ...] = HEADS) -> Taken:
    """One row of a register, understood."""
    ((n, found),) = sheet(cells, heads=heads).rows
    return take(n, found, OFFICE, TABLE, TODAY)


def refusals(taken: Taken) -> list[str]:
    """What refuses a row."""
    return [each.message for each in taken.remarks if each.refuses]


def test_columns_are_known_by_their_heads() -> None:
    """In the form's words, in the house's, or as our own export has them; what nobody knows is named."""
    heads = (
        "number",
        "Title",
        "phase",
        "received_on",
        "CR PM",
        "Owner",
        "Area(s) Impacted",
        "Status",
        "Colour",
        "open",
    )
    found = sheet(("PC112226-1", "x", "Closed", "", "", "", "", "", "red", "no"), heads=heads)
    known = {each.head: each.key for each in found.columns}
    assert known == {
        "number": columns.NUMBER,
        "Title": "title",
        "phase": columns.STATUS,
        "received_on": columns.RECEIVED,
        "CR PM": columns.CRPM,
        "Owner": columns.SMES,
        "Area(s) Impacted": "areas_impacted",
        "Status": columns.STATUS,
        "Colour": "",
    }
    assert [each.head for each in found.twice] == ["Status"]
    assert [each.head for each in found.unknown] == ["Colour"]


def test_the_heads_may_stand_below_a_title() -> None:
    """Rows are counted as a spreadsheet counts them; a table without a number or a status is no register."""
    found = sheet_of([("The register of 2002",), (), HEADS, (), ("14886", "x", "Closed", "Pine", "1/2/2001")], TABLE)
    assert found is not None
    assert [n for n, _ in found.rows] == [5]
    assert found.rows[0][1]["title"].place == "row 5, column B"
    assert sheet_of([("Name", "Colour"), ("a", "b")], TABLE) is None


def test_every_phase_and_every_house_word_leads_somewhere() -> None:
    """Each phase of ours is understood as it is written, with the steps beside which it stands."""
    for phase in Phase:
        found = stands(phase.value)
        assert isinstance(found, Stands)
        assert found.phase is phase
    for step, phase in PHASE_OF.items():
        assert stands(phase.value, step.value) == stands(phase.value.upper(), step.value)
        found = stands(phase.value, step.value)
        assert isinstance(found, Stands)
        assert (found.step, found.phase) == (step, phase)
    assert stands("Denied") == Stands(Step.CLOSED, Phase.COMPLETION, Disposition.DENIED, WORDS["denied"].way)
    assert isinstance(stands("Open"), str)
    assert isinstance(stands("Presented", "2"), str)
    assert isinstance(stands("Presented", "12"), str)


@pytest.mark.parametrize("word", sorted(WORDS))
def test_wherever_it_stands_it_can_go_on(word: str) -> None:
    """A row becomes a change request that some verb fits, with deadlines from today on if it is open, and
    without a letter."""
    taken = row("PC010302-1", "Reject notices", word, "Alderpoint Communications", "1/20/2002")
    assert taken.change is not None, taken.remarks
    decision = taken_over(taken, taken.change, OFFICE, NOW, posted=False)
    assert rows_at(place_of(taken.change))
    assert not any(isinstance(each, Send) for each in decision.effects)
    opened = [each.deadline for each in decision.effects if isinstance(each, Open)]
    assert all(each.due > TODAY and each.met_on is None for each in opened)
    for later in range(1, 40):  # also where the next Monthly Meeting is too near
        then = NOW + timedelta(days=later)
        again = taken_over(taken, taken.change, OFFICE, then, posted=False)
        due = [each.deadline.due for each in again.effects if isinstance(each, Open)]
        assert all(day > then.date() for day in due)
    if taken.change.phase in ENDED:
        assert not opened
        assert decision.change is not None
        assert decision.change.agenda is None
    assert [each.on for each in taken.change.milestones if each.milestone is Milestone.CR_RECEIVED] == [
        date(2002, 1, 3)
    ]


def test_what_is_due_begins_today() -> None:
    """A clarification of years ago is due as one of today; whoever is assigned need not be assigned again."""
    taken = row("PC010302-1", "x", "Submitted", "Alderpoint Communications", "", "brandt", "whitcomb",
                heads=(*HEADS, "CRPM", "Director"))  # fmt: skip
    assert taken.change is not None
    decision = taken_over(taken, taken.change, OFFICE, NOW, posted=False)
    kinds = {each.deadline.kind: each.deadline.due for each in decision.effects if isinstance(each, Open)}
    assert kinds.keys() == {DeadlineKind.NAME_SMES, DeadlineKind.CLARIFY, DeadlineKind.PRESENT}
    assert kinds[DeadlineKind.CLARIFY] == date(2026, 12, 7)


def test_dates_are_read_as_people_write_them() -> None:
    """US order, two-digit years, names of months; one that could be two refuses, and one ahead does."""
    for written in ("3/5/2001", "03-05-01", "Mar 5, 2001", "5-Mar-2001", "2001-03-05"):
        taken = row("14886", "x", "Closed", "Pine", "", written, heads=(*HEADS, "Date Received"))
        assert taken.change is not None
        assert taken.change.received_at == datetime(2001, 3, 5, 19, tzinfo=UTC)
        assert taken.change.status_date == date(2001, 3, 5)
    heads = (*HEADS, "Received", "Date Submitted")
    doubtful = refusals(row("14886", "x", "Closed", "Pine", "5.3.2001", "4.3.2001", "4.3.2001", heads=heads))
    assert len(doubtful) == 3
    assert "--dates day-first or --dates month-first" in {*doubtful}.pop()
    nothing = row("PC010302-1", "x", "Closed", "Pine", "soon")
    assert nothing.change is not None
    assert nothing.change.status_date == date(2002, 1, 3)
    assert "'soon' is no date; it was left out" in {each.message for each in nothing.remarks}
    assert refusals(row("PC010302-1", "x", "Closed", "Pine", "1/2/2027")) == ["1/2/2027 is ahead of today"]


def test_an_order_that_is_declared_settles_every_date() -> None:
    """With the day first 3/5 and 3.5. are in May; what can mean one thing only means that in any order, and leaves
    the row what it was."""
    heads = ("CR #", "Title", "Status", "Company", "Status Date", "Received", "Implementation")
    cells = ("14886", "4/5/2001", "Clec Notified", "Pine", "3/5/2001", "2.5.2001", "13/6/2027")
    for order, months in ((Order.DAY_FIRST, (5, 5)), (Order.MONTH_FIRST, (3, 2))):
        ((n, found),) = in_order(sheet(cells, heads=heads), order, TABLE).rows
        change = take(n, found, OFFICE, TABLE, TODAY).change
        assert change is not None
        assert (change.status_date.month, change.received_at.month) == months
        assert change.announced == date(2027, 6, 13)
        assert change.title == "4/5/2001"
    plain = sheet(("14886", "x", "Closed", "Pine", "13/5/2001", "Mar 5, 2001", ""), heads=heads)
    assert in_order(plain, Order.DAY_FIRST, TABLE) == plain
    assert in_order(plain, Order.MONTH_FIRST, TABLE) == plain


def test_a_register_that_seems_to_write_the_day_first_is_said_to() -> None:
    """Where one date can only mean that and another could; never of dates that all mean one thing."""
    one, other = (("PC010302-1", "x", "Closed", "Pine", day) for day in ("25/11/2025", "3/5/2002"))
    assert against(sheet(one, other), TABLE).startswith("row 2, column E: 25/11/2025 has the day first, and 1 date")
    assert against(sheet(other, other), TABLE) == ""
    assert against(sheet(one, ("PC010302-1", "x", "Closed", "Pine", "2025-11-05")), TABLE) == ""


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("AI031903-1", "x", "Closed", "Pine", ""), "no CR number"),
        (("", "x", "Closed", "Pine", ""), "the CR number is missing"),
        (("PC010302-1", "x", "Sleeping", "Pine", ""), "no status that is known"),
        (("PC010302-1", "x", "", "Pine", ""), "the status is missing"),
        (("PC010302-1", "x", "Closed", "", ""), "the company is missing"),
        (("14886", "x", "Closed", "Pine", ""), "the day of receipt is missing"),
        (("PC133302-1", "x", "Closed", "Pine", ""), "the date in PC133302-1 is none"),
        (("PC010327-1", "x", "Closed", "Pine", ""), "ahead of today"),
    ],
)
def test_what_refuses_a_row(cells: tuple[str, ...], said: str) -> None:
    """Without a number, a place, a company or a day of receipt nothing is made of it."""
    taken = row(*cells)
    assert taken.change is None
    assert any(said in message for message in refusals(taken)), taken.remarks


def test_people_and_companies_are_those_of_the_configuration() -> None:
    """By name in either order, by address, by id; who is unknown is named with the cell, and nobody is put there."""
    heads = (*HEADS, "Originator", "Originator E-mail", "CRPM", "Director", "Owner")
    taken = row("PC010302-1ES", "x", "Presented", "ALDERPOINT communications", "", "Raman, Priya",
                "Priya.Raman@alderpoint.example", "Brandt, Lena", "grace.whitcomb@meridell.example", "Somebody Else",
                heads=heads)  # fmt: skip
    change = taken.change
    assert change is not None
    assert change.company == "Alderpoint Communications"
    assert change.originator.email == "priya.raman@alderpoint.example"
    assert change.people == {"crpm": ("brandt",), "director": ("whitcomb",)}
    assert change.flags == ("ES",)
    (remark,) = taken.remarks
    assert "Somebody Else" in remark.message
    assert remark.place == "row 2, column J"


def test_what_stands_there_is_kept_as_it_stands() -> None:
    """A title that today's form would refuse, a formula, an area nobody knows."""
    heads = (*HEADS, "Description", "Area Impacted")
    taken = row("14886", "=Fix it", "Denied", "Pine", "1/3/2001", "short", "Systems Documentation",
                heads=(*heads, "Received"))  # fmt: skip
    assert taken.change is None  # no day of receipt yet
    taken = row("14886", "=Fix it", "Denied", "Pine", "1/3/2001", "short", "Systems Documentation", "1/2/2001",
                heads=(*heads, "Received"))  # fmt: skip
    assert taken.change is not None
    assert (taken.change.title, taken.change.text("description")) == ("=Fix it", "short")
    assert taken.change.text("areas_other") == "Systems Documentation"
    assert taken.change.disposition is Disposition.DENIED


def test_a_status_that_nobody_knows_is_answered_with_those_that_are() -> None:
    """The nearest ones, or the phases; a hyphen for a space changes nothing, and a note behind one is set aside."""
    assert stands("In-Review") == stands("In Review")
    assert stands("Completed - 3/4") == stands("Completed")
    assert "did you mean Completed" in str(stands("Complted"))
    assert "did you mean Withdrawn" in str(stands("Pending Withdrawal"))
    assert "did you mean Test" in str(stands("Ready for Test"))
    assert all(phase.value in str(stands("Open")) for phase in Phase)


def test_an_import_assigns_nobody_whom_a_mail_could_not() -> None:
    """Who does not hold the role is named with it, as ASSIGN does, and not assigned."""
    taken = row("PC010302-1", "x", "Presented", "Alderpoint Communications", "", "okafor", "whitcomb",
                heads=(*HEADS, "CRPM", "Director"))  # fmt: skip
    assert taken.change is not None
    assert taken.change.people == {"director": ("whitcomb",)}
    (remark,) = taken.remarks
    assert "CRPM" in remark.message
    assert remark.message.endswith("Nobody is assigned.")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Alderpoint Communications, Inc.", "did you mean Alderpoint Communications?"),
        ("ALDERPOINT COMMUNICATION", "did you mean Alderpoint Communications?"),
        ("Alder Point", "did you mean Alderpoint Communications?"),
        ("Nobody Known", "it is kept as it is written"),
    ],
)
def test_a_company_that_is_nearly_known_is_asked_about(written: str, meant: str) -> None:
    """Its name is kept as it is written, with the one it may be meant for."""
    taken = row("PC010302-1", "x", "Presented", written, "")
    assert taken.change is not None
    assert taken.change.company == written
    assert f"{written} is none of the companies in config.yaml; {meant}" in {each.message for each in taken.remarks}
