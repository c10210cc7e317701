"""`nomina`: the window, and the same services without a window.

A subcommand lives in `forensics.cli.<module>` as `command` and is imported only when it is called, so that
`nomina --help` answers at once. Exit status: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import click

from forensics.domain.errors import NominaError, Unavailable

#: Name → (module below `forensics.cli`, what it does in one line).
COMMANDS = {
    "demo": ("demo", "Make and open a demonstration laboratory with invented data."),
    "import": ("import_", "Read instrument exports, pedigrees and tables into a laboratory."),
    "spreadsheet": ("spreadsheet", "Take an earlier system's table of remains or missing persons in."),
    "screen": ("screen", "Compare all remains with all families."),
    "lr": ("lr", "Compute likelihood ratios of kinship case files."),
    "dvi": ("dvi", "Identify several victims jointly."),
    "power": ("power", "Tell what a family's samples can show, and whose would help most."),
    "report": ("report", "Issue a report."),
    "verify": ("verify", "Check a signed report: signature, coverage, trust, and its numbers."),
    "audit": ("audit", "Check the chain of the audit."),
    "backup": ("backup", "Write an encrypted copy of a laboratory."),
    "restore": ("restore", "Bring a laboratory back from a copy."),
    "upgrade": ("upgrade", "Bring a laboratory to this version."),
    "bench": ("bench", "Measure the speed of the calculations on this machine."),
}


class LazyGroup(click.Group):
    """Subcommands that are imported when they are called; the help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (module, _) in COMMANDS.items() if find_spec(f"forensics.cli.{module}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"forensics.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name][1]) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="nomina", message="%(prog)s %(version)s")
@click.pass_context
def nomina(ctx: click.Context) -> int | None:
    """Follow the dead and the missing from discovery to a name.

    Without a command, the window opens.
    """
    return open_window() if ctx.invoked_subcommand is None else None


def demand_display() -> None:
    """`Unavailable` where no window can open."""
    if sys.platform == "linux" and not any(map(os.environ.get, _DISPLAYS)):
        raise Unavailable(
            "There is no display here to open a window on: set DISPLAY, or use a command of 'nomina --help'."
        )


def open_window() -> int:
    """Open the window on the laboratory last used, or ask for one."""
    demand_display()
    from gui.app import run

    return run()


_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; no input of a person ends in a traceback."""
    _write_any_name()
    try:
        status = nomina.main(arguments, prog_name="nomina", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except NominaError as error:
        return _say(str(error))
    except (KeyboardInterrupt, click.Abort):
        click.echo(err=True)
        return 130
    except OSError as error:
        return _system(error)
    except Exception as error:  # noqa: BLE001 - the last place that can turn a bug into a report
        return _report(error)
    return status if isinstance(status, int) else 0


def _write_any_name() -> None:
    """Names of files may hold bytes that are no text; they are shown as codes instead of failing to be shown."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _say(sentence: str) -> int:
    click.echo(sentence, err=True)
    return 1


def _stop_writing() -> int:
    """Our output has nowhere to go: let the interpreter's last flush go nowhere too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


#: What a disk or its owner refuses; any other error of the system is a fault of the program.
_REFUSALS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO}


def _system(error: OSError) -> int:
    if error.errno not in _REFUSALS:
        return _report(error)
    if error.filename is None:
        _stop_writing()
    return _say(f"The system refuses: {error.strerror} ({error.filename or 'standard output'}).")


def _report(error: Exception) -> int:
    from forensics.services.trouble import write_report

    path, kind = write_report(error), type(error).__name__
    return _say(
        f"This is a fault of Nomina, not yours ({kind}); a report without any case data is in {path}."
    )


if __name__ == "__main__":
    sys.exit(main())
