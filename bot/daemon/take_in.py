"""Take in: mailbox -> mail.parse -> intake -> workflow.decide -> store.

Its one rule: raw mail is stored before it is looked at, each mail is one transaction, and only
`handle` catches our own bugs: the mail is quarantined and the next one goes on.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice, takewhile

from bot.daemon.confirm import commanded
from bot.daemon.context import context_of, events_of, thread_of
from bot.daemon.desk import Desk
from bot.daemon.lead import goes_on
from bot.daemon.matters import as_of_now, frozen, waits
from bot.daemon.obey import Errand
from bot.edge.mailbox import Fetched
from bot.edge.store import Arrival, Claimed, Unit
from bot.errors import Trouble
from bot.intake.read import read
from bot.intake.request import Commands, Submissions, Unsafe
from bot.intake.screen import Automatic, screen
from bot.intake.verify import verify
from bot.mail.message import Envelope, Flaw, Message
from bot.mail.parse import parse
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate
from bot.workflow.event import SetAside, Withheld
from bot.workflow.returned import key_of, resumed

log = logging.getLogger(__name__)

WITHHELD = "withheld"
FAILED = "our program failed on it"
SHARE = 10  # mails
CUT = frozenset({Flaw.NESTED_TOO_DEEP, Flaw.TOO_MANY_PARTS})
"""Of such a mail nobody knows whether the parts that were not read hold a form."""


def take_in(desk: Desk) -> Iterator[Counter[Fate]]:
    """Handle what is stored, then fetch what waits, which only the leader does; yields the fates of each batch.

    Raises Trouble when the mail server or the database does not answer; whatever was stored by
    then is handled all the same, now or in the next turn.
    """
    yield from work_off(desk)
    if not desk.store.lead():
        return
    inbox = desk.settings.imap.inbox
    look = desk.mailbox.look()
    known = desk.store.located(inbox, look.uidvalidity)
    for batch in desk.mailbox.batches([uid for uid in look.uids if uid not in known]):
        now = desk.clock.now()
        with desk.store.leading() as ours:
            if not ours:
                return
            desk.store.keep([arrival(mail, inbox, look.uidvalidity, now) for mail in batch], now)
        del batch  # it lies in the store, and may be 20 MB
        # Where others help, more is fetched as soon as some is done: they would have to wait for it.
        yield from islice(work_off(desk), 1 if desk.store.shared else None)
        if desk.clock.stopped:
            return
    if desk.store.shared:
        yield from work_off(desk)


def arrival(mail: Fetched, folder: str, uidvalidity: int, now: datetime) -> Arrival:
    """A fetched mail with its arrival: the server's date, but never later than now."""
    return Arrival.of(mail.raw, min(mail.arrived, now), folder, uidvalidity, mail.uid, truncated=mail.truncated)


def work_off(desk: Desk) -> Iterator[Counter[Fate]]:
    """Handle all stored mail, a batch at a time; no mail server is needed for it."""
    while not desk.clock.stopped and (fates := handle(desk)) is not None:
        yield fates


def tidy(desk: Desk) -> None:
    """Move every mail that has its fate to the folder that mirrors it; the store stays the truth. It goes by the look
    with which mail was taken in: another one would forget what the server has announced since.

    Raises Trouble for mails that the server refuses to move, once all others are where they belong.
    """
    imap = desk.settings.imap
    folders = {Fate.PARKED: imap.parked, Fate.QUARANTINED: imap.quarantine}
    uidvalidity = desk.mailbox.uidvalidity
    moves: dict[str, list[int]] = {}
    for uid, fate in desk.store.unmoved(imap.inbox, uidvalidity):
        moves.setdefault(folders.get(fate, imap.processed), []).append(uid)
    left: dict[str, int] = {}
    for folder, uids in moves.items():
        desk.pulse.beat()
        refused = set(desk.mailbox.move(uids, folder))
        desk.store.moved(imap.inbox, uidvalidity, [uid for uid in uids if uid not in refused])
        left |= {folder: len(refused)} if refused else {}
    if left:
        many = " and ".join(f"{count} to {folder}" for folder, count in left.items())
        raise Trouble(f"mailbox: mails that the server refuses to move: {many}")


