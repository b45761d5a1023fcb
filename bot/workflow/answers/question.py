"""Question: prose that concerns nothing we know.

Its one rule: it is answered with all that a person needs in order to go on: how to file, with the blank
forms, and the words that they may use.
"""

from datetime import datetime

from bot.mail.letter import Kind
from bot.office.office import Office
from bot.workflow.answers.guidance import in_short
from bot.workflow.correspondence import hold
from bot.workflow.effect import Decision, Fate
from bot.workflow.enquiry import ENQUIRIES
from bot.workflow.event import Asked
from bot.workflow.letters import answer


def help_out(event: Asked, office: Office, now: datetime) -> Decision:
    """A question in prose gets the help letter with the blank forms; a stranger's waits."""
    standing = event.standing
    if standing.answer_to is None:
        return hold(None, event, "a question by a sender who is neither known nor verified", "", office, now)
    known = (standing.company or standing.person) is not None
    verbs = in_short(standing, {verb: row.parties for verb, row in ENQUIRIES.items()})
    context: dict[str, object] = {"text": event.text, "known": known, "verbs": verbs}
    letters = answer(event, Kind.HELP, "", context, event.blanks)
    return Decision(Fate.ANSWERED, "a question; help was sent", effects=tuple(letters))
