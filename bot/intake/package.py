"""Zip packages that we write: the same parts give the same bytes. Its one rule: no clock and no
machine leaves a mark in them."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

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
