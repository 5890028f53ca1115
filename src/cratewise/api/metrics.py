"""`/metrics` for Prometheus: requests, pulls, the quota, jobs, workers, the shelf, models."""

from collections.abc import Iterator, Mapping
from typing import Literal

from litestar import Response, get
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from cratewise.api.installation import Installation
from cratewise.enqueue import QUEUES
from cratewise.reaper import SILENT_SECONDS
from cratewise.store.engine import reading
from cratewise.store.models import live_models
from cratewise.store.news import pulls_by_state
from cratewise.store.workers import all_workers

TEXT = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
WAITING: tuple[Literal["queued", "running"], ...] = ("queued", "running")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """What this process counts of its requests, and what the database tells at each look."""

    def __init__(self, here: Installation) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Stored(here))
        labels = ("method", "route", "status")
        self._requests = Counter(
            "cratewise_requests", "HTTP requests answered", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "cratewise_request_seconds",
            "Seconds until the last byte was sent",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        known = method if method in METHODS else "other"  # anybody may invent one
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _Stored(Collector):
    """What all processes share, read at the moment of asking."""

    def __init__(self, here: Installation) -> None:
        self._here = here

    def describe(self) -> Iterator[Metric]:
        return iter(())  # nothing is asked of the database before somebody looks

    def collect(self) -> Iterator[Metric]:
        quota = self._here.quota()
        yield GaugeMetricFamily(
            "cratewise_quota_limit", "Requests a minute that Discogs allows", quota.limit
        )
        yield GaugeMetricFamily(
            "cratewise_quota_remaining", "Requests allowed at once", quota.remaining()
        )
        with reading(self._here.engine) as db:
            states, present, models = pulls_by_state(db), all_workers(db), live_models(db)
        yield _labelled(
            "cratewise_pulls", "Pulls and imports kept", "state",
            {state: states.get(state, 0) for state in ("running", "done", "stopped", "failed")},
        )  # fmt: skip
        working = [one for one in present if one.queues]
        yield GaugeMetricFamily("cratewise_workers", "Processes that work jobs", len(working))
        now = self._here.clock.now()
        alive = [
            one for one in present if (now - one.heartbeat_at).total_seconds() <= SILENT_SECONDS
        ]
        yield _labelled(
            "cratewise_takers", "Living processes that take a kind of work", "queue",
            {queue.name: sum(queue.name in one.queues for one in alive) for queue in QUEUES},
        )  # fmt: skip
        yield self._jobs()
        yield GaugeMetricFamily(
            "cratewise_shelf_listings",
            "Listings that this process holds in memory",
            len(self._here.finder),
        )
        yield GaugeMetricFamily("cratewise_models_live", "Learnt models that serve", len(models))
        yield GaugeMetricFamily(
            "cratewise_models_verdicts",
            "Verdicts that the models that serve learnt from",
            sum(many for many, _ in models),
        )

    def _jobs(self) -> Metric:
        jobs = GaugeMetricFamily(
            "cratewise_jobs", "Jobs that wait or run", labels=["queue", "state"]
        )
        counted = self._here.desk.unfinished()
        for queue in QUEUES:
            for state in WAITING:
                jobs.add_metric([queue.name, state], counted.get((queue.name, state), 0))
        return jobs


def _labelled(name: str, told: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def metrics_route(metrics: Metrics):  # type: ignore[no-untyped-def]  # Litestar's own handler type
    """`GET /metrics`."""

    @get("/metrics", sync_to_thread=True, include_in_schema=False)
    def show_metrics() -> Response[bytes]:
        return Response(metrics.text(), media_type=TEXT)

    return show_metrics
