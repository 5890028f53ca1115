"""A visit to the page: what somebody sees, and what went wrong behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hatch_build
from playwright.sync_api import Browser, Page
from tests.api.serving import Api

AXE = hatch_build.SOURCE / hatch_build.INSTALLED / "axe-core" / "axe.min.js"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MILLISECONDS = 60_000  # on a loaded machine


@dataclass
class Visit:
    """A page of the app in a window of its own.

    complaints  what the browser told on its console: errors, and breaches of the policy.
    foreign     requests to anybody but the server.
    """

    page: Page
    api: Api
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def go(self, path: str = "/") -> Page:
        self.page.goto(f"{self.api.url}{path}")
        return self.page

    def violations(self) -> list[str]:
        """What axe finds wrong with the page as it stands, by WCAG 2.2 AA and good practice."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found: dict[str, Any] = self.page.evaluate("axe.run()")
        return [
            f"{one['id']}: {node['html']} {node.get('failureSummary', '')}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def shoot(self, path: Path) -> None:
        self.page.screenshot(path=path, full_page=True)


@contextmanager
def visited(
    browser: Browser, api: Api, *, size: dict[str, int] | None = None, theme: str = "light"
) -> Iterator[Visit]:
    """A visit that must end without a complaint, and without a request to anybody else."""
    context = browser.new_context(
        viewport=size or DESK,  # type: ignore[arg-type]  # typed as a dictionary of its own
        color_scheme=theme,  # type: ignore[arg-type]  # and this as a literal
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    visit = Visit(page, api)
    page.on(
        "console", lambda told: visit.complaints.append(told.text) if told.type == "error" else None
    )
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((api.url, "data:")) else visit.foreign.append(asked.url)
        ),
    )
    try:
        yield visit
    finally:
        context.close()
    assert not visit.complaints, visit.complaints
    assert not visit.foreign, visit.foreign


def eventually_kept(visit: Visit, verdicts: list[str]) -> None:
    """The server has these verdicts, the first one first, once all that waits was written."""
    visit.page.wait_for_function(
        "() => !Object.keys(localStorage).some((name) => name.startsWith('cratewise.verdict.'))"
    )
    kept = visit.api.read("/api/v1/judgements")["judgements"]
    assert [one["verdict"] for one in reversed(kept) if one["undone_at"] is None] == verdicts
