"""The demo's mails: a morning at the mailbox, with forms from different offices.

Its one rule: everybody in it is invented. Senders are the contacts of the companies in the
configuration, so that the demo runs with anybody's config.yaml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from importlib.resources import files
from typing import Any

import yaml

from bot.intake.form import FieldTable, Value
from bot.intake.paper.blank import CONTENT_TYPES, blank
from bot.office.people import Address, Company

Fields = Mapping[str, Value]
Who = int | str
"""Somebody of the cast by their place in it, or the part that they play."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One mail of the demo. `answers` is the address whose last letter (`about` a number) it replies
    to; `again` names the scene whose very bytes it repeats; `null` marks a mail without a return path."""

    name: str
    title: str
    sender: Address
    subject: str
    body: str
    html: str = ""
    files: tuple[tuple[str, str, bytes], ...] = ()
    headers: Mapping[str, str] | None = None
    answers: str = ""
    about: str = ""
    again: str = ""
    null: bool = False

    def message(self, to: Address, at: datetime, answers: str = "") -> bytes:
        """The mail's bytes; `answers` is the Message-ID of the letter that it replies to."""
        mail = EmailMessage()
        mail["From"] = str(self.sender)
        mail["To"] = str(to)
        mail["Subject"] = self.subject
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{self.name}.{at:%Y%m%d%H%M%S}@{self.sender.domain}>"
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        for name, value in (self.headers or {}).items():
            mail[name] = value
        mail.set_content(self.html or self.body, subtype="html" if self.html else "plain")
        for name, content_type, content in self.files:
            maintype, _, subtype = content_type.partition("/")
            mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
        return mail.as_bytes()


def scenes(companies: tuple[Company, ...], table: FieldTable) -> tuple[Scene, ...]:
    """The morning in order, from the file beside this module; needs the contacts of at least seven companies."""
    cast = dict(enumerate(company for company in companies if company.contacts))
    people: dict[Who, Address] = {n: company.contacts[0] for n, company in cast.items()}
    people["stranger"] = STRANGER
    filled = forms(cast, stories())
    return tuple(_scene(row, people, filled, table) for row in _rows("demo_morning.yaml"))


def stories() -> tuple[Fields, ...]:
    """What the offices ask for, from the file beside this module."""
    rows = _rows("demo_stories.yaml")
    return tuple(
        {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()} for row in rows
    )


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((files("bot.cli") / name).read_text(encoding="utf-8"))
    return rows


def forms(cast: Mapping[int, Company], asks: tuple[Fields, ...]) -> Mapping[Who, Fields]:
    """The forms by who fills them in, and those that are something special."""
    filled: dict[Who, Fields] = {
        n: form(company.name, company.contacts[0], asks[n]) for n, company in cast.items() if n < len(asks)
    }
    return {
        **filled,
        "unfinished": {key: value for key, value in filled[4].items() if key not in FORGOTTEN},
        "second": {**filled[3], **asks[7]},
        "third": {**filled[3], **asks[7], **asks[8]},
        "crossover": {**filled[6], "area_of_change": "both"},
        "stranger": form("Night Heron Dial", STRANGER, asks[5]),
    }


def _scene(
    row: Mapping[str, Any], people: Mapping[Who, Address], filled: Mapping[Who, Fields], table: FieldTable
) -> Scene:
    """One row of the morning as a mail."""
    automatic = row.get("automatic", False)
    return Scene(
        row["name"],
        row["title"],
        people[row["who"]],
        row.get("subject", ""),
        lines(filled[row["lines"]], table) if "lines" in row else row.get("body", ""),
        page(filled[row["page"]], table) if "page" in row else "",
        tuple(_attached(file, filled, table) for file in row.get("files", ())),
        AUTOMATIC if automatic else None,
        people[row["answers"]].email if "answers" in row else "",
        again=row.get("again", ""),
        null=automatic,
    )


def _attached(file: Mapping[str, Any], filled: Mapping[Who, Fields], table: FieldTable) -> tuple[str, str, bytes]:
    """A file's name, type and bytes: a form filled in, or one in the old format of Word."""
    if file["type"] == "doc":
        return file["name"], "application/msword", OLD_WORD
    return file["name"], CONTENT_TYPES[file["type"]], blank(table, file["type"], filled[file["form"]])


def form(company: str, sender: Address, story: Fields) -> Fields:
    """A complete form of one sender about one story."""
    return {
        "originator_name": sender.name,
        "company": company,
        "originator_email": sender.email,
        "originator_phone": "303-555-0142",
        "area_of_change": "product_process",
        **story,
    }


def lines(fields: Fields, table: FieldTable) -> str:
    """A form as `Label: value` lines, the way people type it into a mail."""
    rows = [f"{row.label}: {spoken(fields[row.key])}" for row in table.fields if row.key in fields]
    return "Please log this change request.\n\n" + "\n".join(rows) + "\n\nThank you\n"


def page(fields: Fields, table: FieldTable) -> str:
    """A form as an HTML table, the way a web mailer sends it."""
    rows = "".join(
        f"<tr><td><b>{escape(row.label)}</b></td><td>{escape(spoken(fields[row.key]))}</td></tr>"
        for row in table.fields
        if row.key in fields
    )
    return f"<html><body><p>Our request is in the table below.</p><table border=1>{rows}</table></body></html>"


def spoken(value: Value) -> str:
    """A value as a person writes it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    text = value if isinstance(value, str) else ", ".join(value)
    return {"product_process": "Product/Process", "system": "System", "both": "Product/Process and System"}.get(
        text, text
    )


AUTOMATIC = {"Auto-Submitted": "auto-replied"}
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(488)
STRANGER = Address("quentin.marsh@nightheron.example", "Quentin Marsh")
FORGOTTEN = frozenset({"products_impacted", "originator_phone"})
