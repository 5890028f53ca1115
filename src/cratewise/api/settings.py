"""Settings: your currency and country, and what this installation was told at its start."""

from typing import Annotated, Literal

import msgspec
from litestar import get, patch
from litestar.params import JSONBody

from cratewise import __version__
from cratewise.api.installation import Here, Installation
from cratewise.api.problems import BadField, told
from cratewise.errors import SettingError, UnknownCurrency
from cratewise.money import DISCOGS_CURRENCIES, MINOR_DIGITS
from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.settings import DISCOGS_API_URL, refuse_way_with_stale_prices
from cratewise.store.accounts import hide_stale_prices, move_account
from cratewise.store.engine import writing

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=10)]


class SettingsNow(msgspec.Struct, frozen=True, kw_only=True):
    """What holds now.

    currency, country  yours; fixed: what the environment tells, so that nobody can change it here.
    currencies         that prices can be compared in, those of Discogs first.
    database           'sqlite' or 'postgresql'.
    requests_a_minute  that Discogs allows this installation.
    is_simulated       Discogs is another server that answers as it does.
    stale_prices       what becomes of prices older than six hours: 'mark' or 'hide'; yours, and
                       fixed where the installation hides them.
    """

    currency: str
    country: str
    fixed: list[str]
    currencies: list[str]
    database: str
    quota: str
    requests_a_minute: int
    is_simulated: bool
    stale_prices: Literal["mark", "hide"]
    version: str = __version__
    notices: list[str] = msgspec.field(default_factory=lambda: [DATA_NOTICE, API_NOTICE])


class SettingsChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; what is left out stays.

    currency, country  ISO 4217, and ISO 3166 of two letters.
    stale_prices       'hide': you are shown no price that was read more than six hours ago, and
                       nothing is reckoned with one.
    """

    currency: Code | msgspec.UnsetType = msgspec.UNSET
    country: Code | msgspec.UnsetType = msgspec.UNSET
    stale_prices: Literal["mark", "hide"] | msgspec.UnsetType = msgspec.UNSET


@get(
    "/settings",
    tags=["settings"],
    operation_id="read_settings",
    sync_to_thread=True,
    responses=told(503),
)
def read_settings(here: Here) -> SettingsNow:
    """What holds now."""
    return _now(here)


@patch(
    "/settings",
    tags=["settings"],
    operation_id="change_settings",
    sync_to_thread=True,
    responses=told(409, 422, 503),
)
def change_settings(here: Here, data: JSONBody[SettingsChange]) -> SettingsNow:
    """Compare prices in another currency, send records elsewhere, hide prices that are old."""
    account = here.account()
    changed = {name: value for name, value in msgspec.structs.asdict(data).items()
               if value is not msgspec.UNSET}  # fmt: skip
    for name in sorted(changed.keys() & here.fixed):
        raise SettingError(f"CRATEWISE_{name.upper()}", "this variable tells it; unset that first.")
    currency, country = account.currency, account.country
    if "currency" in changed:
        currency = _currency(changed["currency"])
    if "country" in changed:
        country = _country(changed["country"])
    way = changed.get("stale_prices")
    if way is not None:
        refuse_way_with_stale_prices(here.settings, way)
    with writing(here.engine) as db:
        if changed.keys() & {"currency", "country"}:
            move_account(db, account.id, currency=currency, country=country)
        if way is not None:
            hide_stale_prices(db, account.id, hides=way == "hide")
    return _now(here)


def _now(here: Installation) -> SettingsNow:
    account = here.account()
    rates = here.rates()
    known = rates.currencies(rates.newest_day)
    is_hidden_from_all = here.settings.stale_prices == "hide"
    return SettingsNow(
        currency=account.currency,
        country=account.country,
        fixed=sorted({*here.fixed, *(["stale_prices"] if is_hidden_from_all else [])}),
        currencies=[
            *(code for code in DISCOGS_CURRENCIES if code in known),
            *sorted(known - set(DISCOGS_CURRENCIES)),
        ],
        database=here.engine.dialect.name,
        quota=here.settings.quota,
        requests_a_minute=here.quota().limit,
        is_simulated=here.settings.discogs_api_url != DISCOGS_API_URL,
        stale_prices="hide" if here.hides_stale(account) else "mark",
    )


def _currency(text: str) -> str:
    code = text.strip().upper()
    if code not in MINOR_DIGITS:
        raise UnknownCurrency(text)
    return code


def _country(text: str) -> str:
    code = text.strip().upper()
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        raise BadField("body.country", f"country: {text!r} is none; give two letters such as DE.")
    return code
