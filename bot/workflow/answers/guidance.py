"""Guidance: the answers to HELP.

Its one rule: derived from the grammar and the table of the workflow, for whoever asks: nothing is
explained as possible that would be refused for want of a right.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.intake.arguments import Arguments
from bot.intake.verbs import VERBS, Verb
from bot.intake.verify import Standing
from bot.office.office import Office
from bot.workflow.answers.answer import stands
from bot.workflow.carry.words import us
from bot.workflow.change import ChangeRequest
from bot.workflow.event import Ordered
from bot.workflow.party import Party, parties
from bot.workflow.rights import entitled, imaginable
from bot.workflow.step import ANYWHERE, FROM_3, LOGGED, OPEN, rows_at, rows_of
from bot.workflow.transition import Place, Transition, place_of

Enquiries = Mapping[str, frozenset[Party]]
"""The verbs that concern no change request, and who may use them."""

BESIDE = frozenset({"CONFIRM", "DRY RUN"})
"""What goes with any verb, and is explained where it is needed."""
SPANS = (
    (ANYWHERE, "any"),
    (LOGGED, "any, once it has its number"),
    (OPEN, "any while it is open"),
    (FROM_3, "any from step 3 on while it is open"),
    (OPEN - {Place.DEFERRED}, "any while it is open and not deferred"),
)
DATED = "A date is 12/03/2026, 12/3, December 3, Thursday or tomorrow, in US order."
PERSON = "A person is a name, an id or an e-mail address of the directory."
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "MEETING": (
        'As in: "MEETING {day} 10:00 AM 90 min Bridge 701-555-0100"',
        DATED,
        "A time is 10:00 AM, 2 PM, 14:00 or noon, of the zone of the process.",
        "A duration is 90 min, 1h30 or 2 hours; 60 minutes where you give none.",
        "The place is what follows, in your words: a room, a bridge, a link.",
        "The same line with another date or time moves the meeting.",
    ),
    "EXTEND": ('As in: "EXTEND RESPOND {day} agreed with the CLEC on the telephone"', DATED),
    "ACTION": ('As in: "ACTION lena {day} Send three examples" with a person of yours', PERSON, DATED),
    "ANNOUNCE": ('As in: "ANNOUNCE {day} For all products at once."', DATED),
    "DEFER": ('As in: "DEFER UNTIL {day} we wait for the new release"', DATED),
    "ASSIGN": (PERSON,),
    "SME": (PERSON, "Between two of them stands a semicolon."),
    "AWAY": ('As in: "AWAY UNTIL {day}"', DATED, PERSON),
}
"""How arguments are written that a usage alone does not explain; `day` is one that lies ahead."""
AHEAD = 5
"""Business days ahead that an example's date lies."""
HOW = "Write a verb in capitals at the top of a reply to a letter about the change request, one a line."
ELSEWHERE = "In another mail put its number in front of the line, or into the subject."


def explained(
    change: ChangeRequest | None, event: Ordered, office: Office, now: datetime, enquiries: Enquiries
) -> tuple[str, ...]:
    """The lines that answer HELP: one verb in detail, or those that the sender may use."""
    who = parties(change, event.standing, office, office.calendar.local_date(now))
    verbs = {verb.name: verb for verb in VERBS}
    if isinstance(event.args, Arguments) and (verb := verbs.get(event.args.word)):
        day = office.calendar.add_business_days(office.calendar.local_date(now), AHEAD)
        return _one(verb, change, event, who, enquiries, us(day))
    anybody = _lines(verb for verb in VERBS if enquiries.get(verb.name, frozenset()) & who)
    if who == {Party.ANYONE}:
        return _for_strangers(office, anybody)
    if change is None:
        rows = _on_some(event.standing)
        return (HOW, ELSEWHERE, "On a change request, each at its step:", *rows, "At any time:", *anybody, *_beside())
    return _on(change, who, anybody)


