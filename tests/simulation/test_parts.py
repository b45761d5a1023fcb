"""The parts of the simulation: lots, time, what people read and write, faults, the trace."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from bot.config import load
from bot.config.load import packaged
from bot.intake.bounce import bounce_in
from bot.intake.file.attachment import open_attachment
from bot.intake.file.opened import Forms
from bot.intake.read import read
from bot.intake.request import Rsvp, Submissions
from bot.mail.invite import Invitation, calendar
from bot.mail.letter import Fault as Returned
from bot.mail.parse import parse
from bot.office.people import Address
from bot.simulation.chance import Chance
from bot.simulation.clec import Contact
from bot.simulation.faults import ALL, Fault, Faults
from bot.simulation.forms import SHAPES
from bot.simulation.habits import CLEC, SLIPS, STAFF
from bot.simulation.people import Around
from bot.simulation.plan import START
from bot.simulation.post import INBOX, Post
from bot.simulation.time import Planned, StandingClock
from bot.simulation.trace import Trace
from bot.simulation.writing import Mail, calendar_answer, delivery_report
from bot.workflow.prompt import PROMPTS

HOUSE, ADA = Address("cmpcr@meridell.example"), Address("ada@larkspur.example", "Ada")
TABLE = load(packaged() / "config.yaml", START).table


def test_a_stream_is_its_own() -> None:
    """A name always gives the same lots, whatever others draw; another name gives others."""
    first, again, other = (Chance("seed 1").of(name) for name in ("post", "post", "staff"))
    drawn = [first.spread() for _ in range(5)]
    other.spread()
    assert drawn == [again.spread() for _ in range(5)]
    assert drawn != [other.spread() for _ in range(5)]
    assert {Chance("x").of(str(n)).weighed(((1, "a"), (0, "b"))) for n in range(20)} == {"a"}


def test_time_goes_on_in_order() -> None:
    """What is planned happens in order of time, in UTC whatever zone it was planned in, and what falls on one
    instant in the order of planning."""
    planned, done = Planned(), list[str]()
    local = START.astimezone(ZoneInfo("America/Denver"))
    for name, at in (("late", START + timedelta(hours=2)), ("first", local), ("second", START)):
        planned.at(at, lambda name=name: done.append(name))  # type: ignore[misc]
    while found := planned.next(START + timedelta(hours=1)):
        assert found[0].tzinfo is UTC
        found[1]()
    assert done == ["first", "second"] and len(planned) == 1


def test_the_clock_never_goes_back() -> None:
    """It stands until it is put forward, and moves while somebody waits."""
    clock = StandingClock(START)
    clock.turn_to(START - timedelta(days=1))
    assert clock.now() == START
    assert clock.wait(5) is False and clock.seconds() == 5
    clock.close()


@pytest.mark.parametrize("shape", [shape for _, shape in SHAPES])
def test_a_form_reads_back(shape: str) -> None:
    """A complete form of every shape is one to our own readers, and an answer keeps its thread."""
    sent: list[Mail] = []
    office = load(packaged() / "config.yaml", START).office
    around = Around(office, TABLE, Planned(), lambda: START, sent.append, count(1))
    company = office.directory.companies[0]
    contact = Contact(company.contacts[0], company, around, Chance("forms"))
    contact.send_form(meant := contact.meant_now(), meant, shape, "<letter@meridell.example>")
    message = parse(sent[0].stamped("mx.meridell.example", "mx.meridell.example", ""))

    found = read(message, lambda file: open_attachment(file, TABLE), TABLE)

    assert isinstance(found, Submissions) and len(found.forms) == 1
    assert found.forms[0].submission.complete, found.forms[0].submission.problems
    assert message.in_reply_to == "<letter@meridell.example>"
    assert bool(message.attachments) == bool(shape)


def test_a_report_is_one() -> None:
    """What comes back from a dead address is a bounce of that very letter."""
    wire = b"From: x@meridell.example\r\nMessage-ID: <ab12@meridell.example>\r\n\r\nText\r\n"
    mail = delivery_report("gone@dry.example", HOUSE.email, wire, START, "mx.example")
    found = bounce_in(parse(mail.stamped("", "mx.example", "")))
    assert found and found.message_ids == ("<ab12@meridell.example>",)
    assert found.fault is Returned.ADDRESS and found.about == "gone@dry.example"


def test_a_calendar_answers() -> None:
    """An answer to an invitation of ours is read as one."""
    asked = Invitation(
        "PC010427-1-meeting-1@meridell.example", 0, START, START, 60, "Meeting", "Text", "Bridge", HOUSE, ADA
    )
    mail = Mail(
        1, ADA, HOUSE, "Accepted", "yes\n", START, files=(calendar_answer(calendar(asked), ADA, "ACCEPTED", START),)
    )
    found = read(parse(mail.stamped("", "", "")), lambda file: Forms((), "txt"), TABLE)
    assert isinstance(found, Rsvp) and found.uid == asked.uid


def test_every_prompt_is_a_habit() -> None:
    """Whatever a letter can offer, somebody has a habit for; and whatever goes wrong can be sent."""
    assert {prompt.verb for prompt in PROMPTS} <= STAFF.keys() | CLEC.keys()
    for place, (_, slip) in enumerate(SLIPS):
        assert isinstance(slip("APPROVE 12ab", Chance(str(place))), str)


def test_the_post_keeps_its_book() -> None:
    """Every mail that lies in the inbox is in the book, some twice, and renumbering loses none."""
    clock, planned = StandingClock(START), Planned()
    faults = Faults(Chance("faults"), frozenset({Fault.TWICE, Fault.RENUMBERED}), clock.now)
    post = Post(Chance("post"), faults, planned, clock.now, "mx.example")
    for n in range(200):
        post.take(Mail(n, ADA, HOUSE, "Hello", f"Number {n}\n", START))
    while found := planned.next(START + timedelta(days=9)):
        clock.turn_to(found[0])
        found[1]()
        post.renumber()
    lying = post.folders[INBOX]
    assert post.book.delivered.total() == len(lying) == 200 + faults.counts[Fault.TWICE] > 200
    assert len(post.book.delivered) == 200
    assert post.uidvalidity == 1 + faults.counts[Fault.RENUMBERED] > 1
    clock.close()


def test_a_fault_left_out_moves_no_other() -> None:
    """Without one kind of fault all others strike where they struck."""

    def struck(kinds: frozenset[Fault]) -> list[tuple[int, Fault]]:
        faults = Faults(Chance("faults"), kinds, lambda: START)
        kept = (Fault.KILLED, Fault.SMTP_LATER, Fault.TWICE)
        return [(n, kind) for n in range(3000) for kind in kept if faults.strikes(kind)]

    every = struck(ALL)
    assert struck(ALL - {Fault.TWICE}) == [each for each in every if each[1] is not Fault.TWICE]
    assert {kind for _, kind in every} == {Fault.KILLED, Fault.SMTP_LATER, Fault.TWICE}


def test_a_dialogue_is_about_something() -> None:
    """It shows the scenes that speak of what it is about, and what the world did; all of them where none does."""
    trace = Trace(UTC)
    trace.mail(START, "ada", "[PC010427-1] HELD", "HELD\n")
    trace.mail(START, "ben", "[PC010427-2] HELD", "HELD\n")
    trace.world(START, "the process is killed")
    trace.desk(datetime(2027, 1, 5, tzinfo=UTC), ["obeyed PC010427-1: HELD"])
    about = trace.dialogue(("PC010427-1",))
    assert "ada" in about and "killed" in about and "| obeyed" in about and "ben" not in about
    assert "ben" in trace.dialogue(("PC999999-9",))
