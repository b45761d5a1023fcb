"""The configuration: config.yaml -> Settings, a frozen value that is handed down.

Start with `load`; `nodes` reads YAML strictly, the other modules know one part of the file each.
"""

from bot.config.load import find, load, load_to_explain, packaged, read_table
from bot.config.settings import Limits, Posting, Settings

__all__ = ["Limits", "Posting", "Settings", "find", "load", "load_to_explain", "packaged", "read_table"]
