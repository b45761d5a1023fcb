"""Letters and pages in words: every kind, with every kind of content."""

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from bot.edge.templates import COMPILED, Templates
from bot.errors import BrokenTemplate
from bot.intake.answer import answer_in
from bot.intake.form import Code, Need, Problem, Shape, Submission, Value
from bot.intake.paper.blank import blanks
from bot.intake.request import CommandLine
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind, Thread
from bot.mail.message import Message
from bot.mail.text import html_to_text
from bot.office.office import Organisation
from bot.office.people import Address
from bot.posting.feeds import PUBLIC_FEED, public_dates, public_feed
from bot.posting.figures import FIGURES, FIGURES_CSV, figures_page, public_adherence
from bot.posting.forms import form_files, forms_page
from bot.posting.given import GIVEN
from bot.posting.meetings import meeting_page, meetings_page
from bot.posting.pages import (
    ASSETS,
    FORMS,
    WORKFLOW,
    Page,
    month_of,
    page_of,
)
from bot.posting.picture import picture
from bot.posting.process import workflow_page
from bot.posting.public import Record, line, posting
from bot.posting.register import Printed, facts_page, month_pages, newest_first, register_page
from bot.posting.words import FLAGS
from bot.workflow.agenda import Candidate, agenda_of
from bot.workflow.answers.spreadsheet import as_csv
from bot.workflow.change import ChangeRequest, Meeting, Phase, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.effect import Send
from bot.workflow.event import (
    Asked,
    Commented,
    Elapsed,
    Event,
    Held,
    Ordered,
    Reported,
    Result,
    SetAside,
    Undelivered,
    Withheld,
)
from bot.workflow.package import frozen
from tests.browser import Watch, chromium
from tests.posting.lived import NOTICES, lived
from tests.posting.markup import parsed
from tests.posting.payloads import PAYLOADS
from tests.posting.samples import (
    ARRIVED,
    FIELDS,
    OFFICE,
    TABLE,
    TEMPLATES,
    advanced,
    change,
    contexts,
    incomplete,
    intake,
    kept,
    letter,
    record,
    standing,
)
from tests.workflow import offices

WORDS = Templates(TEMPLATES, OFFICE, TABLE)
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)

OURS = {"register.html": ["script", "form", "input"]}  # what acts and is ours

# DESIGN section 5: no letter of ours may open a line with one of these.
VERBS = frozenset(
    re.findall(
        r"\w+",
        """HELP STATUS HISTORY COMMENT NOTE ASK ACTION DONE FOLLOW UNFOLLOW STOP LOG RETURN DROP ASSIGN SME MEETING HELD
        MINUTES OPTIONS EXTEND AMEND PRESENTED WALKON ALIGNED DRAFT APPROVE DISAPPROVE RESPOND OUTCOME ESCALATE DEFER
        RESUME RESOLVE ANNOUNCE PRODUCTION REWORK CLOSE CONSENT OBJECT WITHDRAW CROSSOVER REOPEN CORRECT RELATE UNDO
        AWAY AGENDA REPORT FREEZE UNFREEZE CONFIRM""",
    )
)

LONG = ("CLOSE the case. " * 40 + "\n\n") * 16 + "x" * 300


def filled(text: str) -> dict[str, Value]:
    """A form with the same text in every field."""
    lists = {Shape.CHOICES, Shape.LIST, Shape.SLOTS}
    values: dict[str, Value] = {row.key: (text, text) if row.shape in lists else text for row in TABLE.fields}
    return {**values, "areas_impacted": ("Other",), "areas_other": text}


def full_contexts(text: str) -> dict[Kind, Mapping[str, object]]:
    """Every kind's context with the same text wherever a stranger may write."""
    fields = filled(text)
    problems = tuple(
        Problem(row.key, Code.INVALID, text[:200], text) for row in TABLE.fields if row.need is not Need.IGNORED
    )
    submission = Submission(text, fields, {}, (*problems, Problem("", Code.UNREADABLE, "", text)), (), (text,))
    logged = replace(change(), fields=fields, company=text)
    made = {kind: dict(context) for kind, context in contexts(logged, submission, text).items()}
    stranger = standing(sender=Address("x@y.example", text), company=None, proof=text)
    for context in made.values():
        if "reason" in context:
            context["reason"] = text
        if "standing" in context and "text" not in context:
            context["standing"] = stranger
    return {**made}


