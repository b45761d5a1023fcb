"""Response: draft, approval and issue (seed steps 4 and 5A).

Its one rule: an approval is of one text, and lapses with it; nobody approves what they wrote, and only
what is approved is issued.
"""

from dataclasses import replace
from datetime import date

from bot.intake.arguments import Arguments, Mistake
from bot.intake.arguments.responses import in_file
from bot.mail.letter import Kind
from bot.office.people import Role
from bot.workflow.carry.notice import notice_number
from bot.workflow.carry.walkon import item_told
from bot.workflow.carry.words import names, us
from bot.workflow.case import Case
from bot.workflow.change import ChangeRequest, Disposition, Document, Response, Step
from bot.workflow.deadline import WEEK, Deadline, DeadlineKind
from bot.workflow.draft import fingerprint, sealed, told_of, voided, waits
from bot.workflow.effect import Decision, Effect, Keep, Open, Row
from bot.workflow.letters import document_of, enclosed
from bot.workflow.party import Party, people_of

DISPOSITIONS = {"ACCEPTED": Disposition.ACCEPTED, "DENIED": Disposition.DENIED}
NO_DRAFT = "There is no draft. An SME or the CRPM sends one first: DRAFT ACCEPTED or DRAFT DENIED, with its text."
NO_DIRECTOR = (
    "Its Director, {}, is not in the directory any more, so nobody could approve it. The CMP Group Manager "
    "assigns another one first: ASSIGN DIRECTOR person."
)
OWN = (
    "You wrote this draft yourself, and somebody else has to approve it. Another SME or the CRPM may send it "
    "as DRAFT, or the CMP Group Manager assigns another Director."
)


def draft(case: Case) -> Decision:
    """A draft, in place of an earlier one and of its approval, goes to the Director."""
    if not people_of(case.before, Party.DIRECTOR, case.office):
        return case.refuse(NO_DIRECTOR.format(names(case.before.people.get("director", ()), case.office)))
    args = _said(case)
    if isinstance(args, Mistake):
        return case.refuse(args.message)
    written = _written(case, args)
    after = replace(case.change, draft=written)
    row = replace(case.says(_summary(written)), public=False)
    kept = [
        Keep(replace(document_of(file, "Draft response", case.now), public=False), file.content)
        for file in case.order.files
    ]
    done = case.done((row,), [*kept, *_draft_letters(case, after)], after)
    named = f"The draft has the fingerprint {fingerprint(written)}; the Director reads it in their letter."
    return replace(done, answer=(named, *voided(case.before.draft)))


def _said(case: Case) -> Arguments | Mistake:
    """What the draft says: in the mail, or in its file."""
    args = case.args
    if args.position or args.basis:
        return args
    if not case.order.files:
        return Mistake(f"The text is missing. {LABELS[args.word]}")
    if not case.order.file_text.strip():
        return Mistake(f"The attached file cannot be read as a text. {LABELS[args.word]} The file goes with it.")
    return in_file(args.word, case.order.file_text)


LABELS = {
    "ACCEPTED": 'Write "Position:" and what is going to be done, below DRAFT ACCEPTED.',
    "DENIED": 'Write "Basis:" and why, and "Reference:" and what substantiates it, below DRAFT DENIED.',
}


def _written(case: Case, args: Arguments) -> Response:
    files = tuple(file.sha256 for file in case.order.files)
    written = Response(DISPOSITIONS[case.args.word], case.order.file_text, "", case.by, case.today, files=files)
    written = replace(written, position=args.position, basis=args.basis, reference=args.reference)
    return replace(sealed(written, case.before, case.order.cause), replaces=_text_before(case.before))


def _text_before(change: ChangeRequest) -> str:
    """The hash of the text that a new draft comes after: the draft in work, the one that fell away, or the response
    in force; empty for the first."""
    draft, response = (each.sha256 if each else "" for each in (change.draft, change.response))
    return draft or change.void or response


def approve(case: Case) -> Decision:
    """The Director's word on the draft in force; the CRPM may issue it."""
    found = _asked_about(case)
    if isinstance(found, str):
        return case.refuse(found)
    if found.by == case.by:
        return case.refuse(OWN)
    if found.approved_by:
        return case.refuse(f"It was approved on {us(found.approved_on or case.today)} already; nothing would change.")
    approved = replace(found, approved_by=case.by, approved_on=case.today)
    after = replace(case.change, draft=approved)
    row = replace(case.says(f"Draft response approved by {case.actor} ({fingerprint(approved)})"), public=False)
    return case.done((row,), _approved_letters(case, after), after)


