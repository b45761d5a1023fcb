"""The only exceptions we define. The sender's mistakes are values, never exceptions."""

from dataclasses import dataclass


class Trouble(Exception):
    """The world's trouble: a server, a disk or a network that did not do what we asked.

    Edges translate library errors into it; only the loop catches it. `temporary` says
    whether trying again may help, `public` what a stranger may be told about it, and `wait`
    how many seconds to leave the matter alone at least (a refused login, say).
    """

    def __init__(self, message: str, *, temporary: bool = True, public: str = "", wait: float = 0) -> None:
        super().__init__(message)
        self.temporary = temporary
        self.public = public
        self.wait = wait


class Superseded(Trouble):
    """Another worker leads by now, or has what this one held: what it was about to write is its no more."""


class Busy(Trouble):
    """Another process of ours works on the database; it does what was asked."""


class BrokenTemplate(Trouble):
    """A template that is none any more; says which, the line and why, and nothing that anybody sent. Somebody has
    altered it: what needs it waits until it is mended, and no mail is to blame."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a configuration file: where it stands and what to do about it."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class ConfigMistake(Exception):
    """The configuration cannot be used; carries every mistake found, in file order."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes
