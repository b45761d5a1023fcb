"""Whole: all change requests of a year in one file, for the browser's Find, as the real register had them.

Its one rule: a year is put together from its months, so that only the months that changed are made anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.posting.pages import Page, by_year, kilobytes
from bot.posting.public import Posting

ALL, FOLDER, PART = "all.html", "all/", "whole_month.html"


@dataclass(frozen=True, slots=True)
class Part:
    """A month of a year: `2026-11`, how many change requests it has, and its piece of the page."""

    month: str
    count: int
    html: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year in the list of them: its page, how many change requests it has, and how large it is."""

    year: str
    path: str
    count: int
    kilobytes: int


def year_path(year: str) -> str:
    """Where a year lies.

    >>> year_path("2026")
    'all/2026.html'
    """
    return f"{FOLDER}{year}.html"


def part_page(month: str, shown: Sequence[Posting]) -> Page:
    """A month's piece of the page of its year, newest first."""
    return Page(f"{FOLDER}{month}", PART, {"month": month, "shown": shown})


def year_page(year: str, parts: Sequence[Part]) -> Page:
    """The page of a year, the newest month first."""
    newest_first = sorted(parts, key=lambda part: part.month, reverse=True)
    total = sum(part.count for part in parts)
    return Page(year_path(year), "whole.html", {"year": year, "parts": newest_first, "total": total})


def all_page(counts: Mapping[str, int], sizes: Mapping[str, int]) -> Page:
    """The page that leads to the years, by how many change requests (by month) and bytes (by year) each has."""
    years = tuple(
        Year(year, year_path(year), count, kilobytes(sizes.get(year, 0))) for year, count in by_year(counts).items()
    )
    return Page(ALL, "all.html", {"years": years})
