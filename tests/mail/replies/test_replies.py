"""Genuine replies, whole mails of many programs: the commands in them are read, and no others."""

import pytest

from bot.intake.file.opened import NoForm
from bot.intake.read import read
from bot.intake.request import Commands, Request, Submissions
from bot.mail.parse import parse
from tests.mail.replies.mails import Reply
from tests.mail.replies.others import Other, others
from tests.mail.replies.rows import REPLIES
from tests.posting.samples import TABLE

OTHERS = others()
MISREAD = frozenset({"aquamail"})
"""The address below a program's advertisement becomes part of the text."""


def understood(reply: Reply | Other) -> Request:
    """What the whole path makes of a mail."""
    return read(parse(reply.raw()), lambda _: NoForm(), TABLE)


def spoken(request: Request) -> tuple[tuple[str, str, str], ...]:
    """The commands of a request, arguments in one line."""
    if not isinstance(request, Commands):
        return ()
    return tuple((line.verb, " ".join(line.args.split()), line.number) for line in request.lines)


def misread(reply: Reply | Other) -> bool:
    """True where a mail is understood otherwise than it was meant, or taken for a form, or doubted."""
    request = understood(reply)
    doubted = isinstance(request, Commands) and request.doubtful
    return spoken(request) != reply.read or doubted or isinstance(request, Submissions)


def test_the_replies_are_many() -> None:
    """Two hundred and more from twenty programs in eight languages; a hundred of others; all of them different."""
    assert len(set(map(str, REPLIES))) == len(REPLIES) > 200
    assert len({reply.program for reply in REPLIES}) >= 20
    assert len({reply.language for reply in REPLIES}) >= 8
    assert len(set(map(str, OTHERS))) == len(OTHERS) > 90
    assert all("CLOSE everything is done" in parse(reply.raw()).text for reply in REPLIES if reply.colleague)


@pytest.mark.parametrize("reply", [*REPLIES, *OTHERS], ids=str)
def test_a_reply_is_read_as_it_was_meant(reply: Reply | Other) -> None:
    """What was written on top, below or between is read; of what is quoted, signed or put above, nothing. One
    reply of them all is misread, and it orders no more than it should."""
    commands = spoken(understood(reply))
    assert [command[0] for command in commands] == [command[0] for command in reply.read]
    assert misread(reply) == (str(reply) in MISREAD), commands
