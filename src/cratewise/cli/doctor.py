"""`cratewise doctor`: is everything in order, and if not, what to do."""

import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise import __version__
from cratewise.cli.finding import Finding
from cratewise.cli.opening import (
    discogs_as,
    open_account,
    open_credential,
    open_settings,
    open_store,
)
from cratewise.cli.output import AsJson, Column, is_terminal, write_json, write_table
from cratewise.errors import (
    CratewiseError,
    DiscogsError,
    NotAuthenticated,
    NotFound,
    SchemaMismatch,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.settings import Settings

EXAMPLES = (
    ("cratewise doctor", "what works, and what to do about the rest"),
    ("cratewise doctor --offline", "without asking Discogs"),
)


def doctor(
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Discogs.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the installation, the database and Discogs.

    Ends with code 1 when something needs you.  Asking Discogs takes one request.
    """
    findings = list(_findings(offline=offline))
    if as_json:
        write_json(findings)
    else:
        _show(findings)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def _findings(*, offline: bool) -> Iterator[Finding]:
    from cratewise.cli import examining

    yield _versions()
    settings = open_settings()
    yield examining.disk(settings)
    yield examining.key(settings)
    try:
        engine = open_store(settings)
    except SchemaMismatch as error:
        yield Finding("migrations", False, str(error), "install the newer Cratewise")
        return
    except (CratewiseError, OSError) as error:
        yield Finding("database", False, str(error), examining.remedy_of(settings, error))
        return
    try:
        yield from examining.database(engine)
        yield examining.clock(engine)
        yield examining.credentials(settings, engine)
        yield examining.catalogue(settings)
        yield from examining.workers(engine)
        yield examining.schedules(settings, engine)
        yield from _discogs(settings, engine, offline=offline)
    finally:
        engine.dispose()


def _versions() -> Finding:
    from importlib.metadata import version

    parts = ", ".join(f"{name} {version(name)}" for name in ("discogs-sdk", "sqlalchemy", "dbos"))
    python = f"Python {platform.python_version()} on {platform.system()}"
    return Finding("versions", True, f"Cratewise {__version__}, {python}, {parts}")


def _discogs(settings: "Settings", engine: "Engine", *, offline: bool) -> Iterator[Finding]:
    from cratewise.cli.examining import quota

    account = open_account(settings, engine, may_ask=False)
    try:
        credential = open_credential(settings, engine, account)
        discogs = discogs_as(credential, settings, engine)
    except CratewiseError as error:
        yield Finding("Discogs", False, str(error), "`cratewise connect --token`")
        return
    source = "CRATEWISE_DISCOGS_TOKEN" if settings.discogs_token else "`cratewise connect`"
    with discogs, discogs.interactive():
        if offline:
            yield Finding("Discogs", True, "not asked")
        else:
            try:
                if credential is None:
                    with suppress(NotFound):  # which is an answer too
                        discogs.release(1)
                    yield Finding("Discogs", True, _nobody(settings))
                else:
                    name = discogs.identity().username
                    yield Finding("Discogs", True, f"answers; the token of {source} is {name}'s")
            except NotAuthenticated as error:
                yield Finding("Discogs", False, str(error), f"another token by {source}")
            except DiscogsError as error:
                yield Finding("Discogs", False, str(error), "the network, or try again later")
        yield quota(settings, engine, discogs)


def _nobody(settings: "Settings") -> str:
    return (
        f"{settings.discogs_api_url} answers; without a token it allows 25 requests a minute "
        "instead of 60 (`cratewise connect`)"
    )


def _show(findings: list[Finding]) -> None:
    columns = (Column(""), Column("Looked at"), Column("Found", wraps=True))
    good, bad = ("✓", "✗") if _can_show("✓✗") and is_terminal() else ("ok", "BAD")
    write_table(
        columns,
        (
            (
                good if finding.is_well else bad,
                finding.what,
                finding.found + (f"  →  {finding.remedy}" if finding.remedy else ""),
            )
            for finding in findings
        ),
    )


def _can_show(signs: str) -> bool:
    try:
        signs.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
