"""Draft, approval and response: one text, one approval, three ticks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.intake.arguments import Arguments
from bot.intake.form import Submission
from bot.intake.request import Form
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind
from bot.office.office import Absence
from bot.office.people import Directory, Person
from bot.posting.strip import stages
from bot.workflow.change import ChangeRequest, Disposition, Milestone, Phase, Reached, Response, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.draft import fingerprint
from bot.workflow.effect import Decision, Fate, Keep, Open
from bot.workflow.revision import revise
from tests.workflow.offices import (
    ANITA,
    FIELDS,
    GRACE,
    GROUP,
    JOE,
    LENA,
    MANAGER,
    NILS,
    PAT,
    PINE,
    RAVI,
    STAFFED,
    at_step,
    ended,
    letters_of,
    obeyed,
    opened,
    running,
    submitted,
    told,
)

JANUARY, FEBRUARY = date(2027, 1, 20), date(2027, 2, 17)
CHANGE = at_step(Step.RESPONSE, agenda=JANUARY)
NOW = datetime(2027, 1, 11, 16, 0, tzinfo=UTC)
DUE = running(
    (DeadlineKind.DRAFT, date(2027, 1, 11)),
    (DeadlineKind.RESPOND, date(2027, 1, 13)),
    (DeadlineKind.PRESENT_RESPONSE, JANUARY),
)
ACCEPT = "DRAFT ACCEPTED\nPosition: We name the field."
DENY = "DRAFT DENIED\nBasis: It costs too much.\nReference: Tariff 7."
PAPER = Enclosure("answer.docx", "application/zip", b"file")


def drafted(
    line: str = ACCEPT, change: ChangeRequest = CHANGE, by: Person | Standing = ANITA, **more: Any
) -> ChangeRequest:
    """The change request with a draft that waits."""
    after = obeyed(change, line, by, now=NOW, running=DUE, **more).change
    assert after is not None
    assert after.draft is not None
    return after


def approved(change: ChangeRequest | None = None) -> ChangeRequest:
    """The change request with an approved draft."""
    after = obeyed(change or drafted(), "APPROVE", GRACE, now=NOW).change
    assert after is not None
    assert after.draft is not None
    assert after.draft.approved_by == "grace"
    return after


def draft_of(change: ChangeRequest | None) -> Response:
    """The draft in work."""
    assert change is not None
    assert change.draft is not None
    return change.draft


def approves(change: ChangeRequest, code: str = "", by: Person | Standing = GRACE, **more: Any) -> Decision:
    """APPROVE, with the fingerprint that the letter's link carries."""
    return obeyed(change, "APPROVE", by, now=NOW, args=Arguments(code=code), **more)


def test_a_draft_goes_to_the_director() -> None:
    """With its fingerprint; CRPM and the other SMEs read it too; what it says stays inside."""
    decision = obeyed(CHANGE, DENY, ANITA, now=NOW, running=DUE)
    draft = draft_of(decision.change)
    assert (draft.disposition, draft.basis, draft.reference) == (
        Disposition.DENIED,
        "It costs too much.",
        "Tariff 7.",
    )
    assert (draft.by, draft.drafted_on, draft.approved_by) == ("anita", date(2027, 1, 11), "")
    assert ended(decision) == {DeadlineKind.DRAFT}
    assert opened(decision) == {DeadlineKind.APPROVE: date(2027, 1, 12)}
    assert told(decision) == {(Kind.DRAFT, name) for name in ("grace.holt", "lena.brook", "joe.castle")}
    assert [row.public for row in decision.rows] == [False]
    assert decision.change is not None
    assert decision.change.disposition is Disposition.NONE
    assert fingerprint(draft) in decision.answer[0]


