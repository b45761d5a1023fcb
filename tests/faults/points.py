"""Points: where a `kill -9` is put, by the names of the steps of a mail's life (reliability.md F1).

Its one rule: a point names an attribute of the program as it is; nothing in the program knows of it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Scene(StrEnum):
    """What has to be there for a point to be reached."""

    PLAIN = "two forms in plain text"
    FILE = "a form in a file"
    REMINDER = "deadlines that are due"
    BOUNCE = "a letter of ours that comes back"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of death: `before` or `after` the nth call of an attribute, or `amid` it; `about` must occur in the
    call's arguments. In the `window` a letter may go out twice."""

    where: str
    when: Literal["before", "after", "amid"] = "after"
    about: str = ""
    nth: int = 1
    window: bool = False
    scene: Scene = Scene.PLAIN


def _mailbox(name: str, **more: int) -> Point:
    return Point(f"bot.edge.mailbox.line:Client.{name}", **more)  # type: ignore[arg-type]  # only counts


SEND = "smtplib:SMTP.send"

CHAPTERS: dict[str, dict[str, Point]] = {
    "start": {
        "database open": Point("bot.edge.store:Store.open_ready"),
        "dead work freed": Point("bot.edge.store:Store.release"),
    },
    "fetching": {
        "connect": Point("bot.edge.mailbox.session:connect"),
        "select": _mailbox("select_folder"),
        "list": _mailbox("search"),
        "fetch size": Point("bot.edge.mailbox.answers:stated"),
        "fetch body": Point("bot.edge.mailbox.fetching:Fetching._bodies"),
        "raw written": Point("bot.edge.store.mails:_insert"),
        "received row committed": Point("bot.edge.store.mails:Mails.keep"),
        "claimed": Point("bot.edge.store.mails:Mails.claim"),
    },
    "reading": {
        "child started": Point("bot.edge.sandbox_lane:Lane._start", scene=Scene.FILE),
        "child answered": Point("bot.edge.sandbox_lane:Lane._take", nth=2, scene=Scene.FILE),
        "child ended": Point("bot.edge.sandbox_lane:Lane._end", scene=Scene.FILE),
        "parsed": Point("bot.daemon.take_in:understand"),
        "read": Point("bot.daemon.take_in:read"),
    },
    "deciding": {
        "number taken": Point("bot.edge.store.unit:Unit.take"),
        "decided": Point("bot.daemon.take_in:decide"),
        "change request written": Point("bot.edge.store.unit:Unit._write_change"),
        "letters written": Point("bot.edge.store.unit:Unit._owe"),
        "filed, not committed": Point("bot.edge.store.unit:Unit.flush"),
        "CR, journal and outbox committed": Point("bot.daemon.take_in:_guarded"),
        "second CR committed": Point("bot.daemon.take_in:_guarded", nth=2),
    },
    "moving": {
        "moved": _mailbox("move"),
        "move noted": Point("bot.edge.store.mails:Mails.moved"),
    },
    "sending": {
        "outbox row claimed": Point("bot.edge.store.letters:Letters.owed"),
        "SMTP connect": Point("bot.edge.outbox:dial"),
        "MAIL": Point(SEND, about="MAIL FROM"),
        "RCPT": Point(SEND, about="RCPT TO"),
        "DATA": Point(SEND, about="'DATA"),
        "middle of body": Point(SEND, "amid", about="Message-ID"),
        "dot sent": Point(SEND, about="Message-ID", window=True),
        "250 read": Point("bot.edge.outbox:Outbox.send", window=True),
        "sent mark committed": Point("bot.edge.store.letters:Letters.delivered"),
    },
    "publishing": {
        "publish build": Point("bot.daemon.publish:place", "before"),
        "publish written aside": Point("bot.edge.site:Site._place", "before", nth=2),
        "publish rename": Point("pathlib:Path.replace", about="/.new/"),
        "publish in mid-rename": Point("pathlib:Path.replace", about="/.new/", nth=4),
        "publish synced": Point("bot.edge.site:_sync_folders"),
        "publish noted": Point("bot.daemon.publish:place"),
    },
    "clock and returns": {
        "reminder written": Point("bot.edge.store.unit:Unit.tell", scene=Scene.REMINDER),
        "reminder committed": Point("bot.daemon.remind:_told", scene=Scene.REMINDER),
        "reminders settled": Point("bot.daemon.remind:_tell_staff", scene=Scene.REMINDER),
        "DSN understood": Point("bot.daemon.bounce:reported", scene=Scene.BOUNCE),
        "DSN handled": Point("bot.daemon.take_in:_file_machine", scene=Scene.BOUNCE),
    },
}
"""The steps of a mail's life, in their order."""

POINTS = {name: point for chapter in CHAPTERS.values() for name, point in chapter.items()}

FLAGS: dict[str, Point] = {
    "copied": _mailbox("copy"),
    "flag set": _mailbox("delete_messages"),
    "expunged": _mailbox("uid_expunge"),
}
"""On a mail server that knows no MOVE."""

BACKUP: dict[str, Point] = {
    "copied": Point("bot.cli.backup:copy_into"),
    "verified": Point("bot.cli.backup:verified"),
    "about to be named": Point("bot.edge.store.backup:sync", nth=2),
    "named": Point("bot.cli.backup:place"),
}
"""Of `cmpbot backup`."""

STEP = "alembic.runtime.migration:HeadMaintainer.update_to_step"
"""Of a migration: each of its steps ends here."""
