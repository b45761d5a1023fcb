"""An SMTP server that takes everything and keeps nothing, as a process of its own, for benches.

Postfix's smtp-sink where it is installed (it costs the two cores least), else one of aiosmtpd.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers import free_port

PYTHON_SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Take:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
async def main(port):
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Take(), hostname="sink"), "127.0.0.1", port)
    await server.serve_forever()
asyncio.run(main(int(sys.argv[1])))
"""


@contextmanager
def sink() -> Iterator[int]:
    """The port of a running sink."""
    port = free_port()
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/lib/postfix/sbin")
    if program:
        command = [program, "-u", "nobody", f"127.0.0.1:{port}", "100"]
    else:
        command = [sys.executable, "-c", PYTHON_SINK, str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _await(port: int) -> None:
    end = time.monotonic() + 10
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > end:
            raise SystemExit("the SMTP sink does not start")
        time.sleep(0.02)
