"""Values: every way in which people write the same thing, and what must not be guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.form import Shape, Value
from bot.intake.value.reading import answer
from bot.intake.value.values import READERS
from tests.intake.forms import ROWS, TABLE

UNSURE = object()


def meaning(key: str, text: str) -> Value | object | None:
    """What a value means for a field; UNSURE when its reader will not have it."""
    row = ROWS[key]
    text = answer(text, row)
    reading = READERS[row.shape](text, row) if text else None
    return None if reading is None else UNSURE if reading.wrong else reading.value


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("\u2612 Product/Process   \u2610 System", "product_process"),
        ("\u2610 Product/Process   \u2611 System", "system"),
        ("[x] Product/Process [X] System", "both"),
        ("(X) Product/Process ( ) System", "product_process"),
        ("Product/Process \u2610 System \u2612", "system"),
        ("Please check one:\n\u2610 Product/Process\n\u2612 System", "system"),
        ("X Product/Process\nSystem", "product_process"),
        ("Product/Process   X System", "system"),
        ("Product/Process: X   System:", "product_process"),
        ("\u2713 Product/Process", "product_process"),
        ("Product & Process change", "product_process"),
        ("Systems", "system"),
        ("Product/Process and System", "both"),
        ("both", "both"),
        ("\u2610 Product/Process   \u2610 System", None),
        ("Product/Process   System", None),
        ("Product/Process X System", UNSURE),
        ("Product/Process ___   System _X_", "system"),
        ("Product/Process - X\nSystem -", "product_process"),
        ("X - Product/Process", "product_process"),
        ("X Product/Process X System", "both"),
        ("Product/Process: Yes  System: No", "product_process"),
        ("\u2705 Product/Process \u2b1c System", "product_process"),
        ("|X| Product/Process |_| System", "product_process"),
        ("( ) Product/Process (*) System", "system"),
        ("PP", "product_process"),
        ("\u274c Product/Process \u2b1c System", UNSURE),
        ("Product/Process \u2713 System", UNSURE),
        ("Product/Process (not System)", UNSURE),
        ("Network", UNSURE),
    ],
)
def test_area_of_change(text: str, area: object) -> None:
    """A tick on either side, or the plain word; printed choices without a tick are blank."""
    assert meaning("area_of_change", text) == area


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("\u2610 Yes   \u2612 No", False),
        ("Yes [x]   No [ ]", True),
        ("Yes        X No\nExceptions are considered at the next meeting.", False),
        ("yes", True),
        ("No.", False),
        ("Yes - the commission ordered it", True),
        ("TRUE", True),
        ("X", True),
        ("[x]", True),
        ("\u2610", False),
        ("\u2610 Yes \u2610 No", None),
        ("Yes / No", None),
        ("Y / N", None),
        ("Yes or No?", None),
        ("Yes/No: No", False),
        ("Yes __ No _x_", False),
        ("Yes (no rush)", True),
        ("Not at this time", False),
        ("\u221a", True),
        ("[x] Yes [x] No", UNSURE),
        ("Yes X No", UNSURE),
        ("perhaps", UNSURE),
    ],
)
def test_flag(text: str, flag: object) -> None:
    """One box, two boxes or a word; both ticked is no answer."""
    assert meaning("exception_requested", text) is flag


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("\u2612 Pre-Ordering \u2612 Ordering \u2610 Billing \u2610 Other:", ("Pre-Ordering", "Ordering")),
        ("[ ] Ordering\n[x] Provisioning\n[x] Maintenance & Repair", ("Provisioning", "Maintenance & Repair")),
        ("Pre-Ordering   Ordering   X Provisioning   Billing   Other: ", ("Provisioning",)),
        ("Pre-Ordering \u2610 Ordering \u2612 Billing \u2610", ("Ordering",)),
        ("Ordering X\nBilling", ("Ordering",)),
        ("billing, pre-order and provisioning", ("Pre-Ordering", "Provisioning", "Billing")),
        ("Maintenance/Repair; Ordering", ("Ordering", "Maintenance & Repair")),
        ("Repair", ("Maintenance & Repair",)),
        ("- Ordering\n- Billing", ("Ordering", "Billing")),
        ("Ordering: Yes, Billing: No", ("Ordering",)),
        ("Ordering: Y  Billing: N", ("Ordering",)),
        ("Ordering _X_ Billing ___ Other ___", ("Ordering",)),
        ("x Pre-Ordering x Ordering", ("Pre-Ordering", "Ordering")),
        ("Billing only", ("Billing",)),
        ("Ordering, not Billing", ("Ordering",)),
        ("Ordering | Billing", ("Ordering", "Billing")),
        ("Ordering   Billing", ("Ordering", "Billing")),
        ("x", UNSURE),
        ("Provisioning, Switch translations", ("Provisioning", "Other")),
        ("\u2610 Ordering \u2610 Other: Directory", ("Other",)),
        ("\u2610 Pre-Ordering \u2610 Ordering \u2610 Other (please specify):", None),
        ("Pre-Ordering  Ordering  Provisioning  Billing  Maintenance & Repair  Other:", None),
        ("N/A", None),
    ],
)
def test_areas_impacted(text: str, areas: object) -> None:
    """Ticked or named, in any spelling; a printed list that nobody touched is blank."""
    assert meaning("areas_impacted", text) == areas


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("\u2612 Ordering \u2612 Other:    Directory Listings", "Directory Listings"),
        ("X Ordering   Billing   X Other: Directory", "Directory"),
        ("Ordering, Network, Testing", "Network; Testing"),
        ("Other (Directory)", "Directory"),
        ("Ordering", ""),
    ],
)
def test_what_is_no_known_area_is_kept(text: str, other: str) -> None:
    """The words behind Other, and unknown words, are not lost."""
    row = ROWS["areas_impacted"]
    assert READERS[Shape.CHOICES](text, row).other == other


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("UNE-P; Resale", ("UNE-P", "Resale")),
        ("Unbundled Loop\nLNP\n", ("Unbundled Loop", "LNP")),
        ("EEL (UNE-C, all), LNP", ("EEL (UNE-C, all)", "LNP")),
        ("1. Centrex\n2. 911", ("Centrex", "911")),
        ("UNE-P / Resale", ("UNE-P", "Resale")),
        ("1. UNE-P 2. LNP", ("UNE-P", "LNP")),
        ("UNE-P   LNP", ("UNE-P", "LNP")),
        ("X UNE-P\nLNP", ("UNE-P",)),
        ("X Voice Mail\nFrame Relay", ("Voice Mail",)),
        ("UNE-P X   LNP", ("UNE-P",)),
        ("Frame Relay, ISDN and Voice Mail", ("Frame Relay", "ISDN", "Voice Mail")),
        ("Research and Development lines", ("Research and Development lines",)),
        ("\u2612 UNE-P \u2610 LNP \u2612 Other: Voice Mail", ("UNE-P", "Voice Mail")),
        ("All", ("All",)),
        ("-", None),
    ],
)
def test_products(text: str, products: object) -> None:
    """Separated by commas, semicolons, lines or bullets, never inside parentheses."""
    assert meaning("products_impacted", text) == products


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("1. 12/01 10:00\n2. 12/02 11:00\n3.\n4. \n5.", ("12/01 10:00", "12/02 11:00")),
        ("Dec 1, 8 to 10 am MT; Dec 2, 8 am", ("Dec 1, 8 to 10 am MT", "Dec 2, 8 am")),
        ("1) 12/01 9:00 2) 12/02 9:00", ("12/01 9:00", "12/02 9:00")),
        ("12/01 10:00 MT, 12/02 14:00 MT", ("12/01 10:00 MT", "12/02 14:00 MT")),
        ("4. December, morning\n5. December", ("4. December, morning", "5. December")),
        ("Slot 1: Monday\nClick or tap here to enter text.", ("Monday",)),
        (
            "12/2 9:00; Tue,\nDec 1, 9:00 AM MT; Dec 7: morning",
            ("12/2 9:00", "Tue, Dec 1, 9:00 AM MT", "Dec 7: morning"),
        ),
        ("1. Tue,\nDec 1, 9:00\n2. Wed, Dec 2,\n10:00 AM,\nMT", ("Tue, Dec 1, 9:00", "Wed, Dec 2, 10:00 AM, MT")),
        ("Mon,\nTue,\nWed, Dec 3", ("Mon,", "Tue,", "Wed, Dec 3")),
        ("12/01 10:00,\n12/02 14:00", ("12/01 10:00,", "12/02 14:00")),
    ],
)
def test_slots(text: str, slots: object) -> None:
    """Slot numbers are not part of the text, a day of the month is; a line that ends behind a day of the
    week and a comma, or before the time of day, goes on."""
    assert meaning("availability", text) == slots


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11-19-26 (Revised)", "2026-11-19"),
        ("11/9/2026", "2026-11-09"),
        ("2026-11-19 00:00:00", "2026-11-19"),
        ("Nov 19, 2026", "2026-11-19"),
        ("Thursday, 19th of November 2026", "2026-11-19"),
        ("19-Nov-2026", "2026-11-19"),
        ("25/11/2026", "2026-11-25"),
        ("11.12.2026", UNSURE),
        ("02/30/2026", UNSURE),
        ("11/25", UNSURE),
        ("last week", UNSURE),
    ],
)
def test_dates(text: str, day: object) -> None:
    """US order; what could be two dates, or is none, is not read."""
    assert meaning("date_submitted", text) == day


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(701) 555-0118 ext. 22", "(701) 555-0118 ext. 22"),
        ("+1 701 555 0118", "+1 701 555 0118"),
        ("701.555.0118 / 701.555.0119 (cell)", "701.555.0118 / 701.555.0119 (cell)"),
        ("7015550118", "7015550118"),
        ("701/555-0118", "701/555-0118"),
        ("555-0118", UNSURE),
        ("555-0118 x70123", UNSURE),
        ("7015550118701555", UNSURE),
        ("see signature", UNSURE),
    ],
)
def test_phones(text: str, phone: object) -> None:
    """Ten digits or more; those of the extension do not count."""
    assert meaning("originator_phone", text) == phone


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ida.o'vance@salt-marsh.example", "ida.o'vance@salt-marsh.example"),
        ("Ida Vance <ida@saltmarsh.example>", "ida@saltmarsh.example"),
        ("ida@saltmarsh.example<mailto:ida@saltmarsh.example>", "ida@saltmarsh.example"),
        ("ida@saltmarsh.example (work)", "ida@saltmarsh.example"),
        ("ida vance@saltmarsh.example", UNSURE),
        ("ida@saltmarsh .example", UNSURE),
        ("ida@saltmarsh", UNSURE),
        ("ida@saltmarsh.example, bo@saltmarsh.example", UNSURE),
    ],
)
def test_addresses(text: str, address: object) -> None:
    """One whole address; half an address with a blank in it is not taken for one."""
    assert meaning("originator_email", text) == address


@pytest.mark.parametrize(
    "filler",
    [
        "N/A", "n.a.", "None", "-", "____", "\u2002\u2002\u2002\u2002\u2002", "Click or tap here to enter text.",
        "Click here to enter a date.", "Choose an item.", "TBD", "...", "[enter company]", "\u200b",
        "Name of the CLEC as it is registered with us.",
        "Choose one", "<Select>", "-- Select One --", "Select from drop-down", "\u00abCompany\u00bb",
        "e.g. Example Tel",
    ],
)  # fmt: skip
def test_fillers_are_blank(filler: str) -> None:
    """Placeholders, printed hints and signs for nothing are no values."""
    assert meaning("company", filler) is None


def test_a_description_is_kept_word_for_word() -> None:
    """Only white space at the ends and placeholders go; paragraphs stay."""
    text = "\n The first paragraph, with a  gap.\r\n\r\n- a list\nThe second.  \n"
    assert meaning("description", text) == "The first paragraph, with a  gap.\n\n- a list\nThe second."


def test_the_line_to_write_on_is_no_part_of_the_answer() -> None:
    """`____Saltmarsh____` is Saltmarsh; a single underscore is the sender's."""
    assert meaning("company", "____Saltmarsh Telecom____") == "Saltmarsh Telecom"
    assert meaning("internal_ref", "SM_7_") == "SM_7_"


@given(
    st.sampled_from(TABLE.fields),
    st.text(alphabet=st.sampled_from("x X[]()\u2612\u2610\n\t,;:/.-1209@yesnoOther "), max_size=80),
)
def test_no_value_is_too_strange(row: object, text: str) -> None:
    """Whatever stands in a field, its reader answers."""
    for field in TABLE.fields:
        if field == row:
            bare = answer(text, field)
            reading = READERS[field.shape](bare, field)
            assert reading.value is None or reading.value == READERS[field.shape](bare, field).value
