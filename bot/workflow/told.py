"""Told: what somebody was told by a letter, in the words of the transcript and of corrections.

Its one rule: every kind of letter has its words; they say what was asked, where something was.
"""

from collections.abc import Iterable, Mapping

from bot.mail.letter import Kind, Letter

TOLD: Mapping[Kind, str] = {
    Kind.ACKNOWLEDGEMENT: "the acknowledgement, with the number",
    Kind.INCOMPLETE: "asked to correct the form",
    Kind.RETURNED: "asked to correct the form, with your reason",
    Kind.REMINDER: "reminded of the form",
    Kind.REVISED: "what changed in the text",
    Kind.PARKED: "told that a person looks at it",
    Kind.FORWARD: "asked to assign CRPM and Director",
    Kind.EXCEPTION: "told that the exception process is asked for",
    Kind.REVIEW: "asked to decide about it",
    Kind.COMMENT: "what was written about it",
    Kind.HELP: "the help letter",
    Kind.UNREADABLE: "told that the mail could not be read",
    Kind.UNDELIVERED: "told that a letter was not delivered",
    Kind.WITHHELD: "told that letters are held back",
    Kind.UNCARRIED: "told that the posting does not reach its readers",
    Kind.EXPIRY: "told that the bot's access to the mailbox ends",
    Kind.TROUBLE: "told that a mail was set aside",
    Kind.TRANSCRIPT: "what became of the mail",
    Kind.MEANT: "told how to write what was meant",
    Kind.CONFIRMATION: "asked to confirm a mail",
    Kind.ATTEMPT: "told that somebody used the name",
    Kind.ASSIGNED: "told who works on it",
    Kind.NAME_SMES: "asked to name the SMEs",
    Kind.SMES_NAMED: "told who the SMEs are",
    Kind.INVITATION: "the Clarification Meeting, for the calendar",
    Kind.RSVP: "told who cannot come, or would rather meet at another time",
    Kind.MINUTES: "the minutes",
    Kind.OPTIONS: "the options found",
    Kind.EXTENDED: "the later date, and why",
    Kind.AGENDA_ITEM: "told on which agenda it stands",
    Kind.ALIGNED: "what was agreed, and what is due now",
    Kind.DRAFT: "the draft response",
    Kind.APPROVED: "the approved response",
    Kind.DISAPPROVED: "told why the draft was refused",
    Kind.RESPONSE: "the response",
    Kind.OUTCOME: "told how the CLECs took the response",
    Kind.CHOICE: "asked how to go on",
    Kind.ESCALATED: "told of the escalation",
    Kind.RESOLVED: "told how the escalation ended",
    Kind.DEFERRED: "told that it is set aside",
    Kind.RESUMED: "told that it goes on",
    Kind.IMPLEMENTATION: "the date of implementation",
    Kind.TEST_OPEN: "told that it can be tested",
    Kind.REWORK: "told that it goes back, and why",
    Kind.CONSENT: "asked whether it may be closed",
    Kind.OBJECTED: "told of the objection",
    Kind.CLOSED: "told that it is closed",
    Kind.WITHDRAWN: "told that it is withdrawn",
    Kind.CROSSOVER: "told that it goes to the other track",
    Kind.REOPENED: "told that it is open again",
    Kind.CORRECTED: "what was corrected",
    Kind.UNDONE: "told that an earlier letter does not hold",
    Kind.QUESTION: "your question",
    Kind.ACTION_ITEM: "the action item",
    Kind.AWAY: "told who stands in for whom",
    Kind.DIGEST: "reminded of what is due",
    Kind.AGENDA: "the distribution package",
    Kind.OUTCOMES: "asked what came of the Monthly Meeting",
    Kind.REPORT: "the adherence report",
}
"""What somebody was told, or asked, by the kind of letter."""

MOST = 5
"""Letters of a kind that are named one by one; more are counted."""


def told(letters: Iterable[Letter], *, inside: bool) -> tuple[str, ...]:
    """Who was told what, in words. Somebody `inside` the house reads addresses too, anybody else only
    names: no letter hands on the address of a third person (DESIGN section 6)."""
    of_kind: dict[Kind, list[Letter]] = {}
    for letter in letters:
        of_kind.setdefault(letter.kind, []).append(letter)
    return tuple(line for kind, owed in of_kind.items() for line in _of_kind(kind, owed, inside=inside))


def _of_kind(kind: Kind, owed: list[Letter], *, inside: bool) -> Iterable[str]:
    words = TOLD[kind] + ("; held back for a while, so that UNDO is free" if owed[0].not_before else "")
    if len(owed) > MOST:
        yield f"{len(owed)} addresses ({words})"
        return
    for letter in owed:
        yield f"{letter.to if inside else letter.to.name or 'somebody of ' + letter.to.domain} ({words})"
