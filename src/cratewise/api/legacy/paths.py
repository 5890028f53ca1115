"""Which addresses the earlier page asks, and from where: those and no others are open to it."""

from cratewise.api.gate import Neighbours

# Where the earlier page is served from, as its contract says.
ORIGINS = frozenset(f"http://localhost:{port}" for port in (5173, 5174, 3000))
EXPORT = "/export-listings"

WHOLE = frozenset(
    {
        "/dashboard",
        "/api-dashboard",
        "/api/dashboard/listings",
        "/api/refresh-record-of-the-day",
        "/search/results",
        "/autocomplete/genre",
        "/autocomplete/condition",
        "/autocomplete/styles",
        "/autocomplete/seller",
        "/by-seller/search",
        "/recommendation-predictions",
        "/submit-scoring-selections",
        "/model-performance-stats",
        "/tune-scoring",
        EXPORT,
        "/add-to-wantlist",
        "/api/scraper/stats",
        "/api/scraper/test",
    }
)
BEGINNINGS = (
    "/data/",
    "/records/seller/",
    "/vote-record-of-the-day/",
    "/api/scraper/go/",
)


def is_earlier(path: str) -> bool:
    """Whether an address is one of the earlier page's, with or without a slash at its end."""
    path = path.rstrip("/")
    if path in WHOLE:
        return True
    begins = next((begin for begin in BEGINNINGS if path.startswith(begin)), None)
    return begins is not None and "/" not in path.removeprefix(begins)


# A link to the export is followed, not fetched: that tells no Origin.  It changes nothing,
# and no page can read what comes.
NEIGHBOURS = Neighbours(ORIGINS, is_earlier, followed=frozenset({EXPORT}))
