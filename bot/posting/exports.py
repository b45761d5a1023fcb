"""Exports: the register as files for programs: JSON, CSV and an Excel workbook.

Its one rule: they are made of what the page of a change request shows and of nothing else, so that nothing
leaves that the pages do not say; what somebody wrote is never a formula (reliability.md T45).
"""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

from bot.office.office import Office
from bot.posting.pages import NUMBERED, path_of
from bot.posting.public import Posting
from bot.workflow.answers.spreadsheet import harmless
from bot.workflow.change import Step

JSON, SCHEMA, CSV, XLSX = "register.json", "register.schema.json", "register.csv", "register.xlsx"

Listed = Mapping[str, Any]
"""A change request as the exports have it: JSON values, by the keys of DESIGN section 5 where it has them."""

COLUMNS = (
    "number", "flags", "title", "company", "areas_impacted", "products_impacted", "phase", "status_date", "next_step",
    "next_date", "crpm", "step", "open", "received_on", "originator_name", "director", "smes", "disposition",
    "announced", "page",
)  # fmt: skip
"""The columns of the CSV, in order: first those of the register's page. The workbook has the same."""

SPLITS = re.compile(r";(?! )")


def listed(shown: Posting, step: Step) -> dict[str, Any]:
    """A change request for the exports, made of what its page shows at a step."""
    line = shown.line
    return {
        "number": line.number,
        "page": path_of(f"cr/{line.number}"),
        "flags": list(line.flags),
        "title": line.title,
        "company": line.company,
        "originator_name": shown.originator,
        "areas_impacted": list(line.areas),
        "products_impacted": list(line.products),
        "phase": line.phase,
        "step": step.value,
        "open": shown.open,
        "status_date": line.status_date.isoformat(),
        "received_on": received_on(shown).isoformat(),
        "next": {"step": line.next.step, "date": _iso(line.next.on)} if line.next else None,
        "people": {"crpm": _names(line.crpm), "director": _names(shown.director), "smes": _names(shown.owner)},
        "disposition": shown.responses[0].disposition if shown.responses else "",
        "announced": _iso(shown.announced),
        "milestones": [
            {"name": stage.milestone, "date": stage.reached.isoformat()} for stage in shown.stages if stage.reached
        ],
    }


def received_on(shown: Posting) -> date:
    """The local date on which a change request was received: that in its number, else that of its first
    milestone."""
    number = shown.line.number
    if found := NUMBERED.fullmatch(number):
        return date(2000 + int(found[3]), int(found[1]), int(found[2]))
    return next((stage.reached for stage in shown.stages if stage.reached), shown.line.status_date)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _names(people: str) -> list[str]:
    return people.split("; ") if people else []


def as_json(found: Iterable[Listed], office: Office) -> bytes:
    """The register as one JSON document, one line a change request, newest first; register.schema.json says
    what is in it."""
    house = office.organisation
    rows = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in found]
    head = {
        "$schema": SCHEMA,
        "organisation": house.name,
        "process": house.process,
        "track": house.track,
        "time_zone": str(office.calendar.zone),
        "site": house.site_url,
        "count": len(rows),
    }
    opened = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    # A lone surrogate is no text that a file could hold.
    return "".join((opened, ',\n "change_requests": [\n', ",\n".join(rows), "\n]}\n")).encode("utf-8", "replace")


def as_csv(found: Iterable[Listed], office: Office) -> bytes:
    """The register as CSV (RFC 4180), newest first: UTF-8 with the mark by which Excel knows it, dates as
    year-month-day, every cell in quotes and on one line."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in row(each, office)] for each in found)
    return out.getvalue().encode("utf-8-sig", "replace")


def row(each: Listed, office: Office) -> Sequence[str]:
    """A change request as texts, by COLUMNS; its page with the address of the site, where there is one."""
    people, following = each["people"], each["next"] or {"step": "", "date": None}
    return (
        each["number"],
        " ".join(each["flags"]),
        each["title"],
        each["company"],
        "; ".join(each["areas_impacted"]),
        "; ".join(each["products_impacted"]),
        each["phase"],
        each["status_date"],
        following["step"],
        following["date"] or "",
        "; ".join(people["crpm"]),
        each["step"],
        "yes" if each["open"] else "no",
        each["received_on"],
        each["originator_name"],
        "; ".join(people["director"]),
        "; ".join(people["smes"]),
        each["disposition"],
        each["announced"] or "",
        address(each, office),
    )


def address(each: Listed, office: Office) -> str:
    """The page of a change request, from wherever an export has been taken to."""
    site = office.organisation.site_url.rstrip("/")
    return f"{site}/{each['page']}" if site else str(each["page"])


def _cell(text: str) -> str:
    """A text on one line that no spreadsheet takes for a formula. QUIRK: where the list separator is a
    semicolon, as in much of Europe, a spreadsheet may begin a cell after each of them; a blank makes it text."""
    return harmless(SPLITS.sub("; ", " ".join(text.split()) if text.split() else ""))