def printed(records: Iterable[Record]) -> tuple[Printed, ...]:
    """The lines of the register, newest first."""
    return newest_first(WORDS.printed(line(one, OFFICE)) for one in records)


def site_of(records: tuple[Record, ...]) -> dict[str, str | bytes]:
    """Every file of the posting of some records."""
    months: dict[str, list[Record]] = {}
    for one in records:
        months.setdefault(month_of(one.change.number, one.change.received_at), []).append(one)
    pages: list[Page] = [page_of(posting(one, OFFICE)) for one in records]
    pages += [page for month, of_month in months.items() for page in month_pages(month, printed(of_month))]
    pages.append(facts_page((one.change.company for one in records), TABLE, OFFICE, FLAGS))
    counts = {month: len(all_of) for month, all_of in months.items()}
    pages.append(register_page(printed(records), counts, counts))
    forms = blanks(TABLE, OFFICE.organisation)
    pages += [forms_page(forms), workflow_page(OFFICE.organisation.name), *meeting_pages(records)]
    found = public_adherence(kept().promises, OFFICE.calendar, kept().today)
    pages.append(figures_page(found, (), {}))
    dates = (each for one in records for each in public_dates(one, posting(one, OFFICE), OFFICE))
    feed = public_feed(dates, OFFICE, found.today)
    files: dict[str, str | bytes] = {
        page.path: WORDS.page(page.template, page.context) if page.template else page.content for page in pages
    }
    files |= {FIGURES_CSV: as_csv(found), PUBLIC_FEED: feed}
    return {**files, **form_files(forms), **{name: WORDS.asset(f"site/{name}") for name in ASSETS}}


def meeting_pages(records: tuple[Record, ...]) -> tuple[Page, ...]:
    """The page of a meeting with all of some records on it, and the list of meetings."""
    meeting = date(2026, 12, 16)
    found = [Candidate(replace(one.change, agenda=meeting), one.deadlines, one.rows) for one in records]
    mailed = frozen(agenda_of(meeting, found, OFFICE, date(2026, 12, 11)), ARRIVED)
    by_key = {each.change.key: each for each in found}
    return meeting_page(meeting, mailed, by_key, OFFICE), meetings_page({meeting: mailed})


def pages_of(records: tuple[Record, ...]) -> dict[str, str]:
    """The pages among them."""
    return {path: content for path, content in site_of(records).items() if isinstance(content, str)}


@pytest.mark.parametrize("kind", list(contexts()))
def test_every_kind_of_letter_says_something(kind: Kind) -> None:
    """Each kind has a subject in one line, a text without tags with a blank line before its signature, and an
    HTML body."""
    rendered = WORDS.letter(letter(kind, contexts()[kind]))
    assert 10 < len(rendered.subject) < 160
    assert "\n" not in rendered.subject
    assert rendered.text.startswith("Dear Pat Ames,\n\n")
    assert "cmpcr@meridell.example" in rendered.text
    assert "\n\n\n" not in rendered.text
    assert "\n\n-- \n" in rendered.text
    assert "Dear Pat Ames" in " ".join(parsed(rendered.html).text.split())


@pytest.mark.parametrize("kind", list(contexts()))
@pytest.mark.parametrize("text", ["", LONG], ids=["empty", "long"])
def test_every_kind_of_letter_survives_its_content(kind: Kind, text: str) -> None:
    """The emptiest and the longest fields give a letter whose lines are within reason."""
    rendered = WORDS.letter(replace(letter(kind, full_contexts(text)[kind]), to=Address("a@b.example")))
    assert "Good day," in rendered.text
    assert len(rendered.subject) < 300
    assert max(len(row) for row in rendered.text.splitlines() if "xxx" not in row) <= 100


@pytest.mark.parametrize("kind", list(contexts()))
def test_no_letter_opens_a_line_with_a_verb(kind: Kind) -> None:
    """Whatever comes back to us in a reply, no line of a letter of ours is a command."""
    for text in (LONG, "CLOSE case", "close: case\nHELP\nSTATUS", "word " * 14 + "CLOSE the case " * 9):
        rendered = WORDS.letter(letter(kind, full_contexts(text)[kind]))
        opening = {row.split()[0].strip(":.,").upper() for row in rendered.text.splitlines() if row.strip()}
        assert not opening & VERBS


def test_the_acknowledgement_holds_what_was_logged_and_what_comes_next() -> None:
    """Number, page, both dates of a CR that was an intake first, the meeting, every field, and
    what would help."""
    logged = replace(change(), first_arrived=change().received_at.replace(day=20))
    context = {**contexts(logged)[Kind.ACKNOWLEDGEMENT], "intake": "IN112026-3"}
    rendered = WORDS.letter(letter(Kind.ACKNOWLEDGEMENT, context))
    for told in (
        "PC112226-1",
        "https://cmp.meridell.example/cr/PC112226-1.html",
        "11/20/2026 10:12 AM Mountain Time",
        "11/22/2026 10:12 AM Mountain Time",
        "IN112026-3",
        "By 12/07/2026",
        "On 12/16/2026",
        "Business Reason",
        *(str(FIELDS[key]) for key in ("originator_name", "company", "title", "internal_ref", "originator_phone")),
    ):
        assert told in rendered.text
        assert told in " ".join(parsed(rendered.html).text.split())
    assert "\n\nIf anything here" in rendered.text


def test_the_incomplete_letter_names_every_problem_with_its_place_and_a_way_to_answer() -> None:
    """Each problem stands there once with label, place, message and what was read; the lines to
    fill in carry the very labels of the form."""
    rendered = WORDS.letter(letter(Kind.INCOMPLETE, contexts()[Kind.INCOMPLETE]))
    for told in (
        "Originator Phone is missing",
        "table 1, row 5",
        "Title of Change needs another look",
        "table 1, row 12",
        "911",
    ):
        assert told in rendered.text
        assert told in " ".join(parsed(rendered.html).text.split())
    assert re.search(r"^\s+Originator Phone:\n\s+Title of Change:$", rendered.text, re.MULTILINE)


@pytest.mark.parametrize("kind", [Kind.INCOMPLETE, Kind.REMINDER, Kind.RETURNED, Kind.ACKNOWLEDGEMENT])
def test_a_letter_quoted_without_marks_answers_nothing(kind: Kind) -> None:
    """What a letter asks, and what it read, comes back in replies; of itself it is no answer."""
    rendered = WORDS.letter(letter(kind, contexts()[kind]))
    for text in (rendered.text, html_to_text(rendered.html)):
        quoted = Message(sender=Address("pat@cedarloop.example"), text=text, own_text=text.partition("\n--")[0])
        found = answer_in(quoted, TABLE)
        assert found is None or found.submission.fields == {}


def test_the_forward_says_what_to_do_by_when() -> None:
    """The Group Manager reads the task and its date in the subject, and whether a file came along."""
    plain = letter(Kind.FORWARD, contexts()[Kind.FORWARD])
    assert WORDS.letter(plain).subject.startswith("Assign CRPM and Director by 11/24/2026")
    assert "is attached" not in WORDS.letter(plain).text
    assert "is attached" in WORDS.letter(replace(plain, enclosures=(Enclosure("f.docx", "x/y", b""),))).text


def test_the_review_letter_needs_no_change_request() -> None:
    """A mail that concerns nothing we know still says why it waits and who wrote it."""
    context = {
        "change": None,
        "reason": "commands wait for a person",
        "subject": "Re: CR",
        "text": "Please look at it.\nCLOSE it, we would say.",
        "standing": standing(),
        "submission": None,
        "mail": "0123456789ab",
        "lookalike": None,
        "claimed": "",
        "answered": None,
    }
    rendered = WORDS.letter(letter(Kind.REVIEW, context))
    assert "commands wait for a person" in rendered.subject
    assert "pat@cedarloop.example" in rendered.text
    assert "    | Please look at it.\n    | CLOSE it" in rendered.text


def test_letters_about_two_forms_do_not_mix() -> None:
    """The fields are worded once for each form, never for another one."""
    first = WORDS.letter(letter(Kind.ACKNOWLEDGEMENT, contexts()[Kind.ACKNOWLEDGEMENT]))
    other = replace(change("PC112226-2"), fields={**FIELDS, "title": "Another title"})
    second = WORDS.letter(letter(Kind.ACKNOWLEDGEMENT, contexts(other)[Kind.ACKNOWLEDGEMENT]))
    assert "Another title" not in first.text + first.html
    assert "Another title" in second.text
    assert "unlock numbers" not in second.text + second.html


