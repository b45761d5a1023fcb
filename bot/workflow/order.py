"""Orders: the lines of a command mail meet the table of the workflow.

Its one rule: a line is carried out where the table has a row for it, its sender is one of the row's
parties and that is proven; else it is refused with the reason and with what could be done instead. A
mail is carried out whole or not at all: a line that is refused stops all of them (DESIGN section 5).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.intake.arguments import Arguments, Mistake, in_full
from bot.intake.command import TABLE as VERBS
from bot.intake.near import nearest
from bot.intake.verify import Standing
from bot.mail.letter import Letter
from bot.office.office import Office
from bot.workflow.carry.words import us
from bot.workflow.case import Case, moved
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Restore, Send, Settle, Stop, keeping
from bot.workflow.enquiry import ENQUIRIES, enquire
from bot.workflow.event import Ordered, Result
from bot.workflow.invitation import kept_up
from bot.workflow.party import Party, may_see, parties
from bot.workflow.prompt import View, prompts
from bot.workflow.rights import entitled, imaginable, unproven, usable
from bot.workflow.step import TRANSITION_VERBS, row_for, rows_of
from bot.workflow.told import told
from bot.workflow.transition import Place, Transition, place_of

UNKNOWN_ADDRESS = (
    "we do not know your address: write from the one that you gave us, or ask us here, in a sentence, to take yours "
    "in; the CMP Manager reads it"
)
MOST_NAMED = 8
"""Verbs that a refusal names; the next-verbs block of the letter holds them all."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line is not carried out, in words for its sender. `unproven`: only for want of proof, or
    of a confirmation; the same line would be carried out once its sender has vouched for it."""

    reason: str
    unproven: bool = False


def weigh(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Case | Refusal:
    """What a line comes to: a case that may be carried out, or a refusal."""
    line, args = event.line, event.args
    if line.verb not in TRANSITION_VERBS:
        return Refusal(unknown_verb(line.verb))
    if event.doubtful:
        return Refusal("The text of your mail and its HTML say different things. Please send it as plain text.")
    today = office.calendar.local_date(now)
    who = parties(change, event.standing, office, today)
    allowed = frozenset(row for row in rows_of(line.verb) if entitled(row, who))
    if not allowed:
        return Refusal(not_entitled(line.verb, event.standing))
    if change is None:
        named = f"There is no {line.number}." if line.number else "It does not say what it is about."
        return Refusal(
            f"{named} Reply to our letter about it, or put its number into the subject or in front of the line."
        )
    if isinstance(args, Mistake):
        return Refusal(args.message)
    row = row_for(line.verb, args, place_of(change))
    if row is None:
        return Refusal(_not_here(change, line.verb, who, event.standing.sender.email if event.standing.sender else ""))
    if row not in allowed:
        return Refusal(not_entitled(line.verb, event.standing))
    if done_on := event.standing.used_on(change.key, line.verb):
        return Refusal(f"This was done already, on {us(office.calendar.local_date(done_on))}; nothing was done again.")
    case = _case(change, event, args, row, who, office, now)
    if reason := unconfirmed(case, who):
        return Refusal(reason, unproven=True)
    return case


def unconfirmed(case: Case, who: frozenset[Party]) -> str:
    """Why a line needs its sender's word first; empty where it does not. A CLEC is asked for a
    confirmation of what cannot be taken back by a reply (DESIGN section 5, ESCALATE and WITHDRAW)."""
    standing, verb = case.order.standing, case.row.verb
    if not standing.proves(case.before.key, verb):
        return unproven(standing)
    asked = case.row.confirmed & who and not (case.row.parties - case.row.confirmed) & who
    if asked and not standing.confirmed and standing.person is None:
        return f"{verb} is asked back once, because it is seen by everybody."
    return ""


def conceivable(verb: str, standing: Standing) -> str:
    """Why a sender could use a verb on no change request at all, in words for them; empty where some
    change request may be there on which they could."""
    if verb not in TRANSITION_VERBS and verb not in ENQUIRIES:
        return unknown_verb(verb)
    who = imaginable(standing)
    if verb in ENQUIRIES:
        may, proven = bool(ENQUIRIES[verb].parties & who), ENQUIRIES[verb].proven
    else:
        may, proven = any(entitled(row, who) for row in rows_of(verb)), True
    if not may:
        return not_entitled(verb, standing)
    return unproven(standing) if proven and not standing.proves("", verb) else ""


def not_entitled(verb: str, standing: Standing) -> str:
    """Why a sender may not use a verb on this change request, in words for them."""
    allowed = [row.parties for row in rows_of(verb)] or [ENQUIRIES[verb].parties]
    named = dict.fromkeys(party for some in allowed for party in Party if party in some)
    you = "that is not you" if standing.person or standing.company else UNKNOWN_ADDRESS
    return f"{verb} is for {' or '.join(named)}, and {you}."


def unknown_verb(word: str) -> str:
    """What is said of a word that is no verb."""
    near = nearest(word)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"{word} is no verb that we know.{meant} HELP lists all of them."


def _not_here(change: ChangeRequest, verb: str, who: frozenset[Party], email: str) -> str:
    """Why a verb has no row where a change request stands, and what could be done there instead."""
    if not change.logged and not change.open:
        return f"{change.number} was dropped before. Ask the sender to send the form anew."
    if all(row.at == {Place.INTAKE} for row in rows_of(verb)):
        return f"{change.number} has its number already; {verb} is for a form that has none yet."
    where = f"in step {change.step.value} ({change.phase.value})" if change.logged else "a form without a CR number yet"
    view = View(change, place_of(change), who, email)
    rows = ((row.verb, row.word) for row in usable(change, who))
    could = list(dict.fromkeys(prompt.verb for prompt in prompts(view, rows)))[:MOST_NAMED]
    instead = f" What you can do there now: {', '.join(could)}." if could else ""
    return f"{change.number} is {where}; {verb} is not possible there.{instead}"


def _case(
    change: ChangeRequest,
    event: Ordered,
    args: Arguments,
    row: Transition,
    who: frozenset[Party],
    office: Office,
    now: datetime,
) -> Case:
    instead = "" if row.parties & who else next(party.value for party in Party if party in row.parties)
    case = Case(before=change, change=change, order=event, args=args, row=row, office=office, now=now, instead=instead)
    return replace(case, change=moved(change, row, case.on, case.today))


def obey(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """Carry out one line, or refuse it. What is unproven is parked: its sender is asked first."""
    if event.line.verb in ENQUIRIES:
        return enquire(change, event, office, now)
    found = weigh(change, event, office, now)
    if isinstance(found, Refusal):
        return Decision(Fate.PARKED if found.unproven else Fate.REFUSED, found.reason, change)
    return kept_up(found, found.row.carry_out(found))


def carry_out(
    orders: Sequence[tuple[ChangeRequest | None, Ordered]],
    office: Office,
    now: datetime,
    number: Callable[[str, ChangeRequest], str],
) -> tuple[tuple[Decision, Result], ...]:
    """Carry out lines one after the other, each on what the one before left. Where one is refused,
    the results of the others say that nothing came of them. `number` gives the next one of a
    series for a change request; it is asked only where a row takes one. To whoever may not see a
    form without a number, it is not there."""
    present: dict[str, tuple[ChangeRequest, tuple[Deadline, ...]]] = {}
    done: list[tuple[Decision, Result]] = []
    seen = [(found if found and may_see(found, event.standing) else None, event) for found, event in orders]
    for found, given in seen:
        change, event = found, given
        if found is not None:
            change, running = present.get(found.key, (found, given.running))
            event = replace(given, running=running, number=_number(change, given, number))
            if found.key in present:
                event = replace(event, undoing=None)  # it was the latest one before this mail
        decision = obey(change, event, office, now)
        if decision.change:
            left = keeping(decision.change, decision.effects)
            present[left.key] = left, _wound(event.running, decision.effects)
        done.append((decision, _result(change, event, decision, office)))
    if any(decision.fate in STOPPING for decision, _ in done):
        pairs = zip(seen, done, strict=True)
        return tuple((decision, _undone(found, event, result)) for (found, event), (decision, result) in pairs)
    return tuple(done)


STOPPING = frozenset({Fate.REFUSED, Fate.PARKED})
"""What of one line stops all lines of its mail."""


def _number(change: ChangeRequest, event: Ordered, number: Callable[[str, ChangeRequest], str]) -> str:
    """The number that a line takes where the change request stands; empty for most."""
    row = row_for(event.line.verb, event.args, place_of(change)) if isinstance(event.args, Arguments) else None
    return number(row.series, change) if row and row.series else ""


def _wound(running: tuple[Deadline, ...], effects: Sequence[Effect]) -> tuple[Deadline, ...]:
    """The open deadlines as effects leave them."""
    clocks = {due.kind: due for due in running}
    for effect in effects:
        match effect:
            case Open(deadline):
                clocks[deadline.kind] = deadline
            case Meet() | Stop():
                clocks.pop(effect.kind, None)
            case Restore():
                again = {due.kind: due for due in effect.deadlines if due.met_on is None}
                clocks = {kind: due for kind, due in clocks.items() if kind not in effect.kinds} | again
    return tuple(clocks.values())


LASTING = frozenset({"LOG", "UNDO"})
"""Verbs that are not taken back: a number is never freed, and what was undone is done again instead."""


def _result(before: ChangeRequest | None, event: Ordered, decision: Decision, office: Office) -> Result:
    stopped = decision.fate in STOPPING
    after = decision.change
    letters = [effect.letter for effect in decision.effects if isinstance(effect, Send)]
    verb = VERBS.get(event.line.verb)
    return Result(
        event.line.line,
        after.number if after else event.line.number,
        after.title if after else "",
        verb.meaning if verb else "",
        decision.reason if stopped else "",
        () if stopped or not before or not after else _changed(before, after),
        told(letters, inside=event.standing.ours),
        decision.answer,
        _understood(event, office, letters),
        bool(decision.rows) and not stopped and event.line.verb not in LASTING,
        not stopped and bool(decision.rows or any(isinstance(effect, Settle) for effect in decision.effects)),
        event.line.left,
    )


def _understood(event: Ordered, office: Office, letters: Sequence[Letter]) -> str:
    """What stands behind a verb, in full, with the files that go with it."""
    if not isinstance(event.args, Arguments):
        return ""
    verb = VERBS.get(event.line.verb)
    sent = [file for file in event.files if any(file in letter.enclosures for letter in letters)]
    taken = event.files if verb and verb.file else sent if verb and verb.sends_on else ()
    files = ", ".join(f"\u201c{file.name}\u201d" for file in taken)
    return "; ".join(part for part in (in_full(event.args, office), f"with {files}" if files else "") if part)


def _undone(found: ChangeRequest | None, event: Ordered, result: Result) -> Result:
    """The result of a line that is not carried out."""
    number, title = (found.number, found.title) if found else (event.line.number, "")
    return replace(result, number=number, title=title, changed=(), told=(), answer=(), done=False)


def _changed(before: ChangeRequest, after: ChangeRequest) -> tuple[tuple[str, str, str], ...]:
    """What is otherwise now, old and new."""
    rows = (
        ("Number", before.number, after.number),
        ("Step", before.step.value, after.step.value),
        ("Phase", before.phase.value, after.phase.value),
        ("Disposition", before.disposition or "none", after.disposition or "none"),
        ("Reaction", before.reaction or "none", after.reaction or "none"),
        ("Waits for", before.waits_for or "nobody", after.waits_for or "nobody"),
    )
    return tuple(row for row in rows if row[1] != row[2])
