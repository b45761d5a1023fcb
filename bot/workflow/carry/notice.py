"""Notices: what goes to all CLECs has a number of its own.

Its one rule: the number says what the notice is about, when it went out, and which one it is
(domain.md section 1.6).
"""

from datetime import date


def notice_number(category: str, day: date, serial: str, subject: str) -> str:
    """The number of a notice of a local date; `serial` is the running number of all notices.

    >>> notice_number("CMPR", date(2002, 3, 22), "1240", "CR_Responses")
    'CMPR.03.22.02.F.01240.CR_Responses'
    """
    return f"{category}.{day:%m.%d.%y}.F.{int(serial):05}.{subject}"
