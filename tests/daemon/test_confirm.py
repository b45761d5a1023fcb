"""Commands that nothing proves, from mail to letter and back, on real stores."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.daemon.desk import Desk
from bot.edge.store import LetterState, StoredLetter
from bot.mail.letter import Kind, Letter
from bot.office.people import Address
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import DAY, MANAGER_ADDRESS, asked, at, opened, ordered, text_of, the_change
from tests.daemon.test_take_in import NOW

CODE = re.compile(r"cmp[a-z2-7]{56}")
PASSED = "Authentication-Results: mx.meridell.example; dmarc=pass header.from=meridell.example\n"
FORGED = "Authentication-Results: mx.meridell.example; dmarc=fail header.from=meridell.example\n"


def unproven(body: str, name: str = "order") -> bytes:
    """A mail in the CMP Manager's name that nothing proves."""
    return ordered(body, name, vouched=False)


def code_in(desk: Desk, letter: StoredLetter) -> str:
    """The code that a letter carries."""
    found = CODE.search(text_of(desk, letter))
    assert found
    return found[0]


def letter_to_manager(desk: Desk, name: str = "a letter") -> str:
    """The code of a letter of ours to the CMP Manager about the intake."""
    letter = Letter(name, Kind.REVIEW, Address(MANAGER_ADDRESS))
    return desk.code(letter, the_change(desk).key)


def parked(desk: Desk, body: str = "DROP spam\n") -> str:
    """An unproven mail waits; gives the code of the letter that asks about it."""
    assert arrive(desk, unproven(body)) == {Fate.PARKED: 1}
    return code_in(desk, letters(desk, Kind.CONFIRMATION)[-1])


def test_whoever_is_named_is_asked_and_can_vouch(desk: Desk) -> None:
    """Nothing is done until the code comes back; then it is done once, and the mail has its fate."""
    asked(desk)
    code = parked(desk)
    (letter,) = letters(desk, Kind.CONFIRMATION)
    assert letter.recipient == MANAGER_ADDRESS
    said = text_of(desk, letter)
    assert "DROP spam" in said
    assert "carries no Authentication-Results" in said
    assert the_change(desk).open
    assert arrive(desk, unproven(f"CONFIRM {code}\n", "yes")) == {Fate.OBEYED: 1}
    assert not the_change(desk).open
    assert {row.fate for row in desk.store.mails() if row.subject == "[IN112326-1] decide"} == {Fate.OBEYED}
    assert len(letters(desk, Kind.TRANSCRIPT)) == 1


def test_a_mail_is_confirmed_once(desk: Desk) -> None:
    """The second CONFIRM says when it was done, does nothing, and accuses nobody: its code is known."""
    asked(desk)
    code = parked(desk)
    arrive(desk, unproven(f"CONFIRM {code}\n", "yes"))
    before = the_change(desk)
    assert arrive(at(desk, NOW + DAY), unproven(f"CONFIRM {code}\n", "again")) == {Fate.REFUSED: 1}
    assert the_change(desk) == before
    assert "dealt with already on 11/23/2026" in text_of(desk, letters(desk, Kind.TRANSCRIPT)[-1])
    assert letters(desk, Kind.ATTEMPT) == []


def test_a_confirmation_ends(desk: Desk) -> None:
    """After its week the code says until when it was good."""
    asked(desk)
    code = parked(desk)
    late = at(desk, NOW + timedelta(days=7, hours=1))
    assert arrive(late, unproven(f"CONFIRM {code}\n", "late")) == {Fate.REFUSED: 1}
    assert the_change(desk).open
    assert "good until 11/30/2026" in text_of(desk, letters(desk, Kind.TRANSCRIPT)[-1])
    assert letters(desk, Kind.ATTEMPT) == []


def test_the_code_is_found_where_the_word_stands_alone(desk: Desk) -> None:
    """A reply that quotes our letter is enough."""
    asked(desk)
    code = parked(desk)
    body = (
        f"CONFIRM\n\nOn Mon, Nov 23, 2026 at 9:00 AM Meridell CMP <cmpcr@meridell.example> wrote:\n> CONFIRM {code}\n"
    )
    assert arrive(desk, unproven(body, "yes")) == {Fate.OBEYED: 1}


def test_the_code_counts_below_what_somebody_has_to_say(desk: Desk) -> None:
    """As an answer in words, under a subject of their own; without a good code it stays prose."""
    asked(desk)
    code = parked(desk)
    said = ordered(f"yes, that was me\n\nCONFIRM {code}\n", "yes", vouched=False, subject="your question")
    assert arrive(desk, said) == {Fate.OBEYED: 1}
    assert not the_change(desk).open


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code[:-1] + ("b" if code[-1] == "a" else "a"),
        lambda code: code[:-1],
        lambda code: "",
        lambda code: code + " \nDROP spam",
    ],
    ids=["changed", "cut", "without", "with another line"],
)
def test_no_other_code_confirms(desk: Desk, change: Callable[[str], str]) -> None:
    """A code that is not whole, none at all, and one with another command below it."""
    asked(desk)
    code = parked(desk)
    assert arrive(desk, unproven(f"CONFIRM {change(code)}\n", "yes")) == {Fate.REFUSED: 1}
    assert the_change(desk).open


