"""Postage: what sending records to you costs, by seller or by country."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody, PathParameter

from cratewise.api.installation import Here, Installation
from cratewise.api.problems import BadField, told
from cratewise.errors import UnknownPostage
from cratewise.shelf.kept import kept_seller
from cratewise.store import postage as kept
from cratewise.store.engine import reading, writing
from cratewise.wants.postage import Tariff, tariff_of

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
Minor = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Tier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parcel of up to so many grams, its mailer included."""

    grams: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    minor: Minor


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a parcel costs, in whole minor units of `currency`.

    first_minor    with one record; further_minor: each record more.
    tiers          instead of both, the lightest first.
    source         where you read it; told_on: when, today unless told.
    """

    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3)]
    first_minor: Minor | None = None
    further_minor: Minor | None = None
    tiers: list[Tier] = []
    source: Annotated[str, msgspec.Meta(max_length=500)] = ""
    told_on: date | None = None


class NewRule(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either one seller's, in any case, or a country's, as listings write it."""

    seller: Name | None = None
    origin: Name | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of postage to `country`; sentence: all of it for people."""

    id: int
    seller: str | None
    origin: str | None
    country: str
    currency: str
    first_minor: int | None
    further_minor: int | None
    tiers: list[Tier]
    source: str
    told_on: date
    sentence: str


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """Every rule that you noted; those to `country`, where you live now, count."""

    country: str
    rules: list[Rule]


@get("/postage", tags=["postage"], operation_id="list_postage", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_postage(here: Here) -> Rules:
    """What you noted: sellers' own rules first, which go before countries'."""
    account = here.account()
    with reading(here.engine) as db:
        rules = kept.list_postage(db, account.id)
    return Rules(country=account.country, rules=[_shown(rule) for rule in rules])


@post("/postage", tags=["postage"], operation_id="note_postage", sync_to_thread=True,
      status_code=201, responses=told(404, 422, 503))  # fmt: skip
def note_postage(here: Here, data: JSONBody[NewRule]) -> Rule:
    """Note what a seller, or all of a country, ask; in the place of the rule before."""
    account, tariff = here.account(), _tariff(data)
    if (data.seller is None) == (data.origin is None):
        raise BadField("body.seller", "Give either `seller` or `origin`: whose postage is it?")
    values = _values(here, data, tariff, account.country)
    with writing(here.engine) as db:
        if data.seller is not None:
            seller = kept_seller(db, data.seller)
            rule = kept.keep_postage(db, account.id, values, seller_id=seller.id)
        else:
            origin = (data.origin or "").strip()
            if not origin:
                raise BadField("body.origin", "origin: a country's name is not empty.")
            rule = kept.keep_postage(db, account.id, values, origin=origin)
    return _found(here, account.id, rule)


@get("/postage/{rule_id:int}", tags=["postage"], operation_id="read_postage", sync_to_thread=True,
     responses=told(404, 503))  # fmt: skip
def read_postage(here: Here, rule_id: Number) -> Rule:
    """One rule."""
    return _found(here, here.account().id, rule_id)


@put("/postage/{rule_id:int}", tags=["postage"], operation_id="change_postage",
     sync_to_thread=True, responses=told(404, 422, 503))  # fmt: skip
def change_postage(here: Here, rule_id: Number, data: JSONBody[Terms]) -> Rule:
    """Let a rule say something else; whose it is, and where to, stays."""
    account, tariff = here.account(), _tariff(data)
    with writing(here.engine) as db:
        rule = kept.find_postage(db, account.id, rule_id)
        if rule is None:
            raise UnknownPostage(rule_id)
        values = _values(here, data, tariff, rule.country)
        kept.keep_postage(db, account.id, values, seller_id=rule.seller_id, origin=rule.origin)
    return _found(here, account.id, rule_id)


@delete("/postage/{rule_id:int}", tags=["postage"], operation_id="forget_postage",
        sync_to_thread=True, status_code=204, responses=told(404, 503))  # fmt: skip
def forget_postage(here: Here, rule_id: Number) -> None:
    """Forget a rule: what it told is unknown again."""
    account = here.account()
    with writing(here.engine) as db:
        if not kept.forget_postage(db, account.id, rule_id):
            raise UnknownPostage(rule_id)


def _tariff(terms: Terms) -> Tariff:
    return Tariff(
        terms.currency.upper(),
        first_minor=terms.first_minor,
        further_minor=terms.further_minor,
        tiers=tuple((tier.grams, tier.minor) for tier in terms.tiers),
    )


def _values(here: Installation, terms: Terms, tariff: Tariff, country: str) -> dict[str, Any]:
    return {
        "country": country,
        "currency": tariff.currency,
        "first_minor": tariff.first_minor,
        "further_minor": tariff.further_minor,
        "tiers": tariff.tiers,
        "source": terms.source.strip(),
        "told_on": terms.told_on or here.clock.now().date(),
    }


def _found(here: Installation, account_id: int, rule_id: int) -> Rule:
    with reading(here.engine) as db:
        rule = kept.find_postage(db, account_id, rule_id)
    if rule is None:
        raise UnknownPostage(rule_id)
    return _shown(rule)


def _shown(rule: kept.Postage) -> Rule:
    told_of = rule._asdict()
    del told_of["seller_id"]
    tiers = [Tier(grams=grams, minor=minor) for grams, minor in rule.tiers]
    return Rule(**{**told_of, "tiers": tiers}, sentence=str(tariff_of(rule)))
