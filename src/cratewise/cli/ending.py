"""How a command ends: the sentence it leaves on standard error, and its exit code.

The only place that turns an error into either.
"""

import errno
import os
import shutil
import sys
import textwrap
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from cratewise import __version__, errors

# The first line that fits decides, so the particular stands above the general.
EXIT_CODES: tuple[tuple[type[BaseException], int], ...] = (
    (errors.PullStopped, 130),
    (errors.WaitAbandoned, 130),
    (errors.ImportStopped, 130),
    (KeyboardInterrupt, 130),
    (BrokenPipeError, 141),
    (errors.SettingError, 2),
    (errors.UnknownCurrency, 2),
    (errors.PresetError, 2),
    (errors.PostageError, 2),
    (errors.AlertError, 2),
    (errors.VoteRefused, 2),
    (errors.UnknownMember, 3),
    (errors.NotFound, 3),
    (errors.SellerSuspended, 3),
    (errors.UnreadSeller, 3),
    (errors.NotKept, 3),
    (errors.NotCheckable, 3),
    (errors.NotAuthenticated, 4),
    (errors.SealBroken, 4),
    (errors.NotAllowed, 4),
    (errors.DiscogsError, 5),
    (errors.RatesUnavailable, 5),
    (errors.StoreError, 6),
    (errors.CatalogError, 7),
    (errors.DumpUnavailable, 5),
    (errors.ImportRefused, 7),
    (errors.ExportFailed, 7),
    (OSError, 7),
    (Exception, 1),
)

MEANINGS: dict[int, str] = {
    0: "done",
    1: "something went wrong that has no number of its own",
    2: "the command line or a setting makes no sense",
    3: "no such seller, listing or verdict, or the seller may not sell",
    4: "Discogs wants a token, another token, or does not allow it",
    5: "Discogs (or the bank) cannot be reached, is broken, or refuses for now",
    6: "the database cannot be used",
    7: "a file is not what it should be, or cannot be written",
    130: "interrupted; what was read is kept",
    141: "whoever read the output went away",
}


def exit_code(error: BaseException) -> int:
    """The code that a script sees after this error."""
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


@contextmanager
def ending_well() -> Iterator[None]:
    """Let a command run; word whatever stops it, and leave with its code."""
    try:
        yield
        sys.stdout.flush()  # here, where a reader that went away can still be noticed
    except errors.CratewiseError as error:
        _show_traceback()
        say(error)
        sys.exit(exit_code(error))
    except KeyboardInterrupt as error:
        _say("\ncratewise: interrupted; what was read is kept.")
        sys.exit(exit_code(error))
    except BrokenPipeError as error:
        _forget_stdout()
        sys.exit(exit_code(error))
    except OSError as error:
        _show_traceback()
        _say(f"cratewise: {_of_the_system(error)}")
        if error.errno == errno.ENOSPC:
            _forget_stdout()  # which may be what is full
        sys.exit(exit_code(error))
    except Exception as error:
        if _is_typers_own(error):
            raise
        _show_traceback()
        _say(_confession(error))
        sys.exit(exit_code(error))


def say(error: errors.CratewiseError) -> None:
    """Word an error for whoever looks at standard error."""
    _say(f"cratewise: {error}")


def _say(sentence: str) -> None:
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        sentence = "\n".join(textwrap.fill(line, width) for line in sentence.split("\n"))
    print(sentence, file=sys.stderr)  # noqa: T201 - Rich may be what failed


def _show_traceback() -> None:
    if os.environ.get("CRATEWISE_DEBUG"):
        traceback.print_exc()


def _confession(error: Exception) -> str:
    return (
        f"cratewise: an error that should not happen: {type(error).__name__}: {error}\n"
        "It is our mistake, and what was stored is kept.  Please report it to Cratewise's\n"
        f"issue tracker: what you did, version {__version__}, and what the same command writes\n"
        "after CRATEWISE_DEBUG=1 was set."
    )


def _of_the_system(error: OSError) -> str:
    """A full disk, a folder that may not be entered: nobody's mistake, and the system's words."""
    place = error.filename or "what is written"
    return f"{place}: {error.strerror or error}."


def _is_typers_own(error: Exception) -> bool:
    # A mistyped option, --help and a chosen exit are Typer's to word.
    return type(error).__module__.partition(".")[0] == "typer"


def _forget_stdout() -> None:
    # Python flushes standard output once more at its end, and would complain.
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        # No real file behind it (a test's own stream): nothing is flushed at the end.
        return
