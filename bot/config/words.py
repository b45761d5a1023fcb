"""The small words of config.yaml: addresses, domains, times, dates and rules like `third Wednesday`.

Its one rule: each function takes one text and gives one value, or raises ValueError saying what
it wants, in words that fit behind the name of a key.
"""

import re
from calendar import day_name, month_name, monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.config.nodes import did_you_mean
from bot.office.calendar import MeetingRule
from bot.office.people import Address

DOMAIN = re.compile(r"(?=.{1,253}\Z)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
NAMED = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<email>[^<>]*)>")
# Everybody may have an address there: registering one of these would let strangers speak for a CLEC.
OPEN_TO_ALL = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "aol.com"}
    | {"icloud.com", "gmx.com", "gmx.net", "proton.me", "protonmail.com", "mail.com", "comcast.net"}
)
NTH = ("first", "second", "third", "fourth")
WEEKDAYS = tuple(name.lower() for name in day_name)
MONTHS = tuple(name.lower() for name in month_name[1:])
MEETING = re.compile(rf"({'|'.join(NTH)})\s+({'|'.join(WEEKDAYS)})\s*,\s*(\d\d?:\d\d)", re.IGNORECASE)
YEARLY = re.compile(
    rf"(?P<after>day after\s+)?(?P<nth>{'|'.join((*NTH, 'last'))})\s+(?P<weekday>{'|'.join(WEEKDAYS)})"
    rf"\s+(?:of|in)\s+(?P<month>{'|'.join(MONTHS)})",
    re.IGNORECASE,
)
DayRule = Callable[[int], date | None]


def email(text: str) -> str:
    """A bare address, in lower case."""
    local, at, domain = text.rpartition("@")
    if not (at and LOCAL.fullmatch(local) and DOMAIN.fullmatch(domain.lower())) or ".." in text or local[0] == ".":
        raise ValueError(f"must be an e-mail address such as `desk@clec.example`, not `{text}`")
    return text.lower()


def address(text: str) -> Address:
    """An address with or without a name: `Ana Ruiz <ana@clec.example>`."""
    named = NAMED.fullmatch(text)
    return Address(email(named["email"]), named["name"].strip('" ')) if named else Address(email(text))


def domain(text: str) -> str:
    """A mail domain, in lower case, of its owner's own."""
    if not DOMAIN.fullmatch(text.lower()):
        raise ValueError(f"must be a mail domain such as `clec.example`, not `{text}`")
    if text.lower() in OPEN_TO_ALL:
        raise ValueError(f"must not be `{text}`, where anybody may have an address; list the persons as contacts")
    return text.lower()


def zone(text: str) -> ZoneInfo:
    """A time zone by its name in the IANA list."""
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(text, available_timezones())
        raise ValueError(f"must be a time zone such as `America/Denver`, not `{text}`{hint}") from None


def clock_time(text: str) -> time:
    """A time of day on the 24-hour clock."""
    if not (found := re.fullmatch(r"(\d\d?):(\d\d)", text)) or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004
        raise ValueError(f"must be a time of day such as `17:00`, not `{text}`")
    return time(int(found[1]), int(found[2]))


def day(text: str) -> date:
    """A date as year-month-day."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        raise ValueError(f"must be a date such as `2026-11-27`, not `{text}`") from None


def days(text: str) -> int:
    """A count of business days."""
    if not re.fullmatch(r"\d{1,3}", text) or not 1 <= int(text) <= 365:  # noqa: PLR2004
        raise ValueError(f"must be a number of days from 1 to 365, not `{text}`")
    return int(text)


def meeting_rule(text: str) -> MeetingRule:
    """When the Monthly Meeting is: `third Wednesday, 09:00`."""
    if not (found := MEETING.fullmatch(text)):
        raise ValueError(f"must read like `third Wednesday, 09:00`, not `{text}`")
    nth, weekday = NTH.index(found[1].lower()) + 1, WEEKDAYS.index(found[2].lower())
    return MeetingRule(nth, weekday, clock_time(found[3]))


def day_rule(text: str) -> DayRule:
    """An extra day off: a date, or a rule like `day after fourth Thursday of November`.

    Gives a function from a year to that day in it, or None.
    """
    if found := YEARLY.fullmatch(text):
        after = timedelta(days=1 if found["after"] else 0)
        weekday, month = WEEKDAYS.index(found["weekday"].lower()), MONTHS.index(found["month"].lower()) + 1
        nth = found["nth"].lower()
        return lambda year: _nth_weekday(year, month, weekday, nth) + after
    try:
        fixed = day(text)
    except ValueError:
        raise ValueError(
            f"must be a date such as `2026-12-24` or a rule such as `first Friday of March`, not `{text}`"
        ) from None
    return lambda year: fixed if fixed.year == year else None


def _nth_weekday(year: int, month: int, weekday: int, nth: str) -> date:
    if nth == "last":
        end = date(year, month, monthrange(year, month)[1])
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    return MeetingRule(NTH.index(nth) + 1, weekday).date_in(year, month)


def web_address(text: str) -> str:
    """An http or https address, ending in a slash."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[^\s?#<>\"']*)?", text):
        raise ValueError(f"must be a web address such as `https://cmp.carrier.example/`, not `{text}`")
    return text if text.endswith("/") else text + "/"
