"""Talk: what comments, notes, questions, action items and following do, and what prose does by itself."""

from dataclasses import replace
from datetime import date

import pytest

from bot.intake.command import read_commands
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind, Thread
from bot.office.office import Absence
from bot.office.people import Address
from bot.workflow.change import ActionItem, Closing, Phase, Step
from bot.workflow.correspondence import to_publish
from bot.workflow.decide import decide
from bot.workflow.effect import Fate
from bot.workflow.event import Commented
from bot.workflow.letters import LARGEST_ENCLOSED
from bot.workflow.offer import of_letter
from tests.workflow.offices import (
    ANITA,
    ARRIVED,
    BARE,
    GRACE,
    LENA,
    MANAGER,
    MORNING,
    PAT,
    RAVI,
    STAFFED,
    UNPROVEN,
    at_step,
    by,
    letters_of,
    obeyed,
    told,
)

KIM = Standing(Address("kim@bare.example"), company=BARE, verified=True)
OPEN = at_step(Step.CLARIFICATION)
ITEM = ActionItem(1, "anita", date(2026, 12, 9), "ask the vendor")


def prose(text: str, standing: Standing = PAT) -> Commented:
    """Prose about the change request."""
    return Commented("ba9876543210", ARRIVED, text, standing, Thread())


@pytest.mark.parametrize(
    ("who", "action"), [(PAT, "CLEC Provided Information"), (KIM, "CLEC Provided Information")], ids=["own", "other"]
)
def test_a_comment_is_public_and_its_crpm_is_told(who: Standing, action: str) -> None:
    """Any known CLEC may comment on any open CR; the words stand in history as they were written."""
    decision = obeyed(OPEN, "COMMENT it also hits\nport-in orders", who)
    (row,) = decision.rows
    assert (row.action, row.description, row.public, row.by) == (
        action, "it also hits\nport-in orders", True, who.name,
    )  # fmt: skip
    assert told(decision) == {(Kind.COMMENT, "lena.brook")}
    assert letters_of(decision)[0].context["posted"] is True


def test_a_comment_goes_to_the_cmp_manager_while_there_is_no_crpm() -> None:
    """Somebody of the staff reads it; a CRPM who left the directory is as good as none."""
    assert told(obeyed(replace(OPEN, people={}), "COMMENT hello", PAT)) == {(Kind.COMMENT, "mona.finch")}
    gone = replace(OPEN, people={"crpm": ("nobody",)})
    assert told(obeyed(gone, "COMMENT hello", PAT)) == {(Kind.COMMENT, "mona.finch")}


def test_a_comment_of_the_staff_is_information_and_tells_nobody_of_themselves() -> None:
    """The CRPM gets no letter about their own words."""
    decision = obeyed(OPEN, "COMMENT the vendor has been asked", LENA)
    assert [(row.action, row.public) for row in decision.rows] == [("Additional Information", True)]
    assert told(decision) == set()


def test_the_files_of_a_comment_go_to_who_is_in_charge() -> None:
    """As with prose; what is too large to be sent again is only named, and what is posted is the same."""
    paper, large = (Enclosure(f"{size}.pdf", "application/pdf", b"x" * size) for size in (9, LARGEST_ENCLOSED + 1))
    (letter,) = letters_of(obeyed(OPEN, "COMMENT See the paper.", PAT, files=(paper, large)))
    assert (letter.enclosures, letter.context["files"], letter.context["enclosed"]) == (
        (paper,),
        ("9.pdf", f"{LARGEST_ENCLOSED + 1}.pdf"),
        ("9.pdf",),
    )
    assert obeyed(OPEN, "COMMENT See it.", PAT, files=(paper,)).rows == obeyed(OPEN, "COMMENT See it.", PAT).rows


def test_a_comment_without_words_is_asked_back() -> None:
    """There is nothing to post."""
    assert obeyed(OPEN, "COMMENT", PAT).fate is Fate.REFUSED


@pytest.mark.parametrize("step", [Step.CLARIFICATION, Step.CLOSED])
def test_a_note_is_never_posted(step: Step) -> None:
    """Anybody of the staff may note something at any step; nobody is told."""
    decision = obeyed(at_step(step), "NOTE spoke with Pat", ANITA)
    assert [(row.description, row.public, row.by) for row in decision.rows] == [("spoke with Pat", False, "anita")]
    assert told(decision) == set()
    assert obeyed(at_step(step), "NOTE spoke with Lena", PAT).fate is Fate.REFUSED


def test_a_note_can_be_made_on_an_intake() -> None:
    """A form that waits is worth a note too."""
    intake = at_step(Step.REQUEST, number="IN112326-1", key="IN112326-1", people={})
    decision = obeyed(intake, "NOTE called them", MANAGER)
    assert (decision.fate, [row.public for row in decision.rows]) == (Fate.OBEYED, [False])


