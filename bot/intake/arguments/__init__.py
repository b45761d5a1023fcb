"""Arguments: what stands behind a verb, understood.

Its one rule: an argument is understood one way only or asked back, never guessed; what was
understood can be said back in full (DESIGN section 5).
"""

from bot.intake.arguments.arguments import Arguments, Mistake

__all__ = ["Arguments", "Mistake"]
