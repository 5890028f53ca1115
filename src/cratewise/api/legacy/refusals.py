"""Errors as the earlier page reads them: `{"error": sentence}`, with our own statuses."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.openapi.datastructures import ResponseSpec

from cratewise.api.legacy.paths import is_earlier
from cratewise.api.problems import Problem, answer_error


class Refusal(msgspec.Struct, frozen=True):
    """Why a call was refused or failed, in a sentence."""

    error: str


def answer_as_before(
    request: Request[Any, Any, Any], error: Exception
) -> Response[Problem] | Response[Refusal]:
    """Litestar's way to say what went wrong, where both pages are served."""
    answer = answer_error(request, error)
    if not is_earlier(request.scope["path"]):
        return answer
    return Response(
        Refusal(answer.content.detail),
        status_code=answer.status_code,
        media_type="application/json",
        headers=dict(answer.headers),
    )


def told_as_before(*statuses: int) -> dict[int, ResponseSpec]:
    """These statuses in OpenAPI, and 400, which any call may meet."""
    return {
        status: ResponseSpec(data_container=Refusal, generate_examples=False)
        for status in sorted({400, *statuses})
    }
