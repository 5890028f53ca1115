"""The cookie that lets a browser in: unreadable for pages, sent to this site alone."""

from collections.abc import Iterator, Sequence

from litestar.datastructures import Cookie

from cratewise.people.sign_in import SESSION_LASTS

# With this prefix browsers take the cookie over https alone, and from this very host.
SECURE_NAME = "__Host-cratewise"
LOOPBACK_NAME = "cratewise"


def session_cookie(secret: str, *, is_secure: bool) -> Cookie:
    """The cookie of a session that begins."""
    return Cookie(
        key=_name(is_secure),
        value=secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )


def no_cookie(*, is_secure: bool) -> Cookie:
    """What makes a browser forget its session."""
    return Cookie(
        key=_name(is_secure), value="", max_age=0, path="/",
        secure=is_secure, httponly=True, samesite="lax",
    )  # fmt: skip


def secret_in(headers: Sequence[tuple[bytes, bytes]], *, is_secure: bool) -> str | None:
    """The session's secret that a browser sent."""
    return next(secrets_in(headers, _name(is_secure)), None)


def secrets_in(headers: Sequence[tuple[bytes, bytes]], name: str) -> Iterator[str]:
    """What cookies of this name hold, whatever other programs of this host keep in theirs.

    Browsers put a semicolon between two cookies, and nothing else tells them apart: readers
    of the standard library lose all of them to one that holds JSON.
    """
    for header, value in headers:
        if header == b"cookie":
            for cookie in value.decode("latin-1").split(";"):
                told, _, secret = cookie.strip().partition("=")
                if told == name and secret:
                    yield secret


def _name(is_secure: bool) -> str:
    return SECURE_NAME if is_secure else LOOPBACK_NAME
