"""`cmpbot erase`: after it nothing that is kept says who somebody was, and everything still works and verifies."""

import base64
import quopri
import shutil
import sqlite3
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.config import Settings, load, packaged
from bot.edge.store import Store
from bot.edge.store.blobs import ERASED, unpack
from bot.edge.tables import blob
from bot.intake.paper.blank import blank
from tests.cli.calls import call, shown
from tests.dialogues.stage import FIELDS

WHO, NAME, PHONE = "dana.whitlock@alderpoint.example", "Dana Whitlock", "303-555-0188"
COMPANY = "Alderpoint Communications"
NEEDLES = (WHO, NAME, "Whitlock", PHONE, "5550188", "555.0188")


def receive(
    config: Path,
    sender: str,
    subject: str,
    text: str,
    file: bytes = b"",
    name: str = "Whitlock.docx",
    now: str = "2026-11-23T12:00",
) -> None:
    """Take in a mail and handle it, with all that follows."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "cmpcr@meridell.example", subject
    address = sender.partition("<")[2].rstrip(">") or sender
    mail["Authentication-Results"] = f"mx.meridell.example; dmarc=pass header.from={address.partition('@')[2]}"
    mail["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@{address.partition('@')[2]}>"
    mail["Date"] = "Mon, 23 Nov 2026 11:00:00 -0700"
    mail.set_content(text, cte="base64" if "base64" in subject else None)
    if file:
        mail.add_attachment(file, maintype="application", subtype="octet-stream", filename=name)
    path = config.parent / "in.eml"
    path.write_bytes(mail.as_bytes())
    assert call(config, "receive", str(path), now=now) == 0
    assert call(config, "once", now=now) == 0
    path.unlink()


def form(**other: str) -> str:
    """A complete form of theirs, or one that says something else."""
    own = {"originator_name": NAME, "originator_email": WHO, "originator_phone": PHONE, "originator_title": "Manager"}
    return blank(load(packaged() / "config.yaml").table, "txt", {**FIELDS, **own, "company": COMPANY, **other}).decode()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with a change request of theirs, answered mails, prose that names them, and a posting."""
    shipped = tmp_path_factory.mktemp("lived") / "config.yaml"
    shipped.write_bytes((packaged() / "config.yaml").read_bytes())
    receive(shipped, f"{NAME} <{WHO}>", "Change request", form())
    receive(shipped, "Daniel Okafor <daniel.okafor@meridell.example>", "PC112326-1",
            "ASSIGN CRPM brandt DIRECTOR whitcomb")  # fmt: skip
    receive(shipped, "Lena Brandt <lena.brandt@meridell.example>", "PC112326-1 base64",
            f"NOTE Call Whitlock, Dana at (303) 555.0188 or {WHO.upper()}.")  # fmt: skip
    receive(shipped, f"{NAME} <{WHO}>", "PC112326-1", f"COMMENT {NAME} waits.\nFOLLOW")
    assert call(shipped, "publish", "--all") == 0
    return shipped


