"""Drawing: bars, curves and columns of the figures.

Its one rule: only where things stand on a drawing is computed here; each says the same in words, for whoever
does not see it. How it looks is for the style sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.intake.arguments.dates import MONTHS
from bot.workflow.answers.adherence import Adherence, Tally

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 12, 34
"""The room of a drawing over months, and what of it is for the words at its axes."""
FULL = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: its class, what it counts in words, how many, and where it lies, of a hundred."""

    name: str
    words: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, its pieces and all that they count."""

    label: str
    pieces: tuple[Piece, ...]
    total: int

    @property
    def says(self) -> str:
        """The bar in words."""
        return f"{self.label}: {', '.join(f'{piece.count} {piece.words}' for piece in self.pieces) or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at an axis: where it lies and what it says, in one line or two."""

    at: float
    says: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A value on a drawing: where it stands, how far it reaches down, and its number."""

    x: float
    y: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over months: its pieces (SVG paths; a month without a value is a gap), its dots, the marks at
    both axes, and all of it in words."""

    paths: tuple[str, ...]
    dots: tuple[Dot, ...]
    months: tuple[Tick, ...]
    scale: tuple[Tick, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns over months, several beside each other: by their class, with the marks at both axes."""

    columns: tuple[tuple[str, tuple[Dot, ...]], ...]
    width: float
    months: tuple[Tick, ...]
    scale: tuple[Tick, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Volume:
    """What came in and what ended in a month."""

    month: str
    received: int
    ended: int


def tally_bar(label: str, tally: Tally) -> Bar:
    """A bar over its whole length: in time, by an agreed later date, missed, open."""
    counts = (
        ("met", "in time", tally.met),
        ("extended", "by an agreed later date", tally.extended),
        ("missed", "missed", tally.missed),
        ("open", "open", tally.open),
    )
    return bar(label, counts, tally.promised)


def bar(label: str, counts: Iterable[tuple[str, str, int]], longest: int) -> Bar:
    """A bar of pieces (class, words, count); `longest` is what a bar over the whole length counts."""
    pieces, at = [], 0
    for name, words, count in counts:
        if count:
            pieces.append(Piece(name, words, count, _of(at, longest), _of(count, longest)))
        at += count
    return Bar(label, tuple(pieces), at)


def _of(count: int, whole: int) -> float:
    return round(FULL * count / whole, 2) if whole else 0.0


def kept_curve(found: Adherence) -> Curve:
    """How many of a hundred were kept, month by month."""
    places = _places(len(found.months))
    values = [tally.kept for _, tally in found.by_month]
    dots = [
        None if value is None else Dot(x, _height(value, FULL), 0, value)
        for x, value in zip(places, values, strict=True)
    ]
    runs: list[list[Dot]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return Curve(
        tuple("M" + " L".join(f"{dot.x:g} {dot.y:g}" for dot in run) for run in runs if len(run) > 1),
        tuple(dot for dot in dots if dot),
        _months(found.months, places),
        tuple(Tick(_height(value, FULL), str(value)) for value in (0, 50, FULL)),
        ", ".join(
            f"{named(month)} {'nothing decided' if value is None else value}"
            for month, value in zip(found.months, values, strict=True)
        ),
    )


def volume_columns(flows: Sequence[Volume]) -> Columns:
    """What came in beside what ended, month by month."""
    places = _places(len(flows))
    top = _round_up(max((max(each.received, each.ended) for each in flows), default=0))
    step = (WIDTH - LEFT - RIGHT) / max(len(flows), 1)
    width = round(step * 0.36, 1)

    def stand(count: int, x: float) -> Dot:
        y = _height(count, top)
        return Dot(round(x, 1), y, round(HEIGHT - BOTTOM - y, 1), count)

    return Columns(
        (
            ("received", tuple(stand(each.received, x - width) for x, each in zip(places, flows, strict=True))),
            ("ended", tuple(stand(each.ended, x) for x, each in zip(places, flows, strict=True))),
        ),
        width,
        _months([each.month for each in flows], places),
        tuple(Tick(_height(value, top), str(value)) for value in (0, top // 2, top)),
        "; ".join(f"{named(each.month)} {each.received} received, {each.ended} ended" for each in flows),
    )


def _places(count: int) -> list[float]:
    """Where months stand, each in the middle of its own share."""
    step = (WIDTH - LEFT - RIGHT) / max(count, 1)
    return [round(LEFT + step * (n + 0.5), 1) for n in range(count)]


def _height(value: int, top: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, 1)


def _round_up(most: int) -> int:
    """A top of the scale that halves evenly."""
    size = 2
    while size < most:
        size = size * 5 // 2 if str(size)[0] == "2" else size * 2
    return size


def _months(months: Sequence[str], places: Sequence[float]) -> tuple[Tick, ...]:
    """Every month by its first letters; the year where it begins."""
    return tuple(
        Tick(x, named(month)[:3], month[:4] if n == 0 or month.endswith("-01") else "")
        for n, (month, x) in enumerate(zip(months, places, strict=True))
    )


def named(month: str) -> str:
    """`2026-11` as people say it."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"
