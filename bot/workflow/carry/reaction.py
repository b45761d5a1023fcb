"""Reaction: how the CLECs took the response, and disputes (seed steps 5, 5B to 5D and 6).

Its one rule: disposition, reaction and phase are three things. What the CLECs say of a response is
recorded by a person, with its date; nothing follows from silence.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.mail.letter import Kind
from bot.office.people import Address
from bot.workflow.carry.walkon import next_meeting
from bot.workflow.carry.words import off_meeting, us, with_words
from bot.workflow.case import Case, reached
from bot.workflow.change import (
    ChangeRequest,
    Disposition,
    Escalation,
    Milestone,
    Phase,
    Reached,
    Reaction,
    Step,
    Way,
)
from bot.workflow.deadline import Deadline, DeadlineKind, first_day_after, runs
from bot.workflow.effect import Decision, Effect, Open, Row
from bot.workflow.mailing import NO_FILES
from bot.workflow.party import Party, disputants, people_of

PRESENTED = "Response presented at the Monthly CMP Meeting"
MEETING = "Discussed at Monthly CMP Meeting"
ESCALATED = "ES"

GOES_ON: Mapping[Way, str] = {
    Way.ANSWERED: "it answers the CR; on to CLEC Test & Acceptance",
    Way.PLAN: "its plan is carried out now",
    Way.DENIAL: "the denial stands, and nothing further is done",
}
"""What an accepted response leads to (seed step 6)."""
NO_TEST = "it answers the CR, and no test is needed"
UNTOLD: dict[str, object] = {"goes_on": "", "corrected": "", "late": False, "asked": None}
"""What the letter about an outcome says beside the reaction, where there is no more to say: how it goes on, what
was recorded before, whether it came late, and by when (a local date) the response is to be revised."""


def accepted(case: Case) -> Decision:
    """OUTCOME ACCEPTED: at the meeting, late from 5B, or with another way at 6 (seed step 6). A test is talked
    over at the next Monthly Meeting (domain.md section 8, 30)."""
    way, before = Way(case.args.way), case.before
    if reason := _too_early(case) or _other_way(before, way, no_test=case.args.no_test):
        return case.refuse(reason)
    milestones = before.milestones
    if before.step is not Step.ACCEPTED or case.args.on or not _has(before, Milestone.RESPONSE_ACCEPTED):
        milestones = reached(_presented(case), Milestone.RESPONSE_ACCEPTED, case.on)
    after = replace(
        case.change,
        milestones=milestones,
        reaction=Reaction.ACCEPTED,
        way=way,
        no_test=case.args.no_test,
        agenda=next_meeting(case) if case.row.to is Step.TEST else None,
        closing=None,
    )
    corrected = goes_on(before) if before.step is Step.ACCEPTED and before.way else ""
    late = before.step is Step.NOT_ACCEPTED
    said = f"{'Late acceptance: ' if late else ''}Response accepted by the CLECs: {goes_on(after)}"
    if corrected:
        said = f"Administrative: way corrected. Was: {corrected}. Now: {goes_on(after)}"
    context = UNTOLD | {"goes_on": goes_on(after), "corrected": corrected, "late": late}
    rows = (*_implied(case), case.says(with_words(said, case.args.text)))
    done = case.done(rows, case.to_concerned(Kind.OUTCOME, context, change=after), after)
    return _of_its_day(case, done)


def rejected(case: Case) -> Decision:
    """OUTCOME REJECTED: the originator is offered what 5B offers (seed steps 5 and 5B)."""
    if reason := _too_early(case):
        return case.refuse(reason)
    after = replace(case.change, milestones=_presented(case), reaction=Reaction.REJECTED, agenda=None)
    due = case.due(DeadlineKind.REACT).due
    choice = case.to_originator(Kind.CHOICE, {"due": due}, change=after)
    others = case.to_concerned(Kind.OUTCOME, UNTOLD, change=after, besides=choice)
    said = case.says(with_words("Response not accepted by the CLECs", case.args.text))
    return _of_its_day(case, case.done((*_implied(case), said), (*choice, *others), after))


def revise(case: Case) -> Decision:
    """OUTCOME REVISE: the SMEs are told what to change, for the next meeting (seed step 5A)."""
    if reason := _too_early(case):
        return case.refuse(reason)
    meeting = next_meeting(case)
    after = replace(case.change, milestones=_presented(case), reaction=Reaction.REVISE, agenda=meeting, draft=None)
    due = case.due(DeadlineKind.REVISE, meeting).due
    experts = case.to_party(Party.SME, Kind.OUTCOME, UNTOLD | {"asked": due}, change=after)
    others = case.to_concerned(Kind.OUTCOME, UNTOLD, change=after, besides=experts)
    said = case.says(f"Response requires revision: {case.args.text}")
    return _of_its_day(case, case.done((said,), (*experts, *others), after))


def escalate(case: Case) -> Decision:
    """ESCALATE: a numbered dispute. All other clocks stop; what they had planned stays on record, and
    they are set anew by the resolution (seed step 5C; domain.md section 8, 27)."""
    company, why = _for_whom(case)
    company = company or case.before.company
    opened = Escalation(int(case.order.number), case.today, company, why, case.before.step, speakers=_speaker(case))
    after = replace(
        case.change,
        escalation=opened,
        flags=tuple(dict.fromkeys((*case.change.flags, ESCALATED))),
        deferred_until=None,
        agenda=None,
        closing=None,
    )
    said = f"Escalation #{opened.number} opened by {company}{_on_their_word(case)}: {why}"
    return case.done((case.says(said), *_planned(case)), _disputed(case, after, why), after)


def join(case: Case) -> Decision:
    """A second ESCALATE joins the first (domain.md section 1.6)."""
    company, why = _for_whom(case)
    dispute = case.before.escalation
    if dispute is None:
        return case.refuse(f"There is no open escalation of {case.before.number} to join. Please write to its CRPM.")
    if not company:
        return case.refuse(
            f"Escalation #{dispute.number} is open already. Say which company joins it, then why, as in: "
            f"ESCALATE {case.before.company}: the reason"
        )
    if company in (dispute.by, *dispute.joined):
        return case.refuse(
            f"{company} is part of escalation #{dispute.number} already. COMMENT and your words add to the record."
        )
    joined, speakers = (*dispute.joined, company), (*dispute.speakers, *_speaker(case))
    after = replace(case.change, escalation=replace(dispute, joined=joined, speakers=speakers))
    said = f"{company} joined escalation #{dispute.number}{_on_their_word(case)}: {why}"
    return case.done((case.says(said),), _disputed(case, after, why, company), after)


def resolve(case: Case) -> Decision:
    """RESOLVE TO a step, with the resolution; 6 and 7 also record Accepted (seed step 5D; domain.md
    section 8, 28)."""
    dispute, to = case.before.escalation, case.change.step
    after = replace(case.change, **_RESOLVED.get(to, {}))  # type: ignore[arg-type]  # fields by name
    if dispute is not None:
        after = replace(after, escalation=replace(dispute, resolved_on=case.on, resolution=case.args.text))
    if after.reaction is Reaction.ACCEPTED and to is not Step.CLOSED:
        after = replace(after, milestones=reached(after.milestones, Milestone.RESPONSE_ACCEPTED, case.on))
    if to is Step.ACCEPTED and case.before.disposition is Disposition.DENIED:
        after = replace(after, way=Way.DENIAL, phase=Phase.DECLINED)
    if to is Step.CLOSED:
        after = replace(after, milestones=reached(after.milestones, Milestone.CR_CLOSED, case.on))
    if to in (Step.PRESENTATION, Step.REVISION):
        after = replace(after, agenda=next_meeting(case))
    numbered = f"Escalation #{dispute.number}" if dispute else "Dispute"
    said = f"{numbered} resolved; the CR goes to step {to.value}: {case.args.text}"
    letters = case.to_party(Party.CMP_MANAGER, Kind.RESOLVED, change=after)
    disputing = disputants(after, case.office)
    letters += case.to_concerned(Kind.RESOLVED, change=after, besides=letters, also=disputing)
    return case.done((case.says(said),), letters, after)


_RESOLVED: Mapping[Step, Mapping[str, object]] = {
    Step.PRESENTATION: {"reaction": Reaction.NONE, "way": Way.NONE, "no_test": False},
    Step.REVISION: {"reaction": Reaction.REVISE, "way": Way.NONE, "no_test": False, "draft": None},
    Step.ACCEPTED: {"reaction": Reaction.ACCEPTED},
    Step.CHANGE: {"reaction": Reaction.ACCEPTED, "way": Way.PLAN, "no_test": False},
}
"""What a resolution records beside the move, by the step that it leads to; a way that was given at 6
before the dispute still stands."""


def defer(case: Case) -> Decision:
    """DEFER: nothing is done for a time; a review only where a date is given, on the first day on which CLOSE may be
    asked, and nothing ends by silence (seed step 5B; domain.md section 8, 25)."""
    until = case.args.on
    if until is not None and until <= case.today:
        return case.refuse("Say until when: a date ahead, as in DEFER UNTIL and the date; or DEFER alone.")
    after = replace(
        case.change,
        deferred_until=until,
        agenda=None,
        closing=None,
    )
    said = f"Deferred until {us(until)}" if until else "Deferred; no date is set"
    clocks: list[Effect] = [Open(Deadline(DeadlineKind.RESUME, first_day_after(until, case.office)))] if until else []
    if until is None and runs(DeadlineKind.RESUME, case.office):
        clocks.append(Open(case.due(DeadlineKind.RESUME)))
    letters = case.to_concerned(Kind.DEFERRED, change=after)
    return case.done((case.says(with_words(said, case.args.text)),), (*clocks, *letters), after)


def resume(case: Case) -> Decision:
    """RESUME: back to where the deferral came from (DESIGN section 4)."""
    after = replace(case.change, deferred_until=None, closing=None)
    context: dict[str, object] = {"due": case.due(DeadlineKind.REACT).due}
    letters = case.to_concerned(Kind.RESUMED, context, change=after)
    return case.done((case.says(with_words("Taken up again after the deferral", case.args.text)),), letters, after)


def goes_on(change: ChangeRequest) -> str:
    """What an accepted response leads to, in words; empty where nobody has said so yet."""
    return NO_TEST if change.no_test else GOES_ON.get(change.way, "")


def _other_way(change: ChangeRequest, way: Way, *, no_test: bool) -> str:
    """Why a way does not go with what the carrier said, or says nothing new."""
    denied = change.disposition is Disposition.DENIED
    if denied and way is not Way.DENIAL:
        return (
            "The response in force is Denied. What CLECs can accept of it is the denial: OUTCOME ACCEPTED DENIAL. If "
            "they do not, use OUTCOME REJECTED, or OUTCOME REVISE and what is to be changed."
        )
    if not denied and way is Way.DENIAL:
        return (
            "The response in force is Accepted, not Denied. Use OUTCOME ACCEPTED ANSWERED or OUTCOME ACCEPTED PLAN, or "
            "OUTCOME REVISE and what is to be changed."
        )
    if change.step is Step.ACCEPTED and (way, no_test) == (change.way, change.no_test):
        return f"That is on record already: {goes_on(change)}. CLOSE and a reason asks the originator to close it."
    return ""


def _too_early(case: Case) -> str:
    """Why the CLECs cannot have said so on that date."""
    response = case.before.response
    if response is None or response.issued_on is None or case.on >= response.issued_on:
        return ""
    return (
        f"The response was issued on {us(response.issued_on)}; nobody can have answered it on "
        f"{us(case.on)}. Please send the line again with the right date."
    )


def _of_its_day(case: Case, done: Decision) -> Decision:
    """What came of the meeting, with a word where there was none on that day; later it may be any day."""
    at_meeting = case.before.step is Step.PRESENTATION
    return replace(done, answer=off_meeting(case.on, case.office) if at_meeting else ())


def _has(change: ChangeRequest, milestone: Milestone) -> bool:
    return any(one.milestone is milestone for one in change.milestones)


def _unpresented(case: Case) -> bool:
    """True where the response in force has not been presented, as far as is recorded."""
    waits = any(due.kind is DeadlineKind.PRESENT_RESPONSE for due in case.order.running)
    return case.before.step is Step.PRESENTATION and (waits or not _has(case.before, Milestone.RESPONSE_PRESENTED))


def _presented(case: Case) -> tuple[Reached, ...]:
    """The milestones; an outcome of the meeting implies that the response was presented there."""
    milestones = case.before.milestones
    return reached(milestones, Milestone.RESPONSE_PRESENTED, case.on) if _unpresented(case) else milestones


def _implied(case: Case) -> tuple[Row, ...]:
    return (case.says(PRESENTED, MEETING),) if _unpresented(case) else ()


def _for_whom(case: Case) -> tuple[str, str]:
    """The company that escalates, and why. The carrier's staff name it in front of a colon; empty where
    they do not."""
    standing = case.order.standing
    if standing.company is not None:
        return standing.company.name, case.args.text
    named, colon, rest = case.args.text.partition(":")
    company = case.office.directory.company_named(named) if colon and rest.strip() else None
    return (company.name, rest.strip()) if company else ("", case.args.text)


def _speaker(case: Case) -> tuple[Address, ...]:
    """Who of a CLEC wrote the line; nobody where the staff wrote it on their word."""
    sender = case.order.standing.sender
    return (sender,) if sender and not case.person else ()


def _on_their_word(case: Case) -> str:
    return f", as {case.person.name} was told" if case.person else ""


def _planned(case: Case) -> tuple[Row, ...]:
    """What the stopped clocks had planned: it stays on record."""
    stopped = {*case.row.stops} - {*case.row.meets}
    running = sorted((due for due in case.order.running if due.kind in stopped), key=lambda due: due.due)
    planned = "; ".join(f"{due.kind.value}, due {us(due.by)}" for due in running)
    said = f"Deadlines stopped by the escalation: {planned}"
    return (case.says(said, "Additional Information", public=False),) if planned else ()


def _disputed(case: Case, after: ChangeRequest, why: str, joined: str = "") -> list[Effect]:
    """The CRPM is asked to take it up; the CMP Manager, who disputes and everybody concerned hear of it."""
    context: dict[str, object] = {"joined": joined, "why": why, "yours": False} | NO_FILES
    asked = case.to_party(Party.CRPM, Kind.ESCALATED, context | {"yours": not joined}, change=after)
    held = {each.id for each in people_of(after, Party.CRPM, case.office)}
    managers = (each.address for each in people_of(after, Party.CMP_MANAGER, case.office) if each.id not in held)
    asked += case.to_each(managers, Kind.ESCALATED, context, change=after)
    disputing = disputants(after, case.office)
    letters = asked + case.to_concerned(Kind.ESCALATED, context, change=after, besides=asked, also=disputing)
    return case.with_files(letters, change=after)
