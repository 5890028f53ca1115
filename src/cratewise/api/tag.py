"""Tags of answers: a client that has one asks again, and is told at once that it still holds."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request, Response

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]


def tag_of(*parts: str) -> str:
    """A weak ETag for what an answer follows from, besides the address itself."""
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:20]}"'


def tagged(request: AnyRequest, tag: str, answer: Callable[[], T]) -> Response[T]:
    """The answer with its tag; 304, and no work, for a client that has it already."""
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        unchanged: Response[Any] = Response(None, status_code=304, headers=headers)
        return unchanged
    return Response(answer(), headers=headers)
