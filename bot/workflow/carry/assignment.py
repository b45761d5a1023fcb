"""Assignment: who works on a change request (seed step 2).

Its one rule: nobody is assigned who does not hold the role in the directory, and whoever is assigned,
or replaced, hears of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from bot.intake.arguments.dates import in_words
from bot.mail.letter import Kind
from bot.office.people import Person, Role
from bot.workflow.carry.response import pending_letters
from bot.workflow.carry.walkon import agenda_told, item_told, next_meeting
from bot.workflow.carry.words import lacking, names, us
from bot.workflow.case import Case
from bot.workflow.change import ROLES, ChangeRequest, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.draft import shown_again, waits
from bot.workflow.effect import Decision, Effect, Open, Row
from bot.workflow.leftover import WHY, goes_on
from bot.workflow.party import Party, people_of

BOTH = ("crpm", "director")
FIRST = "The first assignment names both: ASSIGN CRPM person DIRECTOR person."
NOBODY_YET = (
    "No CRPM and Director are assigned yet. The CMP Group Manager does that first: ASSIGN CRPM person DIRECTOR person."
)


def assign(case: Case) -> Decision:
    """CRPM and Director, both at first, one alone to replace (DESIGN section 5)."""
    named = {key: one for key, one in (("crpm", case.args.crpm), ("director", case.args.director)) if one}
    unfit = " ".join(filter(None, (lacking((one,), ROLES[key], case.office) for key, one in named.items())))
    before = case.before.people
    if unfit:
        return case.refuse(unfit)
    if any(key not in named and not before.get(key) for key in BOTH):
        return case.refuse(FIRST)
    fresh = {key: one for key, one in named.items() if before.get(key) != (one.id,)}
    if not fresh:
        return case.refuse(f"{_both(case.before, case)} already; nothing would change.")
    after = replace(case.change, people={**before, **{key: (one.id,) for key, one in fresh.items()}})
    if "director" in fresh and waits(after.draft):
        after = shown_again(after, case.order.cause)
    said = "; ".join(_changed(case, key, one) for key, one in fresh.items())
    done = case.done((case.says(said),), _assignment_letters(case, after, fresh), after)
    return replace(done, answer=(f"{_both(after, case)}.", *_left(case, fresh)))


def _both(change: ChangeRequest, case: Case) -> str:
    crpm, director = (names(change.people.get(key, ()), case.office) for key in BOTH)
    return f"The CRPM is {crpm}, the Director {director}"


def _changed(case: Case, key: str, one: Person) -> str:
    before = case.before.people.get(key, ())
    return f"{ROLES[key]} is {one.name}" + (f" (was {names(before, case.office)})" if before else "")


def _left(case: Case, fresh: Mapping[str, Person]) -> tuple[str, ...]:
    """Who was replaced and cannot be told, having left the directory."""
    gone = (each for key in fresh for each in case.before.people.get(key, ()) if not case.office.directory.named(each))
    return tuple(f"{each} is not in the directory any more, so nobody was told in that place." for each in gone)


def _assignment_letters(case: Case, after: ChangeRequest, fresh: Mapping[str, Person]) -> list[Effect]:
    """To the new ones, to those they replace, to the originator about a new CRPM, to the others; and to
    the new ones what waits for them."""
    letters: list[Effect] = []
    for key, one in fresh.items():
        kind = Kind.NAME_SMES if key == "director" and not after.people.get("smes") else Kind.ASSIGNED
        letters += _tell(case, kind, case.office.reached((one,)), after, ROLES[key])
    if "crpm" in fresh:
        letters += case.to_originator(Kind.ASSIGNED, _told(case, after, "originator"), change=after)
    now_there = {each for ids in after.people.values() for each in ids}
    for key in fresh:
        gone = (case.office.directory.named(each) for each in case.before.people.get(key, ()) if each not in now_there)
        letters += _tell(case, Kind.ASSIGNED, filter(None, gone), after, "former", ROLES[key])
    others = (one for party in (Party.CRPM, Party.DIRECTOR, Party.SME) for one in people_of(after, party, case.office))
    letters += _tell(case, Kind.ASSIGNED, (one for one in others if one not in fresh.values()), after, "colleague")
    return letters + pending_letters(case, after, {ROLES[key] for key in fresh})


def name_smes(case: Case) -> Decision:
    """The experts, as they are from now on: at step 2 that completes it (seed step 2), later the new list
    takes the place of the old one."""
    before, fresh = case.before.people.get("smes", ()), case.args.people
    if not all(case.before.people.get(key) for key in BOTH):
        return case.refuse(NOBODY_YET)
    if unfit := lacking(fresh, Role.SME, case.office):
        return case.refuse(unfit)
    ids = tuple(one.id for one in fresh)
    if set(ids) == set(before) and case.before.step is not Step.SME_ASSIGNMENT:
        return case.refuse(f"The SMEs are {names(ids, case.office)} already; nothing would change.")
    after = replace(case.change, people={**case.before.people, "smes": ids})
    if case.before.step is Step.SME_ASSIGNMENT:
        return _first_named(case, after)
    rows = (case.says(f"SMEs are {names(ids, case.office)} (were {names(before, case.office)})"),)
    answer = f"The SMEs are now {names(ids, case.office)}, in place of {names(before, case.office)}."
    return replace(case.done(rows, _sme_letters(case, after, before), after), answer=(answer,))


def _first_named(case: Case, after: ChangeRequest) -> Decision:
    """Step 2 is complete: to 3, and onto the agenda of the meeting at which the CLEC presents it."""
    meeting, missed = _meetings(case)
    after = replace(after, agenda=meeting)
    rows = [case.says(f"SMEs assigned: {names(after.people['smes'], case.office)}")]
    answer = [f"The CLEC presents it at the Monthly Meeting of {us(meeting)}."]
    told, moved = item_told(case, after), list[Effect]()
    if missed:
        case = _carried_on(case, meeting)
        moved = [Open(due) for due in case.order.running if due.kind is DeadlineKind.PRESENT]
        rows.append(Row("Record Update", goes_on(missed, meeting), case.now, "bot"))
        answer.append(f"{goes_on(missed, meeting)}.")
        told = agenda_told(after, meeting, missed, WHY.format(us(missed)), case.office)
        moved += case.to_party(Party.CRPM, Kind.AGENDA_ITEM, told, change=after)
    letters = _sme_letters(case, after, ())
    letters += case.to_originator(Kind.AGENDA_ITEM, told, change=after)
    return replace(case.done(rows, [*moved, *letters], after), answer=tuple(answer))


def _meetings(case: Case) -> tuple[date, date | None]:
    """The meeting that it stands on already; else the one that its receipt puts it on. Where that is over, the next
    one, and the one that it stood on: it goes on from there like any that is left over."""
    calendar = case.office.calendar
    stands = case.before.agenda or case.due_by(DeadlineKind.PRESENT)
    meeting = stands or calendar.presentation_meeting(calendar.local_date(case.before.received_at))
    return (meeting, None) if meeting >= case.today else (next_meeting(case), stands)


def _carried_on(case: Case, meeting: date) -> Case:
    """The same with the presentation due at a later meeting, because it missed its own."""
    running = (due.carried_on(meeting) if due.kind is DeadlineKind.PRESENT else due for due in case.order.running)
    return replace(case, order=replace(case.order, running=tuple(running)))


def _sme_letters(case: Case, after: ChangeRequest, before: tuple[str, ...]) -> list[Effect]:
    """To the new experts, to those `before` them who are none any more, and to CRPM and Director."""
    office = case.office
    now_there = people_of(after, Party.SME, office)
    letters = _tell(
        case, Kind.SMES_NAMED, office.reached(one for one in now_there if one.id not in before), after, "SME"
    )
    former = (office.directory.named(each) for each in before if each not in after.people["smes"])
    letters += _tell(case, Kind.SMES_NAMED, filter(None, former), after, "former")
    crpm, director = (office.reached(people_of(after, party, office)) for party in (Party.CRPM, Party.DIRECTOR))
    letters += _tell(case, Kind.SMES_NAMED, crpm, after, Role.CRPM)
    return letters + _tell(case, Kind.SMES_NAMED, director, after, "colleague")


def _tell(
    case: Case, kind: Kind, people: Iterable[Person], after: ChangeRequest, you: str, was: str = ""
) -> list[Effect]:
    to = (one.address for one in people)
    return case.to_each(to, kind, _told(case, after, you, was), change=after)


def _told(case: Case, after: ChangeRequest, you: str, was: str = "") -> dict[str, object]:
    """What a letter about an assignment is told: `you` is what its recipient is to the change request
    now, `was` what they were, `crpm` and `director` who these are, `due` what is still to be done, and
    by when the SMEs are to be named, the meeting to be held and the options to be ready."""
    crpm, director = (next(iter(people_of(after, party, case.office)), None) for party in (Party.CRPM, Party.DIRECTOR))
    due = {one.kind: one.by for one in case.order.running if one.kind not in case.row.meets}
    due |= {kind: case.due(kind, after.agenda).due for kind in case.row.opens}
    return {
        "you": you,
        "was": was,
        "crpm": crpm,
        "director": director,
        "due": tuple((kind.value, in_words(by)) for kind, by in sorted(due.items(), key=lambda row: row[1])),
        "name_by": due.get(DeadlineKind.NAME_SMES),
        "meet_by": due.get(DeadlineKind.CLARIFY),
        "options_by": due.get(DeadlineKind.OPTIONS),
    }
