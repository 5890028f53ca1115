"""Put the API together: rooms, gate, trace, problems, and the description of it all."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Litestar, Request, Router
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp

from cratewise import __version__
from cratewise.api import (
    alerts,
    catalog,
    changes,
    cheapest,
    checks,
    connection,
    covers,
    crates,
    everything,
    export,
    facets,
    feeds,
    filter_query,
    followed,
    health,
    hidden,
    home,
    judgements,
    listings,
    models,
    people,
    picks,
    postage,
    presets,
    processes,
    profiles,
    pulls,
    rates,
    releases,
    schedules,
    searches,
    sellers,
    settings,
    suggest,
    taste,
    triage,
    wants,
    web_page,
)
from cratewise.api.door import Door
from cratewise.api.gate import NOBODY, Gate
from cratewise.api.installation import Installation
from cratewise.api.lan import LanGate
from cratewise.api.legacy.paths import NEIGHBOURS
from cratewise.api.legacy.refusals import answer_as_before
from cratewise.api.metrics import Metrics, metrics_route
from cratewise.api.problems import BadField, answer_error
from cratewise.api.trace import Trace
from cratewise.people.pairing import Pairing


class Lan(NamedTuple):
    """What `serve --lan` lets devices nearby in by; own_addresses: this machine's private ones."""

    pairing: Pairing
    own_addresses: Callable[[], Collection[str]]


PATH = "/api/v1"
LARGEST_BODY = 1_000_000  # bytes; the largest that anybody needs is a keeper rule
ROOMS: tuple[HTTPRouteHandler, ...] = (
    home.show_home,
    home.note_look,
    changes.list_changes,
    changes.count_changes,
    sellers.list_sellers,
    sellers.follow_seller,
    sellers.read_seller,
    sellers.list_listings_of_seller,
    sellers.change_seller,
    sellers.forget_seller,
    pulls.estimate_pull,
    pulls.start_pull,
    pulls.list_all_pulls,
    pulls.read_pull,
    pulls.cancel_pull,
    pulls.watch_pull,
    listings.list_listings,
    facets.count_facets,
    listings.read_listing,
    checks.check_listing,
    checks.estimate_check,
    checks.start_check,
    checks.read_check,
    suggest.suggest,
    export.export_listings,
    everything.export_everything,
    searches.list_searches,
    searches.save_search,
    searches.read_search,
    searches.rename_search,
    searches.replace_search,
    searches.forget_search,
    alerts.list_alerts,
    alerts.make_alert,
    alerts.read_alert,
    alerts.change_alert,
    alerts.forget_alert,
    feeds.read_feed,
    feeds.make_feed_address,
    feeds.revoke_feed_address,
    feeds.read_secret_feed,
    profiles.read_artist,
    profiles.read_label,
    profiles.read_style,
    releases.read_release,
    releases.list_copies_of_master,
    covers.read_cover,
    catalog.read_catalog,
    triage.choose_batch,
    triage.read_batch,
    judgements.judge,
    judgements.list_judgements,
    judgements.undo_judgement,
    taste.read_taste,
    taste.change_taste,
    taste.ask_for_refit,
    taste.read_likes,
    taste.read_cuts,
    taste.explain_listing,
    taste.use_rule_score,
    models.list_all_models,
    models.use_model,
    models.read_model,
    models.read_learning,
    followed.list_followed,
    followed.follow_name,
    followed.unfollow_name,
    hidden.list_hidden,
    hidden.hide,
    hidden.unhide,
    wants.list_wants,
    wants.add_to_wants,
    wants.remove_from_wants,
    wants.list_outbox,
    wants.retry_outbox,
    wants.undo_change,
    wants.start_sync,
    wants.read_sync,
    wants.list_wants_sellers,
    cheapest.find_cheapest_way,
    wants.list_collection,
    postage.list_postage,
    postage.note_postage,
    postage.read_postage,
    postage.change_postage,
    postage.forget_postage,
    picks.todays_pick,
    picks.redraw_pick,
    picks.list_picks,
    picks.read_pick,
    picks.read_landscape,
    picks.vote_on_pick,
    crates.pack_crate,
    rates.read_rates,
    rates.convert,
    rates.refresh_rates,
    presets.list_presets,
    presets.read_preset,
    presets.keep_preset,
    presets.use_preset,
    presets.forget_preset,
    processes.list_processes,
    schedules.list_schedules,
    schedules.change_schedule,
    schedules.reset_schedule,
    schedules.read_retention,
    schedules.change_retention,
    schedules.reset_retention,
    settings.read_settings,
    settings.change_settings,
    connection.read_connection,
    connection.connect,
    connection.disconnect,
    connection.begin_oauth,
    connection.finish_oauth,
)
DESCRIPTION = """\
Whole stocks of Discogs sellers, scored and explained.  Errors are `application/problem+json`
with a stable `type`.  Times are ISO 8601 in UTC; prices are exact, in whole minor units.
"""