def test_a_draft_may_be_a_file() -> None:
    """Its labelled lines count, whatever heading stands above them; the file goes to the Director, and its
    title stays off the page until the response is issued."""
    text = "Response to PC112326-1\n\nPosition: We name the field."
    decision = obeyed(CHANGE, "DRAFT ACCEPTED", ANITA, now=NOW, files=(PAPER,), file_text=text)
    draft = draft_of(decision.change)
    assert (draft.position, draft.files) == ("We name the field.", (PAPER.sha256,))
    (kept,) = [effect for effect in decision.effects if isinstance(effect, Keep)]
    assert not kept.document.public
    assert {letter.enclosures for letter in letters_of(decision)} == {(PAPER,)}


@pytest.mark.parametrize(
    ("line", "files", "text", "words"),
    [
        ("DRAFT ACCEPTED", (), "", '"Position:"'),
        ("DRAFT DENIED", (), "", '"Basis:"'),
        ("DRAFT ACCEPTED", (PAPER,), "", "cannot be read"),
        ("DRAFT DENIED", (PAPER,), "Basis: because.", "Reference is missing"),
        ("DRAFT DENIED\nBasis: because.", (), "", "Reference is missing"),
    ],
)
def test_what_a_draft_must_hold(line: str, files: tuple[Enclosure, ...], text: str, words: str) -> None:
    """Accepted with position, denied with basis and reference (seed step 4), in the mail or in its file."""
    decision = obeyed(CHANGE, line, ANITA, now=NOW, files=files, file_text=text)
    assert decision.fate is Fate.REFUSED
    assert words in decision.reason
    assert decision.change == CHANGE


def test_a_draft_needs_a_director() -> None:
    """Where the Director has left the directory, nobody could approve it: another one comes first."""
    left = replace(
        STAFFED, directory=Directory(tuple(one for one in STAFFED.directory.people if one != GRACE), (PINE,))
    )
    decision = obeyed(CHANGE, ACCEPT, ANITA, now=NOW, office=left)
    assert decision.fate is Fate.REFUSED
    assert "ASSIGN DIRECTOR" in decision.reason


def test_an_approval_goes_to_the_crpm() -> None:
    """Who may issue it now; the SMEs know."""
    change = drafted()
    decision = approves(change)
    assert draft_of(decision.change).approved_by == "grace"
    assert told(decision) == {(Kind.APPROVED, name) for name in ("lena.brook", "anita.vale", "joe.castle")}
    assert "already" in approves(approved()).reason


def test_an_approval_is_of_one_text() -> None:
    """Where there was another draft before, it names the fingerprint of its letter; one of an earlier letter
    approves nothing, and the refusal says which text is in force."""
    first = drafted()
    second = drafted(DENY, first, JOE)
    new, old = fingerprint(draft_of(second)), fingerprint(draft_of(first))
    assert draft_of(second).replaces == draft_of(first).sha256
    assert f"APPROVE {new}" in approves(second).reason
    assert f"APPROVE {new}" in approves(second, old).reason
    assert approves(second, new.upper()).fate is Fate.OBEYED
    assert approves(first, old[:4]).fate is Fate.OBEYED


def test_a_reply_to_the_letter_about_a_draft_means_that_draft() -> None:
    """In its thread the verb alone approves, of a second draft too, and of one shown to a new Director; a reply to
    the letter about an earlier one is asked which it means."""
    second = drafted(DENY, drafted(cause="0000/0"), JOE, cause="1111/0")
    assert approves(second, answers="1111/0").fate is Fate.OBEYED
    assert approves(second, answers="0000/0").fate is Fate.REFUSED
    handed_over = obeyed(second, "ASSIGN DIRECTOR Nils Aker", GROUP, now=NOW, cause="2222/0").change
    assert handed_over is not None
    assert approves(handed_over, by=NILS, answers="2222/0").fate is Fate.OBEYED


def test_a_new_draft_voids_the_approval() -> None:
    """Also one by the CRPM, and also with the same words; its sender is told what is void."""
    change = approved()
    decision = obeyed(change, ACCEPT, LENA, now=NOW, running=DUE)
    assert draft_of(decision.change).approved_by == ""
    assert "void with its approval" in decision.answer[1]
    assert decision.change is not None
    assert "waits for the Director, Grace Holt" in obeyed(decision.change, "RESPOND", LENA, now=NOW).reason


