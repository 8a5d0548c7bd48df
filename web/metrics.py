"""``/metrics``: how the installation is doing, as Prometheus reads it, for who has the token.

What the store holds is counted when asked; how long requests took is kept in this process. Nothing
of a person, no address, no text.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from time import perf_counter
from typing import Final

from flask import Blueprint, Flask, Response, abort, g, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from core.clock import Clock
from store import Store
from store.jobs import JobRun
from store.pages import PageState
from store.store import ReadTransaction
from web.context import extension, parts

bp = Blueprint("metrics", __name__)

_REGISTRY: Final = "glaneuse-metrics"
_SECONDS: Final = "glaneuse-request-seconds"
# Seconds; the bars of docs/measures.md stand among them.
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.08, 0.1, 0.25, 0.5, 0.8, 1.0, 2.5, 5.0)

Values = Mapping[str, float]


def install(app: Flask, store: Store, clock: Clock) -> None:
    """Time each request, and be ready to count what the store holds."""
    registry = CollectorRegistry()
    registry.register(_Holdings(store, clock))
    seconds = Histogram(
        "glaneuse_request_seconds",
        "Time taken to answer, by view and kind of answer",
        ("view", "status"),
        registry=registry,
        buckets=_BUCKETS,
    )
    app.extensions[_REGISTRY] = registry
    app.extensions[_SECONDS] = seconds

    @app.before_request
    def start() -> None:
        g.started = perf_counter()

    @app.after_request
    def stop(response: Response) -> Response:
        status = f"{response.status_code // 100}xx"
        view = request.endpoint or "none"
        seconds.labels(view, status).observe(perf_counter() - g.pop("started", perf_counter()))
        return response


@bp.get("/metrics")
def show() -> Response:
    """The figures; 404 without the setting METRICS_TOKEN, or for who does not bear it."""
    wanted = parts().settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        abort(404)
    response = Response(
        generate_latest(extension(_REGISTRY)), content_type=CONTENT_TYPE_PLAIN_0_0_4
    )
    response.headers["Cache-Control"] = "no-store"
    return response


class _Holdings(Collector):
    """What the store holds and what waits in it, counted when it is asked for."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()  # so that being registered asks the store nothing

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._clock()
        with self._store.read() as tx:
            yield _gauge("articles", "Articles held", "field", _articles(tx))
            yield _gauge("sources", "Sources visited, by state", "state", _sources(tx))
            yield _gauge("queue_length", "What waits for a stage", "stage", queues(tx, now))
            ages = {stage: wait.total_seconds() for stage, wait in waits(tx, now).items()}
            yield _gauge("queue_age_seconds", "How long the oldest has waited", "stage", ages)
            letters = {state.value: float(count) for state, count in tx.outbox.counts().items()}
            yield _gauge("letters", "Letters of the outbox, by state", "state", letters)
            runs = tx.jobs.all().values()
        yield from _jobs(runs)


def queues(tx: ReadTransaction, now: datetime) -> dict[str, int]:
    """How much waits for each stage."""
    return {
        "fetch": tx.pages.count_announced(),
        "read": tx.pages.count_waiting(),
        "group": tx.groups.count_waiting(),
        "index": tx.changes.count(),
        "mail": tx.outbox.count_due(now),
    }


def waits(tx: ReadTransaction, now: datetime) -> dict[str, timedelta]:
    """How long the oldest has waited, for the stages that know since when."""
    pages = tx.pages.oldest(now)
    since = {
        "fetch": pages.get(PageState.ANNOUNCED),
        "read": pages.get(PageState.WAITING),
        "mail": tx.outbox.oldest_due(now),
    }
    return {stage: now - one if one else timedelta() for stage, one in since.items()}


def latencies(views: Collection[str]) -> list[tuple[float, int]]:
    """Answers of these views since this process began: how many took up to so many seconds.

    Each counted once, under the first bound that it kept; the last bound is infinite.
    """
    found: dict[float, float] = {}
    for family in extension(_SECONDS).collect():
        for sample in family.samples:
            if sample.name.endswith("_bucket") and sample.labels["view"] in views:
                bound = float(sample.labels["le"])
                found[bound] = found.get(bound, 0) + sample.value
    bounds = sorted(found)
    below = [0.0, *(found[bound] for bound in bounds)]
    return [(bound, int(found[bound] - held)) for bound, held in zip(bounds, below, strict=False)]


def _articles(tx: ReadTransaction) -> Values:
    held, in_field = tx.articles.count(off_field=True), tx.articles.count()
    return {"in": in_field, "off": held - in_field}


def _sources(tx: ReadTransaction) -> Values:
    states: dict[str, float] = {}
    for source in tx.sources.all():
        states[source.status] = states.get(source.status, 0) + 1
    return states


def _jobs(runs: Iterable[JobRun]) -> Iterator[GaugeMetricFamily]:
    yield _gauge(
        "job_started_timestamp_seconds",
        "When each job of the schedule last began",
        "job",
        {run.name: run.started.timestamp() for run in runs},
    )
    yield _gauge(
        "job_duration_seconds",
        "How long its last run took",
        "job",
        {run.name: (run.ended - run.started).total_seconds() for run in runs if run.ended},
    )
    yield _gauge(
        "job_failed",
        "1 when its last run ended badly",
        "job",
        {run.name: float(run.failed) for run in runs},
    )


def _gauge(name: str, meaning: str, label: str, values: Values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"glaneuse_{name}", meaning, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
