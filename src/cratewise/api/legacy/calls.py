"""Every call of the earlier page, as routes of our server."""

from typing import Any

from litestar import Request, Router

from cratewise.api.legacy import dashboard, judging, pulling, searching, stock, wanting
from cratewise.api.problems import BadField


def refuse_nul(request: Request[Any, Any, Any]) -> None:
    """No name holds a NUL, and PostgreSQL's texts cannot."""
    if "\0" in request.scope["path"] or "%00" in request.url.query:
        raise BadField("query", "A NUL is no text.")


EARLIER = (
    Router(
        "/",
        before_request=refuse_nul,
        route_handlers=[
            dashboard.show_dashboard,
            dashboard.refresh_record,
            dashboard.vote,
            stock.list_best_and_others,
            searching.search,
            searching.suggest_genres,
            searching.suggest_styles,
            searching.suggest_conditions,
            searching.suggest_sellers,
            stock.list_of_seller,
            stock.list_records_of_seller,
            stock.choose_to_judge,
            stock.export,
            judging.predict,
            judging.judge,
            judging.show_performance,
            wanting.add_to_wantlist,
            pulling.pull,
            pulling.scrape,
            pulling.show_stats,
            pulling.test_discogs,
        ],
    ),
)
