"""`cratewise pick` shows the record of the day to people, pipes and programs."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.builders import a_listing, a_seller, an_account
from tests.learning.stocked import judge, stock_up
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.cli.landscape import PICKED, landscape
from cratewise.learning.context import forget_stocks
from cratewise.store.engine import writing


@pytest.fixture(autouse=True)
def _the_store_is_the_programs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = store.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")


@pytest.fixture
def stock(store: Engine) -> None:
    with writing(store) as db:
        an_account(db)
        seller = a_seller(db)
        for n in range(12):
            a_listing(db, seller, score=50.0 - n, year=1960 + n, artist=f"Artist {n % 4}")


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["pick", *arguments], prog_name="cratewise")


def answered(*arguments: str) -> Any:
    result = cratewise(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.usefixtures("stock")
def test_programs_get_every_number_and_the_landscape() -> None:
    pick = answered()

    assert pick["candidates"] == len(pick["landscape"]) == 12
    assert sum(point["probability"] for point in pick["landscape"]) == pytest.approx(1)
    drawn = next(one for one in pick["landscape"] if one["listing_id"] == pick["was"]["id"])
    for name in ("utility", "novelty", "free_energy", "probability"):
        assert drawn[name] == pytest.approx(pick[name])
    assert pick["listing"]["title"] == pick["was"]["title"]
    assert answered("today")["pick"] == pick["pick"]


@pytest.mark.usefixtures("stock")
def test_a_vote_says_by_how_much_it_moves_the_next_draw() -> None:
    first = answered()["pick"]

    assert "+20.0 % (before: +0.0 %) warmer" in cratewise("vote", "5", "4").stdout
    moves = answered("vote", "1", "4", "--pick", str(first))["next_draw_moves"]
    assert moves["before"]["temperature"] == pytest.approx(0.2)
    assert moves["after"]["temperature"] == pytest.approx(0.0)
    assert answered("redraw")["temperature_moved"] == pytest.approx(0.0)


@pytest.mark.usefixtures("stock")
def test_history_lists_picks_and_their_votes() -> None:
    assert "No record of the day was drawn yet" in cratewise("history").stderr
    first = answered()
    cratewise("vote", "5", "2")
    second = answered("redraw")

    listed = answered("history")["picks"]
    assert [one["pick"] for one in listed] == [second["pick"], first["pick"]]
    assert listed[1]["votes"][0]["desirability"] == 5
    rows = cratewise("history").stdout.splitlines()
    assert rows[2].split("\t")[-1] == "5/2"


@pytest.mark.usefixtures("stock")
def test_people_see_the_record_its_numbers_and_the_landscape(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pick = answered()
    monkeypatch.setattr("cratewise.cli.pick_answer.is_terminal", lambda: True)

    told = cratewise().stdout

    assert pick["was"]["title"] in told
    assert "Drawn from the 12 best by rule score" in " ".join(told.split())
    assert f"{pick['temperature']:.3f}" in told
    assert "wanted ┌" in told
    assert told.count(PICKED) == 2  # the heading and the map


def test_where_a_model_is_live_it_says_why(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_stocks()
    with writing(store) as db:
        account = an_account(db)
        stocked = stock_up(db)
        judge(db, account, stocked[:150])
    assert CliRunner().invoke(app, ["taste", "--refit"], prog_name="cratewise").exit_code == 0

    pick = answered()

    assert pick["predicted_by"] == 1
    assert 0 < pick["keep_probability"] < 1
    assert "because: " in pick["because"]
    monkeypatch.setattr("cratewise.cli.pick_answer.is_terminal", lambda: True)
    told = " ".join(cratewise().stdout.split())
    assert pick["because"] in told
    assert "best by your taste" in told


def test_wrong_votes_and_empty_stocks_are_told_in_a_sentence() -> None:
    assert "Nothing has been read yet" in cratewise().stderr
    assert cratewise().exit_code == 1
    assert "Nothing has been read yet" in cratewise("vote", "3", "3").stderr
    assert cratewise("vote", "3", "seven").exit_code == 2
    result = cratewise("vote", "9", "3", "--pick", "5")
    assert result.exit_code == 2
    assert "desirability: 9 is no vote" in result.stderr
    unknown = cratewise("vote", "3", "3", "--pick", "5")
    assert unknown.exit_code == 3
    assert "There is no record of the day 5." in unknown.stderr


def test_the_likeliest_cell_of_a_landscape_is_the_darkest() -> None:
    lines = landscape([0.0, 0.5, 1.0], [0.0, 0.5, 1.0], [0.1, 0.8, 0.1], 2, columns=3, rows=3)

    assert [line[7:12] for line in lines[1:4]] == ["│  ◆│", "│ █ │", "│▒  │"]
