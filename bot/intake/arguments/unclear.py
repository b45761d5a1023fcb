"""Unclear: how a reader of arguments gives up. Its one rule: it never leaves this folder; `understand`
makes a Mistake of it."""


class Unclear(Exception):
    """What is wrong, in words for the sender. `shape`: the right form of the verb is to be shown, too."""

    def __init__(self, message: str, *, shape: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.shape = shape