def test_letters_ask_for_nothing_from_the_network() -> None:
    """A letter reads the same with images off: it has none, and loads nothing."""
    for kind, context in contexts().items():
        found = parsed(WORDS.letter(letter(kind, context)).html)
        assert not {"img", "link", "script"} & set(found.tags)
        assert all(link.startswith(("https://cmp.meridell.example/", "mailto:cmpcr@")) for link in found.links)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_letter_acts(payload: str) -> None:
    """Whatever a stranger writes into any field is text."""
    for kind, context in full_contexts(payload).items():
        found = parsed(WORDS.letter(letter(kind, context, Address("a@b.example", payload))).html)
        assert found.acts == []
        assert all(link.startswith(("https://cmp.meridell.example/", "mailto:cmpcr@")) for link in found.links)
        assert not any("evil" in value for _, name, value in found.attributes if name == "style")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_on_a_page_acts(payload: str) -> None:
    """Whatever a stranger writes is text: no script, no event, no style, no foreign address."""
    fields = {**filled(payload), "originator_phone": "303-555-0142"}  # a text that equals it would be withheld
    revised = replace(advanced().change, fields=fields, company=payload)
    rows = tuple(replace(row, action=payload, description=payload, by=payload) for row in advanced().rows)
    documents = tuple(replace(paper, title=payload, name=payload) for paper in revised.documents)
    hostile = replace(lived(payload), change=replace(lived(payload).change, number="PC110326-2"))
    site = site_of((Record(replace(revised, documents=documents), rows, advanced().deadlines), hostile))
    for path, content in site.items():
        if isinstance(content, bytes):
            continue
        found = parsed(content)
        assert found.acts == (["svg"] * content.count("<svg") if path in (WORKFLOW, FIGURES) else OURS.get(path, []))
        assert all(name != "style" for _, name, _ in found.attributes)
        assert all(
            re.fullmatch(
                r"(\.\./)*[\w/.-]*(#[\w-]+)?|data:,|mailto:cmpcr@meridell\.example(\?subject=[\w%-]+(&body=[\w%]+)?)?",
                link,
            )
            for link in found.links
        )


def test_every_page_has_the_policy() -> None:
    """The first thing a page says is what it may load: nothing but its own files."""
    for path, content in site_of((record(), advanced())).items():
        if path.endswith(".html"):
            assert isinstance(content, str)
            assert content.index(CSP) < content.index("<title>")


def test_no_page_names_an_address_or_a_telephone() -> None:
    """Contact data of persons are on no page, whatever a text says; the mailbox is no person."""
    chatty = "Write to pat@cedarloop.example or call (303) 555-0142 or 3035550142."
    told = replace(change(), fields={**filled(chatty), "originator_phone": "(303) 555-0142"}, company=chatty)
    rows = tuple(replace(row, description=chatty, by="pat@cedarloop.example") for row in record().rows)
    old = replace(lived(chatty), change=replace(lived(chatty).change, number="PC110326-2"))
    for shown in pages_of((replace(record(told), rows=rows), old)).values():
        assert not re.search(r"[\w.]+@(?!meridell\.example|media\b)\w+\.\w+", shown)
        assert not re.search(r"303\D{0,3}555\D?0142", shown)


def test_the_package_says_how_long_the_meeting_takes_and_where() -> None:
    """Where the office has said so, in both bodies."""
    rule = replace(OFFICE.calendar.meeting, minutes=120, place="Bridge <303-555-0150>")
    told = Templates(TEMPLATES, replace(OFFICE, calendar=replace(OFFICE.calendar, meeting=rule)), TABLE)
    mail = letter(Kind.AGENDA, contexts()[Kind.AGENDA])
    rendered = told.letter(mail)
    assert "- It takes: 120 minutes\n  - Place: Bridge <303-555-0150>" in rendered.text
    assert ", 120 minutes<br><bdi>Bridge &lt;303-555-0150&gt;</bdi>" in rendered.html
    assert "minutes" not in WORDS.letter(mail).text


def test_no_intake_and_no_file_name_is_on_a_page() -> None:
    """IN numbers and the names of files stay inside."""
    came = replace(change(), key="IN112026-3", first_arrived=intake().first_arrived)
    for path, shown in pages_of((record(came),)).items():
        assert "IN112026" not in shown
        assert ".docx" not in shown or path == FORMS


