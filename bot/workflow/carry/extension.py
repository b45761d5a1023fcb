"""Extension: a later date that was agreed on, with its reason (domain.md section 8, 7).

Its one rule: the date that was planned stays beside the new one, and no extension moves the line a week
before the Monthly Meeting.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from bot.mail.letter import Kind
from bot.workflow.carry.walkon import BOUND
from bot.workflow.carry.words import us
from bot.workflow.case import Case
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import AT_MEETING, STEPS, WEEK, Deadline, DeadlineKind, due_on
from bot.workflow.effect import Decision, Open

NEAR = 0.75
SHORTEST = 3
"""Letters with which a word may stand for a longer one."""
FILLING = frozenset({"the", "a", "an", "of", "for", "to", "date", "deadline", "due", "clec", "cr", "its"})
CALLED = {
    DeadlineKind.CLARIFY: "clarify",
    DeadlineKind.PRESENT: "presentation request",
    DeadlineKind.MINUTES: "minute",
    DeadlineKind.OPTIONS: "solutions",
    DeadlineKind.APPROVE: "approval director decision",
    DeadlineKind.NAME_SMES: "name sme experts",
    DeadlineKind.REVISE: "revision",
    DeadlineKind.REACT: "reaction choice",
    DeadlineKind.CONSENT: "consent close",
    DeadlineKind.PRODUCE: "production implementation",
    DeadlineKind.PRESENT_RESPONSE: "presentation response",
}
"""Further words by which people call what is due, beside its own."""
BEFORE_RESPONSE = frozenset({DeadlineKind.DRAFT, DeadlineKind.APPROVE, DeadlineKind.RESPOND})


def extend(case: Case) -> Decision:
    """Extend one of the running deadlines; the originator is told."""
    found = named(case.args.word, [due for due in case.order.running if due.kind in STEPS])
    if isinstance(found, str):
        return case.refuse(found)
    until, planned = case.args.on or case.today, found.by
    if until < case.today:
        return case.refuse(f"{us(until)} is over. Write a date ahead.")
    if until <= planned:
        return case.refuse(f"It is due on {us(planned)} as it is, and {us(until)} is not later.")
    if barred := _barred(case, found, until):
        return case.refuse(barred)
    after = replace(case.change, agenda=until) if found.kind in AT_MEETING else case.change
    later = [Open(replace(found, extended_to=until)), *_with_it(case, after, found)]
    row = case.says(
        f"Extension agreed: {found.kind}, by {us(until)} instead of {us(planned)}. Reason: {case.args.text}"
    )
    told: dict[str, object] = {"what": found.kind.value, "until": until, "planned": planned, "reason": case.args.text}
    letters = case.to_assigned(Kind.EXTENDED, told, change=after)
    answer = (
        f"You have until {us(until)} to {found.kind}" if found.kind not in AT_MEETING else f"Put off to {us(until)}"
    )
    return replace(case.done((row,), [*later, *letters], after), answer=(f"{answer}; it was {us(planned)}.",))


def _barred(case: Case, found: Deadline, until: date) -> str:
    """Why a deadline cannot be that late: the response's week, or a day without a Monthly Meeting."""
    calendar, agenda = case.office.calendar, case.before.agenda
    line = agenda - WEEK if agenda else None
    if found.kind in BEFORE_RESPONSE and line and until > line:
        return (
            f"The response is due on {us(line)}, a week before the Monthly Meeting of {us(line + WEEK)}, and no "
            "extension moves that. If it is issued later, it goes to the meeting after, unless the CMP Manager says "
            "WALKON."
        )
    if found.kind in AT_MEETING and calendar.meeting.date_in(until.year, until.month) != until:
        there = calendar.meeting_from(until)
        return f"There is no Monthly Meeting on {us(until)}; the next one is on {us(there)}. Write that date."
    return ""


def _with_it(case: Case, after: ChangeRequest, found: Deadline) -> list[Open]:
    """What is bound to the meeting moves with it."""
    if found.kind not in AT_MEETING or after.agenda is None:
        return []
    bound = (kind for kind in BOUND.get(after.step, ()) if kind is not found.kind)
    running = {due.kind: due for due in case.order.running}
    return [
        Open(replace(running[kind], extended_to=due_on(kind, case.office, case.today, after.agenda)))
        for kind in bound
        if kind in running
    ]


def named(word: str, running: Sequence[Deadline]) -> Deadline | str:
    """The running deadline that a sender means: the one whose words hold all of theirs. A text asks back
    where that is none, or several."""
    if not running:
        return "Nothing is due on it now, so there is nothing to extend."
    wanted = [each for each in re.findall(r"[a-z]+", word.lower()) if each not in FILLING]
    exact = [
        due for due in running if word.strip().lower() in (due.kind.value, due.kind.name.lower().replace("_", " "))
    ]
    found = exact or [due for due in running if wanted and all(_says(due.kind, each) for each in wanted)]
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"{due.kind} ({us(due.by)})" for due in found or running)
    if found:
        return f"{word} could be several. Which one: {listed}?"
    return f"Nothing that is due is called {word}. What is due: {listed}."


def _says(kind: DeadlineKind, word: str) -> bool:
    """True where a word belongs to what a deadline is called: whole, its beginning, or nearly so."""
    own = re.findall(r"[a-z]+", f"{kind.value} {CALLED.get(kind, '')}".lower())
    begins = len(word) >= SHORTEST and any(
        each.startswith(word) or word.startswith(each) for each in own if len(each) >= SHORTEST
    )
    return word in own or begins or bool(get_close_matches(word, own, 1, NEAR))
