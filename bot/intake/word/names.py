"""The names of Word's elements, for all who read its XML. Its one rule: a name stands here once
two modules need it."""

from xml.etree.ElementTree import Element

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W = f"{{{TRANSITIONAL}}}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

P, R, T, TBL, TR, TC, SDT = (W + name for name in ("p", "r", "t", "tbl", "tr", "tc", "sdt"))
PPR, RPR, TRPR, TCPR, SDTPR = (W + name for name in ("pPr", "rPr", "trPr", "tcPr", "sdtPr"))
DEL, INS, MOVED_FROM, MOVED_TO = (W + name for name in ("del", "ins", "moveFrom", "moveTo"))
VAL = W + "val"
SKIPPED = frozenset(
    {
        *(W + name for name in ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr")),
        *(W + name for name in ("del", "moveFrom", "instrText", "delText", "delInstrText", "proofErr", "rt")),
        *(W + name for name in ("bookmarkStart", "bookmarkEnd")),
    }
)
"""What holds no text that is seen: properties, deletions, the codes of fields, the small print of ruby."""

OFF = frozenset({"0", "false", "off"})
MAX_DIGITS = 8


def on(mark: Element | None, attribute: str = VAL) -> bool:
    """A switch of Word's: present means on unless it says otherwise."""
    return mark is not None and mark.get(attribute, "1") not in OFF


def number(text: str) -> int:
    """A number of the sender's; -1 for what is none, or far too long to be one."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MAX_DIGITS else -1
