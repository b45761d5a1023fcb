"""Orders: what the lines of a command mail do to a change request.

Its one rule: this table says who may order what, and where. A verb without a row is not carried out
yet. A mail is carried out whole or not at all: a line that is refused stops all of them (DESIGN
section 5).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.intake.request import CommandLine
from bot.intake.verbs import VERBS
from bot.intake.verify import Standing
from bot.mail.letter import Kind
from bot.office.office import Office
from bot.office.people import Role
from bot.workflow.by_hand import drop, give_back, log, no_intake
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Effect, Fate, Keep, Send
from bot.workflow.event import Ordered, Result

CarryOut = Callable[[ChangeRequest, Ordered, Office, datetime], Decision]


@dataclass(frozen=True, slots=True)
class Order:
    """One row: who may, what speaks against it where a change request stands (empty: nothing), what
    is done; whether words must stand behind the verb, and the series of the number that it gives."""

    roles: frozenset[Role]
    bar: Callable[[ChangeRequest], str]
    carry_out: CarryOut
    reason: bool = False
    series: str = ""


def known(lines: Iterable[CommandLine]) -> bool:
    """True when every line can be carried out or refused here; one that cannot parks the mail."""
    return all(line.verb in ORDERS for line in lines)


def refusal(change: ChangeRequest | None, event: Ordered) -> str:
    """Why a line may not be carried out, in words for its sender; empty where it may."""
    order, line = ORDERS[event.line.verb], event.line
    if reason := not_entitled(event.standing, line.verb):
        return reason
    if event.doubtful:
        return "The text of your mail and its HTML say different things. Please send it as plain text."
    if change is None:
        named = f"There is no {line.number}." if line.number else "It does not say what it is about."
        return f"{named} Reply to our letter about it, or put its number into the subject or in front of the line."
    if bar := order.bar(change):
        return bar
    if order.reason and not line.args:
        return f"Please say why, behind the word {line.verb}."
    return ""


def not_entitled(standing: Standing, verb: str) -> str:
    """Why a sender may not use a verb at all, in words for them; empty where they may. KeyError for a
    verb without a row."""
    roles = ORDERS[verb].roles
    if standing.person is None:
        reason = "you are not on the list of the staff"
    elif not standing.person.roles & roles:
        reason = "you do not have that role"
    elif not standing.verified:
        reason = f"nothing proves that the mail is yours ({standing.proof or 'no proof'})"
    else:
        return ""
    return f"Only the {' or the '.join(sorted(roles))} may use {verb}: {reason}."


def asked_back(change: ChangeRequest, line: CommandLine, standing: Standing) -> Result:
    """What a member of the staff is told of a line that opens with a verb, but is not written as a
    command: nothing is done, and it is said how it would be (DESIGN section 5)."""
    meant = f"{line.verb} {line.args}".rstrip(" .!?")
    refused = not_entitled(standing, line.verb) or f"Did you mean: {meant}? Write the verb in capitals."
    return Result(line.line, change.number, change.title, "a sentence, since the verb is not in capitals", refused)


def obey(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """Carry out one line, or refuse it."""
    reason = refusal(change, event)
    if change is None or reason:
        return Decision(Fate.REFUSED, reason, change)
    return ORDERS[event.line.verb].carry_out(change, event, office, now)


def carry_out(
    orders: Sequence[tuple[ChangeRequest | None, Ordered]], office: Office, now: datetime
) -> tuple[tuple[Decision, Result], ...]:
    """Carry out lines one after the other, each on what the one before left. Where one is refused,
    the results of the others say that nothing came of them."""
    present: dict[str, ChangeRequest] = {}
    done: list[tuple[Decision, Result]] = []
    for found, event in orders:
        change = present.get(found.key, found) if found else None
        decision = obey(change, event, office, now)
        if decision.change:
            present[decision.change.key] = _left(decision.change, decision.effects)
        done.append((decision, _result(change, event, decision)))
    if any(decision.fate is Fate.REFUSED for decision, _ in done):
        pairs = zip(orders, done, strict=True)
        return tuple((decision, _undone(found, event, result)) for (found, event), (decision, result) in pairs)
    return tuple(done)


def _left(change: ChangeRequest, effects: Sequence[Effect]) -> ChangeRequest:
    """The change request as a decision leaves it, with the files that it keeps."""
    kept = tuple(effect.document for effect in effects if isinstance(effect, Keep))
    return replace(change, documents=change.documents + kept)


def _result(before: ChangeRequest | None, event: Ordered, decision: Decision) -> Result:
    refused = decision.fate is Fate.REFUSED
    after = decision.change
    letters = [effect.letter for effect in decision.effects if isinstance(effect, Send)]
    return Result(
        event.line.line,
        after.number if after else event.line.number,
        after.title if after else "",
        MEANINGS[event.line.verb],
        decision.reason if refused else "",
        () if refused or not before or not after else _changed(before, after),
        tuple(f"{letter.to} ({TOLD.get(letter.kind, letter.kind.value)})" for letter in letters),
    )


def _undone(found: ChangeRequest | None, event: Ordered, result: Result) -> Result:
    """The result of a line that is not carried out."""
    number, title = (found.number, found.title) if found else (event.line.number, "")
    return replace(result, number=number, title=title, changed=(), told=())


def _changed(before: ChangeRequest, after: ChangeRequest) -> tuple[tuple[str, str, str], ...]:
    """What is otherwise now, old and new."""
    rows = (
        ("Number", before.number, after.number),
        ("Phase", before.phase.value, after.phase.value),
        ("Waits for", before.waits_for or "nobody", after.waits_for or "nobody"),
    )
    return tuple(row for row in rows if row[1] != row[2])


BY_MANAGER = frozenset({Role.CMP_MANAGER})
ORDERS: Mapping[str, Order] = {
    "LOG": Order(BY_MANAGER, no_intake, log, series="PC"),
    "RETURN": Order(BY_MANAGER, no_intake, give_back, reason=True),
    "DROP": Order(BY_MANAGER, no_intake, drop, reason=True),
}
MEANINGS = {verb.name: verb.meaning for verb in VERBS}
TOLD = {
    Kind.ACKNOWLEDGEMENT: "the acknowledgement, with the number",
    Kind.FORWARD: "asked to assign CRPM and Director",
    Kind.RETURNED: "the form to correct, with your reason",
    Kind.REVIEW: "a letter about it",
}
"""What somebody was told, by the kind of letter."""
