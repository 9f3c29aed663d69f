from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from auditkit.model import Unknown
from auditkit.sources.aws.calling import Failure
from auditkit.sources.aws.declarations import Metric
from auditkit.sources.aws.expressions import Record
from auditkit.sources.aws.metrics import MEMBER, QUERIES, measure

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)
DENIED_VALUE = Unknown("servicequotas:ListServiceQuotas was denied")
DENIED = Failure("denied", "cloudwatch:GetMetricData", "AccessDenied", "eu-west-1")


class Answers:
    """A reader whose CloudWatch tells the same points of every metric."""

    def __init__(self, *points, failure=None):
        self.points = points
        self.failure = failure
        self.asked = []

    def pages(self, call, arguments, region):
        assert (call.operation, region) == ("cloudwatch:GetMetricData", "eu-west-1")
        if self.failure is not None:
            raise self.failure
        self.asked.append(arguments["MetricDataQueries"])
        yield {
            "MetricDataResults": [
                {
                    "Id": query["Id"],
                    "Timestamps": [NOW - timedelta(days=age) for age, _ in self.points],
                    "Values": [value for _, value in self.points],
                }
                for query in arguments["MetricDataQueries"]
            ]
        }


def cpu(statistic, days=14):
    return Metric("AWS/EC2", "CPUUtilization", {"InstanceId": "InstanceId"}, statistic, days)


def run(reader, statistic="Average", records=None):
    records = [Record(InstanceId="i-1")] if records is None else records
    failures = list(measure({"cpu": cpu(statistic)}, records, reader, "eu-west-1", now=NOW))
    return failures, [dict.get(record, MEMBER) for record in records]


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [("Sum", 9.0), ("Average", 3.0), ("Minimum", 1.0), ("Maximum", 6.0)],
)
def test_the_days_make_one_number(statistic, expected):
    failures, told = run(Answers((1, 1.0), (2, 2.0), (3, 6.0)), statistic)
    assert not failures
    assert told == [{"cpu": expected}]


def test_what_lies_before_the_days_does_not_count():
    assert run(Answers((1, 1.0), (60, 50.0)))[1] == [{"cpu": 1.0}]


def test_no_data_are_null_and_not_zero():
    assert run(Answers())[1] == [{"cpu": None}]


def test_a_record_without_the_dimension_is_not_asked_for():
    reader = Answers((1, 1.0))
    assert run(reader, records=[Record(Name="x")])[1] == [{}]
    assert reader.asked == []


def test_denied_metrics_are_unknown_and_name_the_action():
    failures, told = run(Answers(failure=DENIED))
    assert failures == [DENIED]
    unknown = told[0]["cpu"]
    assert isinstance(unknown, Unknown)
    assert "cloudwatch:GetMetricData was denied" in unknown.cause


@pytest.mark.parametrize(
    ("whole", "expected"),
    [(200, 3.0), (None, None), (0, None), ("many", None), (DENIED_VALUE, DENIED_VALUE)],
)
def test_a_number_may_be_told_as_percent_of_another(whole, expected):
    metric = Metric("AWS/Usage", "ResourceCount", {}, "Maximum", percent_of="Value")
    record = Record(Value=whole)
    assert not list(measure({"used": metric}, [record], Answers((1, 6)), "eu-west-1", now=NOW))
    assert dict.get(record, MEMBER) == {"used": expected}


def test_no_data_are_no_percent():
    metric = Metric("AWS/Usage", "ResourceCount", {}, "Maximum", percent_of="Value")
    record = Record(Value=200)
    assert not list(measure({"used": metric}, [record], Answers(), "eu-west-1", now=NOW))
    assert dict.get(record, MEMBER) == {"used": None}


def test_five_hundred_metrics_take_one_call():
    reader = Answers((1, 1.0))
    run(reader, records=[Record(InstanceId=f"i-{n}") for n in range(QUERIES + 1)])
    assert [len(queries) for queries in reader.asked] == [QUERIES, 1]