@pytest.mark.parametrize("to", ["3", "4"])
def test_what_is_reopened_has_no_draft(to: str) -> None:
    """The draft of before, approved or not, answered what was asked then: it is not issued, and whoever reopens is
    told. A late answer to its letter is no word on the next one."""
    gone = obeyed(approved(drafted(cause="0000/0")), "WITHDRAW No longer needed.", LENA, now=NOW).change
    assert gone is not None
    decision = obeyed(gone, f"REOPEN TO {to} They want another way.", MANAGER, now=NOW)
    assert decision.answer == ("The draft of 01/11/2027 is void with its approval.",)
    change = decision.change
    if to == "3" and change:
        change = obeyed(change, "ALIGNED By EDI alone.", LENA, now=NOW).change
    assert change is not None
    assert "There is no draft" in obeyed(change, "RESPOND", LENA, now=NOW).reason
    again = drafted(DENY, change, JOE, cause="1111/0")
    assert approves(again, answers="0000/0").fate is Fate.REFUSED
    assert approves(again, answers="1111/0").fate is Fate.OBEYED


def test_a_consensus_leaves_no_draft_of_an_earlier_one() -> None:
    """Where a draft still stands at step 3, it answers another direction."""
    change = replace(approved(), step=Step.CLARIFICATION)
    decision = obeyed(change, "ALIGNED By EDI alone.", LENA, now=NOW)
    assert decision.change is not None
    assert decision.change.draft is None
    assert "The draft of 01/11/2027 is void with its approval." in decision.answer


def test_nobody_approves_what_they_wrote() -> None:
    """Neither a Director who is SME as well, nor one as the Director's deputy."""
    both = replace(CHANGE, people={**CHANGE.people, "director": ("ravi",), "smes": ("ravi",)})
    own = drafted(ACCEPT, both, RAVI)
    assert "wrote this draft yourself" in approves(own, by=RAVI).reason
    away = replace(STAFFED, absences=(Absence("grace", date(2027, 1, 31), "joe"),))
    assert "wrote this draft yourself" in approves(drafted(by=JOE), by=JOE, office=away).reason


def test_a_deputy_approves_for_an_absent_director() -> None:
    """History and the draft name who it was."""
    away = replace(STAFFED, absences=(Absence("grace", date(2027, 1, 31), "nils"),))
    decision = approves(drafted(), by=NILS, office=away)
    assert draft_of(decision.change).approved_by == "nils"
    assert "Nils Aker" in decision.rows[0].description


def test_the_cmp_manager_approves_nothing() -> None:
    """APPROVE is the one verb that nobody may use over the Director's head (DESIGN section 5)."""
    assert approves(drafted(), by=MANAGER).fate is Fate.REFUSED


def test_a_draft_that_was_refused_is_written_anew() -> None:
    """The SMEs hear why, a new draft is due, and the refused one can be neither approved nor issued."""
    change = drafted()
    decision = obeyed(change, "DISAPPROVE too vague", GRACE, now=NOW)
    assert opened(decision) == {DeadlineKind.DRAFT: date(2027, 1, 12)}
    assert told(decision) == {(Kind.DISAPPROVED, name) for name in ("lena.brook", "anita.vale", "joe.castle")}
    assert decision.change is not None
    assert "An SME or the CRPM sends" in approves(decision.change).reason
    assert "did not approve" in obeyed(decision.change, "RESPOND", LENA, now=NOW).reason
    again = drafted(DENY, decision.change)
    assert approves(again, fingerprint(draft_of(again))).fate is Fate.OBEYED
    undone = obeyed(approved(), "DISAPPROVE I have changed my mind", GRACE, now=NOW)
    assert draft_of(undone.change).approved_by == ""


