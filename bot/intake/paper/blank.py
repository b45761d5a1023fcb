"""The blank form, made from the field table: .docx, .xlsx and .txt, empty or prefilled.

Its one rule: what it makes reads back as what was put in, by our own readers; hints and remarks
in it are never taken for answers. The same arguments give the same bytes.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from bot.intake.form import FieldTable, Problem, Value
from bot.intake.paper.excel import excel_blank
from bot.intake.paper.filled import Filled
from bot.intake.paper.text import text_blank
from bot.intake.paper.word import word_blank
from bot.office.office import Organisation

# What each is called in a mail.
CONTENT_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
}
# What each is called where it is kept and offered.
FILES: Mapping[str, str] = {shape: f"change-request.{shape}" for shape in CONTENT_TYPES}
WRITERS: Mapping[str, Callable[[FieldTable, Filled], bytes]] = {
    "docx": word_blank,
    "xlsx": excel_blank,
    "txt": text_blank,
}


def blank(
    table: FieldTable,
    format: str,
    fields: Mapping[str, Value] | None = None,
    problems: tuple[Problem, ...] = (),
    number: str = "",
    house: Organisation | None = None,
) -> bytes:
    """The form as a file in a format (docx, xlsx or txt).

    `fields` are answers to print in it, by key; each problem is printed beside its field;
    `number` goes into CR #; `house` is the carrier whose form it is and to whom it is sent.
    KeyError for a format that there is no form in.
    """
    return WRITERS[format](table, Filled(fields or {}, problems, number, house))


@lru_cache(maxsize=4)
def blanks(table: FieldTable, house: Organisation) -> Mapping[str, bytes]:
    """The empty form in every format, made once: letters and the posting offer the same files."""
    return {shape: blank(table, shape, house=house) for shape in WRITERS}
