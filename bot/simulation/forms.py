"""Forms: the change requests that CLECs send, complete, incomplete and wrong.

Its one rule: what is asked for was thought up here; what a form looks like comes from the office's own blank.
"""

from collections.abc import Mapping

from bot.intake.form import FieldTable, Value
from bot.intake.paper.blank import CONTENT_TYPES, FILES, blank
from bot.office.people import Address
from bot.simulation.chance import Chance
from bot.simulation.writing import File

WHAT = (
    "Name the failing field",
    "Show the due date",
    "List the features",
    "Add the telephone number",
    "Say the reason",
)
WHERE = ("reject notices", "confirmations", "the loss report", "completion notices", "the trouble ticket", "the bill")
WHY = (
    "The notice does not say which field of the order failed the edit.",
    "Our people have to call for each order.\nTwo calls in three are for this alone.",
    "The date is needed to tell the end user.",
    "It stands in the older notices, and was left out of the new ones.",
)
AREAS = ("Pre-Ordering", "Ordering", "Provisioning", "Billing")
PRODUCTS = ("LNP", "Resale", "Unbundled Loop", "Centrex")
SHAPES = ((80, ""), (9, "txt"), (7, "docx"), (4, "xlsx"))
"""How forms come: as lines of the mail itself, or as a file."""
MISSING = ("originator_phone", "area_of_change", "title", "description", "areas_impacted", "products_impacted")
WRONG: Mapping[str, Value] = {
    "originator_phone": "call me",
    "areas_impacted": ("Catering",),
    "area_of_change": "system",
    "availability": ("any time next week", "Fridays"),
    "title": "X",
}


def fields_of(chance: Chance, sender: Address, company: str, slots: tuple[str, ...]) -> dict[str, Value]:
    """A complete form."""
    return {
        "originator_name": sender.name or "The office",
        "company": company,
        "originator_email": sender.email,
        "originator_phone": f"303-555-01{chance.whole(10, 99)}",
        "area_of_change": "product_process",
        "title": f"{chance.one(WHAT)} in {chance.one(WHERE)}",
        "description": chance.one(WHY),
        "areas_impacted": chance.some(AREAS, chance.whole(1, 2)),
        "products_impacted": chance.some(PRODUCTS, chance.whole(1, 3)),
        "availability": slots,
    }


def spoilt(chance: Chance, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The same form with something missing, or wrong."""
    some = dict(fields)
    for _ in range(chance.whole(1, 2)):
        if chance.hits(0.7):
            some.pop(chance.one(MISSING), None)
        else:
            key = chance.one(tuple(WRONG))
            some[key] = WRONG[key]
    return some


def printed(
    table: FieldTable, shape: str, fields: Mapping[str, Value], number: str = ""
) -> tuple[str, tuple[File, ...]]:
    """A form as the lines of a mail (no shape), or a short mail with a file."""
    if not shape:
        return blank(table, "txt", fields, number=number).decode(), ()
    file = File(FILES[shape], CONTENT_TYPES[shape], blank(table, shape, fields, number=number))
    return "Our change request is attached.\n", (file,)
