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

import yaml

from bot.intake.form import FieldTable, Value
from bot.intake.paper.blank import CONTENT_TYPES, blank
from bot.office.people import Address, Company

Fields = Mapping[str, Value]


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


def stories() -> tuple[Fields, ...]:
    """What the offices ask for, from the file beside this module."""
    rows = yaml.safe_load((files("bot.cli") / "demo_stories.yaml").read_text(encoding="utf-8"))
    return tuple(
        {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()} for row in rows
    )


def scenes(companies: tuple[Company, ...], table: FieldTable) -> tuple[Scene, ...]:
    """The morning in order; needs the contacts of at least seven companies."""
    cast = [(company.name, company.contacts[0]) for company in companies if company.contacts]
    asks = stories()
    forms = [form(name, sender, ask) for (name, sender), ask in zip(cast, asks, strict=False)]
    people = [sender for _, sender in cast]

    def word(fields: Fields, name: str) -> tuple[str, str, bytes]:
        return name, CONTENT_TYPES["docx"], blank(table, "docx", fields)

    def excel(fields: Fields, name: str) -> tuple[str, str, bytes]:
        return name, CONTENT_TYPES["xlsx"], blank(table, "xlsx", fields)

    unfinished = {key: value for key, value in forms[4].items() if key not in {"products_impacted", "originator_phone"}}
    second = {**forms[3], **asks[7]}
    crossover = {**forms[6], "area_of_change": "both"}
    stranger = Address("quentin.marsh@nightheron.example", "Quentin Marsh")
    return (
        Scene(
            "word",
            "a Word form",
            people[0],
            "Change request: address rejects",
            NOTE,
            files=(word(forms[0], "CR address rejects.docx"),),
        ),
        Scene(
            "excel",
            "an Excel form",
            people[1],
            "CR form attached",
            NOTE,
            files=(excel(forms[1], "change_request.xlsx"),),
        ),
        Scene("plain", "a form in the mail's text", people[2], "Change request: repair codes", lines(forms[2], table)),
        Scene("question", "a question in prose", people[5], "How do we file a change request?", QUESTION),
        Scene(
            "away",
            "an out-of-office reply",
            people[1],
            "Automatic reply: CR form attached",
            AWAY,
            headers=AUTOMATIC,
            null=True,
        ),
        Scene(
            "html",
            "an HTML table, no attachment",
            people[3],
            "New CR",
            "",
            page(forms[3], table),
        ),
        Scene(
            "incomplete",
            "a form with two fields missing",
            people[4],
            "Change request",
            NOTE,
            files=(word(unfinished, "CR draft.docx"),),
        ),
        Scene(
            "unknown",
            "a company nobody knows",
            stranger,
            "Change request",
            lines(form("Night Heron Dial", stranger, asks[5]), table),
        ),
        Scene("twice", "the very first mail once more", people[0], "", "", again="word"),
        Scene(
            "two",
            "two forms in one mail",
            people[3],
            "Two change requests",
            "Two forms, for two changes.\n",
            files=(word(second, "CR one.docx"), excel({**second, **asks[8]}, "CR two.xlsx")),
        ),
        Scene(
            "correction",
            "the correction, as a reply",
            people[4],
            "Re: your letter",
            FIXED,
            files=(word(forms[4], "CR corrected.docx"),),
            answers=people[4].email,
        ),
        Scene(
            "crossover",
            "a change to systems as well",
            people[6],
            "Change request",
            NOTE,
            files=(excel(crossover, "CR.xlsx"),),
        ),
        Scene("comment", "a comment on a known CR", people[5], "Re: address rejects", COMMENT, answers=people[0].email),
        Scene(
            "old",
            "a form in the old Word format",
            people[6],
            "CR as promised",
            NOTE,
            files=(("CR.doc", "application/msword", OLD_WORD),),
        ),
    )


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


NOTE = "Good morning,\n\nplease find our change request attached.\n\nKind regards\n"
FIXED = "Sorry about that - here is the form with the two fields filled in.\n"
QUESTION = (
    "Hello,\n\nwe are new to this. Which form do we use for a change request, and where do we send it?\n\nThank you\n"
)
AWAY = "I am out of the office until Monday and will read your mail then.\n"
COMMENT = "We see the same on about one order in ten. Please count us in.\n"
AUTOMATIC = {"Auto-Submitted": "auto-replied"}
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(488)