def test_the_code_of_a_letter_confirms_nothing(desk: Desk) -> None:
    """And the code that confirms a mail vouches for no command."""
    asked(desk)
    code = parked(desk)
    other = letter_to_manager(desk)
    assert arrive(desk, unproven(f"CONFIRM {other}\n", "yes")) == {Fate.REFUSED: 1}
    assert arrive(desk, unproven(f"DROP spam\n# {code}\n", "more")) == {Fate.PARKED: 1}
    assert the_change(desk).open


def test_nobody_confirms_for_somebody_else(desk: Desk) -> None:
    """The code is good from the address that it was sent to, however well another one is proven."""
    asked(desk)
    code = parked(desk)
    other = ordered(f"CONFIRM {code}\n", "yes").replace(b"marta.ellison", b"daniel.okafor")
    assert arrive(desk, other) == {Fate.REFUSED: 1}
    assert the_change(desk).open


def test_a_name_is_used_three_times_an_hour_at_the_most(desk: Desk) -> None:
    """An attacker cannot flood anybody: what is over goes to the CMP Manager, once an hour."""
    asked(desk)
    forged = [unproven(f"DROP spam {number}\n", f"n{number}") for number in range(8)]
    assert arrive(desk, *forged) == {Fate.PARKED: 8}
    assert len(letters(desk, Kind.CONFIRMATION)) == 3
    (told,) = [letter for letter in letters(desk, Kind.REVIEW) if "than we ask about" in text_of(desk, letter)]
    assert told.recipient == MANAGER_ADDRESS
    assert arrive(at(desk, NOW + timedelta(minutes=61)), unproven("DROP spam\n", "next")) == {Fate.PARKED: 1}
    assert len(letters(desk, Kind.CONFIRMATION)) == 4


def test_what_is_refused_anyway_is_told_within_the_same_budget(desk: Desk) -> None:
    """Letters about refusals do not flood the person that a forger names either."""
    asked(desk)
    forged = [
        unproven(f"DROP spam {number}\n", f"n{number}").replace(b"marta.ellison", b"anita.pruitt")
        for number in range(8)
    ]
    assert arrive(desk, *forged) == {Fate.REFUSED: 8}
    sent = [letter for letter in letters(desk, Kind.ATTEMPT) if letter.state is not LetterState.WITHHELD]
    assert {letter.recipient for letter in sent} == {"anita.pruitt@meridell.example"}
    assert len(sent) == 3
    assert letters(desk, Kind.TRANSCRIPT) == []


def test_a_sender_whom_nobody_knows_is_not_answered(desk: Desk) -> None:
    """No letter to a bystander: the CMP Manager hears of it."""
    asked(desk)
    count = len(letters(desk, Kind.REVIEW))
    stranger = unproven("DROP spam\n").replace(MANAGER_ADDRESS.encode(), b"x@nowhere.example")
    assert arrive(desk, stranger) == {Fate.PARKED: 1}
    assert the_change(desk).open
    assert len(letters(desk, Kind.REVIEW)) == count + 1
    assert "x@nowhere.example" not in {letter.recipient for letter in desk.store.letters()}


def test_everybody_named_in_a_doubled_from_is_told(desk: Desk) -> None:
    """Such a mail is never confirmed: it is refused, and those whose names it uses hear of it."""
    asked(desk)
    doubled = PASSED.encode() + b"From: Daniel Okafor <daniel.okafor@meridell.example>\n" + unproven("DROP spam\n")
    assert arrive(desk, doubled) == {Fate.REFUSED: 1}
    assert the_change(desk).open
    assert {letter.recipient for letter in letters(desk, Kind.ATTEMPT)} == {
        MANAGER_ADDRESS,
        "daniel.okafor@meridell.example",
    }
    assert letters(desk, Kind.CONFIRMATION) == []


def test_every_refusal_and_every_wait_stands_in_the_journal(desk: Desk) -> None:
    """With the reason, by nobody whom it names, and never posted."""
    asked(desk)
    parked(desk)
    rows = [entry.row for entry in desk.store.journal("IN112326-1")]
    row = rows[-1]
    assert "Waits for a confirmation by ellison" in row.description
    assert "no Authentication-Results" in row.description
    assert "DROP spam" in row.description
    assert not row.public
    assert row.by == "bot"


def test_the_code_of_a_letter_vouches_where_the_border_is_silent(desk: Desk) -> None:
    """Whoever answers our letter with its code is obeyed at once."""
    asked(desk)
    assert arrive(desk, unproven(f"DROP spam\n\n> Code: {letter_to_manager(desk)}\n")) == {Fate.OBEYED: 1}
    assert not the_change(desk).open


