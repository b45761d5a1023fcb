"""Vocabulary: what every template may say, besides the names that it is given.

Its one rule: tables of names and what they mean; a template knows no other function of ours. The
words themselves are the posting's and the workflow's, brought here to one office.
"""

from collections.abc import Callable, Mapping
from datetime import date

from markupsafe import Markup, escape

from bot.intake.arguments.dates import in_words
from bot.mail.mailto import mailto
from bot.office.office import Office
from bot.office.zone import ZONES
from bot.posting.agenda import packaged
from bot.posting.bearings import names, step_name
from bot.posting.difference import signs
from bot.posting.pages import path_of
from bot.posting.words import (
    FLAGS,
    Words,
    block,
    called,
    clock,
    hour,
    kept,
    local_time,
    moment,
    read_for,
    short,
    unread,
    us_date,
    wrap,
)
from bot.workflow.answers.adherence import COUNTING, counted, in_days
from bot.workflow.deadline import Deadline

ENDING = Markup("<!--ending-->")
"""Where an HTML letter takes its ending; what people write is escaped."""


def spoken(office: Office, words: Words) -> Mapping[str, object]:
    """What templates call by name: values, and functions that they call."""
    return {
        "place_of_ending": ENDING,
        "due_dates": due_dates,
        "packaged": packaged,
        "counting": COUNTING,
        **_of_the_house(office),
        **_of_forms(words),
    }


def _of_the_house(office: Office) -> Mapping[str, object]:
    """What is called as the house and its people are, or lies on its posting."""
    house, calendar = office.organisation, office.calendar
    site = house.site_url.rstrip("/")
    return {
        "organisation": house,
        "site": site,
        "page_url": lambda number: f"{site}/{path_of(f'cr/{number}')}",
        "meeting_url": lambda meeting: f"{site}/{path_of(f'meeting/{meeting}')}",
        "mailto": lambda subject, body: mailto(house.address.email, subject, body),
        "zone_words": ZONES.get(str(calendar.zone), str(calendar.zone)),
        "monthly": calendar.meeting,
        "called": lambda to: called(to, office),
        "names_of": lambda change, key: names(change, key, office),
        "step_name": lambda step: step_name(step, house.name),
    }


def _of_forms(words: Words) -> Mapping[str, object]:
    """What fields are called, and what was read in them."""
    return {
        "fields": words.rows,
        "labels": words.labels,
        "flag_words": FLAGS,
        "heading_of": words.heading,
        "asked_for": words.asked,
        "named": words.named,
        "altered": words.altered,
        "read_for": read_for,
        "unread": unread,
    }


def filters(office: Office) -> Mapping[str, Callable[..., object]]:
    """What templates put a value through, as in `change.logged_on | us`."""
    zone = office.calendar.zone
    return {
        "us": us_date,
        "full": in_words,
        "local": lambda instant: local_time(instant, zone),
        "moment": lambda instant: moment(instant, zone),
        "clock": lambda instant: clock(instant, zone),
        "hour": hour,
        "day": lambda instant: us_date(instant.astimezone(zone)),
        "month": month_name,
        "short": short,
        "wrap": wrap,
        "block": block,
        "kept": kept,
        "lines": lines,
        "signs": signs,
        "counted": counted,
        "in_days": in_days,
    }


def due_dates(deadlines: tuple[Deadline, ...]) -> dict[str, str]:
    """What is due when, by the kind's name: `due.CLARIFY`."""
    return {due.kind.name: us_date(due.by) for due in deadlines}


def month_name(key: str) -> str:
    """`2026-11` as people say it."""
    return f"{date.fromisoformat(f'{key}-01'):%B %Y}"


def lines(text: str) -> Markup:
    """A text with its line breaks, for HTML: mail clients know no `white-space: pre-wrap`."""
    if "\n" not in text:
        return escape(text)
    return Markup("<br>".join(str(escape(text)).splitlines()))  # noqa: S704 - escaped just before
