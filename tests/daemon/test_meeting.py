"""The Monthly Meeting on real stores: the package once, what comes later, the question for results, what
is left over; whatever is restarted or set back in between."""

import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.daemon.desk import Desk
from bot.daemon.meeting import meet
from bot.daemon.publish import publish
from bot.edge.store import Unit
from bot.mail.letter import Kind
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Fate
from bot.workflow.package import agendas
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import WHOLE, at, opened, ordered, text_of
from tests.daemon.test_matters import DANIEL, LENA, of_staff
from tests.daemon.test_take_in import written

DECEMBER, JANUARY = date(2026, 12, 16), date(2027, 1, 20)
PACKAGE_DAY, DAY_AFTER = date(2026, 12, 11), date(2026, 12, 17)
MEETING_PAGE = "meetings/2026-12-16.html"


def morning(desk: Desk, day: date, hour: int = 9) -> Desk:
    """The office at an hour of a local date in winter."""
    return at(desk, datetime(day.year, day.month, day.day, hour + 7, tzinfo=UTC))


def clarified(desk: Desk, n: int = 1, title: str = "Name the failing field in rejects") -> str:
    """The n-th change request of the day, at step 3; gives its number."""
    number = f"PC{desk.settings.office.calendar.local_date(desk.clock.now()):%m%d%y}-{n}"
    form = WHOLE.replace("Name the failing field in rejects", title)
    assert arrive(desk, written(form, f"form-{number}")) == {Fate.REGISTERED: 1}
    line = "ASSIGN CRPM Lena Brandt DIRECTOR Grace Whitcomb\n"
    assert arrive(desk, of_staff(DANIEL, line, f"[{number}]")) == {Fate.OBEYED: 1}
    assert arrive(desk, of_staff(LENA, "SME pruitt\n", f"[{number}]")) == {Fate.OBEYED: 1}
    return number


def page(desk: Desk) -> str:
    """The page of the December meeting, in one line."""
    publish(desk)
    return " ".join((desk.site.root / MEETING_PAGE).read_text("utf-8").split())


def test_the_package_goes_out_once_three_business_days_ahead(desk: Desk) -> None:
    """In business hours, to each once; at every later look nothing more goes out."""
    number = clarified(desk)
    assert meet(morning(desk, date(2026, 12, 10))) == 0
    assert meet(morning(desk, PACKAGE_DAY, 7)) == 0
    assert letters(desk, Kind.AGENDA) == []
    count = meet(morning(desk, PACKAGE_DAY))
    mailed = letters(desk, Kind.AGENDA)
    assert len(mailed) == count
    to = [letter.recipient for letter in mailed]
    assert len(set(to)) == len(to)
    assert {"kim@bench00.example", "lena.brandt@meridell.example", "anita.pruitt@meridell.example"} < set(to)
    assert {address.email for address in desk.settings.office.distribution()} < set(to)
    text = text_of(desk, mailed[0])
    assert f"{number}: Name the failing field in rejects" in text
    assert "Received on 11/23/2026, after the first business day of November (11/02/2026)." in text
    assert "Attachment A: The request" in text
    for moment in ((PACKAGE_DAY, 9), (PACKAGE_DAY, 16), (date(2026, 12, 14), 9), (DECEMBER, 8)):
        assert meet(morning(desk, *moment)) == 0
    assert len(letters(desk, Kind.AGENDA)) == count


def test_an_empty_agenda_is_mailed_to_nobody(desk: Desk) -> None:
    """But one that is no longer empty is, until the meeting begins."""
    assert meet(morning(desk, PACKAGE_DAY)) == 0
    late = morning(desk, date(2026, 12, 14))
    number = clarified(late)
    assert meet(late) == 0
    assert arrive(late, ordered("WALKON\n", "walk-on", subject=f"[{number}]")) == {Fate.OBEYED: 1}
    assert meet(morning(desk, DECEMBER, 10)) == 0
    assert meet(late) > 0
    assert "A walk-on: put on by Marta Ellison on 12/14/2026." in text_of(late, letters(late, Kind.AGENDA)[0])


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_clock_does_each_letter_goes_once(desk: Desk, seed: int) -> None:
    """Looks at random moments from before the package until after the meeting, in any order, with a week
    of downtime and the clock set back: one package and one question to each."""
    clarified(desk)
    draw = random.Random(seed)
    days = [date(2026, 12, 9) + timedelta(days=n) for n in range(10)]
    looks = [(draw.choice(days), draw.randrange(24)) for _ in range(30)]
    for day, hour in [*looks, (PACKAGE_DAY, 16), (DAY_AFTER, 16), *looks]:
        meet(at(desk, datetime(day.year, day.month, day.day, hour, tzinfo=UTC)))
    for kind in (Kind.AGENDA, Kind.OUTCOMES):
        to = [letter.recipient for letter in letters(desk, kind)]
        assert len(set(to)) == len(to)
    assert [letter.recipient for letter in letters(desk, Kind.OUTCOMES)] == ["lena.brandt@meridell.example"]


