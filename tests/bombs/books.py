"""Workbooks that mean harm. Its one rule: the geometry, the indexes and the numbers are what attacks."""

from collections.abc import Callable, Mapping
from functools import partial

from tests.bombs.words import LAUGHTER
from tests.bombs.zips import Bomb
from tests.intake.forms import GOOD
from tests.intake.layouts.xlsx import CONTENT, DOCUMENT, MAIN, PACKAGE, RELATED, STYLES
from tests.intake.office_files import zipped

RELATIONS = "_rels/workbook.xml.rels"


def _cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


ROWS = "".join(
    f'<row r="{at}">{_cell(f"A{at}", label.replace("&", "&amp;"))}{_cell(f"B{at}", text)}</row>'
    for at, (label, text) in enumerate(GOOD.items(), 1)
)


def _sheet(rows: str, front: str = "", tail: str = "") -> str:
    return f"<worksheet {MAIN}>{front}<sheetData>{rows}</sheetData>{tail}</worksheet>"


def _book(sheet: str | bytes, parts: Mapping[str, str | bytes] | None = None) -> Bomb:
    """A workbook of this one sheet; `parts` are further ones, or others, by their names under xl/."""
    made = {
        "workbook.xml": _listed(1),
        RELATIONS: _pointed("worksheets/sheet1.xml"),
        "styles.xml": STYLES,
        "worksheets/sheet1.xml": sheet,
        **(parts or {}),
    }
    named = {f"xl/{name}": content for name, content in made.items()}
    return "form.xlsx", zipped({"[Content_Types].xml": CONTENT, **named})


def _listed(count: int) -> str:
    listed = "".join(f'<sheet name="s{at}" sheetId="{at + 1}" r:id="rId1"/>' for at in range(count))
    return f"<workbook {MAIN} {RELATED}><sheets>{listed}</sheets></workbook>"


def _pointed(target: str) -> str:
    relation = f'<Relationship Id="rId1" Type="{DOCUMENT}/worksheet" Target="{target}"/>'
    return f"<Relationships {PACKAGE}>{relation}</Relationships>"


def _merges(refs: list[str]) -> str:
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return f"<mergeCells>{merged}</mergeCells>"


