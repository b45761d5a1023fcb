"""What fields and content controls of a Word form hold. Its one rule: a prompt is blank, whether
Word marks it as one or a list merely begins with it, and a state counts, not the picture of it.
"""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bot.intake.word.names import SDTPR, VAL, W14, W, number, on
from bot.intake.word.style import TICKED, UNTICKED

FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_FIRST = re.compile(r"d{1,2}\W{1,3}M{1,2}(?!M)")
NUMERIC = re.compile(r"\d{1,2}\W{1,3}\d{1,2}\W{1,3}\d{2,4}")
TAG, PROMPT, PART, DATE = (W + name for name in ("tag", "showingPlcHdr", "docPartObj", "date"))
CHECKBOX = W14 + "checkbox"
KINDS = (DATE, W + "dropDownList", W + "comboBox")
CONTENTS = "table of contents"


class Properties(NamedTuple):
    """What matters of a content control: its tag, its mark where it is a tick box, whether it shows
    its prompt, and its list or date where it has one."""

    tag: str = ""
    box: str | None = None
    prompt: bool = False
    kind: Element | None = None


NONE = Properties()


def properties_of(control: Element | None) -> Properties:
    """The properties of a content control. A table of contents says nothing itself: it is a prompt."""
    found = control.find(SDTPR) if control is not None else None
    if found is None:
        return NONE
    tag, box, prompt, kind = "", None, False, None
    for child in found:
        name = child.tag
        if name == TAG:
            tag = child.get(VAL, "")
        elif name == CHECKBOX:
            box = TICKED if on(child.find(W14 + "checked"), W14 + "val") else UNTICKED
        elif name == PROMPT:
            prompt = prompt or on(child)
        elif name in KINDS:
            kind = child
        elif name == PART:
            gallery = child.find(W + "docPartGallery")
            prompt = prompt or (gallery is not None and gallery.get(VAL, "").lower() == CONTENTS)
    return Properties(tag, box, prompt, kind)


def content_of(kind: Element, text: str) -> str:
    """What the text of a list or a date says: nothing for the item that only invites to choose, and
    the exact day for a date that is shown day first."""
    if kind.tag == DATE:
        return _date(kind, text)
    return "" if _invites(kind, text.strip()) else text


def _invites(choices: Element, text: str) -> bool:
    """True for an item without a value: Word's own first one, `Choose an item.`, has none."""
    items = choices.iterfind(W + "listItem")
    return any(not item.get(W + "value") and item.get(W + "displayText", "") == text for item in items)


def _date(date: Element, text: str) -> str:
    """QUIRK: the format of a date is the form's author's; where it puts the day before the month,
    a reader of US forms would take `03/04/2026` for March."""
    full = FULL_DATE.match(date.get(W + "fullDate", ""))
    shape = date.find(W + "dateFormat")
    if not full or shape is None or not DAY_FIRST.match(shape.get(VAL, "")):
        return text
    return full.group() if NUMERIC.fullmatch(text.strip()) else text


def legacy(field: Element) -> str | None:
    """The state of a tick box or the choice of a list in a protected form; None for its text
    fields, whose results are plain runs."""
    box, choice = field.find(W + "checkBox"), field.find(W + "ddList")
    if box is not None:
        mark = box.find(W + "checked")
        return TICKED if on(box.find(W + "default") if mark is None else mark) else UNTICKED
    if choice is None:
        return None
    entries = [entry.get(VAL, "") for entry in choice.iterfind(W + "listEntry")]
    marks = (choice.find(W + name) for name in ("result", "default"))
    chosen = next((number(mark.get(VAL, "0")) for mark in marks if mark is not None), 0)
    return entries[chosen] if 0 <= chosen < len(entries) else ""


def prompt_of(field: Element) -> str:
    """The text that a text field of a protected form begins with; empty without one."""
    default = field.find(f"{W}textInput/{W}default")
    return default.get(VAL, "").strip() if default is not None else ""
