"""The forms of a mail that came as a file: those in its own text, and the files that it carries.

Its one rule: a mail inside a mail is a file like any other. Nothing of it is the sender's own word:
no command, no comment, no address to answer to.
"""

from dataclasses import replace

from bot.intake.file import signed, tnef
from bot.intake.file.archive import MOST_FILES, inside
from bot.intake.form import FieldTable, RawForm
from bot.mail.message import Attachment, Message

Held = tuple[tuple[RawForm, ...], tuple[Attachment, ...]]
"""Forms in the text, and files, each called `request.eml: form.docx`."""


def mail_in(content: bytes, name: str, table: FieldTable) -> Held:
    """What an attached mail holds. Raises ValueError for one with more files than anybody sends."""
    from bot.mail.parse import parse  # noqa: PLC0415 - few mails hold a mail, and every child would pay for it

    message = parse(content)
    return _forms(message, name, table), _files(message.attachments, name)


def signed_mail_in(content: bytes, name: str, table: FieldTable) -> Held:
    """What a mail that was signed as a whole holds; nothing where only a signature came. The same
    errors, and ValueError for a signature that is damaged."""
    inner = signed.content_in(content)
    return ((), ()) if inner is None else mail_in(inner, name, table)


def outlook_mail_in(content: bytes, name: str, table: FieldTable) -> Held:
    """What Outlook packed into a winmail.dat; its text only where there is no file. The same errors,
    and ValueError for one that is damaged."""
    from bot.mail.quotation import own_text  # noqa: PLC0415 - as above

    packed = tnef.unpack(content)
    files = _files(tuple(Attachment(called, "", held) for called, held in packed.files), name)
    message = Message(text=packed.text, own_text=own_text(packed.text), html=packed.html)
    return (() if files else _forms(message, name, table)), files


def _forms(message: Message, name: str, table: FieldTable) -> tuple[RawForm, ...]:
    from bot.intake.text.body import body_forms  # noqa: PLC0415 - as above

    return tuple(replace(form, source=name) for form in body_forms(message, table, correction=False))


def _files(files: tuple[Attachment, ...], name: str) -> tuple[Attachment, ...]:
    if len(files) > MOST_FILES:
        raise ValueError(f"it holds {len(files)} files")
    return tuple(inside(name, file.name, file.content_type, file.content) for file in files)
