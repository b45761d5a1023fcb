"""python -m bench.refeed: feed a mailbox its own mails again, renumbered, and count what is done twice.

One mail in ten is a form, the others are notices; one form comes ten times more. Then every mail is put back into
the inbox, and the folder gets new UIDs under another UIDVALIDITY. The last line holds the figures; it exits 1 where
a change request or a letter came of it.
"""

import sys
import tempfile
import time
from pathlib import Path

import click

from bench.mails import mail
from tests.house import House
from tests.mixed import written
from tests.servers import Dovecot, Sink

FORM_IN = 10  # mails
PLENTY = ", acknowledgements_an_hour: 10000"


@click.command(help=__doc__)
@click.option("--mails", default=5000, show_default=True)
def main(mails: int) -> None:
    """Run, and print the figures."""
    sent = [form_or_notice(number) for number in range(mails)]
    with tempfile.TemporaryDirectory() as folder, Dovecot() as dovecot, Sink() as sink:
        house = House.build(Path(folder) / "office", dovecot.new_user(), dovecot.imap, sink.port, limits=PLENTY)
        house.fill(*sent)
        house.ask("once")
        before, letters = len(house.numbers()), len(sink.taken)
        house.fill(*sent[:1] * 10)
        house.ask("once")
        house.fill(*sent)
        dovecot.renumber(house.mailbox)
        began = time.monotonic()
        house.ask("once")
        took = time.monotonic() - began
        more, extra = len(house.numbers()) - before, len(sink.taken) - letters
        left, kept = len(dovecot.files(house.mailbox)), len(house.ask("mail"))
    print(
        f"{mails} mails, {before} change requests, {letters} letters; fed again and renumbered, in {took:.0f} s: "
        f"{more} change requests and {extra} letters more, {kept} mails kept, {left} left in the inbox"
    )
    sys.exit(bool(more or extra or left or kept != mails))


def form_or_notice(number: int) -> bytes:
    """The mail of a number."""
    if number % FORM_IN == 0:
        return mail(3 * number + 2)
    made = written(number, "I am out of the office.\n", "bench05.example", Auto_Submitted="auto-replied").as_bytes()
    return made.replace(b"\n", b"\r\n")


if __name__ == "__main__":
    main()