def handle(desk: Desk) -> Counter[Fate] | None:
    """Claim one batch of stored mail and give each its fate, in order of arrival; a copy of an
    earlier mail has no fate of its own. None when no mail waits.

    What the world's trouble or a stop leaves unhandled is given back without blame.
    """
    present, settled = as_of_now(desk, anew=True), desk.store.matters()
    # The raw mails, up to 16 MB, are not needed any more once they are understood.
    claimed = [
        (mail.envelope, mail.attempts, understand(desk, mail))
        for mail in desk.store.claim(share(desk), desk.clock.now(), frozen=frozen(desk))
    ]
    if not claimed:
        return None
    desk.sandbox.prefetch([file for _, _, message in claimed for file in message.attachments])
    fates: list[Fate | None] = []
    try:
        for envelope, attempts, message in takewhile(lambda _: goes_on(desk), claimed):
            if desk.store.matters() is not settled:  # by the mail before
                present, settled = as_of_now(desk), desk.store.matters()
            desk.pulse.beat()
            fates.append(_guarded(present, envelope, attempts, message))
    except Trouble:
        with suppress(Trouble):
            desk.store.give_back()
        raise
    if len(fates) < len(claimed):
        desk.store.give_back()
    return Counter(fate for fate in fates if fate)


def share(desk: Desk) -> int:
    """How many mails to claim at a time: where others help, no more than leaves some for them."""
    batch = desk.settings.limits.batch
    return min(batch, SHARE) if desk.store.shared else batch


def understand(desk: Desk, mail: Claimed) -> Message:
    """The message in a claimed mail. One that was too large to fetch says so, and is not damaged
    for having no body; one that has ended the program too often is not looked at again."""
    if mail.attempts > desk.settings.limits.attempts:
        return Message(flaws=(Flaw.UNREADABLE,))
    try:
        message = parse(mail.raw)
    except Exception:
        log.exception("mail not parsed", extra={"mail": mail.envelope.id})
        return Message(flaws=(Flaw.UNREADABLE,))
    if not mail.truncated:
        return message
    flaws = (flaw for flaw in message.flaws if flaw is not Flaw.MALFORMED)
    return replace(message, flaws=(*flaws, Flaw.TOO_LARGE))


def _guarded(desk: Desk, envelope: Envelope, attempts: int, message: Message) -> Fate | None:
    """Handle one mail, or hold it; a bug of ours costs this mail its turn and no other mail anything."""
    if waits(desk, message):
        desk.store.hold(envelope.id)
        return None
    try:
        if attempts > desk.settings.limits.attempts:
            return set_aside(desk, envelope, message, "reading it ended the program several times")
        if Flaw.UNREADABLE in message.flaws:
            return set_aside(desk, envelope, message, "it cannot be read as mail")
        return consider(desk, envelope, message)
    except Trouble:
        raise
    except Exception:
        log.exception("mail failed", extra={"mail": envelope.id})
    try:
        return set_aside(desk, envelope, message, FAILED)
    except Trouble:
        raise
    except Exception:
        log.exception("report failed", extra={"mail": envelope.id})
        return settle(desk, envelope, message, Decision(Fate.QUARANTINED, FAILED))


