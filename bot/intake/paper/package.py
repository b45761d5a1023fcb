"""Zip packages that we write. Its one rule: the same parts give the same bytes; no clock and no
machine leaves a mark in them, and what was not changed is not packed anew."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from struct import Struct
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.intake.prescan import DEFLATED, DIRECTORY_END, DIRECTORY_ENTRY, LOCAL_HEADER, Container

LEVEL = 6
HAS_DESCRIPTOR = 0x0008
OFFSET, OFFSET_AT = Struct("<I"), 42
"""Where a record of the directory says where its part lies."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first instant that a zip file can name."""


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts, in this order."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content)
    return stream.getvalue()


def replaced(container: Container, name: str, content: bytes) -> bytes:
    """The container with one part's content changed; every other part keeps its packed bytes."""
    parts = sorted(container.parts.values(), key=lambda part: part.offset)
    ends = [*(part.offset for part in parts[1:]), container.directory]
    body: list[bytes] = []
    records: dict[str, bytes] = {}
    at = 0
    for part, end in zip(parts, ends, strict=True):
        slice_, record = container.content[part.offset : end], part.record
        if part.name == name:
            slice_, record = _packed(record, content)
        records[part.name] = record[:OFFSET_AT] + OFFSET.pack(at) + record[OFFSET_AT + OFFSET.size :]
        body.append(slice_)
        at += len(slice_)
    directory = b"".join(records[part] for part in container.parts)
    count = len(container.parts)
    end_record = DIRECTORY_END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), at, 0)
    return b"".join([*body, directory, end_record])


def _packed(record: bytes, content: bytes) -> tuple[bytes, bytes]:
    """A part's local header with its new content, and its new record for the directory."""
    fields = list(DIRECTORY_ENTRY.unpack_from(record))
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    fields[3] &= ~HAS_DESCRIPTOR
    fields[4] = DEFLATED
    fields[7:10] = zlib.crc32(content), len(packed), len(content)
    name = record[DIRECTORY_ENTRY.size : DIRECTORY_ENTRY.size + fields[10]]
    header = LOCAL_HEADER.pack(b"PK\x03\x04", *fields[2:10], len(name), 0)
    return header + name + packed, DIRECTORY_ENTRY.pack(*fields) + record[DIRECTORY_ENTRY.size :]
