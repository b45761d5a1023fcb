"""The verbs: every command word, who may use it, how it is written and what it does.

Its one rule: this table is the grammar; help letters, transcripts and the reader of command
blocks are derived from it (DESIGN section 5). Whether a verb is possible now is the workflow's
question.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.intake.number import NUMBER

MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
NTH = r"\d{1,2}(?:st|nd|rd|th)?"
DAY = (
    rf"(?:\d{{1,4}}[-/.]\d{{1,2}}(?:[-/.]\d{{1,4}})?|{MONTH_NAME}\s+{NTH}(?:,?\s+\d{{4}})?"
    rf"|{NTH}[-.\s]+{MONTH_NAME}(?:[\s,-]+\d{{4}})?)"
)
WEEKDAY = r"(?:(?:next|this|last)\s+)?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"
DATE = rf"(?:(?:{WEEKDAY},?\s+)?{DAY}|{WEEKDAY}|today|tomorrow|yesterday)"
TIME = r"(?:\d{1,2}[:.]\d\d|\d{1,2}\s*[ap]\.?m\b|\d{1,2}h|noon)"
SENTENCE = r"(?!.{0,120}\b(?:is|are|was|were|works|suits|does|will|would|has|had|seems|looks|sounds|please)\b)"
ALONE = rf"(?:on\s+{DATE})?"
FINGERPRINT = r"(?:(?=[a-f]*\d)[\da-f]{4,64})?"
A_NUMBER = rf"(?:{NUMBER.pattern})?"
A_MONTH = rf"(?:\d{{4}}-\d{{1,2}}|\d{{1,2}}/\d{{4}}|{MONTH_NAME}(?:\s+\d{{4}})?)?"
PEOPLE = r"[^\s,;:.!?][^!?]{0,300}"
"""How arguments look that no sentence would have behind the same word."""


@dataclass(frozen=True)
class Verb:
    """One row. `plain` is what may stand behind the verb when it is written neither in capitals
    nor with a colon, None for a verb that must be. A verb with `text` takes the lines below it, one
    with `more` those right below, one with `file` an attachment; one that `sends_on` gives the files of the
    mail to who is in charge, and looks into none."""

    name: str
    who: str
    at: str
    usage: str
    meaning: str
    plain: str | None = None
    text: bool = False
    more: bool = False
    file: bool = False
    sends_on: bool = False

    def reads(self, rest: str) -> bool:
        """True when an uncapitalised line of this verb can only be meant as a command."""
        return self._plain is not None and self._plain.fullmatch(rest) is not None

    @property
    def optional(self) -> bool:
        """True when all that may stand behind it may be left out."""
        return self.usage.removeprefix(self.name).startswith(" [")

    @cached_property
    def _plain(self) -> re.Pattern[str] | None:
        return None if self.plain is None else re.compile(self.plain, re.IGNORECASE | re.ASCII)


STAFF, CRPM, MANAGER = "staff", "CRPM", "CMP Manager"
CLECS = "known CLEC, staff"

VERBS = (
    Verb("HELP", "anyone", "any", "HELP [verb]", "explains the verbs that you may use", r"[A-Za-z]{0,12}"),
    Verb("STATUS", "anyone", "any", "STATUS [CR]", "says where a change request stands, or your open work", A_NUMBER),
    Verb("HISTORY", "anyone", "any", "HISTORY [CR]", "sends the history of a change request", A_NUMBER),
    Verb("COMMENT", CLECS, "open", "COMMENT text", "adds a public comment; the CRPM is told", text=True, sends_on=True),
    Verb("NOTE", STAFF, "any", "NOTE text", "adds an internal note, never posted", text=True),
    Verb("ASK", "CRPM, SME", "open", "ASK text", "asks the originator a question", text=True),
    Verb("ACTION", CRPM, "open", "ACTION person date text", "records an action item, which is reminded", text=True),
    Verb("DONE", CRPM, "open", "DONE n", "closes an action item", r"#?\d{1,4}"),
    Verb("FOLLOW", CLECS, "any", "FOLLOW [CR]", "sends you the notices of a change request", A_NUMBER),
    Verb("UNFOLLOW", CLECS, "any", "UNFOLLOW [CR]", "ends the notices of a change request", A_NUMBER),
    Verb("STOP", CLECS, "any", "STOP", "is UNFOLLOW in one word", r""),
    Verb("LOG", MANAGER, "intake", "LOG [reason]", "numbers an intake by hand", text=True),
    Verb("RETURN", MANAGER, "intake", "RETURN reason", "sends an intake back; it stays open", text=True),
    Verb("DROP", MANAGER, "intake", "DROP reason", "ends an intake: spam, a duplicate", text=True),
    Verb(
        "ASSIGN",
        "Group Manager",
        "open",
        "ASSIGN CRPM person DIRECTOR person",
        "assigns the CRPM and the Director; one alone to reassign",
        rf"(?:crpm|director)[\s:]+{PEOPLE}",
        more=True,
    ),
    Verb("SME", "Director, CRPM", "2 on", "SME person; person", "names the subject matter experts", PEOPLE, more=True),
    Verb(
        "MEETING",
        CRPM,
        "2 to 10",
        "MEETING date time [duration] [place]; MEETING CANCEL [reason]",
        "invites to the clarification meeting, moves or cancels it",
        rf"{DATE},?\s+(?:at\s+)?{TIME}{SENTENCE}.{{0,120}}|cancel",
        more=True,
    ),
    Verb("HELD", CRPM, "2 to 10", "HELD [ON date]", "records that the meeting was held", ALONE),
    Verb(
        "MINUTES",
        CRPM,
        "2 to 10",
        "MINUTES [ON date] text, or attached",
        "issues and posts the minutes",
        r"",
        text=True,
        file=True,
    ),
    Verb("OPTIONS", "SME, CRPM", "3", "OPTIONS text", "records the options found, internally", text=True),
    Verb("EXTEND", CRPM, "open", "EXTEND deadline date reason", "records an agreed later date", text=True),
    Verb("AMEND", "originator, CRPM", "2 to 5A", "AMEND, and the form or Field: value", "makes a revision", text=True),
    Verb("PRESENTED", CRPM, "2, 3, 5", "PRESENTED [ON date]", "records a presentation at the Monthly Meeting", ALONE),
    Verb("WALKON", MANAGER, "3, 4, 5, 5A", "WALKON [date]", "puts it on an earlier agenda", rf"(?:{DATE})?"),
    Verb("ALIGNED", CRPM, "3", "ALIGNED [ON date] text", "records the consensus of the meeting", text=True),
    Verb(
        "DRAFT",
        "SME, CRPM",
        "4, 5A",
        "DRAFT ACCEPTED with Position: text; DRAFT DENIED with Basis: text and Reference: text; or attached",
        "sends a draft to the Director",
        text=True,
        file=True,
    ),
    Verb("APPROVE", "Director, deputy", "4, 5A", "APPROVE [draft]", "approves the draft response", FINGERPRINT),
    Verb("DISAPPROVE", "Director, deputy", "4, 5A", "DISAPPROVE reason", "refuses the draft response", text=True),
    Verb("RESPOND", CRPM, "4, 5A", "RESPOND", "issues the approved response", r""),
    Verb(
        "OUTCOME",
        CRPM,
        "5, 5B, 6",
        "OUTCOME [ON date] ACCEPTED ANSWERED [NO TEST], PLAN or DENIAL; OUTCOME REJECTED; OUTCOME REVISE text",
        "records how the CLECs took the response",
        text=True,
    ),
    Verb(
        "ESCALATE",
        "originator, known CLEC, CRPM",
        "5B, 6",
        "ESCALATE reason",
        "opens an escalation",
        text=True,
        sends_on=True,
    ),
    Verb(
        "DEFER",
        "originator, CRPM",
        "5B",
        "DEFER [UNTIL date] [reason]",
        "sets it aside for a time",
        rf"(?:until\s+{DATE})?",
        more=True,
    ),
    Verb("RESUME", "originator, CRPM", "Deferred", "RESUME [ON date]", "takes it up again", ALONE),
    Verb("RESOLVE", CRPM, "5C", "RESOLVE [ON date] TO step text", "records how an escalation ended", text=True),
    Verb("ANNOUNCE", CRPM, "7, 8", "ANNOUNCE date [text]", "announces the date of implementation", DATE, more=True),
    Verb("PRODUCTION", CRPM, "8", "PRODUCTION [ON date]", "records that the change is in production", ALONE),
    Verb("REWORK", CRPM, "10", "REWORK reason", "sends it back to step 7", text=True),
    Verb("CLOSE", CRPM, "6, 10, Deferred", "CLOSE reason", "asks the originator to consent to closing", text=True),
    Verb("CONSENT", "originator, CRPM", "6, 10, Deferred", "CONSENT [ON date]", "agrees to closing", ALONE),
    Verb(
        "OBJECT",
        "originator, CRPM",
        "6, 10, Deferred",
        "OBJECT [ON date] reason",
        "keeps it open",
        text=True,
        sends_on=True,
    ),
    Verb("WITHDRAW", "originator, CRPM", "open", "WITHDRAW reason", "withdraws the change request", text=True),
    Verb("CROSSOVER", MANAGER, "any", "CROSSOVER reference", "moves it to the systems track", text=True),
    Verb("REOPEN", MANAGER, "any", "REOPEN TO step reason", "opens a closed change request", text=True),
    Verb("CORRECT", MANAGER, "any", "CORRECT field value reason", "corrects a field", text=True),
    Verb("RELATE", MANAGER, "any", "RELATE CR", "links two change requests", NUMBER.pattern),
    Verb("UNDO", "who did it, CMP Manager", "24 h", "UNDO", "takes your latest step back", r""),
    Verb(
        "AWAY",
        STAFF,
        "-",
        "AWAY UNTIL date [DEPUTY person]; AWAY BACK",
        "hands your work over",
        rf"until\s+{DATE}(?:,?\s+deputy\s+{PEOPLE})?|back",
        more=True,
    ),
    Verb("AGENDA", STAFF, "-", "AGENDA [month]", "sends the distribution package", A_MONTH),
    Verb("REPORT", STAFF, "-", "REPORT [month]", "sends the adherence report", A_MONTH),
    Verb("FREEZE", MANAGER, "-", "FREEZE", "stops all sending; mail is stored", r""),
    Verb("UNFREEZE", MANAGER, "-", "UNFREEZE", "starts sending again", r""),
    Verb("CONFIRM", "anyone", "-", "CONFIRM code", "vouches for a mail that waits", r"[A-Za-z0-9_.-]{6,200}"),
    Verb("DRY RUN", "anyone", "-", "DRY RUN, as the first line", "runs the commands, recording nothing", r""),
)

MEANT = {
    "ACCEPT": ("OUTCOME ACCEPTED", "DRAFT ACCEPTED", "APPROVE"),
    "ACCEPTED": ("OUTCOME ACCEPTED", "DRAFT ACCEPTED", "APPROVE"),
    "AGREE": ("CONSENT", "APPROVE"),
    "AGREED": ("CONSENT", "ALIGNED", "APPROVE"),
    "CANCEL": ("MEETING CANCEL", "WITHDRAW", "UNDO"),
    "DENIED": ("DRAFT DENIED",),
    "DENY": ("DRAFT DENIED", "DISAPPROVE"),
    "POSTPONE": ("DEFER", "EXTEND"),
    "REFUSE": ("DISAPPROVE", "OBJECT"),
    "REJECT": ("OUTCOME REJECTED", "DISAPPROVE"),
    "REJECTED": ("OUTCOME REJECTED",),
    "RESCHEDULE": ("MEETING",),
    "REVERT": ("UNDO",),
    "REVISE": ("OUTCOME REVISE", "AMEND"),
    "SUBSCRIBE": ("FOLLOW",),
    "UNSUBSCRIBE": ("UNFOLLOW",),
}
"""Words that are no verbs, and the verbs that people who write them may mean."""
