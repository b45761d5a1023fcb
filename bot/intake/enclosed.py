"""The forms of a mail that came as a file: those in its own text, and the files that it carries.

Its one rule: a mail inside a mail is a file like any other. Nothing of it is the sender's own word:
no command, no comment, no address to answer to.
"""

from dataclasses import replace

from bot.intake.archive import MOST_FILES, inside
from bot.intake.form import FieldTable, RawForm
from bot.mail.message import Attachment


def mail_in(content: bytes, name: str, table: FieldTable) -> tuple[tuple[RawForm, ...], tuple[Attachment, ...]]:
    """The forms in an attached mail's text, and its files, each called `request.eml: form.docx`. Raises
    ValueError for a mail with more files than anybody sends."""
    # Few mails hold a mail, and every child would pay for what reads one.
    from bot.intake.body import body_forms  # noqa: PLC0415
    from bot.mail.parse import parse  # noqa: PLC0415

    message = parse(content)
    if len(message.attachments) > MOST_FILES:
        raise ValueError(f"it holds {len(message.attachments)} files")
    forms = tuple(replace(form, source=name) for form in body_forms(message, table, correction=False))
    files = tuple(inside(name, file.name, file.content_type, file.content) for file in message.attachments)
    return forms, files
