"""A stock of any size, put straight into a database: what benchmarks of the shelf look through.

Drawn from a seed, so every database gets the same.  Popularity falls off as 1/rank, for
artists, labels, styles, formats, countries and sellers, as in a shop.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from sqlalchemy import Engine, text

from cratewise.score import nan_to_none, rule_score
from cratewise.store.engine import is_sqlite

RELEASES_A_LISTING = 0.4
SELLERS = 40
SETS = 20_000  # of styles
AT_ONCE = 10_000  # rows to a statement
DAY_US = 86_400_000_000

GENRES = (
    *("Rock", "Electronic", "Pop", "Folk, World, & Country", "Jazz", "Funk / Soul", "Hip Hop"),
    *("Classical", "Reggae", "Latin", "Stage & Screen", "Blues", "Non-Music", "Children's"),
    "Brass & Military",
)
STYLES = tuple(f"{first} {second}" for second in (
    *("House", "Rock", "Jazz", "Soul", "Punk", "Techno", "Folk", "Dub", "Wave", "Bop", "Core"),
    *("Funk", "Disco", "Ambient", "Beat", "Metal", "Pop", "Trance", "Ballad", "Swing"),
) for first in (
    *("Deep", "Hard", "Free", "Acid", "Post", "Minimal", "Modal", "Dark", "Euro", "Psych"),
    *("Prog", "Neo", "Italo", "Space", "Garage", "Latin", "Tribal", "Art", "Soft", "Noise"),
    *("Cool", "Power", "Math", "Roots", "Ghetto"),
))  # fmt: skip
FORMATS = tuple(f"{medium}{more}" for medium in (
    'LP, Album', 'LP, Comp', '12"', 'CD, Album', '7", Single', '2xLP, Album', 'Cass, Album',
    '10", EP', 'CD, Maxi', '12", EP',
) for more in ("", ", RE", ", Promo", ", Ltd", ", RE, RM", ", Mono", ", Gat", ", Num", ", Unofficial"))  # fmt: skip  # noqa: E501
COUNTRIES = (
    *("US", "UK", "Germany", "France", "Italy", "Japan", "Netherlands", "Canada", "Spain"),
    *("Sweden", "Brazil", "Jamaica", "Australia", "Belgium", "Poland", "Yugoslavia", "USSR"),
    *("Europe", "Greece", "Nigeria"),
)
CURRENCIES, DOLLARS = ("EUR", "USD", "GBP", "JPY"), (1.1, 1.0, 1.3, 0.007)
SYLLABLES = (
    *("ka", "ro", "mi", "ten", "sol", "via", "bru", "lo", "den", "fa", "ny", "gar", "is", "ul"),
    *("pe", "thon", "qua", "zi", "wer", "oak"),
)


class Filled(NamedTuple):
    """What a database holds now."""

    listings: int
    releases: int
    sellers: int


def fill(engine: Engine, many: int, *, seed: int = 7) -> Filled:
    """Put so many listings of 0.4 times as many releases into an empty, migrated database."""
    dice = np.random.default_rng(seed)
    now = int(datetime.now(UTC).timestamp() * 1_000_000) - DAY_US  # nothing is being written
    releases = max(int(many * RELEASES_A_LISTING), 1)
    counts = _counts(dice, releases)
    put = _put_sqlite if is_sqlite(engine) else _put_postgresql
    put(engine, "sellers", SELLER_COLUMNS, _sellers(now))
    put(engine, "releases", RELEASE_COLUMNS, _releases(dice, releases, counts, now))
    put(engine, "listings", LISTING_COLUMNS, _listings(dice, many, counts, now))
    if not is_sqlite(engine):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            for table in ("sellers", "listings"):
                db.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
            db.execute(text("VACUUM ANALYZE"))
    return Filled(many, releases, SELLERS)


SELLER_COLUMNS = ("id", "discogs_id", "username", "username_key", "state", "created_at")
RELEASE_COLUMNS = (
    *("id", "artist", "title", "label", "catalog_number", "format", "year", "thumbnail"),
    *("want", "have", "counted_at", "changed_at", "master_id", "original_year", "country"),
    *("genres", "styles", "described_by", "described_at"),
)
LISTING_COLUMNS = (
    *("id", "discogs_listing_id", "seller_id", "release_id", "price_minor", "currency"),
    *("price_read_at", "price_usd", "media_grade", "sleeve_grade", "comments", "ships_from"),
    *("posted_at", "source", "score", "first_seen_at", "last_seen_at", "touched_at", "gone_at"),
)


def _sellers(now: int) -> Iterator[tuple[Any, ...]]:
    for n in range(1, SELLERS + 1):
        yield (n, n, f"seller{n}", f"seller{n}", "active", now)


def _counts(dice: Generator, releases: int) -> tuple[list[int], list[int]]:
    want = dice.lognormal(4, 1.5, releases).astype(int)
    have = dice.lognormal(5, 1.5, releases).astype(int)
    return want.tolist(), have.tolist()


def _releases(
    dice: Generator, many: int, counts: tuple[list[int], list[int]], now: int
) -> Iterator[tuple[Any, ...]]:
    artists = [_name(dice, 2) for _ in range(max(many // 5, 3))]
    labels = [_name(dice, 1) + " Records" for _ in range(max(many // 20, 3))]
    words = [_name(dice, 1) for _ in range(5_000)]
    of_artist, of_label = _ranks(dice, len(artists), many), _ranks(dice, len(labels), many)
    of_format, of_country = _ranks(dice, len(FORMATS), many), _ranks(dice, len(COUNTRIES), many)
    of_genre = _ranks(dice, len(GENRES), (many, 2))
    sets = _sets_of_styles(dice)
    of_set = _ranks(dice, len(sets), many)
    words_of = _ranks(dice, len(words), (many, 3))
    years = np.clip(dice.normal(1985, 15, many), 1930, 2026).astype(int).tolist()
    for n in range(many):
        genres = dict.fromkeys(GENRES[one] for one in of_genre[n][: 1 + (n % 4 == 0)])
        yield (
            n + 1,
            artists[of_artist[n]],
            " ".join(words[one] for one in words_of[n]),
            labels[of_label[n]],
            f"CAT {n % 9973}",
            FORMATS[of_format[n]],
            None if n % 23 == 0 else years[n],
            "",
            counts[0][n],
            counts[1][n],
            now,
            now,
            None if n % 3 == 0 else n // 2 + 1,
            years[n],
            COUNTRIES[of_country[n]],
            json.dumps(list(genres)),
            sets[of_set[n]],
            "catalog",
            now,
        )


def _sets_of_styles(dice: Generator) -> list[str]:
    """Sets of one to four styles, as JSON: what is played together comes back together."""
    of_style, sizes = _ranks(dice, len(STYLES), (SETS, 4)), dice.integers(1, 5, SETS)
    chosen = zip(of_style, sizes.tolist(), strict=True)
    return [
        json.dumps(list(dict.fromkeys(STYLES[n] for n in some[:size]))) for some, size in chosen
    ]


def _listings(
    dice: Generator, many: int, counts: tuple[list[int], list[int]], now: int
) -> Iterator[tuple[Any, ...]]:
    releases = len(counts[0])
    of_release = dice.integers(0, releases, many)
    currency = dice.integers(0, len(CURRENCIES), many)
    minor = (dice.lognormal(2.5, 0.9, many) * 100).astype(int) + 50
    usd = minor / 100 * np.array(DOLLARS)[currency]
    want, have = (np.array(column)[of_release] for column in counts)
    score = nan_to_none(rule_score(want, have, usd))
    media, sleeve = dice.integers(3, 9, many).tolist(), dice.integers(-2, 9, many).tolist()
    posted = (now - (dice.random(many) * 2000 * DAY_US)).astype(int).tolist()
    seen = (now - (dice.random(many) * 100 * DAY_US)).astype(int).tolist()
    seller, country = _ranks(dice, SELLERS, many), _ranks(dice, len(COUNTRIES), many)
    for n, release in enumerate(of_release.tolist()):
        yield (
            *(n + 1, 5_000_000_000 + n, seller[n] + 1, release + 1),
            *(int(minor[n]), CURRENCIES[currency[n]], now, float(usd[n]), media[n], sleeve[n]),
            *("", COUNTRIES[country[n]], posted[n], "api", score[n], seen[n], now, now),
            now if n % 19 == 0 else None,
        )


def _ranks(dice: Generator, many: int, shape: int | tuple[int, int]) -> list[Any]:
    """Ranks from 0, the chance of each falling off as 1/rank."""
    edges = np.cumsum(1 / np.arange(1, many + 1))
    drawn = np.searchsorted(edges, dice.random(shape) * edges[-1])
    plain: list[Any] = np.minimum(drawn, many - 1).tolist()
    return plain


def _name(dice: Generator, words: int) -> str:
    return " ".join(
        "".join(SYLLABLES[one] for one in dice.integers(0, len(SYLLABLES), 3)).title()
        for _ in range(words)
    )


def _put_sqlite(
    engine: Engine, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    places = ", ".join("?" * len(columns))
    with sqlite3.connect(engine.url.database or "") as db:
        db.execute("PRAGMA synchronous = OFF")
        db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
    db.close()


def _put_postgresql(
    engine: Engine, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    with engine.begin() as db:
        cursor = db.connection.cursor()
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            write: Callable[[Sequence[Any]], None] = copy.write_row
            while some := list(islice(rows, AT_ONCE)):
                for row in some:
                    write(row)
