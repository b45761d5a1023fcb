"""Forms in the body of a mail: `Label: value`, one below the other in any order, or an HTML table.

Its one rule: a value ends where a sender's eye sees it end, at the next known label, at the
blank line after a one-line answer, or at the mail's closing; what stands elsewhere is no value, and
between two labels it is said in a note.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.intake.form import Entry, FieldTable, Need, RawForm, Shape
from bot.intake.lines import HEADING, HELP, REMARK, Vocabulary
from bot.intake.number import numbers_in
from bot.intake.table.grid import read_rows
from bot.intake.table.repeated import in_forms
from bot.intake.text.below import telling_below
from bot.intake.text.closing import REACH_OF_SIGN, disclaims, ends, polite, signs
from bot.intake.text.html import BEYOND, bounded, tables
from bot.intake.text.labelled import ITEM, Labelled, split_line
from bot.intake.text.margins import (
    LONGEST_BLOCK,
    above_signature,
    goes_on,
    is_contact_block,
    is_spaced,
    may_be_broken,
    width_of,
)
from bot.intake.text.pasted import pasted_tables
from bot.intake.text.walk import RULE, Open, Walk
from bot.intake.value.choices import is_choice
from bot.intake.value.originator import reaches
from bot.intake.value.reading import filler, quote
from bot.mail.text import html_to_text

SOURCE = "the mail's text"
LONGEST = 200_000
"""Characters read of one text; the longest real form is a fiftieth of it."""
REST = "The file goes on beyond what is read of one; its rest was left out."

STRANGE_LABEL = re.compile(
    r"(?:[-*\u2022]\s+)?(?P<label>[A-Z](?:[\w/#&()'-]|\.(?!\s)| (?! )){1,40}):(?:\s+(?P<value>.*))?"
)
VERDICT = re.compile(r"(?:yes|no|[ynx]|[\[(]\s?[xX]?\s?[\])]|_*)\W*", re.IGNORECASE)
DASH = re.compile("[-\u2010-\u2015] [^\\W\\d_]")
MOST_BREAKS = 3
"""Line breaks in a row that a text keeps."""
MOST_NOTES = 8
FEW_WORDS = 3
ONE_LINE = frozenset({Shape.LINE, Shape.NAME, Shape.EMAIL, Shape.PHONE, Shape.DATE})
LISTED = frozenset({Shape.CHOICES, Shape.LIST, Shape.AREA, Shape.FLAG})


def read_text(
    text: str,
    table: FieldTable,
    source: str = SOURCE,
    *,
    cut: bool = False,
    quoted: Mapping[int, str] = MappingProxyType({}),
) -> tuple[RawForm, ...]:
    """Every labelled value of a text, as one form or as several: a further title of a change
    begins another form. Whether they amount to a form is the caller's question. Raises nothing.

    Lines of a file stand as they were written; those of a mail may have been broken on the way. `cut`
    says that the text is the beginning of a longer one; the answer at its end cannot be read then. `quoted` are
    lines that were left blank in it, by their number from 0.
    """
    words = Vocabulary(table)
    cut = cut or len(text) > LONGEST
    lines = text[:LONGEST].replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    lists, lines = pasted_tables(lines, words) if "\t" in text else ([], lines)
    splits = above_signature([split_line(line.strip(), words) for line in lines], lines, words)
    last = max((at for at, split in enumerate(splits) if split), default=-1)
    walk = Walk(words, lines, last, width_of(lines), is_spaced(lines[: last + 1]), source != SOURCE, quoted=quoted)
    for at, (line, split) in enumerate(zip(lines, splits, strict=True)):
        if at > walk.last_label and walk.open is None:
            break
        _step(walk, at, line, split)
    walk.close(BEYOND if cut else "")
    if cut and walk.verbatim:
        walk.notes.insert(0, REST)
    entries = walk.entries if len(lists) != 1 else [*walk.entries, *lists[0]]
    if len(lists) > 1:
        return tuple(RawForm(source, (*entries, *form), tuple(walk.notes)) for form in lists)
    return in_forms(entries, words, source, _few(walk.notes))


def read_html(html: str, table: FieldTable, source: str = SOURCE) -> tuple[RawForm, ...]:
    """Every labelled value of a page, in its tables or, where these make no form, in its visible lines."""
    words = Vocabulary(table)
    found, page = read_tables(html, table, source), bounded(html)
    cut = len(page) < len(html)
    if not any(words.is_form(form.entries) for form in found):
        return read_text(html_to_text(page), table, source, cut=cut)
    return tuple(replace(form, notes=(REST, *form.notes)) for form in found) if cut else found


def read_tables(html: str, table: FieldTable, source: str = SOURCE) -> tuple[RawForm, ...]:
    """Every labelled value in the tables of an HTML body, as one form or several. Whether they
    amount to a form is the caller's question. Raises nothing."""
    words = Vocabulary(table)
    together: list[Entry] = []
    lists: list[list[Entry]] = []
    for rows in tables(html):
        forms = read_rows(rows, words)
        together += forms[0] if len(forms) == 1 else []
        lists += forms if len(forms) > 1 else []
    return (*in_forms(together, words, source), *(RawForm(source, tuple(entries)) for entries in lists))


