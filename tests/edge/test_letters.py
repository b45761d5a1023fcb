"""The letters that the lines of the workflow owe: collected by carrying out every row of its table for
change requests with plain, with the longest and with the emptiest texts, then read like their recipients
and like our own reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.edge.templates import Templates
from bot.edge.templates.attributes import KINDS
from bot.intake.answer import answer_in
from bot.intake.arguments import Arguments, Mistake, understand
from bot.intake.command import read_commands
from bot.intake.form import Shape, Value
from bot.intake.request import Partstat, Rsvp
from bot.intake.verify import Standing
from bot.mail.invite import uid_of
from bot.mail.letter import Enclosure, Kind, Letter, Rendered, Thread
from bot.mail.message import Message
from bot.mail.quotation import own_text
from bot.mail.text import html_to_text
from bot.office.people import Address
from bot.workflow.change import ActionItem, ChangeRequest, Meeting, Response
from bot.workflow.correspondence import report
from bot.workflow.effect import Fate, Send
from bot.workflow.enquiry import ENQUIRIES
from bot.workflow.event import Ordered, Replied, Reported
from bot.workflow.offer import MOST, Offers, of_letter, offers
from bot.workflow.order import carry_out, obey
from bot.workflow.prompt import PROMPTS
from bot.workflow.rsvp import replied
from bot.workflow.step import ROWS, row_for
from bot.workflow.told import TOLD, told
from bot.workflow.transition import Place, place_of
from tests.browser import Watch, chromium
from tests.edge.test_template_attributes import kinds_of, of_which
from tests.intake.forms import TABLE
from tests.posting.markup import parsed
from tests.posting.samples import TEMPLATES, contexts
from tests.workflow.offices import (
    ANITA,
    FIELDS,
    GRACE,
    GROUP,
    LENA,
    MANAGER,
    MORNING,
    PAT,
    PINE,
    STAFFED,
    STRANGER,
    by,
    ordered,
)
from tests.workflow.test_table import LINES, RUNNING, standing_at

WORDS = Templates(TEMPLATES, STAFFED, TABLE)
WIDEST = 78
CODE = "cmp" + "a1" * 28
SENDERS = (by(MANAGER), by(GROUP), by(LENA), by(GRACE), by(ANITA), PAT)
LONG = ("CLOSE the case. APPROVE\nRESPOND\nWITHDRAW: now. Title of Change: other <b>bold</b> &amp; " * 9 + "\n\n") * 4
HOSTILE = "CLOSE\nAPPROVE\n" + "word " * 14 + "CLOSE the case " * 9 + "\nPC112326-1: CLOSE it\n> RESPOND\n--\nDROP x"
TEXTS = {"plain": "", "empty": "", "long": LONG, "hostile": HOSTILE}
FREE = ("text", "position", "basis", "reference", "place", "value")


@dataclass(frozen=True, slots=True)
class Owed:
    """A letter with the line that owes it, and how it reads."""

    line: str
    letter: Letter
    offered: Offers
    rendered: Rendered


def filled(text: str) -> dict[str, Value]:
    """A form with the same text in every field."""
    lists = {Shape.CHOICES, Shape.LIST, Shape.SLOTS}
    values: dict[str, Value] = {row.key: (text, text) if row.shape in lists else text for row in TABLE.fields}
    return {**values, "areas_impacted": ("Other",)}


def worded(change: ChangeRequest, manner: str) -> ChangeRequest:
    """The change request with other people's words replaced: by long ones, or by none."""
    if manner == "plain":
        return change
    text = TEXTS[manner]
    said: Mapping[str, Value] = filled(text) if text else {}
    retold: dict[str, object] = {"fields": said, "company": text, "originator": Address("pat@pine.example", text[:200])}
    for name in ("closing", "escalation"):
        if (found := getattr(change, name)) is not None:
            retold[name] = replace(found, reason=text)
    if change.draft is not None:
        retold["draft"] = _retold(change.draft, text)
    retold["responses"] = tuple(_retold(one, text) for one in change.responses)
    if change.meeting is not None:
        retold["meeting"] = replace(change.meeting, place=text)
    return replace(change, **retold)  # type: ignore[arg-type]  # fields by name


