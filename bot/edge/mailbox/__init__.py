"""The mailbox: one IMAP connection, in one thread, that looks, fetches, moves and waits.

Its one rule: the server's word is checked and a sender's word never reaches it. Commands hold
UIDs and our own folder names only (a Message-ID in a SEARCH once deleted a folder, reliability.md
0.2); every answer is bounded in bytes and in seconds, and every number in it is looked at.
Whatever goes wrong becomes Trouble, and the next call starts on a new connection.
"""

from bot.edge.mailbox.account import ImapAccount, reconnect_after
from bot.edge.mailbox.fetching import Fetched, header_of
from bot.edge.mailbox.mailbox import Look, Mailbox, Survey
from bot.edge.mailbox.withheld import named

__all__ = ["Fetched", "ImapAccount", "Look", "Mailbox", "Survey", "header_of", "named", "reconnect_after"]
