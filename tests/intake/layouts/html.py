"""HTML bodies and files: tables of several shapes, lines and lists, as mail programs write them.

Its one rule: every character is escaped as a mail program would; what a browser hides is nowhere.
"""

from html import escape

from tests.intake.forms import ROWS
from tests.intake.layouts.laid import Laid, attached, written
from tests.intake.layouts.pen import Item, Pen
from tests.intake.layouts.wishes import CR, wishes

STYLE = "<style>td{padding:2pt}</style>"
OUTLOOK = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>{style}</head>'
    '<body lang="EN-US">{body}</body></html>'
)
COMMENT = "<!--[if gte mso 9]><xml><o:p>x</o:p></xml><![endif]-->"


class Page:
    """One mail program's HTML."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.breaks = pen.pick(("<br>", "<br/>", "</p><p>", "</div><div>"))
        self.around = pen.pick(
            ("{}", "<p class=MsoNormal><span style='font-size:10pt'>{}<o:p></o:p></span></p>", "<div>{}</div>")
        )
        self.entities = pen.coin()

    def words(self, text: str) -> str:
        """Text escaped, each line in its element."""
        safe = escape(text, quote=False)
        if self.entities:
            safe = "".join(letter if letter.isascii() else f"&#{ord(letter)};" for letter in safe)
        return self.around.format(safe.replace("\n", self.breaks)) if safe else "&nbsp;"

    def mail(self, body: str, cr: CR, *, wrapped: bool = False) -> Laid:
        """The mail: HTML alone, beside a plain alternative, or as a file."""
        pen = self.pen
        front, rear = pen.pick(
            (("", ""), ("<p>Please log this:</p>", "<p>Best regards,<br>Pat</p>"), ("<p>Hello</p>", ""))
        )
        page = OUTLOOK.format(style=STYLE + pen.pick(("", COMMENT)), body=front + body + rear)
        if pen.chance(4):
            return Laid(
                (cr,), attached(pen, (pen.pick(("form.html", "form.doc")), "text/html", page.encode())), wrapped
            )
        return Laid((cr,), written(pen, page, "html"), wrapped)


def _shown(pen: Pen, item: Item) -> str:
    return f"{item.label}{pen.end}"


def _table(rows: list[str]) -> str:
    return f'<table border="1">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def two_columns(pen: Pen) -> Laid:
    """A table of labels and values."""
    cr, page = pen.draw(wishes()), Page(pen)
    cell = pen.pick(("<td>{}</td><td>{}</td>", "<th>{}</th><td>{}</td>", "<td valign=top><b>{}</b><td width=400>{}"))
    return page.mail(
        _table([cell.format(page.words(_shown(pen, item)), page.words(item.text)) for item in pen.items(cr)]), cr
    )


def headed(pen: Pen) -> Laid:
    """A table with headings over both columns and help in a third."""
    cr, page = pen.draw(wishes()), Page(pen)
    rows = []
    for at, item in enumerate(pen.items(cr)):
        if at % 6 == 0:
            rows.append(f'<td colspan="3"><b>Section {at // 6 + 1}</b></td>')
        help_text = page.words(ROWS[item.key].hint)
        rows.append(f"<td>{page.words(_shown(pen, item))}</td><td>{page.words(item.text)}</td><td>{help_text}</td>")
    return page.mail(_table(rows), cr)


def label_above(pen: Pen) -> Laid:
    """A row of labels over a row of values."""
    cr, page = pen.draw(wishes()), Page(pen)
    wide, items, rows = pen.pick((1, 2, 3)), pen.items(cr), []
    for at in range(0, len(items), wide):
        band = items[at : at + wide]
        rows.append("".join(f"<td><b>{page.words(_shown(pen, item))}</b></td>" for item in band))
        rows.append("".join(f"<td>{page.words(item.text)}</td>" for item in band))
    return page.mail(_table(rows), cr)


def nested(pen: Pen) -> Laid:
    """A table for the looks around the table of the form."""
    cr, page = pen.draw(wishes()), Page(pen)
    rows = [f"<td>{page.words(_shown(pen, item))}</td><td>{page.words(item.text)}</td>" for item in pen.items(cr)]
    return page.mail(_table(["<td>Meridell</td><td>&nbsp;</td>", f"<td colspan=2>{_table(rows)}</td>"]), cr)


def lines(pen: Pen) -> Laid:
    """No table: `Label: value` in paragraphs, the labels bold."""
    cr, page = pen.draw(wishes("body")), Page(pen)
    pen.end = ""
    one = pen.pick(("<p><b>{}:</b> {}</p>", "<div>{}: {}</div>", "<p><strong>{}</strong>: {}</p>"))
    made = []
    for item in pen.items(cr):
        text = escape(item.text, quote=False).replace("\n", "<br>")
        made.append(one.format(escape(item.label), text))
    return page.mail("".join(made), cr, wrapped=True)


FAMILIES = (two_columns, headed, label_above, nested, lines)