def test_a_kill_before_the_commit_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither letters nor a mark; the next look does all of it."""
    clarified(desk)
    there = morning(desk, PACKAGE_DAY)

    def killed(self: Unit) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "flush", killed)
        with pytest.raises(KeyboardInterrupt):
            meet(there)
    assert letters(desk, Kind.AGENDA) == []
    assert agendas(desk.store.matters(anew=True)) == {}
    assert meet(there) == len(letters(desk, Kind.AGENDA)) > 0


def test_another_worker_mails_nothing_again(desk: Desk) -> None:
    """One that has not heard of the package yet, because it read the office's matters before."""
    clarified(desk)
    there = morning(desk, PACKAGE_DAY)
    before = desk.store.matters(anew=True)
    count = meet(there)
    desk.store._matters = dict(before)  # what another worker still has in mind
    desk.store.alone = True
    assert meet(there) == 0
    assert len(letters(desk, Kind.AGENDA)) == count


def test_while_all_is_held_nobody_is_written_to(desk: Desk) -> None:
    """FREEZE holds the package back; afterwards it goes out."""
    clarified(desk)
    there = morning(desk, PACKAGE_DAY)
    assert arrive(there, ordered("FREEZE\n", "freeze", subject="hold")) == {Fate.OBEYED: 1}
    assert meet(there) == 0
    assert arrive(there, ordered("UNFREEZE\n", "unfreeze", subject="go on")) == {Fate.OBEYED: 1}
    assert meet(there) > 0


def test_the_page_shows_what_became_otherwise(desk: Desk) -> None:
    """As mailed first; then a walk-on and what was withdrawn; after the meeting what came of it."""
    first, second = clarified(desk), clarified(desk, 2, "Publish the retired USOCs")
    there = morning(desk, PACKAGE_DAY)
    meet(there)
    assert "since the package" not in page(there)
    later = morning(desk, date(2026, 12, 14))
    third = clarified(later, 1, "Show the dispatch window")
    assert arrive(later, ordered("WALKON\n", "walk-on", subject=f"[{third}]")) == {Fate.OBEYED: 1}
    assert arrive(later, of_staff(LENA, "WITHDRAW they changed their mind\n", f"[{second}]")) == {Fate.OBEYED: 1}
    assert meet(later) == 0
    shown = page(later)
    assert "Added since the package, on 12/14/2026" in shown
    assert "Withdrawn since the package: Withdrawn since 12/14/2026" in shown
    assert "put on by Marta Ellison on 12/14/2026" in shown
    day = morning(desk, DECEMBER, 11)
    assert arrive(day, of_staff(LENA, "ALIGNED in the notice itself\n", f"[{first}]")) == {Fate.OBEYED: 1}
    after = page(day)
    assert "Consensus on 12/16/2026: in the notice itself" in after
    assert page(day) == after
    assert "Wednesday, December 16, 2026" in (desk.site.root / "meetings.html").read_text("utf-8")


def test_the_crpm_is_asked_on_the_business_day_after(desk: Desk) -> None:
    """One letter with the lines to complete, only for what has no result; no line of it is a command."""
    first, second = clarified(desk), clarified(desk, 2, "Publish the retired USOCs")
    meeting = morning(desk, DECEMBER, 11)
    assert arrive(meeting, of_staff(LENA, "ALIGNED in the notice itself\n", f"[{first}]")) == {Fate.OBEYED: 1}
    assert meet(meeting) == 0
    after = morning(desk, DAY_AFTER)
    assert meet(after) == 1
    assert meet(after) == 0
    (letter,) = letters(desk, Kind.OUTCOMES)
    body = opened(desk, letter).get_body(("html",))
    assert body is not None
    html = str(body.get_content())
    assert f"{second}%3A%20ALIGNED%20ON%2012%2F16%2F2026%20" in html
    assert first not in html
    (code,) = set(re.findall(r"cmp[a-z2-7]{56}", html))
    assert f"%23%20{code}" in html  # in the mail to complete
    text = opened(desk, letter).get_body(("plain",))
    assert text is not None and f"  {code}" in text.get_content()


