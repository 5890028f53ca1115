"""Open what a command works with: settings, the database, the account, Discogs, rates.

Heavy libraries load here, at the call, so that listing commands stays quick.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cratewise.cli.asking import ask_region
from cratewise.cli.output import can_ask, remark
from cratewise.region import Region
from cratewise.settings import Settings, read_settings, scrub_environment

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.discogs.credential import Credential
    from cratewise.rates import Rates
    from cratewise.store.accounts import Account


def open_settings() -> Settings:
    """The settings of this process, after libraries' own variables are gone.

    Raises SettingError.
    """
    scrub_environment(os.environ)
    settings = read_settings(os.environ)
    _listen(settings.log_level)
    return settings


def hides_stale(account: "Account") -> bool:
    """Whether this account is shown no price that was read more than six hours ago."""
    return account.hides_stale or read_settings(os.environ).stale_prices == "hide"


def priced_since(account: "Account") -> "datetime | None":
    """When a price must have been read to be shown or reckoned with; None: at any time."""
    from cratewise.clock import SystemClock
    from cratewise.notices import shown_since

    return shown_since(SystemClock().now()) if hides_stale(account) else None


def shelf_file() -> "Path":
    """Where a server keeps the shelf: who searches without one takes it from there too."""
    return read_settings(os.environ).shelf_file


def _listen(log_level: str) -> None:
    """Let logs of this level and above appear on standard error; `info` names each request."""
    logging.basicConfig(
        level=log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # What it says below that are headers, and one of them is the token.
    logging.getLogger("httpcore2").setLevel(logging.INFO)


def open_store(settings: Settings) -> "Engine":
    """The database, brought to the newest schema.

    Raises SettingError, StoreUnavailable, StoreFull, SchemaMismatch.
    """
    from cratewise.store.engine import open_engine
    from cratewise.store.migrate import upgrade

    engine = open_engine(settings.database_url)
    upgrade(engine)
    return engine


@contextmanager
def opened_store(settings: Settings) -> Iterator["Engine"]:
    """`open_store`, closed at the end."""
    engine = open_store(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def open_account(settings: Settings, engine: "Engine", *, may_ask: bool = True) -> "Account":
    """Whose installation this is; made at first use.

    may_ask  a person at the terminal is asked once for currency and country; everybody
             else gets those of the settings, which are the locale's unless told.
    """
    from cratewise.clock import SystemClock
    from cratewise.store.accounts import find_local_account, local_account
    from cratewise.store.engine import reading, writing

    with reading(engine) as db:
        account = find_local_account(db)
    if account is None:
        region = _region(settings, may_ask=may_ask)
        with writing(engine) as db:
            account = local_account(
                db,
                currency=region.currency,
                country=region.country,
                at=SystemClock().now(),
            )
    # What the environment tells goes before what was answered once.
    return replace(
        account,
        currency=settings.currency if _is_told("CRATEWISE_CURRENCY") else account.currency,
        country=settings.country if _is_told("CRATEWISE_COUNTRY") else account.country,
    )


def _region(settings: Settings, *, may_ask: bool) -> Region:
    guess = Region(settings.country, settings.currency)
    is_told = _is_told("CRATEWISE_CURRENCY") and _is_told("CRATEWISE_COUNTRY")
    return ask_region(guess) if may_ask and can_ask() and not is_told else guess


def _is_told(name: str) -> bool:
    return bool(os.environ.get(name, "").strip())


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a served installation is.

    operator  who runs it: the local account; where many sign in, an account that is nobody's.
    account   as whom the request at hand is done.  Raises NotSignedIn.
    """

    operator: "Account"
    account: Callable[[], "Account"]


def open_whose(settings: Settings, engine: "Engine") -> Whose:
    """The one account of this installation, or that of whoever signed in."""
    if settings.mode == "local":
        return Whose(
            open_account(settings, engine, may_ask=False),
            lambda: open_account(settings, engine, may_ask=False),
        )
    from cratewise.people.acting import who_acts
    from cratewise.store.accounts import Account, account_of
    from cratewise.store.engine import reading

    def acting_account() -> Account:
        number = who_acts().member.id
        with reading(engine) as db:
            return account_of(db, number)

    nobody = Account(0, "nobody", settings.currency, settings.country)
    return Whose(nobody, acting_account)


def open_discogs(settings: Settings, engine: "Engine", account: "Account") -> "Discogs":
    """Discogs behind the installation's quota, with the account's credential if it has one.

    Close it, or use it as a context manager.  Raises SettingError.
    """
    return discogs_as(open_credential(settings, engine, account), settings, engine)


def discogs_as(credential: "Credential | None", settings: Settings, engine: "Engine") -> "Discogs":
    """Discogs behind the installation's quota, asked with this credential."""
    from cratewise.clock import SystemClock
    from cratewise.discogs.client import Discogs
    from cratewise.discogs.credential import limit_for
    from cratewise.discogs.quota import Quota
    from cratewise.store.quota import QuotaLedger

    clock = SystemClock()
    quota = Quota(
        QuotaLedger(engine, clock),
        limit=limit_for(credential),
        window_seconds=settings.discogs_minute_seconds,
        clock=clock,
        name=settings.quota,
    )
    return Discogs(
        api_url=settings.discogs_api_url,
        credential=credential,
        quota=quota,
        clock=clock,
        patience_seconds=settings.discogs_patience_seconds,
    )


def open_credential(
    settings: Settings, engine: "Engine", account: "Account"
) -> "Credential | None":
    """The token of the environment, else the one that `cratewise connect` stored, else none.

    Where many sign in the environment's is the operator's, and nobody else acts with it.

    Raises SealBroken.
    """
    from cratewise.discogs.credential import PersonalToken
    from cratewise.store.credentials import find_credential
    from cratewise.store.engine import reading

    if settings.discogs_token and settings.mode == "local":
        return PersonalToken(settings.discogs_token)
    with reading(engine) as db:
        stored = find_credential(db, account.id)
    if stored is None:
        return None
    from cratewise.discogs.sealing import Seal

    return Seal(settings.data_dir, settings.secret_keys).open(stored.sealed)


def open_rates(settings: Settings, engine: "Engine") -> "Rates":
    """The shipped currency rates, those fetched since, and today's if the bank can be asked."""
    from cratewise.clock import SystemClock
    from cratewise.inventory.fresh_rates import fresh_rates

    fresh = fresh_rates(engine, settings.rates_url, SystemClock())
    if fresh.problem:
        remark(fresh.problem)
    return fresh.rates
