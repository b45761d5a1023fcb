"""Closing: consent and objection, withdrawal, crossover and reopening (seed step 11).

Its one rule: nothing closes by silence. The originator is asked; where no answer comes, a person
closes, with a reason.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.mail.letter import Kind
from bot.workflow.carry.words import us, with_words
from bot.workflow.case import Case, moved
from bot.workflow.change import (
    PHASE_OF,
    ChangeRequest,
    Closing,
    Milestone,
    Phase,
    Reaction,
    Step,
    Way,
)
from bot.workflow.deadline import DeadlineKind, due_on, first_day_after, first_meeting
from bot.workflow.draft import voided, without_draft
from bot.workflow.effect import Decision, Effect, Meet, Open, Stop
from bot.workflow.mailing import NO_FILES
from bot.workflow.party import Party, disputants
from bot.workflow.transition import Place, place_of

REOPENED_TO: Mapping[Step, tuple[DeadlineKind, ...]] = {
    Step.SME_ASSIGNMENT: (DeadlineKind.ASSIGN, DeadlineKind.NAME_SMES),
    Step.CLARIFICATION: (DeadlineKind.CLARIFY, DeadlineKind.OPTIONS, DeadlineKind.PRESENT),
    Step.RESPONSE: (DeadlineKind.DRAFT, DeadlineKind.RESPOND, DeadlineKind.PRESENT_RESPONSE),
    Step.PRESENTATION: (DeadlineKind.PRESENT_RESPONSE,),
    Step.NOT_ACCEPTED: (DeadlineKind.REACT,),
    Step.ACCEPTED: (),
    Step.CHANGE: (),
    Step.TEST: (DeadlineKind.TEST,),
}
"""Where a closed change request may be taken up again, and what is due there."""

BEFORE_A_RESPONSE = (Step.SME_ASSIGNMENT, Step.CLARIFICATION, Step.RESPONSE)
TALKED_OVER = (Step.CLARIFICATION, Step.RESPONSE, Step.PRESENTATION, Step.TEST)
"""The steps that lead to a Monthly Meeting, or whose test is talked over there."""
TAKEN = {
    Step.NOT_ACCEPTED: Reaction.REJECTED,
    Step.ACCEPTED: Reaction.ACCEPTED,
    Step.CHANGE: Reaction.ACCEPTED,
    Step.TEST: Reaction.ACCEPTED,
}
"""How the CLECs have taken the response, by the step at which a change request stands."""
CROSSED = "X"


def close(case: Case) -> Decision:
    """CLOSE: the originator is asked. Once they had their time and said nothing, the CMP Manager closes
    by the same word (DESIGN section 4, closing)."""
    if place_of(case.before) is Place.DEFERRED and (reason := _not_reviewed(case)):
        return case.refuse(reason)
    asked = case.before.closing
    if asked is None or asked.objection or not case.manages:
        return _ask(case)
    ends = case.due_by(DeadlineKind.CONSENT) or due_on(DeadlineKind.CONSENT, case.office, asked.asked_on)
    if case.today <= ends:
        return case.refuse(
            f"The originator was asked on {us(asked.asked_on)} and has time to answer until {us(ends)}. "
            f"Unanswered, it can be closed from the day after, by CLOSE and a reason."
        )
    how = f"by the CMP Manager, since the originator, who was asked on {us(asked.asked_on)}, has not answered"
    return _closed(case, asked, how, case.args.text, _waited(case, ends))


def consent(case: Case) -> Decision:
    """CONSENT: the originator agrees to the closing that they were asked about."""
    asked = case.before.closing
    if asked is None:
        return case.refuse(_unasked(case.before))
    return _closed(case, replace(asked, consent=case.by), f"with the consent of {_word(case)}", asked.reason)


def object_to(case: Case) -> Decision:
    """OBJECT: it stays open, and the CRPM reads why."""
    asked = case.before.closing
    if asked is None:
        return case.refuse(_unasked(case.before))
    after = replace(case.change, closing=replace(asked, objection=case.args.text))
    row = case.says(f"Stays open; {_word(case)} objected to closing: {case.args.text}", "Info Received From CLEC")
    letters = case.with_files(case.to_concerned(Kind.OBJECTED, NO_FILES, change=after), change=after)
    return case.done((row,), letters, after)


def withdraw(case: Case) -> Decision:
    """WITHDRAW: an end outside the steps (domain.md section 8, 34)."""
    after = replace(case.change, ended=case.args.text, agenda=None, closing=None)
    row = case.says(f"Administrative: withdrawn by {_word(case)}: {case.args.text}")
    return case.done((row,), _to_all_involved(case, Kind.WITHDRAWN, after), after)


def cross_over(case: Case) -> Decision:
    """CROSSOVER: it goes on in the other track, under the reference given (domain.md section 8, 34)."""
    where = case.args.reference
    flags = tuple(dict.fromkeys((*case.change.flags, CROSSED)))
    after = replace(case.change, ended=f"crossover to {where}", flags=flags, agenda=None, closing=None)
    row = case.says(with_words(f"Administrative: crossover; it goes on as {where}", case.args.text))
    return case.done((row,), _to_all_involved(case, Kind.CROSSOVER, after), after)


def reopen(case: Case) -> Decision:
    """REOPEN TO a step: what ended is open again, with the clocks of that step, and without the draft of then."""
    before, to = case.before, case.change.step
    if not before.logged:
        return case.refuse(
            f"{before.number} was dropped before it had a CR number. Ask its sender to send the form again."
        )
    if to not in BEFORE_A_RESPONSE and before.response is None:
        steps = ", ".join(step.value for step in BEFORE_A_RESPONSE)
        return case.refuse(
            f"No response was issued for {before.number}, so it cannot stand at step {to.value}. It can be reopened "
            f"to one of the steps {steps}."
        )
    way = _way(before, to)
    crossed = before.phase is Phase.CROSSOVER
    after = replace(
        without_draft(case.change),
        phase=Phase.DECLINED if to is Step.ACCEPTED and way is Way.DENIAL else PHASE_OF[to],
        reaction=TAKEN.get(to, Reaction.NONE),
        way=way,
        no_test=before.no_test and to is Step.ACCEPTED,
        flags=tuple(flag for flag in before.flags if not (crossed and flag == CROSSED)),
        milestones=tuple(one for one in before.milestones if one.milestone is not Milestone.CR_CLOSED),
        agenda=first_meeting(REOPENED_TO[to], case.office, case.today) if to in TALKED_OVER else None,
        ended="",
        closing=None,
        deferred_until=None,
    )
    row = case.says(f"Administrative: reopened to step {to.value}: {case.args.text}")
    done = case.done((row,), case.to_concerned(Kind.REOPENED, change=after), after)
    return replace(done, answer=voided(before.draft))


def _way(change: ChangeRequest, to: Step) -> Way:
    """How an accepted response goes on from the step that a change request is reopened to."""
    if to is Step.CHANGE:
        return Way.PLAN
    if to is Step.TEST:
        return change.way or Way.ANSWERED
    return change.way if to is Step.ACCEPTED else Way.NONE


def _ask(case: Case) -> Decision:
    """Ask the originator, tell the others, and put it on the next agenda; asking again replaces."""
    meeting = case.office.calendar.meeting_after(case.today)
    after = replace(case.change, closing=Closing(case.args.text, case.today, case.by), agenda=meeting)
    clock = case.due(DeadlineKind.CONSENT)
    told: dict[str, object] = {"due": clock.due}
    asked = case.to_originator(Kind.CONSENT, told | {"asked": True}, change=after)
    others = case.to_concerned(Kind.CONSENT, told | {"asked": False}, change=after, besides=asked)
    row = case.says(f"The originator was asked to consent to closing: {case.args.text}")
    return case.done((row,), (Open(clock), *asked, *others), after)


def _waited(case: Case, ends: date) -> tuple[Meet, ...]:
    """The wait for an answer is kept, on its last day, by whoever closes on the first day on which that may be."""
    waits = case.due_by(DeadlineKind.CONSENT) is not None
    kept = waits and case.today <= first_day_after(ends, case.office)
    return (Meet(DeadlineKind.CONSENT, case.noon_of(ends)),) if kept else ()


def _closed(case: Case, closing: Closing, how: str, reason: str, met: tuple[Meet, ...] = ()) -> Decision:
    """Step 11: everything that is not `met` stops, and everybody concerned hears why."""
    step = replace(case.row, to=Step.CLOSED, phase=None, milestone=Milestone.CR_CLOSED)
    after = replace(
        moved(case.before, step, case.on, case.today),
        closing=closing,
        agenda=None,
        deferred_until=None,
    )
    done = {*case.row.stops, *(each.kind for each in met)}
    stopped: list[Effect] = [Stop(due.kind) for due in case.order.running if due.kind not in done]
    letters = case.to_concerned(Kind.CLOSED, {"how": how, "reason": reason}, change=after)
    return case.done((case.says(f"Closed {how}: {reason}", "Status Changed"),), (*met, *stopped, *letters), after)


def _not_reviewed(case: Case) -> str:
    """Why a deferred change request cannot be closed yet."""
    until = case.before.deferred_until
    if until is None:
        return (
            f"{case.before.number} is deferred without a date. DEFER UNTIL and a date sets when it is reviewed; it can "
            f"be closed once that date has passed, or taken up again by RESUME."
        )
    if case.today <= until:
        return (
            f"{case.before.number} is deferred until {us(until)}; it can be closed once that date has passed. "
            f"RESUME takes it up again before, and WITHDRAW ends it."
        )
    return ""


def _unasked(change: ChangeRequest) -> str:
    return (
        f"Nobody has asked whether {change.number} may be closed. Its CRPM asks by CLOSE and a reason; its originator "
        f"can end it by WITHDRAW and a reason."
    )


def _word(case: Case) -> str:
    """Whose word it is: the originator's own, or theirs as a member of the staff was told it."""
    return f"the originator (as {case.person.name} was told)" if case.person else "the originator"


def _to_all_involved(case: Case, kind: Kind, after: ChangeRequest) -> list[Effect]:
    """Everybody concerned, who disputes among them; where nobody is assigned yet, whoever was to do that."""
    disputing = disputants(after, case.office) if case.before.step is Step.ESCALATED else ()
    letters = case.to_concerned(kind, change=after, also=disputing)
    return letters if after.people.get("crpm") else [*letters, *case.to_party(Party.GROUP_MANAGER, kind, change=after)]
