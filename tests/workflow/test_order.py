"""Orders: what LOG, RETURN and DROP do to an intake, and to whom they are refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.intake.arguments import Mistake, understand
from bot.intake.command import read_commands
from bot.intake.form import FieldTable, Submission
from bot.intake.request import Form
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind, Letter, Thread
from bot.mail.message import Attachment
from bot.workflow.change import MANAGER, SENDER, ChangeRequest, Disposition, Phase, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate, Keep, Meet, Open, Publish, Send
from bot.workflow.event import Ordered, Reported
from bot.workflow.order import carry_out, conceivable
from bot.workflow.party import Party
from bot.workflow.step import ROWS
from tests.workflow.carry.test_reaction import answered
from tests.workflow.offices import (
    BARE,
    FIELDS,
    FORGER,
    GROUP,
    LENA,
    MISSING_PHONE,
    MORNING,
    NOW,
    OFFICE,
    OWN,
    PAT,
    STAFFED,
    STRANGER,
    at_step,
    by,
    obeyed,
    ordered,
    submitted,
)
from tests.workflow.offices import (
    MANAGER as MONA,
)

BOSS = Standing(MONA.address, person=MONA, ours=True, verified=True, proof="DMARC pass")
LATER = NOW + timedelta(days=1)


def intake(standing: Standing = STRANGER, *, complete: bool = True, file: Attachment | None = None) -> ChangeRequest:
    """A form that waits for the CMP Manager, or for its sender."""
    problems = () if complete else (MISSING_PHONE,)
    change = decide(None, submitted(standing, "IN112326-1", problems=problems, file=file), OFFICE, NOW).change
    assert change is not None
    return change


def order(line: str, standing: Standing = BOSS, change: ChangeRequest | None = None, **more: object) -> Ordered:
    """A line that somebody wrote about an intake."""
    (command,) = read_commands(line)
    form = Form(Submission("your form", change.fields if change else FIELDS, advised_missing=("business_reason",)))
    args = understand(command, OFFICE, LATER.date(), FieldTable("", ()))
    event = Ordered("ba9876543210/0", LATER, command, standing, args, form=form, number="PC112326-7")
    return replace(event, **more)  # type: ignore[arg-type]  # fields of the event, by name


def numbers(series: str, change: ChangeRequest) -> str:
    """The next number of every series."""
    return "PC112326-7" if series == "PC" else "12"


def letters(decision: Decision) -> list[Letter]:
    """The letters that a decision owes."""
    return [effect.letter for effect in decision.effects if isinstance(effect, Send)]


def met(decision: Decision) -> set[DeadlineKind]:
    """The deadlines that a decision ends."""
    return {effect.kind for effect in decision.effects if isinstance(effect, Meet)}


def test_log_does_all_that_a_registration_does() -> None:
    """Number, acknowledgement to the originator in their thread, forward, posting, clocks; the reason stays inside."""
    change = intake()
    decision = decide(change, order("LOG we spoke on the phone", change=change), OFFICE, LATER)
    logged = decision.change
    assert logged is not None
    assert decision.fate is Fate.OBEYED
    assert (logged.key, logged.number, logged.step) == ("IN112326-1", "PC112326-7", Step.SME_ASSIGNMENT)
    assert (logged.waits_for, logged.inquiry, len(logged.revisions)) == ("", None, 1)
    by_kind = {letter.kind: letter for letter in letters(decision)}
    assert by_kind[Kind.ACKNOWLEDGEMENT].to.email == "sam@elsewhere.example"
    assert by_kind[Kind.ACKNOWLEDGEMENT].thread == Thread("<a@pine.example>")
    assert by_kind[Kind.FORWARD].to == GROUP.address
    assert any(isinstance(effect, Publish) for effect in decision.effects)
    assert met(decision) >= {DeadlineKind.FINISH_INTAKE, DeadlineKind.CORRECT}
    inside = [row for row in decision.rows if not row.public]
    assert [(row.by, "we spoke on the phone" in row.description) for row in inside] == [("mona", True)]


def test_log_takes_an_incomplete_form_and_asks_for_the_rest() -> None:
    """The CMP Manager vouches; what is missing stays blank and is asked for in the acknowledgement."""
    change = intake(PAT, complete=False)
    form = Form(Submission("your form", change.fields, problems=(MISSING_PHONE,), advised_missing=("business_reason",)))
    decision = decide(change, order("LOG", form=form), OFFICE, LATER)
    (acknowledged,) = [letter for letter in letters(decision) if letter.kind is Kind.ACKNOWLEDGEMENT]
    assert acknowledged.context["advised"] == ("originator_phone", "business_reason")
    assert acknowledged.context["vouched"] == "Mona Finch"


def test_the_file_that_came_is_logged_with_its_number() -> None:
    """An intake keeps the file of its present text, and gives it up for the numbered one."""
    file = Attachment("form.rtf", "application/rtf", b"{\\rtf1 form}")
    change = intake(file=file)
    decided = decide(None, submitted(STRANGER, "IN112326-1", file=file), OFFICE, NOW)
    assert [effect.document.name for effect in decided.effects if isinstance(effect, Keep)] == ["form.rtf"]
    form = Form(Submission("your form", change.fields), file)
    decision = decide(change, order("LOG", form=form), OFFICE, LATER)
    assert [effect.document.name for effect in decision.effects if isinstance(effect, Keep)] == ["PC112326-7 form.rtf"]
    assert decision.change is not None
    assert decision.change.documents == ()


def test_log_of_the_carriers_own_request_is_a_labelled_override() -> None:
    """Step 1A has no process; history says that it was overridden (DESIGN section 4)."""
    change = intake(OWN)
    assert change.step is Step.OWN_REQUEST
    decision = decide(change, order("LOG", change=change), OFFICE, LATER)
    assert any("overriding step 1A" in row.description for row in decision.rows)
    assert (Kind.ACKNOWLEDGEMENT, GROUP.address) in [(letter.kind, letter.to) for letter in letters(decision)]


def test_return_sends_it_back_and_keeps_it_open() -> None:
    """The sender reads the reason, in the thread of the mail; it waits for them, and they are reminded."""
    change = intake()
    decision = decide(change, order("RETURN Please name the company you write for.", change=change), OFFICE, LATER)
    (letter,) = letters(decision)
    assert (letter.kind, letter.to.email, letter.thread) == (
        Kind.RETURNED,
        "sam@elsewhere.example",
        Thread("<a@pine.example>"),
    )
    assert letter.context["reason"] == "Please name the company you write for."
    assert decision.change is not None
    assert (decision.change.waits_for, decision.change.open, decision.change.number) == (SENDER, True, "IN112326-1")
    opened = [effect.deadline.kind for effect in decision.effects if isinstance(effect, Open)]
    assert (met(decision), opened) == ({DeadlineKind.FINISH_INTAKE}, [DeadlineKind.CORRECT])


def test_drop_ends_it_in_silence() -> None:
    """A row says why; nobody is written to, and nothing runs any more."""
    change = intake()
    decision = decide(change, order("DROP spam", change=change), OFFICE, LATER)
    assert decision.change is not None
    assert (decision.change.phase, decision.change.open) == (Phase.COMPLETION, False)
    assert letters(decision) == []
    assert met(decision) == {DeadlineKind.ANSWER_INCOMPLETE, DeadlineKind.FINISH_INTAKE, DeadlineKind.CORRECT}
    assert "spam" in decision.rows[0].description


@pytest.mark.parametrize(
    ("line", "standing", "words"),
    [
        ("LOG", PAT, "for the CMP Manager, and that is not you"),
        ("LOG", OWN, "for the CMP Manager, and that is not you"),
        ("LOG", FORGER, "we do not know your address"),
        ("RETURN", BOSS, "why"),
        ("DROP", BOSS, "why"),
    ],
)
def test_refusals_say_why(line: str, standing: Standing, words: str) -> None:
    """Only the CMP Manager may, and with a reason where one is needed; nothing changes otherwise."""
    change = intake()
    decision = decide(change, order(line, standing, change), OFFICE, LATER)
    assert (decision.fate, decision.change, decision.rows, decision.effects) == (Fate.REFUSED, change, (), ())
    assert words in decision.reason


def test_a_row_may_be_for_fewer_than_its_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may use a verb somewhere may not where the row of this place is not for them."""
    key, row = next((key, row) for key, row in ROWS.items() if row.verb == "LOG")
    monkeypatch.setitem(ROWS, key, replace(row, parties=frozenset({Party.DIRECTOR})))
    change = intake()
    decision = decide(change, order("LOG", BOSS, change), OFFICE, LATER)
    assert (decision.fate, decision.change) == (Fate.REFUSED, change)


