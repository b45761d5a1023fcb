"""Mark: a small file beside the posting that tells of what something was made last.

Its one rule: a mark that is gone, damaged or cannot be written costs some work twice, and nothing else.
"""

from contextlib import suppress
from pathlib import Path

DAY = "day"
"""The file that tells for which day the pages that speak of the day were made, and all files looked at."""


def marked(mark: Path) -> str:
    """What a mark tells; empty where there is none, or none that can be read."""
    try:
        return mark.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def put_down(mark: Path, told: str) -> None:
    """Let a mark tell this from now on; where it cannot, its work is done again at the next turn."""
    with suppress(OSError):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(told, encoding="ascii")
