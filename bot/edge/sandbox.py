"""The sandbox: opens attachments in child processes (sandbox_child.py), to which lanes lead (sandbox_lane.py).
What a child cannot read for its age is converted (converter.py) and goes through the child once more.

Its one rule: a file may kill or hang its reader, never us. A child has an empty environment and no
inherited files and bounds itself; the parent bounds the time and the size of an answer. A child's
death is an ordinary result. What goes over the pipes is JSON and raw bytes, never pickles.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Self

from bot.edge.converter import Office, Patience, convert, find_office, works
from bot.edge.sandbox_lane import Answer, Job, Lane, SandboxLimits
from bot.errors import Trouble
from bot.intake.file.kind import FileKind
from bot.intake.file.opened import (
    CONVERSIONS,
    MACROS,
    Convertible,
    Died,
    Forms,
    Opened,
    Unreadable,
    answer_without_reading,
    damaged,
    noted,
    refusal,
)
from bot.intake.file.wire import frame
from bot.intake.form import FieldTable
from bot.mail.message import Attachment

__all__ = ["Sandbox", "SandboxLimits"]


class Sandbox:
    """Opens attachments in child processes, which start with the first one, or when asked to, and are
    kept warm."""

    def __init__(self, table: FieldTable, limits: SandboxLimits | None = None) -> None:
        self._limits = limits or SandboxLimits()
        hello = frame({"table": asdict(table), "limits": asdict(self._limits)})
        self._lanes = [Lane(hello, self._limits) for _ in range(self._limits.workers)]
        self._expected: dict[int, tuple[Job, Lane]] = {}

    def warm(self) -> None:
        """Start the children now, to be ready when the first attachment comes. One that cannot start
        is the trouble of whoever needs it."""
        with suppress(Trouble):
            for lane in self._lanes:
                lane.start()

    def confinement(self) -> tuple[str, ...]:
        """What the kernel keeps from a child, in words (confine.py). Raises Trouble when none starts."""
        return self._lanes[0].confinement()

    def prefetch(self, attachments: Iterable[Attachment]) -> None:
        """Let the children begin on attachments that `open` will soon be asked for, in this order.
        What an earlier call announced and nobody opened is forgotten."""
        for job, _ in self._expected.values():
            job.dropped = True
        self._expected = {}
        for attachment in attachments:
            if self._told(attachment) is None:
                self._expected[id(attachment)] = self._submit(attachment)
        with suppress(Trouble):  # `open` will say so
            for lane in self._lanes:
                lane.turn(0)

    def open(self, attachment: Attachment) -> Opened | Died:
        """Open one attachment; waits for its answer, but never longer than the limits say. Raises
        Trouble when there can be no child."""
        opened = self._read(attachment)
        if not isinstance(opened, Convertible):
            return opened
        office = find_office()
        return self._converted(attachment, opened, office) if office else _refused(attachment, opened.kind)

    def _converted(self, attachment: Attachment, found: Convertible, office: Office) -> Opened | Died:
        """An old file, read after another program has made a new one of it."""
        patience = Patience(self._limits.cpu_seconds, self._limits.wall_seconds)
        made = convert(attachment.content, CONVERSIONS[found.kind], office, patience)
        if not isinstance(made, bytes):
            if not works(office):
                return _refused(attachment, found.kind)
            if isinstance(made, Died):
                return made
            return _refused(attachment, FileKind.PROTECTED) if found.locked else _damaged(attachment, made.why)
        opened = self._read(Attachment(attachment.name, attachment.content_type, made))
        if isinstance(opened, Convertible):
            return _refused(attachment, found.kind)
        return (
            Forms(noted(opened.forms, MACROS), opened.format) if found.macros and isinstance(opened, Forms) else opened
        )

    def _read(self, attachment: Attachment) -> Answer:
        """What a child says of one file."""
        if (told := self._told(attachment)) is not None:
            return told
        key = id(attachment)
        job, lane = self._expected.pop(key) if key in self._expected else self._submit(attachment)
        try:
            return lane.wait_for(job)
        except Trouble:
            job.dropped = True
            raise

    def close(self) -> None:
        """End every child; none is left behind."""
        for lane in self._lanes:
            lane.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _told(self, attachment: Attachment) -> Opened | None:
        """What can be said without a child: nothing is unpacked or parsed here."""
        if len(attachment.content) > self._limits.largest:
            return Unreadable(f"\u201c{attachment.name[:120]}\u201d is too large to be a form.")
        return answer_without_reading(attachment)

    def _submit(self, attachment: Attachment) -> tuple[Job, Lane]:
        lane = min(self._lanes, key=lambda lane: lane.load)
        job = Job(attachment)
        lane.queue.append(job)
        return job, lane


def _refused(attachment: Attachment, kind: FileKind) -> Unreadable:
    return Unreadable(refusal(attachment.name, kind))


def _damaged(attachment: Attachment, why: str) -> Unreadable:
    return Unreadable(damaged(attachment.name, why))
