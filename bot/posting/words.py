"""Words: how values read to people, in letters and on pages.

Its one rule: a value's wording is decided here once, for text and HTML alike.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from bot.intake.arguments.dates import in_words
from bot.intake.form import TRACKS, Code, FieldTable, Need, Problem, Shape, Submission, Value
from bot.intake.form import in_words as value_in_words
from bot.intake.value.dates import us_order
from bot.intake.verbs import VERBS
from bot.office.office import Office
from bot.office.people import Address
from bot.office.zone import ZONES
from bot.posting.difference import Altered, altered
from bot.posting.versions import areas
from bot.workflow import revision

WIDTH = 76  # columns of a text letter, so that quoting it once still fits 80
VERB_NAMES = frozenset(verb.name for verb in VERBS)
LABEL = 28  # columns that a label takes before a value on the same line; a longer one stands above it
NOON = 12

FLAGS = {
    "EX": "exception process requested",
    "IG": "industry guideline",
    "RG": "regulatory",
    "X": "crossover",
    "CM": "change to the CMP itself",
    "ES": "escalated",
}

GIVEN = re.compile(r"[^\W\d_][^,;:/@()<>\"]{0,40}")
SUFFIXES = frozenset({"inc", "llc", "ltd", "co", "corp", "lp", "jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"})
"""What stands behind a comma in a name and is no given name."""

LEFT_BLANK = "(left blank)"
BLANK = {"originator_email": "(the address it was sent from)"}
"""What a field that was left blank means, where it means something."""

WRONG = {
    Code.MISSING: "is missing",
    Code.INVALID: "needs another look",
    Code.CONTRADICTORY: "is answered in two ways",
    Code.UNREADABLE: "cannot be read",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of a form as people read it; `brief` when the value stands in the column of values,
    `blank` is what stands there for none."""

    label: str
    value: str
    brief: bool
    blank: str


