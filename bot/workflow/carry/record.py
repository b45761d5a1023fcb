"""Record: what corrects and completes the record itself.

Its one rule: what stood before stays in sight. A correction is a new revision, what is taken back
keeps its row, and a number is never given again.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.mail.letter import Kind
from bot.office.people import Address
from bot.workflow import by_hand
from bot.workflow.carry.words import us
from bot.workflow.case import Case
from bot.workflow.change import ChangeRequest, Revision
from bot.workflow.effect import Decision, Effect, Recall, Restore
from bot.workflow.event import Undoing
from bot.workflow.party import Party
from bot.workflow.revision import AREAS, OTHER, altered, flags_of
from bot.workflow.told import TOLD

UNDO_WITHIN = timedelta(hours=24)
TAKEN_BACK = "Administrative: taken back"
COMPANY, EMAIL = "company", "originator_email"
PERSONAL = frozenset(
    {EMAIL, "originator_phone", "originator_title", "internal_ref", "availability", "date_submitted", "smes_requested"}
)
"""Fields that are nobody's concern but the originator's and the CRPM's (DESIGN section 7)."""


def log(case: Case) -> Decision:
    """LOG: number an intake by hand."""
    return by_hand.log(case.before, case.order, case.office, case.now)


def give_back(case: Case) -> Decision:
    """RETURN: send an intake back to its sender."""
    return by_hand.give_back(case.before, case.order, case.office, case.now)


def drop(case: Case) -> Decision:
    """DROP: end an intake."""
    return by_hand.drop(case.before, case.order, case.office, case.now)


def amend(case: Case) -> Decision:
    """AMEND without a form; one with a form is a revision and never comes here."""
    return case.refuse(
        "The new text is missing. Send the corrected form with it, or write below the verb what is to change, field "
        f"by field, as in: Title of Change: {case.before.title}"
    )


def correct(case: Case) -> Decision:
    """CORRECT: another value in one field of the form, as a new revision."""
    before, form, key = case.before, case.order.form.submission, case.args.field
    if form.problems or key in form.left_out:
        said = [problem.message for problem in form.problems] or list(form.notes)
        return case.refuse(f"{_named(key)} cannot be corrected to that. {' '.join(said)}")
    keys = (key, OTHER) if key == AREAS else (key,)
    fields = {**before.fields, **{name: form.fields[name] for name in keys if name in form.fields}}
    if key not in altered(before.fields, fields):
        return case.refuse(f"{_named(key)} says that already; nothing is to be corrected.")
    revision = Revision(len(before.revisions), max(case.now, before.received_at), case.order.cause, fields, case.by)
    after = replace(
        case.change,
        fields=fields,
        revisions=(*before.revisions, revision),
        flags=flags_of(before, fields),
    )
    after = _owned(case, after) if key in (COMPANY, EMAIL) else after
    rows = (
        case.says(f"Administrative: {_named(key)} corrected: {case.args.text}"),
        case.says(f"{_named(key)} was: {before.text(key) or 'blank'}", "Additional Information", public=False),
    )
    context: dict[str, object] = {"field": key, "was": before.text(key), "now": after.text(key)}
    return case.done(rows, _about_text(case, context, after), after)


def relate(case: Case) -> Decision:
    """RELATE: a link to another change request. The line is carried out on both, each for itself, so
    that the link stands on both pages."""
    other = case.order.other
    if other is None:
        return case.refuse(f"There is no {case.args.number}. Please look its number up in the register.")
    if other.key == case.before.key:
        return case.refuse(f"{other.number} is this very one. Name the other change request behind the verb.")
    if not (other.logged and case.before.logged):
        return case.refuse(f"{other.number} has no CR number yet; LOG it first.")
    if other.number in case.before.related:
        return replace(case.done(()), answer=(f"{other.number} is linked to it already.",))
    after = replace(case.change, related=(*case.before.related, other.number))
    return case.done((case.says(f"Related to {other.number}: {other.title}"),), (), after)


