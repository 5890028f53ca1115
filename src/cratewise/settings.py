"""Every setting, read once from the environment by a door; rooms take arguments.

SETTINGS lists them for people; `Settings` holds them for programs.
"""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cratewise.errors import SettingError
from cratewise.loopback import is_loopback
from cratewise.mode import read_mode
from cratewise.money import MINOR_DIGITS
from cratewise.region import Region, region_of_this_machine

DISCOGS_API_URL = "https://api.discogs.com"
RATES_URL = "https://www.ecb.europa.eu/stats/eurofxref"
CATALOG_URL = "https://data.discogs.com"
ON, OFF = ("on", "1", "true", "yes"), ("off", "0", "false", "no")
STALE_PRICES = ("mark", "hide")
STALE = {"local": "mark", "server": "hide"}  # prices, where nothing is told
LOG_LEVELS = ("debug", "info", "warning", "error")


class Setting(NamedTuple):
    """One environment variable, as the documentation shows it."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting(
        "CRATEWISE_DATA_DIR",
        "the platform's folder for a user's files",
        "Folder of the database and of the key that seals credentials.",
    ),
    Setting(
        "CRATEWISE_DATABASE_URL",
        "sqlite:///DATA_DIR/cratewise.sqlite",
        "Where everything is kept: sqlite:///FILE or postgresql://USER@HOST/NAME.",
    ),
    Setting(
        "CRATEWISE_DISCOGS_TOKEN",
        "none: 25 requests a minute instead of 60",
        "Personal access token; goes before one stored by `cratewise connect`.",
    ),
    Setting(
        "CRATEWISE_DISCOGS_CONSUMER_KEY",
        "none: `cratewise connect` asks for a token",
        "Key of an application of yours at Discogs, which members may allow to act for them.",
    ),
    Setting(
        "CRATEWISE_DISCOGS_CONSUMER_SECRET",
        "none",
        "Its secret; both or neither.",
    ),
    Setting(
        "CRATEWISE_DISCOGS_API_URL",
        DISCOGS_API_URL,
        "Another server that answers as Discogs does, such as `cratewise simulate`: "
        "https, or http on this machine.",
    ),
    Setting(
        "CRATEWISE_DISCOGS_MINUTE_SECONDS",
        "60",
        "Seconds that the quota's minute lasts; another value only with a server on this machine.",
    ),
    Setting(
        "CRATEWISE_DISCOGS_PATIENCE_SECONDS",
        "7200",
        "How long an outage is waited out before a pull stops; what was read is kept.",
    ),
    Setting(
        "CRATEWISE_QUOTA",
        "default",
        "Name of the quota that is shared: installations behind one address and on one "
        "database give the same name.",
    ),
    Setting(
        "CRATEWISE_RATES_URL",
        RATES_URL,
        "Where the European Central Bank's rates are fetched; `off`: the shipped ones only.",
    ),
    Setting(
        "CRATEWISE_CATALOG",
        "DATA_DIR/catalog.sqlite",
        "File of the catalogue that `cratewise catalog import` makes; 4 to 6 GB when whole.",
    ),
    Setting(
        "CRATEWISE_CATALOG_URL",
        CATALOG_URL,
        "Where the monthly dumps are fetched for `cratewise catalog import latest`.",
    ),
    Setting("CRATEWISE_CURRENCY", "that of the locale", "Currency to compare prices in: EUR."),
    Setting("CRATEWISE_COUNTRY", "that of the locale", "Where records are sent, two letters: DE."),
    Setting(
        "CRATEWISE_LEGACY",
        "off",
        "`on`: `cratewise serve` also answers the page of the earlier program (docs/moving.md).",
    ),
    Setting(
        "CRATEWISE_STALE_PRICES",
        "mark; in server mode hide",
        "What becomes of prices read more than six hours ago: `mark` shows their age, `hide` "
        "shows none until the listing is checked again.  Where it is `mark`, each account may "
        "have them hidden.",
    ),
    Setting(
        "CRATEWISE_MODE",
        "local",
        "`local`: for this machine's own people; `server`: for many, who sign in.",
    ),
    Setting(
        "CRATEWISE_PUBLIC_URL",
        "none; server mode needs it",
        "Where people reach the server: https://HOST.",
    ),
    Setting(
        "CRATEWISE_SECRET_KEY",
        "none; server mode needs it",
        "Keys that seal what is secret, the newest first, between commas; "
        "`cratewise secrets new` makes one.",
    ),
    Setting(
        "CRATEWISE_METRICS_TOKEN",
        "none: nobody reads /metrics in server mode",
        "What Prometheus sends as its bearer token in server mode.",
    ),
    Setting(
        "CRATEWISE_TRUSTED_PROXIES",
        "none",
        "Addresses of reverse proxies whose X-Forwarded-For is believed, between commas.",
    ),
    Setting(
        "CRATEWISE_SMTP_URL",
        "",
        "The mail server that sends alerts: smtp://USER:PASSWORD@HOST:587, or smtps://.",
    ),
    Setting("CRATEWISE_MAIL_FROM", "the reader's own address", "From whom alerts are sent."),
    Setting("CRATEWISE_LOG_LEVEL", "warning", f"One of {', '.join(LOG_LEVELS)}."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment asks for, checked."""

    data_dir: Path
    database_url: str = field(repr=False)  # may hold a password
    discogs_token: str | None = field(default=None, repr=False)
    discogs_consumer_key: str | None = None
    discogs_consumer_secret: str | None = field(default=None, repr=False)
    discogs_api_url: str = DISCOGS_API_URL
    discogs_minute_seconds: float = 60.0
    discogs_patience_seconds: float = 7200.0
    quota: str = "default"
    rates_url: str | None = RATES_URL  # None: never fetched
    catalog: Path = Path("catalog.sqlite")
    catalog_url: str = CATALOG_URL
    currency: str = "USD"
    country: str = "US"
    legacy: bool = False
    stale_prices: str = "mark"  # | "hide"
    mode: str = "local"
    public_url: str | None = None
    secret_keys: tuple[str, ...] = field(default=(), repr=False)  # Fernet's, the newest first
    metrics_token: str | None = field(default=None, repr=False)
    trusted_proxies: tuple[str, ...] = ()
    smtp_url: str | None = field(default=None, repr=False)  # may hold a password
    mail_from: str = ""
    log_level: str = "warning"

    @property
    def models_dir(self) -> Path:
        """Where the files of learnt models lie."""
        return self.data_dir / "models"

    @property
    def shelf_file(self) -> Path:
        """Where the shelf is kept for the next start."""
        return self.data_dir / "shelf.npz"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of `environ`, by default this process's; unset and empty are the same.

    Raises SettingError, which names the variable.
    """
    source = os.environ if environ is None else environ
    told = {name: text.strip() for name, text in source.items()}
    data_dir = _data_dir(told.get("CRATEWISE_DATA_DIR", ""))
    api_url = _server("CRATEWISE_DISCOGS_API_URL", told.get("CRATEWISE_DISCOGS_API_URL", ""))
    region = region_of_this_machine(told)
    consumer_key, consumer_secret = _consumer(told)
    mode = read_mode(told)
    return Settings(
        data_dir=data_dir,
        database_url=told.get("CRATEWISE_DATABASE_URL")
        or f"sqlite:///{data_dir / 'cratewise.sqlite'}",
        discogs_token=_token(told.get("CRATEWISE_DISCOGS_TOKEN", "")),
        discogs_consumer_key=consumer_key,
        discogs_consumer_secret=consumer_secret,
        discogs_api_url=api_url or DISCOGS_API_URL,
        discogs_minute_seconds=_minute(told.get("CRATEWISE_DISCOGS_MINUTE_SECONDS", ""), api_url),
        discogs_patience_seconds=_patience(told.get("CRATEWISE_DISCOGS_PATIENCE_SECONDS", "")),
        quota=told.get("CRATEWISE_QUOTA") or "default",
        rates_url=_rates_url(told.get("CRATEWISE_RATES_URL", "")),
        catalog=_file(told.get("CRATEWISE_CATALOG", "")) or data_dir / "catalog.sqlite",
        catalog_url=_server("CRATEWISE_CATALOG_URL", told.get("CRATEWISE_CATALOG_URL", ""))
        or CATALOG_URL,
        currency=_currency(told.get("CRATEWISE_CURRENCY", ""), region),
        country=_country(told.get("CRATEWISE_COUNTRY", ""), region),
        legacy=_switch("CRATEWISE_LEGACY", told.get("CRATEWISE_LEGACY", "")),
        stale_prices=_stale_prices(told.get("CRATEWISE_STALE_PRICES") or STALE[mode["mode"]]),
        **mode,
        smtp_url=told.get("CRATEWISE_SMTP_URL") or None,
        mail_from=told.get("CRATEWISE_MAIL_FROM", ""),
        log_level=_log_level(told.get("CRATEWISE_LOG_LEVEL", "")),
    )


def refuse_way_with_stale_prices(settings: Settings, way: str) -> None:
    """Somebody may see less than this installation shows, never more.

    way  'mark' or 'hide', for one account.

    Raises SettingError, which names the variable that stands in the way.
    """
    if way == "mark" and settings.stale_prices == "hide":
        raise SettingError(
            "CRATEWISE_STALE_PRICES",
            "here it is hide, for everybody, and nobody is shown more than that.",
        )
    if way == "hide" and settings.legacy:
        raise SettingError(
            "CRATEWISE_LEGACY",
            "the earlier page, which is served here, tells prices without their age.",
        )


def scrub_environment(environ: MutableMapping[str, str] | None = None) -> None:
    """Forget the variables that libraries of ours would obey without our asking.

    discogs-sdk takes credentials from DISCOGS_*: without this an account that has
    none would act as whoever those belong to.  DBOS takes its own from DBOS__*.
    """
    environ = os.environ if environ is None else environ
    for name in [name for name in environ if name.startswith(("DISCOGS_", "DBOS__"))]:
        del environ[name]


def _data_dir(told: str) -> Path:
    if told:
        return Path(told).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("cratewise", appauthor=False)


def _file(told: str) -> Path | None:
    return Path(told).expanduser().absolute() if told else None


def _token(told: str) -> str | None:
    if any(not "!" <= letter <= "~" for letter in told):
        raise SettingError(
            "CRATEWISE_DISCOGS_TOKEN",
            "a token has plain letters and no spaces; copy it again.",
        )
    return told or None


def _consumer(told: Mapping[str, str]) -> tuple[str | None, str | None]:
    names = ("CRATEWISE_DISCOGS_CONSUMER_KEY", "CRATEWISE_DISCOGS_CONSUMER_SECRET")
    key, secret = (told.get(name) or None for name in names)
    if (key is None) != (secret is None):
        missing, there = names if key is None else reversed(names)
        raise SettingError(missing, f"is missing, while {there} is set; set both or neither.")
    return key, secret


def _server(name: str, told: str) -> str:
    """A checked URL without a slash at its end; empty when none is told."""
    if not told:
        return ""
    try:
        url = urlsplit(told)
        has_port_that_counts = url.port is None or url.port > 0
    except ValueError:
        raise SettingError(name, f"{told!r} is not a URL.") from None
    if url.scheme not in ("https", "http") or not url.hostname or not has_port_that_counts:
        raise SettingError(name, f"{told!r} is not a URL; expected https://HOST.")
    # A token must never cross a network in the clear.
    if url.scheme == "http" and not is_loopback(told):
        raise SettingError(name, f"{told!r} must be https: plain http is for this machine alone.")
    return told.rstrip("/")


def _minute(told: str, api_url: str) -> float:
    name = "CRATEWISE_DISCOGS_MINUTE_SECONDS"
    if not told:
        return 60.0
    try:
        seconds = float(told)
    except ValueError:
        seconds = 0.0
    if not 0.01 <= seconds <= 3600:
        raise SettingError(name, f"{told!r} is not a number of seconds from 0.01 to 3600.")
    if seconds != 60 and not is_loopback(api_url):
        raise SettingError(
            name, "Discogs' minute has 60 seconds; only a server on this machine may have another."
        )
    return seconds


def _patience(told: str) -> float:
    try:
        seconds = float(told or 7200)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 7 * 86_400:
        raise SettingError(
            "CRATEWISE_DISCOGS_PATIENCE_SECONDS",
            f"{told!r} is not a number of seconds from 0 to a week's 604800.",
        )
    return seconds


def _rates_url(told: str) -> str | None:
    if told.lower() == "off":
        return None
    return _server("CRATEWISE_RATES_URL", told) or RATES_URL


def _currency(told: str, region: Region) -> str:
    code = told.upper() or region.currency
    if code not in MINOR_DIGITS:
        raise SettingError(
            "CRATEWISE_CURRENCY", f"{told!r} is no currency; expected one such as EUR."
        )
    return code


def _country(told: str, region: Region) -> str:
    code = told.upper() or region.country
    code = "GB" if code == "UK" else code
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        raise SettingError(
            "CRATEWISE_COUNTRY", f"{told!r} is no country; expected two letters such as DE."
        )
    return code


def _switch(name: str, told: str) -> bool:
    word = told.lower()
    if word not in ("", *ON, *OFF):
        raise SettingError(name, f"{told!r} is neither on nor off.")
    return word in ON


def _stale_prices(told: str) -> str:
    way = told.lower() or "mark"
    if way not in STALE_PRICES:
        known = " nor ".join(STALE_PRICES)
        raise SettingError("CRATEWISE_STALE_PRICES", f"{told!r} is neither {known}.")
    return way


def _log_level(told: str) -> str:
    level = told.lower() or "warning"
    if level not in LOG_LEVELS:
        raise SettingError("CRATEWISE_LOG_LEVEL", f"{told!r} is none of {', '.join(LOG_LEVELS)}.")
    return level
