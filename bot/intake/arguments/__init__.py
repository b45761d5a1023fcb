"""Arguments: what stands behind a verb, understood.

Its one rule: an argument is understood one way only or asked back, never guessed; what was
understood can be said back in full (DESIGN section 5).
"""

from bot.intake.arguments.arguments import Arguments, Mistake
from bot.intake.arguments.say import in_full
from bot.intake.arguments.understand import understand

__all__ = ["Arguments", "Mistake", "in_full", "understand"]
