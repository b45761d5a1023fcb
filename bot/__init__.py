"""cmpbot: the mailbox of a carrier's Change Management Process, run by a bot.

A message becomes a request, a request meets a change request, a decision comes out, the shell
makes it so. Three arcs, turned by one loop, meeting only in the store:

- take in: mailbox -> mail.parse -> intake (screen, verify, read) -> workflow.decide -> store
- remind: clock -> due deadlines -> workflow.decide -> store
- give out: store -> outbox; store -> posting -> site

Start reading at `bot.daemon`, then `bot.workflow.decide`. Imports go one way only:
errors < office < mail < intake < workflow < posting < edge < config < daemon < cli.
"""
