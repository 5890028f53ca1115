"""Presets: rules under names, of which one marks listings, and drops none."""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody, PathParameter

from cratewise.api.installation import Here
from cratewise.api.problems import BadField, told
from cratewise.grades import Grade, parse_media
from cratewise.keeper import DEFAULT, KeeperRule
from cratewise.store import presets as kept
from cratewise.store.engine import reading, writing

Name = Annotated[str, PathParameter(max_length=60, description="Of your own; 'keeper' is there.")]


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
    """A rule under its name, and in words.

    is_shipped  it is the one that everybody has, and nobody changed it.
    is_used     it is the one that marks listings.
    """

    name: str
    rule: KeeperTerms
    sentence: str
    is_shipped: bool
    is_used: bool


class Presets(msgspec.Struct, frozen=True):
    """Every preset that you have, 'keeper' first, then by name."""

    presets: list[Preset]


@get(
    "/presets",
    tags=["presets"],
    operation_id="list_presets",
    sync_to_thread=True,
    responses=told(503),
)
def list_presets(here: Here) -> Presets:
    """Every preset that you have; one of them marks listings."""
    account = here.account()
    with reading(here.engine) as db:
        return Presets([_shown(one) for one in kept.presets_of(db, account.id)])


@get(
    "/presets/{name:str}",
    tags=["presets"],
    operation_id="read_preset",
    sync_to_thread=True,
    responses=told(404, 503),
)
def read_preset(here: Here, name: Name) -> Preset:
    """One preset: 'keeper' is there for everybody."""
    account = here.account()
    with reading(here.engine) as db:
        return _shown(kept.find_preset(db, account.id, name.strip()))


@put(
    "/presets/{name:str}",
    tags=["presets"],
    operation_id="keep_preset",
    sync_to_thread=True,
    responses=told(422, 503),
)
def keep_preset(here: Here, name: Name, data: JSONBody[KeeperTerms]) -> Preset:
    """Make a preset, or change it; one that is not used yet marks nothing so far."""
    rule = KeeperRule(
        format_holds=tuple(term.strip() for term in data.format_holds if term.strip()),
        media_grade_at_least=_grade(data.media_grade_at_least),
        wants_over_haves=data.wants_over_haves,
    )
    account, name = here.account(), _name(name)
    with writing(here.engine) as db:
        kept.keep_rule(db, account.id, name, rule, here.clock.now())
        return _shown(kept.find_preset(db, account.id, name))


@post(
    "/presets/{name:str}/use",
    tags=["presets"],
    operation_id="use_preset",
    sync_to_thread=True,
    status_code=200,
    responses=told(404, 503),
)
def use_preset(here: Here, name: Name) -> Preset:
    """Let this preset mark listings from now on, and no other."""
    account, name = here.account(), name.strip()
    with writing(here.engine) as db:
        kept.use_preset(db, account.id, name)
        return _shown(kept.find_preset(db, account.id, name))


@delete(
    "/presets/{name:str}",
    tags=["presets"],
    operation_id="forget_preset",
    sync_to_thread=True,
    status_code=200,
    responses=told(404, 503),
)
def forget_preset(here: Here, name: Name) -> Preset:
    """Forget a preset; 'keeper' is as shipped again.  Returns the one that marks from now on."""
    account = here.account()
    with writing(here.engine) as db:
        kept.forget_preset(db, account.id, name.strip())
        return _shown(next(one for one in kept.presets_of(db, account.id) if one.is_used))


def _name(told: str) -> str:
    """A name that can be seen.  Raises BadField."""
    name = told.strip()
    if not name or not name.isprintable():
        raise BadField("name", f"name: {told!r} cannot be read as a name.")
    return name


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


def _shown(preset: kept.Preset) -> Preset:
    name, rule, is_used = preset
    least = rule.media_grade_at_least
    terms = KeeperTerms(
        format_holds=list(rule.format_holds),
        media_grade_at_least=None if least is None else least.short,
        wants_over_haves=rule.wants_over_haves,
    )
    is_shipped = name == kept.NAME and rule == DEFAULT
    return Preset(name=name, rule=terms, sentence=str(rule), is_shipped=is_shipped, is_used=is_used)
