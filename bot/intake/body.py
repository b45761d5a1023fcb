"""The forms in a mail's own text, as lines or as HTML. Its one rule: only what the sender wrote is the
sender's; a quotation is never read as a form.
"""

from collections.abc import Iterable

from bot.intake.form import FieldTable, Need, RawForm
from bot.intake.lines import Vocabulary
from bot.intake.plain import read_html, read_text
from bot.mail.message import Message


def body_forms(message: Message, table: FieldTable, *, correction: bool) -> tuple[RawForm, ...]:
    """The forms in the sender's own text, as lines or as an HTML table, whichever holds more.

    Three known labels make a form, one of them about the change; in the answer to an incomplete
    one (`correction`) a single labelled line is enough.
    """
    words = Vocabulary(table)
    plain = _kept(read_text(_own_lines(message), table), words, correction=correction)
    if "<table" not in message.html and "<TABLE" not in message.html:
        return plain
    own = _squeezed(message.own_text)
    tables = _kept(
        tuple(_own_entries(raw, own) for raw in read_html(message.html, table)), words, correction=correction
    )
    return tables if tables and _riches(tables, words) >= _riches(plain, words) else plain


def _kept(raws: Iterable[RawForm], words: Vocabulary, *, correction: bool) -> tuple[RawForm, ...]:
    return tuple(raw for raw in raws if words.is_form(raw.entries) or (correction and _riches((raw,), words) > 0))


def _riches(raws: tuple[RawForm, ...], words: Vocabulary) -> int:
    """How many known labels with a value some forms hold."""
    fields = (words.field(entry.label) for raw in raws for entry in raw.entries if entry.value)
    return sum(1 for known in fields if known and known.need is not Need.IGNORED)


def _own_lines(message: Message) -> str:
    """The sender's own lines where they stand in the mail's text, every other line left blank: places
    count the lines that the sender sees, and an answer ends where a quotation stood."""
    own = [line.strip() for line in message.own_text.split("\n")]
    kept: list[str] = []
    at = 0
    for line in message.text.split("\n"):
        if at == len(own):
            break
        mine = line.strip() == own[at]
        kept.append(line if mine else "")
        at += mine
    return "\n".join(kept) if at == len(own) else message.own_text


def _own_entries(raw: RawForm, own: str) -> RawForm:
    """A form of an HTML table without what the sender's own text does not hold as well: an HTML
    body carries the quoted mail too, and not every mail program marks it."""
    entries = tuple(entry for entry in raw.entries if _squeezed(entry.value)[:200] in own)
    return RawForm(raw.source, entries, raw.notes)


def _squeezed(text: str) -> str:
    return "".join(text.split())
