"""What goes between the parent and a child that opens attachments, as frames of JSON and raw bytes.

Its one rule: whatever comes back is checked while it is read; a child may have been taken over by
the file that it opened, so nothing that it says can be more than texts.
"""

import json
from collections.abc import Iterator
from struct import Struct
from typing import Any, BinaryIO

from bot.intake.attachment import Died, Forms, NoForm, Opened, Unreadable
from bot.intake.form import Entry, Field, FieldTable, Need, RawForm, Shape

LENGTHS = Struct("<II")
"""In front of each frame: the length of its JSON, and of the raw bytes behind it."""


def frame(head: dict[str, Any], raw: bytes = b"") -> bytes:
    """One frame: lengths, JSON, raw bytes."""
    text = json.dumps(head).encode()
    return b"".join((LENGTHS.pack(len(text), len(raw)), text, raw))


def bodies(incoming: bytearray, longest: int) -> Iterator[bytes]:
    """The JSON of every whole frame that has come in, taken off the buffer."""
    while len(incoming) >= LENGTHS.size:
        length, raw = LENGTHS.unpack_from(incoming)
        if length + raw > longest:
            raise ValueError("too long an answer")
        end = LENGTHS.size + length
        if len(incoming) < end + raw:
            return
        yield bytes(incoming[LENGTHS.size : end])
        del incoming[: end + raw]


def encoded(opened: Opened) -> dict[str, Any]:
    """An answer as JSON values."""
    match opened:
        case Forms(forms, shape):
            said = [
                [
                    form.source,
                    [(entry.label, entry.value, entry.place, entry.tag, entry.unreadable) for entry in form.entries],
                    form.notes,
                ]
                for form in forms
            ]
            return {"forms": said, "format": shape}
        case Unreadable(message):
            return {"unreadable": message}
        case NoForm():
            return {"none": True}


def decoded(body: bytes) -> Opened | Died:
    """The answer in a frame; ValueError, LookupError or TypeError for what no reader says."""
    said = json.loads(body)
    if "forms" in said:
        return Forms(tuple(map(_raw_form, said["forms"])), str(said["format"]))
    if "unreadable" in said:
        return Unreadable(str(said["unreadable"]))
    if "died" in said:
        return Died(str(said["died"]))
    if "none" in said:
        return NoForm()
    raise ValueError("no answer")


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
