"""Obey: the lines of a command mail, carried out in the transaction of the mail.

Its one rule: all lines or none. They are rehearsed first, so that no number is taken for a line that
is then refused: a number once taken in a transaction that commits is never given back.
"""

from dataclasses import replace

from bot.daemon.context import form_back, thread_of
from bot.daemon.desk import Desk
from bot.edge.store import Unit
from bot.intake.form import Submission
from bot.intake.judge import merge
from bot.intake.request import Commands, Form
from bot.intake.verify import Standing
from bot.mail.message import Attachment, Envelope, Message
from bot.workflow.change import ChangeRequest
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate
from bot.workflow.event import Ordered, Reported
from bot.workflow.order import ORDERS, carry_out

REHEARSED = "PC010100-0"
"""Stands for a number while lines are rehearsed; no counter ever gives it."""


def obey(
    desk: Desk,
    unit: Unit,
    envelope: Envelope,
    message: Message,
    standing: Standing,
    commands: Commands,
    context: ChangeRequest | None,
) -> list[Decision]:
    """Carry out the lines of a mail, record what they did, and owe the transcript."""
    office, now = desk.settings.office, desk.clock.now()
    orders = []
    for place, line in enumerate(commands.lines):
        change = unit.change_numbered(line.number) if line.number else context
        form = _form_of(desk, change) if change else Form(Submission(""))
        back = form_back(desk, form.submission, change.number) if change else ()
        cause = f"{envelope.id}/{place}"
        orders.append(
            (change, Ordered(cause, envelope.arrived, line, standing, commands.doubtful, form, REHEARSED, back))
        )
    done = carry_out(orders, office, now)
    refused = any(decision.fate is Fate.REFUSED for decision, _ in done)
    if not refused:
        done = carry_out([(change, _numbered(desk, unit, change, event)) for change, event in orders], office, now)
        for (decision, _), (_, event) in zip(done, orders, strict=True):
            unit.record(decision, event.cause, desk.compose, desk.message_id)
    report = Reported(envelope.id, tuple(result for _, result in done), standing, thread_of(message))
    concerned = {decision.change.key for decision, _ in done if decision.change}
    told = decide(unit.change(*concerned) if len(concerned) == 1 else None, report, office, now)
    unit.record(told, envelope.id, desk.compose, desk.message_id)
    return [told] if refused else [decision for decision, _ in done]


def _numbered(desk: Desk, unit: Unit, change: ChangeRequest | None, event: Ordered) -> Ordered:
    """The order with the number that it gives, of the day on which the intake's latest mail came."""
    wanted = ORDERS[event.line.verb].series
    if not wanted or change is None:
        return event
    return replace(event, number=unit.take(wanted, desk.settings.office.calendar.local_date(change.received_at)))


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
