"""Invitations: a meeting stands in the calendars of those who attend it, as it stands here.

Its one rule: they follow the change request. Whatever a line does to a planned meeting, to who attends it
or to the change request itself, every calendar hears of it, and hears nothing else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.intake.arguments.dates import in_words
from bot.intake.request import Partstat
from bot.mail.invite import Invitation, calendar, uid_of
from bot.mail.letter import Kind
from bot.office.office import Office
from bot.office.people import Address, Role
from bot.workflow.carry.words import us, when
from bot.workflow.case import Case
from bot.workflow.change import ChangeRequest, Meeting, Phase, Reply
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Effect, Fate, Row, Send
from bot.workflow.party import Party, people_of

NAME = "Clarification Meeting"
MEETING, UNDO = "MEETING", "UNDO"
SATURDAY = 5
ENDED = {
    Phase.COMPLETION: "the Change Request is closed",
    Phase.WITHDRAWN: "the Change Request is withdrawn",
    Phase.CROSSOVER: "the Change Request is dealt with on the other track",
}
SAYS: Mapping[Partstat, str] = {
    Partstat.ACCEPTED: "comes",
    Partstat.DECLINED: "does not come",
    Partstat.TENTATIVE: "may come",
    Partstat.DELEGATED: "sends somebody else",
    Partstat.NEEDS_ACTION: "has not decided",
}


class Turn(StrEnum):
    """What becomes of a meeting in one calendar."""

    NEW = "new"
    MOVED = "moved"
    CANCELLED = "cancelled"


def called(meeting: Meeting, running: Iterable[Deadline]) -> str:
    """What a meeting is: the clarification meeting, until that was held, or just a meeting."""
    clarifies = any(due.kind is DeadlineKind.CLARIFY for due in running)
    return NAME if meeting.n == 1 or clarifies else "Meeting"


def attending(change: ChangeRequest, office: Office) -> dict[str, tuple[Address, str]]:
    """Originator, CRPM and SMEs with their deputies, by address, and what each is."""
    found = {change.originator.email: (change.originator, change.company)} if change.originator.email else {}
    for party, role in ((Party.CRPM, Role.CRPM), (Party.SME, Role.SME)):
        for one in office.reached(people_of(change, party, office)):
            found.setdefault(one.address.email, (one.address, f"{office.organisation.name}, {role}"))
    return found


@dataclass(frozen=True, slots=True)
class _Word:
    """What one recipient is told: the turn that the meeting takes for them, and why it is cancelled for them
    (empty: as the line says)."""

    to: Address
    turn: Turn
    why: str = ""


def kept_up(case: Case, decision: Decision) -> Decision:
    """A decision with the letters that keep the calendars true to it. By an UNDO only those are told who
    had been told of what it takes back."""
    after = decision.change
    if decision.fate is not Fate.OBEYED or after is None or (case.before.meeting is None and after.meeting is None):
        return decision
    was, now = _stood(case), after.planned if after.open else None
    meeting, words = _followed(case, after, was, now)
    before = decision.effects
    if case.row.verb == UNDO:
        reached = _reached_by_undone(case)
        words = [word for word in words if word.to.email in reached]
        before = tuple(_but_what_calendars_say(case, before, {word.to.email for word in words}))
    if meeting is None or not words:
        return decision
    after = replace(after, meeting=meeting)
    letters: list[Effect] = [_letter(case, after, meeting, word, was) for word in words]
    rows = (*decision.rows, *_said(case, was, now))
    return replace(decision, change=after, rows=rows, effects=(*before, *letters))


def _stood(case: Case) -> Meeting | None:
    """The meeting that stood in the calendars; one whose time is over concerns nobody any more, unless the
    line is about it."""
    planned = case.before.planned
    return planned if planned and (planned.at > case.now or case.row.verb == MEETING) else None


def _followed(
    case: Case, after: ChangeRequest, was: Meeting | None, now: Meeting | None
) -> tuple[Meeting | None, list[_Word]]:
    """The meeting as it stands from now on, and who is told what."""
    there = attending(after, case.office)
    if was is not None and now is not None:
        return _went_on(case, was, now, there)
    if was is not None:
        return _called_off(case, after, was)
    if now is not None and now.at > case.now:
        return _came_about(case, now, [to for to, _ in there.values()])
    return None, []


def _came_about(case: Case, now: Meeting, invited: Sequence[Address]) -> tuple[Meeting, list[_Word]]:
    """A meeting that stands in no calendar yet. One that stood there before comes with a higher sequence."""
    last = case.before.meeting
    again = last.sequence + 1 if last and last.n == now.n else now.sequence
    return replace(now, sequence=again, invited=tuple(invited)), [_Word(to, Turn.NEW) for to in invited]


def _called_off(case: Case, after: ChangeRequest, was: Meeting) -> tuple[Meeting, list[_Word]]:
    """A meeting that is planned no longer: cancelled, or held."""
    left = after.meeting if after.meeting and after.meeting.n == was.n else was
    gone = replace(left, cancelled=left.held_on is None, sequence=was.sequence + 1)
    return gone, [_Word(to, Turn.CANCELLED, _why(case, after, gone)) for to in _invited(case, was)]


def _went_on(
    case: Case, was: Meeting, now: Meeting, there: Mapping[str, tuple[Address, str]]
) -> tuple[Meeting, list[_Word]]:
    """A meeting that is planned as before: it moves, people come and go, or nothing is otherwise."""
    before, invited = attending(case.before, case.office), _invited(case, was)
    former = [to for to in invited if to.email in before and to.email not in there]
    stay = {to.email: to for to in invited if to not in former}
    fresh = {email: to for email, (to, _) in there.items() if email not in stay and email not in before}
    moved = (was.at, was.minutes, was.place) != (now.at, now.minutes, now.place)
    if moved:
        fresh = {email: to for email, (to, _) in there.items() if email not in stay}
    words = [_Word(to, Turn.CANCELLED, "you are no longer asked to attend it") for to in former]
    words += [_Word(to, Turn.MOVED) for to in stay.values()] if moved else []
    words += [_Word(to, Turn.NEW) for to in fresh.values()]
    there_now = (*stay.values(), *fresh.values())
    return replace(now, sequence=was.sequence + moved, invited=there_now), words


def _invited(case: Case, was: Meeting) -> tuple[Address, ...]:
    """In whose calendars a meeting stands; one of an older version does not say."""
    return was.invited or tuple(to for to, _ in attending(case.before, case.office).values())


def _why(case: Case, after: ChangeRequest, gone: Meeting) -> str:
    if not after.open:
        return ENDED[after.phase]
    if gone.held_on:
        return f"it was held on {us(gone.held_on)}"
    return "the invitation was taken back" if case.row.verb == UNDO else ""


def _reached_by_undone(case: Case) -> frozenset[str]:
    """Who has a letter to their calendar by what is taken back."""
    undoing = case.order.undoing
    return frozenset(to.email for to, kind in (undoing.sent if undoing else ()) if kind is Kind.INVITATION)


def _but_what_calendars_say(case: Case, effects: Iterable[Effect], told: Collection[str]) -> Iterator[Effect]:
    """The effects of an UNDO without corrections of what was only an invitation, to those whose calendars are
    `told`: that letter says it."""
    undoing = case.order.undoing
    more = {to.email for to, kind in (undoing.sent if undoing else ()) if kind is not Kind.INVITATION}
    for effect in effects:
        letter = effect.letter if isinstance(effect, Send) else None
        if not (letter and letter.kind is Kind.UNDONE and letter.to.email in told and letter.to.email not in more):
            yield effect


def _said(case: Case, was: Meeting | None, now: Meeting | None) -> tuple[Row, ...]:
    """The row of a meeting that is cancelled with what it was about; other lines say it themselves."""
    if was is None or now is not None or case.row.verb in (MEETING, UNDO):
        return ()
    words = f"{called(was, case.order.running)} of {when(was.at, case.office)} cancelled"
    return (case.says(words, "Clarification Meeting Scheduled"),)


def _letter(case: Case, after: ChangeRequest, meeting: Meeting, word: _Word, was: Meeting | None) -> Send:
    """The letter to one recipient, with the same for their calendar."""
    name, sender = called(meeting, case.order.running), case.order.standing.sender
    told: dict[str, object] = {
        "meeting": meeting,
        "state": word.turn,
        "own": sender is not None and sender.email == word.to.email,
        "was": was if word.turn == Turn.MOVED else None,
        "attendees": tuple((to.name or to.email, what) for to, what in attending(after, case.office).values()),
        "reason": case.args.text if case.row.verb == MEETING else "",
        "called": name,
        "why": word.why,
        "another": after.open and meeting.cancelled,
    }
    letter = case.letter(Kind.INVITATION, word.to, told, change=after).letter
    return Send(replace(letter, calendar=_calendar(case, after, meeting, word, name)))


def _calendar(case: Case, after: ChangeRequest, meeting: Meeting, word: _Word, name: str) -> bytes:
    house = case.office.organisation.address
    said = f"{name} about {after.number}: {after.title}\n{after.company}\n\nYour answer is read by our program."
    return calendar(
        Invitation(
            uid_of(after.key, meeting.n, house.domain),
            meeting.sequence,
            case.now,
            meeting.at,
            meeting.minutes,
            f"{after.number} {name}: {after.title}",
            said,
            meeting.place,
            house,
            word.to,
            cancelled=word.turn == Turn.CANCELLED,
        )
    )


def misgivings(starts: datetime, office: Office, running: Iterable[Deadline]) -> tuple[str, ...]:
    """What speaks against a time (aware) for a meeting, in facts: it is no business day, outside the
    office's hours, later than the clarification meeting should be held, or after the CLEC presents."""
    local, calendar = starts.astimezone(office.calendar.zone), office.calendar
    day, said = local.date(), []
    if not calendar.is_business_day(day):
        what = f"a {day:%A}" if day.weekday() >= SATURDAY else "a holiday"
        said.append(
            f"{us(day)} is {what}, no business day; the next one is {in_words(calendar.next_business_day(day))}."
        )
    elif not calendar.in_hours(starts.astimezone(UTC)):
        said.append(f"That is outside our hours, {calendar.opens:%H:%M} to {calendar.cutoff:%H:%M}.")
    due = next((due for due in running if due.kind is DeadlineKind.CLARIFY), None)
    ends = due.by if due else None
    if ends and day > ends:
        window = "" if due and due.extended_to else f", {office.intervals.clarify} business days after the receipt"
        said.append(
            f"{us(day)} is later than {us(ends)}{window}, by which it should be held. If the CLEC agreed to "
            f"it, say so: EXTEND clarification meeting {us(day)} and the reason."
        )
    presents = next((due.by for due in running if due.kind is DeadlineKind.PRESENT), None)
    if due and presents and day >= presents:
        later = calendar.meeting_after(max(day, presents))
        said.append(
            f"The CLEC presents it at the Monthly Meeting of {us(presents)}, and that is not before it. If it should "
            f"be presented later, say so: EXTEND presentation {us(later)} and the reason."
        )
    return tuple(said)