def in_short(standing: Standing, enquiries: Enquiries) -> tuple[str, ...]:
    """Every verb that a sender could use, on one change request or another or on none."""
    who = imaginable(standing)
    anybody = _lines(verb for verb in VERBS if enquiries.get(verb.name, frozenset()) & who)
    return tuple(line.strip() for line in (*anybody, *_on_some(standing)))


def _on_some(standing: Standing) -> tuple[str, ...]:
    """What a sender could use on one change request or another."""
    could = imaginable(standing)
    return _lines(verb for verb in VERBS if any(entitled(row, could) for row in rows_of(verb.name)))


def _on(change: ChangeRequest, who: frozenset[Party], anybody: tuple[str, ...]) -> tuple[str, ...]:
    """What may be done with a change request, now and later."""
    now = {row.verb for row in rows_at(place_of(change)) if entitled(row, who)}
    later = [verb for verb in VERBS if verb.name not in now and any(entitled(row, who) for row in rows_of(verb.name))]
    where = f"{change.number} is {stands(change)}."
    named = ", ".join(verb.name for verb in later)
    return (
        where,
        "Now you may use:",
        *_lines(verb for verb in VERBS if verb.name in now),
        *((f"When it stands elsewhere: {named}. HELP and a verb says where.",) if named else ()),
        "At any time:",
        *anybody,
        *_beside(),
    )


def _for_strangers(office: Office, anybody: tuple[str, ...]) -> tuple[str, ...]:
    site = office.organisation.site_url
    return (
        "To file a change request, send a form to this mailbox; a mail with a question brings the blank forms.",
        *((f"All change requests: {site}",) if site else ()),
        "You may also write one of these lines at the top of a mail:",
        *anybody,
    )


def _one(
    verb: Verb, change: ChangeRequest | None, event: Ordered, who: frozenset[Party], enquiries: Enquiries, day: str
) -> tuple[str, ...]:
    """A verb in detail: how it is written, what it does, who may use it where, and whether the sender may."""
    rows = rows_of(verb.name)
    allowed = frozenset[Party]().union(*(row.parties for row in rows)) or enquiries.get(verb.name, frozenset())
    named = " or ".join(party.value for party in Party if party in allowed) or verb.who
    return (
        f'"{verb.usage}" {verb.meaning}.',
        *(line.format(day=day) for line in EXAMPLES.get(verb.name, ())),
        f"For {named}.",
        *((f"At step: {places(rows)}.",) if rows else ()),
        *_possible(rows, change, event, who),
    )


def _possible(
    rows: tuple[Transition, ...], change: ChangeRequest | None, event: Ordered, who: frozenset[Party]
) -> tuple[str, ...]:
    """Whether the sender may use a verb, on the change request where there is one."""
    mine = [row for row in rows if entitled(row, who if change else imaginable(event.standing))]
    if not rows:
        return ()
    if not mine:
        return (f"You are not that{f' on {change.number}' if change else ''}, and cannot use it.",)
    if change is None:
        return ()
    if any(place_of(change) in row.at for row in mine):
        return (f"{change.number} is {stands(change)}: you may use it now.",)
    return (f"{change.number} is {stands(change)}: it is not possible there.",)


def places(rows: Iterable[Transition]) -> str:
    """Where rows can be used, in words."""
    found = frozenset[Place]().union(*(row.at for row in rows))
    return next((words for span, words in SPANS if span == found), None) or ", ".join(
        place.value.replace(",", "") for place in Place if place in found
    )


def _lines(verbs: Iterable[Verb]) -> tuple[str, ...]:
    # In quotation marks, so that no line of ours opens with a verb, however it is quoted.
    return tuple(f'  "{verb.usage}" {verb.meaning}' for verb in verbs if verb.name not in BESIDE)


def _beside() -> tuple[str, ...]:
    return (
        "With DRY RUN on the first line you see what a mail would do, and nothing is done.",
        "With HELP and a verb you get it explained.",
    )
