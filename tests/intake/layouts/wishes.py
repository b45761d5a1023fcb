"""Random change requests: every field with legal values, many of them odd. Its one rule: a value is
what the originator meant, in the form in which a Submission holds it.
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from bot.intake.form import Need, Value
from tests.intake.forms import ROWS

CR = Mapping[str, Value]
Texts = tuple[str, ...]

COMPANIES = (
    "Saltmarsh Telecom",
    "Birch, Lowe & Sons, Inc.",
    "Nörthern Lïght Télécom S.A.",
    "Area 51: Local Networks",
    "None Such Telephone Co.",
    "Yes! Telecom (of Ohio), LLC",
    "2nd Street Carriers",
    "Title & Deed Telecom",
    "\u6771\u4eac\u30c6\u30ec\u30b3\u30e0",
    "X Communications",
    "A/B Switch - Wholesale",
    "Company Nine",
)
NAMES = (
    "Ida Vance",
    "Vance, Ida",
    "Mary-Kate O\u2019Brien",
    "Jos\u00e9 \u00d1\u00fa\u00f1ez de la Cruz",
    "\u738b\u5c0f\u660e",
    "Jan van der Berg Jr.",
    "Ng",
    "Dr. Title B. Owner III",
    "Zo\u00eb M\u00fcller-L\u00fcdenscheidt",
    "X. Ray",
    "No Vak",
)
TITLES = (
    "Order Lead",
    "VP, Wholesale Operations",
    "Manager - LNP / Porting",
    "Director: Billing",
    "Sr. Analyst (2nd shift)",
    "CRPM liaison",
    "Leiterin Qualit\u00e4t",
)
EMAILS = (
    "ida.vance@saltmarsh.example",
    "Pat.O'Brien+cmp@sub.birch.example",
    "no-reply_7@a-b.example",
    "X@clec.example",
    "order.desk@mail.north.example",
)
PHONES = (
    "303-555-0142",
    "(701) 555-0118 x4",
    "+44 20 7946 0958",
    "303.555.0142 ext. 12",
    "1-800-555-0199",
    "3035550142",
    "303 555 0142",
)
REFERENCES = (
    "B-17",
    "0012",
    "ST:2026/11-4",
    "#44, rev. 2",
    "12/01/2026-A",
    "CR 9 (ours)",
    "A - 7",
    "007.10",
    "PON 4711; VER 02",
    "x",
    "1E5",
)
CHANGE_TITLES = (
    "Tell us which line of the order was rejected",
    "Reject code 17: wrong, or missing, or late",
    "Status: pending is shown for closed orders",
    "12/01/2026 due dates shift by a day",
    "[x] marks in LSR notices",
    "N/A appears in the FOC date field",
    "Yes/No answers on the LSR form - more choices",
    "Title of Change",
    "Description of change requests is cut off",
    "Ordering, Billing: one desk",
    "R\u00fcckmeldung f\u00fcr K\u00fcndigungen \u2013 \u201csofort\u201d",
    "=2+2 is taken for a formula & <b> for bold",
    "System: time-outs after 5 pm",
    "Desired Due Date",
    "Please call back before 5:00 pm, not after",
    "X",
    "None of the porting notices carries a reason",
    "Both desks answer; neither knows - the order, its line, its date, its circuit, its technician, dispatch, "
    "its jeopardy, its confirmation, and what its customer was told on the telephone by whom",
    "\u958b\u901a\u65e5\u306e\u5909\u66f4",
    "Thanks",
    "Regulatory",
    "Reason for Request",
)
SENTENCES = (
    "A reject names the order, but not the line of it.",
    "Today the desk searches for an hour: we ask for the line number.",
    "Example: order N12345, due 12/01/2026 at 10:30, was rejected on 11/20.",
    "The notice says \u201cinvalid\u201d \u2013 na\u00efve readers look for a typing error; it costs \u20ac5.",
    "When a port is supplemented after the FOC was returned, the due date on the FOC stays, the technician goes to "
    "the old address, the customer has no dial tone, and the repair desk opens a ticket that names nobody.",
    "See http://clec.example/a?b=c:d&e=f <or> C:\\forms\\x.txt; 50 % of all cases, #1 of our list.",
    "\u3053\u306e\u5909\u66f4\u304c\u5fc5\u8981\u3067\u3059\u3002\U0001f642",
    "Both the product and the process are meant, not the system.",
    "+1 is added to the count = wrong; @desk and - signs, too.",
    "Yes.",
    "x",
)
LINES = (
    "- one notice a line",
    "1. Send the FOC.",
    "2) Close the order; bill it.",
    "* marked with a star",
    "[x] is shown where [ ] is meant.",
    "\u2612 Ordering is ticked by default.",
    "X marks the field that is wrong.",
    "N/A",
    "Status: closed is shown while the order is open.",
    "Note: this happens daily.",
    "12/01/2026",
    "1,000 orders",
    "(see above)",
    "Ordering",
)
"""Short lines between the sentences; in a body of plain text they can be told from labels, too."""
LABELLED = (
    "Reason: code 17 is not in the guide.",
    "Phone: the number on the LSR is cut off.",
    "Company: the name ends after 20 letters.",
    "Title",
    "Date: 11/20, the day after.",
    "Regulatory",
    "=> as they wrote to us",
)
"""Lines that begin like a label: no doubt in a cell or under bold labels, much of it in a body."""
CLOSING = ("Best regards", "Sincerely,", "Thanks, Pat")
"""Lines that end a mail; in a cell they are text."""
POOLS = {
    "cells": (*SENTENCES, *LINES, *LABELLED, *CLOSING),
    "paragraphs": (*SENTENCES, *LINES, *LABELLED),
    "body": (*SENTENCES, *LINES),
}
"""What a text may hold without a doubt where it ends, by where it stands."""
OTHER_AREAS = ("Directory listings", "E911 database", "Repair of loops - dispatch", "Training (CLECs)")
PRODUCTS = (
    "LNP",
    "EEL (UNE-C)",
    "Unbundled Loop",
    "911",
    "All",
    "DS1/DS3 loops",
    "Local loop (2-wire, 4-wire)",
    "Ported numbers & listings",
    "Line Sharing",
    "No-Dial-Tone service",
    "Yes Phone",
    "ISDN PRI",
)
SLOTS = (
    "12/02/2026 10:00 MT",
    "Tue, Dec 1, 9:00-10:00 AM MT",
    "12/3 2 pm",
    "any weekday after 14:00 (not 12/24)",
    "2026-12-04 09:30",
    "Dec 7: morning",
)
WHENS = ("Q2 2027", "03/31/2027", "ASAP", "End of 1Q27, or the next release", "with release 14.0", "no later than: May")
EXPERTS = ("LNP: J. Doe; Billing", "Ordering SME, Billing SME", "whoever wrote the guide", "none but the author")


@st.composite
def _texts(draw: st.DrawFn, place: str) -> str:
    """A text of a few paragraphs: sentences and short lines."""
    first = draw(st.sampled_from(SENTENCES[:6]))
    lines = [first, *draw(st.lists(st.sampled_from(POOLS[place]), max_size=5))]
    joints = [draw(st.sampled_from(["\n", "\n\n", " "])) for _ in lines[1:]]
    text: str = lines[0]
    for (above, below), joint in zip(pairwise(lines), joints, strict=True):
        plain = above in SENTENCES and below in SENTENCES
        text += (joint if plain or joint != " " else "\n") + below
    return text


def _unique(values: Texts, most: int) -> st.SearchStrategy[Texts]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(tuple)


def _areas() -> st.SearchStrategy[Texts]:
    order = ROWS["areas_impacted"].choices
    return _unique(order, len(order)).map(lambda chosen: tuple(area for area in order if area in chosen))


def _titles() -> st.SearchStrategy[str]:
    return st.sampled_from([title for title in CHANGE_TITLES if len(title) >= ROWS["title"].shortest])


def _strategies(place: str) -> dict[str, st.SearchStrategy[Value]]:
    return {
        "originator_name": st.sampled_from(NAMES),
        "originator_title": st.sampled_from(TITLES),
        "company": st.sampled_from(COMPANIES),
        "originator_email": st.sampled_from(EMAILS),
        "originator_phone": st.sampled_from(PHONES),
        "date_submitted": st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(date.isoformat),
        "internal_ref": st.sampled_from(REFERENCES),
        "area_of_change": st.sampled_from(["product_process", "system", "both"]),
        "regulatory": st.booleans(),
        "industry_guideline": st.booleans(),
        "exception_requested": st.booleans(),
        "title": _titles(),
        "description": _texts(place),
        "business_reason": _texts(place),
        "expected_deliverable": _texts(place),
        "desired_implementation_date": st.sampled_from(WHENS),
        "areas_impacted": _areas(),
        "products_impacted": _unique(PRODUCTS, 5),
        "availability": _unique(SLOTS, 4),
        "smes_requested": st.sampled_from(EXPERTS),
    }


STRATEGIES = {place: _strategies(place) for place in POOLS}


@st.composite
def wishes(draw: st.DrawFn, place: str = "cells") -> CR:
    """A change request; now and then a field is left blank, a required one seldom. `place` says where
    its texts will stand: in cells, in paragraphs, in the body of a mail."""
    chosen: dict[str, Value] = {}
    for key, values in STRATEGIES[place].items():
        rarely = 20 if ROWS[key].need is Need.REQUIRED else 4
        if draw(st.integers(1, rarely)) < rarely:
            chosen[key] = draw(values)
    if "Other" in chosen.get("areas_impacted", ()) and draw(st.booleans()):  # type: ignore[operator]
        chosen["areas_other"] = draw(st.sampled_from(OTHER_AREAS))
    return chosen