def is_over(meeting: Meeting, now: datetime) -> bool:
    """True once the time of a meeting is over (aware)."""
    return meeting.at + timedelta(minutes=meeting.minutes) <= now


def booked(meeting: Meeting, office: Office, now: datetime) -> str:
    """For when a meeting is planned, in words; once its time is over, that nothing is recorded of it."""
    at = when(meeting.at, office)
    return f"was planned for {at}, and nothing is recorded of it" if is_over(meeting, now) else f"is planned for {at}"


def replies_to(change: ChangeRequest) -> tuple[Reply, ...]:
    """What was answered to the meeting that is planned."""
    planned = change.planned
    return tuple(reply for reply in change.replies if planned and reply.n == planned.n)


def who_comes(change: ChangeRequest, office: Office) -> tuple[tuple[str, str], ...]:
    """Who was invited to the meeting that is planned, and what each answered, in words for the staff; last
    those who have not answered. Nothing while none is planned."""
    planned = change.planned
    if planned is None:
        return ()
    answered = {reply.email: reply for reply in replies_to(change)}
    lines = [
        (to.name or to.email, said_by(answered[to.email], planned, office))
        for to in planned.invited
        if to.email in answered
    ]
    silent = [to.name or to.email for to in planned.invited if to.email not in answered]
    return (*lines, *((("No answer yet", ", ".join(silent)),) if silent else ()))


def said_by(reply: Reply, meeting: Meeting, office: Office) -> str:
    """An answer in words that go on a name: `comes`, `does not come (to the earlier date)`."""
    about = " (an answer to the invitation before this one)" if reply.sequence < meeting.sequence else ""
    instead = f" ({reply.delegate})" if reply.delegate else ""
    rather = f", and proposes {when(reply.proposed, office)}" if reply.proposed else ""
    unproven = "" if reply.proven else " (unproven)"
    return f"{SAYS[reply.partstat]}{instead}{rather}{about}{unproven}"
