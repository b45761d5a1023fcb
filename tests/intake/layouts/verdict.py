"""What became of a laid out form: field by field right, reported, or silently wrong.

Its one rule: it forgives nothing that a clerk would call wrong; only white space at the ends of
lines, blank lines, and in wrapped mail the place of a line's end do not count.
"""

from itertools import zip_longest

from bot.intake.form import Need, Shape, Submission, Value
from bot.intake.request import Request, Submissions
from tests.intake.forms import ROWS
from tests.intake.layouts.laid import Laid
from tests.intake.layouts.wishes import CR

KEYS = (*(key for key, row in ROWS.items() if row.need is not Need.IGNORED), "areas_other")


def silent(laid: Laid, request: Request) -> list[str]:
    """Everything that was read wrongly, invented or lost without a word, one line each."""
    if not isinstance(request, Submissions):
        return [f"no form was seen: {request}"]
    submissions = [form.submission for form in request.forms]
    if len(submissions) != len(laid.crs) and not any(map(_refused, submissions)):
        return [f"{len(laid.crs)} forms were sent, {len(submissions)} were read"]
    found = []
    for cr, submission in zip_longest(laid.crs, submissions):
        if cr is None or submission is None or _refused(submission):
            continue
        found += [
            f"{key}: meant {cr.get(key)!r}, read {submission.fields.get(key)!r}"
            for key in KEYS
            if not (_equal(key, cr, submission, wrapped=laid.wrapped) or _reported(key, cr, submission))
        ]
    return found


def exact(laid: Laid, request: Request) -> bool:
    """True when every field is right and nothing was asked that the form answers."""
    if not isinstance(request, Submissions) or len(request.forms) != len(laid.crs):
        return False
    pairs = [(cr, form.submission) for cr, form in zip(laid.crs, request.forms, strict=True)]
    return all(_read_exactly(cr, submission, wrapped=laid.wrapped) for cr, submission in pairs)


def _read_exactly(cr: CR, submission: Submission, *, wrapped: bool) -> bool:
    asked = {problem.field for problem in submission.problems}
    return not asked & {*cr, ""} and all(_equal(key, cr, submission, wrapped=wrapped) for key in KEYS)


def _refused(submission: Submission) -> bool:
    """True for a file that its sender is asked to send in another way."""
    return any(not problem.field for problem in submission.problems)


def _equal(key: str, cr: CR, submission: Submission, *, wrapped: bool) -> bool:
    meant, read = cr.get(key), submission.fields.get(key)
    if key not in ROWS or ROWS[key].shape is not Shape.TEXT:
        return (meant or None) == (read or None)  # a flag that is not ticked and one that says No
    return _lines(meant, read, wrapped=wrapped)


def _lines(meant: Value | None, read: Value | None, *, wrapped: bool) -> bool:
    one, two = ([line.strip() for line in str(text or "").split("\n")] for text in (meant, read))
    if not wrapped:
        return [line for line in one if line] == [line for line in two if line]
    return " ".join(one).split() == " ".join(two).split() and _parted(str(meant or ""), two)


def _parted(meant: str, read: list[str]) -> bool:
    """True when every paragraph of a text still begins a line."""
    starts = {" ".join(paragraph.split())[:20] for paragraph in meant.split("\n\n") if paragraph}
    begins = {" ".join(line.split())[:20] for line in read if line}
    return all(any(start.startswith(begin) or begin.startswith(start) for begin in begins) for start in starts)


def _reported(key: str, cr: CR, submission: Submission) -> bool:
    """True when the sender is told about the field. That a required field is missing is no report
    of one that was read: a value where none was meant is wrong whatever else is said."""
    key = key if key in ROWS else "areas_impacted"
    if any(problem.field == key for problem in submission.problems):
        return True
    name = ROWS[key].name
    return any(name in note for note in submission.notes)
