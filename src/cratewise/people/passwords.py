"""Passwords: kept as argon2id, with the library's own cost (RFC 9106)."""

from functools import cache
from typing import TYPE_CHECKING

from cratewise.errors import WeakPassword
from cratewise.people.secrets import new_secret

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12  # letters; NIST SP 800-63B asks for length and for nothing else
LONGEST = 1_000  # beyond which hashing would be work for an attacker to give us


def hash_password(password: str) -> str:
    """What is kept of a password.  Raises WeakPassword."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(SHORTEST)
    return _hasher().hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether this is the password; None: nobody's, which takes as long."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        _hasher().verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    """What is compared with when nobody has the name, so that this takes as long."""
    return _hasher().hash(new_secret())
