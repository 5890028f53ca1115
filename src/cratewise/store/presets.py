"""Keeper rules that accounts made their own."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from cratewise.keeper import DEFAULT, KeeperRule, rule_from_json
from cratewise.store.tables import presets

NAME = "keeper"  # an account has one rule so far; the table allows for more

_RULE = select(presets.c.rule).where(  # made once: it is asked before every answer
    presets.c.account_id == bindparam("account"), presets.c.is_default
)


def keeper_rule(db: Connection, account_id: int) -> KeeperRule:
    """The rule that marks this account's keepers; the shipped one until it made another.

    Raises PresetError when what is stored makes no sense.
    """
    stored = db.scalar(_RULE, {"account": account_id})
    return DEFAULT if stored is None else rule_from_json(stored)


def keep_rule(db: Connection, account_id: int, rule: KeeperRule, at: datetime) -> None:
    """Make `rule` the one that marks this account's keepers."""
    told = {"rule": rule.to_json(), "is_default": True, "changed_at": at}
    changed = db.execute(
        update(presets)
        .where(presets.c.account_id == account_id, presets.c.name == NAME)
        .values(told)
    )
    if not changed.rowcount:
        db.execute(insert(presets).values(account_id=account_id, name=NAME, **told))
