"""What a process takes from itself before it touches a sender's bytes: the network, other programs,
other files. Linux only: a seccomp filter (kernel 3.17) and Landlock rules (kernel 5.13), through ctypes.

Its one rule: it only ever takes away, for good and for every program that follows; where the kernel
has no such thing it does nothing, and what it returns says so.
"""

import ctypes
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from errno import ENOSYS, EPERM
from struct import pack

NETWORK = "no network and no other program"
FILES = "no file but its own"

SET_NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER_MODE = 38, 22, 2

# Classic BPF (linux/filter.h, linux/seccomp.h): load a word, jump where it equals, is at least, has a bit; return.
LOAD, IF_EQUAL, IF_AT_LEAST, IF_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little-endian
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
OTHER_ABI = 0x40000000  # x32 calls on x86_64; no call of ours is numbered so high
WORD = 2**32
AF_UNIX = 1
THREAD = 0x00010000  # CLONE_THREAD

# The kernel's names of machines, and the numbers of calls on each; a call that a machine does not have is left out.
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CALLS: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "mount": (165, 40),
    "unshare": (272, 97),
    "setns": (308, 268),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kill": (62, 129),
    "tkill": (200, 130),
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "clone3": (435, 435),
    "execve": (59, 221),
    "execveat": (322, 281),
}
# What LibreOffice cannot start without: threads, one `execve` to become it, and a socket of the
# machine's own kind, on which it listens for a second LibreOffice; nobody can be connected to.
NEEDED_BY_OFFICE = frozenset({"socket", "socketpair", "clone", "execve", "kill", "tkill"})

# Landlock (linux/landlock.h): its calls have one number everywhere.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF, VERSION, BENEATH = 444, 445, 446, 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_FOLDER, MAKE_SOCKET = 1, 2, 4, 8, 1 << 9
EVERY_RIGHT = ((1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1)  # of versions 1, 2, and 3 or later
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE
READ = READ_FILE | READ_FOLDER
RUN = READ | EXECUTE
ALL = -1


class _Step(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("word", ctypes.c_uint))


class _Filter(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


Rights = Iterable[tuple[str, int]]
"""Folders or files, each with the rights beneath it; what is not there is passed over."""


def confine_reader(rights: Rights) -> tuple[str, ...]:
    """Take away sockets, other processes and programs, and every file but these; for a process that
    only computes. Returns what holds from now on: of NETWORK and FILES, those the kernel can do."""
    files = _fence(rights)
    return (*_network(frozenset(CALLS), office=False), *files)


def confine_office(rights: Rights) -> tuple[str, ...]:
    """The same for a process that goes on as LibreOffice."""
    files = _fence(rights)
    return (*_network(frozenset(CALLS) - NEEDED_BY_OFFICE, office=True), *files)


def _network(refused: frozenset[str], *, office: bool) -> tuple[str, ...]:
    machine = os.uname().machine
    if not _linux() or machine not in MACHINES or sys.maxsize < WORD:
        return ()
    steps = tuple(_program(machine, refused, office=office))
    array = (_Step * len(steps))(*(_Step(*step) for step in steps))
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return ()
    done = kernel.prctl(SET_SECCOMP, FILTER_MODE, ctypes.byref(_Filter(len(steps), array)), 0, 0)
    return () if done else (NETWORK,)


def _linux() -> bool:
    return sys.platform == "linux"


def _program(machine: str, refused: frozenset[str], *, office: bool) -> Iterator[tuple[int, int, int, int]]:
    """The filter: calls of another machine's kind and the refused ones fail with EPERM, the rest pass."""
    place = tuple(MACHINES).index(machine)
    yield from ((LOAD, 0, 0, ARCHITECTURE), (IF_EQUAL, 1, 0, MACHINES[machine]), (RETURN, 0, 0, REFUSE | EPERM))
    yield from ((LOAD, 0, 0, NUMBER), (IF_AT_LEAST, 0, 1, OTHER_ABI), (RETURN, 0, 0, REFUSE | EPERM))
    for name in sorted(refused):
        number = CALLS[name][place]
        if number is not None:
            # QUIRK: glibc goes back to `clone`, whose flags can be looked at, only where there is no `clone3`.
            error = ENOSYS if name == "clone3" else EPERM
            yield from ((IF_EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE | error))
    if office:
        for name, test in (("socket", (IF_EQUAL, 1, 0, AF_UNIX)), ("clone", (IF_BIT, 1, 0, THREAD))):
            yield from ((IF_EQUAL, 0, 4, CALLS[name][place] or 0), (LOAD, 0, 0, FIRST_ARGUMENT), test)
            yield from ((RETURN, 0, 0, REFUSE | EPERM), (RETURN, 0, 0, ALLOW))
    yield (RETURN, 0, 0, ALLOW)


def _fence(rights: Rights) -> tuple[str, ...]:
    """From now on only these folders and files can be opened, each only as its rights say."""
    if not _linux():
        return ()
    kernel = ctypes.CDLL(None, use_errno=True)
    version = kernel.syscall(CREATE_RULESET, None, 0, VERSION)
    if version < 1:
        return ()
    every = EVERY_RIGHT[min(version, len(EVERY_RIGHT)) - 1]
    rules = kernel.syscall(CREATE_RULESET, pack("<Q", every), 8, 0)
    if rules < 0:
        return ()
    for path, right in rights:
        with suppress(OSError):
            _allow(kernel, rules, path, right & every)
    done = kernel.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or kernel.syscall(RESTRICT_SELF, rules, 0)
    os.close(rules)
    return () if done else (FILES,)


def _allow(kernel: ctypes.CDLL, rules: int, path: str, right: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        beneath = pack("<Qi", right if os.path.isdir(path) else right & OF_FILES, place)  # noqa: PTH112 - pathlib is heavy
        kernel.syscall(ADD_RULE, rules, BENEATH, beneath, 0)
    finally:
        os.close(place)
