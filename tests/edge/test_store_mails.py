"""Mails in the store: kept once, claimed by one, filed once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.edge.store import Arrival, MailState, Store
from bot.edge.store import mails as mails_module
from bot.errors import Trouble
from bot.mail.message import Message
from bot.workflow.effect import Fate
from tests.edge.registrations import NOW, arrival, message, raw_mail, register, registered
from tests.postgres import Postgres


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of either kind."""
    with Store.open_ready(store_url, "w1") as opened:
        yield opened


def _file(store: Store, number: int, fate: Fate = Fate.PARKED, said: Message | None = None) -> str:
    """One mail in and filed; gives its id."""
    store.keep([arrival(number)], NOW)
    (mail,) = store.claim(1, NOW)
    with store.begin(NOW) as unit:
        unit.file(mail.envelope.id, fate, "a reason", "", said or message(number))
    return mail.envelope.id


def test_a_mail_comes_back_byte_for_byte(store: Store) -> None:
    """What was kept is what is claimed and shown, with its envelope; compressed or not."""
    long = Arrival.of(b"Subject: long\r\n\r\n" + b"many words " * 5000, NOW, "INBOX", 7, 9, truncated=True)
    assert store.keep([arrival(0), long], NOW) == (arrival(0).envelope.id, long.envelope.id)
    claimed = store.claim(9, NOW)
    assert [(mail.envelope, mail.raw, mail.truncated) for mail in claimed] == [
        (each.envelope, each.raw, each.truncated) for each in (arrival(0), long)
    ]
    assert store.mail_raw(long.envelope.id) == long.raw
    assert store.mail_raw("no such id") is None


def test_the_same_bytes_are_one_mail(store: Store) -> None:
    """Bytes that are known only add to the copies, in one batch or later, wherever they lie."""
    first = arrival(0)
    again = replace(first, envelope=replace(first.envelope, uid=99))
    assert store.keep([first, again], NOW) == (first.envelope.id,)
    assert store.keep([replace(first, envelope=replace(first.envelope, uidvalidity=8))], NOW) == ()
    (mail,) = store.mails()
    assert mail.copies == 2
    assert store.located("INBOX", 7) == {1: mail.id, 99: mail.id}
    assert store.located("INBOX", 8) == {1: mail.id}


def test_fetching_again_what_lies_there_still_is_nothing(store: Store) -> None:
    """A batch that is stored twice, because the first answer was lost, changes nothing."""
    batch = [arrival(0), arrival(1)]
    store.keep(batch, NOW)
    assert store.keep(batch, NOW) == ()
    assert [mail.copies for mail in store.mails()] == [0, 0]


def test_mails_are_claimed_in_order_of_arrival(store: Store) -> None:
    """The earliest arrival comes first; of one second, the one that was fetched first."""
    store.keep([arrival(3, seconds=5), arrival(2), arrival(1), arrival(0)], NOW)
    assert [mail.raw for mail in store.claim(9, NOW)] == [raw_mail(each) for each in (2, 1, 0, 3)]


def test_a_claimed_mail_is_nobody_elses(store: Store, store_url: str) -> None:
    """Two workers never hold the same mail, and what is filed is never claimed again."""
    store.keep([arrival(each) for each in range(5)], NOW)
    with Store(store_url, "w2") as other:
        mine, theirs = store.claim(3, NOW), other.claim(3, NOW)
        assert (len(mine), len(theirs)) == (3, 2)
        assert not {mail.envelope.id for mail in mine} & {mail.envelope.id for mail in theirs}
        register(other, theirs[0], message(3))
        assert other.claim(9, NOW) == ()


def test_a_filed_mail_says_what_became_of_it(store: Store) -> None:
    """Fate, reason and what the mail says of itself are listed; one fate can be asked for."""
    mail_id = _file(store, 0, Fate.PARKED)
    _file(store, 1, Fate.AUTOMATIC)
    (mail,) = store.mails(Fate.PARKED)
    assert (mail.id, mail.state, mail.reason) == (mail_id, MailState.FATE, "a reason")
    assert (mail.sender, mail.subject) == ("ada.quill@cedarloop.example", "form 0")
    assert len(store.mails()) == 2