def disapprove(case: Case) -> Decision:
    """The Director wants another draft; the SMEs hear why."""
    found = _asked_about(case)
    if isinstance(found, str):
        return case.refuse(found)
    after = replace(case.change, draft=replace(found, approved_by="", approved_on=None, refused_on=case.today))
    again = max(case.due(DeadlineKind.DRAFT, after.agenda).due, case.office.calendar.add_business_days(case.today, 1))
    row = replace(case.says(f"Draft response not approved by {case.actor}: {case.args.text}"), public=False)
    context = {**_told(case, after), "reason": case.args.text, "due": again}
    letters: list[Effect] = []
    for party in (Party.SME, Party.CRPM):
        letters += case.to_party(party, Kind.DISAPPROVED, context, change=after)
    return case.done((row,), [Open(Deadline(DeadlineKind.DRAFT, again)), *letters], after)


def _asked_about(case: Case) -> Response | str:
    """The draft that the Director decides about, or why they cannot. A word on a draft that has been
    replaced since is a word on nothing: where there were several drafts, the word is an answer to a letter
    that holds the one in force, or names its fingerprint."""
    found, named = case.before.draft, case.args.code.lower()
    if found is None:
        return NO_DRAFT
    if named and not found.sha256.startswith(named):
        return f"That was another text. {_in_force(case, found)}"
    if found.refused_on is not None:
        return f"This draft was not approved on {us(found.refused_on)}. An SME or the CRPM sends another with DRAFT."
    if case.row.verb == "APPROVE" and not named and found.replaces and case.order.answers not in found.shown:
        return f"There was another text before it, so please name the one that you mean. {_in_force(case, found)}"
    return found


def _in_force(case: Case, found: Response) -> str:
    by = names((found.by,), case.office)
    dated = us(found.drafted_on)
    return f"The draft in force is that of {dated} by {by}; if you approve of it: APPROVE {fingerprint(found)}"


def respond(case: Case) -> Decision:
    """Issue the approved draft: posted to the web, put into the database, CLECs notified (seed step 4:
    three ticks), and onto the agenda of the meeting at which it is presented."""
    found = case.before.draft
    if found is None:
        return case.refuse(NO_DRAFT)
    if found.refused_on is not None:
        return case.refuse(
            f"The Director did not approve it, on {us(found.refused_on)}. An SME or the CRPM sends another DRAFT."
        )
    if not found.approved_by:
        director = names(case.before.people.get("director", ()), case.office)
        return case.refuse(f"The draft waits for the Director, {director}: APPROVE comes first.")
    meeting = _presented_at(case)
    notice = notice_number("CMPR", case.today, case.order.number, "CR_Responses")
    issued = replace(found, issued_on=case.today, notice=notice)
    after = replace(
        case.change,
        draft=None,
        void="",
        responses=(*case.before.responses, issued),
        disposition=issued.disposition,
        agenda=meeting,
        documents=tuple(_posted(paper, issued) for paper in case.before.documents),
    )
    done = case.done(_ticks(case, issued), _response_letters(case, after), after)
    return replace(done, answer=_answer(case, issued, meeting))


def _presented_at(case: Case) -> date:
    """The Monthly Meeting that presents it: the one that it is on, where it is issued a week before, or
    walked on to it, or is a revised one; else the first that is a week away (domain.md section 8, 11,
    12 and 24)."""
    calendar, meeting = case.office.calendar, case.before.agenda
    if meeting is None or meeting < case.today:
        meeting = calendar.meeting_from(case.today)
    if case.before.step is Step.REVISION or _walked_on(case):
        return meeting
    while case.today > meeting - WEEK:
        meeting = calendar.meeting_after(meeting)
    return meeting


def _walked_on(case: Case) -> bool:
    """True where the meeting is an earlier one than the response was due for."""
    due = next((due.by for due in case.order.running if due.kind is DeadlineKind.RESPOND), None)
    meeting = case.before.agenda
    return due is not None and meeting is not None and case.today <= meeting < due + WEEK