def _few(notes: list[str]) -> tuple[str, ...]:
    """Notes that a person will read."""
    more = len(notes) - MOST_NOTES
    return (*notes[:MOST_NOTES], *([f"{more} more lines were left out."] if more > 0 else ()))


def _step(walk: Walk, at: int, line: str, split: list[Labelled]) -> None:
    """Take one line: a label, more of the open value, an end, or nothing to us."""
    bare = line.strip()
    if not bare:
        walk.gap += 1
        walk.doubted += [at] if at in walk.quoted else []
        return
    now = walk.open
    if split and not _prose(walk, at, split):
        _say_what_is_not_read(walk, at, split)
        for label, value in split:
            walk.close()
            walk.open = Open(label, walk.words.field(label), f"line {at + 1}", value, len(line), alone=not value)
    elif bare.startswith((REMARK, HELP)) or not walk.words.answer(bare):
        pass
    elif strange := _strange(walk, at, bare):
        walk.close()
        walk.open = Open(strange["label"], None, f"line {at + 1}", strange["value"] or "", len(line), alone=False)
    elif now is None or _ended(walk, now, at, line, bare):
        walk.close()
        walk.stray(at, bare)
    else:
        _continue(walk, now, line, bare)
    walk.gap = 0


def _say_what_is_not_read(walk: Walk, at: int, split: list[Labelled]) -> None:
    """`Director: Billing` right below a label without an answer may be the answer; it is not taken for one."""
    now, (label, value) = walk.open, split[0]
    known = walk.words.field(label)
    if now is None or now.field is None or now.value or not (now.alone and value and known):
        return
    if known.need is Need.IGNORED and now.field.need is not Need.IGNORED:
        said = f"{quote(f'{label}: {value}')} (line {at + 1}) was not read as the {now.field.name}"
        walk.notes.append(f"{said}; it is for the carrier to fill in.")


def _prose(walk: Walk, at: int, split: list[Labelled]) -> bool:
    """True for `Status: ...` and the like in a description, where it is the sender's prose: directly
    below a line of it, and below a blank line where more than a few words follow. A word such as `reason`
    alone on a line is the end of a broken one."""
    now = walk.open
    if now is None or now.field is None or not now.value:
        return False
    (label, value), *_ = split
    if not walk.gap and not value and label[0].islower() and not now.label.strip("*_ ")[:1].islower():
        return not walk.lines[at].rstrip().endswith(":")
    if now.field.shape is not Shape.TEXT:
        return False
    known = walk.words.field(label)
    if known is None or known.need is not Need.IGNORED or filler(value) or numbers_in(value):
        return False
    if walk.gap and len(value.split()) <= FEW_WORDS:
        return False
    walk.note_part(at, now)
    return True


def _strange(walk: Walk, at: int, bare: str) -> re.Match[str] | None:
    """A line like `Fax: 701-555-0119` whose label we do not know, where it is no part of the open value."""
    now = walk.open
    found = STRANGE_LABEL.fullmatch(bare)
    if found is None or (not walk.entries and now is None) or (at > walk.last_label and (walk.gap or now is None)):
        return None
    label, value = found["label"], found["value"] or ""
    shape = now.field.shape if now and now.field else None
    if shape is Shape.TEXT and now and now.value:
        if value and at < walk.last_label and walk.words.labels.near(label):
            walk.note_part(at, now)
        return None
    if now and now.alone and not now.value and not walk.words.labels.near(label):
        return None
    if shape is Shape.SLOTS or (shape in LISTED and now and now.field and is_choice(label, now.field)):
        return None
    return None if shape in LISTED and VERDICT.fullmatch(value) else found