def test_the_page_has_the_layout_of_the_register_it_follows() -> None:
    """Title bar, facts and headings stand in the order of the real page (domain.md section 1.4)."""
    page = page_of(posting(advanced(), OFFICE))
    text = " ".join(parsed(WORDS.page(page.template, page.context)).text.split())
    order = (
        "Open Product/Process CR PC110326-1 Detail",
        "Title: Document and publish the 911 unlock process",
        "CR Number",
        "Current Status",
        "Area Impacted",
        "Products Impacted",
        "Originator Ames, Pat",
        "Originator Company Name Cedar Loop Telecom",
        "Owner Tully, Joan",
        "Director Whitfield, Omar",
        "CRPM Marsh, Lena",
        "Description of Change",
        "Expected Deliverable",
        "Status History",
        "Revisions",
    )
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_the_page_of_a_long_life_tells_all_of_it() -> None:
    """Meetings, the response in force and the one before, the dispute and the stopped dates, related CRs:
    each in its section, in the order of the real page; drafts are not there."""
    page = page_of(posting(lived(), OFFICE))
    html = WORDS.page(page.template, page.context)
    text = " ".join(parsed(html).text.split())
    order = (
        "Next step Resolution of the escalation no date is set 02/03/2027 Meeting",
        "All other dates are stopped since 01/21/2027 by escalation #2",
        "Steps",
        "5C CR dispute escalated",
        "Date of implementation 03/22/2027",
        "Related CRs PC112226-1",
        "Status History",
        "11/18/2026recorded 11/20/2026",
        "Project Meetings",
        "02/03/2027 Meeting planned",
        "Nothing is recorded of it yet.",
        "11/18/2026 Minutes of the meeting of 11/18/2026",
        "11/18/2026 Clarification Meeting Held",
        "Meridell Response",
        f"Accepted issued 01/13/2027, notice {NOTICES[1]}",
        "Position The notice does not name the field.",
        "The whole text",
        "Earlier responses",
        f"Denied issued 12/09/2026, notice {NOTICES[0]} replaced on 01/13/2027",
        "Reference The notice does not name the field.",
        "Escalation #2",
        "Documents",
    )
    at = 0
    for part in order:
        assert part in text[at:], part
        at = text.index(part, at)
    assert "INTERNAL" not in text
    assert 'href="PC112226-1.html"' in html


def test_a_meeting_that_was_planned_is_not_said_to_be_to_come() -> None:
    """No clock makes a page, so it says what holds before and after: for when it is planned, and that nothing is
    recorded of it; of a project meeting as of a Monthly Meeting, but not of a day by which one is due."""

    def told(made: ChangeRequest, *due: Deadline) -> str:
        page = page_of(posting(Record(made, (), due), OFFICE))
        return " ".join(parsed(WORDS.page(page.template, page.context)).text.split())

    clock, monthly = Deadline(DeadlineKind.CLARIFY, date(2026, 12, 4)), date(2026, 12, 16)
    made = offices.at_step(Step.CLARIFICATION, meeting=Meeting(offices.MORNING))
    said = "; nothing is recorded of it yet"
    presents = Deadline(DeadlineKind.PRESENT, monthly)
    text = told(made, clock, presents)
    assert f"Next step Clarification Meeting planned for 12/01/2026{said}" in text
    assert (
        "12/16/2026 CLEC presentation at the Monthly CMP Meeting What is over stays here until it is recorded." in text
    )
    assert said not in told(replace(made, meeting=None), clock)
    assert f"Monthly CMP Meeting planned for 12/16/2026{said}" in told(replace(made, meeting=None), presents)
    assert f"Monthly CMP Meeting planned for 12/16/2026{said}" in told(offices.at_step(Step.TEST, agenda=monthly))


def test_the_page_of_a_change_request_says_what_its_flags_mean() -> None:
    """In words: a telephone shows no title of an abbreviation."""
    page = page_of(posting(advanced(), OFFICE))
    text = " ".join(parsed(WORDS.page(page.template, page.context)).text.split())
    assert "PC110326-1 IG industry guideline ES escalated" in text


def test_a_letter_knows_which_meetings_are_over() -> None:
    """By the time at which it is written, in text and HTML; the next letter by its own."""
    booked = offices.at_step(Step.CLARIFICATION, meeting=Meeting(offices.MORNING))
    owed = replace(letter(Kind.COMMENT, contexts()[Kind.COMMENT]), number=booked.number)
    owed = replace(owed, context={**owed.context, "change": booked})
    for over in (True, False):
        now = offices.MORNING + timedelta(hours=1 if over else 0)
        made = WORDS.letter(owed, now=now)
        for written in (made.text, parsed(made.html).text):
            assert ("what came of the Clarification Meeting on" in " ".join(written.split())) is over


