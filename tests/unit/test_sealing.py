"""Stored credentials open with their own key alone."""

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.sealing import KEY_FILE, Seal
from cratewise.errors import SealBroken

TOKEN = PersonalToken("QwErTyUiOpAsDfGhJkLz")


def test_what_was_sealed_opens_again_in_another_process(tmp_path: Path) -> None:
    sealed = Seal(tmp_path).seal(TOKEN)

    assert Seal(tmp_path).open(sealed) == TOKEN


def test_a_sealed_credential_does_not_show_the_token(tmp_path: Path) -> None:
    assert TOKEN.token.encode() not in Seal(tmp_path).seal(TOKEN)
    assert TOKEN.token not in repr(TOKEN)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_without_a_keyring_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    seal = Seal(tmp_path / "new")
    seal.seal(TOKEN)

    assert stat.S_IMODE((tmp_path / "new" / KEY_FILE).stat().st_mode) == 0o600
    assert seal.place() == str(tmp_path / "new" / KEY_FILE)


class Unlocked(KeyringBackend):
    """A keyring as a desktop has one, while its owner is signed in."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring tells no types of it
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def desktop() -> Iterator[Unlocked]:
    before = keyring.get_keyring()
    keyring.set_keyring(unlocked := Unlocked())
    yield unlocked
    keyring.set_keyring(before)


def test_where_there_is_a_keyring_the_key_lies_there_and_in_no_file(
    tmp_path: Path, desktop: Unlocked
) -> None:
    seal = Seal(tmp_path)
    sealed = seal.seal(TOKEN)

    assert Seal(tmp_path).open(sealed) == TOKEN
    assert seal.place() == "the system's keyring"
    assert not (tmp_path / KEY_FILE).exists()
    desktop.kept.clear()
    with pytest.raises(SealBroken, match="key is missing"):
        Seal(tmp_path).open(sealed)


def test_another_installation_cannot_open_it(tmp_path: Path) -> None:
    sealed = Seal(tmp_path / "one").seal(TOKEN)
    Seal(tmp_path / "two").seal(TOKEN)

    with pytest.raises(SealBroken, match="another key"):
        Seal(tmp_path / "two").open(sealed)


def test_a_lost_key_is_told_and_how_to_go_on(tmp_path: Path) -> None:
    sealed = Seal(tmp_path).seal(TOKEN)
    (tmp_path / KEY_FILE).unlink()

    with pytest.raises(SealBroken, match=r"key is missing.*connect --token"):
        Seal(tmp_path).open(sealed)


def test_a_damaged_key_or_credential_is_told_without_showing_either(tmp_path: Path) -> None:
    sealed = Seal(tmp_path).seal(TOKEN)

    with pytest.raises(SealBroken) as told:
        Seal(tmp_path).open(sealed[:-3])
    (tmp_path / KEY_FILE).write_text("not a key")
    with pytest.raises(SealBroken):
        Seal(tmp_path).open(sealed)
    assert TOKEN.token not in str(told.value)


def test_two_processes_that_seal_first_agree_on_one_key(tmp_path: Path) -> None:
    one, two = Seal(tmp_path), Seal(tmp_path)
    first = one._keep_in_file(b"k" * 44)

    assert two._keep_in_file(b"l" * 44) == first
