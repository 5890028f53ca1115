"""The cookie that lets a browser in: unreadable for pages, sent to this site alone."""

from http.cookies import CookieError, SimpleCookie

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


def secret_in(headers: list[tuple[bytes, bytes]], *, is_secure: bool) -> str | None:
    """The session's secret that a browser sent."""
    for name, value in headers:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(_name(is_secure))
            except CookieError:
                continue
            if found is not None and found.value:
                return found.value
    return None


def _name(is_secure: bool) -> str:
    return SECURE_NAME if is_secure else LOOPBACK_NAME
