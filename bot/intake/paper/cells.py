"""The cells of the Excel form: how they look, and what Excel holds their answers to. Its one rule:
a drop-down binds only where there is one answer; everything else is a help that may be passed over.
"""

from typing import TYPE_CHECKING, NamedTuple

from bot.intake.form import Field, Shape

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.datavalidation import DataValidation

LONGEST_LIST, LONGEST_TITLE, LONGEST_PROMPT = 255, 32, 255
"""Characters that Excel allows in the list of a drop-down and in the words beside a cell."""
SINGLE = frozenset({Shape.AREA, Shape.FLAG})
FACE = "Arial"
AS_TEXT = "@"
"""The number format that keeps what is typed as it is typed."""


class Look(NamedTuple):
    """How a cell looks: its font (size, colour, weight), its ground and its frame, both none where
    they have no colour; where its text stands, and whether it may be written in."""

    size: float
    color: str
    bold: bool = False
    fill: str = ""
    frame: str = ""
    upright: str = "center"
    open: bool = False


def dress(cell: "Cell", look: Look) -> None:
    """Give a cell its look."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side  # noqa: PLC0415 - heavy

    cell.font = Font(name=FACE, size=look.size, bold=look.bold, color=look.color)
    indent = 1 if look.fill or look.frame else 0
    cell.alignment = Alignment("left", look.upright, wrap_text=True, indent=indent)
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.frame:
        side = Side("thin", color=look.frame)
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    if look.open:
        cell.number_format, cell.protection = AS_TEXT, Protection(locked=False)


def rule_for(field: Field) -> "DataValidation | None":
    """What Excel holds an answer to: a drop-down, binding where there is one answer and a help where
    there may be several; a length, of which it only warns."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    title = field.label[:LONGEST_TITLE]
    choices = ("Yes", "No") if field.shape is Shape.FLAG else field.choices
    listed = ",".join(choices)
    if choices and len(listed) <= LONGEST_LIST:
        binding = field.shape in SINGLE
        rule = DataValidation(
            "list",
            formula1=f'"{listed}"',
            allow_blank=True,
            showErrorMessage=binding,
            errorTitle=title,
            promptTitle=title,
        )
        rule.error = f"Please choose one of: {', '.join(choices)}."
        several = "" if binding else "Choose one, or write several with commas between them. "
        rule.prompt, rule.showInputMessage = f"{several}{', '.join(choices)}"[:LONGEST_PROMPT], True
        return rule
    if not field.shortest:
        return None
    rule = DataValidation("textLength", errorStyle="warning", allow_blank=True, showErrorMessage=True, errorTitle=title)
    rule.formula1, rule.operator = str(field.shortest), "greaterThanOrEqual"
    span = f"{field.shortest} characters or more"
    if field.longest:
        rule.formula2, rule.operator = str(field.longest), "between"
        span = f"{field.shortest} to {field.longest} characters"
    rule.error = f"It needs {span}."
    return rule
