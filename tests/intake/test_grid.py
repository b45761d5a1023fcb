"""Layouts: the same form, laid out in every way that people lay out forms, reads the same."""

from collections.abc import Callable, Sequence

import pytest

from bot.intake.file.attachment import open_attachment
from bot.intake.file.opened import Forms
from bot.intake.form import Value
from bot.intake.judge import judge
from bot.intake.text.plain import read_tables
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


def test_a_table_may_begin_and_end_without_a_label() -> None:
    """What stands there goes on with no answer of the other end."""
    rows = (("", "To the CMP desk"), *PAIRS, ("", "of Meridell"))
    html = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
    (form,) = read_tables(f"<table>{html}</table>", TABLE)
    assert {"Title of Change": GOOD["Title of Change"]}.items() <= {
        entry.label: entry.value for entry in form.entries
    }.items()


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


def read_as(content: bytes) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The fields of the one form in a file, and what is noted."""
    opened = open_attachment(Attachment("form", "", content), TABLE)
    assert isinstance(opened, Forms)
    (form,) = opened.forms
    submission = judge(form, TABLE, SENDER, opened.format)
    return dict(submission.fields), submission.notes


def with_more(label: str, *more: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The form's rows with further ones below that of a label."""
    return [row for pair in GOOD.items() for row in ([pair, *more] if pair[0] == label else [pair])]


DESCRIPTION = "Description of Change"
PARTED: dict[str, tuple[str, Sequence[tuple[str, ...]], str, Value]] = {
    "text": (
        DESCRIPTION,
        [("", "")] + [("", "Codes are listed.")] * 2,
        "description",
        "\n\nCodes are listed." + "\nCodes are listed.",
    ),
    "texts": (DESCRIPTION, [("", "More."), ("", ""), ("", "And more.")], "description", "\nMore.\n\nAnd more."),
    "list": ("Products Impacted", [("", ""), ("", "DS1")], "products_impacted", ("DS1",)),
    "slots": ("Availability", [("", ""), ("", "12/01/2026 14:00")], "availability", ("12/01/2026 14:00",)),
}


@pytest.mark.parametrize("case", PARTED)
@pytest.mark.parametrize("make", [book, lambda rows: word(table(*rows))], ids=["excel", "word"])
def test_a_blank_row_ends_no_long_answer(make: Callable[[list[tuple[str, ...]]], bytes], case: str) -> None:
    """A text, a list or slots go on below a blank row, while no label stands beside them."""
    label, more, key, meant = PARTED[case]
    plain, _ = read_as(make([*GOOD.items()]))
    fields, notes = read_as(make(with_more(label, *more)))
    assert fields == {**plain, key: plain[key] + meant}  # type: ignore[operator]
    assert notes == ()


def test_a_text_below_its_label_goes_on_below_a_blank_row() -> None:
    """The same where labels stand above their answers; what may be the head of a section is only noted."""
    rows: list[tuple[str, ...]] = [(text,) for pair in PAIRS for text in pair]
    at = rows.index((GOOD[DESCRIPTION],)) + 1
    fields, notes = read_as(book([*rows[:at], (), ("Codes are to be listed.",), (), ("Impact",), *rows[at:]]))
    assert fields["description"] == f"{GOOD[DESCRIPTION]}\n\nCodes are to be listed."
    assert notes == ("We did not understand \u201cImpact\u201d (cell A20); it was left out.",)


@pytest.mark.parametrize(
    ("label", "stray"),
    [
        ("Title of Change", "It is the field that is wrong."),
        (DESCRIPTION, "Impact"),
        ("Products Impacted", "Send the form to the mailbox."),
        ("Availability", "Each day is fine."),
    ],
)
def test_what_belongs_to_no_label_is_noted(label: str, stray: str) -> None:
    """Below a blank row, what may be a heading or no answer at all is left out, and it is said."""
    plain, _ = read_as(book([*GOOD.items()]))
    rows = with_more(label, (), ("", stray))
    fields, notes = read_as(book(rows))
    place = f"cell B{rows.index(('', stray)) + 1}"
    assert (fields, notes) == (plain, (f"We did not understand \u201c{stray}\u201d ({place}); it was left out.",))


@pytest.mark.parametrize(
    ("foot", "noted"),
    [
        (("For Meridell use only",), False),
        (("", "For Meridell use only"), False),
        (("", "Form 12, revised 11/2024"), False),
        (("Send the form to the mailbox.",), False),
        (("", "Send the form to the mailbox."), True),
        (("", "Codes are to be listed."), True),
    ],
)
def test_what_stands_below_the_last_question_is_no_answer(foot: tuple[str, ...], noted: bool) -> None:
    """A footer goes on with no answer; what may have been meant for one is noted."""
    pairs = [pair for pair in PAIRS if pair[0] != DESCRIPTION]
    plain, _ = read_as(book([*pairs, (DESCRIPTION, GOOD[DESCRIPTION])]))
    fields, notes = read_as(book([*pairs, (DESCRIPTION, GOOD[DESCRIPTION]), (), foot]))
    assert fields == plain
    assert bool(notes) is noted