def test_blame_is_exact(store: Store) -> None:
    """After a death, mails that were attempted are tried alone, so that the third death names one."""
    store.keep([arrival(each) for each in range(3)], NOW)
    with_bad = [mail.envelope.id for mail in store.claim(9, NOW)]
    bad = with_bad[1]
    attempts = {}
    for _ in range(3):  # each turn of this loop is a new life of the program
        _die(store)
        while mails := store.claim(9, NOW):
            assert len(mails) == 1
            attempts[mails[0].envelope.id] = mails[0].attempts
            if mails[0].envelope.id == bad:
                break
            with store.begin(NOW) as unit:
                unit.file(mails[0].envelope.id, Fate.PARKED)
        store.keep([arrival(9, seconds=1)], NOW)
    assert attempts == {with_bad[0]: 2, bad: 4}
    with store.begin(NOW) as unit:
        unit.file(bad, Fate.QUARANTINED)
    assert [mail.attempts for mail in store.claim(9, NOW)] == [2]
    assert [mail.attempts for mail in store.claim(9, NOW)] == [1]


def _die(store: Store) -> None:
    """What a restart does: claims that ran out are freed."""
    store.release(NOW + timedelta(days=1))


def test_fresh_mail_does_not_wait_behind_a_batch_of_tried_ones(store: Store) -> None:
    """A batch ends where a mail stands that was tried before; that one comes next, alone."""
    store.keep([arrival(0)], NOW)
    store.claim(1, NOW)
    _die(store)
    store.keep([arrival(1), arrival(2, seconds=-9)], NOW)
    assert [[mail.attempts for mail in store.claim(9, NOW)] for _ in range(4)] == [[1], [2], [1], []]


def test_giving_back_blames_nobody(store: Store) -> None:
    """An orderly stop, or trouble of the world, costs no attempt."""
    store.keep([arrival(0), arrival(1)], NOW)
    first, _ = store.claim(9, NOW)
    with store.begin(NOW) as unit:
        unit.file(first.envelope.id, Fate.PARKED)
    store.give_back()
    assert [mail.attempts for mail in store.claim(9, NOW)] == [1]


def test_a_worker_that_lost_its_claim_cannot_file(store: Store, store_url: str) -> None:
    """A process that slept past its lease comes back too late: its whole transaction is undone."""
    store.keep([arrival(0)], NOW)
    (mail,) = store.claim(1, NOW)
    with Store(store_url, "w2") as other:
        _die(other)
        (again,) = other.claim(1, NOW)
        with pytest.raises(Trouble, match="no longer ours"):
            register(store, mail, message(0))
        assert register(other, again, message(0)) == "PC112226-1"


def test_a_live_claim_is_not_freed(store: Store) -> None:
    """Without the lock, only claims that ran out are freed: their worker may be alive elsewhere."""
    store.keep([arrival(0)], NOW)
    store.claim(1, NOW)
    store.release(NOW)
    assert store.claim(1, NOW) == ()


def test_the_owner_frees_everything_at_once(tmp_path: Path) -> None:
    """Whoever holds the lock of a SQLite database knows that everybody else is dead."""
    url = f"sqlite:///{tmp_path}/cmpbot.db"
    with Store.open_ready(url, "w1") as dead, Store(url, "w2") as heir:
        dead.keep([arrival(0)], NOW)
        dead.claim(1, NOW)
        heir.own()
        heir.release(NOW)
        assert len(heir.claim(1, NOW)) == 1


def test_two_owners_are_one_too_many(tmp_path: Path) -> None:
    """The second process to work on a SQLite database is told so; looking needs no lock."""
    url = f"sqlite:///{tmp_path}/cmpbot.db"
    with Store.open_ready(url, "w1") as store, Store(url, "w2") as other:
        store.own()
        store.own()
        with pytest.raises(Trouble, match="another cmpbot"):
            other.own()
        assert other.mails() == ()
        store.close()
        other.own()


def test_a_server_has_no_owner(postgres: Postgres) -> None:
    """On PostgreSQL many workers share: owning asks for nothing."""
    url = postgres.database()
    with Store.open_ready(url, "w1") as store, Store(url, "w2") as other:
        store.own()
        other.own()


