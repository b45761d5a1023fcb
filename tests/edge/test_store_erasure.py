"""Erasure in the store itself, on both databases: what is gone is gone everywhere, and what was recorded is proven."""

import json
import re
from base64 import b64encode
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import sqlalchemy as sa

from bot.daemon.remind import remind
from bot.edge import tables
from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined
from bot.edge.store.erasure import erase, known_by, shrink
from bot.edge.store.traces import Search, Sight
from bot.mail.letter import Kind
from bot.migrations import migrate
from bot.workflow.erasure import Eraser, Traces, traces_of, without_shared
from tests.dialogues.stage import staged
from tests.edge.test_released_schemas import LIFE, fill, findings, play

WHO, NAME, PHONE = "priya.raman@alderpoint.example", "Priya Raman", "303-555-0142"
NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with something of everything in it."""
    folder = tmp_path_factory.mktemp("lived")
    play(folder, LIFE)
    return f"sqlite:///{folder}/cmpbot.sqlite"


def count(url: str) -> int:
    """How many letters there are."""
    with Store(url, "look") as store:
        return len(store.letters())


def rows_with(url: str, needle: str) -> list[str]:
    """The columns of tables in which a text stands, outside of blobs."""
    engine = sa.create_engine(url) if url.startswith("sqlite") else Store(url, "look").engine
    with engine.connect() as connection:
        return [
            f"{table.name}.{column.name}"
            for table in tables.metadata.sorted_tables
            for column in table.c
            if isinstance(column.type, sa.Text | tables.Words)
            and connection.scalar(sa.select(sa.func.count()).where(sa.func.lower(column).contains(needle.lower())))
        ]


def test_it_is_gone_and_proven(store_url: str, lived: str) -> None:
    """No table holds the name, the address or the number any more; the audit is green, the journal sealed again."""
    migrate(store_url)
    fill(store_url, lived)
    assert {"change.state", "journal.payload", "letter.recipient"} <= {*rows_with(store_url, WHO)}
    with Store(store_url, "w") as store:
        traces = known_by(store.engine, WHO, ())
        assert traces == Traces(WHO, frozenset({NAME}), frozenset({PHONE}))
        with Store(store_url, "daemon") as daemon, daemon._writing():  # a dry run neither waits nor is waited for
            tried = erase(store.engine, WHO, (), NOW, date(2026, 11, 24), lambda _: None, dry=True)
        assert rows_with(store_url, WHO)
        done = erase(store.engine, WHO, (), NOW, date(2026, 11, 24), lambda _: None)
        assert done.counts == tried.counts
        assert done.counts["change requests"] == 2
        shrink(store.engine)
        assert [rows_with(store_url, each) for each in (WHO, NAME, "Raman", PHONE)] == [[], [], [], []]
        with pytest.raises(sa.exc.DBAPIError), store.engine.begin() as connection:
            connection.execute(sa.update(tables.journal).values(kind="x"))
        examined = Examined()
        assert list(Audit(store.engine).findings(examined)) == []
        assert any(what.startswith("files erased on 2026-11-24 on request") for what in examined.counts)
    assert findings(store_url) == []


def test_an_intake_of_theirs_is_the_cmp_managers(lived: str, tmp_path: Path) -> None:
    """Nobody is reminded at no address; who decides then is told, and everything turns."""
    url = f"sqlite:///{tmp_path}/cmpbot.sqlite"
    migrate(url)
    fill(url, lived)
    with Store(url, "w") as store:
        erase(store.engine, WHO, (), NOW, date(2026, 11, 24), lambda _: None)
    before = count(url)
    with staged(tmp_path, NOW.replace(month=12), url) as stage:
        remind(stage._desk)
    with Store(url, "w") as store:
        fresh = store.letters()[before:]
        assert (Kind.REVIEW, "marta.ellison@meridell.example", "IN112326-1") in {
            (each.kind, each.recipient, each.number) for each in fresh
        }
        assert all(each.recipient for each in fresh)
    assert findings(url) == []


def test_a_letter_on_its_way_is_left_and_counted(lived: str, tmp_path: Path) -> None:
    """What is still owed to others and speaks of them goes out first; what is owed to them goes to nobody."""
    url = f"sqlite:///{tmp_path}/cmpbot.sqlite"
    migrate(url)
    fill(url, lived)
    with Store(url, "w") as store:
        owed = [each.recipient for each in store.letters() if each.state == "owed"]
        assert WHO in owed
        assert len({*owed}) > 1
        done = erase(store.engine, WHO, (), NOW, date(2026, 11, 24), lambda _: None)
        assert done.waiting.total()
        assert {each.state for each in store.letters() if each.recipient == "(erased)"} == {"dropped"}
        for letter in store.owed(100, NOW.replace(year=2027)):
            assert letter.wire  # whole, with its files


def test_the_same_value_is_cleaned_the_same_way_everywhere() -> None:
    """A state and the journal that leads to it stay equal; others of the same company keep what is theirs."""
    fields = {
        "originator_name": NAME,
        "originator_email": WHO.upper(),
        "originator_phone": PHONE,
        "title": f"By {NAME}",
    }
    other = {"originator_name": "Pat Raman", "originator_email": "pat@alderpoint.example", "originator_phone": "1"}
    state = {
        "originator": {"email": WHO, "name": NAME},
        "fields": fields,
        "revisions": [{"fields": fields}, {"fields": other}],
        "followers": [{"email": WHO, "name": NAME}, {"email": "pat@alderpoint.example", "name": "Pat Raman"}],
    }
    traces = traces_of(WHO, [state], ["Alderpoint Communications"])
    eraser = Eraser(traces, traces.pattern(), originates=True)
    clean = eraser.clean(state)
    assert clean["originator"] == {"email": "", "name": ""}
    assert clean["fields"] == {"originator_name": "(erased)", "title": "By (erased)"}
    assert clean["revisions"] == [{"fields": clean["fields"]}, {"fields": other}]
    assert clean["followers"] == [{"email": "pat@alderpoint.example", "name": "Pat Raman"}]
    assert {key: eraser.clean(value) for key, value in state.items()} == clean
    assert eraser.clean(clean) == clean
    assert json.loads(json.dumps(clean)) == clean


def test_a_number_that_others_have_is_nobodys() -> None:
    """The number of a switchboard stays, however others wrote it, and is named with their change requests; one that
    stands in their own forms alone is theirs. A form without an address is the originator's."""

    def state(originator: str, *forms: dict[str, str]) -> dict[str, object]:
        return {
            "originator": {"email": originator, "name": "x"},
            "fields": {},
            "revisions": [{"fields": f} for f in forms],
        }

    def form(phone: str, email: str = "") -> dict[str, str]:
        return {"originator_phone": phone, **({"originator_email": email} if email else {})}

    pat, kim = "pat@alderpoint.example", "kim@bluemesa.example"
    own = state(WHO, form(f"{PHONE} x7 / 303-555-0188", WHO.upper()), form("303-555-0199"))
    states = [("PC1", own), ("PC4", state(pat, form("(303) 555.0142", pat))), ("PC3", state(kim, form(f"{PHONE} #8")))]
    traces = without_shared(traces_of(WHO, [own]), [*states, ("PC4", {"fields": form(PHONE)})])
    assert traces.phones == {"303-555-0188", "303-555-0199"}
    assert traces.shared == {PHONE: ("PC3", "PC4")}
    assert traces.unread == frozenset()


