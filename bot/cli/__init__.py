"""The command line: `cmpbot [--config FILE] [--now ISO-TIMESTAMP] COMMAND`.

Its one rule: an operator's mistake is answered with words and an exit code, never with a
traceback. Commands are imported when they are called, so that help and completion are quick.
"""

import errno
import gc
import importlib
import os
import sys
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path

import click

from bot.cli.options import timestamp
from bot.cli.scope import Scope
from bot.errors import ConfigMistake, Trouble

FAILED, MISUSED, INTERRUPTED = 1, 2, 130

# Every command: its name, the module that holds it, and what it is for in one line.
COMMANDS = (
    ("demo", "demo", "Play a morning at the mailbox, all on this machine, and show what came of it."),
    ("simulate", "simulate", "Let the office live for years, in minutes, with all that goes wrong; say what held."),
    ("run", "work", "Run the daemon: take in mail, send letters, publish, until it is stopped."),
    ("once", "work", "Do one turn of everything, then exit."),
    ("receive", "work", "Take in one mail from a file or standard input (for a pipe of the mail server)."),
    ("explain", "explain", "Say what would be read in a form or a mail. Changes nothing."),
    ("list", "look", "List the change requests."),
    ("agenda", "agenda", "Show what stands on a Monthly Meeting, and why."),
    ("show", "look", "Show one change request with everything known about it."),
    ("letters", "look", "List the letters that were sent or are owed."),
    ("mail", "look", "List the mails that came in, each with its fate."),
    ("release", "held", "Send letters that a restore holds; with --all, all of them."),
    ("drop", "held", "Never send letters that a restore holds: their readers have had them."),
    ("resume", "resume", "Send letters again to an address where they failed; alone, list where they did."),
    ("replay", "work", "Handle a mail once more, after its cause of trouble was mended."),
    ("report", "report", "Say how the deadlines were kept: as a table, a page, CSV or a workbook."),
    ("export", "export", "Write the register into a file: .csv, .xlsx or .json."),
    ("import", "import_", "Take over an existing register: .csv or .xlsx, or whatever export wrote, .json too."),
    ("publish", "work", "Write the pages that are out of date; with --all every page, also what was altered."),
    ("remind", "remind", "Remind of everything that is due; with --dry-run, only show who would get what."),
    ("check", "check", "Examine configuration, logins, folders, clock and calendar, and say what to mend."),
    ("health", "health", "Say how it is, for people and monitors: green, yellow or red, with the reasons."),
    ("verify", "verify", "Look whether everything is as it was recorded: mails, journals, letters, numbers, posting."),
    ("init", "setup", "Write a commented config.yaml for a real mailbox into a new folder."),
    ("migrate", "setup", "Bring the database to this version's tables."),
    ("erase", "erase", "Erase a person's contact data from everything that is kept, or old bytes by rule."),
    ("backup", "backup", "Write everything into one file, while the daemon runs, and verify it."),
    ("restore", "restore", "Go on from a backup: what came since is read again, and its letters are held."),
)


class Commands(click.Group):
    """The table above as a click group that imports a command only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return [name for name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        for name, module, _ in COMMANDS:
            if name == cmd_name:
                found = getattr(importlib.import_module(f"bot.cli.{module}"), f"{name}_command")
                return found if isinstance(found, click.Command) else None
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, for people."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, _, words in COMMANDS])


@click.command(
    "cmpbot", cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration. Without it: $CMPBOT_CONFIG, ./config.yaml, the packaged one.",
)
@click.option(
    "--now",
    callback=timestamp,
    metavar="ISO-TIMESTAMP",
    help="Rehearse: take this for the present moment, such as 2026-11-22T09:00 (the office's time zone).",
)
@click.version_option(package_name="cmpbot", prog_name="cmpbot")
@click.pass_context
def cli(context: click.Context, config: Path | None, now: datetime | None) -> None:
    """The mailbox of a Change Management Process: forms in; numbers, letters and a public posting out."""
    context.obj = Scope(config, now)


def main() -> None:
    """The program: run a command, and turn what went wrong into words and an exit code.

    Cyclic garbage is collected only by a daemon, and only what came after its start (see
    `open_desk`): the commands end before it would matter, and modules are no garbage.
    """
    gc.disable()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str], command: click.Command = cli) -> int:
    """Run a command and give its exit code: 1 for trouble, 2 for a mistake of the operator's."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter must not end a command
    try:
        code = command.main(arguments, prog_name=command.name, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ConfigMistake as error:
        return _say(str(error), MISUSED)
    except Trouble as error:
        return _say(f"cmpbot: {error}", FAILED)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output left, as `| head` does
        _fall_silent()
        return FAILED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _fall_silent()
        return _say("cmpbot: what it had to say finds no room on the disk that it was to be written to", FAILED)
    return code if isinstance(code, int) else 0


def _fall_silent() -> None:
    """Say no more on standard output; Python must not stumble over it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code
