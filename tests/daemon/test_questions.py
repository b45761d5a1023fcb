"""Questions from mail to answer, on real stores: what is looked up for whom."""

import pytest

from bot.daemon.desk import Desk
from bot.intake.command import read_commands
from bot.mail.letter import Kind
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import DAY, WHOLE, at, opened, ordered, text_of
from tests.daemon.test_matters import DANIEL, LENA, assigned, of_staff
from tests.daemon.test_take_in import written


def answer(desk: Desk, mail: bytes) -> str:
    """What somebody reads who asked something."""
    assert arrive(desk, mail) == {Fate.OBEYED: 1}
    return text_of(desk, letters(desk, Kind.TRANSCRIPT)[-1])


def test_status_behind_the_verb_before_it_and_in_the_subject(desk: Desk) -> None:
    """However the change request is named, the answer is about it."""
    assigned(desk)
    later = at(desk, desk.clock.now() + DAY)
    for n, (body, subject) in enumerate(
        [("STATUS PC112326-1\n", "hello"), ("PC112326-1: STATUS\n", "hello"), ("Status\n", "[PC112326-1]")]
    ):
        text = answer(at(desk, later.clock.now() + n * DAY), of_staff(LENA, body, subject))
        assert "hold the clarification meeting" in text
        assert "Lena Brandt" in text


def test_a_clec_reads_what_the_page_says(desk: Desk) -> None:
    """Public rows without telephone numbers; no internal deadline and no note."""
    assigned(desk)
    arrive(desk, of_staff(LENA, "NOTE they are in a hurry\n", "[PC112326-1]"))
    arrive(desk, written("COMMENT call 303-555-0142\n", "word", subject="[PC112326-1]"))
    text = answer(desk, written("HISTORY\n", "ask", subject="[PC112326-1]"))
    assert "CR Received" in text
    assert "[phone number withheld]" in text
    assert "in a hurry" not in text
    assert "in a hurry" in answer(desk, of_staff(LENA, "HISTORY PC112326-1\n"))


def test_bare_status_finds_the_senders_own_work(desk: Desk) -> None:
    """By assignment, by the deadlines that a role answers for, and by who sent the form."""
    arrive(desk, written(WHOLE, "form"))
    assert "assign CRPM and Director" in answer(desk, of_staff(DANIEL, "STATUS\n", "1"))
    assert "Nothing is open" in answer(desk, of_staff(LENA, "STATUS\n", "1"))
    line = "ASSIGN CRPM Lena Brandt DIRECTOR Grace Whitcomb\n"
    arrive(desk, of_staff(DANIEL, line, "[PC112326-1]"))
    assert "1 open" in answer(desk, of_staff(LENA, "STATUS\n", "2"))
    assert "1 open" in answer(desk, written("STATUS\n", "mine", subject="my work"))
    other = written("STATUS\n", "theirs", domain="bluemesa.example", subject="my work")
    assert "Nothing is open" in answer(desk, other)


def test_the_cmp_managers_work_is_what_waits_for_them(desk: Desk) -> None:
    """A form that only they can finish is found by its deadline."""
    arrive(desk, written(WHOLE, "new", domain="newcomer.example"))
    text = answer(desk, ordered("STATUS\n", "mine", subject="my work"))
    assert "IN112326-1" in text
    assert "finish the intake" in text


def test_an_agenda_reads_the_whole_register(desk: Desk) -> None:
    """What is due at the next meeting."""
    assigned(desk)
    text = answer(desk, of_staff(LENA, "AGENDA\n"))
    assert "Monthly Meeting on Wednesday, December 16, 2026: 1 change request" in text


def test_follow_names_its_cr_behind_the_verb(desk: Desk) -> None:
    """FOLLOW and a number in a new mail; a number that nobody has is refused."""
    assigned(desk)
    mine = written("FOLLOW PC112326-1\n", "mine", domain="bluemesa.example", subject="hello")
    assert "You get the notices of PC112326-1 from now on" in answer(desk, mine)
    assert [each.email for each in desk.store.changes()[0].change.followers] == ["kim@bluemesa.example"]
    wrong = written("FOLLOW PC112326-9\n", "wrong", domain="bluemesa.example", subject="hello")
    assert arrive(desk, wrong) == {Fate.REFUSED: 1}
    assert "There is no PC112326-9" in text_of(desk, letters(desk, Kind.TRANSCRIPT)[-1])


@pytest.mark.parametrize("line", ["HELP", "STATUS", "AGENDA", "HISTORY"])
def test_no_line_of_an_answer_is_a_command(desk: Desk, line: str) -> None:
    """What we send is never read back as one, wherever in it a reply begins to quote."""
    assigned(desk)
    assert arrive(desk, of_staff(LENA, f"{line}\n", "[PC112326-1]")) == {Fate.OBEYED: 1}
    body = opened(desk, letters(desk, Kind.TRANSCRIPT)[-1]).get_body(("plain",))
    assert body is not None
    told = str(body.get_content())
    assert "PC112326-1" in told
    assert [read_commands(each) for each in told.splitlines() if read_commands(each)] == []