@pytest.fixture
def office(lived: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(lived.parent, tmp_path / "office")
    return tmp_path / "office" / "config.yaml"


def found_in(folder: Path) -> list[str]:
    """Every place in an office's folder where a needle stands, decoded in every way that we write things."""
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        texts = [content, quopri.decodestring(content)]
        if content[:2] == b"PK":
            with ZipFile(path) as archive:
                texts += [archive.read(each) for each in archive.namelist()]
        found += [
            f"{needle} in {path.name}"
            for needle in NEEDLES
            for text in texts
            if needle.lower().encode() in text.lower()
        ]
    return found


def kept(settings: Settings) -> list[bytes]:
    """The bytes of every mail, letter and file that can still be read."""
    with Store(settings.store_url, "test") as store, store._reading() as connection:
        rows = connection.execute(
            select(blob.c.sha256, blob.c.encoding, blob.c.content).where(blob.c.encoding != ERASED)
        )
        return [unpack(*row) for row in rows]


def says(content: bytes) -> bool:
    """True where bytes hold a needle in any of the encodings of mail."""
    ways = [content, quopri.decodestring(content)]
    for part in content.split(b"\r\n\r\n"):
        try:
            ways.append(base64.b64decode(part.replace(b"\r\n", b""), validate=True))
        except ValueError:
            continue
    return any(needle.lower().encode() in way.lower() for needle in NEEDLES for way in ways)


def test_a_dry_run_goes_on_beside_the_daemon(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It only reads, while others write; to erase, the daemon is to be stopped, and that is said."""
    with Store(load(office).store_url, "daemon") as daemon, daemon._writing():
        daemon.own()
        assert call(office, "erase", WHO) == 1
        assert "stop it first" in capsys.readouterr().err
        assert call(office, "erase", WHO, "--dry-run") == 0
        beside = capsys.readouterr().out
    assert call(office, "erase", WHO, "--dry-run") == 0
    assert capsys.readouterr().out == beside
    assert "1 change request," in beside


def test_nothing_says_who_they_were(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The database file, the posting, exports, mails and letters hold no trace; `verify` is green and tells of it."""
    assert found_in(office.parent)
    assert any(map(says, kept(load(office))))
    before = shown(office, capsys, "verify")
    assert before["well"]
    assert call(office, "erase", WHO.title(), "--dry-run") == 0
    dry = capsys.readouterr().out
    assert "would be erased" in dry
    assert shown(office, capsys, "verify")["fingerprint"] == before["fingerprint"]
    assert call(office, "erase", WHO.title()) == 0, capsys.readouterr().out
    assert dry.partition("would be ")[2].splitlines()[0] in capsys.readouterr().out
    assert call(office, "publish", "--all") == 0
    for ending in ("csv", "xlsx", "json"):
        assert call(office, "export", str(office.parent / f"register.{ending}")) == 0
    assert found_in(office.parent) == []
    assert not any(map(says, kept(load(office))))
    after = shown(office, capsys, "verify")
    assert after["findings"] == []
    assert any("erased on 2026-11-23 on request" in what for what in after["examined"])
    assert after["examined"]["journal rows without a person's erased contact data"] > 0
    assert call(office, "erase", WHO) == 1  # again: there is nothing more
    assert f"nothing here speaks of {WHO}" in capsys.readouterr().err


def test_the_change_request_goes_on(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the originator is to answer goes to the first contact of their company, who may answer it."""
    assert call(office, "erase", WHO) == 0
    assert call(office, "verify") == 0
    later = "2026-11-23T14:00"
    receive(office, "Lena Brandt <lena.brandt@meridell.example>", "PC112326-1", "ASK Which field is it?", now=later)
    asked = [each for each in shown(office, capsys, "letters") if each["kind"] == "question"]
    assert [each["to"] for each in asked] == ["priya.raman@alderpoint.example"]
    receive(office, "Priya Raman <priya.raman@alderpoint.example>", "PC112326-1", "WITHDRAW No more needed.", now=later)
    receive(office, "Lena Brandt <lena.brandt@meridell.example>", "PC112326-1", "UNDO", now=later)
    assert shown(office, capsys, "show", "PC112326-1")["phase"] == "Submission"
    assert call(office, "verify") == 0


def test_an_altered_row_is_still_found(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An erasure excuses what it left there and nothing else: neither another text nor another row."""
    assert call(office, "erase", WHO) == 0
    with Store(load(office).store_url, "test") as store, store._writing() as connection:
        with pytest.raises(IntegrityError):  # the journal is sealed again
            connection.execute(text("UPDATE journal SET kind = 'x'"))
        connection.execute(text("DROP TRIGGER journal_no_update"))
        changed = (
            "UPDATE journal SET payload = replace(payload, '(erased)', 'Somebody') WHERE payload LIKE '%(erased)%'"
        )
        assert connection.execute(text(changed)).rowcount
    findings = shown(office, capsys, "verify")["findings"]
    assert any("is not what was recorded" in each["found"] for each in findings)


def test_somebody_who_only_commented(lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are known by what they call themselves in their mails; what they said stays, without them."""
    shutil.copytree(lived.parent, tmp_path / "office")
    office = tmp_path / "office" / "config.yaml"
    receive(office, '"Okonkwo, Ada" <ada@bluemesa.example>', "PC112326-1", "COMMENT We wait too, says Ada Okonkwo.")
    assert call(office, "publish", "--all") == 0
    assert call(office, "erase", "ada@bluemesa.example") == 0
    assert "Okonkwo, Ada" in capsys.readouterr().out
    assert call(office, "publish", "--all") == 0
    assert not [path for path in office.parent.rglob("*") if path.is_file() and b"konkwo" in path.read_bytes()]
    assert "We wait too, says (erased)." in next(office.parent.rglob("cr/PC112326-1.html")).read_text()
    assert call(office, "verify") == 0


def test_the_number_of_a_switchboard_stays_with_others(
    lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A telephone number that stands in somebody else's form is not theirs alone: no mail of others goes for it, and
    it is named. One with an extension goes from everywhere."""
    shutil.copytree(lived.parent, tmp_path / "office")
    office, direct, dotted = tmp_path / "office" / "config.yaml", "720-555-0123", PHONE.replace("-", ".")
    for who, name, phone in (("ada", "Ada Okonkwo", f"{PHONE} / {direct} x12"), ("eve", "Eve Mora", dotted)):
        email = f"{who}.{name.split()[1].lower()}@bluemesa.example"
        text = form(originator_name=name, originator_email=email, originator_phone=phone, title=f"What {who} wants",
                    company="Bluemesa Telephone")  # fmt: skip
        receive(office, f"{name} <{email}>", f"Change by {who}", text)
    receive(office, "Lena Brandt <lena.brandt@meridell.example>", "PC112326-3", "NOTE Ask at (720) 555.0123 too.")
    capsys.readouterr()
    for words in (["--dry-run"], []):
        assert call(office, "erase", "ada.okonkwo@bluemesa.example", *words) == 0
        said = capsys.readouterr().out
        assert f"telephone  {direct}\n" in said
        assert f"look yourself: {PHONE} also stands in PC112326-1, PC112326-3 with somebody else" in said
    left = kept(load(office))
    assert any(b"Change by eve" in each for each in left)
    assert any(b"Subject: Change request" in each for each in left)
    assert not any(b"Change by ada" in each or b"555.0123" in each for each in left)
    phones = [shown(office, capsys, "show", f"PC112326-{n}")["fields"].get("originator_phone") for n in (1, 2, 3)]
    assert phones == [PHONE, None, dotted]
    assert "Ask at (erased) too." in str(shown(office, capsys, "show", "PC112326-3")["history"])
    assert call(office, "verify") == 0


def test_whom_the_configuration_names(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever letters would go to again is not erased before they are taken out there."""
    for known in ("lena.brandt@meridell.example", "priya.raman@alderpoint.example", "cmpcr@meridell.example"):
        assert call(office, "erase", known) == 1
        assert "take it out there first" in capsys.readouterr().err
    assert call(office, "erase") == 2


def test_nobody_is_erased_by_a_typo(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no address is a misuse; where nothing speaks of one, that is said, and the database is not made anew."""
    database = sqlite3.connect(office.parent / "var" / "cmpbot.sqlite")
    database.executescript("CREATE TABLE gone (x); INSERT INTO gone VALUES (zeroblob(99999)); DROP TABLE gone")
    for word in ("foo", "foo bar@x", f"{NAME} <{WHO}>", "@alderpoint.example", ""):
        assert call(office, "erase", word) == 2
        assert "is no address such as kim@alderpoint.example" in capsys.readouterr().err
    for words in ([], ["--dry-run"]):
        assert call(office, "erase", "dana.whitlok@alderpoint.example", *words) == 1
        assert "nothing here speaks of dana.whitlok@alderpoint.example" in capsys.readouterr().err
    assert database.execute("PRAGMA freelist_count").fetchone()[0] > 20
    database.close()


def test_old_bytes_go_by_rule(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After keep_years the bytes about what is closed go, what is open keeps them; `verify` says by which rule."""
    assert call(office, "erase", "--old") == 1  # nothing is configured
    office.write_text(office.read_text().replace("keep_years: 0", "keep_years: 2"))
    capsys.readouterr()
    assert call(office, "erase", "--old", now="2028-11-24T12:00") == 0
    assert "erased: nothing" in capsys.readouterr().out  # it is open
    receive(office, f"{NAME} <{WHO}>", "PC112326-1", "WITHDRAW It is solved.", now="2026-11-24T12:00")
    receive(office, "Marta Ellison <marta.ellison@meridell.example>", "PC112326-1", "CROSSOVER SCR112426-1 It is.",
            now="2026-11-24T12:30")  # fmt: skip
    assert call(office, "erase", "--old", now="2028-11-22T12:00") == 0
    assert "erased: nothing" in capsys.readouterr().out
    assert call(office, "once", now="2028-11-23T12:30") == 0  # the daemon does it by itself
    after = shown(office, capsys, "verify")
    assert after["findings"] == []
    assert any("erased on 2028-11-23 after 2 years" in what for what in after["examined"])
    mails = [each["id"] for each in shown(office, capsys, "mail")]
    assert call(office, "replay", mails[0]) == 1


def test_parts_of_a_name_in_an_imported_history(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A first name alone goes out of the change requests that they took part in, and of no other; one that may be a
    word stays where it may, and is named."""
    register = shipped.parent / "register.csv"
    register.write_text(
        "CR Number,Title,Status,Received,Company,Originator,Originator E-mail,History\n"
        "14886,Quotes for Kim,Closed,2001-02-03,Bluemesa Telephone,Kim Will,kim@bluemesa.example,Kim called Kim Will.\n"
        "14887,Others,Closed,2001-02-03,Bluemesa Telephone,Pat Lee,pat@bluemesa.example,Kim called. Will he?\n"
        "14888,Hers too,Closed,2001-02-03,Bluemesa Telephone,Kim Will,kim@bluemesa.example,Will she ask Will?\n"
    )
    assert call(shipped, "import", str(register), "--post-history") == 0
    assert call(shipped, "publish") == 0
    assert call(shipped, "erase", "kim@bluemesa.example", "--dry-run") == 0
    dry = capsys.readouterr().out
    assert "look yourself: Will stands alone in 14888, and may mean something else" in dry
    assert call(shipped, "erase", "kim@bluemesa.example") == 0
    assert "look yourself: Will stands alone in 14888" in capsys.readouterr().out
    assert call(shipped, "publish", "--all") == 0
    said = {
        number: [row["description"] for row in shown(shipped, capsys, "show", number)["history"]]
        for number in ("14886", "14887", "14888")
    }
    assert "(erased) called (erased)." in said["14886"]
    assert "Kim called. Will he?" in said["14887"]
    assert "Will she ask (erased)?" in said["14888"]
    assert shown(shipped, capsys, "show", "14886")["title"] == "Quotes for (erased)"
    assert "Kim" not in next(shipped.parent.rglob("cr/14886.html")).read_text()
    assert shown(shipped, capsys, "verify")["findings"] == []


def test_what_nobody_can_look_into_is_named(lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A compressed PDF that belongs to their change request is named with its place, and stays; one of another matter
    is not named."""
    shutil.copytree(lived.parent, tmp_path / "office")
    office, pdf, lena = (
        tmp_path / "office" / "config.yaml",
        b"%PDF-1.4 /Filter/",
        "Lena Brandt <lena.brandt@meridell.example>",
    )
    receive(office, lena, "PC112326-1", "HELD ON 11/20/2026\n")
    receive(office, lena, "PC112326-1 minutes", "MINUTES See the file.", pdf + b"1", "map.pdf")
    receive(office, lena, "Hello", "No CR.", pdf + b"2", "other.pdf")
    capsys.readouterr()
    assert call(office, "erase", WHO, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "packed or locked" in said
    assert "  PC112326-1: map.pdf (" in said
    assert ", PC112326-1 minutes\n" in said
    assert "Hello" not in said
    assert call(office, "erase", WHO) == 0
    assert "they stay:\n" in capsys.readouterr().out
    assert any(pdf in each for each in kept(load(office)))
    assert call(office, "verify") == 0
