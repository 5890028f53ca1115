"""Open what a command works with: settings, the database, the account, Discogs, rates.

Heavy libraries load here, at the call, so that listing commands stays quick.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cratewise.settings import Settings, read_settings, scrub_environment

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates
    from cratewise.store.accounts import Account


def open_settings() -> Settings:
    """The settings of this process, after libraries' own variables are gone.

    Raises SettingError.
    """
    scrub_environment(os.environ)
    return read_settings(os.environ)


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


def open_account(settings: Settings, engine: "Engine") -> "Account":
    """Whose installation this is; made at first use, from the settings."""
    raise NotImplementedError  # with store/accounts.py


def open_discogs(settings: Settings, engine: "Engine", account: "Account") -> "Discogs":
    """Discogs behind the installation's quota, with the account's credential if it has one.

    Raises SettingError.
    """
    raise NotImplementedError  # with discogs/client.py


def open_rates(settings: Settings, engine: "Engine") -> "Rates":
    """The shipped currency rates with those that were fetched since."""
    raise NotImplementedError  # with store/rates.py
