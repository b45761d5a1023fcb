"""The replies: each a row of who writes what with which program, and the raw mail that comes of it.

Its one rule: what is quoted always holds commands that bind nobody, at the start of their lines: of a colleague, who
quotes a real letter of ours himself.
"""

from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

from bot.edge.templates import Templates
from bot.mail.letter import Kind
from tests.mail.replies.languages import LANGUAGES
from tests.mail.replies.pieces import Bodies, Older, Scene, divs, inner, marked, page
from tests.mail.replies.programs import Program
from tests.mail.replies.said import BANNERS, SAID, SIGNED, Read
from tests.posting.samples import OFFICE, TABLE, TEMPLATES, contexts, letter

FOREIGN = "APPROVE\nNOTE of somebody else\nCLOSE everything is done\nHELP"
SENDER = "Ruth Calloway <ruth.calloway@meridell.example>"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply. `says`, `signed` and `banner` are keys of what is said; `parts` are both, text or html; `quotes` is the
    letter that stands in the quotation, alone or below a colleague's own commands (`colleague`)."""

    program: Program
    language: str = "english"
    says: str = "approve"
    signed: str = ""
    layout: str = "top"
    parts: str = "both"
    charset: str = "utf-8"
    encoding: str = "quoted-printable"
    quotes: Kind = Kind.FORWARD
    colleague: bool = True
    banner: str = ""
    flowed: bool = False

    def __str__(self) -> str:
        more = (self.says, self.signed and f"signed {self.signed}", self.banner and f"banner {self.banner}")
        kind = (self.layout, self.parts, self.charset, self.encoding, "flowed" if self.flowed else "")
        return ", ".join(filter(None, (self.program.__name__, self.language, *more, *kind)))

    @property
    def read(self) -> Read:
        """The commands that must be read; none for prose."""
        return SAID[self.says].read

    def raw(self) -> bytes:
        """The mail as it comes from the wire."""
        words, quoted = LANGUAGES[self.language], older(self.quotes, colleague=self.colleague)
        bodies = self.program(Scene(SAID[self.says].words, SIGNED[self.signed], quoted, words, self.layout))
        bodies = _below_banner(bodies, BANNERS[self.banner])
        text = "" if self.parts == "html" else _flow(bodies.text) if self.flowed else bodies.text
        html = "" if self.parts == "text" else bodies.html
        return wire(Bodies(text, html), self.charset, self.encoding, flowed=self.flowed)


@cache
def older(kind: Kind = Kind.FORWARD, *, colleague: bool = True) -> Older:
    """A letter of ours as it went out; or a colleague's reply to it, sent on."""
    rendered = Templates(TEMPLATES, OFFICE, TABLE).letter(letter(kind, contexts()[kind]))
    if not colleague:
        return Older(rendered.text.rstrip("\n"), rendered.html)
    attribution = "On Mon, Nov 23, 2026 at 8:02 AM Meridell CMP <cmpcr@meridell.example> wrote:"
    text = f"{FOREIGN}\n\n{attribution}\n\n{marked(rendered.text.rstrip(chr(10)))}"
    quote = f'<div class="gmail_quote">{divs(attribution)}<blockquote>{inner(rendered.html)}</blockquote></div>'
    return Older(text, page(divs(FOREIGN) + quote))


def _below_banner(bodies: Bodies, banner: str) -> Bodies:
    """The bodies with what the gate of the recipient's company puts on top."""
    if not banner:
        return bodies
    html = f'<div style="background-color:#FFEB9C;border:1px solid">{banner}</div><br>'
    above, body, below = bodies.html.partition("<body>")
    return Bodies(f"{banner}\n\n{bodies.text}", f"{above}{body}{html}{below}" if body else html + bodies.html)


def wire(bodies: Bodies, charset: str = "utf-8", encoding: str = "quoted-printable", *, flowed: bool = False) -> bytes:
    """A whole mail of a text, of HTML, or of both as alternatives."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = SENDER
    mail["To"] = "Meridell CMP <cmpcr@meridell.example>"
    mail["Subject"] = "Re: [PC112226-1] Your part in this change request"
    mail["Date"] = "Tue, 24 Nov 2026 10:01:00 -0700"
    mail["Message-ID"] = "<20261124.1@mail.meridell.example>"
    mail["In-Reply-To"] = "<1@meridell.example>"
    text, html = (_fitting(body, charset) for body in (bodies.text, bodies.html))
    if text:
        mail.set_content(text, charset=charset, cte=encoding, params={"format": "flowed"} if flowed else {})
    if html:
        add = mail.add_alternative if text else mail.set_content
        add(html, subtype="html", charset=charset, cte=encoding)
    return mail.as_bytes()


def _fitting(text: str, charset: str) -> str:
    """Characters that a charset has not become question marks, as in the programs."""
    return text.encode(charset, "replace").decode(charset)


def _flow(text: str) -> str:
    """Lines of RFC 3676: broken at 72 with a blank before the break."""
    return "\n".join(_flowed_line(line) for line in text.split("\n"))


def _flowed_line(line: str) -> str:
    if line == "-- ":
        return line
    mark = line[: len(line) - len(line.lstrip("> "))] if line.startswith(">") else ""
    rows = [mark]
    for word in line[len(mark) :].rstrip().split(" "):
        if len(rows[-1]) + len(word) > 72:
            rows.append(mark)
        rows[-1] += f"{word} "
    stuffed = (f" {row}" if row.startswith(("From ", " ")) else row for row in rows)
    return "\n".join(stuffed).rstrip(" ")


def variants(reply: Reply, **each: object) -> tuple[Reply, ...]:
    """A reply in several ways: `language=("english", "german")`."""
    ((name, values),) = each.items()
    assert isinstance(values, tuple)
    return tuple(replace(reply, **{name: value}) for value in values)
