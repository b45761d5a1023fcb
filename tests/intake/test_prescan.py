"""The look at a container before it is opened (reliability T36, T37, T39)."""

import time
from collections.abc import Callable

import pytest

from bot.intake.prescan import MAX_ENTRIES, MAX_PART, Container, prescan
from tests.intake.office_files import directory_field, patched, word, zipped

PART = "word/document.xml"
GOOD = word("<w:p/>")
SIZE, PACKED, FLAGS, OFFSET = 24, 20, 8, 42


def test_a_form_passes_and_its_parts_are_read() -> None:
    """A sound container gives the unpacked bytes of each part."""
    container = prescan(GOOD)
    assert container.xml(PART).endswith(b"</w:document>")
    assert container.read("[Content_Types].xml").startswith(b"<?xml")


def many(count: int) -> bytes:
    """A container with so many parts."""
    return zipped({f"part{number}": b"" for number in range(count)})


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "parts": (lambda: many(MAX_ENTRIES + 1), "parts"),
    "ratio": (lambda: zipped({PART: b"\0" * 2**20 * 40}), "bytes long unpacked"),
    "entry": (lambda: directory_field(GOOD, PART, SIZE, 65 * 2**20), "bytes long unpacked"),
    "total": (lambda: zipped({f"{number}.xml": b"<a/>" * 2**15 * 2 for number in range(900)}), "larger than any form"),
    "encrypted": (lambda: directory_field(GOOD, PART, FLAGS, 0x80001), "encrypted"),
    "overlap": (lambda: directory_field(GOOD, PART, OFFSET, 0), "overlap"),
    "no directory": (lambda: GOOD[:200], "ends too early"),
    "junk behind": (lambda: b"junk" + GOOD, "in front of the file"),
    "directory": (lambda: patched(GOOD, b"PK\x01\x02", b"PK\x01\x03"), "damaged"),
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_what_no_form_has_is_refused(name: str) -> None:
    """Every kind of bomb is refused by its directory alone, in no time."""
    make, words = BOMBS[name]
    content = make()
    start = time.process_time()
    with pytest.raises(ValueError, match=words):
        prescan(content)
    assert time.process_time() - start < 0.2


@pytest.mark.parametrize("name", [b"a.xml", b"A.XML"])
def test_two_parts_of_one_name_are_refused(name: bytes) -> None:
    """Two readers could take different ones of two parts with one name; to Office capitals do not count."""
    content = zipped({"a.xml": b"<a/>", "b.xml": b"<b/>"}).replace(b"b.xml", name)
    with pytest.raises(ValueError, match=r"(?i)one name, a\.xml"):
        prescan(content)


@pytest.mark.parametrize("lie", [PART.swapcase().encode(), b"word/document.bin"])
def test_a_part_that_two_readers_would_call_differently_is_refused(lie: bytes) -> None:
    """A part's own header must call it what the directory calls it."""
    container = prescan(GOOD.replace(PART.encode(), lie, 1))
    with pytest.raises(ValueError, match="two things"):
        container.read(PART)


@pytest.mark.parametrize(
    ("behind", "passes"), [(b"\r\n", True), (b"\0" * 512, True), (b"<script>", False), (GOOD, False)]
)
def test_what_lies_behind_a_container(behind: bytes, *, passes: bool) -> None:
    """The line ends and zeros that mail programs leave are harmless; anything else is refused."""
    if passes:
        assert prescan(GOOD + behind).parts
        return
    with pytest.raises(ValueError, match="at its end"):
        prescan(GOOD + behind)


def test_a_name_with_a_zero_in_it_is_refused() -> None:
    """A name that ends earlier for some readers than for others is no name."""
    with pytest.raises(ValueError, match="name of one of its parts"):
        prescan(zipped({"axxml": b"<a/>"}).replace(b"axxml", b"a\0xml"))


@pytest.mark.parametrize("offset", range(0, len(GOOD), 7))
def test_damage_is_a_value_error(offset: int) -> None:
    """One changed byte anywhere either does no harm or is refused; nothing else is raised."""
    damaged = GOOD[:offset] + bytes([GOOD[offset] ^ 0x55]) + GOOD[offset + 1 :]
    try:
        container = prescan(damaged)
        for name in container.parts:
            container.read(name)
    except ValueError:
        pass


ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "lol">]><a>&b;</a>'


@pytest.mark.parametrize(
    "part",
    [
        ENTITY.encode(),
        ENTITY.encode("utf-16"),
        b"<a>" + b"".join(b"<b%d/>" % (number * 7919) for number in range(250_000)) + b"</a>",
    ],
    ids=["document type", "the same in UTF-16", "elements"],
)
def test_xml_that_no_form_has_is_refused(part: bytes) -> None:
    """A document type in any encoding, and more elements than any form, are not parsed."""
    container = prescan(zipped({PART: part}))
    with pytest.raises(ValueError, match=r"word/document\.xml"):
        container.xml(PART)


def test_a_part_that_lies_about_its_length_is_refused() -> None:
    """No more is unpacked than the directory promised."""
    container = prescan(directory_field(GOOD, PART, SIZE, 10))
    with pytest.raises(ValueError, match="as long as"):
        container.read(PART)


def test_a_long_part_is_not_unpacked() -> None:
    """A part beyond the limit is refused before it is unpacked."""
    part = prescan(GOOD).parts[PART]
    long = Container(GOOD, {PART: type(part)(PART, part.offset, part.packed, MAX_PART + 1, part.method, b"")}, 0)
    with pytest.raises(ValueError, match="too long"):
        long.xml(PART)
