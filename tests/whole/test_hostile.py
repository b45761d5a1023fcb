"""One mail that means harm among twenty good ones: it alone is set aside, and nobody swells."""

import threading
from pathlib import Path

import pytest

from bench.ingest import peak_of
from bench.mails import mail
from tests.house import House
from tests.intake.office_files import p, word
from tests.servers import Dovecot, Sink

pytestmark = pytest.mark.slow


def hangs() -> bytes:
    """A document within every cap that takes seconds to read."""
    return word(p("   ".join(f"Phone: {number * 7919}" for number in range(600_000))))


def balloons() -> bytes:
    """The same with a character that makes Python keep each of them in four bytes."""
    return word(p("\N{BALLOON}   ".join(f"Phone: {number * 7919}" for number in range(600_000))))


# Limits that the attacks exceed beyond doubt, so that the test need not be as long as theirs.
ATTACKS = {
    "hangs": (hangs, "cpu_seconds: 1, wall_seconds: 60", "more than 1 seconds of processor time"),
    "balloons": (balloons, "cpu_seconds: 60, memory_megabytes: 128", "more than 128 MiB of memory"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_twenty_good_mails_and_one_that_means_harm(tmp_path: Path, dovecot: Dovecot, sink: Sink, attack: str) -> None:
    """20 are registered, 1 is quarantined and its raw mail kept, the CMP Manager is told once, and
    the parent's memory stays under 250 MB."""
    make, bounds, reason = ATTACKS[attack]
    limits = f", attachment: {{{bounds}}}"
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, limits=limits)
    good = [mail(number) for number in range(20)]
    bad = mail(20, attachment=("form.docx", make()))
    house.fill(*good[:7], bad, *good[7:])
    process, peaks = house.start("once"), [0.0]
    watcher = threading.Thread(target=peak_of, args=(process.pid, peaks))
    watcher.start()
    assert process.wait() == 0, house.log()
    watcher.join()
    mails = house.ask("mail")
    assert house.fates() == {"registered": 20, "quarantined": 1}
    (aside,) = (row for row in mails if row["fate"] == "quarantined")
    assert reason in aside["reason"]
    assert len(dovecot.files(house.mailbox, ".Quarantine")) == 1
    letters = house.ask("letters")
    assert [row["to"] for row in letters if row["kind"] == "trouble"] == ["marta.hollis@meridell.example"]
    assert {row["state"] for row in letters} == {"sent"}
    print(f"peak memory {max(peaks):.0f} MiB")  # noqa: T201 - shown with -rP
    assert max(peaks) < 250
