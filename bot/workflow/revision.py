"""Revision: a new text for a change request that has its number already (AMEND, DESIGN section 5).

Its one rule: nobody's text is lost and none is guessed at. What a form says is laid over the
present text, what it does not mention stands, and the text before stays among the revisions. A
form that cannot be taken whole changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.intake.form import Code, Entry, FieldTable, Need, Problem, RawForm, Submission, Value
from bot.intake.judge import judge
from bot.intake.verify import Standing
from bot.mail.letter import Kind, Letter, Thread
from bot.office.office import Office
from bot.office.people import Address, Role
from bot.workflow.change import ChangeRequest, Revision, Step
from bot.workflow.correspondence import hold
from bot.workflow.deadline import Deadline, DeadlineKind, due_on
from bot.workflow.draft import lapsed, told_of
from bot.workflow.effect import Decision, Effect, Fate, Keep, Open, Publish, Row, Send
from bot.workflow.event import Submitted
from bot.workflow.letters import answer, document_of, stamped_with
from bot.workflow.party import Party, for_originator, in_charge, parties, people_of
from bot.workflow.submission import FLAGS, Route, alarm

AMENDABLE = frozenset({Step.SME_ASSIGNMENT, Step.CLARIFICATION, Step.RESPONSE, Step.PRESENTATION, Step.REVISION})
LAPSED = "The draft response waits for the Director again, and an approval of it has lapsed: the request was revised"
MAY_REVISE = frozenset({Party.CRPM, Party.CMP_MANAGER, Party.GROUP_MANAGER})
EMAIL, AREAS, OTHER = "originator_email", "areas_impacted", "areas_other"
SAID_BY_THE_WAY = frozenset({"date_submitted"})
"""A form filled in anew carries a new date; that alone makes no new text."""
ALIKE = 0.34
"""The share of common words below which two texts speak of different things."""


def laid_over(present: Mapping[str, Value], form: Submission, table: FieldTable) -> Submission:
    """Lay a form over the present text of a change request and review the whole.

    A label that stands in the form without an answer empties its field; one that does not stand
    there, or whose answer could not be understood, leaves it. Only what the form would change can
    be a problem: what was logged as it is stays as it is.
    """
    fields: dict[str, Value] = {}
    for row in table.fields:
        key = row.key
        if key in form.fields:
            fields[key] = form.fields[key]
        elif key in present and not _emptied(key, form):
            fields[key] = present[key]
    others = form.fields if AREAS in form.fields else present
    if AREAS in fields and OTHER in others:
        fields[OTHER] = others[OTHER]
    problems = tuple(problem for problem in form.problems if _stops(problem, present, form))
    advised = tuple(row.key for row in table.fields if row.need is Need.ADVISED and row.key not in fields)
    return replace(form, fields=fields, problems=problems, advised_missing=advised)


def corrected(key: str, value: str, table: FieldTable) -> Submission:
    """One field by itself, judged like a form that has no other."""
    label = next(row.label for row in table.fields if row.key == key)
    found = judge(RawForm("your line", (Entry(label, value, ""),)), table, None, "txt")
    return replace(found, problems=tuple(problem for problem in found.problems if problem.field == key))


def altered(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[str, ...]:
    """The keys of the fields that say something else now. White space, the order of a list, and No
    against nothing do not count; the text of Other belongs to the areas."""
    keys = (key for key in dict.fromkeys((*after, *before)) if key != OTHER)
    return tuple(key for key in keys if _sense(key, before) != _sense(key, after))


def versions(change: ChangeRequest) -> tuple[Revision, ...]:
    """The texts since the change request was logged, the original first; what the forms of its intake
    said is not among them."""
    return tuple(revision for revision in change.revisions if revision.at >= change.received_at)


def revise(change: ChangeRequest | None, event: Submitted, office: Office, now: datetime) -> Decision:
    """A form about a numbered change request: a revision, a question back, or something for a person.

    Raises ValueError where there is no change request: that form is a new one.
    """
    if change is None:
        raise ValueError("only a change request that is there can be revised")
    form = event.form.submission
    if any(text.mail == event.cause for text in change.revisions):
        return _unchanged(change, event, now)  # a replay; a later text must not give way to it
    reason = _refusal(change, event.standing, office, now) or _doubt(change, form, office)
    if reason:
        return hold(change, event, reason, "", office, now)
    if not form.complete:
        return _ask(change, event, now)
    if set(altered(change.fields, form.fields)) <= SAID_BY_THE_WAY:
        return _unchanged(change, event, now)
    return _apply(change, event, office, now)


def _refusal(change: ChangeRequest, standing: Standing, office: Office, now: datetime) -> str:
    """Why this sender may not change this text now; empty where nothing speaks against it. Anybody of the
    originator's company may, the CRPM, and who may use every verb of theirs."""
    who = parties(change, standing, office, office.calendar.local_date(now))
    if not (who & MAY_REVISE or for_originator(change, standing)):
        return f"a form about {change.number} by somebody who is neither its originator nor its CRPM"
    if not standing.verified:
        return f"a form about {change.number}, but nothing proves that the mail comes from its From address"
    if change.step not in AMENDABLE:
        steps = ", ".join(step.value for step in Step if step in AMENDABLE)
        where = f"step {change.step.value} ({change.phase.value})"
        return f"{change.number} is in {where}; its text can be changed in the steps {steps} only"
    return ""


