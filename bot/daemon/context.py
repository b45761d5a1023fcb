"""Context: which change request a mail is about, and the events that come of it.

Its one rule: context gives no right. A thread, a number or a likeness says what a mail may be
about; whether its sender may do what it asks is decided in the workflow.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.daemon.desk import Desk
from bot.edge.store import Unit
from bot.intake.form import FieldTable, Submission
from bot.intake.judge import merge
from bot.intake.number import earlier_numbers_in, numbers_in
from bot.intake.paper.blank import CONTENT_TYPES, blank, blanks
from bot.intake.read import BESIDE_THE_POINT
from bot.intake.request import Commands, Comment, Form, Question, Request, Rsvp, Submissions, Unsafe
from bot.intake.verify import Standing
from bot.mail.invite import read_uid
from bot.mail.letter import Enclosure, Thread
from bot.mail.message import Envelope, Message
from bot.mail.token import without_codes
from bot.workflow.change import SENDER, ChangeRequest
from bot.workflow.duplicate import likest, marks
from bot.workflow.event import Asked, Commented, Replied, Submitted
from bot.workflow.party import for_originator
from bot.workflow.revision import laid_over
from bot.workflow.submission import route, series

NOTHING_ABOVE = "Your reply held no words above the letter that it quotes; what is typed into a quotation is not read."


def context_of(unit: Unit, envelope: Envelope, message: Message, request: Request) -> ChangeRequest | None:
    """The change request a mail is about: the one it began (a replay), the one whose letter it
    answers, else the one it names. Context only, never a right. A form that speaks of another
    change request in its text is not about that one; prose is."""
    if isinstance(request, Rsvp):
        uid = read_uid(request.uid)
        return unit.change(uid.key) if uid else None
    if isinstance(request, Commands) and request.forms and (number := request.lines[0].number):
        return unit.change_numbered(number)
    named = message.subject if isinstance(request, Submissions) else f"{message.subject}\n{message.own_text}"
    numbers = (*numbers_in(named), *earlier_numbers_in(message.subject))
    return (
        unit.change_caused_by(envelope.id)
        or unit.change_answered((message.in_reply_to, *reversed(message.references)))
        or next((change for number in numbers if (change := unit.change_numbered(number))), None)
    )


def events_of(
    desk: Desk,
    unit: Unit,
    envelope: Envelope,
    message: Message,
    standing: Standing,
    request: Request,
    change: ChangeRequest | None,
) -> Iterator[tuple[Asked | Commented | Replied | Submitted, ChangeRequest | None]]:
    """What a request amounts to: events, each with the change request it meets."""
    cause, thread = envelope.id, thread_of(message)
    forms = forms_in(request, standing, change)
    if forms:
        # Several forms in one mail are several CRs; a single one may go on with an earlier one.
        earlier = change if len(forms) == 1 and continues(change, standing) else None
        for place, form in enumerate(forms):
            yield submitted(desk, unit, f"{cause}/{place}", envelope, thread, standing, form, earlier)
        return
    match request:
        case Comment() | Question() if change is not None:
            text, files = without_codes(request.text), enclosed_in(message)
            yield Commented(cause, envelope.arrived, text, standing, thread, files), change
        case Comment() | Question():
            yield Asked(cause, request.text, standing, thread, forms_for(desk)), None
        case Rsvp():
            running = unit.running(change.key) if change else ()
            yield Replied(cause, envelope.arrived, request, standing, running), change
        case Commands() | Submissions() | Unsafe():
            raise AssertionError("commands are obeyed, a submission has forms, and what is unsafe is set aside before")


def enclosed_in(message: Message) -> tuple[Enclosure, ...]:
    """The files that somebody attached to a mail, without what mail programs attach by themselves."""
    return tuple(
        Enclosure(file.name, file.content_type, file.content)
        for file in message.attachments
        if not file.content_type.startswith(BESIDE_THE_POINT)
    )


def forms_in(request: Request, standing: Standing, change: ChangeRequest | None) -> tuple[Form, ...]:
    """The forms of a mail: those that it brings, or the answer that it gives to a letter about a
    change request."""
    answer = request.answer if isinstance(request, Submissions | Comment | Question) else None
    match request:
        case Submissions():
            answered = answer and continues(change, standing)
            unread = not any(form.submission.fields for form in request.forms)
            return _beside(answer.submission, request.forms) if answer and answered and unread else request.forms
        case Commands() if change is not None:
            return request.forms
        case Comment() | Question() if change is not None and continues(change, standing):
            if answer and (answer.leads or not change.logged):
                return (Form(answer.submission),)
            waits = change.waits_for == SENDER
            return (Form(Submission("", notes=(NOTHING_ABOVE,))),) if waits and not request.text.strip() else ()
    return ()


def _beside(answer: Submission, unread: tuple[Form, ...]) -> tuple[Form, ...]:
    """An answer in words beside files that nobody can read, which are named in notes."""
    return (Form(replace(answer, notes=(*answer.notes, *(form.kept for form in unread)))),)


def continues(change: ChangeRequest | None, standing: Standing) -> bool:
    """True when a form may go on with an earlier one: that has its number, and who may change it is
    decided there; or it is open, and the same sender or the same company writes."""
    if change is None or standing.sender is None:
        return False
    return change.logged or (change.open and for_originator(change, standing))


def submitted(
    desk: Desk,
    unit: Unit,
    cause: str,
    envelope: Envelope,
    thread: Thread,
    standing: Standing,
    form: Form,
    earlier: ChangeRequest | None,
) -> tuple[Submitted, ChangeRequest | None]:
    """The event of one form, and the change request that it goes on with: laid over its text, with
    the number it needs taken."""
    office, table = desk.settings.office, desk.settings.table
    laid, lookalike = on_top(earlier, form, table), None
    if standing.company is not None and not (earlier and earlier.logged):
        own = marks(standing.company.name, laid.submission.fields)
        lookalike = likest(own, unit.lookalikes(own), earlier.key if earlier else "")
    if earlier is None and lookalike and not lookalike.logged:
        # A new form for an intake that waits for its sender is one of the three ways to answer.
        waiting = unit.change(lookalike.key)
        if waiting and waiting.waits_for == SENDER and continues(waiting, standing):
            earlier, lookalike, laid = waiting, None, on_top(waiting, form, table)
    form = laid
    where = route(form.submission, standing, office, earlier, lookalike)
    wanted = series(where, earlier)
    number = unit.take(wanted, office.calendar.local_date(envelope.arrived)) if wanted else ""
    shown = number or (earlier.number if earlier else "")
    prefilled = () if form.submission.complete else form_back(desk, form.submission, shown)
    return Submitted(cause, envelope.arrived, form, standing, thread, number, prefilled, lookalike), earlier


def on_top(earlier: ChangeRequest | None, form: Form, table: FieldTable) -> Form:
    """A form laid over the text that it goes on with. An answer in words is answered, if need be,
    with a form of the kind that the sender used before."""
    if earlier is None:
        return form
    if earlier.logged:
        return replace(form, submission=laid_over(earlier.fields, form.submission, table))
    laid = merge(earlier.fields, form.submission, table)
    if form.file is None and earlier.inquiry is not None:
        laid = replace(laid, format=earlier.inquiry.format)
    return replace(form, submission=laid)


def form_back(desk: Desk, submission: Submission, number: str) -> tuple[Enclosure, ...]:
    """The form as it was read, with a remark at everything that is wrong, to be corrected."""
    settings, shape = desk.settings, submission.format
    house = settings.office.organisation
    content = blank(settings.table, shape, submission.fields, submission.problems, number, house)
    name = "Change Request form to correct" if submission.fields else "Change Request form"  # blank: nothing was read
    return (Enclosure(f"{name}.{shape}", CONTENT_TYPES[shape], content),)


def forms_for(desk: Desk) -> tuple[Enclosure, ...]:
    """The blank forms, to go with the help letter."""
    files = blanks(desk.settings.table, desk.settings.office.organisation)
    return tuple(
        Enclosure(f"Change Request form.{shape}", CONTENT_TYPES[shape], content) for shape, content in files.items()
    )


def thread_of(message: Message) -> Thread:
    """Where an answer to a message belongs (RFC 5322 section 3.6.4)."""
    before = message.references or ((message.in_reply_to,) if message.in_reply_to else ())
    ids = (*before, message.message_id) if message.message_id else before
    return Thread(message.message_id, ids)
