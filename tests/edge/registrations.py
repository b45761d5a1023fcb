"""Registrations: what the tests of the store put into it. Run as a program it is a worker that
registers mails, for the tests that need several of them, or dead ones.

Its one rule: everything here goes through the store's public interface, as the daemon does.
"""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from bot.edge.store import Arrival, Budget, Claimed, Store, Unit
from bot.errors import Trouble
from bot.intake.form import Value
from bot.mail.letter import Kind, Letter
from bot.mail.message import Message
from bot.office.people import Address
from bot.workflow.change import ChangeRequest, Document, Milestone, Phase, Reached, Revision, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Fate, Keep, Open, Publish, Row, Send

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ADA = Address("ada.quill@cedarloop.example", "Ada Quill")
FORM = b"PK\x03\x04 a form, as it came and numbered"
FIELDS: dict[str, Value] = {
    "title": "One call for loop status",
    "areas_impacted": ("Ordering", "Billing"),
    "regulatory": True,
}
PLENTY = Budget(acknowledgements_an_hour=1_000_000)


def raw_mail(number: int) -> bytes:
    """A mail that no other number gives."""
    return f"From: ada.quill@cedarloop.example\r\nSubject: form {number}\r\n\r\nPlease see attached.\r\n".encode()


def arrival(number: int, *, seconds: int = 0) -> Arrival:
    """The arrival of that mail in the inbox."""
    return Arrival.of(raw_mail(number), NOW + timedelta(seconds=seconds), "INBOX", 7, number + 1)


def message(number: int) -> Message:
    """What that mail says."""
    content = sha256(f"content {number}".encode()).hexdigest()
    return Message(f"<{number}@cedarloop.example>", ADA, f"form {number}", content_hash=content)


def registration(number: str, cause: str, kinds: Sequence[Kind] = (Kind.ACKNOWLEDGEMENT, Kind.FORWARD)) -> Decision:
    """A decision like the one that registers a CR: state, rows, deadlines, letters, a document."""
    change = ChangeRequest(
        key=number,
        number=number,
        step=Step.SME_ASSIGNMENT,
        phase=Phase.SUBMISSION,
        status_date=TODAY,
        first_arrived=NOW,
        received_at=NOW,
        originator=ADA,
        company="Cedarloop",
        fields=FIELDS,
        milestones=(Reached(Milestone.CR_RECEIVED, TODAY),),
        revisions=(Revision(0, NOW, cause, FIELDS),),
    )
    actions = ("CR Submitted", "CR Received", "CR Acknowledged")
    rows = tuple(Row(action, "It came to pass.", NOW, "Cedarloop") for action in actions)
    document = Document(sha256(FORM).hexdigest(), "form.docx", "application/zip", "Change Request form", NOW)
    acknowledged = Deadline(DeadlineKind.ACKNOWLEDGE, date(2026, 11, 25), met_on=TODAY)
    running = [Deadline(kind, date(2026, 11, 27)) for kind in (DeadlineKind.POST, DeadlineKind.ASSIGN)]
    return Decision(
        Fate.REGISTERED,
        f"registered as {number}",
        change,
        rows,
        (
            *(Open(deadline) for deadline in (acknowledged, *running)),
            *(Send(Letter(cause, kind, ADA, number)) for kind in kinds),
            Keep(document, FORM),
            Publish(),
        ),
    )


def amended(change: ChangeRequest, title: str) -> Decision:
    """A decision that changes one thing and says so."""
    fields = {**change.fields, "title": title}
    row = Row("Additional Information", f"Title is now {title}", NOW, "hollis")
    return Decision(Fate.OBEYED, "amended", replace(change, fields=fields), (row,), (Publish(),))


def compose(letter: Letter) -> bytes:
    """The bytes of a letter, the same each time."""
    return f"To: {letter.to.email}\r\nSubject: [{letter.number}] {letter.kind}\r\n\r\nGood morning.\r\n".encode()


def message_id(letter_id: str) -> str:
    """A letter's Message-ID."""
    return f"<{letter_id}@meridell.example>"


def record(unit: Unit, decision: Decision, cause: str) -> None:
    """Record a decision with the plain letters of the tests."""
    unit.record(decision, cause, compose, message_id)


def register(store: Store, mail: Claimed, said: Message) -> str:
    """Take a claimed mail all the way: a number, a CR, its letters, its fate."""
    with store.begin(NOW) as unit:
        number = unit.take("PC", TODAY)
        decision = registration(number, f"{mail.envelope.id}/0")
        record(unit, decision, f"{mail.envelope.id}/0")
        unit.file(mail.envelope.id, decision.fate, decision.reason, number, said)
        return number


def registered(store: Store, number: int = 0) -> str:
    """One more mail in, and its CR's number out."""
    store.keep([arrival(number)], NOW)
    (mail,) = store.claim(1, NOW)
    return register(store, mail, message(number))


def _work(url: str, worker: str, count: int) -> None:
    """Register so many mails of our own, trying again when the database is busy."""
    with Store.open_ready(url, worker, PLENTY) as store:
        left = [f"{worker}-{each}" for each in range(count)]
        while left:
            try:
                with store.begin(NOW) as unit:
                    record(unit, registration(unit.take("PC", TODAY), left[-1]), left[-1])
            except Trouble:
                continue
            left.pop()


def _die(url: str) -> None:
    """Claim a batch, then die in the middle of a registration."""
    store = Store.open_ready(url, "doomed")
    mail = store.claim(50, NOW)[0]
    with store.begin(NOW) as unit:
        record(unit, registration(unit.take("PC", TODAY), mail.envelope.id), mail.envelope.id)
        unit.file(mail.envelope.id, Fate.REGISTERED, "", "PC112226-1", message(0))
        unit.flush()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "work":
        _work(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        _die(sys.argv[2])
