"""Every bomb in one mailbox, among twenty good mails: the office goes on as if they were none."""

import threading

import pytest

from bench.ingest import peak_of
from bench.mails import mail
from tests.bombs import NAMES, bomb
from tests.house import House, dense
from tests.servers import Sink

pytestmark = pytest.mark.slow


def test_twenty_good_mails_among_all_bombs(house: House, sink: Sink) -> None:
    """20 are registered, each bomb has one fate and none of them is a failure of ours, nothing stays
    in the inbox, and the parent's memory stays under 250 MB."""
    bombs = [bomb(name, number) for number, name in enumerate(NAMES)]
    good = [mail(number) for number in range(20)]
    for at in range(0, len(bombs), 10):
        house.fill(*bombs[at : at + 10], *good[at // 10 : at // 10 + 1])
    house.fill(*good[-(-len(bombs) // 10) :])
    process, peaks = house.start("once"), [0.0]
    watcher = threading.Thread(target=peak_of, args=(process.pid, peaks))
    watcher.start()
    assert process.wait() == 0, house.log()
    watcher.join()
    mails = house.ask("mail")
    assert all(row["fate"] for row in mails)
    assert len(mails) == len(bombs) + len(good)
    registered = [
        row for row in mails if row["fate"] == "registered" and row["subject"].startswith("Change request B-")
    ]
    assert len(registered) == len(good)
    assert not [row["reason"] for row in mails if "our program" in row["reason"]]
    assert house.said("mail failed") == house.said("mail not parsed") == 0, house.log()
    assert dense(house.numbers())
    print(f"{len(bombs)} bombs, peak memory {max(peaks):.0f} MiB")  # noqa: T201 - shown with -rP
    assert max(peaks) < 238  # MiB, which are 250 MB
