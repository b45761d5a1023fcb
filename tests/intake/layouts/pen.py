"""How one office writes: which labels it prints, in which order, how it ticks, lists and dates.

Its one rule: a text that it writes means the value to anybody who reads the label beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from hypothesis import strategies as st

from bot.intake.form import Shape
from bot.intake.labels import normalise
from tests.intake.forms import ROWS
from tests.intake.layouts.wishes import CR

T = TypeVar("T")
JOINT = ("/", ",", " and ")
SEVERAL = ("Contact Info", "Contact Details", "Originator Contact", "Originator Information")
TICKS = (
    ("[x]", "[ ]"),
    ("[X]", "[ ]"),
    ("\u2612", "\u2610"),
    ("\u2611", "\u2610"),
    ("(X)", "( )"),
    ("\u25a0", "\u25a1"),
)
BLANKS = ("", "", "", "N/A", "none", "____________", "n/a", "TBD", "-")
AREAS = (("product_process", "Product/Process"), ("system", "System"))
CASES: tuple[Callable[[str], str], ...] = (str, str, str.upper, str.lower)
IGNORED = {"cr_number": "PC010126-9", "status": "Logged", "crpm": "Lee Carrier", "director": "N/A", "owner": "TBD"}
TITLE = "title"


@dataclass(frozen=True, slots=True)
class Item:
    """One label as it is printed, with what stands beside it; `long` for a text of lines."""

    key: str
    label: str
    text: str

    @property
    def long(self) -> bool:
        """True where an office leaves much room for the answer."""
        return ROWS[self.key].shape is Shape.TEXT


class Pen:
    """Draws one office's habits."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.ticks = self.pick(TICKS)
        self.end = self.pick(("", ":", " :", "*", " *:", " (required):"))
        self.case: Callable[[str], str] = self.pick(CASES)
        self.numbered = self.chance(6)

    def pick(self, options: Sequence[T]) -> T:
        """One of several, the plainest first."""
        return self.draw(st.sampled_from(options))

    def chance(self, of: int) -> bool:
        """True once in so many times."""
        return self.draw(st.integers(1, of)) == of

    def coin(self) -> bool:
        """Heads or tails."""
        return self.draw(st.booleans())

    def label(self, key: str) -> str:
        """A label of a field, without what is printed behind it."""
        row = ROWS[key]
        return self.case(self.pick((row.label, row.label, *_synonyms(key))))

    def items(self, cr: CR, *, blanks: bool = True, marks: bool = True) -> list[Item]:
        """Every field as an office prints it; a blank field is printed or left away. `marks` says
        whether choices may be ticked."""
        items = []
        for key, row in ROWS.items():
            if key in IGNORED:
                if self.chance(6):
                    items.append(Item(key, self.case(row.label), IGNORED[key]))
            elif key in cr:
                items.append(Item(key, self.label(key), self.text(key, cr, marks=marks)))
            elif blanks and self.coin():
                items.append(Item(key, self.label(key), self.blank(key)))
        if self.chance(3):
            items = list(self.draw(st.permutations(items)))
        printed = {item.key for item in items}
        items = [_unambiguous(item, printed) for item in items]
        if self.numbered:
            return [Item(item.key, f"{at}. {item.label}", item.text) for at, item in enumerate(items, 1)]
        return items

    def blank(self, key: str) -> str:
        """What stands where nothing was filled in."""
        if ROWS[key].shape is Shape.FLAG and self.coin():
            off = self.ticks[1]
            return self.pick((off, f"{off} Yes {off} No", "Yes / No"))
        return self.pick(BLANKS)

    def text(self, key: str, cr: CR, *, marks: bool = True) -> str:
        """A field's value in words or ticks."""
        value = cr[key]
        if isinstance(value, bool):
            return self._flag(value, marks)
        match ROWS[key].shape:
            case Shape.AREA:
                return self._area(str(value), marks)
            case Shape.CHOICES:
                return self._areas(tuple(value), str(cr.get("areas_other", "")), marks)
            case Shape.LIST:
                return self._list(tuple(value))
            case Shape.SLOTS:
                return self._slots(tuple(value))
            case Shape.DATE:
                return self._date(str(value))
        return str(value)

    def _flag(self, value: bool, marks: bool) -> str:
        on, off = self.ticks
        words = ("Yes", "Y", "yes", "YES") if value else ("No", "N", "no", "NO")
        if not marks:
            return self.pick(words)
        yes, no = (on, off) if value else (off, on)
        return self.pick((*words, f"{yes} Yes {no} No", f"Yes {yes}   No {no}", on if value else off))

    def _area(self, value: str, marks: bool) -> str:
        on, off = self.ticks
        chosen = [name for key, name in AREAS if value in (key, "both")]
        said = self.pick((" and ".join(chosen), ", ".join(chosen), " & ".join(chosen)))
        if len(chosen) > 1:
            said = self.pick((said, "Both"))
        if not marks or self.coin():
            return said
        boxes = [(on if name in chosen else off, name) for _, name in AREAS]
        gap = self.pick(("   ", "\n", " "))
        if self.chance(3):
            return gap.join(f"{name} {mark}" for mark, name in boxes)
        if self.chance(3):
            return "    ".join(f"X {name}" if name in chosen else name for _, name in AREAS)
        return gap.join(f"{mark} {name}" for mark, name in boxes)

    def _areas(self, chosen: tuple[str, ...], other: str, marks: bool) -> str:
        on, off = self.ticks
        behind = f": {other}" if other else ""
        if not marks or self.coin():
            joint = self.pick((", ", "; ", "\n"))
            return joint.join(f"{area}{behind}" if area == "Other" else area for area in chosen)
        boxes = [
            f"{on if area in chosen else off} {area}" + (behind if area == "Other" else "")
            for area in ROWS["areas_impacted"].choices
        ]
        return self.pick(("\n", "   ", " ")).join(boxes)

    def _list(self, names: tuple[str, ...]) -> str:
        *front, last = names
        ways = [", ".join(names), "; ".join(names), "\n".join(names), "\n".join(f"- {name}" for name in names)]
        if front:
            ways.append(f"{', '.join(front)}, {last}")
            ways.append("\n".join(f"{at}. {name}" for at, name in enumerate(names, 1)))
        return self.pick(ways)

    def _slots(self, slots: tuple[str, ...]) -> str:
        numbered = "\n".join(f"{at}. {slot}" for at, slot in enumerate(slots, 1))
        return self.pick(("\n".join(slots), "; ".join(slots), numbered, "\n".join(f"- {slot}" for slot in slots)))

    def _date(self, value: str) -> str:
        day = date.fromisoformat(value)
        ways = (f"{day:%m/%d/%Y}", value, f"{day:%B} {day.day}, {day.year}", f"{day:%d-%b-%Y}", f"{day:%m-%d-%y}")
        return self.pick((*ways, f"{day.month}/{day.day}/{day:%y}", f"{day:%a}, {day:%b} {day.day}, {day.year}"))


def _synonyms(key: str) -> tuple[str, ...]:
    """The words for a field that name this field alone."""
    names = (name for name in ROWS[key].synonyms if not any(joint in name for joint in (*JOINT, *SEVERAL)))
    if key in ("regulatory", "industry_guideline"):
        first = ROWS[key].label.split()[0]
        return tuple(name for name in names if first in name and " or " not in name)
    return tuple(names)


def _unambiguous(item: Item, printed: set[str]) -> Item:
    """A bare `Title` on a form without the title of the change would be anybody's guess."""
    if normalise(item.label) == TITLE and item.key == "originator_title" and "title" not in printed:
        return Item(item.key, ROWS[item.key].label, item.text)
    return item
