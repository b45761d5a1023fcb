"""A whole office on real servers: its config.yaml, and cmpbot run on it as a program.

Its one rule: the program is started the way an operator starts it, and looked at from outside.
"""

import imaplib
import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import text

from bench.mails import COMPANIES, company
from bot.edge.store import Store
from tests.servers import PASSWORD, Taken, until
from tests.warm import ENVIRONMENT, Warm

CONFIG = """
organisation:
  name: Meridell
  address: Meridell CMP <{mailbox}>
  domains: [meridell.example]
process: {{name: Change Management Process, track: Product/Process}}
mailbox:
  host: 127.0.0.1
  port: {imap}
  tls: none
  username: {mailbox}
  password: {{file: secret}}
smtp: {{host: 127.0.0.1, port: {smtp}, tls: none}}
store: {{url: "{store}"{password}}}
posting: {{folder: site, url: "https://cmp.meridell.example/"}}
people:
  - {{id: hollis, name: Marta Hollis, email: marta.hollis@meridell.example, roles: [CMP Manager]}}
  - {{id: okafor, name: Daniel Okafor, email: daniel.okafor@meridell.example, roles: [CMP Group Manager]}}
  - {{id: brook, name: Lena Brook, email: lena.brook@meridell.example, roles: [CRPM]}}
  - {{id: holt, name: Grace Holt, email: grace.holt@meridell.example, roles: [Director]}}
  - {{id: vale, name: Anita Vale, email: anita.vale@meridell.example, roles: [SME]}}
  - {{id: castle, name: Joe Castle, email: joe.castle@meridell.example, roles: [SME]}}
companies:
{companies}
trust: {{authserv_ids: [mx.meridell.example]}}
calendar: {{time_zone: America/Denver, monthly_meeting: "third Wednesday, 09:00", holidays: {{country: US}}}}
limits: {{poll_seconds: 5, answers_an_hour: 100, answers_a_day: 200{limits}}}
"""
# What a run changes in the store, in one row.
TRACES = """
SELECT (SELECT count(*) FROM mail), (SELECT sum(attempts) FROM mail),
       (SELECT count(*) FROM mail WHERE fate IS NOT NULL), (SELECT count(*) FROM located WHERE moved),
       (SELECT count(*) FROM letter), (SELECT sum(tries) FROM letter),
       (SELECT count(*) FROM letter WHERE state = 'sent'), (SELECT count(*) FROM dirty)
"""
BENCH_COMPANIES = tuple(company(number) for number in range(COMPANIES))


ONE_AT_A_TIME = Lock()
"""Whoever asks may be a thread."""


@cache
def warm() -> Warm:
    """The process that runs the commands by which offices are asked; it ends with ours."""
    return Warm()


