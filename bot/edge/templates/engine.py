"""Engine: Jinja as we use it, made quicker where letters showed that it was slow.

Its one rule: it knows no word of ours. What templates may say is the vocabulary's, what they are
given their caller's.
"""

from collections.abc import Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket

COMPILED = ("html", "txt", "svg")
"""The endings of the files that are templates."""
EDITION = f"cmpbot-1-{jinja2.__version__}-%s.cache"
"""Part of the names of compiled templates: it changes with the engine, and has to be changed with the options of
the environment below, which they are compiled for."""


class Sources(FileSystemLoader):
    """The templates of a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._read: dict[str, tuple[str, str, Callable[[], bool]]] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template, where it lies, and whether it is as it was."""
        if template not in self._read:
            self._read[template] = super().get_source(environment, template)
        return self._read[template]


def engine(sources: Sources, kept: Path | None) -> Environment:
    """An environment for the templates of some sources, whose compiled form is kept in a folder, if there is one."""
    return _Plain(
        loader=sources,
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_Kept(str(kept), EDITION) if kept else None,
    )


class _Plain(Environment):
    """An environment whose templates look names up in one dictionary. Jinja's own layers (a ChainMap,
    for globals of a single template, which nobody has here) cost a fifth of rendering a letter."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: those of all."""
        return super().make_globals(d) if d else self.globals


class _Kept(FileSystemBytecodeCache):
    """Compiled templates in a folder; a disk that takes none is no reason to write no letter."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, if it can be kept."""
        with suppress(OSError):
            super().dump_bytecode(bucket)
