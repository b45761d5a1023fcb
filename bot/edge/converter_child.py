"""The process that becomes LibreOffice to convert one file; nothing of ours runs behind it.

Its one rule: first it bounds and confines itself, then it is LibreOffice. What it is told comes as
words of the command line, all of them ours: never a sender's.
"""

import os
import resource
import sys

from bot.edge import confine

# What LibreOffice consists of and looks at; what is not there is passed over. Neither /home nor /etc
# as a whole, nor other processes: a configuration and its passwords may lie there.
READABLE = (
    *("/usr/lib", "/usr/lib64", "/usr/share", "/lib", "/lib64", "/var/lib/libreoffice", "/var/spool/libreoffice"),
    *(
        "/var/cache/fontconfig",
        "/etc/libreoffice",
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/passwd",
        "/etc/nsswitch.conf",
    ),
    *("/etc/localtime", "/etc/locale.alias", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/dev/urandom"),
)
OPEN_FILES = 256


def become_office() -> None:
    """Convert a file: `folder profile memory cpu_seconds largest program target input` are the words."""
    folder, profile, memory, cpu, largest, program, target, source = sys.argv[2:10]
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu), int(cpu) + 2))  # a signal first, whose name tells why
    for kind, most in (
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_FSIZE, int(largest)),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(kind, (most, most))
    rights = [(path, confine.RUN) for path in (*READABLE, os.path.dirname(os.path.dirname(program)))]  # noqa: PTH120
    # QUIRK: LibreOffice listens for a second one of itself on a socket in /tmp, wherever else it may write.
    rights += [("/tmp", confine.MAKE_SOCKET), ("/dev/null", confine.READ | confine.WRITE_FILE), (folder, confine.ALL)]  # noqa: S108
    confine.confine_office(rights)
    os.execv(  # noqa: S606 - LibreOffice itself, without a shell
        program,
        [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            target,
            "--outdir",
            f"{folder}/out",
            f"{folder}/{source}",
        ],
    )
