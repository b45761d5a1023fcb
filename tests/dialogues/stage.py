"""The stage of a dialogue: a desk on its own store, whose clock stands where the script says.

Its one rule: everything goes the daemon's own way; what is shown is what people could see: the fate
of a mail, the letters, and what became otherwise on the page of the change request.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import load
from bot.config.load import packaged
from bot.daemon.bring_in import bring_in, plan
from bot.daemon.desk import Desk, open_desk
from bot.daemon.meeting import meet
from bot.daemon.publish import publish
from bot.daemon.remind import remind
from bot.daemon.take_in import work_off
from bot.edge.clock import Clock
from bot.edge.store import Arrival, LetterState, StoredLetter
from bot.intake.form import Value
from bot.intake.paper.blank import blank
from bot.mail.letter import Kind
from bot.office.people import Address
from bot.posting.public import Record, posting
from bot.workflow.takeover.columns import sheet_of
from tests.dialogues.script import Scene

ZONE = ZoneInfo("America/Denver")
FORM = re.compile(r"FORM(?: without ([\w, ]+))?(?: with (.+))?")
FIELDS: dict[str, Value] = {
    "originator_phone": "303-555-0142",
    "area_of_change": "product_process",
    "title": "Name the failing field in reject notices",
    "description": "The reject notice does not say which field of the order failed the edit.",
    "areas_impacted": ("Ordering",),
    "products_impacted": ("LNP", "Resale"),
    "availability": ("12/01/2026 10:00", "12/02/2026 14:00"),
}
WIDTH = 110
CODE = re.compile(r"\bcmp\w[\w-]{20,}")


class _Still(Clock):
    """A clock that stands still until it is put forward."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.moment = start

    def now(self) -> datetime:
        """The moment of the scene."""
        return self.moment