def _answer(case: Case, issued: Response, meeting: date) -> tuple[str, ...]:
    due = case.before.agenda
    said = [f"Issued as {issued.notice}.", f"It is presented at the Monthly Meeting of {us(meeting)}."]
    if due is not None and meeting > due >= case.today:
        said.append(
            f"It came later than a week before the meeting of {us(due)}. If it is to be presented there all the "
            "same, the CMP Manager says so: WALKON."
        )
    return tuple(said)


def _ticks(case: Case, issued: Response) -> tuple[Row, ...]:
    revised = "Revised response" if case.before.step is Step.REVISION else "Response"
    return (
        case.says(f"{revised} posted to the CMP web site", "CR Posted to Web"),
        case.says(f"{revised} inserted in the CMP database", "Record Update"),
        case.says(f"CLECs notified by {issued.notice}. {_summary(issued)}"),
    )


def _summary(response: Response) -> str:
    """What a response says, for history."""
    labelled = (("Position", response.position), ("Basis", response.basis), ("Reference", response.reference))
    return "\n".join((f"{response.disposition}.", *(f"{label}: {text}" for label, text in labelled if text)))


def _posted(paper: Document, issued: Response) -> Document:
    return replace(paper, title="Response", public=True) if paper.sha256 in issued.files else paper


def _told(case: Case, after: ChangeRequest) -> dict[str, object]:
    return told_of(after, case.office, {file.sha256: file.name for file in case.order.files})


def _draft_letters(case: Case, after: ChangeRequest) -> list[Effect]:
    """To the Director, who decides, and for their knowledge to the CRPM and the SMEs."""
    files = enclosed(*case.order.files)
    due = case.due(DeadlineKind.APPROVE).due
    told = {**_told(case, after), "due": due}
    letters = case.to_party(Party.DIRECTOR, Kind.DRAFT, {**told, "you": Role.DIRECTOR}, files, change=after)
    for party in (Party.CRPM, Party.SME):
        letters += case.to_party(party, Kind.DRAFT, {**told, "you": "colleague"}, files, change=after)
    return letters


def _approved_letters(case: Case, after: ChangeRequest) -> list[Effect]:
    """To the CRPM, who issues it, with the draft; to the SMEs for their knowledge."""
    told = {**_told(case, after), "due": case.due_by(DeadlineKind.RESPOND, DeadlineKind.REVISE)}
    files = enclosed(*case.order.files)
    letters = case.to_party(Party.CRPM, Kind.APPROVED, {**told, "you": Role.CRPM}, files, change=after)
    return letters + case.to_party(Party.SME, Kind.APPROVED, {**told, "you": "colleague"}, change=after)


def pending_letters(case: Case, after: ChangeRequest, fresh: set[Role]) -> list[Effect]:
    """What waits for somebody who takes a role over: the draft for a Director, the approved one for a CRPM."""
    found, letters = after.draft, list[Effect]()
    if found is None:
        return letters
    files = enclosed(*case.order.files)
    told = _told(case, after)
    if Role.DIRECTOR in fresh and waits(found):
        due = case.due_by(DeadlineKind.APPROVE)
        letters += case.to_party(
            Party.DIRECTOR, Kind.DRAFT, {**told, "you": Role.DIRECTOR, "due": due}, files, change=after
        )
    if Role.CRPM in fresh and found.approved_by:
        letters += case.to_party(
            Party.CRPM, Kind.APPROVED, {**told, "you": Role.CRPM, "due": None}, files, change=after
        )
    return letters


def _response_letters(case: Case, after: ChangeRequest) -> list[Effect]:
    """The notice to all CLECs, and to those of the carrier who present it; held for as long as UNDO is free."""
    files = enclosed(*case.order.files)
    told = {**_told(case, after), **item_told(case, after), "revised": case.before.step is Step.REVISION}
    letters = case.to_all_clecs(Kind.RESPONSE, {**told, "you": "CLEC"}, files, change=after)
    staff = (one for party in (Party.SME, Party.DIRECTOR, Party.CRPM) for one in people_of(after, party, case.office))
    to = {one.address.email: one.address for one in case.office.reached(staff) if one is not case.person}
    return letters + [
        case.letter(Kind.RESPONSE, each, {**told, "you": "colleague"}, files, held=True, change=after)
        for each in to.values()
    ]