def test_an_approval_lapses_when_the_request_is_revised() -> None:
    """AMEND gives the draft another fingerprint; the Director is asked again and told why, and a late answer to
    the earlier letter approves nothing (DESIGN section 5)."""
    for change in (drafted(), approved()):
        event = submitted(fields={"title": "Name the failing field and its rule"}, cause="feed00000000/0")
        form = Form(Submission("form.docx", {**FIELDS, "title": "Name the failing field and its rule"}, format="docx"))
        decision = revise(change, replace(event, form=form, standing=PAT), STAFFED, NOW)
        draft = draft_of(decision.change)
        assert (draft.approved_by, draft.replaces) == ("", draft_of(change).sha256)
        assert draft.position == draft_of(change).position
        assert (Kind.DRAFT, "grace.holt") in told(decision)
        assert DeadlineKind.APPROVE in opened(decision)
        assert decision.change is not None
        assert approves(decision.change, fingerprint(draft_of(change))).fate is Fate.REFUSED
        assert obeyed(decision.change, "RESPOND", LENA, now=NOW).fate is Fate.REFUSED


def test_the_response_takes_three_ticks() -> None:
    """Posted, in the database, CLECs notified, each a row of its own; numbered, held so that UNDO is free, to all
    CLECs and those who present it (seed step 4; domain.md 1.6)."""
    decision = obeyed(approved(), "RESPOND", LENA, now=NOW, running=DUE, number="1240")
    change = decision.change
    assert change is not None
    assert change.response is not None
    assert (change.step, change.phase, change.draft) == (Step.PRESENTATION, Phase.PRESENTED, None)
    assert (change.disposition, change.response.issued_on) == (Disposition.ACCEPTED, date(2027, 1, 11))
    assert change.response.notice == "CMPR.01.11.27.F.01240.CR_Responses"
    assert change.milestones[-1].milestone is Milestone.RESPONSE_ISSUED
    assert [row.action for row in decision.rows] == ["CR Posted to Web", "Record Update", "Meridell Response Issued"]
    assert "We name the field." in decision.rows[2].description
    assert {name for _, name in told(decision)} == {"pat", "orders", "anita.vale", "joe.castle", "grace.holt"}
    assert {letter.not_before for letter in letters_of(decision)} == {NOW + timedelta(minutes=10)}
    assert ended(decision) == {DeadlineKind.DRAFT, DeadlineKind.RESPOND}
    assert opened(decision) == {DeadlineKind.PRESENT_RESPONSE: JANUARY}


@pytest.mark.parametrize(
    ("day", "meeting"),
    [(date(2027, 1, 13), JANUARY), (date(2027, 1, 14), FEBRUARY), (date(2027, 2, 11), date(2027, 3, 17))],
)
def test_a_week_before_the_meeting_is_in_time(day: date, meeting: date) -> None:
    """Issued seven days before, it is presented at that meeting; a day later at the one after, and the answer
    says that WALKON would change it (domain.md section 8, 11 and 12)."""
    at = datetime(day.year, day.month, day.day, 18, 0, tzinfo=UTC)
    decision = obeyed(approved(), "RESPOND", LENA, now=at, running=DUE)
    assert decision.change is not None
    assert decision.change.agenda == meeting
    assert any("WALKON" in line for line in decision.answer) == (day == date(2027, 1, 14))


def test_a_late_response_may_walk_on() -> None:
    """By the CMP Manager's word, before it is issued or after."""
    late = datetime(2027, 1, 15, 18, 0, tzinfo=UTC)
    issued = obeyed(approved(), "RESPOND", LENA, now=late, running=DUE).change
    assert issued is not None
    walked = obeyed(
        issued, "WALKON 1/20/2027", MANAGER, now=late, running=running((DeadlineKind.PRESENT_RESPONSE, FEBRUARY))
    )
    assert opened(walked) == {DeadlineKind.PRESENT_RESPONSE: JANUARY}
    due = running((DeadlineKind.RESPOND, date(2027, 2, 10)), (DeadlineKind.PRESENT_RESPONSE, JANUARY))
    before = obeyed(approved(), "RESPOND", LENA, now=late, running=due).change
    assert before is not None
    assert before.agenda == JANUARY


