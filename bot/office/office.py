"""The office as one value: who it is, whom it knows, how it counts time, what it promises."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.office.calendar import Calendar
from bot.office.people import Address, Directory, Person, Role


@dataclass(frozen=True, slots=True)
class Organisation:
    """The carrier that runs the process, as its letters and pages name it. `signed_bounces`: its server takes mail
    for the mailbox with a tag, so that each letter may have a return address of its own."""

    name: str
    address: Address
    site_url: str
    domains: frozenset[str] = frozenset()
    process: str = "Change Management Process"
    track: str = "Product/Process"
    escalation_url: str = ""
    signed_bounces: bool = False


@dataclass(frozen=True, slots=True)
class Intervals:
    """The figures of DESIGN section 4, in business days: `options`, `draft` and `package` before what they
    are for, all others after what they follow from. When `carry_over` of them after a Monthly Meeting are
    over and nothing was recorded of it, a change request goes to the next one. The last three are unset (None)
    until somebody configures them: the seed leaves them to be determined."""

    acknowledge: int = 2
    answer_incomplete: int = 2
    finish_intake: int = 2
    post: int = 2
    assign: int = 1
    name_smes: int = 3
    clarify: int = 8
    minutes: int = 5
    options: int = 2
    draft: int = 2
    approve: int = 1
    react: int = 10
    consent: int = 10
    carry_over: int = 2
    package: int = 3
    settle: int | None = None
    review: int | None = None
    test: int | None = None


@dataclass(frozen=True, slots=True)
class Reminding:
    """How reminders follow one another, in business days: `sender_every` between two to the sender
    of an incomplete form, and `sender_most` of them before the CMP Manager is told. The staff is reminded
    `before` the day, on it, and once overdue after every `overdue_every` days, which is told to the
    escalation role too from the day `escalate` on."""

    sender_every: int = 2
    sender_most: int = 2
    before: tuple[int, ...] = (3, 1)
    overdue_every: int = 1
    escalate: int = 1


class Require(StrEnum):
    """What proves who ordered something: the border's results, the code of a letter of ours, either of
    them or both (DESIGN section 5)."""

    EITHER = "either"
    BOTH = "both"
    RESULTS = "results"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom we believe: the hosts whose Authentication-Results count (RFC 8601), what a command needs,
    and how many days the code of a letter and the key that signs it last."""

    authserv_ids: frozenset[str] = frozenset()
    require: Require = Require.EITHER
    code_days: int = 60
    key_days: int = 90


@dataclass(frozen=True, slots=True)
class Absence:
    """A member of the staff is away up to and with a local date; who stands in, if anybody, is
    named by id (AWAY, DESIGN section 5)."""

    person: str
    until: date
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """Everything a decision may know besides the change request, the event and the time. `absences`
    are of those who are away at that time; the shell leaves out who is back. `paused` are the addresses to which
    nothing is sent, because letters to them failed."""

    organisation: Organisation
    directory: Directory = field(default_factory=Directory)
    calendar: Calendar = field(default_factory=Calendar)
    intervals: Intervals = field(default_factory=Intervals)
    trust: Trust = field(default_factory=Trust)
    reminding: Reminding = field(default_factory=Reminding)
    absences: tuple[Absence, ...] = ()
    paused: tuple[str, ...] = ()
    notice_hold: timedelta = timedelta(minutes=10)

    def owns(self, address: Address) -> bool:
        """True for an address of the carrier itself: a member of staff or one of its domains."""
        return address.domain in self.organisation.domains or self.directory.person(address.email) is not None

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Everybody who holds a role."""
        return self.directory.holders(role)

    def away(self, person_id: str, today: date) -> Absence | None:
        """The absence of a person on a local date, or None."""
        return next((each for each in self.absences if each.person == person_id and today <= each.until), None)

    def stands_in_for(self, person_id: str, today: date) -> tuple[str, ...]:
        """The ids of those whom a person stands in for on a local date."""
        return tuple(each.person for each in self.absences if each.deputy == person_id and today <= each.until)

    def reached(self, people: Iterable[Person]) -> tuple[Person, ...]:
        """Who is written to in order to reach these people: they, and who stands in for those who are
        away, each once."""
        if not self.absences:
            return tuple(people)
        found = {person.id: person for person in people}
        deputies = (each.deputy for each in self.absences if each.person in found)
        standing_in = (self.directory.named(person_id) for person_id in deputies)
        return tuple((found | {person.id: person for person in standing_in if person}).values())

    def distribution(self) -> tuple[Address, ...]:
        """The points of contact of all CLECs (domain.md section 8, 32), each address once."""
        contacts = (contact for company in self.directory.companies for contact in company.contacts)
        return tuple({contact.email: contact for contact in contacts}.values())
