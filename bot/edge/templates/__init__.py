"""Templates: letters and pages put into words.

Its one rule: this is the only room that knows the template engine. HTML escapes everything, a name
that a template misspells is an error, and the same values give the same bytes.
"""

from bot.edge.templates.engine import COMPILED
from bot.edge.templates.templates import Templates

__all__ = ["COMPILED", "Templates"]
