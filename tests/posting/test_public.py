"""What may be public, and nothing else."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.intake.form import Value
from bot.posting.people import last_first
from bot.posting.public import Due, line, posting
from bot.posting.withhold import NO_EMAIL, NO_PHONE, withhold
from bot.workflow.change import ChangeRequest, Phase, Revision, Step
from tests.posting.samples import ARRIVED, FIELDS, OFFICE, advanced, change, intake, record


def test_an_intake_is_never_posted() -> None:
    """A change request without a CR number has no posting."""
    with pytest.raises(ValueError, match="not logged"):
        posting(record(intake()), OFFICE)


def test_internal_rows_stay_inside() -> None:
    """Only public rows are in the history."""
    assert "INTERNAL" not in str(posting(record(), OFFICE))


def test_history_is_in_order_whatever_order_it_was_written_in() -> None:
    """History runs by the time things happened."""
    shown = posting(record(), OFFICE).history
    assert [row.action for row in shown] == ["CR Submitted", "CR Received", "CR Acknowledged", "CR Posted to Web"]
    assert [row.by for row in shown] == ["Cedar Loop Telecom", "Cedar Loop Telecom", "Meridell CMP", "Meridell CMP"]


def test_history_names_staff_by_name() -> None:
    """A row by a person's id is shown under that person's name, last name first."""
    assert posting(advanced(), OFFICE).history[-1].by == "Marsh, Lena"


def test_the_originators_contact_data_stay_inside() -> None:
    """Neither the address nor the telephone number of the form is in the posting, however written."""
    talkative: dict[str, Value] = {
        **FIELDS,
        "title": "Call 3035550142 about 911",
        "description": "Ask pat@cedarloop.example or (303) 555-0142, or 303.555.0142 ext. 7, or +1 303 555 0142.",
        "business_reason": "PAT@CedarLoop.example",
        "areas_impacted": ("Other",),
        "areas_other": "call 303 555 0142",
        "products_impacted": ("LNP pat@cedarloop.example",),
    }
    told = replace(change(), fields=talkative, company="Cedar Loop (303-555-0142)")
    shown = str(posting(record(told), OFFICE)).casefold()
    for secret in ("pat@cedarloop", "555-0142", "555.0142", "555 0142", "5550142"):
        assert secret not in shown


@pytest.mark.parametrize(
    "text",
    [
        "PC112226-1 of 11/22/2026, 1,234,567 lines, USOC 1MB",
        "ticket 2026-11-22-0001, circuit 12/HCGS/345678/QW",
        "8 business days, 911 and 411 calls, NPA-NXX 303-555",
        "part 303-555-01425 and 1303-555-0142-9",
        "reject code 4455, NPA code 303, look (at) page 7, item #4711, ACNA code at 8 AM",
        "ticket 4455667788, order 3035550142, #3035550142, INC3035550142, 30355501425, 1732338000",
        "NPA\u2013NXX 303\u2013555, 10\u201320 lines, 2026\u20132027, part 0012-11-22, at 555 2026 lines",
        "notice 3035.11.22.26, PC112226-01, 112226-2, CLLI DNVRCOMA, code 445566, version 303.555",
        "calls at 11/22/2026 and 345-6789, SECNCF 555-0199, call 911 2026-11-22",
        "password: see below, passcode field, PIN codes, the code 12#, id 4, lines @ 8.5 each, look (at) it",
        "https://meridell.example/notices?id=4711 and www.meridell.example, <https://meridell.example/zoom.us/?code=1>",
    ],
)
def test_what_only_looks_like_a_telephone_number_is_kept(text: str) -> None:
    """Dates, CR numbers, circuits and long identifiers are not withheld."""
    assert withhold(text) == text


@pytest.mark.parametrize(
    "number",
    [
        "3035550142",
        "Tel:3035550142",
        "13035550142",
        "+13035550142",
        "303\u2013555\u20130142",
        "303\u2011555\u20110142",
        "303\u2212555\u22120142",
        "303.555.0142",
        "303/555/0142",
        "303_555_0142",
        "303\u00a0555\u00a00142",
        "303\u200b555\u200b0142",
        "3\u00ad03-555-0142",
        "303-\n555-0142",
        "[303] 555 0142",
        "(303)5550142",
        "303 5550142",
        "303-555-0142--",
        "3035550142-3035550149",
        "303-555-0142/0149",
        "fax303-555-0142",
        "call\u2013303-555-0142",
        "\uff13\uff10\uff13-555-0142",
        "0049 30 1550142",
        "020 7955 0142",
        "local 555-0142",
        "tel. 555 0142",
        "dial 5550142",
        "phone number is 555-0142",
        "reach us at 555\u20130142",
    ],
)
def test_a_telephone_number_is_withheld_however_it_is_written(number: str) -> None:
    """With other dashes, blanks or none, without an area code where a word says what it is, from abroad."""
    shown = withhold(f"Our desk is {number}, at nine.")
    assert shown.startswith("Our desk is ") and shown.endswith(", at nine.") and NO_PHONE in shown
    assert "0142" not in shown and "555" not in shown


@pytest.mark.parametrize(
    "address",
    [
        "priya(at)bluemesa.example",
        "priya [at] bluemesa [dot] example",
        "priya { at } bluemesa.example",
        "priya\uff20bluemesa.example",
        '"priya raman"@bluemesa.example',
        "pri\u200bya@blue\u2060mesa.example",
        "priya\ufeff@\u00adbluemesa.example",
        "<priya@bluemesa.example>",
        "priya @ bluemesa.example",
        "priya@\nbluemesa.example",
        "priya@mail.\nbluemesa.example",
    ],
)
def test_an_address_is_withheld_however_it_is_written(address: str) -> None:
    """Spelled out, in other letters, with characters of no width inside, or over the end of a line."""
    shown = withhold(f"Our desk is {address}, at nine.")
    assert shown.startswith("Our desk is ") and shown.endswith(", at nine.") and NO_EMAIL in shown
    assert "priya" not in shown and "mesa" not in shown


@pytest.mark.parametrize(
    "link",
    [
        "https://teams.example/l?pwd=4455",
        "https://us02web.zoom.us/j/4455",
        "meridell.zoom.us/j/4455",
        "<https://teams.microsoft.com/l/meetup-join/19%3ameeting\n4455/0>",
        "HTTPS://Meridell.Webex.com/meet/4455",
        "https://bridge.example/join?x=1&passcode=4455",
    ],
)
def test_a_link_that_opens_a_meeting_is_withheld(link: str) -> None:
    """The whole of it, where its host or its query says what it is for."""
    assert withhold(f"Join {link}, at nine.") == "Join [link withheld], at nine."


@pytest.mark.parametrize(
    "text",
    [
        "ann (at) cedarloop.example",
        "ann [AT] cedarloop [dot] example",
        "passcode 445566",
        "Conference code: 445566#",
        "then dial 445566#",
        "PIN 4455",
        "passcode: 4455667",
        "the access code is 445566",
        "Meeting ID: 445 5667 7889",
        "Password: aB4455",
        "PIN: 44 55 66#",
        "passcode: cedarLoop",
        "303-555-0142, code 445566",
        "pwd=x4455",
    ],
)
def test_what_is_hidden_by_hand_is_withheld_too(text: str) -> None:
    """An address in disguise and what opens the bridge of a conference do not get through."""
    shown = withhold(f"Call in, {text}, at nine.")
    assert shown.startswith("Call in, ") and shown.endswith(", at nine.") and "withheld]" in shown
    assert "cedarloop" not in shown and "4455" not in shown


def test_withholding_is_fast_on_hostile_text() -> None:
    """Ten thousand characters of near misses cost no more than milliseconds."""
    for text in (
        "1-" * 5000,
        "a@" * 5000,
        "+1" * 5000,
        "(303" * 2500,
        "303-555-" * 1250,
        "x" * 10_000 + "@",
        "a(at)" * 2000,
        "a@b.\n" * 2000,
        "@a." + "a." * 5000,
        '"' * 10_000 + "@",
        "<http://" * 1250,
        "https://" + ".a" * 5000,
        "zoom.us" + ".a" * 5000,
        "_" * 10_000 + "@(at)",
        "123 " * 2500 + "#",
        "passcode:" * 1100,
        "pin 123 " * 1250,
        "call number" * 900 + "555-0199y",
        "0049 " * 2000,
        "[303] " * 1600,
    ):
        began = time.process_time()
        withhold(text)
        assert time.process_time() - began < 0.25


def test_invisible_tricks_are_taken_out() -> None:
    """Controls and bidirectional overrides never reach a reader."""
    assert withhold("a\u202eb\x00c\x1bd\u2066e\nf\tg") == "abcde\nf\tg"


def test_next_is_the_earliest_thing_still_ahead() -> None:
    """The next step is the earliest open deadline that the public may know of; an agreed later
    date replaces the first one."""
    fresh = record()
    shown = line(fresh, OFFICE)
    assert shown.next == Due("CRPM and Director assignment", date(2026, 11, 24))
    moved = tuple(
        replace(due, extended_to=date(2027, 1, 5)) if due.due == date(2026, 11, 24) else due for due in fresh.deadlines
    )
    assert line(replace(fresh, deadlines=moved), OFFICE).next == Due("SME assignment", date(2026, 11, 30))


def test_what_it_waits_for_is_said_without_a_date_too() -> None:
    """With every deadline met the next step has no date; a closed one has no next step."""
    done = tuple(replace(due, met_on=due.due) for due in record().deadlines)
    assert line(replace(record(), deadlines=done), OFFICE).next == Due("SME assignment", None)
    closed = replace(change(), step=Step.CLOSED, phase=Phase.COMPLETION)
    assert line(replace(record(), change=closed), OFFICE).next is None


def test_the_strip_shows_all_steps_planned_and_actual() -> None:
    """Eleven steps: those passed are done, one is current, and dates stand where they are known."""
    strip = posting(advanced(), OFFICE).stages
    assert [stage.step for stage in strip] == [str(n) for n in range(1, 12)]
    assert [stage.state for stage in strip] == ["done"] * 3 + ["current"] + ["ahead"] * 7
    assert strip[2].reached == date(2026, 12, 16)
    held = strip[2].plans[0]
    assert (held.planned, held.extended, held.actual) == (date(2026, 11, 13), date(2026, 11, 18), date(2026, 11, 18))


@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_its_place_on_the_strip(step: Step) -> None:
    """Whatever step a change request is in, the strip shows exactly one current step."""
    strip = posting(record(replace(change(), step=step)), OFFICE).stages
    assert [stage.state for stage in strip].count("current") == 1


def test_old_text_stays_visible_but_not_the_intakes() -> None:
    """Every revision since the CR was logged is shown; the forms before that are not public."""
    early = Revision(0, datetime(2026, 11, 1, tzinfo=UTC), "c" * 12, {**FIELDS, "title": "INCOMPLETE"})
    first, later = (
        Revision(1, ARRIVED, "a" * 12, FIELDS),
        Revision(2, datetime(2026, 12, 1, tzinfo=UTC), "b" * 12, FIELDS),
    )
    once = replace(change(), revisions=(early, first))
    twice = replace(change(), revisions=(early, first, later))
    assert posting(record(once), OFFICE).versions == ()
    shown = posting(record(twice), OFFICE).versions
    assert [version.number for version in shown] == [0, 1]
    assert "INCOMPLETE" not in str(shown)


def revised(fields: dict[str, Value], by: str = "") -> ChangeRequest:
    """A change request whose text was replaced by another one."""
    later = Revision(1, datetime(2026, 12, 1, tzinfo=UTC), "b" * 12, fields, by)
    return replace(change(), fields=fields, revisions=(Revision(0, ARRIVED, "a" * 12, FIELDS), later))


def test_a_revision_says_when_by_whom_and_what() -> None:
    """Field by field, only what the page shows; by the name of staff, or the company's."""
    fields = {**FIELDS, "title": "Publish the unlock process", "regulatory": True, "internal_ref": "CL-26-018"}
    original, first = posting(record(revised(fields, "lena")), OFFICE).versions
    assert (first.on, first.by, original.by) == (date(2026, 11, 30), "Marsh, Lena", "Cedar Loop Telecom")
    assert [(one.field, one.before, one.after) for one in first.changes] == [
        ("title", FIELDS["title"], "Publish the unlock process"),
        ("regulatory", "No", "Yes"),
    ]
    assert first.more
    assert (original.changes, original.more) == ((), False)
    assert original.texts["title"] == FIELDS["title"]
    assert not {"internal_ref", "originator_phone", "originator_email", "area_of_change"} & original.texts.keys()


