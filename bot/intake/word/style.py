"""The looks of a Word document that matter to its reading, and the styles that give them.

Its one rule: a look is read for what it says to a person: bold leads, italic or pale stands aside,
hidden and struck-through text is not there. What else a text looks like is nobody's question.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from xml.etree.ElementTree import Element

from bot.intake.word.names import VAL, W, on

BOLD, ITALIC, PALE, HIDDEN, STRUCK, HEADING, CONTENTS = (1 << bit for bit in range(7))
ASIDE = ITALIC | PALE
"""Set off from the answers, as a form's own words on them are."""
SWITCHES = {
    W + "b": BOLD,
    W + "i": ITALIC,
    W + "vanish": HIDDEN,
    W + "strike": STRUCK,
    W + "dstrike": STRUCK,
}
RSTYLE, PSTYLE, COLOR, FONTS = (W + name for name in ("rStyle", "pStyle", "color", "rFonts"))
COLOUR = re.compile("[0-9A-Fa-f]{6}")
LEAST = 0x58
"""The least part of red, green and blue in a grey that stands back behind black."""

TICKED, UNTICKED = " [x] ", " [ ] "
SYMBOLS = {
    "wingdings": {0xFE: TICKED, 0xFD: TICKED, 0xFC: TICKED, 0xFB: TICKED, 0x78: TICKED}
    | dict.fromkeys((0xA8, 0x6F, 0x70, 0x71, 0x72), UNTICKED),
    "wingdings 2": dict.fromkeys((0x4F, 0x50, 0x51, 0x52, 0x53, 0x54), TICKED) | {0xA3: UNTICKED},
    "webdings": {0x61: TICKED, 0x72: TICKED, 0x67: TICKED, 0x63: UNTICKED},
}

USE, USERS = b'Style w:val="', (b"<w:p", b"<w:r")
USUAL: Mapping[bytes, int] = {
    **dict.fromkeys((b"Normal", b"BodyText", b"ListParagraph", b"NoSpacing", b"TableParagraph"), 0),
    **dict.fromkeys((b"Title", b"Subtitle", *(b"Heading%d" % level for level in range(1, 7))), HEADING),
    b"PlaceholderText": PALE,
}
"""Styles that Word itself brings along. A document that uses no others is read without its own."""
USUAL_LOOKS: Mapping[str, int] = {name.decode(): look for name, look in USUAL.items() if look}
MAX_USES = 5_000
CACHED = 2**17

STYLE = b"<w:style "
STYLE_ID = re.compile(rb'\bw:styleId="([^"]{1,120})"')
NAME = re.compile(rb'<w:name w:val="(?:(heading \d|title|subtitle)|(toc \d))"', re.IGNORECASE)
BASED_ON = re.compile(rb'<w:basedOn w:val="([^"]{1,120})"')
LOOKS = re.compile(rb'<w:(b|i|vanish|strike|dstrike)(?:/>| w:val="(?:1|true|on)"/>)')
PLACEHOLDER = b'<w:name w:val="Placeholder Text"'
MAX_STYLES = 1_000
MAX_BASES = 10


def styles_of(main: bytes) -> set[bytes]:
    """The ids of the styles that a text uses for its paragraphs and runs, but for the usual ones."""
    pieces = main.split(USE, MAX_USES)
    used = {after[: after.find(b'"')] for before, after in pairwise(pieces) if before.endswith(USERS)}
    return used - USUAL.keys()


def read_styles(part: bytes) -> Mapping[str, int]:
    """The looks that styles give, by the style's id; styles that give none are not in it.

    The part is read as text: it is longer than most forms, and two or three words of it matter.
    An office sends the same one each time.
    """
    return _cached(part) if len(part) <= CACHED else _read(part)


@lru_cache(maxsize=8)
def _cached(part: bytes) -> Mapping[str, int]:
    return _read(part)


def _read(part: bytes) -> Mapping[str, int]:
    own: dict[bytes, int] = dict(USUAL)
    bases: dict[bytes, bytes] = {}
    for style in part.split(STYLE, MAX_STYLES)[1:]:
        found = STYLE_ID.search(style[:400])
        if found is None or b'w:type="table"' in style[:400]:
            continue
        own[found[1]] = _style(style)
        if base := BASED_ON.search(style[:1000]):
            bases[found[1]] = base[1]
    return {name.decode("utf-8", "replace"): look for name in own if (look := _with_bases(name, own, bases))}


def _style(style: bytes) -> int:
    look = PALE if PLACEHOLDER in style[:1000] else 0
    if name := NAME.search(style[:1000]):
        look |= HEADING if name[1] else CONTENTS
    for mark in LOOKS.finditer(style[:4000]):
        look |= SWITCHES[W + mark[1].decode()]
    return look


def _with_bases(name: bytes, own: Mapping[bytes, int], bases: Mapping[bytes, bytes]) -> int:
    """The looks of a style and of those that it is based on. QUIRK: styles may be based on each other."""
    look = 0
    for _ in range(MAX_BASES):
        look |= own.get(name, 0)
        if name not in bases:
            break
        name = bases[name]
    return look


def style_of(properties: Element) -> str:
    """The id of a paragraph's style, from its properties; empty without one."""
    style = properties.find(PSTYLE)
    return style.get(VAL, "") if style is not None else ""


def look_of(properties: Element, base: int, styles: Mapping[str, int]) -> tuple[int, str]:
    """The look of a run and its symbol font, from its properties; `base` is its paragraph's look."""
    look, font = base, ""
    for mark in properties:
        tag = mark.tag
        if tag in SWITCHES:
            look = look | SWITCHES[tag] if on(mark) else look & ~SWITCHES[tag]
        elif tag == RSTYLE:
            look |= styles.get(mark.get(VAL, ""), 0)
        elif tag == COLOR:
            look |= PALE if _pale(mark.get(VAL, "")) else 0
        elif tag == FONTS:
            font = symbol_font(mark, W + "ascii") or symbol_font(mark, W + "hAnsi")
    return look, font


def _pale(colour: str) -> bool:
    """True for a grey, or a colour close to one, that stands back; not for white, which needs a dark ground."""
    if not COLOUR.fullmatch(colour):
        return False
    least, *_, most = sorted(int(colour[at : at + 2], 16) for at in (0, 2, 4))
    return least >= LEAST and most - least <= LEAST // 2 and colour.upper() != "FFFFFF"


def symbol_font(element: Element, attribute: str) -> str:
    """The symbol font that an element names, in lower case; empty for any other font."""
    name = element.get(attribute, "").lower()
    return name if name in SYMBOLS else ""


def symbols(text: str, font: str) -> str:
    """Text in a symbol font: ticks become `[x]` and `[ ]`, its other pictures nothing."""
    marks = (SYMBOLS[font].get(ord(letter) & 0xFF) for letter in text if not letter.isspace())
    return "".join(mark for mark in marks if mark)
