"""The pieces of a Word document: its fixed parts, and rows, cells, paragraphs and runs as XML.

Its one rule: whatever text comes in is escaped here and nowhere else.
"""

from html import escape

from bot.intake.paper.filled import BAND, GREY, INK

BOX_FONT = '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/>'
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ALWAYS = ("styles", "settings")

ROOT = (
    f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
CORE = (
    f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created></cp:coreProperties>'
)
STYLES = (
    f"{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
    f'<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="MS Gothic"/><w:color w:val="{INK}"/>'
    '<w:sz w:val="18"/><w:szCs w:val="18"/><w:lang w:val="en-US"/></w:rPr></w:rPrDefault>'
    "<w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>'
    f'<w:rPr><w:b/><w:color w:val="{BAND}"/><w:sz w:val="34"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:color w:val="FFFFFF"/><w:sz w:val="17"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/>'
    f'<w:rPr><w:color w:val="{GREY}"/><w:sz w:val="16"/></w:rPr></w:style></w:styles>'
)
SETTINGS = (
    f'{DECLARATION}<w:settings {NAMESPACES}><w:defaultTabStop w:val="720"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat></w:settings>"
)
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>'
    '<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="860" w:right="864" w:bottom="720" w:left="864" '
    'w:header="432" w:footer="432" w:gutter="0"/></w:sectPr>'
)
EDGE = '<w:tabs><w:tab w:val="right" w:pos="10512"/></w:tabs>'
"""A tab stop at the right margin."""


def types(*kinds: str) -> str:
    """What each part is; `kinds` are those beside the document itself, its styles and its settings."""
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{OFFICE_TYPE}.document.main+xml"/>'
        + "".join(
            f'<Override PartName="/word/{kind}.xml" ContentType="{OFFICE_TYPE}.{kind}+xml"/>'
            for kind in (*ALWAYS, *kinds)
        )
        + '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def relations(*kinds: str) -> str:
    """Where the document finds its other parts: rId1 and on, in order."""
    targets = enumerate((*ALWAYS, *kinds), 1)
    return (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(f'<Relationship Id="rId{at}" Type="{RELATIONS}/{kind}" Target="{kind}.xml"/>' for at, kind in targets)
        + "</Relationships>"
    )


def header(left: str, right: str) -> str:
    """The header of every page: a text at either margin."""
    runs = f"{run(left, bold=True, size=16, color=GREY)}<w:r><w:tab/></w:r>{run(right, size=16, color=GREY)}"
    return f"{DECLARATION}<w:hdr {NAMESPACES}><w:p><w:pPr>{EDGE}</w:pPr>{runs}</w:p></w:hdr>"


def footer(left: str) -> str:
    """The footer of every page: a text, and which page of how many it is."""
    pages = (
        f'<w:fldSimple w:instr=" {name} ">{run("1", size=16, color=GREY)}</w:fldSimple>'
        for name in ("PAGE", "NUMPAGES")
    )
    of = run(" of ", size=16, color=GREY)
    runs = f"{run(left, size=16, color=GREY)}<w:r><w:tab/></w:r>{run('Page ', size=16, color=GREY)}{of.join(pages)}"
    return f"{DECLARATION}<w:ftr {NAMESPACES}><w:p><w:pPr>{EDGE}</w:pPr>{runs}</w:p></w:ftr>"


def row(cells: str, height: int = 0, *, whole: bool = True) -> str:
    """A table row, at least so high (twentieths of a point); a `whole` one stays on one page."""
    kept = "<w:cantSplit/>" if whole else ""
    least = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    return f"<w:tr><w:trPr>{kept}{least}</w:trPr>{cells}</w:tr>"


def cell(content: str, width: int, *, span: int = 1, fill: str = "") -> str:
    """A table cell over `span` columns, on a coloured ground."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{shade}</w:tcPr>{content}</w:tc>'


def paragraph(runs: str, *, after: int = 0, size: int = 0, style: str = "") -> str:
    """A paragraph with some space after it."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    mark = f'<w:rPr><w:sz w:val="{size}"/></w:rPr>' if size else ""
    return f'<w:p><w:pPr>{named}<w:spacing w:before="0" w:after="{after}"/>{mark}</w:pPr>{runs}</w:p>'


def run(text: str, *, bold: bool = False, size: int = 0, color: str = "") -> str:
    """A run of text; `size` in half points."""
    look = "<w:b/>" if bold else ""
    look += f'<w:color w:val="{color}"/>' if color else ""
    look += f'<w:sz w:val="{size}"/>' if size else ""
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{text_of(text)}</w:r>"


def prompt(text: str) -> str:
    """What an empty control shows."""
    return f'<w:r><w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr>{text_of(text)}</w:r>'


def text_of(text: str) -> str:
    """Text with its line breaks as Word's."""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return "<w:br/>".join(lines)
