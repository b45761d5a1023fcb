"""The child that opens attachments, one after the other, until its pipe is closed.

Its one rule: it takes from itself whatever no reader needs before it touches a sender's bytes. It
imports little and knows neither mail server nor database.
"""

import resource
import sys

import bot
from bot.edge import confine
from bot.intake.file.attachment import examine
from bot.intake.file.wire import encoded, frame, received, table_of
from bot.mail.message import Attachment

OPEN_FILES = 16
"""A child reads from a pipe; only importing a library opens a file."""
LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache")


def child() -> None:
    """The life of a child: its table and limits first, then one attachment after the other."""
    stream, answers = sys.stdin.buffer, sys.stdout.buffer
    hello, _ = received(stream) or ({}, b"")
    if not hello:
        return
    table, limits = table_of(hello["table"]), hello["limits"]
    answers.write(frame({"ready": _confine(limits["memory"])}))
    answers.flush()
    while (job := received(stream)) is not None:
        _grant(limits["cpu_seconds"])
        head, content = job
        try:
            answer, raw = encoded(examine(Attachment(head["name"], head["type"], content), table))
        except MemoryError:
            answer, raw = {"died": f"reading it needed more than {limits['memory'] >> 20} MiB of memory"}, b""
        answers.write(frame(answer, raw))
        answers.flush()
        if "died" in answer:
            return


def _confine(memory: int) -> tuple[str, ...]:
    """Take away what no reader needs: files, core dumps, other processes, the network, endless memory;
    gives what the kernel could do of it. Only the code itself can still be read: a library is imported
    when the first file needs it."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(kind, (most, most))
    code = (*bot.__path__, *sys.path[1:], *LIBRARIES)
    return confine.confine_reader((path, confine.READ) for path in code)


def _grant(seconds: int) -> None:
    """Allow so much processor time from now on; beyond it the system ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
