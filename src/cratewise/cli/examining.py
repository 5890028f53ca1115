"""What `cratewise doctor` looks at beside Discogs: disk, key, database, clock, workers."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.cli.finding import Finding
from cratewise.errors import CratewiseError, SettingError, StoreFull

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.settings import Settings

LEAST_FREE_BYTES = 1_000_000_000  # a guess: a million listings and a backup of them
OLDEST_POSTGRESQL = 15
# Prices are stale after six hours and sign-in counts in minutes; a second or two is nothing.
WRONG_SECONDS = 30.0
OTHERS_WITHIN = timedelta(minutes=5)  # a process that reads stock asks far more often
OLD_CATALOGUE_DAYS = 62  # a new one comes each month


def disk(settings: "Settings") -> Finding:
    """Room where files lie."""
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    is_well = free >= LEAST_FREE_BYTES
    remedy = "" if is_well else "free some, or set CRATEWISE_DATA_DIR to a larger disk"
    return Finding("disk", is_well, f"{_size(free)} free at {settings.data_dir}", remedy)


def key(settings: "Settings") -> Finding:
    """Where the key that seals credentials is, and who can read it."""
    from cratewise.discogs.sealing import KEY_FILE, NOWHERE, Seal

    file = settings.data_dir / KEY_FILE
    if not settings.secret_keys and file.exists() and file.stat().st_mode & 0o077:
        return Finding("key", False, f"others can read {file}", f"chmod 600 {file}")
    place = Seal(settings.data_dir, settings.secret_keys).place()
    if place == NOWHERE:
        return Finding("key", True, "none yet; the first credential makes one")
    return Finding("key", True, f"in {place}; backups do not hold it: keep a copy elsewhere")


def remedy_of(settings: "Settings", error: Exception) -> str:
    """What to do about a database that cannot be used."""
    if isinstance(error, SettingError):
        return "correct CRATEWISE_DATABASE_URL"
    if isinstance(error, StoreFull):
        return "free some room on its disk"
    if isinstance(error, OSError) or "unable to open" in str(error):
        return "let its folder be written, or name another by CRATEWISE_DATA_DIR"
    if "locked" in str(error):
        return "end the process that keeps it, or wait for it"
    if settings.database_url.startswith("sqlite"):
        return "move the file away and `cratewise restore` a backup into its place"
    return "start PostgreSQL, or correct CRATEWISE_DATABASE_URL"


def database(engine: "Engine") -> Iterator[Finding]:
    """Whether it answers, what it is, what is in it, and whether its schema is the newest."""
    from cratewise.store.engine import place_of, reading
    from cratewise.store.migrate import schema_version
    from cratewise.store.migrations import known_versions
    from cratewise.store.standing import server_version, stored_bytes, what_is_kept

    with reading(engine) as db:
        kept = what_is_kept(db)
        version, size = server_version(db), stored_bytes(db)
    under_way = f", {kept.running_pulls} pulls under way" if kept.running_pulls else ""
    is_new = engine.dialect.name == "sqlite" or int(version.split(".")[0]) >= OLDEST_POSTGRESQL
    yield Finding(
        "database",
        is_new,
        f"{place_of(engine)}, {engine.dialect.name} {version}, {_size(size)}; "
        f"{kept.listings:,} listings of {kept.sellers:,} sellers{under_way}",
        "" if is_new else f"PostgreSQL {OLDEST_POSTGRESQL} or newer",
    )
    schema = schema_version(engine)
    yield Finding("migrations", True, f"schema {schema}, the newest is {known_versions()[-1]}")


def clock(engine: "Engine") -> Finding:
    """Whether this machine's time agrees with the database's, and goes forward."""
    from cratewise.store.engine import reading
    from cratewise.store.standing import database_time, newest_moment

    with reading(engine) as db:
        theirs, newest = database_time(db), newest_moment(db)
    now = datetime.now(UTC)
    off = abs((theirs - now).total_seconds())
    remedy = "set the clock: `timedatectl set-ntp true`"
    if off > WRONG_SECONDS:
        return Finding("clock", False, f"{off:.0f} s away from the database's", remedy)
    if newest is not None and (newest - now).total_seconds() > WRONG_SECONDS:
        return Finding("clock", False, f"something was stored at {newest:%Y-%m-%d %H:%M}", remedy)
    return Finding("clock", True, f"{now:%Y-%m-%d %H:%M:%S} UTC, {off:.1f} s from the database's")


def credentials(settings: "Settings", engine: "Engine") -> Finding:
    """Whether the key opens what was sealed."""
    from cratewise.discogs.sealing import Seal
    from cratewise.store.credentials import every_sealed
    from cratewise.store.engine import reading

    seal = Seal(settings.data_dir, settings.secret_keys)
    with reading(engine) as db:
        sealed = every_sealed(db)
    try:
        for one in sealed:
            seal.open(one)
    except CratewiseError as error:
        remedy = "put back the key that was used before, or `cratewise connect` again"
        return Finding("credentials", False, str(error), remedy)
    return Finding("credentials", True, f"{len(sealed)} kept; the key opens all of them")


def catalogue(settings: "Settings") -> Finding:
    """Which catalogue describes releases here, and how old it is."""
    from cratewise.catalog.lookup import edition_of

    make = "`cratewise catalog import latest`"
    try:
        edition = edition_of(settings.catalog)
    except CratewiseError as error:
        return Finding("catalogue", False, str(error), make)
    if edition is None:
        return Finding("catalogue", True, "none here: Discogs is asked for each release", make)
    age = (datetime.now(UTC) - edition.made_at).days
    return Finding(
        "catalogue",
        True,
        f"{edition.releases:,} releases of {Path(edition.file).name}, made {age} days ago",
        make if age > OLD_CATALOGUE_DAYS else "",
    )


def workers(engine: "Engine") -> Iterator[Finding]:
    """Who is here, and what is not done because nobody is there for it."""
    from cratewise.durable import Desk
    from cratewise.presence import what_is_missing, who_is_here

    with Desk(engine) as desk:
        found = who_is_here(engine, datetime.now(UTC), desk)
        waiting = len(desk.jobs(states=["queued"], limit=1000))
    here = [one for one in found if one.is_alive]
    for one in found:
        remedy = "" if one.is_alive else "nothing: a worker takes on what it had"
        yield Finding("process", True, one.sentence, remedy)
    missing = what_is_missing(found)
    if not any(one.row.queues for one in here):
        told = f"nobody works; jobs that wait: {waiting}"
        yield Finding("workers", not waiting, told, "`cratewise serve`, or `cratewise work`")
        return
    told = f"processes: {len(here)}; jobs that wait: {waiting}.  {'  '.join(missing.values())}"
    remedy = f"`cratewise work --only {','.join(missing)}`" if missing else ""
    yield Finding("workers", not missing, told.strip(), remedy)


def schedules(settings: "Settings", engine: "Engine") -> Finding:
    """What is done by itself, and when next."""
    from cratewise.cli.opening import open_account
    from cratewise.schedules import planned_for
    from cratewise.store.engine import reading

    account = open_account(settings, engine, may_ask=False)
    with reading(engine) as db:
        planned = planned_for(db, account.id, datetime.now(UTC))
    over_all = [one for one in planned if one.seller is None]
    off = [one.key.kind for one in over_all if not one.is_on]
    on = [f"{one.key.kind} {one.next_at:%Y-%m-%d %H:%M}" for one in over_all if one.next_at]
    told = f"next: {', '.join(on) or 'nothing'}" + (f"; off: {', '.join(off)}" if off else "")
    return Finding("schedules", True, told, "`cratewise schedule` turns them on" if off else "")


def quota(settings: "Settings", engine: "Engine", discogs: "Discogs") -> Finding:
    """How much may be asked at once, and who else asks under other names."""
    from cratewise.store.engine import reading
    from cratewise.store.quota import quotas_in_use

    left, own = discogs.remaining, settings.quota
    with reading(engine) as db:
        used = quotas_in_use(db, datetime.now(UTC) - OTHERS_WITHIN)
    others = [name for name in used if name != own]
    told = f"{left} of {discogs.quota.limit} requests left in this minute, of the quota {own!r}"
    remedy = "" if left else "nothing: pulls wait for their turn by themselves"
    if others:
        told += f"; used lately too: {', '.join(map(repr, others))}"
        remedy = "the same CRATEWISE_QUOTA for all machines behind one address"
    return Finding("quota", True, told, remedy)


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"
