"""The office that forgers write to: change requests at several steps, their people, and our letters' codes.

Its one rule: everything that an honest mail needs to be obeyed is there, so that an attempt fails for
the trick alone. `test_the_honest_mails_are_obeyed` holds that.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from bot.daemon.desk import Desk
from bot.edge.keys import FILE, FOLDER
from bot.mail.token import Key, Purpose, make
from bot.office.people import Address
from bot.workflow.change import ChangeRequest, Phase, Step
from bot.workflow.effect import Decision, Fate, Row

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
KEY = Key(5, b"\x05" * 32, NOW)
STRANGE = Key(5, b"\x06" * 32, NOW)

MARTA = "marta.ellison@meridell.example"  # the CMP Manager
DANIEL = "daniel.okafor@meridell.example"  # the Group Manager
LENA = "lena.brandt@meridell.example"  # the CRPM of A
LUIS = "luis.tafoya@meridell.example"  # the CRPM of B
GRACE = "grace.whitcomb@meridell.example"  # the Director of A
NILS = "nils.sorensen@meridell.example"  # the Director of B
ANITA = "anita.pruitt@meridell.example"  # the SME of A
RAVI = "ravi.mehta@meridell.example"  # nobody to any of them
PRIYA = "priya.raman@alderpoint.example"  # the originator of all of them
TOM = "tgallegos@bluemesa.example"  # another CLEC

INTAKE, A, B = "IN112326-1", "PC112326-1", "PC112326-2"
DECLINED, TEST, OWN = "PC112326-3", "PC112326-4", "PC112326-5"
TITLES = {
    INTAKE: "Say which field is wrong",
    A: "Name the failing field in rejects",
    B: "Send completion notices by order",
    DECLINED: "Show the due date in the status file",
    TEST: "Keep the old circuit number",
    OWN: "List the holidays of the order desk",
}
PEOPLE = {B: ("tafoya", "sorensen", "yazzie"), OWN: ("brandt", "whitcomb", "whitcomb")}
"""CRPM, Director and SME, by id; of the last one the Director is the SME too."""
STANDS = {
    INTAKE: (Step.REQUEST, Phase.SUBMISSION),
    A: (Step.RESPONSE, Phase.EVALUATION),
    B: (Step.RESPONSE, Phase.EVALUATION),
    DECLINED: (Step.NOT_ACCEPTED, Phase.DECLINED),
    TEST: (Step.TEST, Phase.CLEC_TEST),
    OWN: (Step.RESPONSE, Phase.EVALUATION),
}


def keep_key(kept: Path) -> None:
    """Write the key that the codes of the attempts are signed with to where the office keeps its keys."""
    (kept / FOLDER).mkdir(mode=0o700)
    file = kept / FOLDER / FILE
    file.touch(mode=0o600)
    file.write_text(f"{KEY.id} {KEY.made.isoformat()} {KEY.secret.hex()}\n", "ascii")


def furnish(desk: Desk) -> None:
    """Put the change requests into the store."""
    with desk.store.begin(NOW) as unit:
        for number in STANDS:
            row = Row("Record Update", "As it stands", NOW, "bot", public=False)
            decision = Decision(Fate.OBEYED, "", _change(number), (row,))
            unit.record(decision, f"start/{number}", desk.compose, desk.message_id)


def _change(number: str) -> ChangeRequest:
    step, phase = STANDS[number]
    crpm, director, sme = PEOPLE.get(number, ("brandt", "whitcomb", "pruitt"))
    return ChangeRequest(
        number,
        number,
        step,
        phase,
        TODAY,
        NOW,
        NOW,
        Address(PRIYA, "Priya Raman"),
        "Alderpoint Communications",
        {"title": TITLES[number], "description": "As the title says.", "company": "Alderpoint Communications"},
        people={"crpm": (crpm,), "director": (director,), "smes": (sme,)},
    )


def code(
    person: str = GRACE,
    change: str = A,
    *,
    days: int = 30,
    key: Key = KEY,
    purpose: Purpose = Purpose.LETTER,
    of: str = "00112233445566778899aabb",
) -> str:
    """The code of a letter of ours to a person about a change request."""
    return make(key, purpose, of, person, change, NOW + timedelta(days=days))


def stamp(domain: str = "meridell.example", dmarc: str = "pass", host: str = "mx.meridell.example") -> str:
    """What our border writes on top of a mail."""
    return f"Authentication-Results: {host}; dmarc={dmarc} header.from={domain}"


def mail(
    *lines: str,
    sender: str = GRACE,
    subject: str = f"[{A}] your decision",
    fields: Iterable[str] = (),
    top: Iterable[str] = (),
    kind: str = "text/plain; charset=utf-8",
    name: str = "",
) -> bytes:
    """A mail, byte for byte: `top` stands above everything, `fields` below the usual ones."""
    said = sha256(repr((lines, sender, subject, tuple(fields), tuple(top), kind)).encode("utf-8", "replace"))
    sent = NOW - timedelta(seconds=int(said.hexdigest()[:6], 16))  # no two attempts are the same mail
    whose = f"<{name or said.hexdigest()[:16]}@mail.example>"
    head = [
        *top,
        *([f"From: {sender}"] if sender else []),
        "To: cmpcr@meridell.example",
        *([f"Subject: {subject}"] if subject else []),
        f"Date: {format_datetime(sent)}",
        f"Message-ID: {whose}",
        "MIME-Version: 1.0",
        *([f"Content-Type: {kind}"] if kind else []),
        *fields,
    ]
    return "\r\n".join([*head, "", *lines, ""]).encode("utf-8", "surrogateescape")


def honest(*lines: str, sender: str = GRACE, **more: str) -> bytes:
    """The same mail, proven by the border."""
    return mail(*lines, sender=sender, top=(stamp(sender.partition("@")[2]),), **more)


DRAFTS = (
    honest("DRAFT ACCEPTED", "Position: We will name the field.", sender=ANITA, subject=f"[{A}] your draft"),
    honest(
        "DRAFT ACCEPTED",
        "Position: We will send them.",
        sender="dawn.yazzie@meridell.example",
        subject=f"[{B}] your draft",
    ),
    honest("DRAFT ACCEPTED", "Position: We will list them.", subject=f"[{OWN}] your draft"),
)
"""What there is to be approved."""
HONEST = {
    "the Director approves": honest("APPROVE"),
    "the Director of the other one approves": honest("APPROVE", sender=NILS, subject=f"[{B}] your decision"),
    "the CRPM defers": honest("DEFER", sender=LENA, subject=f"[{DECLINED}] what now?"),
    "the originator defers": honest("DEFER", sender=PRIYA, subject=f"[{DECLINED}] what now?"),
    "the CRPM asks to close": honest("CLOSE All tests passed.", sender=LENA, subject=f"[{TEST}] done?"),
    "the CMP Manager drops": honest("DROP It is spam.", sender=MARTA, subject=f"[{INTAKE}] decide"),
    "the Group Manager assigns": honest(
        "ASSIGN CRPM tafoya DIRECTOR sorensen", sender=DANIEL, subject=f"[{A}] please assign"
    ),
    "with the code of a letter": mail("APPROVE", "", f"> Code: {code()}"),
}
"""The mails that the attempts imitate. Each of them is obeyed where it comes as it should."""
