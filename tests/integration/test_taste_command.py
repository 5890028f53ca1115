"""`cratewise taste` and `cratewise why`, on both databases."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.builders import an_account
from tests.learning.stocked import judge, stock_up
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.learning.context import forget_stocks
from cratewise.store.engine import writing


@pytest.fixture
def stock(store: Engine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    forget_stocks()
    url = store.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    with writing(store) as db:
        account = an_account(db)
        stock = stock_up(db)
        judge(db, account, stock[:150])
    return stock


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="cratewise")


def answered(*arguments: str) -> Any:
    result = cratewise(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_taste_is_learnt_shown_steered_and_asked_why(stock: list[int]) -> None:
    before = cratewise("why", str(7_000_000_000 + stock[-1]))
    assert "it costs $" in before.stdout
    assert "The rule score says so." in before.stderr

    learnt = cratewise("taste", "--refit")
    assert learnt.exit_code == 0, learnt.output
    assert "Promoted: it serves." in learnt.stderr
    assert "Version 1 (cratewise) serves." in learnt.stdout
    assert "On 75 verdicts that it had not seen: average precision " in learnt.stdout
    assert "styles (kept/judged): Dub Techno " in learnt.stdout

    after = cratewise("why", str(7_000_000_000 + stock[-1]), "--all")
    assert after.stdout.startswith("Chance of a keep ")
    assert "adds\tcolumn\tmeaning" in after.stdout
    assert "Version 1 says so; a keeper from " in after.stderr
    told = answered("why", str(stock[-1]))  # our own number is understood too
    total = told["base"] + sum(one["amount"] for one in told["contributions"])
    assert 1 / (1 + 2.718281828**-total) == pytest.approx(told["chance"], abs=1e-4)

    assert answered("taste", "--threshold", "0.3")["threshold"] == 0.3
    assert answered("taste", "--threshold", "0")["threshold"] is None
    assert answered("taste", "--use", "0")["live"] is None
    assert answered("taste", "--use", "1")["live"]["version"] == 1
    assert [row["version"] for row in answered("taste", "--versions")] == [1]


def test_what_makes_no_sense_is_refused_with_a_sentence(stock: list[int]) -> None:
    kind, version = cratewise("taste", "--kind", "oracle"), cratewise("taste", "--use", "9")
    listing = cratewise("why", "99")

    assert (kind.exit_code, version.exit_code) == (2, 1)
    assert "'oracle' is none of cratewise, forest-text, forest-basic" in kind.stderr
    assert "There is no version 9 of your taste; there is none yet." in version.stderr
    assert cratewise("why", "123456").exit_code == 3
    assert listing.exit_code == 0


def test_a_label_is_followed_in_any_case_until_that_is_stopped(stock: list[int]) -> None:
    assert cratewise("follow").stdout == "No label and no artist is followed.\n"

    followed = answered("follow", "--label", "Basic Channel", "--artist", "Moodymann")
    assert {(one["kind"], one["name"]) for one in followed["followed"]} == {
        ("label", "Basic Channel"),
        ("artist", "Moodymann"),
    }

    left = answered("follow", "--stop", "--label", "BASIC CHANNEL")
    assert [one["name"] for one in left["followed"]] == ["Moodymann"]
    twice = cratewise("follow", "--stop", "--label", "Basic Channel")
    assert "The label 'Basic Channel' was not followed." in twice.stderr
    assert cratewise("follow", "--label", " ").exit_code == 2
