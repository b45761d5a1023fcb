"""The audit: is everything as it was promised, after whatever was done to the program?

Its one rule: it trusts nothing that the program says of itself where something else can tell: the bytes that were
sent are compared with those kept, the letters with what the SMTP server took, the posting with the disk.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from email import message_from_bytes
from email.policy import compat32
from hashlib import sha256

from bot.daemon.place import harmed_files
from bot.edge.outbox import UNCERTAIN
from bot.edge.site import Site
from bot.edge.store import LetterState, MailState, Store
from bot.edge.store.audit import Audit, Examined
from bot.workflow.effect import Fate
from tests.house import House, dense
from tests.servers import Taken

SETTLED = frozenset({LetterState.SENT, LetterState.WITHHELD, LetterState.DEAD})


def faults(house: House, sent: Collection[bytes], taken: Sequence[Taken], at_rest: bool = True) -> list[str]:
    """Everything that is not as promised in an office to which these mails were sent, and from which an SMTP server
    took these letters; empty where all is well. `at_rest`: nothing is left to do."""
    with house.open_store() as store:
        found = [
            *_mails(store, sent, at_rest),
            *_numbers(store, len(sent)),
            *_letters(store, taken, at_rest),
            *_posting(store, house, at_rest),
        ]
        found += [f"{each.part}: {each.about}: {each.found}" for each in Audit(store.engine).findings(Examined())]
    return found


def twice(taken: Sequence[Taken]) -> int:
    """How many letters came more often than once."""
    return sum(count - 1 for count in copies(taken).values())


def _mails(store: Store, sent: Collection[bytes], at_rest: bool) -> Iterator[str]:
    """Every mail is there once, byte for byte, and has one fate."""
    kept = {mail.id: mail for mail in store.mails()}
    if len(kept) > len({sha256(raw).digest() for raw in sent}):
        yield f"{len(kept)} mails are kept, and {len(sent)} were sent"
    for raw in sent:
        key = sha256(raw).hexdigest()[:12]
        mail = kept.get(key)
        if mail is None:
            if at_rest:
                yield f"mail {key} is lost"
            continue
        if store.mail_raw(key) != raw:
            yield f"mail {key} is not what was sent"
        settled = mail.state in {MailState.FATE, MailState.COPY}
        if (mail.fate is not None) != settled or (at_rest and not settled):
            yield f"mail {key} has no fate: {mail.state.value}"


def _numbers(store: Store, mails: int) -> Iterator[str]:
    """Every registered mail has its number; no number is missing, none is there twice."""
    changes = [record.change for record in store.changes()]
    numbers = [change.number for change in changes if change.number.startswith("PC")]
    registered = {mail.id for mail in store.mails(Fate.REGISTERED)}
    if not dense(numbers):
        yield f"the numbers have gaps: {sorted(numbers)}"
    if len(numbers) > mails or len(numbers) < len(registered):
        yield f"{len(registered)} mails made {len(numbers)} change requests"


def _letters(store: Store, taken: Sequence[Taken], at_rest: bool) -> Iterator[str]:
    """Every letter that is owed went out once, and more often only where that was counted; nothing else went out."""
    owed = {letter.message_id: letter for letter in store.letters()}
    seen, wires = copies(taken), dict[str, set[bytes]]()
    for copy in taken:
        wires.setdefault(_id(copy), set()).add(copy.raw)
    for key in seen.keys() - owed.keys():
        yield f"letter {key} went out and is not in the store"
    for key, shapes in wires.items():
        if len(shapes) > 1:
            yield f"letter {key} went out in {len(shapes)} shapes"
    for key, letter in owed.items():
        if at_rest and letter.state not in SETTLED:
            yield f"letter {key} is {letter.state.value}: {letter.last_error}"
        if letter.state is LetterState.SENT and not seen[key]:
            yield f"letter {key} counts as sent and never came"
        allowed = 1 + letter.resent + (letter.tries - 1 if letter.last_error.startswith(UNCERTAIN) else 0)
        if seen[key] > allowed:
            yield f"letter {key} came {seen[key]} times, {allowed} are accounted for"


def _posting(store: Store, house: House, at_rest: bool) -> Iterator[str]:
    """What is posted lies on the disk as the manifest says, and every change request has its page."""
    if not at_rest:
        return
    for path in harmed_files(store, Site(house.folder / "site")):
        yield f"{path} is missing or torn"
    posted = {file.page for file in store.manifest() if file.sha256}
    for record in store.changes():
        if record.change.logged and f"cr/{record.change.number}" not in posted:
            yield f"{record.change.number} is not posted"
    if dirty := store.dirty(10, None):
        yield f"{[each.page for each in dirty]} are out of date"


def _id(copy: Taken) -> str:
    return str(message_from_bytes(copy.raw, policy=compat32)["Message-ID"])


def copies(taken: Iterable[Taken]) -> Counter[str]:
    """How often each letter came, by its Message-ID."""
    return Counter(map(_id, taken))
