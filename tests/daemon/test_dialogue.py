"""The dialogue of completeness, from mail to letter, on real stores: answers, orders, reminders."""

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bot.daemon import remind as room
from bot.daemon.desk import Desk
from bot.daemon.remind import remind
from bot.edge.clock import Clock
from bot.edge.store import StoredLetter, Unit
from bot.mail.letter import Kind
from bot.posting.pages import keys_of
from bot.workflow.change import MANAGER, SENDER, ChangeRequest
from bot.workflow.effect import Decision, Fate
from tests.arriving import arrive, letters
from tests.daemon.test_take_in import FORM, NOW, written

MANAGER_ADDRESS = "marta.ellison@meridell.example"
PHONE, PRODUCTS = "Phone: 303-555-0142\n", "Products Impacted: LNP\n"
WHOLE = FORM + PHONE + PRODUCTS
DAY = timedelta(days=1)
PREFILLED = "Change Request form to correct.txt"


def at(desk: Desk, moment: datetime) -> Desk:
    """The same office at another time."""
    return replace(desk, clock=Clock(moment))


def opened(desk: Desk, letter: StoredLetter) -> EmailMessage:
    """A letter as its reader's mail program has it."""
    wire = desk.store.wire(letter.id)
    assert wire is not None
    mail = message_from_bytes(wire, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(desk: Desk, letter: StoredLetter) -> str:
    """What a letter says, in one line."""
    body = opened(desk, letter).get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def the_change(desk: Desk) -> ChangeRequest:
    """The only change request or intake that there is."""
    (record,) = desk.store.changes()
    return record.change


def asked(desk: Desk) -> StoredLetter:
    """An incomplete form came in; gives the letter that asks its sender."""
    assert arrive(desk, written(FORM, "first")) == {Fate.INCOMPLETE: 1}
    (letter,) = letters(desk, Kind.INCOMPLETE)
    return letter


def reply(body: str, name: str, to: StoredLetter | None, subject: str = "Re: change request") -> bytes:
    """Kim's reply: the subject has lost its tag, the thread has not."""
    return written(body, name, to.message_id if to else "", subject=subject)


def ordered(body: str, name: str = "order", *, vouched: bool = True, subject: str = "[IN112326-1] decide") -> bytes:
    """A mail of the CMP Manager's."""
    message = EmailMessage()
    if vouched:
        message["Authentication-Results"] = "mx.meridell.example; dmarc=pass header.from=meridell.example"
    message["From"] = f"Marta Ellison <{MANAGER_ADDRESS}>"
    message["To"] = "cmpcr@meridell.example"
    message["Subject"] = subject
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 -0700"
    message["Message-ID"] = f"<{name}@meridell.example>"
    message.set_content(body)
    return message.as_bytes()


def test_one_labelled_line_is_an_answer_and_the_rest_is_asked_anew(desk: Desk) -> None:
    """The thread alone gives the context; each answer counts; the first arrival stays in sight."""
    first = asked(desk)
    later = at(desk, NOW + DAY)
    assert arrive(later, reply(PHONE, "second", first)) == {Fate.INCOMPLETE: 1}
    again = letters(desk, Kind.INCOMPLETE)[1]
    said = text_of(desk, again)
    assert "Products Impacted is missing" in said
    assert "Phone is missing" not in said
    assert "first form came in on 11/23/2026" in said
    assert "latest mail about it on 11/24/2026" in said
    assert arrive(at(desk, NOW + 2 * DAY), reply(PRODUCTS, "third", again)) == {Fate.REGISTERED: 1}
    change = the_change(desk)
    assert (change.key, change.number, change.first_arrived.date()) == ("IN112326-1", "PC112526-1", NOW.date())
    (acknowledged,) = letters(desk, Kind.ACKNOWLEDGEMENT)
    assert "first form came in on 11/23/2026" in text_of(desk, acknowledged)


def test_a_long_thread_still_leads_to_the_letter(desk: Desk) -> None:
    """Where the mail program names only the thread, its newest letter of ours counts."""
    first = asked(desk)
    message = message_from_bytes(reply(PHONE + PRODUCTS, "second", None), policy=policy.default)
    message["References"] = f"<older@bench00.example> {first.message_id} <aside@bench00.example>"
    assert arrive(desk, message.as_bytes()) == {Fate.REGISTERED: 1}


def test_other_fields_may_be_corrected_in_the_same_reply(desk: Desk) -> None:
    """What an answer says counts, also where nothing was asked."""
    first = asked(desk)
    arrive(desk, reply(f"{PHONE}{PRODUCTS}Title of Change: Name every failing field\n", "second", first))
    assert the_change(desk).title == "Name every failing field"


def test_two_answers_to_one_question_are_asked_about(desk: Desk) -> None:
    """A contradiction inside a reply is a problem, not a choice of ours."""
    first = asked(desk)
    assert arrive(desk, reply(f"{PRODUCTS}{PHONE}Phone: 303-555-0199\n", "second", first)) == {Fate.INCOMPLETE: 1}
    said = text_of(desk, letters(desk, Kind.INCOMPLETE)[1])
    assert "303-555-0142" in said
    assert "303-555-0199" in said


@pytest.mark.parametrize(
    "body",
    [
        "> Phone: 303-555-0142\n> Products Impacted: LNP\n",
        "We shall send it tomorrow.\n\nKim Example\nPhone: 303-555-0142\n",
        "Will do.\n\nThanks,\nKim\nPhone: 303-555-0142\nCompany: Bench Telecom 00\n",
        "\n\nHow to answer\n\nPhone: 303-555-0142\nProducts Impacted: LNP\n",
    ],
    ids=["quoted", "signature", "below the closing", "our letter, quoted without marks"],
)
def test_what_is_no_answer_answers_nothing(desk: Desk, body: str) -> None:
    """Quoted lines and signatures are never taken for answers."""
    first = asked(desk)
    arrive(desk, reply(body, "second", first))
    change = the_change(desk)
    assert (change.logged, "originator_phone" in change.fields) == (False, False)


def test_contact_data_counts_below_a_line_that_leads_up_to_it(desk: Desk) -> None:
    """A greeting or `here it is:` makes no signature of the lines below."""
    first = asked(desk)
    body = f"Hello,\n\nhere is what was missing:\n\n{PHONE}{PRODUCTS}\nKind regards,\nKim\nPhone: 1-800-555-0100\n"
    assert arrive(desk, reply(body, "second", first)) == {Fate.REGISTERED: 1}
    assert the_change(desk).text("originator_phone") == "303-555-0142"


def test_a_reply_without_words_of_its_own_is_told_so(desk: Desk) -> None:
    """Whoever types into the quotation learns that it is not read."""
    first = asked(desk)
    quoted = "On Mon, Nov 23, 2026 at 9:01 AM Meridell CMP <cmpcr@meridell.example> wrote:\n> Phone: 303-555-0142\n"
    assert arrive(desk, reply(quoted, "second", first)) == {Fate.INCOMPLETE: 1}
    assert "typed into a quotation is not read" in text_of(desk, letters(desk, Kind.INCOMPLETE)[1])


def test_the_prefilled_form_comes_back_corrected(desk: Desk) -> None:
    """It carries what was read; filled in and attached, it goes on with the same intake."""
    first = asked(desk)
    (form,) = opened(desk, first).iter_attachments()
    assert form.get_filename() == PREFILLED
    filled = form.get_content()
    text = filled if isinstance(filled, str) else filled.decode()
    for label, value in (("Originator Phone", "303-555-0142"), ("Products Impacted", "LNP")):
        line = next(line for line in text.splitlines() if line.startswith(label))
        text = text.replace(line, f"{line.partition(':')[0]}: {value}", 1)
    message = message_from_bytes(reply("Corrected.", "second", first), policy=policy.default)
    assert isinstance(message, EmailMessage)
    message.add_attachment(text, filename=PREFILLED)
    assert arrive(desk, message.as_bytes()) == {Fate.REGISTERED: 1}
    assert the_change(desk).key == "IN112326-1"


@pytest.mark.parametrize("threaded", [True, False])
def test_a_new_form_goes_on_with_the_same_intake(desk: Desk, threaded: bool) -> None:
    """In reply, or as a mail of its own that names the same change."""
    first = asked(desk)
    assert arrive(desk, reply(WHOLE, "second", first if threaded else None)) == {Fate.REGISTERED: 1}
    assert the_change(desk).key == "IN112326-1"


def test_a_colleague_may_answer_and_a_stranger_may_not(desk: Desk) -> None:
    """Whoever writes from the same company goes on with the intake; nobody else's lines count."""
    first = asked(desk)
    stranger = written(PHONE + PRODUCTS, "x", first.message_id, domain="alderpoint.example", subject="Re: it")
    arrive(desk, stranger)
    assert not the_change(desk).logged
    colleague = reply(PHONE + PRODUCTS, "y", first).replace(b"kim@", b"lou@")
    assert arrive(desk, colleague) == {Fate.REGISTERED: 1}


def test_what_is_advised_is_asked_for_once(desk: Desk) -> None:
    """In the acknowledgement, with lines to fill in; the reply to it changes the CR and asks nothing."""
    arrive(desk, written(WHOLE, "first"))
    (acknowledged,) = letters(desk, Kind.ACKNOWLEDGEMENT)
    assert "Business Reason:" in text_of(desk, acknowledged)
    line = "Business Reason: Each reject costs us two calls to find the field.\n"
    arrive(desk, reply(line, "second", acknowledged))
    assert the_change(desk).text("business_reason").startswith("Each reject")
    assert len(letters(desk, Kind.ACKNOWLEDGEMENT)) == 1


def parked(desk: Desk) -> StoredLetter:
    """A complete form from nobody we know; gives the letter to the CMP Manager."""
    assert arrive(desk, written(WHOLE, "first", domain="newcomer.example")) == {Fate.PARKED: 1}
    (letter,) = letters(desk, Kind.REVIEW)
    return letter


def test_log_by_mail_numbers_the_intake_and_says_so(desk: Desk) -> None:
    """Acknowledged, forwarded, to be posted, and a transcript; the number's day is that of the mail."""
    review = parked(desk)
    assert "company is to be known" in text_of(desk, review)
    assert "mailto:cmpcr@meridell.example?subject=" in str(opened(desk, review).get_body(("html",)))
    answer = ordered("LOG we know them from the last meeting\n", subject="Re: it").replace(
        b"To:", f"In-Reply-To: {review.message_id}\nTo:".encode(), 1
    )
    assert arrive(at(desk, NOW + DAY), answer) == {Fate.OBEYED: 1}
    change = the_change(desk)
    assert (change.key, change.number) == ("IN112326-1", "PC112326-1")
    (acknowledged,) = letters(desk, Kind.ACKNOWLEDGEMENT)
    assert acknowledged.recipient == "kim@newcomer.example"
    assert opened(desk, acknowledged)["In-Reply-To"] == "<first@newcomer.example>"
    assert len(letters(desk, Kind.FORWARD)) == 1
    assert {page.page for page in desk.store.dirty(9)} == set(keys_of(change))
    (transcript,) = letters(desk, Kind.TRANSCRIPT)
    assert transcript.recipient == MANAGER_ADDRESS
    assert "IN112326-1 \u2192 PC112326-1" in text_of(desk, transcript)
    (mail,) = desk.store.mails(Fate.OBEYED)
    assert mail.number == "PC112326-1"
    record = desk.store.view("PC112326-1")
    assert record is not None
    assert [row.by for row in record.rows if "last meeting" in row.description] == ["ellison"]


def test_the_file_that_came_is_sent_back_with_its_number(desk: Desk) -> None:
    """An intake keeps its file; logged by hand, the originator gets it as the CR was logged."""
    message = message_from_bytes(written("Attached.", "first", domain="newcomer.example"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    message.add_attachment(WHOLE, filename="our form.txt")
    assert arrive(desk, message.as_bytes()) == {Fate.PARKED: 1}
    assert arrive(desk, ordered("LOG")) == {Fate.OBEYED: 1}
    (acknowledged,) = letters(desk, Kind.ACKNOWLEDGEMENT)
    (file,) = opened(desk, acknowledged).iter_attachments()
    assert file.get_filename() == "PC112326-1 our form.txt"
    assert [paper.name for paper in the_change(desk).documents] == ["PC112326-1 our form.txt"]


def test_a_returned_intake_goes_on_when_its_sender_answers(desk: Desk) -> None:
    """The reason and the form go to the sender; the answer in words comes back to the same intake."""
    arrive(desk, written(WHOLE.replace("Product/Process", "System"), "first"))
    assert arrive(desk, ordered("RETURN Does it touch the systems at all?")) == {Fate.OBEYED: 1}
    (returned,) = letters(desk, Kind.RETURNED)
    assert "Does it touch the systems at all?" in text_of(desk, returned)
    assert [part.get_filename() for part in opened(desk, returned).iter_attachments()] == [PREFILLED]
    assert the_change(desk).waits_for == SENDER
    answer = reply("It does not.\n\nArea of Change Request: Product/Process\n", "second", returned)
    assert arrive(desk, answer) == {Fate.REGISTERED: 1}
    assert the_change(desk).key == "IN112326-1"


def test_prose_about_a_waiting_intake_lets_the_cmp_manager_decide(desk: Desk) -> None:
    """The letter shows what was written and offers the three words; it speaks of no CR and no phase."""
    arrive(desk, written(WHOLE.replace("Product/Process", "System"), "first"))
    arrive(desk, ordered("RETURN Does it touch the systems at all?"))
    (returned,) = letters(desk, Kind.RETURNED)
    assert arrive(desk, reply("No, only the process of the service order.", "second", returned)) == {Fate.COMMENTED: 1}
    (letter,) = letters(desk, Kind.COMMENT)
    assert letter.recipient == MANAGER_ADDRESS
    said = text_of(desk, letter)
    html = str(opened(desk, letter).get_body(("html",)))
    for told in ("only the process of the service order", '"LOG', '"RETURN', '"DROP', SENDER):
        assert told in said
    for verb in ("LOG", "RETURN", "DROP"):
        assert f"body=3D{verb}" in html or f"body={verb}" in html
    assert "Phase" not in said + html
    assert "Answer the sender yourself" not in said + html
    answer = ordered("LOG", subject="Re: it").replace(b"To:", f"In-Reply-To: {letter.message_id}\nTo:".encode(), 1)
    assert arrive(desk, answer) == {Fate.OBEYED: 1}


def test_a_likely_duplicate_leaves_its_sender_one_thing_to_do(desk: Desk) -> None:
    """Whoever is asked to say what differs is not told in the same letter to do nothing."""
    arrive(desk, written(WHOLE, "first"))
    assert arrive(desk, written(WHOLE, "second")) == {Fate.PARKED: 1}
    (letter,) = letters(desk, Kind.PARKED)
    said = text_of(desk, letter)
    assert "say what differs" in said
    assert "There is nothing that you have to do now" not in said
    assert "If it is the same change, there is nothing that you have to do." in said
    (review,) = letters(desk, Kind.REVIEW)
    assert "company is to be known" not in text_of(desk, review)


def test_no_file_disappears_beside_a_verb(desk: Desk) -> None:
    """With words for who is in charge it goes to them; beside any other verb its sender reads that it was kept."""
    arrive(desk, written(WHOLE, "first"))
    for body, subject in (("COMMENT Our paper is attached.", "[PC112326-1]"), ("FOLLOW", "[PC112326-1] as well")):
        mail = message_from_bytes(written(body, body, subject=subject), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="paper.pdf")
        assert arrive(desk, mail.as_bytes()) == {Fate.OBEYED: 1}
    (letter,) = letters(desk, Kind.COMMENT)
    assert letter.recipient == MANAGER_ADDRESS
    assert [part.get_filename() for part in opened(desk, letter).iter_attachments()] == ["paper.pdf"]
    assert "With it came the file “paper.pdf”, which is attached here." in text_of(desk, letter)
    sent, kept = (text_of(desk, each) for each in letters(desk, Kind.TRANSCRIPT))
    assert "with “paper.pdf”" in sent
    said = "The file “paper.pdf” is kept with your mail; it was sent to nobody"
    assert (said in sent, said in kept) == (False, True)
    html = str(opened(desk, letters(desk, Kind.TRANSCRIPT)[1]).get_body(("html",)))
    assert "paper.pdf" in html


def test_a_dropped_intake_is_over(desk: Desk) -> None:
    """Nobody outside is told, nothing runs, and the same sender's next form is a new one."""
    parked(desk)
    before = len(desk.store.letters())
    assert arrive(desk, ordered("IN112326-1: DROP spam", subject="no number here")) == {Fate.OBEYED: 1}
    assert {letter.kind for letter in desk.store.letters()[before:]} == {Kind.TRANSCRIPT}
    assert not the_change(desk).open
    assert remind(at(desk, NOW + 9 * DAY)) == 0
    arrive(desk, written(WHOLE, "again", domain="newcomer.example", subject="Re: [IN112326-1] again"))
    assert [record.change.key for record in desk.store.changes()] == ["IN112326-1", "IN112326-2"]


def test_all_lines_or_none(desk: Desk) -> None:
    """One line that is refused stops the others, and no number is spent on them."""
    parked(desk)
    arrive(desk, written(WHOLE.replace("Name the", "Show the"), "other", domain="another.example"))
    assert arrive(desk, ordered("IN112326-1: LOG\nIN112326-2: RETURN\n", subject="two")) == {Fate.REFUSED: 1}
    assert [record.change.number for record in desk.store.changes()] == ["IN112326-1", "IN112326-2"]
    (transcript,) = letters(desk, Kind.TRANSCRIPT)
    said = text_of(desk, transcript)
    assert "another line was refused" in said
    assert "PC" not in said
    both = ordered("IN112326-1: LOG\nIN112326-2: LOG\n", "both", subject="two")
    assert arrive(desk, both) == {Fate.OBEYED: 1}
    assert [record.change.number for record in desk.store.changes()] == ["PC112326-1", "PC112326-2"]


def test_nobody_else_may_order(desk: Desk) -> None:
    """Without the role nothing is done, and the sender is told why."""
    parked(desk)
    assert arrive(desk, reply("LOG", "x", None, "[IN112326-1] log it")) == {Fate.REFUSED: 1}
    assert not the_change(desk).logged
    (transcript,) = letters(desk, Kind.TRANSCRIPT)
    assert transcript.recipient == "kim@bench00.example"
    assert "LOG is for the CMP Manager, and that is not you." in text_of(desk, transcript)


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [("Log it please", "LOG it please"), ("drop", "DROP reason"), ("\nReturn to them.\n\nMarta", "RETURN to them")],
)
def test_a_nearly_right_order_is_asked_back(desk: Desk, written_as: str, meant: str) -> None:
    """Nothing is done, and its author reads how to write it; nobody gets a letter about themselves."""
    parked(desk)
    assert arrive(desk, ordered(written_as)) == {Fate.COMMENTED: 1}
    (advice,) = letters(desk, Kind.MEANT)
    assert advice.recipient == MANAGER_ADDRESS
    assert str(opened(desk, advice)["Subject"]).startswith("[IN112326-1] Nothing was done: ")
    said = text_of(desk, advice)
    assert "NOTHING WAS DONE" in said
    assert f"DID YOU MEAN | {meant} Reply with this line" in said
    assert (the_change(desk).waits_for, letters(desk, Kind.COMMENT)) == (MANAGER, [])


def test_a_note_of_the_cmp_manager_is_kept_and_not_sent_back(desk: Desk) -> None:
    """She knows what she wrote; a mail that only bears her name is shown to her."""
    parked(desk)
    assert arrive(desk, ordered("We have to ask the lawyers first.")) == {Fate.COMMENTED: 1}
    assert letters(desk, Kind.COMMENT) == []
    assert arrive(desk, ordered("Log it please", "forged", vouched=False)) == {Fate.COMMENTED: 1}
    (letter,) = letters(desk, Kind.COMMENT)
    assert letter.recipient == MANAGER_ADDRESS


def test_two_minds_in_one_mail_are_refused(desk: Desk) -> None:
    """Where the HTML gives another order than the text, nobody knows which one its sender saw."""
    parked(desk)
    message = message_from_bytes(ordered("LOG\n"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    message.add_alternative("<p>DROP spam</p>", subtype="html")
    assert arrive(desk, message.as_bytes()) == {Fate.REFUSED: 1}
    assert "plain text" in text_of(desk, letters(desk, Kind.TRANSCRIPT)[0])


def test_verbs_of_one_mail_follow_one_another(desk: Desk) -> None:
    """What the first line made of an intake, the second line meets."""
    parked(desk)
    assert arrive(desk, ordered("LOG\nNOTE call them back\n")) == {Fate.OBEYED: 1}
    rows = desk.store.changes()[0]
    assert rows.change.logged


def test_a_sender_who_does_not_answer_is_reminded_and_then_the_cmp_manager_decides(desk: Desk) -> None:
    """Two reminders in the sender's thread, two business days apart; then it waits for a person, who is reminded."""
    asked(desk)
    counts = [remind(at(desk, NOW + n * DAY)) for n in range(1, 9)]  # Tuesday on; Thursday and Friday are holidays
    assert counts == [0, 1, 0, 0, 0, 0, 0, 1]
    reminders = letters(desk, Kind.REMINDER)
    assert [letter.recipient for letter in reminders] == ["kim@bench00.example"] * 2
    mail = opened(desk, reminders[1])
    assert mail["In-Reply-To"] == "<first@bench00.example>"
    assert [part.get_filename() for part in mail.iter_attachments()] == [PREFILLED]
    assert "reminder 2 of 2" in text_of(desk, reminders[1])
    assert remind(at(desk, NOW + 10 * DAY)) == 1
    (review,) = letters(desk, Kind.REVIEW)
    assert "has not answered 2 reminders" in text_of(desk, review)
    assert the_change(desk).waits_for == MANAGER
    assert remind(at(desk, NOW + 14 * DAY)) == 1
    assert "Finish the intake" in text_of(desk, letters(desk, Kind.DIGEST)[0])


def test_nobody_is_reminded_twice_of_one_stage(desk: Desk) -> None:
    """Looked at again, by another worker or after a kill, it is known; a week of rest gives one letter."""
    asked(desk)
    late = at(desk, NOW + 11 * DAY)
    assert [remind(late), remind(late), remind(at(desk, late.clock.now() + timedelta(hours=2)))] == [1, 0, 0]
    assert len(letters(desk, Kind.REMINDER)) == 1


def test_reminders_keep_business_hours(desk: Desk) -> None:
    """Not at night, not on Saturday: then the next morning."""
    asked(desk)
    due = NOW + 2 * DAY
    assert [remind(at(desk, due.replace(hour=5))), remind(at(desk, NOW + 5 * DAY)), remind(at(desk, due))] == [0, 0, 1]


def test_an_answer_starts_the_clock_anew(desk: Desk) -> None:
    """Whoever answered in part is not reminded of the first letter."""
    first = asked(desk)
    arrive(at(desk, NOW + DAY), reply(PHONE, "second", first))
    assert remind(at(desk, NOW + 2 * DAY)) == 0
    assert remind(at(desk, NOW + 7 * DAY)) == 1
    assert "Phone is missing" not in text_of(desk, letters(desk, Kind.REMINDER)[0])


def test_a_bug_in_one_reminder_costs_the_others_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is logged, and tried again the next time."""
    asked(desk)
    arrive(desk, written(FORM.replace("Name the", "Show the"), "other"))
    name = "decide"
    original = getattr(room, name)

    def step(change: ChangeRequest | None, *rest: object) -> Decision:
        if change and change.key == "IN112326-1":
            raise RuntimeError("a bug of ours")
        decision: Decision = original(change, *rest)
        return decision

    monkeypatch.setattr(room, name, step)
    assert remind(at(desk, NOW + 2 * DAY)) == 1
    monkeypatch.undo()
    assert remind(at(desk, NOW + 2 * DAY)) == 1


def test_a_kill_in_the_middle_of_a_reminder_repeats_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not committed is done whole the next time, and then once."""
    asked(desk)
    late = at(desk, NOW + 2 * DAY)
    original = Unit.record

    def killed(*arguments: object) -> None:
        original(*arguments)  # type: ignore[arg-type]  # handed on as it came
        raise SystemExit

    monkeypatch.setattr(Unit, "record", killed)
    with pytest.raises(SystemExit):
        remind(late)
    monkeypatch.undo()
    assert letters(desk, Kind.REMINDER) == []
    assert [remind(late), remind(late)] == [1, 0]
    assert len(letters(desk, Kind.REMINDER)) == 1
