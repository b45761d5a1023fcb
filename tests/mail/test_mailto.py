"""mailto: a link that opens a mail says what we wrote, and nothing else."""

from urllib.parse import parse_qs, urlsplit

from bot.mail.mailto import mailto

HOUSE = "cmpcr@meridell.example"


def test_subject_and_body_come_back_as_they_were() -> None:
    """Line breaks, ampersands and other scripts included (RFC 6068 section 5)."""
    link = urlsplit(mailto(HOUSE, "[IN112226-1] a & b?", "One: 1\nTwo: ünd #2\n"))
    assert (link.scheme, link.path) == ("mailto", HOUSE)
    assert parse_qs(link.query, strict_parsing=True) == {
        "subject": ["[IN112226-1] a & b?"],
        "body": ["One: 1\r\nTwo: ünd #2\r\n"],
    }


def test_nothing_can_be_added_to_it() -> None:
    """What would be a field of its own stays in the field that it stands in."""
    hostile = 'x&cc=all@list.example\r\nBcc: y@z.example"><script>'
    link = mailto(HOUSE, hostile, hostile)
    assert set(parse_qs(urlsplit(link).query)) == {"subject", "body"}
    assert not set('"<>\r\n ') & set(link)
    assert mailto("a?b@c.example") == "mailto:a%3Fb@c.example"
