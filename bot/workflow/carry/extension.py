"""Extension: a later date that was agreed on, with its reason (domain.md section 8, 7).

Its one rule: the date that was planned stays beside the new one, and no extension moves the line a week
before the Monthly Meeting. What is due inside the house is agreed on inside it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from bot.intake.arguments.dates import in_words
from bot.mail.letter import Kind
from bot.workflow.carry.words import us
from bot.workflow.case import Case
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.deadline import AT_MEETING, SET_FOR, STEPS, WEEK, Deadline, DeadlineKind, due_ahead
from bot.workflow.effect import Decision, Effect, Open

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
REVISED = "EXTEND revised response, with a later date"
FOR_MEETING = {
    DeadlineKind.OPTIONS: "EXTEND presentation, with the date of a later meeting",
    DeadlineKind.DRAFT: REVISED,
    DeadlineKind.APPROVE: REVISED,
}
"""What is of no use after the Monthly Meeting that it is for, and how that is put off with it."""
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
    after = replace(case.change, agenda=_agenda(case, found, until))
    along = _with_it(case, after, found)
    later = [Open(due) for due in (found.put_off(until, case.today), *along)]
    on_agenda = f"; on the agenda of {us(meeting)}" if (meeting := _brought_along(case, after, found)) else ""
    said = f"Extension agreed: {found.kind}, by {us(until)} instead of {us(planned)}{on_agenda}"
    row = case.says(f"{said}. Reason: {case.args.text}", public=found.kind not in INSIDE)
    letters = _letters(case, after, found, until, along)
    return replace(case.done((row,), [*later, *letters], after), answer=_answer(case, after, found, until, along))


def _agenda(case: Case, found: Deadline, until: date) -> date | None:
    """The Monthly Meeting that it is on from now: the one that it is put off to, or, for a revised response that is
    due after its meeting, the first one by which it is issued."""
    agenda = case.before.agenda
    if found.kind in AT_MEETING:
        return until
    if found.kind is DeadlineKind.REVISE and agenda and until > agenda:
        return case.office.calendar.meeting_from(until)
    return agenda


def _brought_along(case: Case, after: ChangeRequest, found: Deadline) -> date | None:
    """The Monthly Meeting that an extension of something else has put it on; None where that stays."""
    return after.agenda if found.kind not in AT_MEETING and after.agenda != case.before.agenda else None


def _letters(case: Case, after: ChangeRequest, found: Deadline, until: date, along: Sequence[Deadline]) -> list[Effect]:
    """To those who work on it; and to the originator, but of nothing that is due inside."""
    told: dict[str, object] = {
        "what": found.kind.value,
        "until": until,
        "planned": found.by,
        "reason": case.args.text,
        "meeting": _brought_along(case, after, found),
        "along": _dates(along),
    }
    staff = case.to_staff(Kind.EXTENDED, told, change=after)
    if found.kind in INSIDE:
        return staff
    public = {**told, "along": _dates(due for due in along if due.kind not in INSIDE)}
    return case.to_originator(Kind.EXTENDED, public, change=after) + staff


def _dates(clocks: Iterable[Deadline]) -> tuple[tuple[str, str], ...]:
    return tuple((due.kind.value, in_words(due.by)) for due in clocks)


def _answer(
    case: Case, after: ChangeRequest, found: Deadline, until: date, along: Sequence[Deadline]
) -> tuple[str, ...]:
    put_off = f"Put off to {us(until)}"
    said = [put_off if found.kind in AT_MEETING else f"You have until {us(until)} to {found.kind}"]
    said[0] += f"; it was {us(found.by)}."
    if found.by < case.today:
        said.append("That date was over already: the report counts it as missed.")
    if meeting := _brought_along(case, after, found):
        said.append(f"It is on the agenda of {us(meeting)} now.")
    if along:
        said.append(f"With it: {'; '.join(f'{due.kind} by {us(due.by)}' for due in along)}.")
    return (*said, *_presented_before(case, found, until))


def _barred(case: Case, found: Deadline, until: date) -> str:
    """Why a deadline cannot be that late: the response's week, a day without a Monthly Meeting or without
    business, or the meeting that it is for."""
    calendar, agenda = case.office.calendar, case.before.agenda
    line = agenda - WEEK if agenda else None
    if case.before.step is Step.RESPONSE and found.kind in BEFORE_RESPONSE and line and until > line:
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
            f"It is for the Monthly Meeting of {us(agenda)}. {FOR_MEETING[found.kind]}, and the reason, puts off both."
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


def _with_it(case: Case, after: ChangeRequest, found: Deadline) -> tuple[Deadline, ...]:
    """What else is set for the meeting moves with it to a later one."""
    meeting = after.agenda
    if meeting is None or meeting == case.before.agenda:
        return ()
    others = [due for due in case.order.running if due.kind in SET_FOR and due.kind is not found.kind]
    moved = [(due, due_ahead(due.kind, case.office, case.today, meeting)) for due in others]
    later = (due.put_off(to, case.today) for due, to in moved if to > due.by)
    return tuple(sorted(later, key=lambda due: due.by))


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
