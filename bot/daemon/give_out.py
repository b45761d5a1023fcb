"""Give out: store -> outbox. Its one rule: a letter is sent only after the commit that owes it,
and its bytes never change, so that sending again is harmless.

Between the server's last word and our mark there is no transaction to be had: a letter whose
mark was lost is sent once more, with the same Message-ID (DESIGN section 8, promise 3).
"""

import random
from collections import Counter

from bot.daemon.desk import Desk
from bot.mail.letter import Dead, Later, Sent, retry_at

BATCH = 50


def give_out(desk: Desk) -> Counter[str]:
    """Send what is owed and due over one connection; counts `sent` and `failed`.

    Raises Trouble when the server cannot be reached; the letters that were claimed go back first.
    """
    counts: Counter[str] = Counter()
    while not desk.clock.stopped and (owed := desk.store.owed(BATCH, desk.clock.now())):
        for letter in owed:
            delivery = desk.outbox.send(letter.return_path, letter.recipient, letter.wire)
            now = desk.clock.now()
            again = None
            if isinstance(delivery, Later):
                again = retry_at(letter.tries + 1, now, letter.first_tried or now, random.random())  # noqa: S311 - jitter
                delivery = delivery if again else Dead(f"given up after five days: {delivery.reason}")
            desk.store.delivered(letter.id, delivery, now, again)
            counts["sent" if isinstance(delivery, Sent) else "failed"] += 1
    return counts
