"""The forms in a mail's own text, as lines or as HTML. Its one rule: only what the sender wrote is the
sender's. A quotation is never read as a form; a mail that was forwarded as it came is, and it is said.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.intake.form import Entry, FieldTable, Need, RawForm, Shape
from bot.intake.lines import HELP, Vocabulary
from bot.intake.number import numbers_in
from bot.intake.screen import REPLY, bare_subject
from bot.intake.text.labelled import split_line
from bot.intake.text.plain import read_tables, read_text
from bot.intake.value.reading import quote
from bot.intake.value.values import EMAIL
from bot.mail.message import Message
from bot.mail.quotation import forwarded, memo, own_text

FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|vb|doorst)\s*:", re.IGNORECASE)
PASSED_ON = "The form stood in a mail of {author} that was forwarded."
MEMO = "The form stood below the heading of a memo from {author}."
ATTACHED = re.compile(
    r"\W*(?:please\s+)?(?:(?:see|refer\s+to|cf\.?|as\s+(?:in|per)|in|is\s+in)\s+)?(?:the\s+|our\s+|my\s+)?(?:attached|attachment|enclosed|form)\b.{0,60}",
    re.IGNORECASE,
)
"""`Please see the attached form` in place of an answer."""
TELLING = 8
"""Letters that two different answers hardly share."""
FARTHEST = 10
"""Lines of help that may stand between a quoted label and the answer below it."""
DASHES = re.compile(r"^--[ \t]*$", re.MULTILINE)
HERE, THERE = "the mail's text, ", "the forwarded mail, "


def body_forms(message: Message, table: FieldTable, *, correction: bool) -> tuple[RawForm, ...]:
    """The forms in the sender's own text; else those in a mail that the sender forwarded.

    Three known labels make a form, one of them about the change; in the answer to an incomplete
    one (`correction`) a single labelled line is enough.
    """
    words = Vocabulary(table)
    found = _own_forms(message, table, words, correction=correction)
    found = found or (() if correction else _below_memo(message, table, words))
    if found or correction or not FORWARD.match(message.subject) or numbers_in(message.subject):
        return found
    author, text = forwarded(message.text)
    if not text:
        return ()
    passed_on = replace(message, text=text, own_text=text)
    return tuple(_from_author(form, author, words) for form in _own_forms(passed_on, table, words, correction=False))


def _below_memo(message: Message, table: FieldTable, words: Vocabulary) -> tuple[RawForm, ...]:
    """The forms below `TO: / FROM: / DATE: / RE:` on top of a mail that answers none and passes none on: its sender
    typed that, unless it has the address of somebody else."""
    if message.in_reply_to or message.references or REPLY.match(bare_subject(message)):
        return ()
    author, below = memo(message.text)
    address = EMAIL.search(author)
    if not below or (address and message.sender and address.group().casefold() != message.sender.email.casefold()):
        return ()
    typed = replace(message, text=below, own_text=own_text(below))
    found = _own_forms(typed, table, words, correction=False)
    return tuple(replace(form, notes=(*form.notes, MEMO.format(author=author))) for form in found)


def beside(form: RawForm, message: Message, table: FieldTable) -> RawForm:
    """A form of a file with what the mail's text says of the same fields, so that one judge sees both;
    the file's form as it is where the text is no form."""
    words = Vocabulary(table)
    spoken = _own_forms(message, table, words, correction=False)
    if len(spoken) != 1:
        return form
    entries = (replace(entry, place=HERE + entry.place) for entry in spoken[0].entries)
    said = tuple(entry for entry in entries if entry.value and not ATTACHED.fullmatch(entry.value))
    return replace(form, entries=(*form.entries, *said), notes=(*form.notes, *spoken[0].notes))


def _own_forms(message: Message, table: FieldTable, words: Vocabulary, *, correction: bool) -> tuple[RawForm, ...]:
    """The forms in a text: its tables, where it has some, with the lines around them; else its lines."""
    own_lines, quoted = _own_lines(message, words)
    plain = _kept(read_text(own_lines, table, quoted=quoted), words, correction=correction)
    if "<table" not in message.html and "<TABLE" not in message.html:
        return plain
    own = _squeezed(_unsigned(message))
    tables = _kept((_own_entries(raw, own) for raw in read_tables(message.html, table)), words, correction=correction)
    if len(tables) == len(plain) == 1:
        return (_with_lines(tables[0], plain[0], words),)
    return tables or plain


def _kept(raws: Iterable[RawForm], words: Vocabulary, *, correction: bool) -> tuple[RawForm, ...]:
    return tuple(raw for raw in raws if words.is_form(raw.entries) or (correction and _holds_an_answer(raw, words)))


def _holds_an_answer(raw: RawForm, words: Vocabulary) -> bool:
    fields = (words.field(entry.label) for entry in raw.entries if entry.value)
    return any(known and known.need is not Need.IGNORED for known in fields)


