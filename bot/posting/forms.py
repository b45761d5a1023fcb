"""Forms: the page that offers the blank forms, and the files that it offers.

Its one rule: they are the very forms that our letters bring (intake/paper).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.intake.paper.blank import FILES
from bot.posting.pages import FORMS, Page, kilobytes

FOLDER = "forms/"
PROGRAMS = {"docx": "Word", "xlsx": "Excel", "txt": "Plain text"}
"""The formats in the order in which they are offered, each with the program that it is for."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank form to take away: its path, the program that it is for, how its name ends, its size."""

    path: str
    program: str
    ending: str
    kilobytes: int


def forms_page(files: Mapping[str, bytes]) -> Page:
    """The page that offers the blank forms; `files` holds them by their format."""
    blanks = tuple(
        Blank(FOLDER + FILES[shape], program, shape, kilobytes(len(files[shape])))
        for shape, program in PROGRAMS.items()
    )
    return Page(FORMS, "forms.html", {"blanks": blanks})


def form_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The blank forms by the paths at which they are offered."""
    return {FOLDER + FILES[shape]: content for shape, content in files.items()}