def make_app(
    here: Installation, *, web_folder: Path = web_page.FOLDER, lan: Lan | None = None
) -> ASGIApp:
    """The whole server: `Trace(Gate(rooms))`; where many sign in, `Trace(Door(rooms))`.

    lan  lets devices nearby in as well: `Trace(LanGate(Gate(rooms), rooms))`.
    """
    metrics = Metrics(here)
    neighbours = NEIGHBOURS if here.settings.legacy else NOBODY
    rooms = make_rooms(here, metrics, web_folder)
    if here.settings.mode == "server":
        return Trace(Door(rooms, here, neighbours), metrics)
    local = Gate(rooms, neighbours)
    if lan is not None:
        return Trace(LanGate(local, rooms, lan.pairing, lan.own_addresses), metrics)
    return Trace(local, metrics)


def make_rooms(here: Installation, metrics: Metrics, web_folder: Path) -> Litestar:
    """The rooms alone, behind no gate."""
    known: dict[tuple[str, str], frozenset[str]] = {}
    rooms = [*ROOMS, *people.IN_BOTH_MODES]
    if here.settings.mode == "server":
        from cratewise.api import discogs_way_in, owners

        for each in (people, owners, discogs_way_in):
            rooms += each.IN_SERVER_MODE

    # Asynchronous, though it waits for nothing: else each request is handed to a thread for it.
    async def refuse_unknown_parameters(request: Request[Any, Any, Any]) -> None:
        # No name holds a NUL, and PostgreSQL's texts cannot.
        if "\0" in request.scope["path"] or "%00" in request.url.query:
            raise BadField("query" if "%00" in request.url.query else "path", "A NUL is no text.")
        # A mistyped filter must not look like one that lets everything through.
        expected = known[request.scope["path_template"], request.method]
        for name in request.query_params:
            if name not in expected:
                among = f"it has {', '.join(sorted(expected))}" if expected else "it has none"
                raise BadField(
                    f"query.{name}", f"{name}: this address has no such parameter; {among}."
                )

    app = Litestar(
        [
            Router(PATH, route_handlers=rooms, before_request=refuse_unknown_parameters),
            health.show_health,
            health.show_readiness,
            metrics_route(metrics),
            *(_earlier_calls() if here.settings.legacy else ()),
            *web_page.page_routes(web_folder, is_shared=here.settings.mode == "server"),
        ],
        dependencies={
            "here": Provide(lambda: here, sync_to_thread=False),
            "asked_changes": Provide(changes.asked_changes, sync_to_thread=False),
            "asked": Provide(listings.asked_listings, sync_to_thread=False),
            "of_release": Provide(filter_query.told_of_release, sync_to_thread=False),
            "of_listing": Provide(filter_query.told_of_listing, sync_to_thread=False),
            "of_reader": Provide(filter_query.told_of_reader, sync_to_thread=False),
        },
        exception_handlers={Exception: answer_as_before if here.settings.legacy else answer_error},
        openapi_config=OpenAPIConfig(
            title="Cratewise",
            version=__version__,
            description=DESCRIPTION,
            path="/schema",
            render_plugins=[JsonRenderPlugin()],
            use_handler_docstrings=True,
        ),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,  # logs.py
    )
    known |= {
        (route.path_format, method): frozenset(
            one.field_alias for one in model.expected_query_params
        )
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (_, model) in route.route_handler_map.items()
    }
    return app


def _earlier_calls() -> tuple[Router, ...]:
    from cratewise.api.legacy.calls import EARLIER  # few need it, and it loads the models

    return EARLIER
