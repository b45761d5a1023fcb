"""The child that opens attachments, one after the other, until its pipe is closed.

Its one rule: it takes from itself whatever no reader needs before it touches a sender's bytes. It
imports little and knows neither mail server nor database.
"""

import resource
import sys

from bot.intake.attachment import open_attachment
from bot.intake.wire import encoded, frame, received, table_of
from bot.mail.message import Attachment

OPEN_FILES = 16
"""A child reads from a pipe; only importing a library opens a file."""


def child() -> None:
    """The life of a child: its table and limits first, then one attachment after the other."""
    stream, answers = sys.stdin.buffer, sys.stdout.buffer
    hello, _ = received(stream) or ({}, b"")
    if not hello:
        return
    table, limits = table_of(hello["table"]), hello["limits"]
    _confine(limits["memory"])
    answers.write(frame({"ready": True}))
    answers.flush()
    while (job := received(stream)) is not None:
        _grant(limits["cpu_seconds"])
        head, content = job
        try:
            answer = encoded(open_attachment(Attachment(head["name"], "", content), table))
        except MemoryError:
            answer = {"died": f"reading it needed more than {limits['memory'] >> 20} MiB of memory"}
        answers.write(frame(answer))
        answers.flush()
        if "died" in answer:
            return


def _confine(memory: int) -> None:
    """Take away what no reader needs: files, core dumps, other processes, endless memory."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _grant(seconds: int) -> None:
    """Allow so much processor time from now on; beyond it the system ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
