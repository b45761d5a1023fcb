"""What the tests of this room share: the real field table, forms made of pairs, one good form."""

from pathlib import Path

import yaml

from bot.intake.fields import table_from
from bot.intake.form import Entry, RawForm, Submission
from bot.intake.judge import judge
from bot.office.people import Address

ROOT = Path(__file__).parents[2]
TABLE = table_from(yaml.safe_load((ROOT / "forms/fields.yaml").read_text(encoding="utf-8")))
ROWS = {row.key: row for row in TABLE.fields}
SENDER = Address("ida.vance@saltmarsh.example", "Ida Vance")

GOOD = {
    "Originator Name": "Ida Vance",
    "Title": "Order Lead",
    "Company": "Saltmarsh Telecom",
    "E-mail": "ida.vance@saltmarsh.example",
    "Phone": "(701) 555-0118 x4",
    "Date Submitted": "11/20/2026",
    "Area of Change Request": "Product/Process",
    "Title of Change": "Tell us which line of the order was rejected",
    "Description of Change": "A reject names the order, but not the line of it. We ask for the line number.",
    "Business Reason": "We search for an hour.",
    "Expected Deliverable": "A new reject text.",
    "Area(s) Impacted": "Ordering, Billing",
    "Products Impacted": "Resale, LNP",
    "Availability": "12/01 10:00 MT; 12/02 11:00 MT",
}
"""A complete form by one of our invented CLECs."""


def raw(pairs: list[tuple[str, str]]) -> RawForm:
    """A form as a reader finds it; every pair has its own line."""
    return RawForm("form.txt", tuple(Entry(label, value, f"line {at}") for at, (label, value) in enumerate(pairs, 1)))


def judged(*pairs: tuple[str, str]) -> Submission:
    """What judge makes of some labels and values."""
    return judge(raw(list(pairs)), TABLE, SENDER, "txt")


def judged_good(**changed: str) -> Submission:
    """What judge makes of the good form with some values changed, by label with `_` for a blank."""
    pairs = GOOD | {label.replace("_", " "): value for label, value in changed.items()}
    return judged(*pairs.items())
