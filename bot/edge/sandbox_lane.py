"""A lane: a queue of attachments, and the child process that opens them one after the other.

Its one rule: whatever becomes of a child, each job gets an answer, or goes to the next child. The
sandbox says what is asked of a child, `sandbox_child` is what runs in it.
"""

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.errors import Trouble
from bot.intake.file.opened import Convertible, Died, Opened
from bot.intake.file.wire import answers, decoded, frame
from bot.mail.message import Attachment

PIPE = 2**20
"""Bytes that a pipe may hold, where the system allows it: a batch waits there for the child."""
GRACE = 1.0
"""Seconds that a child has to end by itself once its pipe is closed."""

SET_PIPE_SIZE = getattr(fcntl, "F_SETPIPE_SZ", 1031)

START = "import sys; sys.path.insert(0, sys.argv[1]); from bot.edge.sandbox_child import child; child()"
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    # Memory that a file has left is kept for the next one: giving it back and asking for it again costs
    # a tenth of a child's time. The limit on memory bounds it all the same.
    "MALLOC_TRIM_THRESHOLD_": "67108864",
    "MALLOC_MMAP_THRESHOLD_": "67108864",
}

Answer = Opened | Convertible | Died
"""What a child says of a file."""


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What one attachment may use, and how the children are kept (DESIGN section 8, promise 5)."""

    cpu_seconds: int = 5
    wall_seconds: float = 10.0
    memory: int = 512 * 2**20
    answer: int = 4 * 2**20
    largest: int = 25 * 2**20
    jobs: int = 500
    """A child is replaced after so many files, so that nothing piles up in it."""
    workers: int = 1


@dataclass(slots=True, eq=False)
class Job:
    """One attachment on its way through a child."""

    attachment: Attachment
    result: Answer | None = None
    tries: int = 0
    dropped: bool = False


class Lane:
    """A queue of jobs and the child that works on it; a dead or worn-out child is replaced.

    Answers come in the order of the jobs, so the first unanswered one is what a child died of.
    """

    def __init__(self, hello: bytes, limits: SandboxLimits) -> None:
        self.limits = limits
        self.queue: deque[Job] = deque()
        self._hello = hello
        self._sent: deque[Job] = deque()
        self._child: subprocess.Popen[bytes] | None = None
        self._fed = 0
        self._ready = False
        self._confinement: tuple[str, ...] = ()
        self._outgoing = bytearray()
        self._incoming = bytearray()

    @property
    def load(self) -> int:
        """How many jobs are waiting for their answers."""
        return len(self.queue) + len(self._sent)

    def start(self) -> None:
        """Start a child, unless there is one; does not wait for it."""
        if self._child is None:
            self._start()
            self.turn(0)

    def confinement(self) -> tuple[str, ...]:
        """Wait for the child's first words: how it is confined."""
        self.start()
        deadline = time.monotonic() + self.limits.wall_seconds
        while not self._ready:
            self.turn(deadline - time.monotonic())
            if time.monotonic() >= deadline:
                self._bury("it does not begin to work")
        return self._confinement

    def wait_for(self, job: Job) -> Answer:
        """Turn the lane until a job is answered. Each job ahead of it has the same time."""
        deadline = time.monotonic() + self.limits.wall_seconds
        while job.result is None:
            ahead = self.load
            self.turn(deadline - time.monotonic())
            if self.load == ahead and time.monotonic() >= deadline:
                self._bury(f"reading it took longer than {self.limits.wall_seconds:g} seconds")
            if self.load < ahead:
                deadline = time.monotonic() + self.limits.wall_seconds
        return job.result

    def turn(self, seconds: float) -> None:
        """Feed the child, and take what it answers within some seconds."""
        self._feed()
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            return
        inlet, outlet = child.stdin.fileno(), child.stdout.fileno()
        waiting = select.poll()
        waiting.register(outlet, select.POLLIN)
        if self._outgoing:
            waiting.register(inlet, select.POLLOUT)
        events = dict(waiting.poll(max(seconds, 0) * 1000))
        if events.get(inlet, 0) & select.POLLOUT:
            self._write(inlet)
        if outlet in events:
            self._read(outlet)  # last: an end of the answers closes both pipes

    def close(self) -> None:
        """End the child, gently first: it ends by itself when nothing more can come."""
        self._end()
        self._sent.clear()

    def _end(self) -> int:
        """Close the pipes to the child and see it out; gives its status."""
        child, self._child = self._child, None
        self._fed, self._ready = 0, False
        self._outgoing.clear()
        self._incoming.clear()
        if child is None:
            return 0
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()
        try:
            return child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()

    def _feed(self) -> None:
        """Keep a pipe's worth of jobs on their way; a worn-out child gets no more of them."""
        while self.queue and self.queue[0].dropped:
            self.queue.popleft()
        if self._fed >= self.limits.jobs and not self._sent:
            self._end()
        if self.queue and self._child is None:
            self._start()
        while self.queue and len(self._outgoing) < PIPE and self._fed < self.limits.jobs:
            job = self.queue.popleft()
            if not job.dropped:
                self._sent.append(job)
                file = job.attachment
                self._outgoing += frame({"name": file.name, "type": file.content_type}, file.content)
                self._fed += 1

    def _start(self) -> None:
        root = str(Path(bot.__file__).parent.parent)
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
                [sys.executable, "-I", "-c", START, root],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
            )
        except OSError as refused:
            raise Trouble(f"no process can be started to open attachments ({refused.strerror})") from refused
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                os.set_blocking(pipe.fileno(), False)
                with suppress(OSError):
                    fcntl.fcntl(pipe, SET_PIPE_SIZE, PIPE)
        self._outgoing += self._hello

    def _write(self, pipe: int) -> None:
        # A child that died is noticed by its closed answers.
        with suppress(BlockingIOError, BrokenPipeError):
            del self._outgoing[: os.write(pipe, self._outgoing[:PIPE])]

    def _read(self, pipe: int) -> None:
        try:
            answer = os.read(pipe, PIPE)
        except BlockingIOError:
            return
        if not answer:
            self._bury("")
            return
        self._incoming += answer
        try:
            for body, raw in answers(self._incoming, self.limits.answer, self.limits.largest):
                self._take(body, raw)
        except (ValueError, LookupError, TypeError):
            self._bury("its reader gave no answer that makes sense")

    def _take(self, body: bytes, raw: bytes) -> None:
        """One frame of the child's: first that it is ready, then an answer for each job."""
        if not self._ready:
            self._ready = True
            self._confinement = tuple(map(str, json.loads(body)["ready"]))
            return
        result = decoded(body, raw)
        self._sent.popleft().result = result
        if isinstance(result, Died):
            self._end()
            self._requeue()

    def _bury(self, reason: str) -> None:
        """Take down the child. The job that it worked on is to blame: at once for a `reason` of
        ours or for too much processor time, else when a second child dies of it, too. The other
        jobs go to the next child. Trouble when the child never began to work."""
        ready = self._ready
        if reason and self._child:
            self._child.kill()
        status = self._end()
        if not ready:
            self._requeue()
            raise Trouble(f"the process that opens attachments does not start ({reason or _status(status)})")
        if status == -signal.SIGXCPU and not reason:
            reason = f"reading it used more than {self.limits.cpu_seconds} seconds of processor time"
        if self._sent:
            culprit = self._sent[0]
            culprit.tries += 1
            if reason or culprit.tries > 1:
                culprit.result = Died(reason or f"its reader died of it, twice ({_status(status)})")
                self._sent.popleft()
        self._requeue()

    def _requeue(self) -> None:
        """What was sent and not answered goes to the next child."""
        self.queue.extendleft(reversed(self._sent))
        self._sent.clear()


def _status(status: int) -> str:
    """How a process ended, in words."""
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
