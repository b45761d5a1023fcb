"""Templates: letters and pages put into words.

Its one rule: this is the only module that knows the template engine. HTML escapes everything, a
name that a template misspells is an error, and the same values give the same bytes.
"""

from base64 import b64encode
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from traceback import extract_tb
from typing import Any

import jinja2
from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    meta,
    nodes,
    select_autoescape,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import TemplateSyntaxError
from markupsafe import Markup, escape

from bot.errors import BrokenTemplate
from bot.intake.arguments.dates import in_words
from bot.intake.form import FieldTable, Value
from bot.mail.compose import message_id
from bot.mail.letter import Kind, Letter, Rendered
from bot.mail.mailto import mailto
from bot.office.office import Office
from bot.office.zone import ZONES
from bot.posting.agenda import packaged
from bot.posting.bearings import bearings, names, step_name
from bot.posting.difference import signs
from bot.posting.given import EVERYWHERE, GIVEN
from bot.posting.pages import path_of
from bot.posting.public import Line
from bot.posting.register import Printed, scripted
from bot.posting.words import (
    FLAGS,
    Words,
    block,
    called,
    clock,
    fact_lines,
    hour,
    local_time,
    moment,
    read_for,
    short,
    unread,
    us_date,
    wrap,
)
from bot.posting.words import kept as kept_lines
from bot.workflow.answers.adherence import COUNTING, counted, in_days
from bot.workflow.deadline import Deadline
from bot.workflow.offer import Offer, Offers

SUBJECT = "Subject: "
ENDING = Markup("<!--ending-->")  # where an HTML letter takes its ending; what people write is escaped
NOTHING = Offers()
SHARED = 1024
"""Parts of pages that are kept in words, because many pages have the same: their top, their foot, a step ahead."""
COMPILED = ("html", "txt", "svg")


# Part of the names of compiled templates: it changes with the engine, and has to be changed with
# the options of the environment below, which they are compiled for.
EDITION = f"cmpbot-1-{jinja2.__version__}-%s.cache"


class _Kept(FileSystemBytecodeCache):
    """Compiled templates in a folder; a disk that takes none is no reason to write no letter."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, if it can be kept."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


class _Sources(FileSystemLoader):
    """The templates of a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._read: dict[str, tuple[str, str, Callable[[], bool]]] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template, where it lies, and whether it is as it was."""
        if template not in self._read:
            self._read[template] = super().get_source(environment, template)
        return self._read[template]


class _Plain(Environment):
    """An environment whose templates look names up in one dictionary. Jinja's own layers (a ChainMap,
    for globals of a single template, which nobody has here) cost a fifth of rendering a letter."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: those of all."""
        return super().make_globals(d) if d else self.globals