class Words:
    """The words that depend on the form's field table."""

    def __init__(self, table: FieldTable) -> None:
        self.rows = tuple(row for row in table.fields if row.need is not Need.IGNORED)
        self.labels = {row.key: row.label for row in table.fields}

    def facts(self, fields: Mapping[str, Value]) -> tuple[Fact, ...]:
        """The fields of a form in their printed order; of the empty ones those that are wanted."""
        said = ((row, _said(row.key, row.shape, fields)) for row in self.rows)
        return tuple(
            Fact(row.label, value, not value or _fits(row.label, value), BLANK.get(row.key, LEFT_BLANK))
            for row, value in said
            if value or row.need is not Need.OPTIONAL
        )

    def altered(self, before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Altered, ...]:
        """The fields that say something else now, in their printed order."""
        keys = revision.altered(before, after)
        told = ((row.key, _said(row.key, row.shape, before), _said(row.key, row.shape, after)) for row in self.rows)
        return tuple(altered(key, *texts) for key, *texts in told if key in keys)

    def heading(self, problem: Problem) -> str:
        """What a problem is about, and what is wrong with it: `Products Impacted is missing`. Never
        `Label: word`: in a quotation that nobody marked it could be taken for an answer."""
        return f"{self.labels.get(problem.field) or problem.field or 'The form'} {WRONG[problem.code]}"

    def named(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The labels of some fields, each once."""
        return tuple(self.labels.get(key, key) for key in dict.fromkeys(keys))

    def asked(self, submission: Submission) -> tuple[str, ...]:
        """The labels of the fields that have problems, each once, in the problems' order."""
        return self.named(problem.field for problem in submission.problems if problem.field)


def fact_lines(facts: Iterable[Fact]) -> str:
    """The fields of a form as lines of a text letter: label and value side by side where they fit."""
    rows: list[str] = []
    for fact in facts:
        if not fact.brief:
            rows += (f"  {fact.label}", block(fact.value))
        elif len(fact.label) <= LABEL:
            rows.append(f"  {fact.label:{LABEL}} {fact.value or fact.blank}")
        else:
            rows += (f"  {fact.label}", f"  {'':{LABEL}} {fact.blank}")
    return "\n".join(rows)


def _fits(label: str, value: str) -> bool:
    return "\n" not in value and len(label) <= LABEL and LABEL + len(value) <= WIDTH - 3


def _said(key: str, shape: Shape, fields: Mapping[str, Value]) -> str:
    value = fields.get(key, "")
    if key == "areas_impacted":
        return "; ".join(areas(fields))
    if isinstance(value, bool):
        return value_in_words(value)
    if isinstance(value, tuple):
        return "\n".join(value) if shape is Shape.SLOTS else "; ".join(value)
    if shape is Shape.AREA:
        return TRACKS.get(value, value)
    return us_order(value) if shape is Shape.DATE else value


def read_for(problem: Problem, submission: Submission) -> str:
    """What was read where a problem is; empty where nothing was, or the message says it already."""
    value = submission.text(problem.field)
    return "" if value in problem.message else value


def unread(submission: Submission) -> bool:
    """True for a file from which nothing could be read: nothing of it is missing or to be corrected."""
    return not submission.fields and all(problem.code is Code.UNREADABLE for problem in submission.problems)


def called(to: Address, office: Office) -> str:
    """What somebody is called in a greeting: what the directory calls them, else what they call themselves.
    Many mail programs write the family name first.

    >>> from bot.office.office import Organisation
    >>> office = Office(Organisation("Meridell", Address("cmpcr@meridell.example"), ""))
    >>> called(Address("daniel@skyhaul.example", "Okafor, Daniel"), office)
    'Daniel Okafor'
    >>> called(Address("daniel@skyhaul.example", "Skyhaul, Inc."), office)
    'Skyhaul, Inc.'
    """
    if person := office.directory.person(to.email):
        return person.name
    family, comma, given = to.name.partition(",")
    if not comma:
        return to.name
    contacts = (contact for company in office.directory.companies for contact in company.contacts)
    known = next((one.name for one in contacts if one.email == to.email and one.name), "")
    plain = family.strip() and GIVEN.fullmatch(given.strip()) and given.strip(" .").lower() not in SUFFIXES
    return known or (f"{given.strip()} {family.strip()}" if plain else to.name)


def us_date(day: date) -> str:
    """mm/dd/yyyy, as the register writes dates (domain.md section 8, realism)."""
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def local_time(instant: datetime, zone: tzinfo) -> str:
    """An instant as the office's clock shows it.

    >>> from datetime import UTC
    >>> local_time(datetime(2026, 11, 22, 15, 27, tzinfo=UTC), UTC)
    '11/22/2026 3:27 PM UTC'
    """
    there = instant.astimezone(zone)
    words = ZONES.get(str(zone)) or there.tzname() or str(zone)
    return f"{us_date(there)} {hour(there.time())} {words}"


def clock(instant: datetime, zone: tzinfo) -> str:
    """The time of day at an instant: `10:00 AM Mountain Time`.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 12, 3, 17, 0, tzinfo=UTC), UTC)
    '5:00 PM UTC'
    """
    return local_time(instant, zone).partition(" ")[2]


def hour(at: time) -> str:
    """A time of day.

    >>> hour(time(12, 5))
    '12:05 PM'
    """
    return f"{at.hour % NOON or NOON}:{at.minute:02} {'AM' if at.hour < NOON else 'PM'}"


def moment(instant: datetime, zone: tzinfo) -> str:
    """An instant to be kept free: `Thursday, December 3, 2026, 10:00 AM Mountain Time`.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 12, 3, 17, 0, tzinfo=UTC), UTC)
    'Thursday, December 3, 2026, 5:00 PM UTC'
    """
    return f"{in_words(instant.astimezone(zone).date())}, {clock(instant, zone)}"


def short(text: str, longest: int = 60) -> str:
    """A text in one line, cut at a word where it is too long."""
    line = " ".join(text[: longest * 4].split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-") + "\u2026"


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """One paragraph in lines of WIDTH columns, the first and the others behind their beginnings."""
    return "\n".join(_filled(text, first, rest))


def block(text: str, edge: str = "    | ") -> str:
    """Somebody's words with their paragraphs, each line behind an edge: nothing of theirs opens
    a line of ours, where it could be taken for a command when it comes back in a reply."""
    return "\n".join(
        "\n".join(_filled(paragraph, edge, edge)) if paragraph.strip() else edge.rstrip()
        for paragraph in text.strip().splitlines()
    )


def kept(lines: Iterable[str], edge: str = "  | ") -> str:
    """Lines of ours behind an edge, each with the indentation it has and whole where it fits."""
    made = []
    for line in lines:
        lead = edge + " " * (len(line) - len(line.lstrip()))
        made.append(lead.rstrip() if not line.strip() else wrap(line, lead, lead))
    return "\n".join(made)


def _filled(text: str, first: str, rest: str) -> Iterable[str]:
    """Greedy filling (textwrap costs twenty times as much). A word longer than a line stands
    whole: it may be the address of a page. Where no edge marks the further lines, none of them
    opens with a verb, with a word in capitals or with a colon, which could pass for a command (DESIGN section 5):
    it is broken earlier, or, where all words are like that, gets an edge.
    """
    words = text.split()
    whole = first + " ".join(words)
    if len(whole) <= WIDTH:  # as most are
        yield whole.rstrip()
        return
    current, lead, empty, bare = first, len(first), True, not rest.strip()
    for word in words:
        if not empty and len(current) + len(word) > WIDTH:
            cut = _earlier(current, lead) if bare and _shouts(word) else len(current)
            yield current[: cut or len(current)].rstrip()
            start = rest if cut else rest + "| "
            current, lead = start + current[cut or len(current) :], len(start)
        current += word + " "
        empty = False
    yield current.rstrip()


def _shouts(word: str) -> bool:
    """True for a word that could pass for a command at the start of a line, or nearly."""
    return word.isupper() or word.endswith(":") or word.upper().strip(",.;") in VERB_NAMES


def _earlier(line: str, lead: int) -> int:
    """Where a line can be broken so that the next one opens with a harmless word; 0 for nowhere."""
    at = line.rstrip().rfind(" ", lead) + 1
    while at > lead and _shouts(line[at:].split(" ", 1)[0]):
        at = line.rfind(" ", lead, at - 1) + 1
    return at if at > lead else 0
