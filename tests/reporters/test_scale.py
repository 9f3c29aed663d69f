"""Large reports are made in pieces; how fast is measured in benchmarks/, not here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditkit.reporters import REPORTERS, find_reporter
from reporters.samples import NO_TAGS, NOT_ENCRYPTED, options, report_of

NUMBER = 2000


@pytest.fixture(scope="module")
def large_report():
    return report_of(
        *(
            replace(kind, address=f"module.m[{n}].{kind.address}", instances=(f"m{n}",))
            for n in range(NUMBER)
            for kind in (NO_TAGS, NOT_ENCRYPTED)
        )
    )


@pytest.mark.parametrize("name", REPORTERS)
def test_no_piece_is_large(name, large_report):
    pieces = list(find_reporter(name)(large_report, options()))
    assert max(map(len, pieces)) < 10_000


@pytest.mark.parametrize("name", REPORTERS)
def test_every_file_is_read_once(name, large_report):
    read = []

    def read_source(file):
        read.append(file)
        return options().read_source(file)

    for _ in find_reporter(name)(large_report, replace(options(), read_source=read_source)):
        pass
    assert len(read) == len(set(read))