def _retold(response: Response, text: str) -> Response:
    return replace(response, text=text, position=text, basis=text, reference=text)


def spoken(order: Ordered, manner: str) -> Ordered:
    """The line with its free text replaced where it has some; none is left out, since that is refused."""
    args = order.args
    if not TEXTS[manner] or not isinstance(args, Arguments):
        return order
    other = {name: TEXTS[manner] for name in FREE if getattr(args, name)}
    return replace(order, args=replace(args, **other))  # type: ignore[arg-type]  # fields by name


def orders() -> Iterator[tuple[Standing, Ordered]]:
    """Every line of the table by everybody who could write it; some with a file."""
    file = Enclosure("minutes.txt", "text/plain", b"What was said.")
    for standing in SENDERS:
        for line in LINES:
            order = ordered(line, standing, running=RUNNING)
            if order.line.verb in ENQUIRIES or isinstance(order.args, Mistake):
                continue
            yield standing, order
            if order.line.verb in ("MINUTES", "DRAFT"):
                yield standing, replace(order, files=(file,), file_text="Position: what was said.")


@cache
def owed(manner: str) -> tuple[Owed, ...]:
    """One letter of each kind for each place, line and sort of recipient."""
    found: dict[tuple[object, ...], Owed] = {}
    given = tuple(orders())
    for place in Place:
        for plain in standing_at(place):
            change = worded(plain, manner)
            change = replace(change, followers=(PINE.contacts[0],), actions=(_action(manner),))
            for _, order in given:
                assert isinstance(order.args, Arguments)
                if row_for(order.line.verb, order.args, place_of(change)) is None:
                    continue
                for letter in _letters(change, spoken(order, manner)):
                    key = letter.kind, place, order.line.line, letter.to.domain, bool(letter.enclosures)
                    if key not in found:
                        found[key] = _read(order.line.line, letter)
    found |= {("RSVP", letter.context["over"]): _read("RSVP", letter) for letter in _rsvps(manner)}
    return tuple(found.values())


def _rsvps(manner: str) -> Iterator[Letter]:
    """What the CRPM reads of answers to an invitation: one that declines, one that proposes a time, and one
    that proposes a time that is over, nothing of it proven."""
    (plain, *_) = standing_at(Place.CLARIFICATION)
    pat = worded(plain, manner).originator
    meeting = Meeting(MORNING + timedelta(days=2), place=TEXTS[manner], invited=(pat,))
    change = replace(worded(plain, manner), meeting=meeting)
    for partstat, proposed in (
        (Partstat.DECLINED, None),
        (Partstat.TENTATIVE, MORNING + timedelta(days=11)),
        (Partstat.TENTATIVE, MORNING - timedelta(days=11)),
    ):
        rsvp = Rsvp(uid_of(change.key, 1, "x.example"), 0, partstat, pat.email, TEXTS[manner], bool(proposed), proposed)
        event = Replied("c", MORNING, rsvp, Standing(pat, proof="no proof"), RUNNING)
        yield from (
            effect.letter for effect in replied(change, event, STAFFED, MORNING).effects if isinstance(effect, Send)
        )


def _action(manner: str) -> ActionItem:
    return ActionItem(1, "anita", date(2026, 12, 9), TEXTS[manner] or "Find three examples")


def _letters(change: ChangeRequest, order: Ordered) -> Iterator[Letter]:
    decision = obey(change, order, STAFFED, MORNING)
    assert decision.fate is not Fate.PARKED or decision.reason
    yield from (effect.letter for effect in decision.effects if isinstance(effect, Send))


