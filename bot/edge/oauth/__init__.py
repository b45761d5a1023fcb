"""Access tokens: how the bot opens a mailbox that takes no password (Microsoft 365, Gmail).

Its one rule: a token is in memory and in one file of mode 0600, and nowhere else: no log, no repr, no
traceback and no child process ever has it. msal and google-auth are imported when a token is asked for,
and only then.
"""

from bot.edge.oauth.registration import PACKAGES, Ending, Given, Provider, Registration, Way, stage
from bot.edge.oauth.tokens import Tokens

__all__ = ["PACKAGES", "Ending", "Given", "Provider", "Registration", "Tokens", "Way", "stage"]