def test_the_page_says_how_to_comment_and_to_follow() -> None:
    """Each link opens a mail with the number in the subject and the verb on its first line; a closed CR
    takes no comment."""
    links = {}
    for phase in (Phase.CLARIFICATION, Phase.COMPLETION):
        page = page_of(posting(record(replace(change(), phase=phase, step=Step.CLOSED)), OFFICE))
        links[phase] = [link for link in parsed(WORDS.page(page.template, page.context)).links if "body=" in link]
    start = "mailto:cmpcr@meridell.example?subject=%5BPC112226-1%5D%20"
    follow = f"{start}FOLLOW&body=FOLLOW"
    assert links == {
        Phase.CLARIFICATION: [f"{start}COMMENT&body=COMMENT%20", follow],
        Phase.COMPLETION: [follow],
    }


def test_the_workflow_stands_on_a_page_of_its_own() -> None:
    """The picture obeys the policy, and all that it says is told in words below it, for whom it is not drawn."""
    html = str(site_of((record(),))[WORKFLOW])
    found = parsed(html)
    assert all(name not in ("style", "onclick") for _, name, _ in found.attributes)
    assert "<svg" in html
    words = "".join(found.text.split()).partition("Thesteps")[2]
    for spot in picture("Meridell").spots:
        assert f"{spot.number}{spot.name}{spot.phase}{spot.milestone}".replace(" ", "") in words
    for verb in VERBS - {"CONFIRM"}:
        assert verb in words
    assert "../workflow.html" in parsed(str(site_of((record(),))["cr/PC112226-1.html"])).links


def test_a_missing_deliverable_is_said() -> None:
    """A CR without an expected deliverable is a CR all the same."""
    bare = replace(change(), fields={key: value for key, value in FIELDS.items() if key != "expected_deliverable"})
    page = page_of(posting(record(bare), OFFICE))
    assert "No expected deliverable listed" in WORDS.page(page.template, page.context)


def test_the_same_state_gives_the_same_bytes() -> None:
    """A second build, by a second engine, differs in nothing."""
    other = Templates(TEMPLATES, OFFICE, TABLE)
    for one in (record(), advanced(), lived()):
        page, again = page_of(posting(one, OFFICE)), page_of(posting(one, OFFICE))
        assert WORDS.page(page.template, page.context) == other.page(again.template, again.context)
    for page, again in zip(meeting_pages((record(), lived())), meeting_pages((record(), lived())), strict=True):
        assert WORDS.page(page.template, page.context) == other.page(again.template, again.context)


def test_an_empty_register_is_a_page_too() -> None:
    """Before the first CR the register says so."""
    page = register_page((), {}, {})
    assert "No Change Request has been logged yet" in WORDS.page(page.template, page.context)


def test_the_forms_page_offers_what_the_letters_attach() -> None:
    """The three blank forms, with their sizes, what is required and where to send them."""
    files = site_of((record(),))
    page = parsed(str(files[FORMS]))
    told = " ".join(page.text.split())
    for shape, content in blanks(TABLE, OFFICE.organisation).items():
        path = f"forms/change-request.{shape}"
        assert path in page.links
        assert files[path] == content
        assert f".{shape}, {-(-len(content) // 1024)} kB" in told
    required, helpful = told.rpartition("What is required")[2].split("What helps")
    for row in TABLE.fields:
        assert (f"{row.label} {row.hint}" in required) == row.blocks
        assert (row.need is not Need.ADVISED) or row.label in helpful
    assert "One line that names the change. 5 to 200 characters." in required
    assert "what you ask for. 20 characters or more." in required
    assert "PDF or a picture, or protected with a password" in told
    assert "mailto:cmpcr@meridell.example?subject=Change%20Request" in page.links
    assert "../forms.html" in parsed(str(files["cr/PC112226-1.html"])).links
    assert "../forms.html" in parsed(str(files["cr/PC112226-1.html"])).links


def test_the_help_letter_asks_for_no_address_that_the_mail_has() -> None:
    """An e-mail address left blank is the From address; nothing is held up by it."""
    text = WORDS.letter(letter(Kind.HELP, contexts()[Kind.HELP])).text
    asked = text.split("cannot be logged without:")[1].split("TO WRITE")[0]
    assert [row.label for row in TABLE.fields if f"- {row.label}\n" in asked] == [
        row.label for row in TABLE.fields if row.blocks
    ]