def _read(line: str, letter: Letter) -> Owed:
    offered, _ = of_letter(letter, STAFFED, STAFFED.calendar.local_date(MORNING))
    return Owed(line, letter, offered, WORDS.letter(letter, offered, CODE if offered else ""))


MANNERS = pytest.mark.parametrize("manner", list(TEXTS))
OWN_WORDS = pytest.mark.parametrize("manner", ["plain", "empty"])
"""Where other people's words stand in HTML there is no edge before them; how replies quote it is known."""
BY_FORMS = frozenset(
    {
        Kind.ACKNOWLEDGEMENT,
        Kind.INCOMPLETE,
        Kind.RETURNED,
        Kind.REMINDER,
        Kind.REVISED,
        Kind.PARKED,
        Kind.FORWARD,
        Kind.EXCEPTION,
        Kind.REVIEW,
        Kind.COMMENT,
        Kind.HELP,
        Kind.UNREADABLE,
        Kind.UNDELIVERED,
        Kind.WITHHELD,
        Kind.UNCARRIED,
        Kind.EXPIRY,
        Kind.TROUBLE,
        Kind.TRANSCRIPT,
        Kind.MEANT,
        Kind.CONFIRMATION,
        Kind.ATTEMPT,
        Kind.AWAY,
        Kind.DIGEST,
        Kind.AGENDA,
        Kind.OUTCOMES,
        Kind.REPORT,
        Kind.UNDONE,
    }
)
"""Kinds that forms, prose and enquiries owe; tests/edge/test_templates.py has those."""


def test_the_table_owes_every_letter_of_the_workflow() -> None:
    """No kind of letter is there that nothing sends."""
    assert {one.letter.kind for one in owed("plain")} >= set(Kind) - BY_FORMS


@MANNERS
def test_every_letter_renders(manner: str) -> None:
    """Subject, greeting and house, in text and in HTML, whatever people wrote or left out."""
    for one in owed(manner):
        rendered = one.rendered
        assert 8 < len(rendered.subject) < 200, (one.line, rendered.subject)
        assert rendered.text.startswith(("Dear ", "Good day,")), one.line
        assert rendered.text.endswith("cmpcr@meridell.example\n")
        assert "\n\n\n" not in rendered.text, (one.letter.kind, one.line)
        assert "None" not in rendered.text.split(), (one.letter.kind, one.line)
        found = parsed(rendered.html)
        assert found.acts == []
        assert "cmpcr@meridell.example" in found.text


@MANNERS
def test_no_line_is_too_wide(manner: str) -> None:
    """Seventy-eight columns, but for an address or a word that is longer by itself."""
    for one in owed(manner):
        for row in one.rendered.text.splitlines():
            assert len(row) <= WIDEST or "https://" in row, (one.letter.kind, row)


@MANNERS
def test_no_line_of_a_letter_is_a_command(manner: str) -> None:
    """However a reply quotes a letter, with marks or without, in one piece or line by line, nothing of it
    is read as a command; nor is what a program makes of the HTML."""
    for one in owed(manner):
        text = one.rendered.text
        assert read_commands(text) == ()
        assert read_commands(own_text("".join(f"> {row}\n" for row in text.splitlines()))) == ()
        for row in text.splitlines():
            assert read_commands(row) == (), (one.letter.kind, row)


@OWN_WORDS
def test_no_line_of_the_html_is_a_command(manner: str) -> None:
    """A program that makes text of the HTML and marks nothing makes no command of our own words."""
    for one in owed(manner):
        for row in html_to_text(one.rendered.html).splitlines():
            assert read_commands(row.strip()) == (), (one.letter.kind, row)


@OWN_WORDS
def test_no_letter_fills_in_a_form(manner: str) -> None:
    """A letter that comes back unmarked answers no question of the form, by its text or by its HTML."""
    for one in (each for each in owed(manner) if each.letter.kind not in BY_FORMS):
        for text in (one.rendered.text, html_to_text(one.rendered.html)):
            quoted = Message(sender=PAT.sender, text=text, own_text=text.partition("\n--")[0])
            found = answer_in(quoted, TABLE)
            assert found is None or found.submission.fields == {}, (one.letter.kind, found.submission.fields)