def _doubt(change: ChangeRequest, form: Submission, office: Office) -> str:
    """Why a form should not be taken for a revision by a program; empty where nothing speaks against it."""
    if unread := next((problem for problem in form.problems if not problem.field), None):
        return f"a file about {change.number} that cannot be read as a form: {unread.message}"
    company, area = form.text("company").casefold(), form.text("area_of_change")
    named = office.directory.company_named(company)
    whose = named.name if named else office.organisation.name
    if (named or company == whose.casefold()) and whose.casefold() != change.company.casefold():
        return f"a form about {change.number} that names another company"
    if area in ("system", "both") and area != change.text("area_of_change"):
        return f"a form about {change.number}: {Route.CROSSOVER}"
    if form.complete and not any(_alike(change.text(key), form.text(key)) for key in ("title", "description")):
        return f"a form with another title and another description than {change.number}: it may be a change of its own"
    return ""


def _ask(change: ChangeRequest, event: Submitted, now: datetime) -> Decision:
    """Something in it will not do: the sender is asked, and the change request stays as it is."""
    form = event.form.submission
    context: dict[str, object] = {"change": change, "submission": form}
    letters = answer(event, Kind.INCOMPLETE, change.number, context, event.prefilled)
    row = Row("Info Requested from CLEC", "A revision came in that cannot be taken as it is", now, "bot", public=False)
    reason = f"a revision of {change.number}: {Route.ASK}"
    return Decision(Fate.INCOMPLETE, reason, change, (row,), tuple(letters))


def _unchanged(change: ChangeRequest, event: Submitted, now: datetime) -> Decision:
    """The form says what stands there already: nothing changes, and the sender reads so."""
    letters = answer(event, Kind.REVISED, change.number, _told(change, change, event))
    row = Row("Additional Information", "A form came in that says what stands there already", now, "bot", public=False)
    reason = f"a form about {change.number} that changes nothing"
    return Decision(Fate.ANSWERED, reason, change, (row,), tuple(letters))


def _apply(change: ChangeRequest, event: Submitted, office: Office, now: datetime) -> Decision:
    """The new text stands, the old one beside it; whoever works on the change request is told."""
    fields, standing = event.form.submission.fields, event.standing
    by = standing.name if standing.person or standing.company else change.company
    # Never before the receipt, whatever the mail server's clock says: what comes after it is public.
    at = max(event.arrived, change.received_at)
    revision = Revision(len(change.revisions), at, event.cause, fields, by)
    revisions = (*change.revisions, revision)
    revised = lapsed(replace(change, fields=fields, revisions=revisions, flags=flags_of(change, fields)), event.cause)
    rows = [Row("Record Update", "Revision submitted; the earlier text stays on the page", event.arrived, by)]
    effects: list[Effect] = []
    if revised.draft != change.draft:
        rows.append(Row("Record Update", LAPSED, now, "bot", public=False))
        effects += _asked_again(revised, event, office, now)
    stamped = stamped_with(event.form.file, change.number)
    if stamped:
        effects.append(Keep(document_of(stamped, "Change Request form, as revised", now), stamped.content))
    effects.append(Publish())
    effects += _letters(change, revised, event, office)
    effects += alarm(change.flags, revised, event.cause, office)
    return Decision(Fate.OBEYED, f"a revision of {change.number}", revised, tuple(rows), tuple(effects))