def test_what_missed_its_meeting_stays_one_promise_when_it_is_issued() -> None:
    """A walk-on that was not issued in time, and was carried on from its meeting: it is to be presented at the next
    one, and that it missed its own counts once. WALKON puts it on an earlier one by the same promise."""
    late = datetime(2027, 1, 25, 18, 0, tzinfo=UTC)
    missed = Deadline(DeadlineKind.PRESENT_RESPONSE, JANUARY).carried_on(date(2027, 3, 17))
    waits = replace(approved(), agenda=date(2027, 3, 17))
    decision = obeyed(waits, "RESPOND", LENA, now=late, running=(missed,))
    (clock,) = [effect.deadline for effect in decision.effects if isinstance(effect, Open)]
    assert (clock.due, clock.promised) == (JANUARY, JANUARY)
    walked = obeyed(waits, "WALKON 2/17/2027", MANAGER, now=late, running=(missed,))
    (earlier,) = [effect.deadline for effect in walked.effects if isinstance(effect, Open)]
    assert (earlier.due, earlier.by, earlier.promised) == (JANUARY, FEBRUARY, JANUARY)


def test_a_revised_response_is_barred_by_no_week() -> None:
    """At 5A the next meeting is the target, and the day before it is early enough (domain.md section 8, 24)."""
    eve = datetime(2027, 1, 19, 18, 0, tzinfo=UTC)
    revising = replace(approved(), step=Step.REVISION, phase=Phase.PRESENTED, responses=(draft_of(approved()),))
    decision = obeyed(revising, "RESPOND", LENA, now=eve, running=running((DeadlineKind.REVISE, date(2027, 1, 13))))
    assert decision.change is not None
    assert (decision.change.agenda, len(decision.change.responses)) == (JANUARY, 2)
    assert ended(decision) == {DeadlineKind.REVISE}
    assert decision.rows[0].description == "Revised response posted to the CMP web site"


def test_a_revised_response_leaves_the_date_of_the_first() -> None:
    """Step 4 was done when its response was issued; what 5A asked for is promised and kept at step 5, on the page
    and in the exports."""
    first = (Reached(Milestone.RESPONSE_ISSUED, date(2026, 12, 24)),)
    revising = replace(approved(), step=Step.REVISION, phase=Phase.PRESENTED, milestones=first)
    decision = obeyed(revising, "RESPOND", LENA, now=NOW, running=running((DeadlineKind.REVISE, date(2027, 1, 13))))
    assert decision.change is not None
    assert decision.change.milestones == first
    shown = {stage.step: stage for stage in stages(decision.change, (), "Meridell")}
    assert (shown["4"].reached, shown["5"].reached) == (date(2026, 12, 24), None)


def test_the_files_of_a_draft_become_those_of_the_response() -> None:
    """They go with the notice, and stand on the page from then on."""
    change = drafted("DRAFT ACCEPTED", files=(PAPER,), file_text="Position: We name the field.")
    (kept,) = [
        effect.document
        for effect in obeyed(CHANGE, "DRAFT ACCEPTED", ANITA, now=NOW, files=(PAPER,), file_text="Position: x").effects
        if isinstance(effect, Keep)
    ]
    ready = approved(replace(change, documents=(kept,)))
    decision = obeyed(ready, "RESPOND", LENA, now=NOW, running=DUE, files=(PAPER,))
    assert decision.change is not None
    assert [(paper.title, paper.public) for paper in decision.change.documents] == [("Response", True)]
    assert {letter.enclosures for letter in letters_of(decision)} == {(PAPER,)}
    assert {letter.context["papers"] for letter in letters_of(decision)} == {("answer.docx",)}


@pytest.mark.parametrize("line", ["APPROVE", "DISAPPROVE no", "RESPOND"])
def test_without_a_draft_nothing_is_approved_or_issued(line: str) -> None:
    """The refusal says who sends one, and how."""
    decision = obeyed(CHANGE, line, LENA if line == "RESPOND" else GRACE, now=NOW)
    assert decision.fate is Fate.REFUSED
    assert "DRAFT ACCEPTED or DRAFT DENIED" in decision.reason
