"""What CloudWatch measured, asked for five hundred metrics at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from auditkit.model import Unknown, Value
from auditkit.sources.aws.calling import Asking, Failure
from auditkit.sources.aws.declarations import METRIC_DATA, Metric
from auditkit.sources.aws.expressions import (
    EXPRESSION_ERRORS,
    Json,
    Record,
    Untold,
    compile_expression,
)

QUERIES = 500
"""How many metrics a call takes.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""
MEMBER = "_metrics"
"""The record's member that the numbers stand in, by name."""
_DAY_SECONDS = 86_400

_COMBINE: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Average": lambda values: sum(values) / len(values),
    "Minimum": min,
    "Maximum": max,
}


def measure(
    metrics: Mapping[str, Metric],
    records: Sequence[Record],
    reader: Asking,
    region: str,
    *,
    now: datetime,
) -> Iterator[Failure]:
    """Puts what was measured into the records; yields the failures, whose numbers are Unknown."""
    queries: list[tuple[Record, str, Json]] = []
    for record in records:
        record[MEMBER] = {}
        for name, metric in metrics.items():
            dimensions = _dimensions(metric, record)
            if dimensions is not None:
                queries.append((record, name, _query(metric, dimensions)))
    for start in range(0, len(queries), QUERIES):
        chunk = queries[start : start + QUERIES]
        days = max(metrics[name].days for _, name, _ in chunk)
        try:
            points = _ask(chunk, reader, region, now=now, days=days)
        except Failure as failure:
            yield failure
            unknown = Unknown(failure.cause)
            for record, name, _ in chunk:
                record[MEMBER][name] = unknown
            continue
        for number, (record, name, _) in enumerate(chunk):
            metric = metrics[name]
            oldest = now - timedelta(days=metric.days + 1)
            values = [value for moment, value in points.get(f"q{number}", ()) if moment >= oldest]
            told = _COMBINE[metric.statistic](values) if values else None
            record[MEMBER][name] = _share(told, metric, record) if metric.percent_of else told


def _dimensions(metric: Metric, record: Record) -> Json:
    """The dimensions; ``None`` where the record lacks one of them, and so has no such metric."""
    found = []
    for name, text in metric.dimensions.items():
        try:
            value = compile_expression(text)(record)
        except (Untold, *EXPRESSION_ERRORS):
            return None
        if value is None:
            return None
        found.append({"Name": name, "Value": str(value)})
    return found


def _share(told: float | None, metric: Metric, record: Record) -> Value:
    """The number as percent; Unknown where it is not known of what."""
    try:
        whole = compile_expression(metric.percent_of)(record)
    except Untold as untold:
        return untold.unknown
    except EXPRESSION_ERRORS as error:
        return Unknown(f"AWS answered what can't be read ({type(error).__name__})")
    if told is None or not isinstance(whole, (int, float)) or whole <= 0:
        return None
    return round(told / whole * 100, 1)


def _query(metric: Metric, dimensions: Json) -> Json:
    return {
        "MetricStat": {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": dimensions,
            },
            "Period": _DAY_SECONDS,
            "Stat": metric.statistic,
        },
        "ReturnData": True,
    }


def _ask(
    chunk: Sequence[tuple[Record, str, Json]],
    reader: Asking,
    region: str,
    *,
    now: datetime,
    days: int,
) -> Mapping[str, list[tuple[datetime, float]]]:
    arguments = {
        "MetricDataQueries": [
            {"Id": f"q{number}", **query} for number, (_, _, query) in enumerate(chunk)
        ],
        "StartTime": now - timedelta(days=days),
        "EndTime": now,
    }
    points: dict[str, list[tuple[datetime, float]]] = {}
    for page in reader.pages(METRIC_DATA, arguments, region):
        for result in page.get("MetricDataResults", ()):
            told = zip(result.get("Timestamps", ()), result.get("Values", ()), strict=False)
            points.setdefault(str(result.get("Id")), []).extend(told)
    return points