def test_what_cannot_be_read_as_a_number_is_named() -> None:
    """It may be one all the same, so a person must look; what was erased before is nothing to look at."""
    written = ("1-800-FLOWERS", "303-555-0177/0178", "(erased) x7", "ask", "303-555-0188 x7")
    forms = [{"originator_email": WHO, "originator_phone": each} for each in written]
    traces = traces_of(WHO, [{"revisions": [{"fields": each} for each in forms]}])
    assert traces.phones == {"303-555-0177", "303-555-0188"}
    assert traces.unread == {"1-800-FLOWERS", "303-555-0177/0178", "ask"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask Raman, Priya.", "Ask (erased)."),
        ("PRIYA  RAMAN said", "(erased) said"),
        ("at (303) 555.0142 x7", "at (erased) x7"),
        ("+1 303 555 0142", "(erased)"),
        ("1-303-555-0142", "1-(erased)"),
        (f"<{WHO.title()}>", "<(erased)>"),
        ("not-priya.raman@alderpoint.example", "not-priya.raman@alderpoint.example"),
        ("Priya alone, and Raman spectra, and 303-555-01423", "Priya alone, and Raman spectra, and 303-555-01423"),
    ],
)
def test_ways_of_writing_somebody(text: str, left: str) -> None:
    """Names in either order, numbers however they are parted; what only looks alike stays."""
    traces = Traces(WHO, frozenset({NAME}), frozenset({PHONE}))
    assert Eraser(traces, traces.pattern()).clean(text) == left
    assert bool(Sight(traces, traces.pattern()).search(text)) == (text != left)


