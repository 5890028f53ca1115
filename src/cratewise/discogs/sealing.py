"""Credentials are sealed before they are stored, and the key lies elsewhere.

The key is in the system's keyring where there is one, else in a file of the data
directory that its owner alone can read.  A copy of the database opens nothing.
"""

import os
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from cratewise.discogs.credential import Credential, credential_from
from cratewise.errors import SealBroken

KEYRING_SERVICE = "cratewise"
KEY_FILE = "credentials.key"


class Seal:
    """Seals and opens credentials with the key of one data directory.

    data_dir  two directories have two keys, so that neither opens the other's.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def seal(self, credential: Credential) -> bytes:
        """What may be stored.  Makes the key at first use.  Raises OSError."""
        return Fernet(self._key() or self._new_key()).encrypt(msgspec.json.encode(credential))

    def open(self, sealed: bytes) -> Credential:
        """The credential that was sealed.  Raises SealBroken."""
        key = self._key()
        if key is None:
            raise SealBroken("its key is missing")
        try:
            opened = Fernet(key).decrypt(sealed)
            return credential_from(msgspec.json.decode(opened, type=dict[str, str]))
        except (InvalidToken, ValueError, TypeError, msgspec.DecodeError):
            # `from None`: what was decrypted must not appear in a traceback.
            raise SealBroken("it was sealed with another key") from None

    def place(self) -> str:
        """Where the key is, for people."""
        if self._file.exists():
            return str(self._file)
        return "the system's keyring" if _in_keyring(self._data_dir) else "nowhere yet"

    @property
    def _file(self) -> Path:
        return self._data_dir / KEY_FILE

    def _key(self) -> bytes | None:
        # The file goes first: where it exists, the keyring was out of reach once, and
        # a service without a desktop must find what a terminal with one has sealed.
        with suppress(FileNotFoundError):
            return self._file.read_bytes().strip()
        return _in_keyring(self._data_dir)

    def _new_key(self) -> bytes:
        key = Fernet.generate_key()
        return key if _keep_in_keyring(self._data_dir, key) else self._keep_in_file(key)

    def _keep_in_file(self, key: bytes) -> bytes:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        try:
            # Born unreadable for others, and by one process alone.
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self._file.read_bytes().strip()  # another process was quicker
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
        return key


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
