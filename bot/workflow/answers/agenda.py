"""Agenda: the answer to AGENDA: the distribution package of a Monthly Meeting as it stands now.

Its one rule: whoever asks gets the same package as everybody, once it was mailed with what was added since
marked, and in the transcript the lines with which results are recorded.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from bot.intake.arguments import Arguments
from bot.intake.arguments.dates import in_words
from bot.mail.letter import Kind, Letter, Thread
from bot.office.office import Office
from bot.workflow.agenda import Agenda, agenda_of
from bot.workflow.answers.answer import answered
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Send
from bot.workflow.event import Ordered
from bot.workflow.package import as_mailed
from bot.workflow.results import lines_of


def meeting_asked(args: Arguments, office: Office, today: date) -> date:
    """The Monthly Meeting that AGENDA asks for: that of its month, else the next one, today's included."""
    calendar = office.calendar
    return calendar.meeting.date_in(*args.month) if args.month else calendar.meeting_from(today)


def agenda(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """What stands on a Monthly Meeting: the package as a letter, and here the lines to record results with."""
    args = event.args if isinstance(event.args, Arguments) else Arguments()
    today = office.calendar.local_date(now)
    found = agenda_of(meeting_asked(args, office, today), event.candidates, office, today)
    added: dict[str, date] = {}
    if event.mailed:
        found, added = as_mailed(found, event.mailed, today)
    answer, to = answered(event, None, _listed(found)), event.standing.answer_to
    if to is None:
        return answer
    mailed_on = office.calendar.local_date(event.mailed.at) if event.mailed else None
    told: dict[str, object] = {
        "change": None,
        "agenda": found,
        "mailed": False,
        "mailed_on": mailed_on,
        "added": added,
    }
    letter = Letter(event.cause, Kind.AGENDA, to, "", told, Thread(), event.files)
    return replace(answer, effects=(Send(letter),))


def _listed(found: Agenda) -> Iterator[str]:
    size = len(found.items)
    recorded = False
    yield f"Monthly Meeting on {in_words(found.meeting)}: {size or 'no'} change request{'' if size == 1 else 's'}"
    for group, items in found.groups:
        yield f"{group}:"
        for item in items:
            change = item.change
            yield f"  {change.number}, {change.title} ({change.company}), step {change.step.value}"
            if lines := lines_of(item):
                recorded = True
                yield f"  To record it: {'; or '.join(f'{change.number}: {line}' for line in lines)}"
    if recorded:
        yield "One reply may hold a line for each: copy those that came true, one below the other."
