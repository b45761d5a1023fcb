"""Revisions and likely duplicates, from mail to page: on real stores; no mail server is needed."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bot.daemon.desk import Desk
from bot.daemon.publish import publish
from bot.edge.store import StoredLetter
from bot.intake.paper.blank import CONTENT_TYPES, blank
from bot.mail.letter import Kind
from bot.posting.public import Record
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Fate
from bot.workflow.revision import versions
from tests.arriving import arrive, letters
from tests.daemon.test_take_in import FORM, written

WHOLE = FORM + "Phone: 303-555-0142\nProducts Impacted: LNP\nInternal Ref #: B-17\n"
LINES = "Description of Change: The reject notice must say which field of the order failed.\nPhone: 303-555-0199\n"


def text_of(desk: Desk, letter: StoredLetter) -> str:
    """What a letter says."""
    wire = desk.store.wire(letter.id)
    assert wire is not None
    body = message_from_bytes(wire, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def logged(desk: Desk) -> StoredLetter:
    """One change request is registered; gives its acknowledgement."""
    assert arrive(desk, written(WHOLE, "first")) == {Fate.REGISTERED: 1}
    (acknowledged,) = letters(desk, Kind.ACKNOWLEDGEMENT)
    return acknowledged


def record_of(desk: Desk) -> Record:
    """The first change request, with its history."""
    found = desk.store.view("PC112326-1")
    assert found is not None
    return found


def revised(body: str, name: str, answers: str, domain: str = "bench00.example") -> bytes:
    """A reply to a letter about the change request."""
    return written(body, name, answers, domain=domain, subject="Re: [PC112326-1] Change Request logged")


def attached(desk: Desk, change: ChangeRequest, name: str, answers: str) -> bytes:
    """A reply with the Word form of a change request, its description edited."""
    fields = {**change.fields, "description": "The reject notice must name the field of the order that failed."}
    message = message_from_bytes(revised("Our revised form is attached.\n", name, answers), policy=policy.default)
    assert isinstance(message, EmailMessage)
    maintype, _, subtype = CONTENT_TYPES["docx"].partition("/")
    content = blank(desk.settings.table, "docx", fields)
    message.add_attachment(content, maintype=maintype, subtype=subtype, filename="revised form.docx")
    return message.as_bytes()


def test_labelled_lines_in_a_reply_revise_the_change_request(desk: Desk) -> None:
    """From the mail to both letters and the page: old and new text, and no telephone number."""
    answers = logged(desk).message_id
    publish(desk)
    assert arrive(desk, revised(LINES, "second", answers), later=5) == {Fate.OBEYED: 1}
    change = record_of(desk).change
    assert change.text("description") == "The reject notice must say which field of the order failed."
    assert change.text("title") == "Name the failing field in rejects"
    assert len(versions(change)) == 2
    assert {letter.recipient for letter in letters(desk, Kind.REVISED)} == {
        "kim@bench00.example",
        *(person.address.email for person in desk.settings.office.directory.people if "CMP Manager" in person.roles),
    }
    told = text_of(desk, letters(desk, Kind.REVISED)[0])
    assert "The reject notice [-does not-] {+must+} say which field of the order failed." in " ".join(
        told.replace("|", " ").split()
    )
    assert "now | 303-555-0199" in told
    assert publish(desk) > 0
    page = (desk.settings.posting.folder / "cr/PC112326-1.html").read_text()
    assert "Revision 1" in page
    assert "<del>does not</del>" in page
    assert "The original text" in page
    assert not any(secret in page for secret in ("0199", "0142", "kim@", "product_process"))


def test_an_attached_form_is_kept_with_the_change_request(desk: Desk) -> None:
    """The file lies among the documents with its number, and the journal tells what it replaced."""
    answers = logged(desk).message_id
    raw = attached(desk, record_of(desk).change, "second", answers)
    assert arrive(desk, raw, later=5) == {Fate.OBEYED: 1}
    record = record_of(desk)
    (document,) = record.change.documents
    assert document.name == "PC112326-1 revised form.docx"
    assert desk.store.blob(document.sha256)
    assert [row.action for row in record.rows][-1] == "Record Update"
    entry = desk.store.journal("PC112326-1")[-1]
    assert json.loads(entry.before)["fields"]["description"].startswith("The reject notice does not say")
    assert record.change.text("title") == "Name the failing field in rejects"


def test_the_same_form_again_changes_nothing(desk: Desk) -> None:
    """Sent in reply it is answered kindly; no revision, no page to redo."""
    answers = logged(desk).message_id
    publish(desk)
    assert arrive(desk, revised(WHOLE, "second", answers), later=5) == {Fate.ANSWERED: 1}
    (letter,) = letters(desk, Kind.REVISED)
    assert "nothing had to be changed" in " ".join(text_of(desk, letter).split())
    assert len(record_of(desk).change.revisions) == 1
    assert publish(desk) == 0


def test_an_emptied_required_field_is_asked_about(desk: Desk) -> None:
    """The whole form waits for its sender; the change request stays as it was."""
    answers = logged(desk).message_id
    before = record_of(desk).change
    emptied = WHOLE.replace("Products Impacted: LNP", "Products Impacted:").replace("does not say", "must say")
    assert arrive(desk, revised(emptied, "second", answers), later=5) == {Fate.INCOMPLETE: 1}
    assert record_of(desk).change == before
    (letter,) = letters(desk, Kind.INCOMPLETE)
    assert (letter.recipient, letter.number) == ("kim@bench00.example", "PC112326-1")


def test_another_company_cannot_revise(desk: Desk) -> None:
    """A proven form of somebody else in the thread waits for the CMP Manager."""
    answers = logged(desk).message_id
    before = record_of(desk).change
    raw = revised(LINES, "x", answers, domain="alderpoint.example")
    assert arrive(desk, raw, later=5) == {Fate.PARKED: 1}
    assert record_of(desk).change == before
    assert "neither its originator nor its CRPM" in desk.store.mails(Fate.PARKED)[0].reason
    said = text_of(desk, letters(desk, Kind.REVIEW)[0])
    assert "WHAT THE CR WOULD SAY WITH IT" in said
    assert "The sender was told that you will look at it." in said


def test_a_form_that_only_mentions_a_number_is_a_new_one(desk: Desk) -> None:
    """A number in the text of a new form gives no context."""
    logged(desk)
    other = WHOLE.replace("Name the failing field in rejects", "Publish the holidays").replace("B-17", "B-18")
    other = other.replace("The reject notice", "As in PC112326-1 the reject notice")
    assert arrive(desk, written(other, "second"), later=5) == {Fate.REGISTERED: 1}
    assert len(record_of(desk).change.revisions) == 1


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("B-17", "B-99", "the same title"),
        ("Name the failing field in rejects", "Publish the holidays", "the same Internal Ref #"),
        ("E-mail: kim@bench00.example", "E-mail: kim@bench00.example", "the same title and the same Internal Ref #"),
    ],
)
def test_what_looks_alike_waits_and_is_not_merged(desk: Desk, old: str, new: str, why: str) -> None:
    """A second submission of the same change is parked; both letters name the first one and why."""
    logged(desk)
    before = record_of(desk).change
    assert arrive(desk, written(WHOLE.replace(old, new), "again"), later=5) == {Fate.PARKED: 1}
    assert record_of(desk).change == before
    (waiting,) = [each for each in desk.store.changes() if not each.change.logged]
    assert waiting.change.waits_for == "the CMP Manager"
    (mail,) = desk.store.mails(Fate.PARKED)
    assert mail.reason.endswith(f"it looks like PC112326-1: the same company and {why}")
    for letter in (*letters(desk, Kind.PARKED), *letters(desk, Kind.REVIEW)):
        assert "PC112326-1" in text_of(desk, letter)


def test_another_company_may_ask_for_the_same(desk: Desk) -> None:
    """The same title from another company is a change request of its own."""
    logged(desk)
    assert arrive(desk, written(WHOLE, "again", domain="alderpoint.example"), later=5) == {Fate.REGISTERED: 1}
