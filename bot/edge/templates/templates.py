"""Templates: each letter and page put into words by its template.

Its one rule: what comes out depends on what is given alone; what is kept from one letter to the
next only saves work.
"""

from base64 import b64encode
from collections.abc import Hashable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

from jinja2 import Template, TemplateError
from jinja2.exceptions import TemplateSyntaxError
from markupsafe import Markup

from bot.edge.templates.defects import defects, failed, ill_written
from bot.edge.templates.engine import COMPILED, Sources, engine
from bot.edge.templates.vocabulary import ENDING, filters, spoken
from bot.errors import BrokenTemplate
from bot.intake.form import FieldTable, Value
from bot.mail.compose import message_id
from bot.mail.letter import Letter, Rendered
from bot.mail.mailto import mailto
from bot.office.office import Office
from bot.posting.bearings import bearings
from bot.posting.public import Line
from bot.posting.register import Printed, scripted
from bot.posting.words import Words, fact_lines
from bot.workflow.offer import Offer, Offers

SUBJECT = "Subject: "
NOTHING = Offers()
SHARED = 1024
"""Parts of pages that are kept in words, because many pages have the same: their top, their foot, a step ahead."""


class Templates:
    """The templates of one folder, compiled when first used. `kept` is a folder of our own in which
    their compiled form waits for the next start: compiling them takes a tenth of a second."""

    def __init__(self, folder: Path, office: Office, table: FieldTable, kept: Path | None = None) -> None:
        self._folder = folder
        self._house = office.organisation.address
        self._words = Words(table)
        self._form: Mapping[str, Value] = {}
        self._told = ("", Markup())
        self._now: datetime | None = None
        self._loaded: dict[str, Template] = {}
        self._sources = Sources(folder)
        self._environment = engine(self._sources, kept)
        self._environment.filters.update(filters(office))
        self._environment.globals.update(
            spoken(office, self._words),
            shared=lru_cache(SHARED)(self._part),
            facts_text=lambda form: self._facts(form)[0],
            facts_html=lambda form: self._facts(form)[1],
            standing_of=lambda change: bearings(change, office, self._now),
        )

    def letter(
        self, letter: Letter, offered: Offers = NOTHING, code: str = "", now: datetime | None = None
    ) -> Rendered:
        """A letter put into words: subject, text and HTML. It ends with what its recipient is offered to
        do by a reply, and with the code that vouches for that. By `now` (aware), when it is written, it
        says which meetings are over.

        Raises ValueError for a text template whose first line is not the subject.
        """
        self._now = now
        context = {**letter.context, "number": letter.number, "to": letter.to, "attached": bool(letter.enclosures)}
        first, _, text = self._render(f"mail/{letter.kind}.txt", context).partition("\n")
        if not first.startswith(SUBJECT):
            raise ValueError(f"the first line of mail/{letter.kind}.txt must be its subject")
        subject = " ".join(first.removeprefix(SUBJECT).split())
        ending = {"offered": offered, "code": code, "link": partial(self._link, letter, code)}
        text = _closed_up(f"{text}\n\n{self._render('mail/ending.txt', ending)}").strip("\n") + "\n"
        html = self._render(f"mail/{letter.kind}.html", context)
        return Rendered(subject, text, html.replace(ENDING, self._render("mail/ending.html", ending), 1))

    def _link(self, letter: Letter, code: str, offer: Offer) -> str:
        """The link that opens the mail with which somebody takes up an offer."""
        house = self._house
        body = f"{offer.line}\n\n# {code}" if code else offer.line
        return mailto(house.email, f"[{letter.number}] {offer.verb}", body, message_id(letter.id, house.domain))

    def page(self, name: str, context: Mapping[str, object]) -> str:
        """A page of the posting; `name` is its template under site/."""
        return self._render(f"site/{name}", context)

    def printed(self, line: Line) -> Printed:
        """A line of the register in words."""
        return Printed(line.number, self._render("site/line.html", {"line": line}), scripted(line))

    def _part(self, name: str, **context: Hashable) -> Markup:
        """A part of a page of the posting."""
        return Markup(self._render(f"site/{name}.html", context))  # noqa: S704 - the template escapes

    def sheet(self, name: str, context: Mapping[str, object]) -> str:
        """A page that stands alone: it holds the style sheet of the posting, which its policy allows by the
        hash; `name` is its template under site/."""
        style = self.asset("site/site.css").decode()
        digest = b64encode(sha256(style.encode()).digest()).decode()
        held = {"style": Markup(style), "style_hash": digest}  # noqa: S704 - ours
        return self._render(f"site/{name}", {**context, **held})

    def tray(self, name: str, context: Mapping[str, object]) -> str:
        """A page of the demo's mail tray; `name` is its template under tray/."""
        return self._render(f"tray/{name}", context)

    def asset(self, name: str) -> bytes:
        """A file that is no template, such as `site/site.css`."""
        return (self._folder / name).read_bytes()

    def _facts(self, form: Mapping[str, Value]) -> tuple[str, Markup]:
        """The fields of a form in words, as text and as HTML. The letters about one form are
        rendered one after the other, so the last form's words are kept."""
        if form is not self._form:
            facts = self._words.facts(form)
            html = self._render("mail/facts.html", {"facts": facts})
            self._form, self._told = form, (fact_lines(facts), Markup(html))  # noqa: S704 - the template escapes
        return self._told

    def _render(self, name: str, context: Mapping[str, object]) -> str:
        template = self._loaded.get(name)
        try:
            if template is None:
                template = self._loaded[name] = self._environment.get_template(name)
            return template.render(context)  # one that it includes may be the broken one
        except TemplateSyntaxError as error:
            raise ill_written(error, name) from error
        except TemplateError as error:  # a name that it misspells, or a template that is missing
            raise failed(error, name, self._folder) from error

    def load(self) -> None:
        """Read every template now, so that what becomes of the files concerns only who reads them next. One that is
        broken is left for whoever asks for it."""
        for name in self._environment.list_templates(COMPILED):
            with suppress(OSError, UnicodeDecodeError):
                self._sources.get_source(self._environment, name)

    def broken(self) -> Iterator[BrokenTemplate]:
        """The templates of the folder that are none any more, by name, and those that are missing. Raises OSError
        for a folder without any."""
        return defects(self._folder, self._environment)


def _closed_up(text: str) -> str:
    """A text without the blank lines that parts which turned out empty leave behind. Looking for the plain string costs
    a fiftieth of what a pattern does."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text
