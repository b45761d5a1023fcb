"""People as others write them: who is found, and who is asked back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.arguments.people import people, person
from bot.intake.arguments.unclear import Unclear
from bot.office.people import Person, Role
from tests.intake.arguments.office import ANITA, GRACE, JOE, JOEL, LENA, LUIS, NILS, OFFICE, RAY, STAFF


@pytest.mark.parametrize(
    ("written", "whom"),
    [
        ("Lena Brandt", LENA),
        ("lena brandt", LENA),
        ("Brandt, Lena", LENA),
        ("BRANDT, LENA.", LENA),
        ("brandt", LENA),
        ("Lena", LENA),
        ("@Lena Brandt", LENA),
        ("@Brandt, Lena", LENA),
        ("L. Brandt", LENA),
        ("Lena B.", LENA),
        ("lena.brandt@meridell.example", LENA),
        ("LENA.BRANDT@Meridell.Example", LENA),
        ("Lena Brandt <lena.brandt@meridell.example>", LENA),
        ('"Brandt, Lena" <lena.brandt@meridell.example>', LENA),
        ("<mailto:lena.brandt@meridell.example>", LENA),
        ("Lena Brandt lena.brandt@meridell.example", LENA),
        ("lena.brandt@meridell.example (Lena Brandt)", LENA),
        ("lena.brandt@ meridell.example", LENA),
        ("lena.brandt@meridell.example <mailto:lena.brandt@meridell.example>", LENA),
        ("Lennie <lena.brandt@meridell.example>", LENA),
        ("Luis Tafoya", LUIS),
        ("tafoya, luis", LUIS),
        ("Joe", JOE),
        ("Gra Whitcomb", GRACE),
        ("ray", RAY),
        ("Joe Castellano (Provisioning)", JOE),
    ],
)
def test_one_person(written: str, whom: Person) -> None:
    """By address, name, `Last, First`, short name, or a part of the name that is nobody else's."""
    assert person(written, OFFICE) == whom


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Pruitt", ("Anita Pruitt <anita.pruitt@meridell.example> or Ray Pruitt <ray.pruitt@meridell.example>",)),
        ("pruitt", ("could be",)),
        ("Lean Brandt", ("nobody called Lean Brandt", "Did you mean Lena Brandt")),
        ("lena.brand@meridell.example", ("nobody called", "Did you mean Lena Brandt")),
        ("Lena Brandt <luis.tafoya@meridell.example>", ("could be", "Luís Tafoya", "Lena Brandt")),
        ("Lena Brandt Nils Sorensen", ("nobody called",)),
        ("Zo\u00eb", ("nobody called Zo\u00eb on the list of the staff. CRPM: Lena Brandt", "Luís Tafoya")),
        ("", ("does not say whom",)),
        ("...", ("does not say whom",)),
        ("Jo", ("nobody called Jo",)),
    ],
)
def test_one_person_who_is_asked_back(written: str, said: tuple[str, ...]) -> None:
    """A name that fits nobody or two, with those it could be; an address that contradicts the name beside it."""
    with pytest.raises(Unclear) as unclear:
        person(written, OFFICE, Role.CRPM)
    for words in said:
        assert words in unclear.value.message


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Lena Brandt; Joe Castellano", (LENA, JOE)),
        ("Lena Brandt, Joe Castellano", (LENA, JOE)),
        ("Brandt, Lena; Castellano, Joe", (LENA, JOE)),
        ("Brandt, Lena, Castellano, Joe", (LENA, JOE)),
        ("Lena, Joe", (LENA, JOE)),
        ("Lena, Castellano, Joe, Nils", (LENA, JOE, NILS)),
        ("Lena and Joe", (LENA, JOE)),
        ("Lena, Joe, and Nils", (LENA, JOE, NILS)),
        ("Lena & Joe", (LENA, JOE)),
        ("Lena / Joe", (LENA, JOE)),
        ("Lena\nJoe", (LENA, JOE)),
        ("Pruitt, Anita", (ANITA,)),
        ("Pruitt, Anita, Pruitt, Ray", (ANITA, RAY)),
        ("lena.brandt@meridell.example, joe.castellano@meridell.example", (LENA, JOE)),
        ("Joe Castellano <joe.castellano@meridell.example>, Lena", (JOE, LENA)),
        ("Lena; Lena Brandt; brandt", (LENA,)),
        ("Lena;", (LENA,)),
    ],
)
def test_a_list(written: str, found: tuple[Person, ...]) -> None:
    """Parted by semicolons, lines, `and`; by commas where only one reading fits. Each stands in it once."""
    assert people(written, OFFICE) == found


@pytest.mark.parametrize(
    "written", ["Lena; Bo Lind; Joe", "Lena, Bo Lind, Joe", "Lena and Bo Lind and Joe", "Lena\nBo Lind\nJoe"]
)
def test_a_list_with_one_unknown(written: str) -> None:
    """Just that one is named."""
    with pytest.raises(Unclear) as unclear:
        people(written, OFFICE, Role.SME)
    assert unclear.value.message.startswith("There is nobody called Bo Lind on the list of the staff. SME: ")
    assert unclear.value.message.count("nobody") == 1
    assert "Lena" not in unclear.value.message


def test_a_list_with_one_doubtful() -> None:
    """Just that one is asked back, with those it could be."""
    with pytest.raises(Unclear) as unclear:
        people("Lena; Pruitt; Joe", OFFICE)
    assert unclear.value.message.startswith("Pruitt could be Anita Pruitt")
    assert "Castellano" not in unclear.value.message


def test_a_list_of_commas_without_end() -> None:
    """It is asked back, and costs little."""
    with pytest.raises(Unclear, match="semicolons"):
        people("Lena, Joe, " * 500, OFFICE)


@given(st.lists(st.sampled_from([LENA, LUIS, GRACE, NILS, JOE, JOEL]), min_size=1, max_size=6, unique=True), st.data())
def test_whoever_is_named_is_found(whom: list[Person], draw: st.DataObject) -> None:
    """In whatever way each is written and the list is parted."""
    ways = [
        lambda one: one.name,
        lambda one: ", ".join(reversed(one.name.split())),
        lambda one: one.address.email,
        lambda one: str(one.address),
        lambda one: one.name.split()[1],
    ]
    between = draw.draw(st.sampled_from(["; ", ";", "\n", " and ", ", "]))
    written = between.join(draw.draw(st.sampled_from(ways))(one) for one in whom)
    assert people(written, OFFICE) == tuple(whom)


@given(st.text(max_size=60))
def test_no_name_is_too_strange(text: str) -> None:
    """It is somebody of the staff, or asked back."""
    try:
        assert {*people(text, OFFICE)} <= {*STAFF}
    except Unclear as unclear:
        assert unclear.message
