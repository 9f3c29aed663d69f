"""What ``--dry-run`` prints: the calls to come, by account, region and service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from auditkit.cli.live import Live
from auditkit.cli.output import number
from auditkit.model import Rule
from auditkit.sources.aws.prediction import Forecast, predict


def forecast(live: Live, rules: Mapping[str, Rule] | None) -> Iterator[str]:
    """The text, in pieces; `rules` are those whose needs are asked, ``None`` for everything."""
    _, units = live.prepare(live.selection(rules))
    counts = live.counts()
    total = 0
    is_open = False
    for unit in units:
        yield f"{unit.place}\n"
        forecasts = sorted(predict(unit, counts), key=lambda each: each.service)
        for service, group in groupby(forecasts, key=lambda each: each.service):
            calls = list(group)
            known = sum(each.count or 0 for each in calls)
            open_calls = [each for each in calls if each.count is None]
            more = ", ".join(_per(open_calls))
            yield f"  {service:<26}{number(known, 'call'):>10}{f' and {more}' if more else ''}\n"
            total += known
            is_open = is_open or bool(open_calls)
    # A question that only some objects are asked, such as old ones, counts for each of them.
    yield f"\n{number(total, 'call')} in all at most"
    if is_open:
        yield ", and those for each object: --inventory FILE tells how many there are"
    yield ", and one more for each further page of a listing\n"


def _per(forecasts: Iterable[Forecast]) -> Iterator[str]:
    """``2 per aws_kms_key, 1 per 100 aws_lb``, and what is asked once if there is anything."""
    once = 0
    times: Counter[tuple[str, int]] = Counter()
    for each in forecasts:
        if each.each:
            times[each.each, each.size] += 1
        else:
            once += 1
    if once:
        yield f"{once} if there is anything to ask about"
    for (type, size), count in sorted(times.items()):
        yield f"{count} per {f'{size} ' if size > 1 else ''}{type}"