BOOKS: dict[str, Callable[[], Bomb]] = {
    "one cell at XFD1048576": lambda: _book(_sheet(ROWS + f'<row r="1048576">{_cell("XFD1048576", "x")}</row>')),
    "only a cell at XFD1048576": lambda: _book(_sheet(f'<row r="1048576">{_cell("XFD1048576", "x")}</row>')),
    "a dimension of the whole sheet": lambda: _book(_sheet(ROWS, '<dimension ref="A1:XFD1048576"/>')),
    "a row of 10^30": lambda: _book(_sheet(f'<row r="1{"0" * 30}">{_cell("A1", "x")}</row>')),
    "a column of fifty letters": lambda: _book(_sheet(f'<row r="1">{_cell("Z" * 50 + "1", "x")}</row>')),
    "cells without a place": lambda: _book(_sheet("<row><c><v>1</v></c></row>" * 30_000)),
    "a cell at A0, one at -1": lambda: _book(
        _sheet(f'<row r="0">{_cell("A0", "x")}</row><row r="-1">{_cell("-1", "x")}</row>')
    ),
    "a merge of the whole sheet": lambda: _book(_sheet(ROWS, tail=_merges(["A1:XFD1048576"]))),
    "45,000 merges": lambda: _book(_sheet(ROWS, tail=_merges([f"A{at}:XFD{at}" for at in range(1, 45_000)]))),
    "merges that point backwards": lambda: _book(_sheet(ROWS, tail=_merges(["XFD1048576:A1"] * 400))),
    "40,000 rows": lambda: _book(
        _sheet("".join(f'<row r="{at}"><c r="A{at}"><v>1</v></c></row>' for at in range(1, 40_000)))
    ),
    "16,000 columns": lambda: _book(_sheet('<row r="1">' + "<c><v>1</v></c>" * 16_000 + "</row>")),
    "a label in every cell": lambda: _book(
        _sheet("".join("<row>" + _cell("", "Company").replace(' r=""', "") * 40 + "</row>" for _ in range(300)))
    ),
    "an answer in every cell": lambda: _book(
        _sheet(
            "".join(
                f'<row r="{at}">' + _cell("", "Company: x").replace(' r=""', "") * 40 + "</row>" for at in range(1, 301)
            )
        )
    ),
    "a string that is not there": lambda: _book(_sheet('<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>')),
    "a string before the first": lambda: _book(_sheet('<row r="1"><c r="A1" t="s"><v>-5</v></c></row>')),
    "45,000 shared strings": lambda: _book(
        _sheet(ROWS), {"sharedStrings.xml": f"<sst {MAIN}>{'<si><t>x</t></si>' * 45_000}</sst>"}
    ),
    "a shared string of 15 MB": lambda: _book(
        _sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
        {"sharedStrings.xml": f"<sst {MAIN}><si><t>{'x' * 15_000_000}</t></si></sst>"},
    ),
    "laughs in the strings": lambda: _book(_sheet(ROWS), {"sharedStrings.xml": LAUGHTER}),
    "laughs in the styles": lambda: _book(_sheet(ROWS), {"styles.xml": LAUGHTER}),
    "laughs in the sheet": lambda: _book(LAUGHTER),
    "laughs in the workbook": lambda: _book(_sheet(ROWS), {"workbook.xml": LAUGHTER}),
    "10,000 sheets": lambda: _book(_sheet(ROWS), {"workbook.xml": _listed(10_000)}),
    "no sheet": lambda: _book(_sheet(ROWS), {"workbook.xml": _listed(0)}),
    "a sheet elsewhere": lambda: _book(_sheet(ROWS), {RELATIONS: _pointed("../../../../etc/passwd")}),
    "a sheet on the network": lambda: _book(_sheet(ROWS), {RELATIONS: _pointed("http://x.example/worksheets/a")}),
    "a sheet that is the workbook": lambda: _book(_sheet(ROWS), {RELATIONS: _pointed("workbook.xml")}),
    "a date of 10^300": lambda: _book(_sheet('<row r="1"><c r="A1" s="1"><v>1e300</v></c></row>')),
    "dates before time": lambda: _book(
        _sheet('<row r="1"><c r="A1" s="1"><v>-1e9</v></c><c r="B1" s="1"><v>nan</v></c></row>')
    ),
    "a number of a million digits": lambda: _book(_sheet(f'<row r="1"><c r="A1"><v>{"9" * 1_000_000}</v></c></row>')),
    "a style of 10^9": lambda: _book(_sheet('<row r="1"><c r="A1" s="999999999"><v>1</v></c></row>')),
    "40,000 number formats": lambda: _book(
        _sheet(ROWS),
        {"styles.xml": f"<styleSheet {MAIN}>" + '<numFmt numFmtId="170" ' * 40_000 + "<cellXfs>" + "<xf " * 40_000},
    ),
    "a format made to be slow": lambda: _book(
        _sheet('<row r="1"><c r="A1" s="2"><v>1</v></c></row>'), {"styles.xml": STYLES.replace("[$-409]d", "[" * 190)}
    ),
    "formulas without end": lambda: _book(_sheet("<row>" + "<c><f>" * 30_000 + "</f></c>" * 30_000 + "</row>")),
    "a formula never calculated": lambda: _book(
        _sheet(ROWS + '<row r="99"><c r="A99"><f>WEBSERVICE("http://x.example")</f></c></row>')
    ),
    "elements 90,000 deep in a sheet": partial(_book, "<a>" * 90_000),
    "15 MB of blanks": lambda: _book(_sheet(ROWS) + " " * 15_000_000),
}
