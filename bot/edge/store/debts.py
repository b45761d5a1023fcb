"""Debts: the letters that a decision owes. Its one rule: owing twice is owing once, and nobody is owed
more than their budget has room for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Executable

from bot.edge.store.blobs import pack
from bot.edge.store.clocks import Clocks
from bot.edge.store.queries.letters import BEYOND, BEYOND_ECHO, BEYOND_ONE
from bot.edge.store.values import ABOUT_ONE, ANSWERS, COUNTED, ECHOES, LetterState
from bot.mail.letter import Kind, Letter
from bot.workflow.change import ChangeRequest

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Debts(Clocks):
    """The part of an open transaction that owes letters."""

    author: str = ""  # who wrote the mail that all this is about
    echoes: int = 0  # letters back to them
    withheld: list[str] = field(default_factory=list)  # whose letters were over a budget

    def _owe(
        self,
        letters: Sequence[Letter],
        cause: str,
        compose: Callable[[Letter], bytes],
        message_id: Callable[[str], str],
        change: ChangeRequest | None,
        blobs: dict[bytes, dict[str, object]],
    ) -> None:
        """Owe letters, keeping their bytes and their files with the other blobs, each once: owing twice
        is owing once, with the bytes of the first time."""
        rows = []
        for letter in letters:
            outline = compose(letter)
            for content in (outline, *(file.content for file in letter.enclosures)):
                if content not in blobs:
                    blobs[content] = pack(content)
            rows.append(self._letter(letter, change, cause, message_id(letter.id), blobs[outline]["sha256"]))
        self._run_all(self._upserts.blob, list(blobs.values()))
        self._run_all(self._upserts.letter, rows)

    def _letter(
        self, letter: Letter, change: ChangeRequest | None, cause: str, message_id: str, wire: object
    ) -> dict[str, Any]:
        state = self._owed_as(letter)
        return {
            "id": letter.id,
            "cause": cause,
            "kind": letter.kind.value,
            "recipient": letter.to.email,
            "return_path": "" if letter.kind.null_return_path else self.terms.return_path,
            "number": letter.number,
            "cr": change.key if change else None,
            "message_id": message_id,
            "wire": wire,
            "state": state.value,
            "tries": 0,
            "resent": 0,
            "created_at": self.now,
            "next_try": max(letter.not_before or self.now, self.now) if state is LetterState.OWED else None,
            "last_error": "",
        }

    def _owed_as(self, letter: Letter) -> LetterState:
        """How a letter begins; what it takes of a budget is remembered until the end of the block."""
        if not self._affords(letter):
            self.withheld.append(letter.to.email)
            return LetterState.WITHHELD
        if letter.kind in COUNTED and letter.to.email == self.author:
            self.echoes += 1
        return LetterState.HELD if self.terms.holds else LetterState.OWED

    def _affords(self, letter: Letter) -> bool:
        """True while the recipient's budget has room for one more letter of this kind."""
        budget, to = self.terms.budget, letter.to.email
        kinds, limits = budget.limits(letter.kind)
        if letter.kind in ECHOES and to == self.author:
            left = [(span, most - self.echoes) for span, most in budget.limits(ANSWERS[0])[1]]
            if any(most <= 0 or self._beyond(BEYOND_ECHO, span, most, recipient=to) for span, most in left):
                return False
        if letter.kind in ABOUT_ONE and letter.number:
            one = {**_kinds(ABOUT_ONE), "recipient": to, "number": letter.number}
            if self._beyond(BEYOND_ONE, HOUR, budget.about_one_an_hour, **one):
                return False
        return not any(self._beyond(BEYOND, span, most, recipient=to, **_kinds(kinds)) for span, most in limits)

    def _beyond(self, query: Executable, span: timedelta, most: int, **asked: str) -> bool:
        return self._run(query, since=self.now - span, within=most - 1, **asked).scalar() is not None


def _kinds(kinds: Sequence[Kind]) -> dict[str, str]:
    """The kinds that a statement counts, which takes four of them."""
    names = ("kind", "or_kind", "or_else", "or_last")
    return dict(zip(names, (*(kind.value for kind in kinds), "", "", "", ""), strict=False))