def _with_lines(tables: RawForm, lines: RawForm, words: Vocabulary) -> RawForm:
    """A form in tables with the answers that stand in lines around them. Cells are certain, tabs are not:
    what a table has a label for is read there, and what stands within a cell is its text; so is the last line of
    a cell that is worded like a label, whatever the next cell says."""
    known = {words.labels.key(entry.label) or entry.label for entry in tables.entries}
    cells = [_squeezed(entry.value) for entry in tables.entries]
    ends = {_bare(last) for entry in tables.entries for front, _, last in [entry.value.rpartition("\n")] if front}
    said = [
        entry
        for entry in lines.entries
        if entry.value and (words.labels.key(entry.label) or entry.label) not in known and not _within(entry, cells)
    ]
    torn = [entry for entry in said if _bare(entry.label) in ends]
    notes = tuple(
        f"{quote(f'{entry.label}: {entry.value}')} ({entry.place}) was left out: a cell of the table ends so."
        for entry in torn
        if _squeezed(entry.value) not in cells
    )
    kept = (entry for entry in said if entry not in torn)
    return replace(tables, entries=(*tables.entries, *kept), notes=(*tables.notes, *notes))


def _within(entry: Entry, cells: list[str]) -> bool:
    """True for `Reason: code 17` when it stands within a longer text of a cell, and for an answer that a
    cell gives to another label."""
    first = entry.value.partition("\n")[0].partition("\t")[0]
    label, value = _bare(entry.label), _squeezed(first)
    if len(value) >= TELLING and any(value in cell for cell in cells):
        return True
    return any(f"{label}:{value}" in cell or f"{label}{value}" in cell for cell in cells)


def _bare(label: str) -> str:
    return _squeezed(label).rstrip(":")


def _from_author(form: RawForm, author: str, words: Vocabulary) -> RawForm:
    """A forwarded form. Where it gives no address, that of the mail in which it stood counts."""
    notes = (*form.notes, PASSED_ON.format(author=author))
    fields = [words.field(entry.label) for entry in form.entries if "@" in entry.value]
    address = EMAIL.search(author)
    label = next(row.label for row in words.fields if row.shape is Shape.EMAIL)
    given = any(known and known.shape in {Shape.EMAIL, Shape.NAME} for known in fields)
    stands_in = (Entry(label, address.group(), "the forwarded mail's From line"),) if address and not given else ()
    entries = (replace(entry, place=THERE + entry.place) for entry in form.entries)
    return replace(form, entries=(*entries, *stands_in), notes=notes)


def _own_lines(message: Message, words: Vocabulary) -> tuple[str, Mapping[int, str]]:
    """The sender's own lines where they stand in the mail's text, every other line left blank: places
    count the lines that the sender sees, and an answer ends where a quotation stood. A quoted label
    with nothing behind it and the sender's own line below it is the label of that line. Also the quoted lines, by
    their number from 0."""
    own = [line.strip() for line in message.own_text.split("\n")]
    lines = message.text.split("\n")
    kept: list[str] = []
    at = 0
    for line in lines:
        if at == len(own):
            break
        mine = line.strip() == own[at]
        kept.append(line if mine else "")
        at += mine
    if at < len(own):
        return message.own_text, {}
    quoted: dict[int, str] = {}
    if ">" in message.text:
        for number in range(len(kept)):
            if not kept[number] and lines[number].lstrip().startswith(">"):
                kept[number] = _asked(lines, kept, number, words)
                quoted |= {} if kept[number] else {number: lines[number].strip()}
    return "\n".join(kept), quoted


def _asked(lines: list[str], kept: list[str], number: int, words: Vocabulary) -> str:
    """The label on a quoted line when the sender answered right below it; else nothing."""
    label = lines[number].strip("> \t*\xa0")
    if not words.known(label):
        return ""
    for below in range(number + 1, min(number + 1 + FARTHEST, len(kept))):
        mine = kept[below].strip()
        if mine:
            return "" if split_line(mine, words) else f"{label.rstrip(':')}:"
        bare = lines[below].strip("> \t*\xa0")
        if bare and not bare.startswith(HELP.strip()):
            break
    return ""


def _own_entries(raw: RawForm, own: str) -> RawForm:
    """A form of an HTML table without what the sender's own text does not hold as well: an HTML
    body carries the quoted mail too, and not every mail program marks it."""
    entries = (entry for entry in raw.entries if _squeezed(DASHES.sub("", entry.value))[:200] in own)
    return replace(raw, entries=tuple(entry for entry in entries if _squeezed(entry.label) in own))


def _unsigned(message: Message) -> str:
    """The sender's own text, where two dashes are no end: in the cell of a table they stand for nothing."""
    return own_text(DASHES.sub("", message.text)) if DASHES.search(message.text) else message.own_text


def _squeezed(text: str) -> str:
    return "".join(text.split())
