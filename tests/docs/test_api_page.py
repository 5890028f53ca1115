"""docs/api.md lists every problem that the API tells, and every path that it names is there."""

import re
from pathlib import Path

from tests.api.serving import Api, served

from cratewise.api.problems import FOREIGN, FRAMEWORK, KINDS, TYPE

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def problems() -> str:
    """The table between `<!-- problems -->` marks, as the code says it."""
    kinds = {kind.name: kind for kind in (*FRAMEWORK.values(), FOREIGN)}
    kinds |= {kind.name: kind for _, kind in KINDS}
    rows = [
        f"| `{TYPE}{kind.name}` | {kind.status} | {kind.title} |"
        for kind in sorted(kinds.values(), key=lambda kind: (kind.status, kind.name))
    ]
    return "\n".join(["| type | status | |", "| --- | --- | --- |", *rows])


def test_the_page_lists_every_problem() -> None:
    begin, end = "<!-- problems -->\n", "<!-- /problems -->"
    told = PAGE.read_text("utf-8").partition(begin)[2].partition(end)[0].strip()

    assert told == problems()


def test_every_room_that_is_described_is_named_on_the_page() -> None:
    text = PAGE.read_text("utf-8")

    with served(is_working=False) as api:
        paths = _paths(api)

    for path in paths:
        room = re.sub(r"^/api/v1", "", path).split("/")[1]
        assert f"/{room}" in text, path


def test_each_row_of_a_table_is_one_line_and_no_route_is_told_twice() -> None:
    """Merges had left rows twice, and a sentence over two lines had broken its table."""
    overview, _, rest = PAGE.read_text("utf-8").partition("## Searches")
    routes = rest.partition("<!-- routes -->\n")[2].partition("<!-- /routes -->")[0]

    assert all(re.fullmatch(r"\|.*\|", line) for line in routes.splitlines())
    named = [line.split("|")[1] for line in overview.splitlines() if line.startswith("| ")]
    assert len(named) == len(set(named))


def _paths(api: Api) -> list[str]:
    return list(api.read("/schema/openapi.json")["paths"])
