"""Furnish: what no change request alters of the posting: the style sheet, the blank forms and the page
of the workflow.

Its one rule: it is made anew when something that it is made of has changed, and every other page with it;
and not otherwise: a workbook takes a tenth of a second, which every start would wait for.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from bot.daemon.desk import Desk
from bot.daemon.mark import marked, put_down
from bot.daemon.place import Files, place
from bot.edge.store import Unit
from bot.intake import paper
from bot.intake.paper.blank import blanks
from bot.posting.forms import form_files, forms_page
from bot.posting.pages import ASSETS, FORMS
from bot.posting.rhythm import FURNITURE
from bot.workflow.package import agendas

MARK = "furniture"
"""The file that tells from what the furniture of the posting was made."""
TABLES = (
    "intake/verbs.py",
    "workflow/step.py",
    "workflow/enquiry.py",
    "workflow/party.py",
    "workflow/package.py",
)
"""What of the program the posting is made from, beside the posting's own room."""


def furnish(desk: Desk) -> bool:
    """Write the style sheet, the blank forms, the page that offers them and that of the workflow, where
    they are missing or out of date; True when they were. Whatever else there is, is out of date with them:
    it has a new look, or somebody has emptied the folder. Raises Trouble when the site cannot be written."""
    mark, made_of = desk.settings.kept / MARK, sources(desk.settings.path, desk.settings.forms, desk.settings.templates)
    if (desk.site.root / FORMS).exists() and marked(mark) == made_of:
        return False
    everything = {*desk.store.everything(), *(f"meeting/{day}" for day in agendas(desk.store.matters()))}

    def soil(unit: Unit) -> None:
        unit.pages.update(everything)

    place(desk, {FURNITURE: _furniture(desk)}, also=soil)
    put_down(mark, made_of)
    return True


def refurnish(desk: Desk) -> None:
    """Write it where it is not as it was written, and nothing else. Raises what `furnish` does."""
    place(desk, {FURNITURE: _furniture(desk)})


def _furniture(desk: Desk) -> Files:
    from bot.posting.process import workflow_page  # noqa: PLC0415 - most starts have no need of it

    organisation = desk.settings.office.organisation
    files = blanks(desk.settings.table, organisation)
    pages = (forms_page(files), workflow_page(organisation.name))
    assets = {name: desk.templates.asset(f"site/{name}") for name in ASSETS}
    written = {page.path: desk.templates.page(page.template, page.context) for page in pages}
    return {**assets, **form_files(files), **written}


@cache
def sources(config: Path, forms: Path, templates: Path) -> str:
    """A hash over the names and ages of the files that the posting is made of: the configuration, the
    field table, the templates, its writers, those of the forms and the tables of the workflow. Looked at
    once: a running program goes on with what it has read when it started."""
    writers = Path(paper.__file__).parent
    tables = (writers.parent.parent / name for name in TABLES)
    rooms = (writers, writers.parent.parent / "posting")
    code = (file for room in rooms for file in room.glob("*.py"))
    files = (config, *forms.glob("*.yaml"), *(templates / "site").iterdir(), *code, *tables)
    told = sorted((file.name, file.stat().st_mtime_ns) for file in files)
    return sha256(repr(told).encode()).hexdigest()
