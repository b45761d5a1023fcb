"""Extension: a later date that was agreed on, with its reason (domain.md section 8, 7).

Its one rule: the date that was planned stays beside the new one, and no extension moves the line a week
before the Monthly Meeting. What is due inside the house is agreed on inside it.
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
FOR_MEETING = frozenset({DeadlineKind.OPTIONS, DeadlineKind.REVISE})
"""What is of no use after the Monthly Meeting that it is for."""
INSIDE = frozenset(
    {
        DeadlineKind.FINISH_INTAKE,
        DeadlineKind.POST,
        DeadlineKind.ASSIGN,
        DeadlineKind.NAME_SMES,
        DeadlineKind.OPTIONS,
        DeadlineKind.DRAFT,
        DeadlineKind.APPROVE,
        DeadlineKind.SETTLE,
        DeadlineKind.TEST,
    }
)
"""What the carrier owes to itself: no CLEC hears of it, nor of a later date for it (DESIGN section 4)."""


def extend(case: Case) -> Decision:
    """Extend one of the running deadlines; the originator is told, but for what is due inside."""
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
    inside = found.kind in INSIDE
    said = f"Extension agreed: {found.kind}, by {us(until)} instead of {us(planned)}. Reason: {case.args.text}"
    row = case.says(said, public=not inside)
    told: dict[str, object] = {"what": found.kind.value, "until": until, "planned": planned, "reason": case.args.text}
    letters = (case.to_staff if inside else case.to_assigned)(Kind.EXTENDED, told, change=after)
    answer = (
        f"You have until {us(until)} to {found.kind}" if found.kind not in AT_MEETING else f"Put off to {us(until)}"
    )
    answers = (f"{answer}; it was {us(planned)}.", *_presented_before(case, found, until))
    return replace(case.done((row,), [*later, *letters], after), answer=answers)


def _barred(case: Case, found: Deadline, until: date) -> str:
    """Why a deadline cannot be that late: the response's week, a day without a Monthly Meeting or without
    business, or the meeting that it is for."""
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
    if found.kind in FOR_MEETING and agenda and until > agenda:
        return (
            f"It is for the Monthly Meeting of {us(agenda)}. EXTEND presentation, with the date of a later meeting and "
            "the reason, puts off both."
        )
    if found.kind not in AT_MEETING and not calendar.is_business_day(until):
        before, after = calendar.add_business_days(until, -1), calendar.next_business_day(until)
        what = "a holiday" if until in calendar.holidays else f"a {until:%A}"
        return f"{us(until)} is {what}. Write {us(before)} or {us(after)}, the business days next to it."
    return ""


def _presented_before(case: Case, found: Deadline, until: date) -> tuple[str, ...]:
    """What is said of a clarification that was agreed on for after the CLEC presents: it is theirs to agree."""
    presents = case.due_by(DeadlineKind.PRESENT)
    if found.kind is not DeadlineKind.CLARIFY or presents is None or until < presents:
        return ()
    later = case.office.calendar.meeting_after(until)
    return (
        f"The CLEC presents it before that, at the Monthly Meeting of {us(presents)}. If it should be presented later "
        f"too, say so: EXTEND presentation {us(later)} and the reason.",
    )


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
