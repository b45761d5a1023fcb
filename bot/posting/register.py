"""Register: the page that finds a change request in seconds, and the lines that its script searches.

Its one rule: the page itself shows the newest and is whole without a script; the lines of a month are one file,
which the script of the page (templates/site/register.js) loads when it needs that month. They are scripts, because
a page opened from a folder may load nothing else (DESIGN section 7).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.intake.form import FieldTable
from bot.office.office import Office
from bot.office.people import Role
from bot.posting.pages import REGISTER, Month, Page, age, path_of
from bot.posting.people import last_first
from bot.posting.public import Line
from bot.posting.slug import public
from bot.workflow.change import ENDED, Phase

CALLED = "cmpbot"
"""The function that the files of lines call, once each: `cmpbot("2026-11", [...])`."""
FACTS = "data/months.js"


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of the register in words, made once for all pages that show it: its number, the row of a table from
    behind the way to the root of the site, and the same for the script."""

    number: str
    html: str
    script: str


def register_page(newest: Sequence[Printed], counts: Mapping[str, int], waiting: Mapping[str, int]) -> Page:
    """The register: its `newest` lines and every month, with how many were received in it and how many of those are
    open (`waiting`)."""
    months = tuple(
        Month(key, path_of(f"month/{key}"), counts[key], waiting.get(key, 0)) for key in sorted(counts, reverse=True)
    )
    phases = tuple((phase.value, phase.value) for phase in Phase)
    context = {"lines": newest, "months": months, "total": sum(counts.values()), "phases": phases}
    return Page(path_of(REGISTER), "register.html", context)


def month_pages(month: str, lines: Sequence[Printed]) -> tuple[Page, Page]:
    """The list of one month, newest first, and the same lines for the script; `month` is `2026-11`."""
    data = Page(f"data/{month}.js", content=_called(month, f"[{','.join(each.script for each in lines)}]"))
    return Page(path_of(f"month/{month}"), "month.html", {"month": month, "lines": lines}), data


def newest_first(lines: Iterable[Printed]) -> tuple[Printed, ...]:
    """Lines of the register, those received last first."""
    return tuple(sorted(lines, key=lambda printed: age(printed.number), reverse=True))


def facts_page(companies: Iterable[str], table: FieldTable, office: Office, flags: Mapping[str, str]) -> Page:
    """What can be chosen from in the register's filters before any line is loaded, for the script: the phases
    and which of them are the end, companies, areas, products, CRPMs, and what the flags mean. What else occurs
    in a line is added when that line is loaded; so is a name of which something is withheld."""
    choices = {field.key: field.choices for field in table.fields}
    crpms = (last_first(person.name) for person in office.directory.people if Role.CRPM in person.roles)
    facts = {
        "phases": [phase.value for phase in Phase],
        "ended": [phase.value for phase in Phase if phase in ENDED],
        "company": sorted((name for name in companies if public(name) == name), key=str.casefold),
        "area": choices["areas_impacted"],
        "product": choices["products_impacted"],
        "crpm": sorted(crpms, key=str.casefold),
        "flags": flags,
    }
    return Page(FACTS, content=_called("facts", _told(facts)))


def scripted(shown: Line) -> str:
    """A line for the script, in the order of the columns; register.js knows it by place."""
    due = shown.next
    row = (
        shown.number,
        " ".join(shown.flags),
        shown.title,
        shown.company,
        shown.areas,
        shown.products,
        shown.phase,
        shown.status_date.isoformat(),
        due.step if due else "",
        due.on.isoformat() if due and due.on else "",
        shown.crpm,
    )
    return _told(row)


def _called(name: str, told: str) -> str:
    """A script that hands over a value in one statement."""
    return f"{CALLED}({json.dumps(name)},{told});\n"


def _told(value: object) -> str:
    """A value for a script, its texts in ASCII and without `<`, so that nothing in them can end it wherever it may
    stand."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
