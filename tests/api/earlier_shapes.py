"""The earlier page's contract as types: every field, none more, of these types alone."""

from typing import Annotated, Any, TypeVar

import msgspec

T = TypeVar("T")

TwoDecimals = Annotated[str, msgspec.Meta(pattern=r"^-?\d+\.\d\d$")]
Moment = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]


class Exact(msgspec.Struct, forbid_unknown_fields=True):
    """No field may be missing, none may be more."""


class Record(Exact):
    id: int
    discogs_id: str
    artist: str
    title: str
    format: str
    label: str
    catno: str | None
    wants: int
    haves: int
    added: Moment
    genres: list[str]
    styles: list[str]
    suggested_price: str
    year: int | None


class Seller(Exact):
    id: int
    name: str
    currency: str


class Listing(Exact):
    id: int
    seller: Seller
    record: Record
    record_price: TwoDecimals
    media_condition: str
    score: TwoDecimals
    kept: bool
    evaluated: bool
    predicted_keeper: bool


class RecordOfTheDay(Exact):
    id: int
    date: Day
    listing: Listing
    created_at: Moment
    model_score: float
    entropy_measure: float
    system_temperature: float
    utility_term: float | None
    entropy_term: float | None
    free_energy: float | None
    selection_probability: float | None
    total_candidates: int | None
    cluster_count: int | None
    selection_method: str
    desirability_votes: list[float]
    novelty_votes: list[float]
    average_desirability: float
    average_novelty: float


class Breakdown(Exact):
    model_score: float
    entropy_measure: float
    system_temperature: float
    utility_term: float | None
    entropy_term: float | None
    free_energy: float | None
    selection_probability: float | None
    total_candidates: int | None
    cluster_count: int | None
    selection_method: str
    error: str | msgspec.UnsetType = msgspec.UNSET


class Dashboard(Exact):
    num_records: int
    num_listings: int
    accuracy: Percent
    unevaluated: int
    record_of_the_day: Listing | None
    record_of_the_day_obj: RecordOfTheDay | None
    breakdown: Breakdown


class Page(Exact):
    count: int
    next: int | None
    previous: int | None
    results: list[Listing]


class Message(Exact):
    message: str


class Refusal(Exact):
    error: str


class Prediction(Exact):
    id: int
    prediction: bool
    probability: Share


class Success(Exact):
    success: bool


class Session(Exact):
    session_date: str
    accuracy: Share
    precision: Share
    num_samples: int


class Performance(Exact):
    accuracy: Share
    total_sessions: int
    sessions: list[Session]


class Scraped(Exact):
    success: bool
    message: str
    username: str
    total_records: int
    new_records: int


class Stats(Exact):
    total_listings: int
    total_records: int
    total_sellers: int
    current_requests: int
    current_sleep_time: float


class Test(Exact):
    success: bool
    message: str


def exactly(shape: type[T], answered: Any) -> T:
    """What was answered, if it has this shape to the letter."""
    return msgspec.convert(answered, shape, strict=True)