def test_what_nobody_proves_waits_for_its_sender() -> None:
    """A line that lacks nothing but proof is parked with the reason: whoever it names is asked first."""
    forged = replace(BOSS, verified=False, proof="DMARC says fail")
    decision = decide(intake(), order("LOG", forged), OFFICE, LATER)
    assert (decision.fate, decision.effects) == (Fate.PARKED, ())
    assert "DMARC says fail" in decision.reason


def test_only_a_clec_is_asked_back() -> None:
    """What everybody sees is asked back once of the CLEC who wrote it; staff who stand in an originator's place
    have said it already."""
    change = at_step(Step.CLARIFICATION)
    asked = obeyed(change, "WITHDRAW We sell it.", PAT)
    assert (asked.fate, asked.reason) == (
        Fate.PARKED,
        "WITHDRAW is asked back once, because it is seen by everybody.",
    )
    assert obeyed(change, "WITHDRAW We sell it.", replace(PAT, confirmed=True)).fate == Fate.OBEYED
    assert obeyed(replace(change, originator=LENA.address), "WITHDRAW We sell it.", LENA).fate == Fate.OBEYED


@pytest.mark.parametrize(
    ("verb", "standing", "words"),
    [
        ("ABRACADABRA", BOSS, "ABRACADABRA is no verb that we know. HELP lists all of them."),
        ("LOG", PAT, "LOG is for the CMP Manager, and that is not you."),
        ("LOG", FORGER, "LOG is for the CMP Manager, and we do not know your address"),
        ("REPORT", PAT, "REPORT is for"),
        ("LOG", BOSS, ""),
        ("REPORT", BOSS, ""),
        ("STATUS", PAT, ""),
        ("LOG", replace(BOSS, verified=False, proof="DMARC says fail"), "DMARC says fail"),
    ],
)
def test_what_could_be_done_somewhere(verb: str, standing: Standing, words: str) -> None:
    """Whether a sender could use a verb at all is said before anybody knows on what."""
    said = conceivable(verb, standing)
    assert words in said
    assert bool(said) == bool(words)


