"""Prompts: what somebody can do by a reply, in the words of whoever reads the letter.

Its one rule: this table says what is asked when, and how it is written; who may do it where is said by
the table of the workflow alone. A verb without one serves those who know it, and HELP tells of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.workflow.change import ChangeRequest, Disposition, Milestone
from bot.workflow.party import Party
from bot.workflow.transition import Place


@dataclass(frozen=True, slots=True)
class View:
    """A change request as one reader sees it: where it stands, and what they are to it."""

    change: ChangeRequest
    place: Place
    who: frozenset[Party]
    email: str

    @property
    def owns(self) -> bool:
        """True for the originator."""
        return Party.ORIGINATOR in self.who


When = Callable[[View], bool]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One row: a verb and the `word` of its row (None: any), what it does, the `line` to begin with,
    and the line in full where more is to be written (`shows`). `warns` says what cannot be taken back
    or is seen by all; `when` whether it is what a change request waits for."""

    verb: str
    does: str
    line: str
    when: When
    shows: str = ""
    warns: str = ""
    word: str | None = None


def at(*places: Place) -> When:
    """Wherever it stands at one of some places."""
    return lambda view: view.place in places


def _unassigned(view: View) -> bool:
    return not (view.change.people.get("crpm") and view.change.people.get("director"))


def _unmet(view: View) -> bool:
    meeting = view.change.meeting
    return view.place in (Place.SMES, Place.CLARIFICATION) and (meeting is None or meeting.cancelled)


def _planned(view: View) -> bool:
    return view.change.planned is not None


def _held(view: View) -> bool:
    meeting = view.change.meeting
    return meeting is not None and meeting.held_on is not None and meeting.minutes_on is None


def _unpresented(view: View) -> bool:
    if view.place is Place.SMES:
        return False  # it may be recorded there, but the SMEs come first
    if view.place is Place.CLARIFICATION:
        return view.change.presented_on is None
    issued = view.change.response.issued_on if view.change.response else None
    shown = (one.on for one in view.change.milestones if one.milestone is Milestone.RESPONSE_PRESENTED)
    return not any(issued is None or on >= issued for on in shown)


def _undrafted(view: View) -> bool:
    return view.change.draft is None or view.change.draft.refused_on is not None


def _drafted(view: View) -> bool:
    return not _undrafted(view) and not _approved(view)


def _approved(view: View) -> bool:
    return view.change.draft is not None and bool(view.change.draft.approved_by)


def _answers(disposition: Disposition) -> When:
    """Where the CLECs' reaction to such a response is open."""
    open_at = (Place.PRESENTATION, Place.NOT_ACCEPTED)
    return lambda view: view.place in open_at and view.change.disposition in (disposition, Disposition.NONE)


def _asked(view: View) -> bool:
    return view.change.closing is not None and not view.change.closing.objection


def _asked_self(view: View) -> bool:
    return _asked(view) and view.owns


def _asked_another(view: View) -> bool:
    return _asked(view) and not view.owns


def _unasked(view: View) -> bool:
    return not _asked(view)


def _amends(view: View) -> bool:
    return view.owns and view.place in (Place.SMES, Place.CLARIFICATION)


def _outside(view: View) -> bool:
    return Party.STAFF not in view.who


def _follows(view: View) -> bool:
    return any(each.email == view.email for each in view.change.followers)


def _could_follow(view: View) -> bool:
    return _outside(view) and not view.owns and not _follows(view)


def _acts(view: View) -> bool:
    return any(item.done_on is None for item in view.change.actions)


def _works(view: View) -> bool:
    return view.place in (Place.CLARIFICATION, Place.RESPONSE, Place.REVISION)


ALL_CLECS = "goes to all CLECs"
FINAL = "final"
ONCE_MORE = "everybody sees it"

