"""What counts once counts once: the same mail, the same code, two workers at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bot.daemon.desk import Desk
from bot.edge.store import Store
from bot.intake.verify import Standing
from bot.mail.letter import Kind
from bot.mail.token import Code, Key, Purpose, make, read
from bot.office.people import Address
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import MANAGER_ADDRESS, asked, at, opened, ordered, the_change
from tests.daemon.test_take_in import NOW

TIMES = 10
ID = re.compile(rb"<order@")


def returned(desk: Desk) -> int:
    """How often the intake was sent back."""
    return len(letters(desk, Kind.RETURNED))


def test_the_same_bytes_ten_times(desk: Desk) -> None:
    """One effect, one transcript; the others are copies of one mail."""
    asked(desk)
    mail = ordered("RETURN Please sign it.\n")
    for _ in range(TIMES):
        arrive(desk, mail)
    arrive(desk, *(b"Received: from hop%d.example by mx.meridell.example\n" % number + mail for number in range(TIMES)))
    assert returned(desk) == 1
    assert len(letters(desk, Kind.TRANSCRIPT)) == 1


def test_the_same_words_under_ten_message_ids(desk: Desk) -> None:
    """What a border vouches for as well, since a signature need not cover the Message-ID."""
    asked(desk)
    mail = ordered("RETURN Please sign it.\n")
    fates = arrive(desk, *(ID.sub(b"<order%d@" % number, mail) for number in range(TIMES)))
    assert fates == {Fate.OBEYED: 1, Fate.REFUSED: TIMES - 1}
    assert returned(desk) == 1


def test_the_same_code_in_ten_mails(desk: Desk) -> None:
    """Whatever else the mails say, on whatever day."""
    asked(desk)
    key = desk.keys.live(NOW)[0]
    code = make(key, Purpose.LETTER, "ab" * 12, MANAGER_ADDRESS, the_change(desk).key, NOW + timedelta(days=30))
    for number in range(TIMES):
        mail = ordered(f"RETURN Please sign it, {number}.\n# {code}\n", f"n{number}", vouched=False)
        fate = Fate.REFUSED if number else Fate.OBEYED
        assert arrive(at(desk, NOW + timedelta(days=number)), mail) == {fate: 1}
    assert returned(desk) == 1


def test_a_used_code_does_not_bind_a_proven_sender(desk: Desk) -> None:
    """Whoever answers the same letter of ours twice, from their own mailbox, says two things."""
    asked(desk)
    key = desk.keys.live(NOW)[0]
    code = make(key, Purpose.LETTER, "ab" * 12, MANAGER_ADDRESS, the_change(desk).key, NOW + timedelta(days=30))
    for number in range(2):
        assert arrive(desk, ordered(f"RETURN Please sign it, {number}.\n# {code}\n", f"n{number}")) == {Fate.OBEYED: 1}
    assert returned(desk) == 2


def test_two_workers_with_one_code(store_url: str) -> None:
    """The second waits for the first, and sees what it did."""
    key = Key(1, b"k" * 32, NOW)
    code = read(
        make(key, Purpose.LETTER, "cd" * 12, MANAGER_ADDRESS, "PC1", NOW + timedelta(days=1)),
        (key,),
        MANAGER_ADDRESS,
        NOW,
    )
    assert isinstance(code, Code)
    standing = Standing(Address(MANAGER_ADDRESS), codes=(code,))
    ready = Barrier(2, timeout=10)

    def spend(store: Store) -> bool:
        ready.wait()
        with store.begin(NOW) as unit:
            weighed = unit.weighed(standing)
            if not weighed.proves("PC1", "APPROVE"):
                return False
            unit.spend(weighed, [("PC1", "APPROVE")], "mail")
            return True

    with Store.open_ready(store_url, "one") as one, Store(store_url, "two") as two, ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(spend, (one, two))) == [False, True]


@pytest.mark.parametrize("field", ["Reply-To", "Sender", "Resent-From"])
def test_answers_go_to_the_verified_sender_only(desk: Desk, field: str) -> None:
    """Whatever other address a proven mail names, the transcript does not go there (T23)."""
    asked(desk)
    outsider = f"{field}: Somebody <x@evil.example>\n".encode()
    assert arrive(desk, outsider + ordered("RETURN Please sign it.\n")) == {Fate.OBEYED: 1}
    (letter,) = letters(desk, Kind.TRANSCRIPT)
    assert letter.recipient == MANAGER_ADDRESS
    assert "evil" not in str(opened(desk, letter)["To"])
