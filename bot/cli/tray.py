"""The mail tray: the letters that went out in a demo, as pages to be read in a browser.

Its one rule: a letter is shown as the mail server took it; its HTML stands in a sandboxed frame.
"""

import email
import email.policy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.message import EmailMessage

from bot.edge.postoffice import Posted
from bot.edge.site import Site
from bot.edge.templates import Templates

SHOWN = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted")


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter of the tray as its pages show it."""

    name: str
    time: str
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    enclosures: tuple[tuple[str, bytes], ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the enclosures."""
        return tuple(name for name, _ in self.enclosures)


def show(place: int, posted: Posted, zone: tzinfo = UTC) -> Shown:
    """Take a sent letter apart; its time is of a zone."""
    mail = email.message_from_bytes(posted.raw, EmailMessage, policy=email.policy.default)
    bodies = {kind: part.get_content() for kind in ("plain", "html") if (part := mail.get_body((kind,)))}
    return Shown(
        name=f"letter-{place:03}",
        time=f"{(_dated(mail) or posted.at).astimezone(zone):%m/%d/%Y %H:%M}",
        to=", ".join(posted.to),
        subject=str(mail["Subject"]),
        headers=tuple((name, str(mail[name])) for name in SHOWN if mail[name]),
        text=bodies.get("plain", ""),
        html=bodies.get("html", ""),
        enclosures=tuple(_files(mail)),
    )


def _dated(mail: EmailMessage) -> datetime | None:
    """When a letter says that it was written: the demo's clock is put forward, that of its server is not."""
    at = getattr(mail["Date"], "datetime", None)
    return at if isinstance(at, datetime) else None


def message_id_of(posted: Posted) -> str:
    """The Message-ID of a sent letter."""
    return dict(show(0, posted).headers)["Message-ID"]


def subject_of(posted: Posted) -> str:
    """The subject of a sent letter."""
    return show(0, posted).subject


def write_tray(
    site: Site, templates: Templates, tray: Sequence[Posted], posting: str, zone: tzinfo
) -> tuple[Shown, ...]:
    """Write the tray's pages, their times in the zone of the templates' office; `posting` is where the posting is
    served. Gives what they show."""
    letters = tuple(show(place, posted, zone) for place, posted in enumerate(tray, 1))
    pages: dict[str, str | bytes] = {}
    for letter in letters:
        pages[f"{letter.name}.html"] = templates.tray("letter.html", {"letter": letter})
        pages[f"{letter.name}/body.html"] = letter.html
        for place, (_, content) in enumerate(letter.enclosures, 1):
            pages[f"{letter.name}/{place}.bin"] = content
    pages["index.html"] = templates.tray("index.html", {"letters": letters, "posting": posting})
    pages["tray.css"] = templates.asset("tray/tray.css")
    site.write(pages)
    return letters


def _files(mail: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every enclosure."""
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        yield part.get_filename() or "file", content if isinstance(content, bytes) else b""
