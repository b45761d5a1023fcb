"""Obey: the lines of a command mail, carried out in the transaction of the mail.

Its one rule: all lines or none. They are rehearsed first, so that no number is taken for a line that
is then refused: a number once taken in a transaction that commits is never given back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.daemon.context import enclosed_in, form_back, thread_of
from bot.daemon.desk import Desk
from bot.daemon.look_up import looked_up
from bot.edge.store import Unit
from bot.intake.arguments import Arguments, Mistake, understand
from bot.intake.form import Submission
from bot.intake.judge import merge
from bot.intake.read import TAKING_FILES
from bot.intake.request import CommandLine, Commands, Form
from bot.intake.verbs import VERBS
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure
from bot.mail.message import Attachment, Envelope, Message
from bot.workflow.change import ChangeRequest, Response
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Send
from bot.workflow.enquiry import ENQUIRIES
from bot.workflow.event import Ordered, Reported, Result, Undoing
from bot.workflow.order import STOPPING, carry_out
from bot.workflow.revision import corrected
from bot.workflow.step import rows_of
from bot.workflow.transition import Need

REHEARSED = {"PC": "PC010100-0"}
"""Stands for a dated number while lines are rehearsed; no counter ever gives it."""
DRY = "DRY RUN"
GONE_ON = (
    "It linked {0} with {1}, of which something else was recorded since. A link is taken back from both or from none."
)
SENDING_ON = frozenset(verb.name for verb in VERBS if verb.sends_on)


@dataclass(frozen=True, slots=True)
class Errand:
    """One mail with commands: who sent it, what it says, and the change request it is about."""

    envelope: Envelope
    message: Message
    standing: Standing
    commands: Commands
    context: ChangeRequest | None

    @property
    def dry(self) -> bool:
        """True where the mail only asks what would be done."""
        return self.commands.lines[0].verb == DRY

    @property
    def lines(self) -> tuple[CommandLine, ...]:
        """The lines to carry out; none where DRY RUN stands alone."""
        return self.commands.lines[1:] if self.dry else self.commands.lines

    @property
    def told(self) -> tuple[CommandLine, ...]:
        """The lines to tell of: those to carry out, or DRY RUN itself where it stands alone."""
        return self.lines or self.commands.lines


def obey(desk: Desk, unit: Unit, errand: Errand) -> list[Decision]:
    """Carry out the lines of a mail, record what they did, and owe the transcript."""
    office, now = desk.settings.office, desk.clock.now()
    orders = _orders(desk, unit, errand)
    done = _rehearsed(desk, orders)
    idle = errand.dry or not done or any(decision.fate in STOPPING for decision, _ in done)
    if not idle:
        done = carry_out(orders, office, now, lambda series, change: _number(desk, unit, series, change))
        for (decision, _), (_, event) in zip(done, orders, strict=True):
            unit.record(decision, event.cause, desk.compose, desk.message_id)
    results = tuple(result for _, result in done)
    kept = _kept(errand, done)
    report = Reported(errand.envelope.id, results, errand.standing, thread_of(errand.message), errand.dry, kept)
    concerned = {decision.change.key for decision, _ in done if decision.change}
    told = decide(unit.change(*concerned) if len(concerned) == 1 else None, report, office, now)
    unit.record(told, errand.envelope.id, desk.compose, desk.message_id)
    return [told] if idle else [decision for decision, _ in done]


def rehearse(desk: Desk, unit: Unit, errand: Errand) -> tuple[tuple[Decision, Result], ...]:
    """The lines of a mail as they would go: nothing is recorded and no number is taken."""
    return _rehearsed(desk, _orders(desk, unit, errand))


def _rehearsed(
    desk: Desk, orders: Sequence[tuple[ChangeRequest | None, Ordered]]
) -> tuple[tuple[Decision, Result], ...]:
    office, now = desk.settings.office, desk.clock.now()
    return carry_out(orders, office, now, lambda series, _: REHEARSED.get(series, "0"))


def _orders(desk: Desk, unit: Unit, errand: Errand) -> list[tuple[ChangeRequest | None, Ordered]]:
    orders = [_order(desk, unit, errand, line, place) for place, line in enumerate(errand.lines)]
    return [each for order in orders for each in _on_both(unit, *order)]


def _on_both(
    unit: Unit, change: ChangeRequest | None, event: Ordered
) -> tuple[tuple[ChangeRequest | None, Ordered], ...]:
    """A line once more for the other change request, where it links two, or takes a link back: each is told of the
    other."""
    if change is not None and event.undoing and event.undoing.before:
        return _unlinked(unit, change, event, event.undoing, event.undoing.before)
    other, args = event.other, event.args
    if change is None or other is None or other.key == change.key or not isinstance(args, Arguments):
        return ((change, event),)
    said_once = replace(event.line, left="")
    back = replace(event, cause=f"{event.cause}/other", line=said_once, running=unit.running(other.key), other=change)
    return ((change, event), (other, replace(back, args=replace(args, number=change.number))))


def _unlinked(
    unit: Unit, change: ChangeRequest, event: Ordered, undoing: Undoing, before: ChangeRequest
) -> tuple[tuple[ChangeRequest | None, Ordered], ...]:
    """UNDO for those, too, that the mail which is taken back linked with a change request. Where one of them went
    on since, its link would stay alone: nothing is taken back then."""
    orders: list[tuple[ChangeRequest | None, Ordered]] = [(change, event)]
    for number in (each for each in change.related if each not in before.related):
        other = unit.change_numbered(number)
        latest = unit.latest(other.key) if other else None
        if other is None or latest is None or _mail(latest) != _mail(undoing):
            return ((change, replace(event, args=Mistake(GONE_ON.format(change.number, number)))),)
        back = replace(event, cause=f"{event.cause}/{other.key}", running=unit.running(other.key), undoing=latest)
        orders.append((other, back))
    return tuple(orders)


def _mail(undoing: Undoing) -> tuple[str, datetime]:
    """The mail that did what would be taken back, and when that was recorded."""
    return undoing.causes[0].partition("/")[0], undoing.at


def _order(
    desk: Desk, unit: Unit, errand: Errand, line: CommandLine, place: int
) -> tuple[ChangeRequest | None, Ordered]:
    """One line with the change request it is about, and what the world adds to it."""
    today = desk.settings.office.calendar.local_date(desk.clock.now())
    args = understand(line, desk.settings.office, today, desk.settings.table)
    if isinstance(args, Arguments) and args.number and line.verb != "RELATE":
        line = replace(line, number=args.number)  # STATUS, FOLLOW: the change request is named behind the verb
    change = unit.change_numbered(line.number) if line.number else errand.context
    event = Ordered(
        f"{errand.envelope.id}/{place}",
        errand.envelope.arrived,
        line,
        errand.standing,
        args,
        errand.commands.doubtful,
    )
    if any(Need.DRAFT in row.needs for row in rows_of(line.verb)):
        event = replace(event, answers=unit.cause_answered(errand.message.in_reply_to))
    return change, _with_lookups(desk, unit, change, _with_files(event, errand))


def _with_lookups(desk: Desk, unit: Unit, change: ChangeRequest | None, event: Ordered) -> Ordered:
    """The order with what its row needs to know of the world."""
    verb, args = event.line.verb, event.args
    if verb in ENQUIRIES:
        return looked_up(desk, unit, change, event, ENQUIRIES[verb].lookup)
    if change is None or not isinstance(args, Arguments):
        return event
    needs = frozenset[Need]().union(*(row.needs for row in rows_of(verb)))
    event = replace(event, running=unit.running(change.key))
    if Need.FORM in needs:
        form = _form_of(desk, change)
        event = replace(event, form=form, prefilled=form_back(desk, form.submission, change.number))
    if Need.DRAFT in needs and change.draft:
        event = replace(event, files=_drafted(desk, change, change.draft))
    if Need.CORRECTED in needs:
        event = replace(event, form=Form(corrected(args.field, args.value, desk.settings.table)))
    if Need.OTHER in needs and args.number:
        event = replace(event, other=unit.change_numbered(args.number))
    if Need.LATEST in needs:
        event = replace(event, undoing=unit.latest(change.key))
    return event


def _with_files(event: Ordered, errand: Errand) -> Ordered:
    """The order with the attachments of the mail, where its verb is the one of the mail that takes
    them; which of two lines they belong to nobody can know (DESIGN section 5). Where none takes them,
    a verb that sends files on has them."""
    commands = errand.commands
    taking = [line for line in commands.lines if line.verb in TAKING_FILES]
    if event.line.verb in SENDING_ON and not taking:
        return replace(event, files=enclosed_in(errand.message))
    if event.line.verb not in TAKING_FILES or not commands.files:
        return event
    if commands.unread:
        return replace(event, args=Mistake(commands.unread))
    if len(taking) > 1:
        verbs = " and ".join(line.verb for line in taking)
        return replace(event, args=Mistake(f"Files are attached, and {verbs} could both take them. Send two mails."))
    files = tuple(Enclosure(file.name, file.content_type, file.content) for file in commands.files)
    return replace(event, files=files, file_text=commands.file_text)


def _kept(errand: Errand, done: Sequence[tuple[Decision, Result]]) -> tuple[str, ...]:
    """The names of the files that no line takes. Where one was refused that would, that is enough to say."""
    verbs = {line.verb for line in errand.lines}
    refused = any(decision.fate in STOPPING for decision, _ in done)
    if verbs & TAKING_FILES or errand.commands.forms or (refused and verbs & SENDING_ON):
        return ()
    effects = (effect for decision, _ in done for effect in decision.effects)
    sent = {file.sha256 for effect in effects if isinstance(effect, Send) for file in effect.letter.enclosures}
    return tuple(file.name for file in enclosed_in(errand.message) if file.sha256 not in sent)


def _drafted(desk: Desk, change: ChangeRequest, draft: Response) -> tuple[Enclosure, ...]:
    """The files of a draft, as they came."""
    papers = [paper for paper in change.documents if paper.sha256 in draft.files]
    contents = [(paper, desk.store.blob(paper.sha256)) for paper in papers]
    return tuple(
        Enclosure(paper.name, paper.content_type, content) for paper, content in contents if content is not None
    )


def _number(desk: Desk, unit: Unit, series: str, change: ChangeRequest) -> str:
    """A number that a line gives: of a series by date that of the day on which the intake's latest
    mail came, of any other the next one."""
    if series in REHEARSED:
        return unit.take(series, desk.settings.office.calendar.local_date(change.received_at))
    return str(unit.next_of(series))


def _form_of(desk: Desk, change: ChangeRequest) -> Form:
    """The text of an intake judged anew, with what its sender was asked, and the file it came in."""
    asked = change.inquiry
    found = Submission("your form", format=asked.format if asked else "docx")
    judged = merge(change.fields, found, desk.settings.table)
    if asked and asked.problems:
        judged = replace(judged, problems=asked.problems)
    if not change.documents:
        return Form(judged)
    paper = change.documents[-1]
    content = desk.store.blob(paper.sha256)
    return Form(judged, Attachment(paper.name, paper.content_type, content) if content is not None else None)
