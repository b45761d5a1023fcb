"""Publish: store -> posting -> site. Its one rule: a page is marked clean only after it lies on
the disk, so that whatever is interrupted is done again.

A CR's first posting is an event like any other; its history row stands on the very page that it
speaks of, and is recorded once that page has been written.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.daemon.desk import Desk
from bot.posting.pages import ASSETS, INDEX, NEWEST, Page, index_page, month_page, page_of
from bot.posting.public import Record
from bot.workflow.decide import decide
from bot.workflow.deadline import Deadline
from bot.workflow.effect import Decision, Meet
from bot.workflow.event import Posted

BATCH = 200


def publish(desk: Desk) -> int:
    """Build and write every page that is out of date; gives how many pages were rebuilt.

    Raises Trouble when the site cannot be written; what was not written stays out of date.
    """
    count = 0
    while dirty := desk.store.dirty(BATCH):
        now = desk.clock.now()
        first_posted: list[Decision] = []
        pages = [page for key in dirty for page in build(desk, key.page, now, first_posted)]
        desk.site.write({page.path: desk.templates.page(page.template, page.context) for page in pages})
        if first_posted:
            with desk.store.begin(now) as unit:
                for decision in first_posted:
                    unit.record(decision, "posting", desk.compose, desk.message_id)
        desk.store.clean(dirty)
        count += len(pages)
    if count:
        desk.site.write({name: desk.templates.asset(name) for name in ASSETS})
    return count