def test_a_misspelt_name_is_an_error(tmp_path: Path) -> None:
    """A template that asks for what it is not given does not print an empty text."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/x.html").write_text("{{ nothing.like.that }}")
    with pytest.raises(BrokenTemplate, match=r"template site/x\.html, line 1: .*nothing"):
        Templates(tmp_path, OFFICE, TABLE).page("x.html", {})


def test_a_misspelt_name_is_found_before_anybody_needs_it(tmp_path: Path) -> None:
    """By file and line, also where the template includes the one that is wrong; what is set, looped over, given or
    asked for with care is no finding."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/x.html").write_text("Well\n{% include 'site/y.html' %}")
    (tmp_path / "site/y.html").write_text(
        "{% set own = 1 %}{% for one in rows %}{{ one }}{{ loop.index }}{{ own }}{% endfor %}\n"
        "{% if extra is defined %}{{ extra }}{% endif %}{{ site }}\n{{ nothing.at.all }}\n{{ nothing }}"
    )
    templates = Templates(tmp_path, OFFICE, TABLE)
    (told,) = map(str, templates.broken())
    assert told == "template site/y.html, line 3: nothing is called nothing here"
    with pytest.raises(BrokenTemplate, match=r"template site/y\.html, line 3: 'nothing' is undefined"):
        templates.page("x.html", {"rows": ()})


def test_what_templates_may_speak_of_is_what_the_shipped_ones_do() -> None:
    """No name is left over in the table, and none is missing."""
    environment = WORDS._environment
    spoken: dict[str, set[str]] = {folder: set() for folder in GIVEN}
    for name in environment.list_templates(COMPILED):
        tree = environment.parse((TEMPLATES / name).read_text("utf-8"), name)
        spoken[name.partition("/")[0]] |= meta.find_undeclared_variables(tree) - set(environment.globals)
    assert spoken == GIVEN