PROMPTS: tuple[Prompt, ...] = (
    Prompt("LOG", "Number it; you vouch for the originator", "LOG ", at(Place.INTAKE), "LOG"),
    Prompt("RETURN", "Send it back, with what is to be corrected", "RETURN ", at(Place.INTAKE), "RETURN reason"),
    Prompt("DROP", "End it: spam, a duplicate", "DROP ", at(Place.INTAKE), "DROP reason", "nobody outside is told"),
    # What somebody was asked stands first.
    Prompt("CONSENT", "Agree to closing it", "CONSENT", _asked_self, warns="it is closed then"),
    Prompt("OBJECT", "Keep it open", "OBJECT ", _asked_self, "OBJECT reason"),
    Prompt("CONSENT", "On the originator's word: close it", "CONSENT", _asked_another, warns="it is closed then"),
    Prompt("OBJECT", "On the originator's word: keep it open", "OBJECT ", _asked_another, "OBJECT reason"),
    Prompt(
        "ASSIGN",
        "Name CRPM and Director",
        "ASSIGN CRPM  DIRECTOR ",
        _unassigned,
        "ASSIGN CRPM name DIRECTOR name",
    ),
    Prompt("SME", "Name the Subject Matter Experts", "SME ", at(Place.SMES), "SME name; name"),
    Prompt("HELD", "Record that the meeting was held", "HELD", _planned),
    Prompt("MINUTES", "Send the minutes, typed or attached", "MINUTES ", _held, "MINUTES text"),
    Prompt("MEETING", "Invite to the Clarification Meeting", "MEETING ", _unmet, "MEETING date time place", "", ""),
    Prompt("MEETING", "Move the meeting", "MEETING ", _planned, "MEETING date time place", "", ""),
    Prompt("MEETING", "Call the meeting off", "MEETING CANCEL ", _planned, "MEETING CANCEL reason", "", "CANCEL"),
    Prompt("OPTIONS", "Record the options found; internal", "OPTIONS ", at(Place.CLARIFICATION), "OPTIONS text"),
    Prompt("PRESENTED", "Record that it was presented at the Monthly Meeting", "PRESENTED", _unpresented),
    Prompt(
        "ALIGNED",
        "Record the consensus and go on to the response",
        "ALIGNED ",
        at(Place.CLARIFICATION),
        "ALIGNED text",
    ),
    Prompt("APPROVE", "Approve the draft", "APPROVE", _drafted),
    Prompt("DISAPPROVE", "Refuse the draft", "DISAPPROVE ", _drafted, "DISAPPROVE reason"),
    Prompt("RESPOND", "Issue the approved response", "RESPOND", _approved, warns=ALL_CLECS),
    Prompt(
        "DRAFT",
        "Draft a response that accepts",
        "DRAFT ACCEPTED\nPosition: ",
        _undrafted,
        "DRAFT ACCEPTED Position: text",
    ),
    Prompt(
        "DRAFT",
        "Draft a response that denies",
        "DRAFT DENIED\nBasis: \nReference: ",
        _undrafted,
        "DRAFT DENIED Basis: text Reference: text",
    ),
    Prompt(
        "OUTCOME",
        "Accepted, answered, CLECs test",
        "OUTCOME ACCEPTED ANSWERED",
        _answers(Disposition.ACCEPTED),
        word="ACCEPTED ANSWERED",
    ),
    Prompt(
        "OUTCOME",
        "Accepted, answered, no test",
        "OUTCOME ACCEPTED ANSWERED NO TEST",
        _answers(Disposition.ACCEPTED),
        word="ACCEPTED ANSWERED NO TEST",
    ),
    Prompt(
        "OUTCOME",
        "Accepted, the change is made",
        "OUTCOME ACCEPTED PLAN",
        _answers(Disposition.ACCEPTED),
        word="ACCEPTED PLAN",
    ),
    Prompt(
        "OUTCOME",
        "The denial is accepted",
        "OUTCOME ACCEPTED DENIAL",
        _answers(Disposition.DENIED),
        word="ACCEPTED DENIAL",
    ),
    Prompt("OUTCOME", "The CLECs reject it", "OUTCOME REJECTED", at(Place.PRESENTATION), word="REJECTED"),
    Prompt(
        "OUTCOME",
        "It needs a revision",
        "OUTCOME REVISE ",
        at(Place.PRESENTATION),
        "OUTCOME REVISE text",
        word="REVISE",
    ),
    Prompt("RESUME", "Take it up again", "RESUME", at(Place.DEFERRED)),
    Prompt("ESCALATE", "Escalate it", "ESCALATE ", at(Place.NOT_ACCEPTED), "ESCALATE reason", ONCE_MORE),
    Prompt("DEFER", "Set it aside until a date", "DEFER UNTIL ", at(Place.NOT_ACCEPTED), "DEFER UNTIL date"),
    *(
        Prompt("RESOLVE", does, f"RESOLVE TO {step} ", at(Place.ESCALATED), f"RESOLVE TO {step} text", word=step)
        for step, does in (
            ("5", "The dispute ended: the response is presented anew"),
            ("5A", "The dispute ended: the response is revised"),
            ("6", "The dispute ended: the response is accepted"),
            ("7", "The dispute ended: the change is made"),
            ("11", "The dispute ended: it is closed"),
        )
    ),
    Prompt("ESCALATE", "Join the escalation", "ESCALATE ", at(Place.ESCALATED), "ESCALATE reason", ONCE_MORE),
    Prompt("ANNOUNCE", "Announce when it will be done", "ANNOUNCE ", at(Place.CHANGE), "ANNOUNCE date", ALL_CLECS),
    Prompt("PRODUCTION", "Record that it is done", "PRODUCTION", at(Place.ANNOUNCEMENT), warns=ALL_CLECS),
    Prompt("ANNOUNCE", "Announce another date", "ANNOUNCE ", at(Place.ANNOUNCEMENT), "ANNOUNCE date", ALL_CLECS),
    Prompt("CLOSE", "Ask the CLEC whether it may be closed", "CLOSE ", _unasked, "CLOSE reason"),
    Prompt("REWORK", "Send it back to be changed", "REWORK ", at(Place.TEST), "REWORK reason"),
    Prompt("REOPEN", "Open it again", "REOPEN TO ", at(Place.CLOSED, Place.ENDED), "REOPEN TO step reason"),
    # What can be done at any time stands last.
    Prompt("AMEND", "Correct what it says", "AMEND\n", _amends, "AMEND field: value"),
    Prompt("COMMENT", "Comment on it, for everybody to read", "COMMENT ", _outside, "COMMENT text"),
    Prompt("ASK", "Ask the CLEC something", "ASK ", _works, "ASK text"),
    Prompt("DONE", "Close an action item", "DONE ", _acts, "DONE number"),
    Prompt("FOLLOW", "Get the notices about it", "FOLLOW", _could_follow),
    Prompt("UNFOLLOW", "Get no more notices about it", "UNFOLLOW", _follows),
    Prompt("WITHDRAW", "Withdraw it", "WITHDRAW ", lambda view: view.owns, "WITHDRAW reason", FINAL),
)


def prompts(view: View, rows: Iterable[tuple[str, str]]) -> tuple[Prompt, ...]:
    """The prompts for a reader by the rows (verb and word) open to them, as the table orders them."""
    may = set(rows)
    verbs = {verb for verb, _ in may}
    return tuple(
        prompt
        for prompt in PROMPTS
        if ((prompt.verb, prompt.word) in may if prompt.word is not None else prompt.verb in verbs)
        and prompt.when(view)
    )
