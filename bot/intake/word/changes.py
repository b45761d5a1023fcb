"""Tracked changes of a Word document, accepted: what was inserted stands, what was deleted is gone.

Its one rule: after it the tree reads as Word shows it with all changes accepted; it tells whether
there were any, so that the sender hears of it.
"""

from xml.etree.ElementTree import Element

from bot.intake.word.names import DEL, INS, MOVED_FROM, MOVED_TO, PPR, RPR, TC, TCPR, TR, TRPR, P, W

MARKS = (b":del", b":ins ", b":ins>", b":move", b":cellDel", b":cellIns")
GONE = frozenset({DEL, MOVED_FROM})
CHANGED = frozenset({DEL, INS, MOVED_FROM, MOVED_TO, W + "cellDel", W + "cellIns"})
PROPERTIES = {TR: (TRPR, DEL), TC: (TCPR, W + "cellDel")}


def has_changes(part: bytes) -> bool:
    """True for a part that may hold tracked changes; a look at its bytes, so that most need no more."""
    return any(mark in part for mark in MARKS)


def accept(root: Element) -> bool:
    """Accept all tracked changes below an element. True when there were any but of mere looks."""
    changed = False
    for parent in list(root.iter()):
        if parent.tag in CHANGED:
            changed = True
        for child in list(parent):
            if child.tag in GONE or _deleted(child):
                changed = True
                parent.remove(child)
        _join(parent)
    return changed


def _deleted(element: Element) -> bool:
    """True for a deleted row, or a deleted cell."""
    if element.tag not in PROPERTIES:
        return False
    properties, mark = PROPERTIES[element.tag]
    return element.find(f"{properties}/{mark}") is not None


def _join(parent: Element) -> None:
    """Join a paragraph whose end was deleted with the one behind it."""
    earlier: Element | None = None
    for child in list(parent):
        if earlier is not None and child.tag == P:
            earlier.extend(part for part in child if part.tag != PPR)
            parent.remove(child)
            earlier = earlier if _ends_deleted(child) else None
        else:
            earlier = child if child.tag == P and _ends_deleted(child) else None


def _ends_deleted(paragraph: Element) -> bool:
    """True for a paragraph whose mark was deleted, or moved away."""
    return any(paragraph.find(f"{PPR}/{RPR}/{mark}") is not None for mark in GONE)