def consider(desk: Desk, envelope: Envelope, message: Message) -> Fate | None:
    """One mail: screen, verify and read it, then decide and record in one transaction."""
    office = desk.settings.office
    if Flaw.TOO_LARGE in message.flaws:
        return set_aside(desk, envelope, message, "it is larger than this mailbox takes")
    verdict = screen(message, desk.settings.own_addresses, office.organisation.address.domain)
    if isinstance(verdict, Automatic):
        return _file_machine(desk, envelope, message, verdict.reason)
    now = desk.clock.now()
    standing = verify(message, office, desk.keys.live(now), now)
    request = read(message, desk.sandbox.open, desk.settings.table)
    if frozen(desk) and not isinstance(request, Commands):
        desk.store.hold(envelope.id)
        return None
    if isinstance(request, Unsafe):
        return set_aside(desk, envelope, message, request.reason)
    if CUT & set(message.flaws) and not isinstance(request, Submissions | Commands):
        return set_aside(desk, envelope, message, "it has more parts, or nests them deeper, than can be read")
    with desk.store.begin(now) as unit:
        unit.author = message.sender.email if message.sender else ""
        if twin := unit.twin(message.message_id, message.content_hash, envelope.id):
            unit.copy(envelope.id, twin)
            return None
        if standing.vouched and message.sender and key_of(message.sender.email) in desk.store.matters():
            unit.record(resumed(message.sender.email), envelope.id, desk.compose, desk.message_id)
        change = context_of(unit, envelope, message, request)
        if isinstance(request, Commands) and not (request.forms and change):
            errand = Errand(envelope, message, standing, request, change)
            return _file(desk, unit, envelope, message, commanded(desk, unit, errand))
        decisions = []
        for event, meets in events_of(desk, unit, envelope, message, standing, request, change):
            decision = decide(meets, event, office, now)
            unit.record(decision, event.cause, desk.compose, desk.message_id)
            decisions.append(decision)
        return _file(desk, unit, envelope, message, decisions)


def _file_machine(desk: Desk, envelope: Envelope, message: Message, reason: str) -> Fate | None:
    """File what a machine sent, and what follows where it returns a letter of ours."""
    from bot.daemon.bounce import reported  # noqa: PLC0415 - most offices see few of them

    with desk.store.begin(desk.clock.now()) as unit:
        if twin := unit.twin(message.message_id, message.content_hash, envelope.id):
            unit.copy(envelope.id, twin)
            return None
        decision = reported(desk, unit, message, reason)
        unit.record(decision, envelope.id, desk.compose, desk.message_id)
        return _file(desk, unit, envelope, message, [decision])


def settle(desk: Desk, envelope: Envelope, message: Message, decision: Decision) -> Fate | None:
    """Record a decision that concerns no change request, and file the mail."""
    with desk.store.begin(desk.clock.now()) as unit:
        unit.author = message.sender.email if message.sender else ""
        if twin := unit.twin(message.message_id, message.content_hash, envelope.id):
            unit.copy(envelope.id, twin)
            return None
        unit.record(decision, envelope.id, desk.compose, desk.message_id)
        return _file(desk, unit, envelope, message, [decision])


def set_aside(desk: Desk, envelope: Envelope, message: Message, reason: str) -> Fate | None:
    """Quarantine a mail: raw kept, the CMP Manager told once."""
    standing = verify(message, desk.settings.office)
    event = SetAside(envelope.id, reason, message.subject, standing, thread_of(message))
    return settle(desk, envelope, message, decide(None, event, desk.settings.office, desk.clock.now()))


def _file(desk: Desk, unit: Unit, envelope: Envelope, message: Message, decisions: list[Decision]) -> Fate:
    """Give the mail its one fate: of several decisions the first in the order of the fates."""
    order = list(Fate)
    fate = min((decision.fate for decision in decisions), key=order.index)
    reasons = [decision.reason for decision in decisions if decision.reason]
    if unit.id_reused(message.message_id, message.content_hash, envelope.id):
        reasons.append("another mail with other content carries the same Message-ID")
    number = ", ".join(dict.fromkeys(decision.change.number for decision in decisions if decision.change))
    if unit.withheld:
        _tell_withheld(desk, unit)
    unit.file(envelope.id, fate, "; ".join(reasons), number, message)
    return fate


def _tell_withheld(desk: Desk, unit: Unit) -> None:
    """Tell the staff whose letters were over a budget, once a day each."""
    office, now = desk.settings.office, desk.clock.now()
    for recipient in sorted({*unit.withheld}):
        event = Withheld(recipient, unit.author, office.calendar.local_date(now))
        unit.record(decide(None, event, office, now), WITHHELD, desk.compose, desk.message_id)
