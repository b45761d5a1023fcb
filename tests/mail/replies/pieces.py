"""What replies are made of: paragraphs, marks, labels. Its one rule: what is written, quoted and signed is the same for
all programs; how it is laid out is theirs (programs.py)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from tests.mail.replies.languages import ADDRESS, WHO, Language

BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)
ADDRESSED = re.compile(r"([\w.]+@[\w.]+\w)")
LONGEST = 76
TO, SUBJECT = "Calloway, Ruth", "[PC112226-1] Your part in this change request"


@dataclass(frozen=True, slots=True)
class Older:
    """The mail that is replied to."""

    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What one writes (`own`, with `signature` below it), to which mail, in whose language. `layout`: the own words
    stand on `top` of the quotation, `below` it, or `between` its halves, a line in each gap."""

    own: str
    signature: str
    older: Older
    words: Language
    layout: str = "top"

    @property
    def signed(self) -> str:
        """The own words with the signature below."""
        return f"{self.own}\n\n{self.signature}" if self.signature else self.own

    @property
    def quoted(self) -> str:
        """The HTML of the older mail, as it stands within another."""
        return inner(self.older.html)

    def labels(self, *, date: bool = False, address: str = f" <{ADDRESS}>") -> list[tuple[str, str]]:
        """The labels above an older mail, with what they say; `date`: the telephones' `Date` for `Sent`."""
        sender, sent, to, subject = self.words.labels
        when = self.words.date_label if date else sent
        return [(sender, f"{WHO}{address}"), (when, self.words.date), (to, TO), (subject, SUBJECT)]

    def block(self, rows: list[tuple[str, str]], bold: str = "") -> str:
        """Such labels as text; `bold` are marks around each."""
        return "\n".join(f"{bold}{label}{self.words.colon}{bold} {value}" for label, value in rows)

    def bold_block(self, rows: list[tuple[str, str]]) -> str:
        """The same as HTML."""
        return "<br>\n".join(f"<b>{label}{self.words.colon}</b> {linked(value)}" for label, value in rows)


@dataclass(frozen=True, slots=True)
class Bodies:
    """The two renderings that a program sends."""

    text: str
    html: str


def hard(text: str, width: int = LONGEST) -> str:
    """Lines broken as a program breaks them on sending."""
    return "\n".join("\n".join(wrap(line, width, break_long_words=False)) or line for line in text.split("\n"))


def marked(text: str, mark: str = "> ") -> str:
    """Quoted lines, as most programs mark them: no blank behind the mark of a blank line or of another mark."""
    return "\n".join(
        mark.rstrip() + line if line.startswith(">") else (mark + line).rstrip() for line in text.split("\n")
    )


def inner(html: str) -> str:
    """What stands in the body of a page."""
    found = BODY.search(html)
    return found[1] if found else html


def divs(text: str, tag: str = "div", empty: str = "<br>") -> str:
    """A paragraph for each line."""
    return "".join(f"<{tag}>{escape(line, quote=False) or empty}</{tag}>" for line in text.split("\n"))


def office(text: str) -> str:
    """The paragraphs of Outlook."""
    lines = (escape(line, quote=False) or "&nbsp;" for line in text.split("\n"))
    return "\n".join(f"<p class=MsoNormal>{line}<o:p></o:p></p>" for line in lines)


def page(body: str) -> str:
    """A whole page."""
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    return f"<html><head>{meta}</head><body>{body}</body></html>"


def linked(line: str) -> str:
    """A line of HTML, its address a link."""
    return escape(line, quote=False).replace(ADDRESS, f'<a href="mailto:{ADDRESS}">{ADDRESS}</a>')


def with_marks(scene: Scene, attribution: str, quoted: str, below_signature: str = "") -> str:
    """Attribution and marked quotation around the own words."""
    own = scene.signed
    match scene.layout:
        case "below":
            return f"{attribution}\n{marked(quoted)}\n\n{own}\n"
        case "between":
            lines = scene.own.split("\n")
            parts = halves(quoted, len(lines))
            talk = "".join(f"{marked(part)}\n\n{line}\n\n" for part, line in zip(parts, lines, strict=True))
            return f"{attribution}\n{talk}{scene.signature}\n"
    return f"{own}\n{below_signature}\n{attribution}\n\n{marked(quoted)}\n"


def halves(quoted: str, count: int) -> list[str]:
    """A quotation in pieces of about the same length."""
    lines = quoted.split("\n")
    size = len(lines) // count + 1
    return ["\n".join(lines[at * size : (at + 1) * size]) for at in range(count)]


def around(scene: Scene, quotation: str, own: str, gap: str = "<br>") -> str:
    """The quotation below or above the own words."""
    return f"{quotation}{gap}{own}" if scene.layout == "below" else f"{own}{gap}{quotation}"


def in_cites(scene: Scene, head: str, start: str, own: Callable[[str], str]) -> str:
    """Blockquotes around the own words; `start` opens one."""
    if scene.layout != "between":
        return around(scene, f"{head}{start}{scene.quoted}</blockquote>", own(scene.signed))
    lines = scene.own.split("\n")
    parts = halves(scene.older.text, len(lines))
    talk = (f"{start}{divs(part)}</blockquote>{own(line)}" for part, line in zip(parts, lines, strict=True))
    return head + "".join(talk) + own(scene.signature)
