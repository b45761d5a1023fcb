"""python -m bench.latency: from a mail's arrival to its acknowledgement, and what waiting costs.

The daemon is resident, on a Dovecot and an SMTP server of this machine. Mails are delivered over
LMTP at random moments; each counts from the moment Dovecot has accepted it until the SMTP server
has taken the acknowledgement. Then the office is idle, and the processor time of the daemon and its
children is read from /proc.
"""

import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time
from email import message_from_bytes
from pathlib import Path

from bench.mails import mail
from tests.house import House, stop
from tests.servers import Dovecot, Sink, until

TICKS = os.sysconf("SC_CLK_TCK")


def latencies(house: House, dovecot: Dovecot, sink: Sink, count: int, pause: float) -> list[float]:
    """Deliver mails one by one, up to `pause` seconds apart; seconds from acceptance to answer."""
    lots, accepted = random.Random(1), {}
    for number in range(count):
        raw = mail(number)
        dovecot.deliver(house.mailbox, raw)
        accepted[message_from_bytes(raw)["Message-ID"]] = time.time()
        time.sleep(lots.uniform(0, pause))
    until(lambda: len(sink.taken) >= 2 * count, 60)
    answered = {
        message_from_bytes(letter.raw)["In-Reply-To"]: letter.at.timestamp()
        for letter in sink.taken
        if not letter.to[0].endswith("@meridell.example")
    }
    return sorted(answered[name] - at for name, at in accepted.items())


def cpu(pid: int) -> float:
    """Seconds of processor time that a process, its living children and its dead ones have used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return sum(map(int, fields[11:15])) / TICKS + sum(cpu(int(child)) for child in children)


def idle(pid: int, seconds: float) -> float:
    """What a process uses while nothing happens, in percent of a core."""
    before, start = cpu(pid), time.monotonic()
    time.sleep(seconds)
    return 100 * (cpu(pid) - before) / (time.monotonic() - start)


def report(daemon: "subprocess.Popen[bytes]", found: list[float], seconds: float) -> None:
    """Print the figures."""
    p95 = found[min(len(found) - 1, round(0.95 * len(found)))]
    print(
        f"{len(found)} mails, arrival to acknowledgement: median {1000 * statistics.median(found):.0f} ms, "
        f"95 % {1000 * p95:.0f} ms, longest {1000 * found[-1]:.0f} ms",
        flush=True,
    )
    used = idle(daemon.pid, seconds)
    status = Path(f"/proc/{daemon.pid}/status").read_text(encoding="ascii")
    memory = int(status.partition("VmRSS:")[2].split()[0]) / 1024
    print(f"idle for {seconds:.0f} s: {used:.2f} % of a core, {memory:.0f} MiB")


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=50)
    parser.add_argument("--pause", type=float, default=1.0, help="the longest pause between two mails, in seconds")
    parser.add_argument("--idle", type=float, default=60, help="how long to look at the idle daemon, in seconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="latency") as folder, Dovecot() as dovecot, Sink() as sink:
        house = House.build(Path(folder), dovecot.new_user(), dovecot.imap, sink.port)
        daemon = house.start("run")
        try:
            until(lambda: house.said("ready"), 30)
            report(daemon, latencies(house, dovecot, sink, options.mails, options.pause), options.idle)
            stop(daemon)
        finally:
            daemon.kill()
            daemon.wait()


if __name__ == "__main__":
    main()
