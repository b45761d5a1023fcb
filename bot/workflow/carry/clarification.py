"""Clarification: the options, the presentation and the consensus (seed step 3).

Its one rule: what was said is recorded by a person, never inferred (domain.md section 8, 33).
"""

from dataclasses import replace

from bot.mail.letter import Kind
from bot.workflow.carry.walkon import item_told, next_meeting
from bot.workflow.carry.words import off_meeting, us
from bot.workflow.case import Case
from bot.workflow.change import Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.draft import voided, without_draft
from bot.workflow.effect import Decision, Open
from bot.workflow.party import Party, people_of

TOO_EARLY = "{} is before the request came in. Write the day on which it was: {} ON date."


def options(case: Case) -> Decision:
    """The options that the SMEs found: inside, and to the CRPM."""
    if not case.args.text:
        return case.refuse("Write the options and potential solutions behind OPTIONS, or below it.")
    row = replace(case.says(f"Options: {case.args.text}"), public=False)
    return case.done((row,), case.to_party(Party.CRPM, Kind.OPTIONS))


def presented(case: Case) -> Decision:
    """The CLEC presented the request, or the carrier its response, at the Monthly Meeting."""
    if early := _too_early(case):
        return case.refuse(early)
    if case.before.step is Step.PRESENTATION:
        row = case.says(f"{case.office.organisation.name} Response presented on {us(case.on)}")
        return replace(case.done((row,)), answer=("How the CLECs took it is recorded with OUTCOME.",))
    meeting = next_meeting(case)
    after = replace(case.change, presented_on=case.on, agenda=meeting)
    # Until there is consensus it comes up again; ALIGNED ends what is opened here.
    again = Open(Deadline(DeadlineKind.PRESENT, meeting))
    named = "" if case.before.step is Step.CLARIFICATION else " It can be recorded once SME has named the SMEs."
    answer = f"Without ALIGNED, which records consensus, it comes up again on {us(meeting)}.{named}"
    row = case.says(f"CR presented by {after.company} on {us(case.on)}")
    return replace(case.done((row,), (again,), after), answer=(answer, *off_meeting(case.on, case.office)))


def aligned(case: Case) -> Decision:
    """Consensus, in its wording and with its date: the direction for the response, which is presented at
    the first meeting after this one. What PRESENTED opened for the next meeting falls away: it was
    presented already. Where there is consensus, no clarification meeting is waited for any more. A draft that
    was written before it answers another direction."""
    if early := _too_early(case):
        return case.refuse(early)
    meeting = next_meeting(case)
    presented_on = case.before.presented_on or case.on
    after = replace(without_draft(case.change), presented_on=presented_on, agenda=meeting)
    row = case.says(f"Consensus on {us(case.on)}: {case.args.text}")
    draft, due = (case.due(kind, meeting).due for kind in (DeadlineKind.DRAFT, DeadlineKind.RESPOND))
    told = {**item_told(case, after), "text": case.args.text, "draft_due": draft, "response_due": due}
    smes = case.office.reached(people_of(after, Party.SME, case.office))
    letters = case.to_each((one.address for one in smes), Kind.ALIGNED, {**told, "you": "SME"}, change=after)
    letters += case.to_concerned(Kind.ALIGNED, {**told, "you": "colleague"}, change=after, besides=letters)
    answer = (
        f"The draft is due by {us(draft)}, the response by {us(due)}, for the Monthly Meeting of {us(meeting)}.",
        *voided(case.before.draft),
        *off_meeting(case.on, case.office),
    )
    if case.before.presented_on:
        meets = tuple(kind for kind in case.row.meets if kind is not DeadlineKind.PRESENT)
        unmet = replace(case.row, meets=meets, stops=(DeadlineKind.PRESENT,))
        case = replace(case, row=unmet)
    return replace(case.done((row,), letters, after), answer=answer)


def _too_early(case: Case) -> str:
    early = case.on < case.office.calendar.local_date(case.before.received_at)
    return TOO_EARLY.format(us(case.on), case.row.verb) if early else ""
