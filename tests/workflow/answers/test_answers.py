"""Answers: what HELP, STATUS, HISTORY and AGENDA say, and to whom; REPORT has tests of its own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.intake.arguments import Arguments
from bot.intake.command import read_commands
from bot.intake.verbs import VERBS
from bot.intake.verify import Standing
from bot.office.people import Address, Person
from bot.workflow.agenda import Candidate
from bot.workflow.answers.agenda import meeting_asked
from bot.workflow.answers.answer import next_of
from bot.workflow.answers.guidance import places
from bot.workflow.change import ActionItem, ChangeRequest, Disposition, Reaction, Response, Step
from bot.workflow.deadline import AT_MEETING, Deadline, DeadlineKind
from bot.workflow.effect import Decision, Fate, Row
from bot.workflow.enquiry import ENQUIRIES
from bot.workflow.order import obey
from bot.workflow.step import rows_of
from bot.workflow.transition import Place
from tests.workflow.offices import (
    ANITA,
    ARRIVED,
    BARE,
    GRACE,
    GROUP,
    LENA,
    MANAGER,
    MORNING,
    PAT,
    STAFFED,
    STRANGER,
    at_step,
    by,
    letters_of,
    ordered,
    running,
)

KIM = Standing(Address("kim@bare.example"), company=BARE, verified=True)
MEETING = date(2026, 12, 16)
INTAKE = at_step(Step.REQUEST, number="IN112326-1", key="IN112326-1", people={}, waits_for="the CMP Manager")
EVERYBODY = [by(LENA), by(GRACE), by(ANITA), by(GROUP), by(MANAGER), PAT, KIM, STRANGER]


def asked(line: str, who: Person | Standing, change: ChangeRequest | None = None, **more: object) -> Decision:
    """What comes of a question."""
    standing = by(who) if isinstance(who, Person) else who
    event = replace(ordered(line, standing), **more)  # type: ignore[arg-type]  # fields of the event, by name
    return obey(change, event, STAFFED, MORNING)


def said(line: str, who: Person | Standing, change: ChangeRequest | None = None, **more: object) -> str:
    """An answer, as one text."""
    decision = asked(line, who, change, **more)
    assert decision.fate is Fate.OBEYED, decision.reason
    return "\n".join(decision.answer)


def test_a_question_changes_nothing() -> None:
    """No answer has rows or effects, whoever asks whatever about anything; AGENDA sends its letter to whoever
    asks, and to nobody else."""
    for change in (None, INTAKE, *(at_step(step) for step in Step)):
        for who in EVERYBODY:
            for verb in ("HELP", "HELP CLOSE", "STATUS", "HISTORY", "AGENDA", "REPORT"):
                decision = asked(verb, who, change)
                sent = {letter.to for letter in letters_of(decision)}
                assert len(decision.effects) == len(sent)
                assert (decision.rows, sent) == ((), {who.sender} if sent and verb == "AGENDA" else set())
                assert decision.answer or decision.reason
                assert all("\n" not in line for line in decision.answer)


def test_help_on_a_cr_names_what_is_possible_now_and_later() -> None:
    """Derived from the table: the Director of a CR at step 4 may approve, and name SMEs; later comes later."""
    text = said("HELP", GRACE, at_step(Step.CLARIFICATION))
    now, _, later = text.partition("When it stands elsewhere:")
    assert text.startswith("PC112326-1 is in step 3 (Clarification).\nNow you may use:\n")
    assert '  "SME person; person" names the subject matter experts' in now
    assert "APPROVE" not in now
    assert "APPROVE, DISAPPROVE" in later


def test_help_without_a_cr_names_what_somebody_of_that_role_could_use() -> None:
    """An SME can never ASSIGN; the Group Manager can. CLECs are offered what CLECs may do."""
    for_sme, for_group, for_clec = said("HELP", ANITA), said("HELP", GROUP), said("HELP", PAT)
    assert '  "DRAFT ACCEPTED' in for_sme
    assert "ASSIGN" not in for_sme
    assert '"ASSIGN CRPM person DIRECTOR person"' in for_group
    assert "COMMENT text" in for_clec
    assert "NOTE text" not in for_clec
    assert "FREEZE" not in for_group
    assert "FREEZE" in said("HELP", MANAGER)


def test_help_for_a_stranger_is_neutral() -> None:
    """How to file, where everything is to be seen, and the three questions that anybody may ask."""
    text = said("HELP", STRANGER, at_step(Step.CLARIFICATION))
    assert "https://cmp.meridell.example/" in text
    assert [line.split(" ")[2].strip('"') for line in text.splitlines() if line.startswith("  ")] == [
        "HELP",
        "STATUS",
        "HISTORY",
    ]


def test_help_with_a_verb_explains_it_from_the_table() -> None:
    """How it is written, what it does, for whom, where, and whether the sender may use it."""
    text = said("HELP CLOSE", LENA, at_step(Step.TEST))
    assert text.splitlines()[0] == '"CLOSE reason" asks the originator to consent to closing.'
    assert "For its CRPM." in text
    assert "PC112326-1 is in step 10 (CLEC Test): you may use it now." in text
    assert "it is not possible there" in said("HELP CLOSE", LENA, at_step(Step.CLARIFICATION))
    assert "You are not that on PC112326-1" in said("HELP CLOSE", PAT, at_step(Step.TEST))
    assert "You are not that" in said("HELP ASSIGN", PAT)


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_every_verb_is_explained(verb: str) -> None:
    """HELP knows each verb of the grammar, on a CR and off."""
    assert said(f"HELP {verb}", MANAGER)
    assert said(f"HELP {verb}", PAT, at_step(Step.CLARIFICATION))


def test_places_are_said_in_words_where_there_are_many() -> None:
    """A list of fifteen steps is no help."""
    assert places(rows_of("COMMENT")) == "any while it is open"
    assert places(rows_of("APPROVE")) == "4, 5A"
    assert all(len(places(rows_of(verb.name))) < len(Place) * 5 for verb in VERBS)


def test_status_tells_the_staff_where_a_cr_stands() -> None:
    """Number, title, step, people, every open deadline, action items and the verbs possible now."""
    change = at_step(
        Step.CLARIFICATION,
        agenda=MEETING,
        actions=(ActionItem(1, "anita", date(2026, 12, 9), "ask the vendor"),),
    )
    clocks = (
        *running((DeadlineKind.CLARIFY, date(2026, 11, 30)), (DeadlineKind.PRESENT, MEETING)),
        Deadline(DeadlineKind.OPTIONS, date(2026, 12, 1), extended_to=date(2026, 12, 4)),
    )
    text = said("STATUS", LENA, change, running=clocks)
    assert text.splitlines()[:3] == [
        "PC112326-1, Name the failing field",
        "  Company: Pine Telecom LLC",
        "  It is in step 3 (Clarification) since 11/23/2026",
    ]
    assert "  CRPM: Lena Brook; Director: Grace Holt; SMEs: Anita Vale; Joe Castle" in text
    assert "  Next: hold the clarification meeting, by 11/30/2026 (overdue)" in text
    assert "  Then: have options ready, extended to 12/04/2026" in text
    assert "  On the agenda of the Monthly Meeting on 12/16/2026" in text
    assert "  Action item 1, Anita Vale, by 12/09/2026: ask the vendor" in text
    assert "  You may write ALIGNED text" in text


def test_status_tells_everybody_else_what_the_page_says() -> None:
    """A stranger reads neither action items nor verbs; whoever sent it reads what they may do."""
    change = at_step(Step.CLARIFICATION, actions=(ActionItem(1, "anita", MEETING, "ask the vendor"),))
    for_stranger, for_pat = said("STATUS", STRANGER, change), said("STATUS", PAT, change)
    assert "Name the failing field" in for_stranger
    assert "Action item" not in for_stranger + for_pat
    assert "You may" not in for_stranger
    assert "You may write WITHDRAW reason" in for_pat


def test_status_names_response_and_reaction_apart() -> None:
    """The carrier's word and the CLECs' word are two things."""
    change = at_step(Step.NOT_ACCEPTED, disposition=Disposition.DENIED, reaction=Reaction.REJECTED)
    assert "Meridell's response: Denied; the CLECs' reaction: Rejected" in said("STATUS", PAT, change)


@pytest.mark.parametrize("verb", ["STATUS", "HISTORY"])
def test_nobody_reads_of_a_form_of_another_company(verb: str) -> None:
    """A form without a number is refused as if it were not there; its own company and the staff see it."""
    for who in (KIM, STRANGER):
        decision = asked(f"{verb} IN112326-1", who, INTAKE)
        assert (decision.fate, decision.change) == (Fate.REFUSED, None)
        assert "Name the failing field" not in decision.reason
    assert said(f"{verb} IN112326-1", PAT, INTAKE)
    assert said(f"{verb} IN112326-1", LENA, INTAKE)


def test_a_number_that_nobody_has_is_said_so() -> None:
    """The number is repeated, since it may be mistyped."""
    decision = asked("STATUS PC112326-9", PAT)
    assert (decision.fate, decision.reason) == (
        Fate.REFUSED,
        "We know of no change request PC112326-9. Is the number right?",
    )
    assert "Put its number behind the verb" in asked("HISTORY", PAT).reason


def test_bare_status_is_the_open_work_by_date() -> None:
    """The nearest date first; what has none comes last; the verbs that can be used are named."""
    late = replace(at_step(Step.RESPONSE), key="PC112326-2", number="PC112326-2")
    idle = replace(at_step(Step.TEST), key="PC112326-3", number="PC112326-3")
    work = (
        (idle, ()),
        (at_step(Step.CLARIFICATION), running((DeadlineKind.CLARIFY, date(2026, 12, 3)))),
        (late, running((DeadlineKind.DRAFT, date(2026, 11, 30)))),
    )
    lines = said("STATUS", LENA, work=work).splitlines()
    assert lines[0] == "3 open, the next date first:"
    assert [line for line in lines if line.startswith("PC")] == [
        "PC112326-2, in step 4 (Evaluation): draft the response, by 11/30/2026 (overdue)",
        "PC112326-1, in step 3 (Clarification): hold the clarification meeting, by 12/03/2026",
        "PC112326-3, in step 10 (CLEC Test)",
    ]
    assert "  \u201cName the failing field\u201d, Pine Telecom LLC; you are its CRPM" in lines
    assert any(line.startswith("  You may use ") for line in lines)


def test_what_somebody_answers_for_comes_before_what_others_do() -> None:
    """The SME reads of the draft, the CMP Manager of posting; where nothing is theirs, of what is next."""
    change = at_step(Step.RESPONSE)
    clocks = running((DeadlineKind.POST, date(2026, 11, 25)), (DeadlineKind.DRAFT, date(2026, 12, 7)))
    assert next_of(change, clocks, ANITA) == clocks[1]
    assert next_of(change, clocks, MANAGER) == clocks[0]
    assert next_of(change, clocks, LENA) == clocks[0]
    assert next_of(change, clocks, None) is None


def test_bare_status_of_a_clec_names_no_deadline_of_the_carrier() -> None:
    """CLECs are never reminded of the carrier's deadlines."""
    work = ((at_step(Step.RESPONSE), running((DeadlineKind.DRAFT, date(2026, 11, 30)))),)
    assert "draft the response" not in said("STATUS", PAT, work=work)
    assert "Nothing is open" in said("STATUS", STRANGER)


