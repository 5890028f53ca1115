"""`cratewise triage`, as a person's keys and as a script drive it, on both databases."""

import json

import pytest
from sqlalchemy import Engine
from tests.builders import NOON, a_listing, a_seller, an_account
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.store.engine import reading, writing
from cratewise.store.judgements import judgements_before, tally


@pytest.fixture
def account(store: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
    url = store.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    with writing(store) as db:
        account, alice = an_account(db), a_seller(db)
        for number in range(14):
            a_listing(db, alice, artist=f"Artist {number}", first_seen_at=NOON)
    return account


def triage(keys: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["triage", *arguments], prog_name="cratewise", input=keys)


def test_keys_keep_skip_and_undo_and_it_says_why_and_how_many_are_left(
    store: Engine, account: int
) -> None:
    result = triage("k\ns\nu\nwhat\nK\n")

    assert result.exit_code == 0, result.output
    assert "shown because: " in result.stdout
    assert "10 in this batch, 4 more" in result.stdout
    assert "undone: skip of Artist " in result.stdout
    assert "'what' is none of the keys: k keep, s skip, u undo, q end." in result.stderr
    assert "You have kept 2 and skipped 0." in result.stderr
    with reading(store) as db:
        assert tally(db, account) == (2, 0)
        assert len(judgements_before(db, account, limit=10)) == 3


def test_it_goes_on_until_nothing_is_left(store: Engine, account: int) -> None:
    result = triage("s\n" * 20, "alice", "--batch", "5")

    assert "Nothing is left to judge" in result.stdout
    with reading(store) as db:
        assert tally(db, account) == (0, 14)


def test_a_program_sees_what_waits_and_the_same_again(store: Engine, account: int) -> None:
    first = json.loads(triage("", "--json").stdout)
    again = json.loads(triage("", "--json").stdout)

    assert first == again
    assert first["left"] == 4
    assert len(first["showings"]) == 10
    assert {one["because"] for one in first["showings"]} == {"uniform", "cover"}


def test_undo_with_no_verdict_and_an_unread_seller_are_told(store: Engine, account: int) -> None:
    assert "There is no verdict to undo." in triage("u\n").stderr
    unread = triage("", "nobody")

    assert unread.exit_code == 3
    assert "`cratewise pull nobody`" in unread.stderr
