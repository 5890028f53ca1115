"""What the page's policy keeps out, in a browser that holds to it."""

import pytest
from tests.web.visiting import Visit

pytestmark = pytest.mark.browser


def test_no_inline_script_or_style_and_no_frame_from_elsewhere_is_let_in(visit: Visit) -> None:
    page = visit.go()
    page.get_by_role("heading", level=1).wait_for()
    refused: list[str] = []
    page.on("requestfailed", lambda asked: refused.append(asked.url))

    page.evaluate(
        """() => {
            const make = (name, has) =>
                document.body.append(Object.assign(document.createElement(name), has))
            make('script', { textContent: 'window.ran = true' })
            make('style', { textContent: 'body { opacity: 0.5 }' })
            make('iframe', { src: 'https://video.example/' })
            make('img', { src: 'https://pictures.example/cover.jpg' })
        }"""
    )

    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.body).opacity") == "1"
    assert sum("Content Security Policy" in told for told in visit.complaints) >= 4
    assert set(visit.foreign) <= set(refused)  # Playwright tells of them; the browser sent none
    visit.complaints.clear()
    visit.foreign.clear()


def test_videos_alone_may_be_framed_and_no_other_page_may_frame_this_one(visit: Visit) -> None:
    policy = visit.api.get("/").headers["content-security-policy"]

    assert "frame-src https://www.youtube-nocookie.com;" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
