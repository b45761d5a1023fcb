"""What a form is filled with: each answer in words, each remark beside it, and the looks that its
formats share. Its one rule: the words are those that the form's readers take for the same answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.intake.form import TRACKS, Field, FieldTable, Need, Problem, Shape, Value, in_words
from bot.intake.lines import REMARK
from bot.intake.value.dates import us_order
from bot.office.office import Organisation

NUMBER, STATUS = "cr_number", "status"
OFFICE = (NUMBER, STATUS)
"""What the carrier fills in at the top of the form."""
OTHER, AREAS_OTHER = "Other", "areas_other"
SLOTS = 5
SECTIONS: Mapping[str, str] = {
    "originator_name": "Who you are",
    "area_of_change": "What kind of change it is",
    "title": "The change",
    "availability": "A meeting to clarify it",
}
"""The first field of each part of the form, and the part's heading."""

RULES = "Fields marked * are required. One form is one change request."
TO_CORRECT = f"Please correct what is marked {REMARK} below, and send the form back as a reply."

INK, BAND, PAPER, LINE, GREY, RED, BLUSH = "1F2A44", "1F3864", "EEF2F8", "AAB4C8", "5A6275", "A61B1B", "FDECEA"
"""The colours of the form, as RGB; each can be read on white by weak eyes (contrast 4.5 and more)."""

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Filled:
    """The answers, problems and number that one form is printed with."""

    fields: Mapping[str, Value]
    problems: tuple[Problem, ...] = ()
    number: str = ""
    house: Organisation | None = None

    @property
    def carrier(self) -> str:
        """Whose form it is."""
        return f"{self.house.name} {self.house.process}" if self.house else "Change Management Process"

    @property
    def send_to(self) -> str:
        """Where the form is sent to, as a sentence."""
        return f"Send it to {self.mailbox or 'the Change Management mailbox'}."

    @property
    def mailbox(self) -> str:
        """The address to which the form is sent; empty for a form of no carrier in particular."""
        return self.house.address.email if self.house else ""

    def text(self, field: Field) -> str:
        """The answer to a field as one text; empty when there is none."""
        if field.key == NUMBER:
            return self.number
        value = self.fields.get(field.key, "")
        if isinstance(value, bool):
            return in_words(value)
        if field.shape is Shape.AREA:
            return " and ".join(self.chosen(field))
        if field.shape is Shape.CHOICES:
            other = self.other_of(field)
            named = [name for name in self.chosen(field) if name != OTHER]
            if other or OTHER in self.chosen(field):
                named.append(f"{OTHER}: {other}" if other else OTHER)
            return ", ".join(named)
        if isinstance(value, tuple):
            return ("\n" if field.shape is Shape.SLOTS else ", ").join(map(_clean, value))
        return _clean(us_order(value) if field.shape is Shape.DATE else value)

    def chosen(self, field: Field) -> tuple[str, ...]:
        """The choices of a field that are ticked, as they are printed."""
        value = self.fields.get(field.key, "")
        if field.shape is Shape.AREA:
            tracks = ("product_process", "system") if value == "both" else (str(value),)
            return tuple(TRACKS[track] for track in tracks if track in TRACKS)
        return value if isinstance(value, tuple) else ()

    def slots(self, field: Field) -> tuple[str, ...]:
        """The lines of a field with numbered lines; five at least."""
        value = self.fields.get(field.key, ())
        given = tuple(map(_clean, value)) if isinstance(value, tuple) else tuple(_clean(str(value)).split("\n"))
        return given + ("",) * (SLOTS - len(given))

    def other_of(self, field: Field) -> str:
        """What stands behind the choice Other of a field that has one."""
        return _clean(str(self.fields.get(AREAS_OTHER, ""))) if OTHER in field.choices else ""

    def remark(self, field: Field) -> str:
        """The problems of a field, marked as a remark; empty when there are none."""
        said = " ".join(_clean(problem.message) for problem in self.problems if problem.field == field.key)
        return f"{REMARK} {said}" if said else ""

    @property
    def general(self) -> str:
        """What is to be done with a form that has problems, and those that concern no one field."""
        whole = [_clean(problem.message) for problem in self.problems if not problem.field]
        marked = [TO_CORRECT] if len(whole) < len(self.problems) else []
        return " ".join(whole + marked)


def printed(table: FieldTable) -> tuple[Field, ...]:
    """The fields that a sender fills in, in printed order."""
    return tuple(field for field in table.fields if field.need is not Need.IGNORED)


def office(table: FieldTable) -> tuple[Field, ...]:
    """The carrier's own fields that stand on the form."""
    return tuple(field for field in table.fields if field.key in OFFICE)


def heading(field: Field) -> str:
    """A field's label with the mark of a required one."""
    return f"{field.label} *" if field.blocks else field.label


def _clean(text: str) -> str:
    """A text without what XML cannot carry."""
    return UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
