"""An earlier database: its tables as Django made them, and rows with all their traps."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

TABLES = """
CREATE TABLE discogs_record (id bigint PRIMARY KEY, discogs_id varchar(255), artist varchar(255),
  title varchar(255), format varchar(255), label varchar(255), catno varchar(255), wants integer,
  haves integer, added timestamp with time zone, genres jsonb, styles jsonb,
  suggested_price varchar(255), year integer);
CREATE TABLE discogs_seller (id bigint PRIMARY KEY, name varchar(255), currency varchar(10));
CREATE TABLE discogs_listing (id bigint PRIMARY KEY, seller_id bigint, record_id bigint,
  record_price numeric(6,2), media_condition varchar(255), score numeric(6,2), kept boolean,
  evaluated boolean, predicted_keeper boolean, created_at timestamp with time zone,
  updated_at timestamp with time zone);
CREATE TABLE discogs_recordoftheday (id bigint PRIMARY KEY, date date, listing_id bigint,
  created_at timestamp with time zone, model_score double precision,
  entropy_measure double precision, system_temperature double precision,
  utility_term double precision, entropy_term double precision, free_energy double precision,
  selection_probability double precision, total_candidates integer, cluster_count integer,
  selection_method varchar(50), desirability_votes jsonb, novelty_votes jsonb);
CREATE TABLE discogs_recordofthedayfeedback (id bigint PRIMARY KEY,
  record_of_the_day_id bigint, desirability_rating integer, novelty_rating integer,
  created_at timestamp with time zone);
CREATE TABLE discogs_recommendationmetrics (id bigint PRIMARY KEY,
  session_date timestamp with time zone, accuracy double precision, "precision" double precision,
  num_samples integer);
CREATE TABLE discogs_recommendationmodel (id bigint PRIMARY KEY, model_data bytea,
  last_accuracy double precision);
"""

AT = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def build(engine: Engine, *, without_columns: tuple[str, ...] = ()) -> None:
    """Make the tables; an older schema lacks some columns."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as db:
        for statement in filter(str.strip, TABLES.split(";")):
            said = statement
            if is_sqlite:
                for word, instead in (("jsonb", "text"), ("timestamp with time zone", "text")):
                    said = said.replace(word, instead)
            db.execute(text(said))
        for name in without_columns:
            table, _, column = name.partition(".")
            db.execute(text(f'ALTER TABLE discogs_{table} DROP COLUMN "{column}"'))


def put(engine: Engine, table: str, *rows: dict[str, Any]) -> None:
    """Add rows to `discogs_TABLE`, whose columns are the keys of the first."""
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f":{name}" for name in names)
    with engine.begin() as db:
        for row in rows:
            said = {
                name: json.dumps(value) if isinstance(value, list | dict) else value
                for name, value in row.items()
            }
            if engine.dialect.name == "sqlite":
                said = {n: v.isoformat() if isinstance(v, datetime) else v for n, v in said.items()}
            db.execute(text(f"INSERT INTO discogs_{table} ({columns}) VALUES ({values})"), said)


def record(number: int, discogs_id: object = None, **told: Any) -> dict[str, Any]:
    row = {
        "id": number,
        "discogs_id": str(number * 100) if discogs_id is None else discogs_id,
        "artist": f"Artist {number}",
        "title": f"Title {number}",
        "format": "LP, Album",
        "label": "Deep Records",
        "catno": f"DR{number:03}",
        "wants": 10 * number,
        "haves": number,
        "added": AT,
        "genres": ["Electronic"],
        "styles": ["Dub Techno", "Ambient"],
        "suggested_price": "79.95, USD",
        "year": 1990 + number,
    }
    return {**row, **told}


def listing(number: int, seller: int, of: int, **told: Any) -> dict[str, Any]:
    row = {
        "id": number,
        "seller_id": seller,
        "record_id": of,
        "record_price": 12.5,
        "media_condition": "Very Good Plus (VG+)",
        "score": 33.1,
        "kept": True,
        "evaluated": False,
        "predicted_keeper": False,
        "created_at": AT,
        "updated_at": AT,
    }
    return {**row, **told}
