"""Who opens attachments, and whether they can. Its one rule: it is tried with a form of ours."""

from collections.abc import Iterator

from bot.cli.checks.finding import Finding
from bot.config import Settings
from bot.edge.clock import Clock
from bot.edge.confine import FILES, NETWORK
from bot.edge.converter import find_office, works
from bot.edge.sandbox import Sandbox
from bot.intake.file.opened import Forms
from bot.intake.paper.blank import blank
from bot.mail.message import Attachment

CONFINED = (NETWORK, FILES)
PACKAGES = "libreoffice-writer-nogui libreoffice-calc-nogui"


def attachments(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether a form of each kind is read within the limits."""
    for shape in ("docx", "xlsx", "txt"):
        with Sandbox(settings.table, settings.sandbox) as sandbox:
            content = blank(settings.table, shape, {"title": "A form to see that forms are read"})
            opened = sandbox.open(Attachment(f"form.{shape}", "", content))
        well = isinstance(opened, Forms)
        remedy = "" if well else "attachments cannot be opened here; raise the figures under limits.attachment"
        yield Finding("attachments", f"a .{shape} form is {'read' if well else f'NOT read: {opened}'}", remedy)


def confinement(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """What the kernel keeps from whoever opens attachments. Nothing to mend where it can do less: the
    limits on time and memory hold everywhere."""
    with Sandbox(settings.table, settings.sandbox) as sandbox:
        held = sandbox.confinement()
    missing = " and ".join(what for what in CONFINED if what not in held)
    words = f"the child has {'; '.join(held)}" if held else "the child is bound in time and memory"
    yield Finding("confinement", f"{words}; this kernel cannot promise {missing}" if missing else words)


def old_files(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """LibreOffice is wanted, not needed: without it the senders of old files are asked for new ones."""
    office = find_office()
    if office is None:
        asked = "there is no LibreOffice: who sends .doc, .rtf, .odt, .xls or .ods is asked for .docx or .xlsx"
        yield Finding("old files", asked, f"to read them: apt install {PACKAGES}", chosen=True)
        return
    remedy = "" if works(office) else f"{office.program} converts nothing here; install {PACKAGES} anew, or remove it"
    yield Finding("old files", f"LibreOffice {office.version} converts .doc, .rtf, .odt, .xls and .ods", remedy)
