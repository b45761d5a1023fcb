"""A store that is full already: change requests registered straight into it, for benches."""

import random
from datetime import datetime, timedelta

from bench.mails import AREAS, COMPANIES, PRODUCTS, STARTED, company, prose
from bot.config import load
from bot.edge.store import Store
from bot.intake.form import Submission, Value
from bot.intake.request import Form
from bot.intake.verify import Standing
from bot.mail.compose import message_id
from bot.mail.letter import Letter, Thread
from bot.office.office import Office
from bot.office.people import Address
from bot.workflow.decide import decide
from bot.workflow.event import Posted, Submitted
from tests.house import House

A_DAY = 12
BATCH = 200


def fill(house: House, count: int) -> None:
    """Register and post `count` change requests, twelve a day up to the day before the bench, and recorded as they
    came: what asks for the newest would otherwise find them all at one moment."""
    settings = load(house.folder / "config.yaml")
    office = settings.office
    first = STARTED - timedelta(days=count // A_DAY + 1)
    with Store.open_ready(settings.store_url, settings.worker) as store:
        for start in range(0, count, BATCH):
            with store.begin(_arrived(first, start)) as unit:
                for number in range(start, min(start + BATCH, count)):
                    at = _arrived(first, number)
                    cr = unit.take("PC", office.calendar.local_date(at))
                    event = submitted(number, at, cr, office)
                    decision = decide(None, event, office, at)
                    unit.record(decision, event.cause, letter_bytes, letter_id)
                    unit.record(decide(decision.change, Posted(at), office, at), "posting", letter_bytes, letter_id)
        store.clean(store.dirty(10 * count))
        sent(store)


def _arrived(first: datetime, number: int) -> datetime:
    return first + timedelta(days=number // A_DAY, minutes=number % A_DAY)


def sent(store: Store) -> None:
    """Mark every letter as sent, as one is that was, so that a bench sends only its own."""
    from sqlalchemy import text  # noqa: PLC0415 - a short cut past the store that only a bench takes

    with store.engine.begin() as connection:
        connection.execute(text("UPDATE letter SET state = 'sent', tries = 1, next_try = NULL, sent_at = created_at"))


def submitted(number: int, at: datetime, cr: str, office: Office) -> Submitted:
    """A form's arrival."""
    lots = random.Random(number)
    name, domain = company(number % COMPANIES)
    fields: dict[str, Value] = {
        "originator_name": f"Person {number % 997}",
        "company": name,
        "originator_phone": "303-555-0100",
        "area_of_change": "product_process",
        "title": f"Stored change {number}: {prose(lots, 5)}",
        "description": " ".join(prose(lots, 14) for _ in range(4)),
        "areas_impacted": tuple(lots.sample(AREAS, 2)),
        "products_impacted": tuple(lots.sample(PRODUCTS, 2)),
    }
    sender = Address(f"person@{domain}")
    form = Form(Submission("the mail's text", fields))
    standing = Standing(sender, company=office.directory.company(sender), verified=True)
    return Submitted(f"{number:012x}/0", at, form, standing, Thread(), cr)


def letter_bytes(letter: Letter) -> bytes:
    """Stands in for a composed letter: nothing reads it."""
    return f"Subject: {letter.kind} {letter.number}\r\n\r\n{letter.id}\r\n".encode()


def letter_id(letter: str) -> str:
    """The letter's Message-ID."""
    return message_id(letter, "meridell.example")
