"""Ask whatever the description of the API allows: no answer may be a mistake of ours.

Schemathesis makes requests of the description, odd ones above all, and holds each answer
against it: its status, its kind, each of its fields.  `CRATEWISE_REQUESTS` says how many
to each address; `make bench-long` asks far more.
"""

import os
from collections.abc import Iterator
from typing import Any

import httpx2
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine
from tests.builders import a_follow, a_listing, a_seller

from cratewise.store.engine import writing

REQUESTS = int(os.environ.get("CRATEWISE_REQUESTS", "4"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
# No bank is asked in tests, which is an honest 502.
WITHOUT_A_BANK = {"refresh_rates"}
# Reading comes first, and what takes things away last.
METHODS = ("get", "head", "post", "put", "patch", "delete")


def calls(url: str, headers: dict[str, str]) -> Iterator[Any]:
    document = httpx2.get(f"{url}/schema/openapi.json", headers=headers, timeout=60).json()
    schema: Any = schemathesis.openapi.from_dict(document)
    every: list[Any] = [found.ok() for found in schema.get_all_operations()]

    def place(one: Any) -> tuple[bool, int, str]:
        ends_all = one.definition.raw.get("operationId") == "sign_out"
        return ends_all, METHODS.index(one.method.lower()), one.path

    yield from sorted(every, key=place)


def ask_all(url: str, headers: dict[str, str]) -> tuple[int, list[str]]:
    """Ask each address; how many requests were answered, and what was wrong with answers."""
    answered, wrong = 0, []
    for operation in calls(url, headers):
        if operation.definition.raw.get("operationId") in WITHOUT_A_BANK:
            continue

        @seed(REQUESTS)
        @settings(
            max_examples=REQUESTS,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
            verbosity=Verbosity.quiet,
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal answered
            answer = case.call(base_url=url, headers=headers, timeout=60)
            answered += 1
            try:
                case.validate_response(answer, checks=CHECKS)
            except FailureGroup as failures:
                told = answer.content[:200]  # which may be no text
                wrong.append(f"{case.method} {case.formatted_path}: {failures} {told!r}")

        ask()
    return answered, wrong


def stock(store: Engine, account_id: int) -> None:
    """Something to be found, changed and thrown away."""
    with writing(store) as db:
        seller = a_seller(db)
        a_follow(db, account_id, seller)
        for number in range(5):
            a_listing(db, seller, want=10 * number)
