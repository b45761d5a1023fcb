"""Layouts: the same form, laid out in every way that people lay out forms, reads the same."""

import pytest

from bot.intake.file.attachment import open_attachment
from bot.intake.file.opened import Forms
from bot.intake.judge import judge
from bot.mail.message import Attachment
from tests.intake.forms import GOOD, SENDER, TABLE
from tests.intake.office_files import book, p, table, word

PAIRS = [pair for pair in GOOD.items() if pair[0] not in {"Title", "Availability"}]
HALF = len(PAIRS) // 2

LAYOUTS: dict[str, bytes] = {
    "labels and values": word(table(*PAIRS)),
    "a heading over the columns": word(table(("Field", "Answer"), *PAIRS)),
    "help under the labels": word(table(*((p(label) + p("(some help)"), value) for label, value in PAIRS))),
    "two pairs in a row": word(table(*(PAIRS[at] + PAIRS[at + HALF] for at in range(HALF)))),
    "label over value in one column": word(table(*((text,) for pair in PAIRS for text in pair))),
    "rows of labels over rows of values": word(
        "".join(table(*zip(*PAIRS[at : at + 3], strict=True)) for at in range(0, len(PAIRS), 3))
    ),
    "bold labels as paragraphs": word("".join(p(label, bold=True) + p(value) for label, value in PAIRS)),
    "numbered lines": word("".join(p(f"{at}. {label}: {value}") for at, (label, value) in enumerate(PAIRS, 1))),
    "sheet": book(PAIRS),
    "sheet with instructions": book([("Field", "Value", "Help"), *((a, b, f"Write your {a} here") for a, b in PAIRS)]),
    "sheet with gaps": book([(None, label, None, value) for label, value in PAIRS]),
    "sheet, two pairs in a row": book([(*PAIRS[at], None, *PAIRS[at + HALF]) for at in range(HALF)]),
    "sheet, one row": book([("Our requests",), (), *zip(*PAIRS, strict=True)]),
    "sheet, bands of rows": book(
        [row for at in range(0, len(PAIRS), 4) for row in zip(*PAIRS[at : at + 4], strict=True)]
    ),
    "sheet, one cell each": book([(f"{label}: {value}",) for label, value in PAIRS]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_reads_the_same(layout: str) -> None:
    """Whatever the layout, the same answers come out, and every place is told."""
    opened = open_attachment(Attachment("form", "", LAYOUTS[layout]), TABLE)
    assert isinstance(opened, Forms)
    (form,) = opened.forms
    submission = judge(form, TABLE, SENDER, opened.format)
    assert submission.complete, submission.problems
    assert len(submission.fields) == len(PAIRS)
    assert submission.fields["title"] == GOOD["Title of Change"]
    assert submission.fields["description"] == GOOD["Description of Change"]
    assert submission.fields["areas_impacted"] == ("Ordering", "Billing")
    assert all(entry.place for entry in form.entries)


def test_several_requests_under_one_header() -> None:
    """Rows under one header row are requests of their own; what stands below a blank row is none."""
    head, first = zip(*PAIRS, strict=True)
    second = tuple("Another title" if label == "Title of Change" else value for label, value in PAIRS)
    opened = open_attachment(Attachment("form", "", book([head, first, second, (), ("Total", 2)])), TABLE)
    assert isinstance(opened, Forms)
    titles = [judge(form, TABLE, SENDER, "xlsx").fields["title"] for form in opened.forms]
    assert titles == [GOOD["Title of Change"], "Another title"]


def test_ticks_spread_over_cells() -> None:
    """Ticks and their words may stand in cells of their own; so may the items of a list."""
    rows = [
        *(pair for pair in PAIRS if pair[0] not in {"Area(s) Impacted", "Products Impacted"}),
        ("Area(s) Impacted", "X", "Ordering", "", "Billing"),
        ("Products Impacted", "LNP", "Resale"),
    ]
    opened = open_attachment(Attachment("form", "", book(rows)), TABLE)
    assert isinstance(opened, Forms)
    fields = judge(opened.forms[0], TABLE, SENDER, "xlsx").fields
    assert fields["areas_impacted"] == ("Ordering",)
    assert fields["products_impacted"] == ("LNP", "Resale")