def _ended(walk: Walk, now: Open, at: int, line: str, bare: str) -> bool:
    """True when a line without a label no longer belongs to the open value."""
    if RULE.fullmatch(bare) or signs(bare, walk.name):
        _say_what_follows(walk, at, now)
        return True
    if bare[0] == ">" or ends(bare) or HEADING.fullmatch(bare) or now.field is None:
        return True
    shape = now.field.shape
    after = at > walk.last_label
    if shape is Shape.TEXT or not now.value:
        if not walk.gap:
            return False
        if shape in ONE_LINE and after and not (walk.below and walk.gap == 1):
            return True
        return after and _over(walk, now, at, bare)
    if shape in ONE_LINE:
        return bool(walk.apart) or not _goes_on(walk, now, at, line, bare)
    return bool(walk.apart) and not (ITEM.match(line) or is_choice(bare, now.field))


def _over(walk: Walk, now: Open, at: int, bare: str) -> bool:
    """True for a paragraph below the last label that no longer belongs to the text above it."""
    if disclaims([bare, *walk.lines[at + 1 : at + REACH_OF_SIGN]]):
        _say_what_follows(walk, at, now)
        return True
    if not polite(bare):
        return bool(now.value) and _signature(walk, at, bare)
    if now.field is None or now.field.shape is not Shape.TEXT or not now.value:
        return True
    if telling_below(walk.lines, at, walk.name) is None:
        walk.left_out(at, now)
        return True
    walk.note_part(at, now)
    return False


def _say_what_follows(walk: Walk, at: int, now: Open) -> None:
    """Tell of a paragraph below what ends the last text of a form: it may have been meant for more of it."""
    if at < walk.last_label or now.field is None or now.field.shape is not Shape.TEXT or not now.value:
        return
    if (further := telling_below(walk.lines, at, walk.name)) is not None:
        walk.left_out(further, now)


def _goes_on(walk: Walk, now: Open, at: int, line: str, bare: str) -> bool:
    """True where a line is more of the one-line answer above it."""
    if line[0] in " \t" or may_be_broken(now.width, bare, walk.width):
        return True
    if now.field and now.field.shape is Shape.NAME:
        return now.alone or (at < walk.last_label and reaches(bare))
    return now.field is not None and now.field.shape is Shape.LINE and bare[0].islower()


def _signature(walk: Walk, at: int, bare: str) -> bool:
    """True for a signature without its dashes; it is said, for it may be none."""
    if not is_contact_block(walk.lines[at : at + LONGEST_BLOCK]):
        return False
    walk.notes.append(f"{quote(bare)} (line {at + 1}) and what follows it was taken for a signature.")
    return True


def _continue(walk: Walk, now: Open, line: str, bare: str) -> None:
    """Add a line to the open value. A line that a mail program broke is joined with a blank; the blank
    lines between paragraphs stay."""
    shape = now.field.shape if now.field else Shape.LINE
    if walk.doubted and shape is Shape.TEXT and now.value:
        walk.note_quoted(now)
    broken = may_be_broken(now.width, bare, walk.width) and not ITEM.match(line)
    if not now.value:
        joint = ""
        walk.below = walk.below or (now.alone and walk.gap == 1 and walk.last_label > 0)
    elif shape is Shape.TEXT and walk.gap:
        joint = "\n" * min(walk.gap + 1, MOST_BREAKS)
    elif shape is Shape.TEXT:
        joint = " " if (broken and not walk.verbatim) or (line[0] in " \t" and not ITEM.match(line)) else "\n"
    elif _torn_at_dash(walk, now, line):
        joint = " "
    elif walk.gap or ITEM.match(line) or shape is Shape.NAME:
        joint = "\n"
    elif shape in ONE_LINE:
        joint = " "
    else:
        inside = now.value.count("(") > now.value.count(")")
        joint = " " if inside or (broken and (not now.alone or goes_on(bare))) else "\n"
    now.value += joint + bare
    now.width = len(line)


def _torn_at_dash(walk: Walk, now: Open, line: str) -> bool:
    """True for a line that begins with a dash because the one above it was full: no item stands above."""
    if walk.gap or walk.verbatim or now.alone or not DASH.match(line) or ITEM.match(now.value.split("\n")[-1]):
        return False
    return may_be_broken(now.width, line, walk.width)
