"""Mails for benches and load tests: forms from 120 senders of 40 companies, a third each as Word,
Excel and plain text, with realistic headers. The same seed gives the same mails."""

import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from docx import Document
from openpyxl import Workbook

MAILBOX = "cmpcr@meridell.example"
AUTHSERV = "mx.meridell.example"
COMPANIES = 40
SENDERS = 120
A_SEED = 1_000_000  # numbers of one seed; what is stored already has those of none
STARTED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
AREAS = ("Pre-Ordering", "Ordering", "Provisioning", "Billing", "Maintenance & Repair")
PRODUCTS = ("LNP", "UNE-P", "Unbundled Loop", "Resale", "Line Sharing", "Private Line", "EEL (UNE-C)", "Collocation")
WORDS = (
    "order",
    "notice",
    "interval",
    "reject",
    "due",
    "date",
    "circuit",
    "loop",
    "port",
    "listing",
    "record",
    "address",
    "technician",
    "request",
    "desk",
    "ticket",
    "billing",
    "dispute",
    "forecast",
    "switch",
    "customer",
    "carrier",
    "jeopardy",
    "confirmation",
    "center",
    "manual",
    "system",
    "schedule",
    "summary",
)


def company(number: int) -> tuple[str, str]:
    """Name and domain of a bench company."""
    return f"Bench Telecom {number:02}", f"bench{number:02}.example"


def prose(lots: random.Random, words: int) -> str:
    """A sentence or several, of trade words."""
    return " ".join(lots.choice(WORDS) for _ in range(words)).capitalize() + "."


def form_fields(lots: random.Random, number: int) -> list[tuple[str, str]]:
    """Label and value of a complete form, in printed order."""
    sender = number % SENDERS
    name, domain = company(sender % COMPANIES)
    return [
        ("Originator Name", f"Person {sender:03} Example"),
        ("Title", "Process Analyst"),
        ("Company", name),
        ("E-mail", f"person{sender:03}@{domain}"),
        ("Phone", f"303-555-{sender:04}"),
        ("Date Submitted", "11/23/2026"),
        ("Internal Ref #", f"B-{number}"),
        ("Area of Change Request", "Product/Process"),
        ("Regulatory", "No"),
        ("Industry Guideline", "No"),
        ("Exception Process Requested", "No"),
        ("Title of Change", f"Change {number}: {prose(lots, 5)}"),
        ("Description of Change", " ".join(prose(lots, 14) for _ in range(4))),
        ("Business Reason", prose(lots, 12)),
        ("Expected Deliverable", prose(lots, 9)),
        ("Desired Implementation Date", "Q2 2027"),
        ("Areas Impacted", ", ".join(lots.sample(AREAS, 2))),
        ("Products Impacted", ", ".join(lots.sample(PRODUCTS, 2))),
        ("Availability", "12/02/2026 10:00 MT"),
        ("SMEs Requested", "none named"),
    ]


def word(fields: list[tuple[str, str]]) -> bytes:
    """A Word form: one table of two columns."""
    document = Document()
    document.add_heading("CHANGE REQUEST FORM", 1)
    table = document.add_table(rows=0, cols=2)
    for label, value in fields:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    document.add_paragraph()  # Word writes no document that ends with a table
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel(fields: list[tuple[str, str]]) -> bytes:
    """An Excel form: labels in A, values in B."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for field in fields:
        sheet.append(field)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mail(number: int, seed: int = 1, *, attachment: tuple[str, bytes] | None = None) -> bytes:
    """The mail of one number: Word, Excel or plain text in turn; or with the given attachment."""
    lots = random.Random(f"{seed}/{number}")
    fields = form_fields(lots, number)
    sender = next(value for label, value in fields if label == "E-mail")
    domain = sender.partition("@")[2]
    message = EmailMessage()
    message["Return-Path"] = f"<{sender}>"
    message["Authentication-Results"] = f"{AUTHSERV}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    message["Received"] = f"from mail.{domain} by {AUTHSERV} with ESMTPS id {number:08X}"
    message["From"] = f"{fields[0][1]} <{sender}>"
    message["To"] = MAILBOX
    message["Subject"] = f"Change request B-{number}"
    message["Date"] = format_datetime(STARTED + timedelta(seconds=number))
    message["Message-ID"] = f"<{seed}.{number}.{lots.getrandbits(64):016x}@mail.{domain}>"
    shape = number % 3
    text = "Please log the following change request.\n\n"
    if attachment is None and shape == 2:
        text += "".join(f"{label}: {value}\n" for label, value in fields)
    message.set_content(text + "\nRegards\n")
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
    message.add_alternative(f"<html><body>{lines}</body></html>", subtype="html")
    if attachment is not None:
        name, content = attachment
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    elif shape == 0:
        message.add_attachment(
            word(fields),
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
            filename=f"cr_{number}.docx",
        )
    elif shape == 1:
        message.add_attachment(
            excel(fields),
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            filename=f"cr_{number}.xlsx",
        )
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def mails(count: int, seed: int = 1) -> Iterator[bytes]:
    """`count` mails, whose numbers belong to their seed: no form looks like one of another run."""
    return (mail(seed * A_SEED + number, seed) for number in range(count))