@pytest.mark.parametrize("verb", ["HELP", "HELP OUTCOME", "STATUS", "HISTORY", "AGENDA", "REPORT"])
@pytest.mark.parametrize("title", ["CLOSE the gap", "Approve: it", "STOP"])
def test_no_line_of_an_answer_is_a_command(verb: str, title: str) -> None:
    """Whatever a title says, and whether a mail program marks what it quotes or not."""
    change = at_step(Step.CLARIFICATION, fields={"title": title}, agenda=MEETING)
    row = Row("Record Update", title, ARRIVED, "lena")
    for about, who in ((change, LENA), (change, PAT), (None, LENA), (None, MANAGER)):
        for line in asked(verb, who, about, work=((change, ()),), history=(row,)).answer:
            assert read_commands(line) == (), line


def test_very_much_work_is_cut_and_counted() -> None:
    """An answer stays a mail that can be read."""
    some = tuple((replace(at_step(Step.TEST), key=f"k{n}", number=f"PC112326-{n}"), ()) for n in range(70))
    text = said("STATUS", MANAGER, work=some)
    assert "70 open" in text
    assert text.endswith("10 more are not listed here.")


ROWS = (
    Row("Clarification Meeting Held", "held", ARRIVED, "lena", recorded_at=ARRIVED + timedelta(days=3)),
    Row("CR Received", "came in", ARRIVED - timedelta(hours=1), "bot"),
    Row("Additional Information", "a note\nof two lines", ARRIVED + timedelta(hours=1), "gone", public=False),
)


