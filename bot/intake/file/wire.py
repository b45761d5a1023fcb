"""What goes between the parent and a child that opens attachments, as frames of JSON and raw bytes.

Its one rule: whatever comes back is checked while it is read; a child may have been taken over by
the file that it opened, so nothing that it says can be more than texts.
"""

import json
from collections.abc import Iterator
from struct import Struct
from typing import Any, BinaryIO

from bot.intake.file.kind import FileKind
from bot.intake.file.opened import CONVERSIONS, Contents, Convertible, Died, Forms, NoForm, Opened, Unreadable
from bot.intake.form import Entry, Field, FieldTable, Need, RawForm, Shape
from bot.mail.message import Attachment

LENGTHS = Struct("<II")
"""In front of each frame: the length of its JSON, and of the raw bytes behind it."""


def frame(head: dict[str, Any], raw: bytes = b"") -> bytes:
    """One frame: lengths, JSON, raw bytes."""
    text = json.dumps(head).encode()
    return b"".join((LENGTHS.pack(len(text), len(raw)), text, raw))


def answers(incoming: bytearray, longest: int, largest: int) -> Iterator[tuple[bytes, bytes]]:
    """The JSON and the raw bytes of every whole frame that has come in, taken off the buffer. Raises
    ValueError for one whose JSON or raw bytes are longer than they may be."""
    while len(incoming) >= LENGTHS.size:
        length, raw = LENGTHS.unpack_from(incoming)
        if length > longest or raw > largest:
            raise ValueError("too long an answer")
        end = LENGTHS.size + length
        if len(incoming) < end + raw:
            return
        yield bytes(incoming[LENGTHS.size : end]), bytes(incoming[end : end + raw])
        del incoming[: end + raw]


def encoded(opened: Opened | Convertible) -> tuple[dict[str, Any], bytes]:
    """An answer as JSON values and raw bytes."""
    match opened:
        case Forms(forms, shape):
            return {"forms": list(map(_said, forms)), "format": shape}, b""
        case Contents(files, forms, wrapper):
            listed = [[file.name, file.content_type, len(file.content)] for file in files]
            said = {"files": listed, "within": list(map(_said, forms)), "wrapper": wrapper}
            return said, b"".join(file.content for file in files)
        case Convertible(kind, locked, macros):
            return {"convert": kind.name, "locked": locked, "macros": macros}, b""
        case Unreadable(message):
            return {"unreadable": message}, b""
        case NoForm(text):
            return {"none": text}, b""


def decoded(body: bytes, raw: bytes) -> Opened | Convertible | Died:
    """The answer in a frame; ValueError, LookupError or TypeError for what no reader says."""
    said = json.loads(body)
    match said:
        case {"forms": forms, "format": shape}:
            return Forms(tuple(map(_raw_form, forms)), str(shape))
        case {"files": files, "within": forms, "wrapper": wrapper}:
            return Contents(_files(files, raw), tuple(map(_raw_form, forms)), bool(wrapper))
        case {"convert": kind, "locked": locked, "macros": macros}:
            return Convertible(_old(kind), bool(locked), bool(macros))
        case {"unreadable": message}:
            return Unreadable(str(message))
        case {"died": reason}:
            return Died(str(reason))
        case {"none": text}:
            return NoForm(str(text))
        case _:
            raise ValueError("no answer")


def _old(name: str) -> FileKind:
    """A kind that is converted; its row says what the file is called on disk, so no other will do."""
    if (kind := FileKind[name]) not in CONVERSIONS:
        raise ValueError("no answer")
    return kind


def _files(listed: list[Any], raw: bytes) -> tuple[Attachment, ...]:
    """The files whose names and lengths stand in the JSON, cut out of the raw bytes."""
    files: list[Attachment] = []
    at = 0
    for name, claimed, length in listed:
        files.append(Attachment(str(name), str(claimed), raw[at : at + int(length)]))
        at += int(length)
    if at != len(raw):
        raise ValueError("no answer")
    return tuple(files)


def _said(form: RawForm) -> list[Any]:
    return [
        form.source,
        [(entry.label, entry.value, entry.place, entry.tag, entry.unreadable) for entry in form.entries],
        form.notes,
    ]


def _raw_form(said: list[Any]) -> RawForm:
    source, entries, notes = said
    found = tuple(Entry(*map(str, entry)) for entry in entries)
    return RawForm(str(source), found, tuple(map(str, notes)))


def table_of(said: dict[str, Any]) -> FieldTable:
    """The field table from the JSON of its dataclass."""
    rows: list[dict[str, Any]] = [
        {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
        for row in said["fields"]
    ]
    fields = (Field(shape=Shape(row.pop("shape")), need=Need(row.pop("need")), **row) for row in rows)
    return FieldTable(said["title"], tuple(fields))


def received(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame of a stream as JSON and raw bytes; None at its end."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    length, raw = LENGTHS.unpack(lengths)
    return json.loads(stream.read(length)), stream.read(raw)
