"""A pull as it goes on: three moving lines on a terminal, a plain line now and then elsewhere.

Standard error carries it, so that what a command answers can go into a pipe.
"""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cratewise.cli.output import console, remark
from cratewise.errors import DiscogsError, DiscogsUnreachable, RateLimited

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

    from cratewise.inventory.progress import Progress

FRAMES_PER_SECOND = 8
PLAIN_EVERY_SECONDS = 5.0  # so often a log hears of a pull
BAR_WIDTH = 30
FIRST_CONTACT_SECONDS = 8.0


class PullProgress:
    """Shows what a pull tells; `show` and `remark` may be called from any thread."""

    def __init__(self) -> None:
        self._live: Live | None = None
        self._began_at = self._told_at = time.monotonic()
        self._state = ""
        self._trouble = ""
        self._trouble_until = 0.0

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.live import Live

            self._live = Live(
                console=console(is_error=True),
                refresh_per_second=FRAMES_PER_SECOND,
                transient=True,
            )
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, progress: "Progress") -> None:
        if progress.state != self._state:
            self._state = progress.state
            self._announce(progress)
        if self._live is not None:
            self._live.update(moving_lines(progress))
        elif time.monotonic() - self._told_at >= PLAIN_EVERY_SECONDS:
            self._told_at = time.monotonic()
            remark(plain_line(progress))

    def count(self, file: str, kept: int) -> None:
        """Show how many listings of a file are kept so far."""
        line = f"{file}: {kept:,} listings kept"
        if self._live is not None:
            self._live.update(line)
        elif time.monotonic() - self._told_at >= PLAIN_EVERY_SECONDS:
            self._told_at = time.monotonic()
            remark(line)

    def remark(self, sentence: str) -> None:
        """Tell something beside the progress."""
        if self._live is not None:
            self._live.console.print(sentence, markup=False)
        else:
            remark(sentence)

    def trouble(self, error: DiscogsError, retry_in_seconds: float) -> None:
        """Tell that Discogs did not answer, and when it is asked again.

        A pull sits out an outage; but who never had an answer has no network, or a
        wrong address, and is told so instead of being kept.  Raises the error then.
        """
        now = time.monotonic()
        is_first_contact = not self._state and isinstance(error, DiscogsUnreachable)
        if is_first_contact and now + retry_in_seconds - self._began_at > FIRST_CONTACT_SECONDS:
            raise error
        if str(error) == self._trouble and now < self._trouble_until:
            return  # several threads meet the same trouble at once
        self._trouble, self._trouble_until = str(error), now + retry_in_seconds
        if isinstance(error, RateLimited):  # which says itself for how long
            self.remark(f"{error}  Ctrl-C stops.")
        else:
            self.remark(f"{error}  Trying again in {retry_in_seconds:.0f} s; Ctrl-C stops.")

    def _announce(self, progress: "Progress") -> None:
        if progress.state == "planned":
            self.remark(progress.sentence)
        elif progress.state == "following":
            self.remark(f"Another process reads {progress.seller} already; this one follows it.")


def plain_line(progress: "Progress") -> str:
    """The pull in one line, for logs and pipes."""
    pages = f"{progress.pages_done} of {progress.pages_planned} pages"
    return (
        f"{progress.seller}: {pages}, "
        f"{_listings(progress)}, {_movements(progress)}; {_quota(progress)}; {_eta(progress)}"
    ) + (f"; waiting: {progress.waiting_for}" if progress.waiting_for else "")


def moving_lines(progress: "Progress") -> "RenderableType":
    """The pull in three lines of at most 80 columns."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    first = Table.grid(padding=(0, 2))
    first.add_row(
        Text(progress.seller, style="bold", overflow="ellipsis", no_wrap=True),
        ProgressBar(
            total=max(progress.pages_planned, 1), completed=progress.pages_done, width=BAR_WIDTH
        ),
        Text(f"{progress.pages_done} of {progress.pages_planned} pages"),
        Text(_eta(progress)),
    )
    return Group(
        first,
        Text(f"  {_listings(progress)}, {_movements(progress)}"),
        Text(f"  {progress.waiting_for or _quota(progress)}"),
    )


def _listings(progress: "Progress") -> str:
    if not progress.claimed:
        return f"{progress.seen:,} listings"
    share = f" ({progress.coverage * 100:.1f} %)" if progress.coverage is not None else ""
    return f"{progress.seen:,} of {progress.claimed:,} listings{share}"


def _movements(progress: "Progress") -> str:
    return f"{progress.new:,} new, {progress.changed:,} changed, {progress.gone:,} gone"


def _quota(progress: "Progress") -> str:
    return f"{progress.remaining} of {progress.limit} requests left in this minute"


def _eta(progress: "Progress") -> str:
    if progress.eta_seconds is None:
        return progress.state
    seconds = round(progress.eta_seconds)
    return f"{seconds // 60}:{seconds % 60:02d} to go"
