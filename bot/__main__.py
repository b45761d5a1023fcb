"""`python -m bot` is `cmpbot`."""

from bot.cli import main

main()