class Stage:
    """The office of config.yaml, and what has been seen of it so far."""

    def __init__(self, desk: Desk, clock: _Still) -> None:
        self._desk, self._clock = desk, clock
        self._mails = 0
        self._seen: set[str] = set()
        self._out: set[str] = set()
        self._pages: dict[str, list[str]] = {}

    def play(self, scene: Scene) -> list[str]:
        """Play one scene; gives what the desk did, line by line."""
        self._clock.moment = datetime.fromisoformat(scene.at).replace(tzinfo=ZONE).astimezone(UTC)
        if scene.who == "show":
            return self._shown(scene)
        if scene.who == "import":
            return [*self._imported(scene), *self._letters(), *self._changes()]
        done = [] if scene.who == "clock" else self._mail(scene)
        if scene.who == "clock":
            remind(self._desk)
            meet(self._desk)
        publish(self._desk)
        return [*done, *self._letters(), *self._changes()]

    def _imported(self, scene: Scene) -> list[str]:
        """Take over a register that is written as CSV."""
        settings, now = self._desk.settings, self._clock.now()
        sheet = sheet_of([*csv.reader(scene.text.strip().splitlines())], settings.table)
        assert sheet is not None, "no register"
        planned = plan(sheet, self._desk.store, settings.office, settings.table, now, lambda _: None)
        bring_in(planned, self._desk.store, settings.office, now, lambda _: None)
        said = (f"remark {each.place}: {each.message}" for row, _ in planned.rows for each in row.remarks)
        return [f"{row.number} is {fresh}" for row, fresh in planned.rows] + [_cut(line) for line in said]

    def _mail(self, scene: Scene) -> list[str]:
        self._mails += 1
        raw = self._written(scene)
        before = {mail.id for mail in self._desk.store.mails()}
        self._desk.store.keep([Arrival.of(raw, self._clock.now())], self._clock.now())
        for _ in work_off(self._desk):
            pass
        fresh = [mail for mail in self._desk.store.mails() if mail.id not in before]
        return [
            _cut(f"{mail.fate} {mail.number}".rstrip() + (f": {mail.reason}" if mail.reason else "")) for mail in fresh
        ]

    def _written(self, scene: Scene) -> bytes:
        sender = self._address(scene.who)
        sender = Address(scene.address, sender.name) if scene.address else sender
        answered = self._last(scene.answers, scene.who, scene.nth) if scene.answers else None
        mail = EmailMessage()
        if scene.proven:
            mail["Authentication-Results"] = f"mx.meridell.example; dmarc=pass header.from={sender.domain}"
        mail["From"], mail["To"] = str(sender), "cmpcr@meridell.example"
        mail["Subject"] = scene.subject or (
            f"Re: {self._opened(answered)['Subject']}" if answered else "Change request"
        )
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = f"<scene-{self._mails}@{sender.domain}>"
        if answered:
            mail["In-Reply-To"] = answered.message_id
        mail.set_content(self._with_code(self._with_form(scene.text, sender), answered))
        return mail.as_bytes()

    def _with_form(self, text: str, sender: Address) -> str:
        """The text with FORM replaced by a form's lines."""
        office = self._desk.settings.office
        company = office.directory.company(sender)
        stranger = office.organisation.name if office.owns(sender) else "Nighthawk Networks"
        base: dict[str, Value] = {
            "originator_name": sender.name,
            "company": company.name if company else stranger,
            "originator_email": sender.email,
            **FIELDS,
        }

        def lines(found: re.Match[str]) -> str:
            without = {key.strip() for key in (found[1] or "").split(",")}
            more: dict[str, Value] = {}
            if found[2]:
                key, _, value = found[2].partition(": ")
                more[key] = value
            fields = {key: value for key, value in {**base, **more}.items() if key not in without}
            return blank(self._desk.settings.table, "txt", fields).decode()

        return FORM.sub(lines, text)

    def _with_code(self, text: str, answered: StoredLetter | None) -> str:
        """The text with CODE replaced by the code of the letter that the mail answers."""
        if "CODE" not in text or answered is None:
            return text
        body = self._opened(answered).get_body(("plain",))
        code = CODE.search(str(body.get_content()) if body else "")
        return text.replace("CODE", code[0] if code else "CODE")

    def _address(self, name: str) -> Address:
        office = self._desk.settings.office
        known = [*office.distribution(), *(person.address for person in office.directory.people)]
        found = [
            each
            for each in known
            if name in (each.email.partition("@")[0], each.email.partition("@")[0].rpartition(".")[2])
        ]
        return found[0] if found else Address(f"{name}@nighthawk.example", name.title())

    def _last(self, kind: str, who: str, nth: int = 0) -> StoredLetter:
        email = self._address(who).email
        found = [each for each in self._desk.store.letters() if each.kind == Kind(kind) and each.recipient == email]
        assert found, f"{who} never got a letter {kind}"
        return found[nth - 1]

    def _opened(self, letter: StoredLetter) -> EmailMessage:
        mail = message_from_bytes(self._desk.store.wire(letter.id) or b"", EmailMessage, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return mail

    def _shown(self, scene: Scene) -> list[str]:
        kind, who = scene.more.split()
        mail = self._opened(self._last(kind, who))
        body = mail.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        return [
            f"To: {mail['To']}",
            f"Subject: {mail['Subject']}",
            "",
            *CODE.sub("CODE", text).splitlines(),
        ]

    def _letters(self) -> Iterator[str]:
        """The letters that are new since the scene before, in the order of their names."""
        fresh = [letter for letter in self._desk.store.letters() if letter.id not in self._seen]
        self._seen |= {letter.id for letter in fresh}
        lines: dict[str, list[str]] = {}
        for letter in fresh:
            at = letter.next_try
            waits = f" (not before {at.astimezone(ZONE):%H:%M})" if at and at > self._clock.now() else ""
            withheld = " (withheld)" if letter.state is LetterState.WITHHELD else ""
            line = f"letter {letter.kind}{waits}{withheld}: {self._opened(letter)['Subject']}"
            lines.setdefault(line, []).append(letter.recipient)
        for line in sorted(lines):
            to = sorted(lines[line])
            yield _cut(line)
            yield f"    to {to[0]}" + (
                f" and {len(to) - 1} more" if len(to) > 3 else "".join(f", {each}" for each in to[1:])
            )
        recalled = {letter.id for letter in self._desk.store.letters() if letter.state == "recalled"} - self._out
        self._out |= recalled
        if recalled:
            yield f"{len(recalled)} letters are not sent after all"

    def _changes(self) -> Iterator[str]:
        """What is otherwise on the pages since the scene before."""
        for record in self._desk.store.changes():
            if not record.change.logged:
                continue
            number, now = record.change.number, self._page(record)
            before = self._pages.get(number, [])
            yield from (
                f"page {number} no longer: {_cut(line)}"
                for line in before
                if line not in now and not line.startswith("history")
            )
            yield from (f"page {number}: {_cut(line)}" for line in now if line not in before)
            self._pages[number] = now

    def _page(self, record: Record) -> list[str]:
        record = self._desk.store.view(record.change.number) or record
        shown = posting(record, self._desk.settings.office)
        status = f"status: {shown.line.phase} since {shown.line.status_date:%m/%d/%Y}, step {record.change.step}"
        ahead = [f"next: {due.on:%m/%d/%Y} {due.step}" for due in shown.ahead]
        people = [f"people: CRPM {shown.line.crpm or '-'}; Director {shown.director or '-'}; SME {shown.owner or '-'}"]
        history = [
            f"history {each.on:%m/%d/%Y} {each.action}: {each.description} [{each.by}]" for each in shown.history
        ]
        papers = [f"document: {paper.title}" for paper in shown.documents]
        flags = [f"flags: {' '.join(shown.line.flags)}"] if shown.line.flags else []
        return [status, *flags, *people, *ahead, *papers, *history]


def _cut(line: str) -> str:
    line = CODE.sub("CODE", " ".join(line.split()))
    return line if len(line) <= WIDTH else line[: WIDTH - 3] + "..."


@contextmanager
def staged(folder: Path, start: datetime, store_url: str = "") -> Iterator[Stage]:
    """The shipped office, on a store (by default a file) and a posting of its own."""
    settings = load(packaged() / "config.yaml", start)
    settings = replace(
        settings,
        embedded=False,
        store_url=store_url or f"sqlite:///{folder / 'cmpbot.sqlite'}",
        posting=replace(settings.posting, folder=folder / "site"),
        kept=folder,
    )
    clock = _Still(start)
    with open_desk(settings, clock) as desk:
        yield Stage(desk, clock)