def test_history_is_in_order_and_internal_rows_are_the_staffs() -> None:
    """The staff read who did it and when it was recorded; others the public rows alone."""
    change = at_step(Step.CLARIFICATION)
    assert said("HISTORY", LENA, change, history=ROWS).splitlines() == [
        "11/23/2026, CR Received: came in (bot)",
        "11/23/2026, Clarification Meeting Held: held (Lena Brook, recorded 11/26/2026)",
        "11/23/2026, Additional Information: a note of two lines (gone, internal)",
    ]
    for who in (PAT, KIM, STRANGER):
        assert said("HISTORY", who, change, history=ROWS).splitlines() == [
            "11/23/2026, CR Received: came in",
            "11/23/2026, Clarification Meeting Held: held",
        ]


def test_a_very_long_history_keeps_its_end() -> None:
    """The latest rows are those that matter; it is said that there are more."""
    rows = tuple(Row("Record Update", "x" * 500, ARRIVED + timedelta(minutes=n), "bot") for n in range(130))
    lines = said("HISTORY", PAT, at_step(Step.CLARIFICATION), history=rows).splitlines()
    assert (len(lines), lines[0]) == (121, "Of 130 rows the latest 120:")
    assert all(len(line) < 450 for line in lines)


def response(disposition: Disposition = Disposition.ACCEPTED) -> Response:
    """A response that was issued."""
    return Response(disposition, "yes", "0" * 64, "anita", date(2026, 12, 1), issued_on=date(2026, 12, 8))


