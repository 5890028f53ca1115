"""Credentials are sealed before they are stored, and the key lies elsewhere.

The key is in the system's keyring where there is one, else in a file of the data
directory that its owner alone can read.  A copy of the database opens nothing.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cratewise.discogs.credential import Credential, credential_from
from cratewise.errors import SealBroken

KEYRING_SERVICE = "cratewise"
NOWHERE = "nowhere yet"  # until something is sealed
KEY_FILE = "credentials.key"


class Seal:
    """Seals and opens credentials with the keys of one data directory, or with those told.

    data_dir  two directories have two keys, so that neither opens the other's.
    told      keys of an installation of many machines, the newest first; then no file and
              no keyring is looked at.
    """

    def __init__(self, data_dir: Path, told: Sequence[str] = ()) -> None:
        self._data_dir = data_dir
        self._told = [key.encode() for key in told]

    def seal(self, credential: Credential) -> bytes:
        """What may be stored.  Makes the key at first use.  Raises OSError."""
        keys = self._keys() or [self._keep([Fernet.generate_key()])[0]]
        return Fernet(keys[0]).encrypt(msgspec.json.encode(credential))

    def open(self, sealed: bytes) -> Credential:
        """The credential that was sealed.  Raises SealBroken."""
        try:
            opened = self._opener().decrypt(sealed)
            return credential_from(msgspec.json.decode(opened, type=dict[str, str]))
        except (InvalidToken, ValueError, TypeError, msgspec.DecodeError):
            # `from None`: what was decrypted must not appear in a traceback.
            raise SealBroken("it was sealed with another key") from None

    def begin_rotation(self) -> None:
        """Put a new key before those there; what the old ones sealed still opens.

        Where keys are told, whoever tells them does so.  Raises OSError.
        """
        if not self._told:
            self._keep([Fernet.generate_key(), *self._keys()], is_new=False)

    def sealed_anew(self, sealed: bytes) -> bytes:
        """The same, sealed with the newest key.  Raises SealBroken."""
        try:
            return self._opener().rotate(sealed)
        except InvalidToken:
            raise SealBroken("it was sealed with another key") from None

    def end_rotation(self) -> None:
        """Forget all keys but the newest: everything is sealed with it.  Raises OSError."""
        if not self._told:
            self._keep(self._keys()[:1], is_new=False)

    def place(self) -> str:
        """Where the key is, for people."""
        if self._told:
            return "CRATEWISE_SECRET_KEY"
        if self._file.exists():
            return str(self._file)
        return "the system's keyring" if _in_keyring(self._data_dir) else NOWHERE

    @property
    def _file(self) -> Path:
        return self._data_dir / KEY_FILE

    def _opener(self) -> MultiFernet:
        keys = self._keys()
        if not keys:
            raise SealBroken("its key is missing")
        return MultiFernet([Fernet(key) for key in keys])

    def _keys(self) -> list[bytes]:
        if self._told:
            return self._told
        # The file goes first: where it exists, the keyring was out of reach once, and
        # a service without a desktop must find what a terminal with one has sealed.
        with suppress(FileNotFoundError):
            return self._file.read_bytes().split()
        return (_in_keyring(self._data_dir) or b"").split()

    def _keep(self, keys: Sequence[bytes], *, is_new: bool = True) -> list[bytes]:
        """Keep keys, the newest first; returns those that are kept."""
        lines = b"\n".join(keys)
        if not self._file.exists() and _keep_in_keyring(self._data_dir, lines):
            return list(keys)
        return self._keep_in_file(lines) if is_new else self._replace_file(lines)

    def _keep_in_file(self, lines: bytes) -> list[bytes]:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        try:
            # Born unreadable for others, and by one process alone.
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self._file.read_bytes().split()  # another process was quicker
        with os.fdopen(descriptor, "wb") as file:
            file.write(lines)
        return lines.split()

    def _replace_file(self, lines: bytes) -> list[bytes]:
        beside = self._file.with_name(f"{KEY_FILE}.new")
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)
        return lines.split()


def _in_keyring(data_dir: Path) -> bytes | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = keyring.get_password(KEYRING_SERVICE, str(data_dir))
    except KeyringError:
        return None  # none on this machine, or locked: then the key is in the file
    return kept.encode() if kept else None


def _keep_in_keyring(data_dir: Path, key: bytes) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(KEYRING_SERVICE, str(data_dir), key.decode())
    except KeyringError:
        return False
    # Some keyrings take everything and keep nothing.
    return _in_keyring(data_dir) == key