def _asked_again(revised: ChangeRequest, event: Submitted, office: Office, now: datetime) -> list[Effect]:
    """The Director decides about the draft anew, seeing that the request is another (DESIGN section 5, AMEND)."""
    due = due_on(DeadlineKind.APPROVE, office, office.calendar.local_date(now))
    told = {**told_of(revised, office), "changed": True, "you": Role.DIRECTOR, "due": due}
    by = event.standing.name
    context: dict[str, object] = {"change": revised, "by": by, "on": office.calendar.local_date(now), **told}
    directors = office.reached(people_of(revised, Party.DIRECTOR, office))
    letters = [
        Send(Letter(event.cause, Kind.DRAFT, one.address, revised.number, context, Thread())) for one in directors
    ]
    return [Open(Deadline(DeadlineKind.APPROVE, due)), *letters]


def flags_of(change: ChangeRequest, fields: Mapping[str, Value]) -> tuple[str, ...]:
    """The flags of the originator as the new text sets them, where it says anything new; all others stay."""
    fresh = {FLAGS[key]: fields.get(key) is True for key in altered(change.fields, fields) if key in FLAGS}
    kept = (flag for flag in change.flags if fresh.get(flag, True))
    return tuple(dict.fromkeys((*kept, *(flag for flag, on in fresh.items() if on))))


def _letters(before: ChangeRequest, after: ChangeRequest, event: Submitted, office: Office) -> list[Effect]:
    """One letter to the submitter, one to each who runs the change request or stands in for them, and one
    to an originator in whose place staff has written."""
    told = _told(before, after, event)
    letters = answer(event, Kind.REVISED, after.number, told)
    run_by = people_of(after, in_charge(after, office), office)
    to = [person.address for person in office.reached(run_by)]
    if event.standing.person:
        to += _originator(after, office)
    sender = event.standing.answer_to
    others = {address.email: address for address in to if not sender or address.email != sender.email}
    return letters + [
        Send(Letter(event.cause, Kind.REVISED, address, after.number, told, Thread())) for address in others.values()
    ]


def _originator(change: ChangeRequest, office: Office) -> list[Address]:
    """Where the originator may be written to without a proof at hand: an address of the directory."""
    standing = Standing(change.originator, company=office.directory.company(change.originator))
    return [standing.answer_to] if standing.answer_to else []


def _told(before: ChangeRequest, after: ChangeRequest, event: Submitted) -> dict[str, object]:
    """What the letters about a revision are told; `before` is the text that it replaces."""
    form = event.form.submission
    return {
        "change": after,
        "before": before.fields,
        "revision": len(versions(after)) - 1,
        "standing": event.standing,
        "notes": form.notes,
        "typed": event.form.file is None,
    }


def _emptied(key: str, form: Submission) -> bool:
    """True where a label stands without an answer. A blank e-mail address stands for the sender's."""
    return key in form.places and key not in form.left_out and key != EMAIL


def _stops(problem: Problem, present: Mapping[str, Value], form: Submission) -> bool:
    key = problem.field
    if problem.code is Code.MISSING:
        return key in present and _emptied(key, form)
    return not key or key not in present or form.fields.get(key) != present[key]


def _sense(key: str, fields: Mapping[str, Value]) -> object:
    value = fields.get(key) or ""
    if isinstance(value, tuple):
        other = str(fields.get(OTHER, "")) if key == AREAS else ""
        return sorted(" ".join(item.split()) for item in value), " ".join(other.split())
    return " ".join(value.split()) if isinstance(value, str) else value


def _alike(one: str, two: str) -> bool:
    """True where two texts share a good part of their words."""
    first, second = (set(text.casefold().split()) for text in (one, two))
    return not first or len(first & second) >= ALIKE * min(len(first), len(second) or 1)
