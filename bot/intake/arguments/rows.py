"""Rows: how the arguments of each verb are read. Its one rule: one row a verb."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.intake.arguments import names
from bot.intake.arguments.arguments import Arguments
from bot.intake.arguments.correction import correction
from bot.intake.arguments.dates import Looking, split_at_date, take_date
from bot.intake.arguments.parts import (
    BEHIND,
    FLAGS,
    Known,
    Reader,
    approval,
    aside,
    change,
    dated,
    month_of,
    no_second_verb,
    nothing,
    optional,
    or_attached,
    reason,
    when,
    words,
)
from bot.intake.arguments.people import people, person
from bot.intake.arguments.responses import draft, outcome
from bot.intake.arguments.times import take_minutes, take_time
from bot.intake.arguments.unclear import Unclear
from bot.office.people import Person, Role

CANCEL = re.compile(r"cancel\b[\s:,.-]*", FLAGS)
BACK = re.compile(r"(?:back|cancel)\b", FLAGS)
UNTIL = re.compile(r"(?:until|till)\b\s*", FLAGS)
DEPUTY = re.compile(r"[\s,;]*\bdeputy\b[\s:]*", FLAGS)
LEADING_TO = re.compile(r"\s+(?:to|until|till|by|due|on)$", FLAGS)
ROLE = re.compile(r"\b(crpm|director)\b[\s:=]*", FLAGS)
FIGURES = re.compile(r"/.*|\d{1,2}:\d\d\b.*|\d{1,4}", FLAGS)
"""A second time, or a bare number that is no duration."""
PLACE = re.compile(r"\A[\s,;.-]*(?:(?:at|in|place|where)\b[\s:]+)?", FLAGS)


def assignment(text: str, known: Known) -> Arguments:
    """CRPM and Director in any order, or one of them alone."""
    before, *parts = ROLE.split(text)
    if before.strip(BEHIND) or not parts:
        raise Unclear("Say who is to be the CRPM, who the Director, or both.", shape=True)
    roles = [part.lower() for part in parts[::2]]
    if len({*roles}) < len(roles):
        raise Unclear(f"It names the {'CRPM' if roles[0] == 'crpm' else 'Director'} twice.", shape=True)
    named = dict(zip(roles, (part.strip(BEHIND) for part in parts[1::2]), strict=True))
    wrong: list[str] = []
    found: dict[str, Person] = {}
    for key, role in (("crpm", Role.CRPM), ("director", Role.DIRECTOR)):
        if key in named:
            try:
                found[key] = person(re.sub(r"[\s,;]+and$", "", named[key]), known.office, role)
            except Unclear as unclear:
                wrong.append(unclear.message)
    if wrong:
        raise Unclear(" ".join(wrong))
    return Arguments(crpm=found.get("crpm"), director=found.get("director"))


def experts(text: str, known: Known) -> Arguments:
    """The subject matter experts."""
    return Arguments(people=people(text, known.office, Role.SME))


def meeting(text: str, known: Known) -> Arguments:
    """When a meeting is, how long and where; or that it is cancelled."""
    if called_off := CANCEL.match(text):
        return Arguments(word="CANCEL", text=text[called_off.end() :].strip())
    taken = take_date(text, known.today, Looking.AHEAD)
    if taken is None:
        raise Unclear("It says no date.", shape=True)
    day, rest = taken
    timed = take_time(rest, day, known.office.calendar.zone)
    if timed is None:
        raise Unclear("It says no time behind the date.", shape=True)
    at, minutes, rest = timed
    if minutes is None and (lasting := take_minutes(rest)):
        minutes, rest = lasting
    place = " ".join(PLACE.sub("", rest, count=1).split())
    if FIGURES.fullmatch(place):
        raise Unclear(f"It is not plain what {place} behind the time is.", shape=True)
    return Arguments(on=day, at=at, minutes=minutes, place=place)


def extension(text: str, known: Known) -> Arguments:
    """Which deadline, until when, and why."""
    parted = split_at_date(text, known.today, Looking.AHEAD)
    if parted is None:
        raise Unclear("It says no date.", shape=True)
    before, day, rest = parted
    word = " ".join(LEADING_TO.sub("", f" {before}").split())
    if not word:
        raise Unclear("Say which deadline is to be later, in front of the date.", shape=True)
    return replace(reason(rest.lstrip(BEHIND), known), word=word, on=day)


def action(text: str, known: Known) -> Arguments:
    """Who is to do what, and by when."""
    parted = split_at_date(text, known.today, Looking.AHEAD)
    if parted is None:
        raise Unclear("It says no date.", shape=True)
    before, day, rest = parted
    one = person(LEADING_TO.sub("", f" {before}"), known.office)
    what = words("Say what is to be done, behind the date.")(rest.lstrip(BEHIND), known)
    return replace(what, people=(one,), on=day)


def announcement(text: str, known: Known) -> Arguments:
    """From when on it will be so."""
    taken = take_date(text, known.today, Looking.AHEAD)
    if taken is None:
        raise Unclear("It says no date.", shape=True)
    return Arguments(on=taken[0], text=taken[1].lstrip(BEHIND).strip())


def deferral(text: str, known: Known) -> Arguments:
    """Until when, if that is known, and why, if that is said."""
    until = UNTIL.match(text)
    if until is None:
        no_second_verb(text)
        return Arguments(text=text.strip())
    return announcement(text[until.end() :], known)


def earlier(text: str, known: Known) -> Arguments:
    """The agenda on which it is to stand: a date and nothing else."""
    taken = take_date(text, known.today, Looking.AHEAD)
    if taken is None or taken[1].strip(BEHIND):
        raise Unclear("Only a date may follow it.", shape=True)
    return Arguments(on=taken[0])


def reaction(text: str, known: Known) -> Arguments:
    """How the CLECs took the response; `ON date` may stand behind it, too."""
    found = outcome(text)
    behind = found.text.startswith("ON ") and found.word != "REVISE"
    taken = take_date(found.text, known.today, Looking.BACK) if behind else None
    if taken is None:
        return found
    return replace(found, on=taken[0], text=taken[1].strip(BEHIND))


def stepped(text: str, known: Known) -> Arguments:
    """TO a step, and why."""
    taken = names.take_step(text)
    if taken is None:
        raise Unclear("Say to which step.", shape=True)
    return replace(reason(taken[1], known), step=taken[0])


def crossing(text: str, known: Known) -> Arguments:
    """The number that it has on the other track, and a word about it."""
    reference, _, rest = text.strip().partition(" ") if " " in text.split("\n", 1)[0] else text.strip().partition("\n")
    if not re.search(r"\w", reference):
        raise Unclear("Say under which number it is on the other track.", shape=True)
    return Arguments(reference=reference.rstrip(",;:."), text=rest.strip())


def absence(text: str, known: Known) -> Arguments:
    """Until when somebody is away, the last day included, and who stands in; or that they are back."""
    if BACK.match(text):
        nothing(BACK.sub("", text, count=1), known)
        return Arguments(word="BACK")
    until = UNTIL.match(text)
    taken = take_date(text[until.end() :], known.today, Looking.AHEAD) if until else None
    if taken is None:
        raise Unclear("Say until when: UNTIL and a date.", shape=True)
    day, rest = taken
    deputy = DEPUTY.match(rest)
    if deputy is None:
        nothing(rest, known)
        return Arguments(on=day)
    return Arguments(on=day, deputy=person(rest[deputy.end() :], known.office))


def nowhere(text: str, known: Known) -> Arguments:
    """DRY RUN behind other lines, or with words behind it, where nobody knows what it is to cover."""
    raise Unclear("DRY RUN counts for a whole mail: it stands alone on the first line.")


ROWS: Mapping[str, Reader] = {
    "HELP": lambda text, known: Arguments(word=names.verb_named(text)),
    "STATUS": optional(change),
    "HISTORY": optional(change),
    "COMMENT": words("Please write your comment behind the verb."),
    "NOTE": words("Please write your note behind the verb."),
    "ASK": words("Please write your question behind the verb."),
    "ACTION": action,
    "DONE": lambda text, known: Arguments(n=names.item(text)),
    "FOLLOW": optional(change),
    "UNFOLLOW": optional(change),
    "STOP": nothing,
    "LOG": words(""),
    "RETURN": reason,
    "DROP": reason,
    "ASSIGN": assignment,
    "SME": experts,
    "MEETING": meeting,
    "HELD": when,
    "MINUTES": dated(or_attached),
    "OPTIONS": or_attached,
    "EXTEND": extension,
    "AMEND": or_attached,
    "PRESENTED": when,
    "WALKON": optional(earlier),
    "ALIGNED": dated(words("Please say what the meeting agreed on, behind the verb.")),
    "DRAFT": lambda text, known: draft(text),
    "APPROVE": approval,
    "DISAPPROVE": reason,
    "RESPOND": nothing,
    "OUTCOME": dated(reaction),
    "ESCALATE": reason,
    "DEFER": deferral,
    "RESUME": when,
    "RESOLVE": dated(stepped),
    "ANNOUNCE": announcement,
    "PRODUCTION": when,
    "REWORK": reason,
    "CLOSE": reason,
    "CONSENT": when,
    "OBJECT": dated(reason),
    "WITHDRAW": reason,
    "CROSSOVER": crossing,
    "REOPEN": stepped,
    "CORRECT": lambda text, known: correction(text, known.table),
    "RELATE": change,
    "UNDO": aside,
    "AWAY": absence,
    "AGENDA": optional(month_of(Looking.AHEAD)),
    "REPORT": optional(month_of(Looking.BACK)),
    "FREEZE": nothing,
    "UNFREEZE": nothing,
    "CONFIRM": lambda text, known: Arguments(code=names.code(text)),
    "DRY RUN": nowhere,
}
