"""python -m bench.forms: what one form costs by its format, from bytes to Submission.

Each file goes through the real sandbox, warm, one after the other; the processor time is that of this
process, of the child that reads and of LibreOffice where a format needs it. Then a mail's worth of
each, with the parsing of the mail, announced ahead as the daemon does: forms a second on this machine.
"""

import argparse
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.latency import cpu
from bench.mails import excel, form_fields, mail, word
from bot.edge.converter import Office, convert, find_office
from bot.edge.sandbox import Sandbox, SandboxLimits
from bot.intake.file.opened import Conversion, Forms
from bot.intake.judge import judge
from bot.intake.read import read
from bot.intake.request import Submissions
from bot.mail.message import Attachment
from bot.mail.parse import parse
from tests.intake.forms import SENDER, TABLE

Fields = list[tuple[str, str]]
OLD = {"doc": "docx", "rtf": "docx", "odt": "docx", "xls": "xlsx", "ods": "xlsx"}
"""Formats that go through LibreOffice, and what they are made from."""


def page(fields: Fields) -> bytes:
    """An HTML form: a table of two columns."""
    rows = "".join(f"<tr><td>{label}</td><td>{text}</td></tr>" for label, text in fields)
    return f"<html><body><table>{rows}</table></body></html>".encode()


def lines(fields: Fields) -> bytes:
    """A text form."""
    return "".join(f"{label}: {text}\n" for label, text in fields).encode()


MAKERS: dict[str, Callable[[Fields], bytes]] = {"docx": word, "xlsx": excel, "txt": lines, "html": page}


WARM = 3
"""Files of a format that are read before those that count."""
BATCH = 50


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds for one form: of processor time in all processes, and by the wall."""

    cpu: float
    wall: float


def files(kind: str, count: int, office: Office | None) -> list[Attachment]:
    """Different forms in one format; an old one is made from a new one by LibreOffice."""
    forms = (form_fields(random.Random(number), number) for number in range(count))
    contents = [MAKERS[OLD.get(kind, kind)](fields) for fields in forms]
    if kind in OLD and office:
        contents = [aged(content, kind, office) for content in contents]
    return [Attachment(f"form {at}.{kind}", "", content) for at, content in enumerate(contents)]


def aged(content: bytes, kind: str, office: Office) -> bytes:
    """A new file as an old one."""
    made = convert(content, Conversion("file", kind), office)
    if not isinstance(made, bytes):
        raise SystemExit(f"LibreOffice makes no {kind} here: {made}")
    return made


def submitted(box: Sandbox, file: Attachment) -> None:
    """A file's one form, judged; ends the program where it is not whole."""
    opened = box.open(file)
    if not isinstance(opened, Forms):
        raise SystemExit(f"{file.name} was not read: {opened}")
    submission = judge(opened.forms[0], TABLE, SENDER, opened.format)
    if not submission.complete:
        raise SystemExit(f"{file.name} was not read whole: {submission.problems}")


def cost(box: Sandbox, made: Sequence[Attachment]) -> Cost:
    """What the forms of one format cost each; the first few only warm up."""
    for file in made[:WARM]:
        submitted(box, file)
    count, before, start = len(made) - WARM, cpu(os.getpid()), time.perf_counter()
    for file in made[WARM:]:
        submitted(box, file)
    return Cost(1000 * (cpu(os.getpid()) - before) / count, 1000 * (time.perf_counter() - start) / count)


def rate(workers: int, count: int) -> float:
    """Forms a second of mails, a third Word, a third Excel, a third plain text: parsed, announced in
    batches as the daemon does, read and judged."""
    raws = [mail(number) for number in range(count)]
    with Sandbox(TABLE, SandboxLimits(workers=workers)) as box:
        for shape in range(WARM * workers):
            read(parse(mail(shape)), box.open, TABLE)
        start = time.perf_counter()
        for at in range(0, count, BATCH):
            messages = [parse(raw) for raw in raws[at : at + BATCH]]
            box.prefetch([file for message in messages for file in message.attachments])
            for message in messages:
                if not isinstance(read(message, box.open, TABLE), Submissions):
                    raise SystemExit(f"{message.subject}: no form was found")
        return count / (time.perf_counter() - start)


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=300, help="how many of each format")
    parser.add_argument("--old", type=int, default=5, help="how many of each format that LibreOffice converts")
    options = parser.parse_args()
    office = find_office()
    print(f"{'format':<8}{'CPU a form':>14}{'by the wall':>14}")
    with Sandbox(TABLE) as box:
        for kind in (*MAKERS, *(OLD if office else ())):
            each = cost(box, files(kind, WARM + (options.old if kind in OLD else options.forms), office))
            print(f"{kind:<8}{each.cpu:>11.2f} ms{each.wall:>11.2f} ms", flush=True)
    if office is None:
        print("There is no LibreOffice here, so the old formats were left out (make servers).")
    for workers in (1, 2):
        print(f"mails with forms, {workers} at a time: {rate(workers, options.forms):.0f} a second")


if __name__ == "__main__":
    main()
