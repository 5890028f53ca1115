"""`cratewise search`: what it finds, counts and refuses, on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update
from tests.builders import NOON, a_listing, a_seller
from typer.testing import CliRunner, Result

from cratewise.cli.app import app, load
from cratewise.cli.opening import shelf_file
from cratewise.clock import SystemClock
from cratewise.shelf import fresh
from cratewise.shelf.find import Finder
from cratewise.shelf.query import SORTS
from cratewise.store.engine import writing
from cratewise.store.tables import listings, releases, wants


@pytest.fixture(autouse=True)
def _the_store_is_the_programs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = store.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")


@pytest.fixture
def stock(store: Engine) -> dict[str, int]:
    """Discogs' ids of a jazz LP, a dear copy of another one, and a techno 12" that is gone."""
    with writing(store) as db:
        alice, bob = a_seller(db), a_seller(db, "bob")
        ours = {
            "journey": a_listing(db, alice, title="Journey In Satchidananda", score=9.0),
            "dear": a_listing(
                db, bob, title="Universal Consciousness", price_minor=9900, score=8.0
            ),
            "dinar": a_listing(db, bob, title="Ptah", currency="IQD", score=None),
            "techno": a_listing(db, bob, format='12"', artist="Basic Channel", gone_at=NOON),
        }
        genres = {"techno": ("Electronic", "Dub Techno")}
        for name, number in ours.items():
            genre, style = genres.get(name, ("Jazz", "Modal"))
            release = listings.select().with_only_columns(listings.c.release_id)
            db.execute(
                update(releases)
                .where(releases.c.id == db.scalar(release.where(listings.c.id == number)))
                .values(genres=f'["{genre}"]', styles=f'["{style}"]', described_at=NOON)
            )
        column = listings.c.discogs_listing_id
        discogs = dict(db.execute(listings.select().with_only_columns(listings.c.id, column)).all())
        return {name: discogs[number] for name, number in ours.items()}


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["search", *arguments])


