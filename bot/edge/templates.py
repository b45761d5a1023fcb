"""Templates: letters and pages put into words.

Its one rule: this is the only module that knows the template engine. HTML escapes everything, a
name that a template misspells is an error, and the same values give the same bytes.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.intake.form import FieldTable, Value
from bot.mail.letter import Letter, Rendered
from bot.office.office import Office
from bot.workflow.change import find_numbers

WIDTH = 76  # columns of a text letter, so that one level of quoting still fits a terminal
SUBJECT = "Subject: "


class Templates:
    """The templates of one folder, compiled when first used and kept in memory."""

    def __init__(self, folder: Path, office: Office, table: FieldTable) -> None:
        self._folder = folder
        self._zone = office.calendar.zone
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=lambda name: name is not None and name.endswith(".html"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self._environment.globals.update(
            organisation=office.organisation,
            site=office.organisation.site_url.rstrip("/"),
            fields=table.fields,
            labels={row.key: row.label for row in table.fields},
            hints={row.key: row.hint for row in table.fields},
        )
        self._environment.filters.update(
            us=us_date, local=self._local, day=self._day, shown=shown, short=short, wrap=wrap, block=block
        )
        self._loaded: dict[str, Template] = {}

    def letter(self, letter: Letter) -> Rendered:
        """A letter put into words: subject, text and HTML.

        Raises ValueError for a text template whose first line is not the subject.
        """
        context = {**letter.context, "kind": letter.kind, "number": letter.number, "to": letter.to}
        first, _, text = self._render(f"mail/{letter.kind}.txt", context).partition("\n")
        if not first.startswith(SUBJECT):
            raise ValueError(f"the first line of mail/{letter.kind}.txt must be the subject")
        subject = " ".join(first.removeprefix(SUBJECT).split())
        html = self._render(f"mail/{letter.kind}.html", {**context, "subject_line": subject})
        return Rendered(subject, text.strip("\n") + "\n", html)

    def page(self, name: str, context: Mapping[str, object]) -> str:
        """A page of the posting; `name` is its template under site/."""
        return self._render(f"site/{name}", context)

    def asset(self, name: str) -> bytes:
        """A file of the posting that is no template."""
        return (self._folder / "site" / name).read_bytes()

    def _render(self, name: str, context: Mapping[str, Any]) -> str:
        template = self._loaded.get(name) or self._loaded.setdefault(name, self._environment.get_template(name))
        return template.render(context)

    def _day(self, instant: datetime) -> str:
        return us_date(instant.astimezone(self._zone))

    def _local(self, instant: datetime) -> str:
        """An instant as the office's clock shows it: 11/22/2026 3:27 PM Mountain Time."""
        there = instant.astimezone(self._zone)
        hour = f"{there.hour % 12 or 12}:{there.minute:02} {'AM' if there.hour < NOON else 'PM'}"
        return f"{us_date(there)} {hour} {zone_words(self._zone, there)}"


NOON = 12

ZONES = {
    "America/New_York": "Eastern Time",
    "America/Detroit": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Boise": "Mountain Time",
    "America/Phoenix": "Mountain Standard Time",
    "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska Time",
    "Pacific/Honolulu": "Hawaii Time",
}


def zone_words(zone: tzinfo, there: datetime) -> str:
    """What people call a time zone: in words where we know them, else its abbreviation."""
    return ZONES.get(str(zone)) or there.tzname() or str(zone)


def us_date(day: date) -> str:
    """mm/dd/yyyy, as the register writes dates."""
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def shown(value: Value | None) -> str:
    """A form's value as one text; empty for none."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple):
        return "; ".join(value)
    return value or ""


def short(text: str, longest: int = 60) -> str:
    """One line of a text, cut at a word where it is too long."""
    line = " ".join(text[: longest * 4].split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-") + "\u2026"


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """One paragraph of ours in lines of WIDTH columns, behind the given beginnings."""
    return "\n".join(_lines(text, first, rest))


def block(text: str, edge: str = "  | ") -> str:
    """Somebody's words as they wrote them, each line behind an edge: paragraphs are kept, and
    no word of theirs ever opens a line of ours (a reply could make a command of it)."""
    return "\n".join(
        "\n".join(_lines(paragraph, edge, edge)) if paragraph.strip() else edge.rstrip()
        for paragraph in text.strip("\n").splitlines()
    )


def _lines(text: str, first: str, rest: str) -> list[str]:
    """Greedy filling; textwrap does the same at twenty times the cost. A longer word than the
    line (an address of a page) stands whole on its own."""
    lines, current = [], first
    room = WIDTH - len(first)
    for word in text.split():
        if room < len(word) and current not in (first, rest):
            lines.append(current.rstrip())
            current, room = rest, WIDTH - len(rest)
        current += word + " "
        room -= len(word) + 1
    return [*lines, current.rstrip()]