def test_what_is_left_over_is_carried_over_once(desk: Desk) -> None:
    """When the second business day after the meeting is over, to the next one: a public row says so, and a
    letter to the originator and to the CRPM, with both dates."""
    number = clarified(desk)
    assert meet(morning(desk, DAY_AFTER)) == 1
    assert meet(morning(desk, date(2026, 12, 18), 16)) == 0
    monday = morning(desk, date(2026, 12, 21))
    assert [meet(monday) for _ in range(3)] == [2, 0, 0]
    record = monday.store.view(number)
    assert record is not None
    assert record.change.agenda == JANUARY
    (row,) = [row for row in record.rows if row.description.startswith("Nothing is recorded of the Monthly Meeting")]
    assert row.public
    told = letters(desk, Kind.AGENDA_ITEM)[1:]  # the first is of the SMEs' assignment
    assert {letter.recipient for letter in told} == {"kim@bench00.example", "lena.brandt@meridell.example"}
    text = text_of(desk, told[0])
    assert "Wednesday, January 20, 2027" in text
    assert "Wednesday, December 16, 2026" in text
    publish(monday)
    shown = " ".join((desk.site.root / f"cr/{number}.html").read_text("utf-8").split())
    assert "planned <b>12/16/2026</b></span> <span>now <b>01/20/2027</b>" in shown


@pytest.mark.parametrize(
    ("on", "state", "outcome"), [("12/16/2026", "met", "in time"), ("12/21/2026", "missed", "missed")]
)
def test_a_result_of_the_meeting_undoes_the_carrying_over(desk: Desk, on: str, state: str, outcome: str) -> None:
    """With its date it keeps the first promise; with a later date that is missed. Either way it counts once."""
    number = clarified(desk)
    monday = morning(desk, date(2026, 12, 21))
    meet(monday)
    line = f"{number}: ALIGNED ON {on} in the notice itself\n"
    assert arrive(monday, of_staff(LENA, line, "results")) == {Fate.OBEYED: 1}
    record = monday.store.view(number)
    assert record is not None
    assert record.change.step == "4"
    (due,) = [each for each in record.deadlines if each.kind is DeadlineKind.PRESENT]
    assert (due.due, due.state) == (DECEMBER, state)
    found = desk.store.promises(DECEMBER, date(2027, 3, 1), desk.settings.office.calendar.zone)
    (promise,) = [each for each in found if each.kind is DeadlineKind.PRESENT]
    assert promise.outcome(date(2026, 12, 21)) == outcome


def test_agenda_by_mail_sends_the_package_to_the_asker(desk: Desk) -> None:
    """And to nobody else; nothing is frozen by it."""
    clarified(desk)
    assert arrive(desk, of_staff(LENA, "AGENDA december\n")) == {Fate.OBEYED: 1}
    (letter,) = letters(desk, Kind.AGENDA)
    assert letter.recipient == "lena.brandt@meridell.example"
    assert "stands now" in text_of(desk, letter)
    assert agendas(desk.store.matters(anew=True)) == {}


def test_agenda_by_mail_says_what_was_added_since_the_package(desk: Desk) -> None:
    """Once the package was mailed, whoever asks hears so, and reads what came later as such."""
    clarified(desk)
    meet(morning(desk, PACKAGE_DAY))
    later = morning(desk, date(2026, 12, 14))
    added = clarified(later, 1, "Show the dispatch window")
    assert arrive(later, of_staff(LENA, "AGENDA december\n")) == {Fate.OBEYED: 1}
    nothing = text_of(later, letters(later, Kind.AGENDA)[-1])
    assert "Its distribution package was mailed on 12/11/2026; nothing was added since." in nothing
    assert arrive(later, ordered("WALKON\n", "walk-on", subject=f"[{added}]")) == {Fate.OBEYED: 1}
    assert meet(later) == 0
    day_after = morning(desk, date(2026, 12, 15))
    assert arrive(day_after, of_staff(LENA, "AGENDA 2026-12\n")) == {Fate.OBEYED: 1}
    text = text_of(day_after, letters(day_after, Kind.AGENDA)[-1])
    assert "what was added since is marked." in text
    assert text.count("Added since the package, on 12/14/2026.") == 1
    assert f"{added}: " in text.partition("Added since")[0]


def test_undo_of_a_late_result_carries_it_on_again(desk: Desk) -> None:
    """The clock runs to the next meeting as before, and is still the promise that missed its date."""
    number = clarified(desk)
    monday = morning(desk, date(2026, 12, 21))
    meet(monday)
    line = f"{number}: ALIGNED ON 12/16/2026 in the notice itself\n"
    assert arrive(monday, of_staff(LENA, line, "results")) == {Fate.OBEYED: 1}
    assert arrive(monday, of_staff(LENA, "UNDO\n", f"[{number}]")) == {Fate.OBEYED: 1}
    record = monday.store.view(number)
    assert record is not None
    assert record.change.agenda == JANUARY
    (due,) = [each for each in record.deadlines if each.kind is DeadlineKind.PRESENT]
    assert (due.due, due.by, due.promised, due.state) == (DECEMBER, JANUARY, DECEMBER, "open")