def test_white_space_and_order_are_no_change_on_the_page() -> None:
    """A text that was only wrapped anew, or a list in another order, is not marked."""
    fields = {
        **FIELDS,
        "description": str(FIELDS["description"]).replace(" ", "\n"),
        "areas_impacted": ("Provisioning", "Ordering"),
    }
    _, first = posting(record(revised({**fields, "smes_requested": "Ada"})), OFFICE).versions
    assert (first.changes, first.more) == ((), True)


def test_an_earlier_telephone_number_stays_inside() -> None:
    """A number that an earlier text gave is withheld wherever it stands, in the new text too."""
    fields = {**FIELDS, "originator_phone": "303-555-0100", "description": "Call 3035550142, or 3035550100."}
    shown = str(posting(record(revised(fields)), OFFICE))
    assert "3035550142" not in shown
    assert "3035550100" not in shown
    assert "555-01" not in shown


def test_people_are_named_by_the_directory_only() -> None:
    """An id that the directory does not hold shows nothing."""
    shown = posting(record(replace(change(), people={"crpm": ("lena", "gone@meridell.example")})), OFFICE)
    assert shown.line.crpm == "Marsh, Lena"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Pat Ames", "Ames, Pat"),
        ("Ames, Pat", "Ames, Pat"),
        ("  Pat   Q.  Ames ", "Ames, Pat Q."),
        ("Dana Whitlock Jr.", "Whitlock, Dana Jr."),
        ("Cher", "Cher"),
        ("", ""),
    ],
)
def test_names_stand_last_name_first(name: str, shown: str) -> None:
    """The register writes `Last, First`."""
    assert last_first(name) == shown
