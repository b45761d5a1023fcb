"""Power that fails: whatever of the write-ahead log came to the disk, what is there is whole (reliability.md F2).

The law: a store cut off between two frames of its log, or within one, is a store of some earlier moment: numbers dense,
journals in chains, and a letter for every change request.
"""

import shutil
from pathlib import Path

from bench.mails import mail
from bot.daemon.desk import Desk
from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined
from tests.arriving import arrive
from tests.house import dense

HEADER, FRAME = 32, 24 + 4096  # bytes of a write-ahead log's beginning, and of each of its frames


def test_a_log_cut_anywhere_is_a_whole_store(desk: Desk, tmp_path: Path) -> None:
    """Two change requests are registered; the log is cut at every second frame, and in the middle of every eighth."""
    arrive(desk, *(mail(48 * number) for number in range(2)))
    file = tmp_path / "cmpbot.sqlite"
    log = file.with_name("cmpbot.sqlite-wal").read_bytes()
    seen = set()
    frames = (len(log) - HEADER) // FRAME
    for place in (*range(0, frames, 2), frames):
        for more in (0, FRAME // 3)[: 1 + (place % 8 == 0)]:
            size = HEADER + place * FRAME + more
            copy = tmp_path / "copy.sqlite"
            shutil.copy(file, copy)
            copy.with_name("copy.sqlite-wal").write_bytes(log[:size])
            seen.add(whole(copy))
            for ending in ("", "-wal", "-shm"):
                copy.with_name(f"copy.sqlite{ending}").unlink(missing_ok=True)
    assert seen == {0, 1, 2}


def whole(file: Path) -> int:
    """How many change requests a store has, of which everything is as it was recorded."""
    with Store(f"sqlite:///{file}", "test") as store:
        if store.schema_version() is None:
            return 0
        assert list(Audit(store.engine).findings(Examined())) == []
        numbers = [record.change.number for record in store.changes()]
        assert dense(numbers)
        assert {letter.number for letter in store.letters()} == set(numbers)
        return len(numbers)