def test_a_twin_is_the_same_mail_again(store: Store) -> None:
    """Same id and same content is the same mail; without an id, the same content is."""
    said = message(0)
    original = _file(store, 0, said=said)
    with store.begin(NOW) as unit:
        assert unit.twin(said.message_id, said.content_hash, "new") == original
        assert unit.twin("", said.content_hash, "new") == original
        assert unit.twin("<other@x.example>", said.content_hash, "new") is None
        assert unit.twin(said.message_id, "other content", "new") is None
        assert unit.twin(said.message_id, said.content_hash, original) is None
        assert unit.twin(said.message_id, "", "new") is None


def test_an_id_with_other_content_is_noticed(store: Store) -> None:
    """A Message-ID that another mail carries with other content is no proof of sameness."""
    said = message(0)
    original = _file(store, 0, said=said)
    with store.begin(NOW) as unit:
        assert unit.id_reused(said.message_id, "other content", "new")
        assert not unit.id_reused(said.message_id, said.content_hash, "new")
        assert not unit.id_reused("", "other content", "new")
        assert not unit.id_reused(said.message_id, "other content", original)


def test_a_twin_is_filed_as_a_copy(store: Store) -> None:
    """A copy shares the fate of its original, adds to its copies, and is nobody's original."""
    number = registered(store, 0)
    original = arrival(0).envelope.id
    store.keep([arrival(1, seconds=1)], NOW)
    (copy,) = store.claim(1, NOW)
    said = message(0)
    with store.begin(NOW) as unit:
        assert unit.twin(said.message_id, said.content_hash, copy.envelope.id) == original
        assert unit.copy(copy.envelope.id, original) is Fate.REGISTERED
    first, second = store.mails(Fate.REGISTERED)
    assert (first.copies, first.state) == (1, MailState.FATE)
    assert (second.copy_of, second.state, second.number) == (original, MailState.COPY, number)
    with store.begin(NOW) as unit:
        assert unit.twin(said.message_id, said.content_hash, "third") == original


def test_a_mail_is_moved_once(store: Store) -> None:
    """What has its fate and lies in the inbox still has to be moved; once it was, it is forgotten."""
    _file(store, 0, Fate.QUARANTINED)
    _file(store, 1, Fate.PARKED)
    store.keep([arrival(2)], NOW)
    assert store.unmoved("INBOX", 7) == [(1, Fate.QUARANTINED), (2, Fate.PARKED)]
    store.moved("INBOX", 7, [1])
    assert store.unmoved("INBOX", 7) == [(2, Fate.PARKED)]
    assert set(store.located("INBOX", 7)) == {2, 3}
    assert store.unmoved("INBOX", 8) == store.unmoved("Other", 7) == []


def test_a_mail_can_be_replayed_until_it_registered(store: Store) -> None:
    """A replayed mail waits again with its first arrival and no blame; a registered one is refused."""
    parked = _file(store, 0, Fate.QUARANTINED)
    assert store.replay(parked) is None
    (again,) = store.claim(1, NOW)
    assert (again.envelope.id, again.attempts, again.envelope.arrived) == (parked, 1, NOW)
    busy = store.replay(parked)
    assert busy
    assert "at this moment" in busy.reason
    register(store, again, message(0))
    never = store.replay(parked)
    assert never
    assert "registered" in never.reason
    unknown = store.replay("no such id")
    assert unknown
    assert "no mail" in unknown.reason


def test_a_batch_is_small_enough_for_memory(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many large mails wait, only so many bytes are claimed together; one mail always is."""
    monkeypatch.setattr(mails_module, "CARGO", 2 * len(raw_mail(0)))
    store.keep([arrival(each) for each in range(3)], NOW)
    assert [len(store.claim(9, NOW)) for _ in range(2)] == [2, 1]
    monkeypatch.setattr(mails_module, "CARGO", 1)
    store.keep([arrival(9)], NOW)
    assert len(store.claim(9, NOW)) == 1


def test_a_mail_above_the_cap_is_not_kept(store: Store) -> None:
    """Nobody stores what is larger than a blob may be; the batch is undone."""
    with pytest.raises(ValueError, match="more than"):
        store.keep([arrival(0), Arrival.of(bytes(26 * 1024 * 1024), NOW)], NOW)
    assert store.mails() == ()
