"""A whole office on real servers: its config.yaml, and cmpbot run on it as a program.

Its one rule: the program is started the way an operator starts it, and looked at from outside.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.mails import COMPANIES, company
from tests.servers import PASSWORD

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
companies:
{companies}
trust: {{authserv_ids: [mx.meridell.example]}}
calendar: {{time_zone: America/Denver, monthly_meeting: "third Wednesday, 09:00", holidays: {{country: US}}}}
limits: {{poll_seconds: 5, answers_an_hour: 100, answers_a_day: 200{limits}}}
"""


@dataclass(frozen=True, slots=True)
class House:
    """An office in a folder of its own."""

    folder: Path
    mailbox: str

    @classmethod
    def build(cls, folder: Path, mailbox: str, imap: int, smtp: int, store: str = "", limits: str = "") -> "House":
        """Write an office's configuration; `store` is a database's address, by default a file."""
        folder.mkdir(parents=True, exist_ok=True)
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o600)
        lines = [f"  - {{name: {name}, domains: [{domain}]}}" for name, domain in map(company, range(COMPANIES))]
        (folder / "config.yaml").write_text(
            CONFIG.format(
                mailbox=mailbox,
                imap=imap,
                smtp=smtp,
                store=store or "sqlite:///cmpbot.sqlite",
                password="",
                companies="\n".join(lines),
                limits=limits,
            )
        )
        return cls(folder, mailbox)

    def command(self, *words: str) -> list[str]:
        """The command line of cmpbot in this office."""
        return [sys.executable, "-m", "bot", "--config", str(self.folder / "config.yaml"), *words]

    def ask(self, *words: str) -> Any:
        """What a command answers with --json."""
        done = subprocess.run(self.command(*words, "--json"), capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    def start(self, *words: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a command in the background; its log goes to a file beside the configuration."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                self.command(*words), stdout=log, stderr=log, env={**os.environ, **(environment or {})}
            )

    def log(self) -> str:
        """What every command said so far."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


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
