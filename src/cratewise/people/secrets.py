"""Secrets that we hand out: made at random, shown once, kept as a hash."""

import hashlib
import secrets

RANDOM_BYTES = 32


def new_secret(prefix: str = "") -> str:
    """A secret of 256 random bits, in letters that an address can carry."""
    return prefix + secrets.token_urlsafe(RANDOM_BYTES)


def hash_of(secret: str) -> str:
    """What is kept of it.  It is random, so nobody can try all: a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