def test_a_broken_template_is_named_with_its_line(tmp_path: Path) -> None:
    """The one that is broken, though another includes it; and all that are, when asked."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/x.html").write_text("{% extends 'site/y.html' %}")
    (tmp_path / "site/y.html").write_text("Well\n{% if %}\n")
    (tmp_path / "site/z.txt").write_text("\n\n{{ 1|nofilter }}")
    (tmp_path / "site/site.css").write_text("{% no template")
    templates = Templates(tmp_path, OFFICE, TABLE)
    with pytest.raises(BrokenTemplate, match=r"template site/y\.html, line 2: ") as caught:
        templates.page("x.html", {})
    told = [str(each) for each in templates.broken()]
    assert told == [str(caught.value), "template site/z.txt, line 3: No filter named 'nofilter'."]
    assert not [*WORDS.broken()]


def test_an_office_without_a_site_still_writes_letters() -> None:
    """A house without a web address gets letters that name no page and have no broken button."""
    quiet = replace(OFFICE, organisation=Organisation("Meridell", Address("cmpcr@meridell.example"), ""))
    words = Templates(TEMPLATES, quiet, TABLE)
    for kind, context in contexts().items():
        rendered = words.letter(letter(kind, context))
        assert ".html" not in rendered.text
        assert all(link.startswith("mailto:cmpcr@meridell.example") for link in parsed(rendered.html).links)


def test_what_the_workflow_gives_is_enough_for_every_letter() -> None:
    """Decisions about forms and prose give every kind of letter that they owe, and each can be put into words."""
    words = Templates(TEMPLATES, offices.OFFICE, TABLE)
    asked = decide(
        None, offices.submitted(number="IN112326-1", problems=(offices.MISSING_PHONE,)), offices.OFFICE, offices.NOW
    )
    logged = decide(None, offices.submitted(), offices.OFFICE, offices.NOW).change
    thread = Thread("<a@pine.example>")
    due = Deadline(DeadlineKind.CORRECT, date(2026, 11, 25))
    boss = Standing(offices.MANAGER.address, person=offices.MANAGER, ours=True, verified=True)
    events: tuple[tuple[ChangeRequest | None, Event], ...] = (
        (None, offices.submitted(fields={"exception_requested": True})),
        (asked.change, offices.submitted()),
        (None, offices.submitted(offices.STRANGER, "IN112326-2", problems=(offices.MISSING_PHONE,))),
        (None, offices.submitted(offices.OWN, "IN112326-3")),
        (logged, offices.submitted()),
        (logged, Commented("c", offices.ARRIVED, "Any news?", offices.PAT, thread)),
        (logged, Commented("c", offices.ARRIVED, "Withdraw it, please", offices.PAT, thread)),
        (logged, Commented("c", offices.ARRIVED, "Any news?", offices.OWN, thread)),
        (logged, Held("c", "commands wait", "Re: it", offices.FORGER, thread)),
        (None, Asked("c", "How?", offices.STRANGER, thread)),
        (None, Asked("c", "How?", offices.FORGER, thread)),
        (None, SetAside("c", "too large", "Form", offices.PAT, thread)),
        (None, Withheld("pat@pine.example", "robot@pine.example", date(2026, 11, 23))),
        (None, Undelivered("c", Kind.FORWARD, "pat@pine.example", "", "550 no such user")),
        (asked.change, Elapsed("r", due, 1)),
        (asked.change, Ordered("o", offices.ARRIVED, CommandLine("RETURN x", "RETURN", "x"), boss)),
        (asked.change, Reported("t", (Result("DROP x", "IN112326-1", "x", "ends it", "No."),), boss, thread)),
    )
    decisions = [asked, *(decide(change, event, offices.OFFICE, offices.NOW) for change, event in events)]
    owed = [effect.letter for decision in decisions for effect in decision.effects if isinstance(effect, Send)]
    assert {one.kind for one in owed} == set(contexts()) - {
        Kind.CONFIRMATION,
        Kind.ATTEMPT,
        Kind.AWAY,
        Kind.AGENDA,
        Kind.OUTCOMES,
        Kind.REPORT,
        Kind.UNCARRIED,
        Kind.EXPIRY,
    }  # those are the daemon's
    for one in owed:
        assert words.letter(one).html


def test_rendering_stays_cheap() -> None:
    """A letter and a page cost well under a millisecond (the bar has room for a slow machine)."""
    forward = letter(Kind.FORWARD, contexts()[Kind.FORWARD])
    page = page_of(posting(record(), OFFICE))
    WORDS.letter(forward), WORDS.page(page.template, page.context)
    began = time.process_time()
    for _ in range(50):
        WORDS.letter(forward)
        WORDS.page(page.template, page.context)
    assert (time.process_time() - began) / 50 < 0.003


def test_every_letter_reads_well_in_a_browser(tmp_path: Path) -> None:
    """Headless Chromium, from files, on a telephone, in the light and in the dark: no console error, nothing asked of
    others, no sideways scrolling, however long the words are."""
    for name, context in (("long", full_contexts("W" * 300)), ("plain", contexts())):
        for kind, told in context.items():
            rendered = WORDS.letter(letter(kind, told))
            (tmp_path / f"{name}-{kind}.html").write_text(rendered.html, encoding="utf-8")
    watch = Watch()
    with chromium() as browser:
        page = watch.over(browser.new_page(viewport={"width": 360, "height": 800}))
        for path in sorted(tmp_path.iterdir()):
            page.goto(path.as_uri())
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate("document.documentElement.scrollWidth") <= 360, f"{path.name}, {scheme}"
    assert watch.errors == []
    assert [url for url in watch.requests if not url.startswith(("file:", "data:"))] == []


def test_colours_have_contrast() -> None:
    """Text on its ground has a contrast of 4.5 or more, in the light and in the dark (WCAG 2.2 AA)."""
    css = WORDS.asset("site/site.css").decode()
    themes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.S)[:2]
    ]
    for theme in themes:
        pairs = [(ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "card", "tint")]
        for ink, ground in [*pairs, ("on-bar", "bar")]:
            assert _contrast(theme[ink], theme[ground]) >= 4.5, f"{ink} on {ground}: {json.dumps(theme)}"


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear: list[Any] = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def test_a_form_without_problems_by_key_is_asked_for_as_a_whole() -> None:
    """A problem with the file as a whole gives no line to fill in, and no error."""
    broken = incomplete(problems=(Problem("", Code.UNREADABLE, "", "The file could not be opened."),))
    rendered = WORDS.letter(letter(Kind.INCOMPLETE, contexts(submission=broken)[Kind.INCOMPLETE]))
    assert "The file could not be opened." in rendered.text


@pytest.mark.parametrize("kind", [Kind.INCOMPLETE, Kind.REMINDER])
def test_a_file_that_nobody_could_read_is_called_that(kind: Kind) -> None:
    """Where nothing was read, nothing is said to be missing from it or to be corrected in it."""
    nothing = Submission("a.docx", problems=(Problem("", Code.UNREADABLE, "a.docx", "It ends too early."),))
    rendered = WORDS.letter(letter(kind, contexts(submission=nothing)[kind]))
    assert "we could not read your form" in rendered.subject.lower()
    for text in (" ".join(rendered.text.split()), " ".join(parsed(rendered.html).text.split())):
        assert "we could not read your form" in text
        assert "missing" not in text