@MANNERS
def test_every_link_opens_the_mail_that_it_promises(manner: str) -> None:
    """To the mailbox, with the number in the subject, in the thread, a line that is read as the verb that
    was offered, and the code behind `#`; a line that is complete is understood."""
    today = STAFFED.calendar.local_date(MORNING)
    for one in owed(manner):
        links = [link for link in parsed(one.rendered.html).links if link.startswith("mailto:") and "?" in link]
        assert len(links) >= len(one.offered.prominent)
        for offer, link in zip(one.offered.prominent, links[len(links) - len(one.offered.prominent) :], strict=True):
            asked = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
            assert urlsplit(link).path == "cmpcr@meridell.example"
            assert asked["subject"] == f"[{one.letter.number}] {offer.verb}"
            assert asked["In-Reply-To"].startswith(f"<{one.letter.id}@")
            assert asked["body"].endswith(f"\r\n\r\n# {CODE}")
            assert len(link) < 2000
            (command,) = read_commands(asked["body"].replace("\r\n", "\n"))
            assert command.verb == offer.verb
            if offer.line == offer.written:
                assert isinstance(understand(command, STAFFED, today, TABLE), Arguments), offer


def test_the_text_offers_what_the_html_offers() -> None:
    """Every offer stands in both parts, with what is said so that nobody does it lightly."""
    for one in owed("plain"):
        for offer in one.offered.prominent:
            assert f'"{offer.written.strip()}"' in one.rendered.text, (one.letter.kind, offer)
        for shown in (one.rendered.text, parsed(one.rendered.html).text):
            read = " ".join(shown.replace("\n    | ", " ").split())
            for offer in one.offered.prominent:
                assert " ".join(offer.written.split()) in read, (one.letter.kind, offer)
                assert offer.warns in read
        assert one.rendered.text.count(f"\n  Code: {CODE}\n") == bool(one.offered)


@pytest.mark.parametrize("place", list(Place))
def test_offers_are_what_the_table_allows(place: Place) -> None:
    """Nobody is offered a verb that has no row for them there; a stranger is offered nothing."""
    today = STAFFED.calendar.local_date(MORNING)
    for change in standing_at(place):
        for standing in SENDERS:
            assert standing.sender is not None
            found = offers(change, standing.sender, STAFFED, today)
            assert len(found.prominent) <= MOST
            for verb in (*(offer.verb for offer in found.prominent), *found.others):
                rows = [row for (name, _, at), row in ROWS.items() if name == verb and at is place_of(change)]
                assert rows, (place, verb)
        assert STRANGER.sender is not None
        assert not offers(change, STRANGER.sender, STAFFED, today)


def test_every_prompt_is_a_row_of_the_table() -> None:
    """A prompt for a verb, or a word of it, that the table does not know would never be seen."""
    known = {(verb, word) for verb, word, _ in ROWS}
    for prompt in PROMPTS:
        assert prompt.word is None or (prompt.verb, prompt.word) in known, prompt
        assert any(verb == prompt.verb for verb, _ in known), prompt


def meetings_offered(*slots: str, day: date = date(2026, 12, 1), meet_by: date | None = None) -> list[tuple[str, str]]:
    """The lines of MEETING that the CRPM is offered of a request with these times, and what is said against each."""
    change = replace(next(standing_at(Place.CLARIFICATION)), agenda=date(2026, 12, 16), meeting=None)
    change = replace(change, fields={**FIELDS, "availability": slots})
    found = offers(change, LENA.address, STAFFED, day, meet_by).prominent
    return [(offer.line, offer.warns) for offer in found if offer.verb == "MEETING"]