def test_what_is_no_intake_is_refused() -> None:
    """Nothing named, a numbered CR, and what was dropped before: each in words of its own."""
    logged = decide(None, submitted(), OFFICE, NOW).change
    dropped = decide(intake(), order("DROP spam"), OFFICE, LATER).change
    assert "does not say what it is about" in decide(None, order("LOG"), OFFICE, LATER).reason
    assert "There is no IN010126-9" in decide(None, order("IN010126-9: LOG"), OFFICE, LATER).reason
    assert "has its number already" in decide(logged, order("LOG"), OFFICE, LATER).reason
    assert "was dropped before" in decide(dropped, order("LOG"), OFFICE, LATER).reason
    assert "a form without a CR number yet; RESUME" in decide(intake(), order("RESUME"), OFFICE, LATER).reason
    assert "plain text" in decide(intake(), order("LOG", doubtful=True), OFFICE, LATER).reason


def test_lines_see_what_the_lines_before_them_did() -> None:
    """LOG and then DROP of the same intake cannot both be meant: the second is refused."""
    change = intake()
    done = carry_out([(change, order("LOG")), (change, order("DROP twice"))], OFFICE, LATER, numbers)
    assert [decision.fate for decision, _ in done] == [Fate.OBEYED, Fate.REFUSED]
    assert [result.refusal != "" for _, result in done] == [False, True]