def test_a_question_goes_to_the_originator_and_its_words_stay_inside() -> None:
    """History says to the public that something was asked, not what."""
    decision = obeyed(OPEN, "ASK which field do you mean?", ANITA)
    assert told(decision) == {(Kind.QUESTION, "pat")}
    assert [(row.action, row.public) for row in decision.rows] == [
        ("Info Requested from CLEC", True),
        ("Info Requested from CLEC", False),
    ]
    assert "which field" not in decision.rows[0].description
    assert decision.change and decision.change.asked_by == ("anita",)


def test_a_question_needs_somebody_to_ask() -> None:
    """Without an address of the originator the first contact of their company is asked; without one of those it is
    refused, and said what to do."""
    nameless = replace(OPEN, originator=Address(""))
    asked = letters_of(obeyed(nameless, "ASK which field?", LENA))
    assert [letter.to.email for letter in asked] == ["orders@pine.example"]
    decision = obeyed(replace(nameless, company="Nobody's Telephone"), "ASK which field?", LENA)
    assert decision.fate is Fate.REFUSED
    assert "no address" in decision.reason


def test_the_answer_reaches_whoever_asked() -> None:
    """The originator's prose is logged as information, goes to CRPM and SME, and the question is settled."""
    asked = obeyed(OPEN, "ASK which field?", ANITA).change
    decision = decide(asked, prose("The one in column 7."), STAFFED, MORNING)
    assert told(decision) == {(Kind.COMMENT, "lena.brook"), (Kind.COMMENT, "anita.vale")}
    assert [(row.action, row.public) for row in decision.rows] == [("Info Received From CLEC", False)]
    assert letters_of(decision)[0].context["answers"] is True
    assert decision.change and decision.change.asked_by == ()


def test_what_nothing_proves_settles_no_question() -> None:
    """A forged answer is read by those who asked, and they are still waiting for the real one."""
    asked = obeyed(OPEN, "ASK which field?", ANITA).change
    decision = decide(asked, prose("Forget it.", UNPROVEN), STAFFED, MORNING)
    assert decision.change and decision.change.asked_by == ("anita",)
    assert (Kind.COMMENT, "anita.vale") in told(decision)


def test_prose_of_another_company_is_no_answer() -> None:
    """It goes to the CRPM alone, who can publish it."""
    asked = obeyed(OPEN, "ASK which field?", ANITA).change
    decision = decide(asked, prose("We have the same trouble.", KIM), STAFFED, MORNING)
    assert told(decision) == {(Kind.COMMENT, "lena.brook")}
    assert letters_of(decision)[0].context["publish"] == "COMMENT Bare Networks writes: We have the same trouble."


def test_prose_of_the_staff_is_a_note() -> None:
    """It is kept inside; the CRPM reads it, unless it is theirs; there is nothing to publish."""
    decision = decide(OPEN, prose("I approve of this.", by(GRACE)), STAFFED, MORNING)
    assert [(row.action, row.public) for row in decision.rows] == [("Additional Information", False)]
    assert [letter.context["publish"] for letter in letters_of(decision)] == [""]
    assert told(decide(OPEN, prose("I approve.", by(LENA)), STAFFED, MORNING)) == set()


def test_a_closed_cr_takes_no_comment_to_publish() -> None:
    """What would be refused is not offered."""
    closed = at_step(Step.CLOSED)
    (letter,) = letters_of(decide(closed, prose("thank you"), STAFFED, MORNING))
    assert letter.context["publish"] == ""


@pytest.mark.parametrize(
    "text",
    [
        "We agree\nWITHDRAW it all",
        "When will you\nrespond",
        "Please: CLOSE: now\nand\nSTOP",
        "approve APPROVE Approve: respond\nDROP",
        "PC112326-1: CLOSE it\nPC112326-1: RESPOND",
    ],
)
@pytest.mark.parametrize("width", [1, 8, 15, 30, 72])
def test_the_line_that_publishes_prose_holds_no_other_verb(text: str, width: int) -> None:
    """However a mail program breaks it, one line is a command at the most: COMMENT."""
    line = to_publish(prose(text))
    head, words = "COMMENT Pine Telecom LLC writes:", line.removeprefix("COMMENT Pine Telecom LLC writes: ").split()
    broken, current = [head], ""
    for word in words:
        if current and len(current) + len(word) >= width:
            broken.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    commands = read_commands("\n".join([*broken, current]))
    assert [command.verb for command in commands] == ["COMMENT"]


def test_what_is_too_long_for_a_link_is_not_put_into_one() -> None:
    """Half a comment is none."""
    assert to_publish(prose("word " * 400)) == ""


def test_an_action_item_is_numbered_and_told() -> None:
    """The next number, the person by letter, the day in history."""
    one = obeyed(replace(OPEN, actions=(ITEM,)), "ACTION Joe Castle 12/11/2026 send the trace", LENA)
    assert one.change and one.change.actions[-1] == ActionItem(2, "joe", date(2026, 12, 11), "send the trace")
    assert told(one) == {(Kind.ACTION_ITEM, "joe.castle")}
    assert "Action item 2, Joe Castle, by 12/11/2026: send the trace" in one.rows[0].description
    assert one.answer == ("Action item 2 for Joe Castle, by Friday, December 11, 2026. When it is done: DONE 2",)


