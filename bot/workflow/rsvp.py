"""RSVP: somebody's calendar answered an invitation of ours.

Its one rule: an answer counts for whoever sent it, if they were invited, and for nobody else; it moves
nothing by itself, is never posted and never answered, for a program wrote it.
"""

from dataclasses import replace
from datetime import datetime

from bot.intake.request import Partstat
from bot.mail.invite import read_uid
from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.office.people import Address
from bot.workflow.change import ChangeRequest, Meeting, Reply
from bot.workflow.effect import Decision, Effect, Fate, Row, Send
from bot.workflow.event import Replied
from bot.workflow.invitation import SAYS, called, misgivings, said_by, who_comes
from bot.workflow.party import Party, people_of

UNKNOWN = "an answer to an invitation that we know nothing of"
TELLING = frozenset({Partstat.DECLINED, Partstat.DELEGATED})
"""Answers of which the CRPM is told at once; the others are shown where the CRPM looks."""
MOST_KEPT = 200
"""Answers that a change request keeps; the newest ones."""


def replied(change: ChangeRequest | None, event: Replied, office: Office, now: datetime) -> Decision:
    """Keep an answer, and tell the CRPM of one that asks for something: somebody does not come, sends
    somebody else, proposes another time, or has something to say."""
    meeting, uid = change.meeting if change else None, read_uid(event.rsvp.uid)
    if change is None or meeting is None or uid is None or uid.n > meeting.n:
        return Decision(Fate.AUTOMATIC, UNKNOWN)
    if reason := _not_theirs(event, meeting):
        row = Row(
            "Additional Information", f"Answer to an invitation: {reason}", now, event.standing.name, public=False
        )
        return Decision(Fate.REFUSED, reason, change, (row,))
    reply = _reply(event, uid.n, now)
    row = _row(change, reply, meeting, event, office)
    done = Decision(Fate.OBEYED, f"RSVP: {change.number}", change, (row,))
    planned = change.planned
    if planned is None or planned.n != reply.n or _outdone(reply, change):
        return done
    after = replace(change, replies=_with(change.replies, reply))
    return replace(done, change=after, effects=_to_crpm(after, reply, planned, event, office, now))


def _not_theirs(event: Replied, meeting: Meeting) -> str:
    """Why an answer does not count; empty where it does. Only the From address says whose it is."""
    sender, attendee = event.standing.sender, event.rsvp.attendee
    if sender is None or sender.email != attendee:
        return f"it is for {attendee or 'nobody'}, but came from {sender.email if sender else 'nobody'}"
    if sender.email not in {to.email for to in meeting.invited}:
        return f"{sender.email} was not invited by us, and says: {event.rsvp.partstat}"
    return ""


def _reply(event: Replied, n: int, now: datetime) -> Reply:
    rsvp = event.rsvp
    return Reply(
        rsvp.attendee,
        n,
        rsvp.sequence,
        rsvp.partstat,
        min(event.arrived, now),
        event.standing.vouched,
        rsvp.comment,
        rsvp.proposed,
        rsvp.delegate,
    )


def _row(change: ChangeRequest, reply: Reply, meeting: Meeting, event: Replied, office: Office) -> Row:
    """The row inside: who says what, about which date, in their own words."""
    earlier = " (an earlier meeting)" if reply.n < meeting.n else ""
    proof = "" if reply.proven else f" [{event.standing.proof or 'nothing proves it'}]"
    said = said_by(reply, meeting, office) if reply.n == meeting.n else SAYS[reply.partstat]
    words = f"{called(meeting, event.running)}{earlier}: {_who(event)} {said}{_unread(event)}{proof}"
    action = "Additional Information" if event.standing.person else "Info Received From CLEC"
    text = f"{words}\n{reply.comment}" if reply.comment else words
    return Row(action, text, reply.at, event.standing.name, public=False)


def _who(event: Replied) -> str:
    standing = event.standing
    return (
        standing.person.name
        if standing.person
        else str(standing.sender.name or standing.sender.email)
        if standing.sender
        else "somebody"
    )


def _unread(event: Replied) -> str:
    return ", and proposes a time that cannot be read" if event.rsvp.proposes and not event.rsvp.proposed else ""


def _outdone(reply: Reply, change: ChangeRequest) -> bool:
    """True for an answer that comes after a newer one of the same person's, and for one that nothing proves
    where a proven one stands."""
    stood = next((one for one in change.replies if (one.email, one.n) == (reply.email, reply.n)), None)
    if stood is None:
        return False
    return stood.sequence > reply.sequence or (stood.proven and not reply.proven)


def _with(replies: tuple[Reply, ...], reply: Reply) -> tuple[Reply, ...]:
    others = tuple(one for one in replies if (one.email, one.n) != (reply.email, reply.n))
    return (*others, reply)[-MOST_KEPT:]


def _to_crpm(
    after: ChangeRequest, reply: Reply, meeting: Meeting, event: Replied, office: Office, now: datetime
) -> tuple[Effect, ...]:
    """One letter to whoever runs the meeting, unless the answer is their own."""
    if not (reply.partstat in TELLING or event.rsvp.proposes or reply.comment) or reply.sequence < meeting.sequence:
        return ()
    proposed = reply.proposed if reply.proposed and reply.proposed > now else None
    told: dict[str, object] = {
        "change": after,
        "meeting": meeting,
        "called": called(meeting, event.running),
        "who": _who(event),
        "reply": reply,
        "said": said_by(replace(reply, proposed=None, proven=True), meeting, office) + _unread(event),
        "over": reply.proposed is not None and proposed is None,
        "facts": misgivings(reply.proposed, office, event.running) if reply.proposed else (),
        "comes": who_comes(after, office),
        "proof": event.standing.proof,
        "move_to": proposed,
    }
    readers = office.reached(people_of(after, Party.CRPM, office))
    to: list[Address] = [each.address for each in readers if each.address.email != reply.email]
    return tuple(Send(Letter(event.cause, Kind.RSVP, each, after.number, told)) for each in to)