class Templates:
    """The templates of one folder, compiled when first used. `kept` is a folder of our own in which
    their compiled form waits for the next start: compiling them takes a tenth of a second."""

    def __init__(self, folder: Path, office: Office, table: FieldTable, kept: Path | None = None) -> None:
        self._folder = folder
        self._loaded: dict[str, Template] = {}
        self._sources = _Sources(folder)
        self._environment = _Plain(
            loader=self._sources,
            autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=_Kept(str(kept), EDITION) if kept else None,
        )
        self._form: Mapping[str, Value] = {}
        self._told = ("", Markup())
        self._house = office.organisation.address
        self._words = words = Words(table)
        site, zone = office.organisation.site_url.rstrip("/"), office.calendar.zone
        self._environment.globals.update(
            organisation=office.organisation,
            shared=lru_cache(SHARED)(self._part),
            site=site,
            fields=words.rows,
            labels=words.labels,
            flag_words=FLAGS,
            facts_text=lambda form: self._facts(form)[0],
            facts_html=lambda form: self._facts(form)[1],
            heading_of=words.heading,
            asked_for=words.asked,
            named=words.named,
            altered=words.altered,
            read_for=read_for,
            unread=unread,
            due_dates=due_dates,
            zone_words=ZONES.get(str(zone), str(zone)),
            place_of_ending=ENDING,
            mailto=lambda subject, body: mailto(office.organisation.address.email, subject, body),
            counting=COUNTING,
            standing_of=lambda change: bearings(change, office),
            called=lambda to: called(to, office),
            names_of=lambda change, key: names(change, key, office),
            packaged=packaged,
            monthly=office.calendar.meeting,
            step_name=lambda step: step_name(step, office.organisation.name),
            meeting_url=lambda meeting: f"{site}/{path_of(f'meeting/{meeting}')}",
            page_url=lambda number: f"{site}/{path_of(f'cr/{number}')}",
        )
        self._environment.filters.update(
            us=us_date,
            full=in_words,
            local=lambda instant: local_time(instant, zone),
            moment=lambda instant: moment(instant, zone),
            clock=lambda instant: clock(instant, zone),
            hour=hour,
            day=lambda instant: us_date(instant.astimezone(zone)),
            short=short,
            wrap=wrap,
            block=block,
            kept=kept_lines,
            lines=lines,
            signs=signs,
            month=month_name,
            counted=counted,
            in_days=in_days,
        )

    def letter(self, letter: Letter, offered: Offers = NOTHING, code: str = "") -> Rendered:
        """A letter put into words: subject, text and HTML. It ends with what its recipient is offered to
        do by a reply, and with the code that vouches for that.

        Raises ValueError for a text template whose first line is not the subject.
        """
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
            raise _broken(error, name) from error
        except TemplateError as error:  # a name that it misspells, or a template that is missing
            raise self._failed(error, name) from error

    def _failed(self, error: TemplateError, name: str) -> BrokenTemplate:
        """What went wrong while a template was put into words, and in which line of which: it may be one that the
        template includes."""
        where = name
        for frame in extract_tb(error.__traceback__):
            if Path(frame.filename).is_relative_to(self._folder):
                where = f"{Path(frame.filename).relative_to(self._folder)}, line {frame.lineno}"
        return BrokenTemplate(f"template {where}: {error.message}")

    def load(self) -> None:
        """Read every template now, so that what becomes of the files concerns only who reads them next. One that is
        broken is left for whoever asks for it."""
        for name in self._environment.list_templates(COMPILED):
            with suppress(OSError, UnicodeDecodeError):
                self._sources.get_source(self._environment, name)

    def broken(self) -> Iterator[BrokenTemplate]:
        """The templates of the folder that are none any more, by name, and those that are missing. Raises OSError
        for a folder without any."""
        names = self._environment.list_templates(COMPILED)
        if not names:
            raise FileNotFoundError(f"no template lies in {self._folder}")
        letters = (self._folder / "mail").is_dir()
        wanted = {f"mail/{kind}.{ending}" for kind in Kind for ending in ("txt", "html") if letters}
        for name in sorted(wanted.difference(names)):
            yield BrokenTemplate(f"template {name} is missing")
        for name in names:
            written = (self._folder / name).read_bytes()
            try:
                tree = self._environment.parse(written.decode(), name)
                self._environment.compile(tree, name, raw=True)
            except TemplateSyntaxError as error:
                yield _broken(error, name)
            except UnicodeDecodeError as error:
                line = written.count(b"\n", 0, error.start) + 1
                yield BrokenTemplate(f"template {name}, line {line}: it is not written in UTF-8")
            else:
                yield from _astray(tree, name, names)
                yield from self._unknown(tree, name)

    def _unknown(self, tree: nodes.Template, name: str) -> Iterator[BrokenTemplate]:
        """The names in a template that nobody gives it, each with its first line. What it asks for with `is
        defined` may be missing."""
        given = GIVEN.get(name.partition("/")[0], frozenset().union(*GIVEN.values()))
        asked = {
            test.node.name
            for test in tree.find_all(nodes.Test)
            if isinstance(test.node, nodes.Name) and test.name in ("defined", "undefined")
        }
        unknown = meta.find_undeclared_variables(tree) - given - EVERYWHERE - asked - set(self._environment.globals)
        for node in tree.find_all(nodes.Name):
            if node.name in unknown:
                unknown.remove(node.name)
                yield BrokenTemplate(f"template {name}, line {node.lineno}: nothing is called {node.name} here")


def _astray(tree: nodes.Template, name: str, names: Collection[str]) -> Iterator[BrokenTemplate]:
    """What a template leads to that is not there."""
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        other = getattr(node, "template", None)
        if isinstance(other, nodes.Const) and other.value not in names:
            yield BrokenTemplate(f"template {name}, line {node.lineno}: there is no template {other.value}")


def _broken(error: TemplateSyntaxError, name: str) -> BrokenTemplate:
    return BrokenTemplate(f"template {error.name or name}, line {error.lineno}: {error.message}")


def _closed_up(text: str) -> str:
    """A text without the blank lines that parts which turned out empty leave behind. Looking for the plain string costs
    a fiftieth of what a pattern does."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def due_dates(deadlines: tuple[Deadline, ...]) -> dict[str, str]:
    """What is due when, by the kind's name: `due.CLARIFY`."""
    return {due.kind.name: us_date(due.by) for due in deadlines}


def month_name(key: str) -> str:
    """`2026-11` as people say it."""
    return datetime.strptime(key, "%Y-%m").strftime("%B %Y")  # noqa: DTZ007 - a month, not an instant


def lines(text: str) -> Markup:
    """A text with its line breaks, for HTML: mail clients know no `white-space: pre-wrap`."""
    if "\n" not in text:
        return escape(text)
    return Markup("<br>".join(str(escape(text)).splitlines()))  # noqa: S704 - escaped just before