def archive(*texts: str, damaged: int | None = None) -> bytes:
    """An archive of so many parts, of which one may have lost its beginning."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for n, text in enumerate(texts):
            file.writestr(f"part{n}.xml", text)
    content = bytearray(made.getvalue())
    if damaged is not None:
        start = file.infolist()[damaged].header_offset + 30 + len("part0.xml")
        content[start : start + 8] = b"\xff" * 8
    return bytes(content)


def in_base64(head: str, text: str) -> bytes:
    """A mail whose words cannot be read as they stand."""
    coded = b64encode(text.encode()).decode()
    return f"{head}\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        archive("x" * 500, f"Ask {NAME} of it. " * 20),
        archive("x" * 500, f"Ask {NAME} of it. " * 20, damaged=0),
        in_base64("Content-Type: text/plain; charset=x-nobody-knows", NAME),
        in_base64("Content-Type: text/plain; charset=idna", NAME),
        in_base64("From: <<>>@[\r\nDate: 31 Feb\r\nContent-Type: text/plain; charset=utf-8", NAME),
        b"From: x\r\nSubject: =?utf-8?q?Priya=20Raman?=\r\n\r\nyes\r\n",
    ],
    ids=["packed", "beside-what-is-damaged", "unknown-charset", "charset-of-no-text", "odd-head", "coded-word"],
)
def test_what_is_odd_about_a_file_hides_nobody(content: bytes) -> None:
    """A part that cannot be read neither ends the search nor keeps it from the others."""
    look = Search(re.compile(NAME))
    assert look.finds(content)
    assert look.whole


def test_a_file_that_would_last_for_hours_is_left_and_said_so() -> None:
    """What is packed beyond the most is not unpacked, at whatever depth; what lies before it is looked at."""
    bomb = archive(*["0" * 400] * 3)
    look = Search(re.compile(NAME), left=1000)
    assert not look.finds(bomb)
    assert not look.whole
    assert Search(re.compile(NAME), left=1000).finds(archive(f"Ask {NAME}. ", *["0" * 400] * 3))


def test_a_file_that_cannot_be_opened_speaks_of_nobody() -> None:
    """It is looked through as it stands, and no more."""
    assert not Search(re.compile(NAME)).finds(archive(f"Ask {NAME} of it. " * 20, damaged=0))


@pytest.mark.parametrize(
    ("content", "closed"),
    [
        (b"%PDF-1.4\n1 0 obj <</Length 9/Filter/FlateDecode>> stream", True),
        (b"\n%PDF-1.4\n<</Encrypt 3 0 R>>", True),
        (b"%PDF-1.4\n(plain words) Tj", False),
        (b"From: x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
         + b64encode(b"%PDF-1.4 /Filter"), True),
        (b"7z\xbc\xaf\x27\x1c", True),
        (b"\x1f\x8b\x08\0", True),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), True),
        (b"\xd0\xcf\x11\xe0 a letter in Word", False),
        (archive("plain"), False),
        (archive("plain", "%PDF-1.4 /Filter"), True),
        (b"a text with /Filter in it", False),
    ],
    ids=["pdf", "locked-pdf", "plain-pdf", "in-a-mail", "7z", "gzip", "locked-word", "word", "zip", "in-a-zip", "text"],
)  # fmt: skip
def test_what_cannot_be_looked_into_is_known(content: bytes, closed: bool) -> None:
    """A PDF that is packed or locked, an archive that is no zip, a document with a password; wherever they lie."""
    look = Search(re.compile(NAME))
    assert not look.finds(content)
    assert look.closed is closed


def test_an_archive_with_a_password_or_too_deep_cannot_be_looked_into() -> None:
    """What is locked in it is known by its flag, and what lies deeper than anybody packs by where it is."""
    locked = bytearray(archive("secret"))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    look = Search(re.compile(NAME))
    assert not look.finds(bytes(locked))
    assert look.closed
    deep = archive("plain")
    for _ in range(5):
        made = BytesIO()
        with ZipFile(made, "w") as file:
            file.writestr("one.zip", deep)
        deep = made.getvalue()
    look = Search(re.compile(NAME))
    assert not look.finds(deep)
    assert look.closed