def test_an_action_item_of_ones_own_needs_no_letter() -> None:
    """Whoever writes it knows it."""
    assert told(obeyed(OPEN, "ACTION Lena Brook 12/11/2026 call Pat", LENA)) == set()


def test_an_action_item_for_a_day_that_is_over_is_asked_back() -> None:
    """Nothing can be done by then."""
    decision = obeyed(OPEN, "ACTION Joe Castle 11/02/2026 send the trace", LENA)
    assert decision.fate is Fate.REFUSED


def test_an_action_item_is_done_once() -> None:
    """A number that is not there, or was done, is refused with those that are open."""
    change = replace(OPEN, actions=(ITEM, replace(ITEM, n=2, person="joe")))
    done = obeyed(change, "DONE 1", LENA)
    assert done.change and [item.done_on for item in done.change.actions] == [date(2026, 12, 1), None]
    again = obeyed(done.change, "DONE 1", LENA)
    assert (again.fate, again.reason) == (Fate.REFUSED, "Action item 1 was done on 12/01/2026. Open: 2.")
    assert obeyed(OPEN, "DONE 7", LENA).reason == "Action item 7 is not there. None is open."


def test_who_follows_gets_the_notices_until_they_stop() -> None:
    """The verified sender's own address is taken, once, and given back."""
    change = obeyed(OPEN, "FOLLOW", KIM).change
    assert change and [each.email for each in change.followers] == ["kim@bare.example"]
    again = obeyed(change, "FOLLOW", KIM)
    assert (again.change, again.rows, again.effects) == (change, (), ())
    assert again.answer == ("You follow PC112326-1 already. UNFOLLOW ends it.",)
    for word in ("UNFOLLOW", "Stop"):
        left = obeyed(change, word, KIM)
        assert left.change and left.change.followers == ()
        assert all(not row.public for row in left.rows)


def test_stop_is_answered_politely_where_there_is_nothing_to_stop() -> None:
    """Somebody who gets letters for another reason is told which."""
    asked = obeyed(OPEN, "STOP", KIM)
    assert (asked.fate, asked.rows) == (Fate.OBEYED, ())
    assert asked.answer == ("You do not follow PC112326-1, so nothing had to be ended.",)
    assert "originator" in obeyed(OPEN, "STOP", PAT).answer[1]
    listed = Standing(Address("orders@pine.example"), company=PAT.company, verified=True)
    assert "distribution list" in obeyed(OPEN, "STOP", listed).answer[1]


def test_following_works_on_a_closed_cr() -> None:
    """It may be opened again."""
    assert obeyed(at_step(Step.CLOSED), "FOLLOW", RAVI).fate is Fate.OBEYED
    assert obeyed(at_step(Step.TEST, Phase.WITHDRAWN), "FOLLOW", KIM).fate is Fate.OBEYED


def test_letters_reach_the_deputy_too() -> None:
    """Who stands in for somebody away reads what they would have read."""
    office = replace(STAFFED, absences=(Absence("lena", date(2026, 12, 11), "toby"),))
    decision = obeyed(OPEN, "COMMENT hello", PAT, office=office)
    assert told(decision) == {(Kind.COMMENT, "lena.brook"), (Kind.COMMENT, "toby.marsh")}
    prosaic = decide(OPEN, prose("hello"), office, MORNING)
    assert told(prosaic) == {(Kind.COMMENT, "lena.brook"), (Kind.COMMENT, "toby.marsh")}


def test_the_files_of_an_answer_go_with_it() -> None:
    """The CRPM gets them where it is proven who sent them; else they read what is kept."""
    sent = (Enclosure("ex.txt", "text/plain", b"An example."),)
    for standing, attached in ((PAT, sent), (UNPROVEN, ())):
        decision = decide(OPEN, replace(prose("The rest in the file.", standing), files=sent), STAFFED, MORNING)
        (letter,) = [one for one in letters_of(decision) if one.kind is Kind.COMMENT]
        assert (letter.context["files"], letter.enclosures) == (("ex.txt",), attached)


def test_what_the_originator_was_asked_is_said_beside_their_words() -> None:
    """The CRPM is reminded of the question, and led to its answer before anything is published."""
    closing = at_step(Step.TEST, closing=Closing("done", date(2026, 11, 30), "lena"))
    decision = decide(closing, prose("It is all fine with us now."), STAFFED, MORNING)
    (letter,) = [one for one in letters_of(decision) if one.kind is Kind.COMMENT]
    assert letter.context["awaited"] == "consent"
    offered, _ = of_letter(letter, STAFFED, MORNING.date())
    found = [(offer.verb, offer.does) for offer in offered.prominent]
    assert found[0] == ("CONSENT", "On the originator's word: close it")
    assert found[-1] == ("COMMENT", "Publish what they wrote")
    other = decide(closing, prose("It is all fine with us now.", KIM), STAFFED, MORNING)
    assert [one.context["awaited"] for one in letters_of(other)] == [""]
