"""The name of a file that came or goes by mail. Its one rule: a name is for people to read; it is
never a path, and nothing is stored under it (reliability.md, T35)."""

import re

from bot.mail.charset import one_line

LONGEST = 120
LONGEST_EXTENSION = 10
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # turn `fdp.exe` into `exe.pdf`
EXTENSIONS = {
    "message/rfc822": "eml",
    "message/delivery-status": "txt",
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/msword": "doc",
    "application/ms-tnef": "dat",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
}


def file_name(written: str, content_type: str) -> str:
    """A name to show: no folders, no controls, at most 120 characters with the ending kept; made
    from the content type where there is none, so that it is the same every time."""
    name = one_line(TURNING.sub("", written.replace("\\", "/").rpartition("/")[2])).strip(" .")
    if not name:
        return f"attachment.{EXTENSIONS.get(content_type, 'bin')}"
    stem, dot, extension = name.rpartition(".")
    if len(name) <= LONGEST or not dot or len(extension) > LONGEST_EXTENSION:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(extension) - 1]}.{extension}"