def undo(case: Case) -> Decision:
    """UNDO: all as it was before the latest event; who was told of it is told so (DESIGN section 5)."""
    latest = case.order.undoing
    if latest is None:
        return case.refuse(
            f"There is nothing of {case.before.number} to take back: it has to be the latest thing that was recorded, "
            "by a mail before this one."
        )
    if latest.before is None:
        return case.refuse(
            "That gave it its number, and a number is never taken back. WITHDRAW and a reason ends the change request."
        )
    if reason := _lasting(case, latest):
        return case.refuse(reason)
    said = "; ".join(f"{row.action}: {row.description}" for row in latest.said if row.public)
    public = bool(said)
    row = case.says(f"{TAKEN_BACK}: {said or _first(latest)}", "Record Update", public=public)
    clocks: list[Effect] = [Restore(latest.kinds, latest.deadlines)] if latest.kinds else []
    recalled: list[Effect] = [Recall(cause) for cause in latest.causes]
    letters = _corrections(case, latest, said)
    rows = (
        row,
        *((case.says(f"Why: {why}", "Additional Information", public=False),) if (why := case.args.text) else ()),
    )
    answer = (
        *_taken_back(latest),
        *((f"Letters that had not gone out yet, and are not sent: {latest.unsent}.",) if latest.unsent else ()),
        *(("Who had been told already gets a correction.",) if letters else ()),
    )
    return replace(case.done(rows, (*clocks, *recalled, *letters), latest.before), answer=answer)


def _taken_back(latest: Undoing) -> tuple[str, ...]:
    """All that was recorded and is taken back."""
    said = [f"{row.action}: {row.description}" for row in latest.said]
    return (f"Taken back: {said[0]}",) if len(said) == 1 else ("Taken back:", *(f"  - {each}" for each in said))


def _lasting(case: Case, latest: Undoing) -> str:
    """Why the latest event stays; empty where it may be taken back."""
    when = us(case.office.calendar.local_date(latest.at))
    if latest.said and latest.said[0].description.startswith(TAKEN_BACK):
        return f"The latest thing recorded is an UNDO, of {when}. To have it again, send the line itself again."
    if latest.by != case.by and not case.manages:
        who = case.office.directory.named(latest.by)
        return (
            f"The latest thing recorded is by {who.name if who else latest.by}, of {when}: {_first(latest)}. They can "
            f"take it back, or the CMP Manager; what was recorded before it cannot be taken back any more."
        )
    if case.now - latest.at > UNDO_WITHIN:
        hours = int(UNDO_WITHIN.total_seconds() // 3600)
        return (
            f"It was recorded on {when}, and UNDO works for {hours} hours. Ask the CMP Manager to correct it, or send "
            f"the verb that leads on from where it stands."
        )
    return ""


def _first(latest: Undoing) -> str:
    row = latest.said[0]
    return f"{row.action}: {row.description}"


def _corrections(case: Case, latest: Undoing, said: str) -> list[Effect]:
    """One letter to each who was told of what is taken back; not to who takes it back."""
    me = case.order.standing.sender
    names = {each.email: each for each in _addresses(case)}
    heard: dict[str, list[str]] = {}
    for to, kind in latest.sent:
        if not (me and me.email == to.email):
            heard.setdefault(to.email, []).append(TOLD[kind])
    return [
        case.letter(
            Kind.UNDONE,
            names.get(each, Address(each)),
            {"said": said, "heard": "; ".join(dict.fromkeys(words))},
            change=latest.before,
        )
        for each, words in heard.items()
    ]


def _addresses(case: Case) -> Iterable[Address]:
    """The addresses that we know by a name."""
    directory = case.office.directory
    yield from (contact for company in directory.companies for contact in company.contacts)
    yield from (person.address for person in directory.people)
    yield from (case.before.originator, *case.before.followers)


def _owned(case: Case, after: ChangeRequest) -> ChangeRequest:
    """Whose change request it is, where just that was corrected."""
    if case.args.field == EMAIL:
        name = after.text("originator_name") or after.originator.name
        return replace(after, originator=Address(after.text(EMAIL).lower(), name))
    company = case.office.directory.company_named(after.text(COMPANY))
    return replace(after, company=company.name if company else after.text(COMPANY))


def _about_text(case: Case, context: dict[str, object], after: ChangeRequest) -> list[Effect]:
    """Everybody concerned reads a correction; one of contact data only the originator and the CRPM."""
    if case.args.field not in PERSONAL:
        return case.to_concerned(Kind.CORRECTED, context, change=after)
    return [
        *case.to_originator(Kind.CORRECTED, context, change=after),
        *case.to_party(Party.CRPM, Kind.CORRECTED, context, change=after),
    ]


def _named(key: str) -> str:
    """A field as the journal names it."""
    return key.replace("_", " ")