def test_a_meeting_is_offered_when_the_clec_can() -> None:
    """At the times of the form that can be read, are still to come and in time, and at any other."""
    slots = ("whenever you like", "11/02/2026 10:00", "12/03/2026 2:00 PM", "12/05/2026 10:00")
    assert meetings_offered(*slots) == [("MEETING 12/03/2026 02:00 PM", ""), ("MEETING ", "")]
    assert meetings_offered() == [("MEETING ", "")]
    moved = replace(next(standing_at(Place.CLARIFICATION)), meeting=Meeting(MORNING))
    lines = [offer.line for offer in offers(moved, LENA.address, STAFFED, date(2026, 12, 1)).prominent]
    assert {"HELD", "MEETING ", "MEETING CANCEL "} <= {*lines}


def test_no_meeting_is_offered_when_it_would_be_too_late() -> None:
    """Later than it should be held, or at or after the Monthly Meeting; the only time that the CLEC has is, with
    the fact. Agreed to a later date, it is in time."""
    late = ("12/08/2026 10:00", "12/03/2026 10:00", "12/16/2026 8:00 AM")
    assert meetings_offered(*late) == [("MEETING 12/03/2026 10:00 AM", ""), ("MEETING ", "")]
    assert meetings_offered(*late, meet_by=date(2026, 12, 16))[1:] == [
        ("MEETING 12/08/2026 10:00 AM", ""),
        ("MEETING ", ""),
    ]
    held_by = "later than 12/07/2026, by which it should be held"
    assert meetings_offered(late[0], late[2]) == [("MEETING 12/08/2026 10:00 AM", held_by), ("MEETING ", "")]
    presented = "not before the Monthly Meeting of 12/16/2026, at which it is presented"
    assert meetings_offered(late[2]) == [
        ("MEETING 12/16/2026 08:00 AM", f"{held_by}, and {presented}"),
        ("MEETING ", ""),
    ]


def test_an_approval_names_its_draft() -> None:
    """The Director's line carries the fingerprint of the draft that the letter shows, and of no other."""
    for change in standing_at(Place.RESPONSE):
        if change.draft is None:
            continue
        waiting = replace(change, draft=replace(change.draft, approved_by="", approved_on=None))
        found = offers(waiting, GRACE.address, STAFFED, date(2026, 12, 1))
        assert found.prominent[0].line == f"APPROVE {change.draft.sha256[:6]}"
        assert not any(
            offer.verb == "APPROVE" for offer in offers(waiting, LENA.address, STAFFED, MORNING.date()).prominent
        )


def test_a_letter_that_asks_one_thing_offers_nothing_else() -> None:
    """Whoever is asked whether a mail was theirs is not led to anything else."""
    change = next(standing_at(Place.PRESENTATION))
    for kind in (Kind.CONFIRMATION, Kind.ATTEMPT):
        letter = Letter("c", kind, LENA.address, change.number, {"change": change})
        assert of_letter(letter, STAFFED, MORNING.date()) == (Offers(), "")


def test_what_somebody_wrote_can_be_published_with_one_click() -> None:
    """The whole line stands in the link, before all others."""
    change = next(standing_at(Place.PRESENTATION))
    letter = Letter("c", Kind.COMMENT, LENA.address, change.number, {"change": change, "publish": "COMMENT Pat: yes"})
    offered, key = of_letter(letter, STAFFED, MORNING.date())
    assert (offered.prominent[0].line, key) == ("COMMENT Pat: yes", change.key)


def test_names_mean_what_the_table_of_their_kinds_says() -> None:
    """What letters are given under such a name is of that kind, or nothing; and each of them is given."""
    given: list[Mapping[str, object]] = [one.letter.context for one in owed("plain")]
    given += [
        *contexts().values(),
        {"to": STAFFED.organisation.address, "offered": Offers(), "organisation": STAFFED.organisation},
    ]
    for name, kind in KINDS["mail"].items():
        assert set().union(*(kinds_of(context.get(name)) for context in given)) == {of_which(kind)}, name