@dataclass(frozen=True, slots=True)
class House:
    """An office in a folder of its own; `store` is the address of its database, `now` the moment at which
    it is rehearsed, if any."""

    folder: Path
    mailbox: str
    imap: int
    store: str
    now: str = ""

    @classmethod
    def build(
        cls,
        folder: Path,
        mailbox: str,
        imap: int,
        smtp: int,
        store: str = "",
        limits: str = "",
        companies: Iterable[Sequence[str]] = BENCH_COMPANIES,
        store_password: str = "",
    ) -> "House":
        """Write an office's configuration; `store` is a database's address, by default a file's.

        `limits` are further words of that line, `companies` a name, a domain and
        contacts each.
        """
        folder.mkdir(parents=True, exist_ok=True)
        store = store or f"sqlite:///{folder}/cmpbot.sqlite"
        write_secret(folder / "secret", PASSWORD)
        write_secret(folder / "store_secret", store_password)
        (folder / "config.yaml").write_text(
            CONFIG.format(
                mailbox=mailbox,
                imap=imap,
                smtp=smtp,
                store=store,
                password=", password: {file: store_secret}" if store_password else "",
                companies="\n".join(company_line(*each) for each in companies),
                limits=limits,
            )
        )
        return cls(folder, mailbox, imap, store)

    def command(self, *words: str) -> list[str]:
        """The command line of cmpbot in this office."""
        moment = ["--now", self.now] if self.now else []
        return [sys.executable, "-m", "bot", "--config", str(self.folder / "config.yaml"), *moment, *words]

    def at(self, moment: datetime) -> "House":
        """The same office at another moment (aware)."""
        return replace(self, now=moment.isoformat())

    def ask(self, *words: str) -> Any:
        """What a command answers with --json; what it logs goes to the log."""
        answer = self.folder / "answer"
        answer.unlink(missing_ok=True)
        with ONE_AT_A_TIME:
            code = warm().run(self, *words, "--json", out=answer)
        assert code == 0, self.log()[-2000:]
        return json.loads(answer.read_bytes())

    def start(self, *words: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a command in the background; its log goes to a file beside the configuration."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                self.command(*words), stdout=log, stderr=log, env={**ENVIRONMENT, **(environment or {})}
            )

    def receive(self, raw: bytes) -> None:
        """Hand in one mail as a mail server's pipe does."""
        subprocess.run(self.command("receive"), input=raw, capture_output=True, check=True, env=ENVIRONMENT)

    def log(self) -> str:
        """What every command said so far."""
        file = self.folder / "log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def said(self, event: str) -> int:
        """How often an event was logged."""
        return self.log().count(f'"event": "{event}"')

    def fill(self, *mails: bytes) -> None:
        """Put mails into the inbox, byte for byte."""
        with imaplib.IMAP4("127.0.0.1", self.imap) as line:
            line.login(self.mailbox, PASSWORD)
            for raw in mails:
                answer = line.append("INBOX", "", "", raw)
                assert answer[0] == "OK", answer

    def fates(self) -> Counter[str | None]:
        """How many mails have which fate; None is for those that wait."""
        return Counter(row["fate"] for row in self.ask("mail"))

    def numbers(self) -> list[str]:
        """Every CR number."""
        return [row["number"] for row in self.ask("list", "--all") if row["number"].startswith("PC")]

    def acknowledgements(self, taken: Iterable[Taken]) -> Counter[str]:
        """How often each acknowledgement is among the mails that a server took, by its Message-ID."""
        known = {row["message_id"] for row in self.ask("letters") if row["kind"] == "acknowledgement"}
        came = (str(message_from_bytes(letter.raw)["Message-ID"]) for letter in taken)
        return Counter(each for each in came if each in known)

    def traces(self) -> tuple[Any, ...]:
        """What its database shows of the work done so far."""
        with self.open_store() as store, store.engine.connect() as connection:
            return tuple(connection.execute(text(TRACES)).one())

    def open_store(self) -> Store:
        """The office's database, to look into."""
        return Store(self.store, "test")


def company_line(name: str, domain: str, *contacts: str) -> str:
    """A company in config.yaml."""
    return f"  - {{name: {json.dumps(name)}, domains: [{domain}], contacts: [{', '.join(contacts)}]}}"


def write_secret(file: Path, word: str) -> None:
    """A file that only its owner may read."""
    file.write_text(word)
    file.chmod(0o600)


def listens(process: subprocess.Popen[bytes]) -> bool:
    """True once a program obeys SIGTERM, and when it has ended: until then, it is still starting."""
    if process.poll() is not None:
        return True
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def started(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """The program, once it has read its modules and goes to work."""
    until(lambda: listens(process), 60)
    return process


def stop(process: subprocess.Popen[bytes], seconds: float = 10) -> int:
    """Ask a daemon to end; gives its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(seconds)


def dense(numbers: Sequence[str]) -> bool:
    """True when numbers of one or more days each run from 1 without a gap."""
    days: dict[str, list[int]] = {}
    for number in numbers:
        day, _, n = number.partition("-")
        days.setdefault(day, []).append(int(n))
    return all(sorted(taken) == list(range(1, len(taken) + 1)) for taken in days.values())
