"""Named things of some kinds, as `follow` and `hide` keep them: one found, and all shown."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from cratewise.cli.output import Column, tell, write_json, write_table


class Named(Protocol):
    """A row of `store.followed` or `store.hidden`."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    def _asdict(self) -> dict[str, Any]: ...


One = TypeVar("One", bound=Named)


def find_named(kept: Sequence[One], kind: str, name: str) -> One | None:
    """The one of that kind and name, in any case."""
    same = (one for one in kept if one.kind == kind and one.name.lower() == name.lower())
    return next(same, None)


def tell_named(
    kept: Sequence[One], since: Callable[[One], datetime], *, key: str, nothing: str, as_json: bool
) -> None:
    """Show them all: under `key` in JSON, in a table, or as the sentence that there are none."""
    from cratewise.cli.listing_lines import printable

    if as_json:
        write_json({key: [one._asdict() for one in kept]})
    elif not kept:
        tell(nothing)
    else:
        columns = [Column("kind"), Column("name", wraps=True, style="bold"), Column("since")]
        rows = [(one.kind, printable(one.name), f"{since(one):%Y-%m-%d}") for one in kept]
        write_table(columns, rows)