def test_a_reply_to_our_letter_needs_no_other_proof(desk: Desk) -> None:
    """The letter as it is, quoted below one word, from the address that it was sent to."""
    asked(desk)
    arrive(desk, unproven("What is this about?\n", "prose").replace(b"marta.ellison", b"nils.sorensen"))
    letter = next(each for each in letters(desk, Kind.COMMENT) if each.recipient == MANAGER_ADDRESS)
    body = opened(desk, letter).get_body(("plain",))
    assert body is not None
    quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines())
    raw = unproven(f"DROP spam\n\nOn Mon, Nov 23, 2026, Meridell CMP <cmpcr@meridell.example> wrote:\n{quoted}")
    assert arrive(desk, raw) == {Fate.OBEYED: 1}
    assert not the_change(desk).open
    other = raw.replace(b"marta.ellison", b"daniel.okafor").replace(b"<order@", b"<other@").replace(b"DROP", b"LOG")
    assert arrive(desk, other) == {Fate.REFUSED: 1}


def test_a_code_is_used_up_by_what_it_did(desk: Desk) -> None:
    """The second time it says when it was done; another verb may still use it."""
    asked(desk)
    code = letter_to_manager(desk)
    assert arrive(desk, unproven(f"RETURN please name the product\n# {code}\n", "one")) == {Fate.OBEYED: 1}
    assert arrive(at(desk, NOW + DAY), unproven(f"RETURN once more\n# {code}\n", "two")) == {Fate.REFUSED: 1}
    assert "done already, on 11/23/2026" in text_of(desk, letters(desk, Kind.TRANSCRIPT)[-1])
    assert len(letters(desk, Kind.RETURNED)) == 1
    assert arrive(at(desk, NOW + DAY), unproven(f"DROP spam\n# {code}\n", "three")) == {Fate.OBEYED: 1}


def test_a_refused_mail_uses_no_code_up(desk: Desk) -> None:
    """Nothing was done, so nothing is used."""
    asked(desk)
    code = letter_to_manager(desk)
    assert arrive(desk, unproven(f"RETURN\n# {code}\n", "one")) == {Fate.REFUSED: 1}
    assert arrive(desk, unproven(f"RETURN please sign it\n# {code}\n", "two")) == {Fate.OBEYED: 1}


def test_a_mail_that_comes_again_under_another_id_does_nothing(desk: Desk) -> None:
    """However well it is proven: the same words of the same moment were obeyed already."""
    asked(desk)
    assert arrive(desk, ordered("RETURN please sign it\n", "one")) == {Fate.OBEYED: 1}
    assert arrive(desk, ordered("RETURN please sign it\n", "two")) == {Fate.REFUSED: 1}
    assert "obeyed already, on 11/23/2026" in text_of(desk, letters(desk, Kind.TRANSCRIPT)[-1])
    assert len(letters(desk, Kind.RETURNED)) == 1


def test_the_same_bytes_are_one_mail(desk: Desk) -> None:
    """Ten times over: one effect and one letter."""
    asked(desk)
    mail = ordered("RETURN please sign it\n")
    for number in range(10):
        arrive(desk, b"X-Copy: %d\n" % number + mail)
    assert len(letters(desk, Kind.RETURNED)) == 1
    assert len(letters(desk, Kind.TRANSCRIPT)) == 1


def test_a_subject_that_names_another_change_request_is_asked_about(desk: Desk) -> None:
    """A mail's thread and its subject must agree, for a subject can be written over somebody's mail."""
    letter = asked(desk)
    raw = ordered("DROP spam\n", subject="[PC112326-9] decide").replace(
        b"To: cmpcr", f"In-Reply-To: {letter.message_id}\nTo: cmpcr".encode()
    )
    assert arrive(desk, raw) == {Fate.REFUSED: 1}
    assert the_change(desk).open


def test_both_may_be_asked_for(desk: Desk) -> None:
    """With `trust.require: both` neither the border nor the code is enough."""
    asked(desk)
    office = desk.settings.office
    strict = replace(office, trust=replace(office.trust, require=type(office.trust.require)("both")))
    wary = replace(desk, settings=replace(desk.settings, office=strict))
    code = letter_to_manager(desk)
    assert arrive(wary, ordered("DROP spam\n", "one")) == {Fate.PARKED: 1}
    assert arrive(wary, unproven(f"DROP spam\n# {code}\n", "two")) == {Fate.PARKED: 1}
    assert arrive(wary, ordered(f"DROP spam\n# {code}\n", "three")) == {Fate.OBEYED: 1}


def test_the_border_s_no_outweighs_a_code(desk: Desk) -> None:
    """A letter that was passed on does not help a forger whom the border has seen through."""
    asked(desk)
    forged = FORGED.encode() + unproven(f"DROP spam\n# {letter_to_manager(desk)}\n")
    assert arrive(desk, forged) == {Fate.PARKED: 1}
    assert the_change(desk).open


def test_the_letter_opens_the_right_mail(desk: Desk) -> None:
    """Its link is a mail to us that says CONFIRM and the code, and nothing else."""
    asked(desk)
    code = parked(desk)
    body = opened(desk, letters(desk, Kind.CONFIRMATION)[0]).get_body(("html",))
    assert body is not None
    assert f"mailto:cmpcr@meridell.example?subject=Confirm&amp;body=CONFIRM%20{code}" in body.get_content()
