"""Who may sign in, and the keys of secrets, from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select
from tests.conftest import HandClock
from tests.market import an_account_of

from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.sealing import Seal
from cratewise.errors import SealBroken
from cratewise.store.credentials import SealedCredential, keep_credential
from cratewise.store.engine import reading, writing
from cratewise.store.tables import credentials

TOKEN = PersonalToken("a-very-secret-token")


def cratewise(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cratewise", *arguments],
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_owner_is_invited_from_the_command_line() -> None:
    invited = json.loads(cratewise("people", "invite", "--owner", "--json").stdout)
    nobody = cratewise("people", "list")
    unknown = cratewise("people", "disable", "ann")

    assert invited["role"] == "owner"
    assert "/join#" in invited["url"]
    assert "invite --owner" in nobody.stdout
    assert unknown.returncode == 3
    assert "'ann'" in unknown.stderr


@pytest.fixture
def kept(store: Engine, clock: HandClock, tmp_path: Path) -> Seal:
    """A credential that is kept, and the seal that it was sealed with."""
    seal = Seal(tmp_path / "keys")
    sealed = SealedCredential("token", seal.seal(TOKEN), "digger", clock.now())
    account_id = an_account_of(store, clock)
    with writing(store) as db:
        keep_credential(db, account_id, sealed)
    return seal


def sealed_in(store: Engine) -> bytes:
    with reading(store) as db:
        return bytes(db.execute(select(credentials.c.sealed)).scalar_one())


def test_rotating_forgets_the_old_key_and_opens_all_with_the_new_one(
    store: Engine, kept: Seal, tmp_path: Path, database_url: str
) -> None:
    old_key = (tmp_path / "keys" / "credentials.key").read_bytes()
    before = sealed_in(store)

    answer = cratewise(
        "secrets", "rotate",
        CRATEWISE_DATABASE_URL=database_url, CRATEWISE_DATA_DIR=str(tmp_path / "keys"),
    )  # fmt: skip

    assert answer.returncode == 0, answer.stderr
    assert "1 credential is sealed" in answer.stdout
    new_key = (tmp_path / "keys" / "credentials.key").read_bytes()
    assert old_key not in new_key
    assert (tmp_path / "keys" / "credentials.key").stat().st_mode & 0o077 == 0
    assert kept.open(sealed_in(store)) == TOKEN
    with pytest.raises(SealBroken):
        kept.open(before)


def test_a_rotation_that_breaks_off_leaves_everything_open(store: Engine, kept: Seal) -> None:
    kept.begin_rotation()

    assert kept.open(sealed_in(store)) == TOKEN
    anew = kept.sealed_anew(sealed_in(store))
    kept.begin_rotation()
    assert kept.open(anew) == kept.open(sealed_in(store)) == TOKEN


def test_a_told_key_seals_on_any_machine_and_an_older_one_still_opens(tmp_path: Path) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    sealed = Seal(tmp_path / "one", [old]).seal(TOKEN)
    both = Seal(tmp_path / "two", [new, old])

    assert both.open(sealed) == TOKEN
    assert Seal(tmp_path / "three", [new]).open(both.sealed_anew(sealed)) == TOKEN
    assert not (tmp_path / "one").exists()
    with pytest.raises(SealBroken):
        Seal(tmp_path / "two", [new]).open(sealed)


def test_what_is_secret_is_in_no_database_backup_or_answer(
    store: Engine, kept: Seal, tmp_path: Path, database_url: str
) -> None:
    """Planted secrets are looked for wherever bytes leave."""
    told = {
        "CRATEWISE_DATABASE_URL": database_url,
        "CRATEWISE_DATA_DIR": str(tmp_path / "keys"),
        "CRATEWISE_LOG_LEVEL": "debug",
    }
    key = (tmp_path / "keys" / "credentials.key").read_text()

    answers = [
        cratewise("backup", str(tmp_path / "all.backup"), **told),
        cratewise("connect", "--show", **told),
        cratewise("export", **told),
    ]

    assert all(answer.returncode == 0 for answer in answers), [a.stderr for a in answers]
    saved = (tmp_path / "all.backup").read_bytes()
    for secret in (TOKEN.token, key):
        assert secret.encode() not in saved
        assert all(secret not in answer.stdout + answer.stderr for answer in answers)
