"""Bar: how far a long command has come. Its one rule: it is drawn on standard error, for somebody who is
watching; a pipe, a log and a file get none of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar over so many steps; gives what to call with how many more of them are done."""
    from rich.console import Console  # noqa: PLC0415 - a tenth of a second, only where somebody may be watching
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415 - the same

    console = Console(stderr=True)
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.advance(task, count)
