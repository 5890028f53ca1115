"""Presets: the keeper rule, which marks listings and drops none."""

import msgspec
from litestar import delete, get, put
from litestar.params import JSONBody

from cratewise.api.installation import Here, Installation
from cratewise.api.problems import BadField, told
from cratewise.grades import Grade, parse_media
from cratewise.keeper import DEFAULT, KeeperRule
from cratewise.store.engine import reading, writing
from cratewise.store.presets import NAME, keep_rule, keeper_rule


class KeeperTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of them must hold.

    format_holds          terms of the format: LP.
    media_grade_at_least  such as VG+; null: any, unknown too.
    wants_over_haves      more people want the release than own it.
    """

    format_holds: list[str]
    media_grade_at_least: str | None
    wants_over_haves: bool


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """A rule under its name, and in words; is_shipped: nobody changed it."""

    name: str
    rule: KeeperTerms
    sentence: str
    is_shipped: bool


class Presets(msgspec.Struct, frozen=True):
    """Every preset that you have."""

    presets: list[Preset]


@get(
    "/presets",
    tags=["presets"],
    operation_id="list_presets",
    sync_to_thread=True,
    responses=told(503),
)
def list_presets(here: Here) -> Presets:
    """Every preset that you have: so far the keeper rule."""
    return Presets([_kept(here)])


@get(
    "/presets/keeper",
    tags=["presets"],
    operation_id="read_keeper",
    sync_to_thread=True,
    responses=told(503),
)
def read_keeper(here: Here) -> Preset:
    """What is marked as a keeper."""
    return _kept(here)


@put(
    "/presets/keeper",
    tags=["presets"],
    operation_id="change_keeper",
    sync_to_thread=True,
    responses=told(422, 503),
)
def change_keeper(here: Here, data: JSONBody[KeeperTerms]) -> Preset:
    """Mark others as keepers from now on."""
    rule = KeeperRule(
        format_holds=tuple(term.strip() for term in data.format_holds if term.strip()),
        media_grade_at_least=_grade(data.media_grade_at_least),
        wants_over_haves=data.wants_over_haves,
    )
    return _keep(here, rule)


@delete(
    "/presets/keeper",
    tags=["presets"],
    operation_id="reset_keeper",
    sync_to_thread=True,
    status_code=200,
    responses=told(503),
)
def reset_keeper(here: Here) -> Preset:
    """Back to the rule that is shipped."""
    return _keep(here, DEFAULT)


def _kept(here: Installation) -> Preset:
    account = here.account()
    with reading(here.engine) as db:
        return _shown(keeper_rule(db, account.id))


def _keep(here: Installation, rule: KeeperRule) -> Preset:
    account = here.account()
    with writing(here.engine) as db:
        keep_rule(db, account.id, rule, here.clock.now())
    return _shown(rule)


def _grade(text: str | None) -> Grade | None:
    if text is None:
        return None
    grade = parse_media(text)
    if grade is None:
        known = ", ".join(one.short for one in sorted(Grade, reverse=True) if one.is_quality)
        raise BadField(
            "body.media_grade_at_least", f"media_grade_at_least: {text!r} is none of {known}."
        )
    return grade


def _shown(rule: KeeperRule) -> Preset:
    least = rule.media_grade_at_least
    terms = KeeperTerms(
        format_holds=list(rule.format_holds),
        media_grade_at_least=None if least is None else least.short,
        wants_over_haves=rule.wants_over_haves,
    )
    return Preset(name=NAME, rule=terms, sentence=str(rule), is_shipped=rule == DEFAULT)