def answered(*arguments: str) -> Any:
    result = cratewise(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def ids(*arguments: str) -> list[int]:
    return [one["listing_id"] for one in answered(*arguments)["listings"]]


def test_listings_are_found_by_what_they_are(stock: dict[str, int]) -> None:
    jazz = [stock["journey"], stock["dear"], stock["dinar"]]

    assert ids() == ids("--genre", "jazz") == jazz
    assert ids("satchidananda") == [stock["journey"]]
    assert ids("coltrane", "universal") == [stock["dear"]]
    assert ids("--seller", "bob", "--sort", "price") == [stock["dear"], stock["dinar"]]
    assert ids("--style", "Dub Techno", "--gone") == [stock["techno"]]
    assert ids("--not-style", "modal", "--gone") == [stock["techno"]]
    assert ids("--sort", "title", "--reverse") == [stock["dear"], stock["dinar"], stock["journey"]]
    assert ids("--limit", "1", "--page", "2") == [stock["dear"]]
    assert ids("--wanted") == []


def test_the_shelf_that_a_server_left_is_searched_with_what_came_since(
    store: Engine, stock: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "WORTH_A_FILE", 1)
    server = Finder(store, SystemClock(), shelf_file())
    shelf_file().parent.mkdir(exist_ok=True)
    server.genres_and_styles()
    server.keep()
    with writing(store) as db:
        a_listing(db, a_seller(db, "carol"), title="Journey Home", score=1.0)

    def every_listing(_: object) -> None:
        raise AssertionError("All rows were read.")

    monkeypatch.setattr(fresh, "every_listing", every_listing)

    assert len(ids("journey")) == 2
    assert ids("--seller", "alice") == [stock["journey"]]


def test_what_is_found_tells_what_it_is_to_the_reader_and_what_it_costs_at_their_door(
    store: Engine, stock: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--wanted` found records that were not marked, and `--sort landed` told no landed price."""
    noted = CliRunner().invoke(app, ["postage", "--seller", "alice", "--first", "5EUR"])
    assert noted.exit_code == 0
    with writing(store) as db:
        release = select(listings.c.release_id).where(
            listings.c.discogs_listing_id == stock["journey"]
        )
        want = {"account_id": 1, "release_id": db.scalar(release), "synced_at": NOON}
        db.execute(insert(wants).values(want))

    [journey, dear, _] = answered("--sort", "landed")["listings"]
    assert (journey["is_wanted"], dear["is_wanted"]) == (True, False)
    assert journey["landed"] == pytest.approx(journey["own_price"] + 5)
    assert journey["keep_probability"] is None
    cells = cratewise("journey").stdout.splitlines()[-1].split("\t")
    assert cells[-3] == f"€{journey['landed']:.2f}"

    monkeypatch.setattr("cratewise.cli.listing_answer.is_terminal", lambda: True)
    told = cratewise("journey").stdout
    assert "wanted" in told
    assert f"€{journey['landed']:.2f} with postage" in told


def exported(*arguments: str) -> list[int]:
    result = CliRunner().invoke(app, ["export", *arguments, "--format", "ndjson"])
    assert result.exit_code == 0, result.output
    return [json.loads(line)["listing_id"] for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    "asked",
    [
        ("--genre", "jazz", "--sort", "title"),
        ("--seller", "bob", "--sort", "price", "--reverse"),
        ("--not-style", "modal", "--gone"),
        ("--only-gone",),
        ("--max-price", "50", "--from-year", "1970"),
        ("--record-format", '12"', "--gone"),
        ("--min-score", "8.5"),
        ("--wanted",),
    ],
)
def test_an_export_holds_what_a_search_finds_in_its_order(
    stock: dict[str, int], asked: tuple[str, ...]
) -> None:
    assert exported(*asked) == ids(*asked)


def test_an_export_by_words_is_what_a_search_by_words_finds(stock: dict[str, int]) -> None:
    assert exported("--search", "coltrane universal") == ids("coltrane", "universal")
    assert exported("bob", "--search", "ptah") == [stock["dinar"]]
    assert exported("alice", "--seller", "bob", "--sort", "score") == ids()


def test_what_is_hidden_is_in_an_export_of_everything_and_in_that_of_a_search_if_asked_for(
    stock: dict[str, int],
) -> None:
    CliRunner().invoke(app, ["hide", "--seller", "bob"], catch_exceptions=False)

    assert sorted(exported()) == [stock["journey"], stock["dear"], stock["dinar"]]
    assert exported("--genre", "jazz") == [stock["journey"]]
    assert exported("--genre", "jazz", "--hidden") == ids("--genre", "jazz", "--hidden")


def test_an_export_can_be_asked_for_by_every_option_that_chooses_in_a_search() -> None:
    def options(command: str) -> set[str]:
        return {option for one in load(command).params for option in one.opts}

    of_a_page = {"--page", "--limit", "--facet", "--save"}
    words_and_forms = {"words"}  # --search, and --record-format for --format
    assert options("search") - of_a_page - words_and_forms <= options("export")


def test_an_export_into_a_file_is_what_its_name_says_and_json_tells_of_it(
    stock: dict[str, int], tmp_path: Path
) -> None:
    for name, begins in (("a.xlsx", b"PK"), ("a.parquet", b"PAR1"), ("a.csv", b"listing_id")):
        file = tmp_path / name
        result = CliRunner().invoke(app, ["export", "-o", str(file), "--json"])
        told = {"file": str(file), "form": name[2:], "listings": len(exported())}
        assert json.loads(result.stdout) == told
        assert file.read_bytes().startswith(begins)

    bare = tmp_path / "bare"
    CliRunner().invoke(app, ["export", "-o", str(bare), "--json"])
    written = CliRunner().invoke(app, ["export", "--json"]).stdout
    assert json.loads(bare.read_text("utf-8")) == json.loads(written)
    refused = CliRunner().invoke(app, ["export", "--json", "--format", "csv"])
    assert refused.exit_code == 2
    assert "`--json` writes JSON, and not csv" in " ".join(refused.stderr.split())


def test_an_export_is_refused_as_a_search_is(stock: dict[str, int]) -> None:
    for wrong in (("--style", "Modall"), ("--min-price", "9", "--max-price", "2")):
        result = CliRunner().invoke(app, ["export", *wrong])
        assert result.exit_code == 2
        assert result.stderr.splitlines()[-1] == cratewise(*wrong).stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("--min-price 50EUR", ["dear"]),
        ("--max-price 50EUR --grade VG", ["journey"]),
        ("--sleeve VG --format lp --label impulse! --limit 1", ["journey"]),
        ("--artist coltrane", []),
        ("--country Sweden", []),
        ("--from Sweden", []),
        ("--from-year 1972", []),
        ("--to-year 1971 --min-score 8.5", ["journey"]),
        ("--max-score 8.5", ["dear"]),
        ("--min-want 301", []),
        ("--max-want 300 --max-price 50EUR", ["journey"]),
        ("--min-have 101", []),
        ("--max-have 100 --max-price 50EUR", ["journey"]),
        ("--min-want-have 3 --max-price 50EUR", ["journey"]),
        ("--max-want-have 2", []),
        ("--listed-since 2026-11-02", []),
        ("--listed-since 2026-11-01 --max-price 50EUR", ["journey"]),
        ("--new-since 2026-11-02", []),
        ("--dropped-since 3d", []),
        ("--back-since 2026-01-01", ["dinar"]),
        ("--fresh", []),
        ("--min-landed 1EUR", []),
        ("--max-landed 99EUR", []),
        ("--owned", []),
        ("--not-owned --not-wanted --not-other-pressing --max-price 50EUR", ["journey"]),
        ("--other-pressing", []),
        ("--judged neither --max-price 50EUR", ["journey"]),
        ("--predicted", []),
        ("--not-predicted --max-price 50EUR", ["journey"]),
        ("--min-probability 0.1", []),
        ("--max-probability 0.9", []),
        ("--release 1", []),
        ("--master 1", []),
        ("--each-style modal --max-price 50EUR", ["journey"]),
        ("--only-gone", ["techno"]),
        ("--only-hidden", []),
        ("--hidden --max-price 50EUR", ["journey"]),
    ],
)
def test_each_option_finds_what_it_says(
    store: Engine, stock: dict[str, int], arguments: str, found: list[str]
) -> None:
    with writing(store) as db:
        back = listings.c.discogs_listing_id == stock["dinar"]
        db.execute(update(listings).where(back).values(back_at=NOON))

    assert ids(*arguments.split()) == [stock[name] for name in found]


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_shows_all(stock: dict[str, int], sort: str) -> None:
    forward, back = ids("--sort", sort), ids("--sort", sort, "--reverse")

    assert (
        sorted(forward)
        == sorted(back)
        == sorted(stock[name] for name in ("journey", "dear", "dinar"))
    )


def test_what_has_no_rate_is_told_to_be_left_out_of_a_price_limit(stock: dict[str, int]) -> None:
    answer = answered("--max-price", "50EUR")

    assert [one["listing_id"] for one in answer["listings"]] == [stock["journey"]]
    assert answer["left_out_not_convertible"] == 1


def test_values_of_a_facet_are_counted(stock: dict[str, int]) -> None:
    answer = answered("--facet", "style", "--gone", "--style", "Modal")

    counted = {one["value"]: one["count"] for one in answer["values"]}
    assert counted == {"Modal": 3, "Dub Techno": 1}
    assert cratewise("--facet", "genre").stdout == "genre\tlistings\nJazz\t3\n"


def test_a_page_beyond_the_end_is_told_as_one(stock: dict[str, int]) -> None:
    result = cratewise("--page", "9")

    assert result.exit_code == 0
    assert "There is no such page: 3 listings are 1 pages." in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--style", "Modl"], "did you mean Modal?"),
        (["--style", "Modl"], "'--style'"),
        (["--each-style", "Modl"], "'--each-style'"),
        (["--style", "Modal", "--not-style", "Modl"], "'--not-style'"),
        (["--genre", "Zydeco"], "'Zydeco'"),
        (["--from-year", "1990", "--to-year", "1980"], "swap the two"),
        (["--min-price", "20", "--max-price", "10"], "swap the two"),
        (["--max-landed", "cheap"], "'cheap' is not a price"),
        (["--sort", "colour"], "is no order"),
        (["--facet", "colour"], "is not counted"),
        (["--judged", "perhaps"], "expected one of keep"),
        (["--sleeve", "shiny"], "is no grade"),
        (["--back-since", "lately"], "is no moment"),
        (["--new-since", "2999-01-01"], "has yet to come"),
        (["--min-want", "2", "--max-want", "1"], "swap the two"),
    ],
)
def test_a_search_that_makes_no_sense_is_a_matter_of_usage(
    stock: dict[str, int], arguments: list[str], sentence: str
) -> None:
    result = cratewise(*arguments)

    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


def test_signs_alone_are_told_to_be_no_words(stock: dict[str, int]) -> None:
    for typed in ("!!!", "?"):
        result = cratewise(typed)
        assert (result.exit_code, "No letter and no digit was typed" in result.stderr) == (0, True)
    assert "No letter" not in cratewise("nobody").stderr