def test_every_kind_has_words_for_what_was_told() -> None:
    """The transcript can name every letter; many of one kind are counted, and addresses stay inside."""
    assert set(TOLD) == set(Kind)
    pair = [Letter("c", Kind.MINUTES, Address(f"{name}@oak.example", name)) for name in ("", "Kim")]
    assert told(pair, inside=False) == ("somebody of oak.example (the minutes)", "Kim (the minutes)")
    assert told(pair[1:], inside=True) == ("Kim <Kim@oak.example> (the minutes)",)
    assert told(pair * 4, inside=True) == ("8 addresses (the minutes)",)


@pytest.mark.parametrize("place", list(Place))
@pytest.mark.parametrize("dry", [False, True], ids=["done", "dry"])
def test_a_transcript_orders_nothing(place: Place, dry: bool) -> None:
    """What it quotes, refuses and answers is no command and fits the page; a dry run says that it was one and
    that nothing was done, a refusal too, and only what can be taken back is offered to be."""
    change = next(standing_at(place))
    for standing in (by(LENA), by(MANAGER), PAT):
        for line in LINES:
            done = carry_out([(change, ordered(line, standing, running=RUNNING))], STAFFED, MORNING, lambda *_: "7")
            results = tuple(result for _, result in done)
            told_all = report(change, Reported("t", results, standing, Thread(), dry), MORNING)
            (letter,) = (effect.letter for effect in told_all.effects if isinstance(effect, Send))
            text = WORDS.letter(letter).text
            assert all(read_commands(row) == () for row in text.splitlines()), (line, text)
            assert all(len(row) <= WIDEST or "https://" in row for row in text.splitlines()), (line, text)
            assert ("NOTHING WAS DONE" in text) == (dry or bool(results[0].refusal)), line
            assert ("You asked for a DRY RUN" in text) == dry, line
            assert not (dry and told_all.rows), line
            assert ('"UNDO" within' in text) == (results[0].undo and not dry), line


def test_a_transcript_says_what_was_not_read() -> None:
    """In both of its bodies, and on no line of its own."""
    change = next(standing_at(Place.RESPONSE))
    done = carry_out([(change, ordered("NOTE x", by(LENA), running=RUNNING))], STAFFED, MORNING, lambda *_: "7")
    for left in ("", "APPROVE is what I meant " * 20):
        results = tuple(replace(result, left=left) for _, result in done)
        told_all = report(change, Reported("t", results, by(LENA), Thread()), MORNING)
        (letter,) = (effect.letter for effect in told_all.effects if isinstance(effect, Send))
        words = WORDS.letter(letter)
        assert ("Not read as part of the command: APPROVE is what" in words.text) == bool(left)
        assert ("Not read as part of the command" in words.html) == ("APPROVE is what" in words.html) == bool(left)
        assert all(read_commands(row) == () for row in words.text.splitlines())


def test_letters_fit_a_telephone(tmp_path: Path) -> None:
    """No letter with the longest words is wider than the narrowest screen, and none asks for anything."""
    wide = "W" * 300
    found = {one.letter.kind: one.letter for one in owed("plain")}
    for kind, letter in found.items():
        change = letter.context["change"]
        assert isinstance(change, ChangeRequest)
        worse = replace(change, fields=filled(wide), company=wide)
        told_so = replace(
            letter, context={**letter.context, "change": worse, "by": wide}, to=Address("a@b.example", wide)
        )
        (tmp_path / f"{kind}.html").write_text(WORDS.letter(told_so).html, encoding="utf-8")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme="dark")
        watch = Watch()
        watch.over(page)
        for path in sorted(tmp_path.iterdir()):
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.name
        assert watch.errors == []
        assert [url for url in watch.requests if not url.startswith(("file:", "data:"))] == []