def test_the_agenda_is_the_next_meetings_or_that_of_a_month() -> None:
    """On its day it is today's, so that results are recorded while the meeting sits."""
    assert meeting_asked(Arguments(), STAFFED, date(2026, 12, 1)) == MEETING
    assert meeting_asked(Arguments(), STAFFED, MEETING) == MEETING
    assert meeting_asked(Arguments(), STAFFED, date(2026, 12, 17)) == date(2027, 1, 20)
    assert meeting_asked(Arguments(month=(2027, 2)), STAFFED, MEETING) == date(2027, 2, 17)


def test_the_agenda_holds_a_line_to_record_each_result_with() -> None:
    """The lines are understood as commands once they stand alone, and none of them is as the answer has it."""
    change = at_step(Step.PRESENTATION, responses=(response(Disposition.DENIED),), disposition=Disposition.DENIED)
    text = said("AGENDA", LENA, candidates=(Candidate(change, running((AT_MEETING[1], MEETING))),))
    assert text.splitlines()[:3] == [
        "Monthly Meeting on Wednesday, December 16, 2026: 1 change request",
        "Responses to be presented:",
        "  PC112326-1, Name the failing field (Pine Telecom LLC), step 5",
    ]
    (record,) = [line for line in text.splitlines() if "To record it" in line]
    lines = record.partition(": ")[2].split("; or ")
    assert lines[1] == "PC112326-1: OUTCOME ACCEPTED DENIAL"
    assert [line.verb for line in read_commands("\n".join(lines))] == ["PRESENTED", "OUTCOME", "OUTCOME", "OUTCOME"]
    assert "OUTCOME ACCEPTED PLAN" not in record


def test_an_empty_agenda_is_said() -> None:
    """No change request is an answer too."""
    assert said("AGENDA", LENA) == "Monthly Meeting on Wednesday, December 16, 2026: no change requests"


@pytest.mark.parametrize("verb", ["AGENDA", "REPORT", "AWAY BACK"])
@pytest.mark.parametrize("who", [PAT, STRANGER], ids=["clec", "stranger"])
def test_what_is_the_staffs_is_refused_to_others(verb: str, who: Standing) -> None:
    """With the reason."""
    decision = asked(verb, who)
    assert (decision.fate, decision.reason) == (Fate.REFUSED, f"{verb.split(maxsplit=1)[0]} is for the staff.")


def test_every_enquiry_is_a_verb_of_the_grammar() -> None:
    """What can be asked can be written."""
    assert ENQUIRIES.keys() <= {verb.name for verb in VERBS}
