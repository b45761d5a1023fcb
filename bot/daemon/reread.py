"""Reread: what came after a backup, from the folders in which handled mail lies.

Its one rule: in order of arrival, so that the same change requests get the same numbers, and every letter
that comes of it is held: it was sent before. A number that the posting shows is never given to another one.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from markupsafe import escape

from bot.daemon.desk import Desk
from bot.daemon.publish import soil_all
from bot.daemon.remind import remind
from bot.daemon.take_in import arrival, work_off
from bot.edge.mailbox import Mailbox, named
from bot.errors import Trouble
from bot.posting.public import posting
from bot.workflow.effect import Fate

EARLIER = timedelta(days=1)
"""A server tells the day of a mail by its own clock."""
FIRST = date(1970, 1, 1)
POSTED = re.compile(r"(PC\d{6})-(\d+)\.html")


@dataclass(slots=True)
class Reread:
    """What was found since the backup: mails by their fate, numbers that are kept back, letters held; `unchecked`
    where there was no posting to compare the numbers with."""

    mails: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    kept_back: tuple[str, ...] = ()
    held: int = 0
    unchecked: bool = False


def reread(desk: Desk, since: datetime | None, lost: Collection[str], tell: Callable[[int], None]) -> Reread:
    """Take in and handle all mail that came since a moment and that the store does not know. Numbers that
    are `lost`, whose mails nobody has any more, are passed over.

    Raises Trouble when a server does not answer, and where a number would go to another change request than
    the posting says. On a store that nobody else works on it may be done again, as often as it takes.
    """
    done = Reread()
    before = set(desk.store.numbers())
    desk.store.hold_letters(lost)
    imap = desk.settings.imap
    for folder in dict.fromkeys((imap.processed, imap.parked, imap.quarantine)):
        done.mails += _keep(desk, folder, since, tell)
    for fates in work_off(desk):
        done.fates.update(fates)
    made = [number for number in desk.store.numbers() if number not in before]
    _compare(desk, made)
    done.unchecked = not any((desk.settings.posting.folder / "cr").glob("*.html"))
    remind(desk)  # of what people were reminded meanwhile; these letters are held, too
    done.kept_back = _keep_back(desk, lost)
    done.held = sum(letter.state == "held" for letter in desk.store.letters())
    soil_all(desk.store, desk.settings.kept, desk.clock.now())  # it may show what is not there yet, or any more
    return done


def _keep(desk: Desk, folder: str, since: datetime | None, tell: Callable[[int], None]) -> int:
    """Store what lies in a folder and is unknown; gives how many mails that were."""
    mailbox, count = Mailbox(replace(desk.settings.imap, inbox=folder)), 0
    day = (since - EARLIER).date() if since else FIRST
    try:
        for batch in mailbox.batches(mailbox.since(day)):
            now = desk.clock.now()
            came = [arrival(mail, folder, mailbox.uidvalidity, now) for mail in batch]
            unknown = desk.store.unknown([each.envelope.id for each in came])
            fresh = [each for each in came if each.envelope.id in unknown]
            desk.store.keep(fresh, now)
            count += len(fresh)
            tell(len(came))
        if mailbox.withheld:
            raise Trouble(
                f"the mail server cannot give mails of {folder}, UID {named(mailbox.withheld)}: mend them there or "
                "take them out of the folder, and restore again",
                temporary=False,
            )
    finally:
        mailbox.close()
    return count


def _compare(desk: Desk, made: Collection[str]) -> None:
    """Compare what was numbered again with what the posting shows under its number."""
    for record in desk.store.views(sorted(made)):
        page = desk.settings.posting.folder / "cr" / f"{record.change.number}.html"
        title = str(escape(posting(record, desk.settings.office).line.title))
        with suppress(OSError):
            if title not in page.read_text("utf-8"):
                number = record.change.number
                raise Trouble(
                    f"{number} would go to {record.change.title!r}, but the posting shows another change request "
                    "under it, whose mail is in none of the folders. Put that mail back into "
                    f"{desk.settings.imap.processed}, "
                    f"or say --lost {number} to give the number to nobody; then restore again",
                    temporary=False,
                )


def _keep_back(desk: Desk, lost: Collection[str]) -> tuple[str, ...]:
    """Give to nobody the numbers that the posting shows and no change request has, and those that are lost."""
    with suppress(OSError):
        shown = [
            found for path in (desk.settings.posting.folder / "cr").iterdir() if (found := POSTED.fullmatch(path.name))
        ]
        known = set(desk.store.numbers())
        lost = {*lost, *(number for each in shown if (number := f"{each[1]}-{each[2]}") not in known)}
    if lost:
        desk.store.keep_back(lost)
    return tuple(sorted(lost))


def counted(fates: Mapping[Fate, int]) -> str:
    """How many mails got which fate, in words."""
    return ", ".join(f"{count} {fate}" for fate, count in fates.items())
