"""Plain text: lines of a mail or of a text file, in the many ways in which people type a form.

Its one rule: a text begins its paragraphs at a line's start, and no line of it begins like a label;
what a person could not tell apart, nobody is asked to.
"""

import textwrap

from tests.intake.layouts.laid import Laid, attached, written
from tests.intake.layouts.pen import IGNORED, Item, Pen
from tests.intake.layouts.wishes import CR, wishes

GREETINGS = ("", "Hello,\n\nplease log the following change request.\n\n", "To the CMP Manager:\n\nOur form:\n\n")
ENDS = (
    "",
    "\n\nBest regards,\nPat Example\n",
    "\n\nThanks,\nIda\n\n-- \nIda Vance\nPhone: 303-555-0100\n",
    "\n--\nSaltmarsh\n",
)
QUOTED = (
    "\n\nOn Mon, Nov 23, 2026, Meridell CMP <cmpcr@meridell.example> wrote:\n> Please fill in the form:\n> Company:\n"
    "> Title of Change: one line\n> Description of Change: what you ask for\n"
)
OUTLOOK = (
    "\n\n-----Original Message-----\nFrom: Meridell CMP <cmpcr@meridell.example>\n"
    "Sent: Monday, November 23, 2026 9:00 AM\n"
    "To: Pat\nSubject: form\n\nCompany: (name)\nTitle of Change: (one line)\n"
)
HELPED = "## Please keep the labels; write behind or below them.\n\n"


def _drawn(pen: Pen) -> tuple[CR, list[Item]]:
    cr = pen.draw(wishes("body"))
    pen.end = pen.pick(("", "", "*", " (required)"))
    items = pen.items(cr)
    # What the carrier fills in stands on top: in the middle of a text nobody could tell it from prose.
    return cr, sorted(items, key=lambda item: item.key not in IGNORED)


def _mail(pen: Pen, body: str, cr: CR) -> Laid:
    """The body between a greeting and an end; in a mail or, seldom, in a file."""
    if pen.chance(4):
        content = body.encode(pen.pick(("utf-8", "utf-8-sig", "utf-16")))
        return Laid((cr,), attached(pen, (pen.pick(("form.txt", "form.doc")), "text/plain", content)), wrapped=True)
    text = pen.pick(GREETINGS) + body + pen.pick(ENDS) + pen.pick(("", "", QUOTED, OUTLOOK))
    return Laid((cr,), written(pen, text), wrapped=True)


def colons(pen: Pen) -> Laid:
    """`Label: value`, one below the other; long answers go on below."""
    cr, items = _drawn(pen)
    gap = pen.pick((": ", ":", ":   ", " : "))
    apart = pen.pick(("\n", "\n\n"))
    return _mail(pen, apart.join(f"{item.label}{gap}{item.text}" for item in items), cr)


def marks(pen: Pen) -> Laid:
    """`Label - value`, `Label = value`, `Label<tab>value`."""
    cr, items = _drawn(pen)
    gap = pen.pick((" - ", " = ", "\t", " \u2013 ", "\t\t"))
    return _mail(pen, "\n".join(f"{item.label}{gap}{item.text}" for item in items), cr)


def labels_alone(pen: Pen) -> Laid:
    """A label on a line of its own, the answer below it, a blank line between two answers."""
    cr, items = _drawn(pen)
    end = pen.pick((":", ""))
    gap = pen.pick(("\n", "\n\n"))
    return _mail(pen, "\n\n".join(f"{item.label}{end}{gap}{item.text}" for item in items), cr)


def wrapped(pen: Pen) -> Laid:
    """Lines broken by the mail program, at 72 to 78 characters."""
    cr, items = _drawn(pen)
    width = pen.pick((72, 76, 78))
    lines = "\n".join(f"{item.label}: {item.text}" for item in items).split("\n")
    broken = [textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""] for line in lines]
    return _mail(pen, "\n".join(line for made in broken for line in made), cr)


def indented(pen: Pen) -> Laid:
    """Labels in a column, values in another one; answers go on under themselves."""
    cr, items = _drawn(pen)
    width = max(len(item.label) for item in items) + 2
    rows = []
    for item in items:
        first, *rest = item.text.split("\n")
        dots = pen.pick((" ", "."))
        head = f"{item.label} ".ljust(width, dots) if dots == "." else f"{item.label}:".ljust(width)
        rows.append(
            "\n".join(
                [
                    f"{head} {first}" if dots == " " else f"{head}: {first}",
                    *((" " * width + line).rstrip() for line in rest),
                ]
            )
        )
    return _mail(pen, "\n".join(rows), cr)


def two_on_a_line(pen: Pen) -> Laid:
    """Short answers side by side, a wide gap between them."""
    cr, items = _drawn(pen)
    gap = pen.pick(("    ", "\t", "\t\t", "          "))
    rows: list[str] = []
    open_row = False
    for item in items:
        line = f"{item.label}: {item.text}"
        short = (
            not item.long and "\n" not in line and "   " not in line and item.text.strip() and item.key not in IGNORED
        )
        if short and open_row:
            rows[-1] += gap + line
        else:
            rows.append(line)
        open_row = bool(short) and not open_row
    return _mail(pen, "\n".join(rows), cr)


def quoted_form(pen: Pen) -> Laid:
    """Answers under a rule and section headings, with the help of our own plain form."""
    cr, items = _drawn(pen)
    rows = []
    for at, item in enumerate(items):
        if at % 6 == 0:
            rows.append(pen.pick(("=" * 30, "-" * 60, f"\nSection {at // 6 + 1}\n", "")))
        rows.append(f"{item.label}: {item.text}")
    return _mail(pen, pen.pick((HELPED, "", "*" * 40 + "\n")) + "\n".join(rows), cr)


FAMILIES = (colons, marks, labels_alone, wrapped, indented, two_on_a_line, quoted_form)