def test_the_transcript_tells_what_was_done_and_who_was_told() -> None:
    """Old and new, line by line, to whoever wrote; a refusal stands in the journal as well."""
    change = intake()
    ((decision, result),) = carry_out([(change, order("LOG", change=change))], OFFICE, LATER, numbers)
    assert ("Number", "IN112326-1", "PC112326-7") in result.changed
    assert ("Waits for", MANAGER, "nobody") in result.changed
    assert any("sam@elsewhere.example" in told for told in result.told)
    report = decide(decision.change, Reported("ba9876543210", (result,), BOSS, Thread("<m@x.example>")), OFFICE, LATER)
    (letter,) = letters(report)
    assert (report.fate, letter.kind, letter.to, report.rows) == (Fate.OBEYED, Kind.TRANSCRIPT, MONA.address, ())
    refused = replace(result, refusal="No.", changed=(), told=())
    report = decide(change, Reported("ba9876543210", (refused,), BOSS, Thread()), OFFICE, LATER)
    assert (report.fate, report.reason, len(report.rows)) == (Fate.REFUSED, "LOG: No.", 1)


def test_the_transcript_repeats_what_was_not_read() -> None:
    """Words below a bare verb are neither obeyed nor lost; a doubt about a line refuses it."""
    result = carry_out([(intake(), order("AGENDA\nwith the old items"))], OFFICE, LATER, numbers)[0][1]
    assert (result.left, result.refusal) == ("with the old items", "")
    doubtful = replace(read_commands("AGENDA")[0], doubt="Which one?")
    assert understand(doubtful, OFFICE, LATER.date(), FieldTable("", ())) == Mistake("Which one?")


def test_a_form_without_a_number_is_not_there_for_strangers() -> None:
    """Whoever may not see it reads neither its title nor that it exists."""
    change = intake(PAT)
    stranger = replace(STRANGER, company=BARE)
    ((decision, result),) = carry_out([(change, order("WITHDRAW It is ours.", stranger))], OFFICE, LATER, numbers)
    assert (decision.fate, decision.change, result.title) == (Fate.REFUSED, None, "")


def test_a_refusal_names_only_what_would_work_now() -> None:
    """What is named instead is what the letter offers at its end: no RESPOND before an approval."""
    refused = obeyed(at_step(Step.RESPONSE), "ALIGNED yes", LENA)
    assert (refused.fate, "What you can do there now: " in refused.reason) == (Fate.REFUSED, True)
    assert "DRAFT" in refused.reason
    assert "RESPOND" not in refused.reason


def test_a_word_that_is_no_verb_is_not_explained() -> None:
    """Its refusal says all that there is to say; nothing is said to be understood."""
    ((_, result),) = carry_out(((intake(), order("APPROV")),), OFFICE, LATER, numbers)
    assert result.meaning == ""
    assert "Did you mean APPROVE or" in result.refusal


def test_a_result_says_what_was_changed_and_what_can_be_undone() -> None:
    """Old and new of each thing that is otherwise now; a LOG stays, and so does what only asks. A file is told of
    only with a verb that takes one."""
    outcome = ordered("OUTCOME ACCEPTED DENIAL", by(LENA))
    ((_, accepted),) = carry_out([(answered(said=Disposition.DENIED), outcome)], STAFFED, MORNING, numbers)
    assert ("Reaction", "none", "Accepted") in accepted.changed
    assert not any(name == "Disposition" for name, *_ in accepted.changed)
    assert (accepted.undo, accepted.done) == (True, True)
    change, paper = intake(), Enclosure("notes.txt", "text/plain", b"x")
    ((_, logged),) = carry_out([(change, order("LOG", change=change, files=(paper,)))], OFFICE, LATER, numbers)
    assert (logged.undo, logged.done, logged.understood) == (False, True, "")
    ((_, asked),) = carry_out([(None, order("AGENDA"))], OFFICE, LATER, numbers)
    assert (asked.changed, asked.undo, asked.number) == ((), False, "")
