"""Keeper rules that accounts made, each under a name; one of them marks listings."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from cratewise.errors import UnknownPreset
from cratewise.keeper import DEFAULT, KeeperRule, rule_from_json
from cratewise.store.tables import presets

NAME = "keeper"  # the rule that everybody has: the shipped one until it is changed


class Preset(NamedTuple):
    """A rule under its name; is_used: the one that marks."""

    name: str
    rule: KeeperRule
    is_used: bool


RULE = (  # made once: it is asked before every answer
    select(presets.c.rule)
    .where(
        presets.c.account_id == bindparam("account"),
        or_(presets.c.is_default, presets.c.name == NAME),
    )
    .order_by(presets.c.is_default.desc())
    .limit(1)
)


def keeper_rule(db: Connection, account_id: int) -> KeeperRule:
    """The rule that marks this account's keepers; the shipped one until it made another.

    Raises PresetError when what is stored makes no sense.
    """
    return rule_of(db.scalar(RULE, {"account": account_id}))


def rule_of(stored: str | None) -> KeeperRule:
    """The rule that is stored so, or the shipped one.  Raises PresetError."""
    return DEFAULT if stored is None else rule_from_json(stored)


def presets_of(db: Connection, account_id: int) -> list[Preset]:
    """Every rule of an account: the one that everybody has, then the others by name.

    Raises PresetError.
    """
    rows = db.execute(
        select(presets.c.name, presets.c.rule, presets.c.is_default).where(
            presets.c.account_id == account_id
        )
    ).all()
    rules = {NAME: DEFAULT} | {row.name: rule_from_json(row.rule) for row in rows}
    used = next((row.name for row in rows if row.is_default), NAME)
    names = sorted(rules, key=lambda name: (name != NAME, name.casefold(), name))
    return [Preset(name, rules[name], name == used) for name in names]


def find_preset(db: Connection, account_id: int, name: str) -> Preset:
    """Raises UnknownPreset, PresetError."""
    found = next((one for one in presets_of(db, account_id) if one.name == name), None)
    if found is None:
        raise UnknownPreset(name)
    return found


def used_preset(db: Connection, account_id: int) -> str:
    """The name of the rule that marks; whether it makes sense is not looked at."""
    used = db.scalar(
        select(presets.c.name).where(presets.c.account_id == account_id, presets.c.is_default)
    )
    return used or NAME


def keep_rule(db: Connection, account_id: int, name: str, rule: KeeperRule, at: datetime) -> None:
    """Keep a rule under a name, which marks only if it did before."""
    told = {"rule": rule.to_json(), "changed_at": at}
    changed = db.execute(update(presets).where(*_named(account_id, name)).values(told))
    if not changed.rowcount:
        db.execute(insert(presets).values(account_id=account_id, name=name, **told))


def use_preset(db: Connection, account_id: int, name: str) -> None:
    """Let a rule mark listings from now on, and no other.  Raises UnknownPreset."""
    db.execute(update(presets).where(presets.c.account_id == account_id).values(is_default=False))
    chosen = db.execute(update(presets).where(*_named(account_id, name)).values(is_default=True))
    if not chosen.rowcount and name != NAME:
        raise UnknownPreset(name)


def forget_preset(db: Connection, account_id: int, name: str) -> None:
    """Forget a rule; the one that everybody has is then as shipped.  Raises UnknownPreset.

    Where it was the one that marks, the one that everybody has does from now on.
    """
    if not db.execute(delete(presets).where(*_named(account_id, name))).rowcount and name != NAME:
        raise UnknownPreset(name)


def _named(account_id: int, name: str) -> tuple[ColumnElement[bool], ...]:
    return presets.c.account_id == account_id, presets.c.name == name
