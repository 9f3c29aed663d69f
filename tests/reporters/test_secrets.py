"""No format shows a secret, whoever forgot to withhold it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditkit.model import Location
from auditkit.reporters import REPORTERS, find_reporter
from reporters.samples import BROKEN, LITERAL_PASSWORD, SOURCES, options, report_of

SECRET = "correct horse battery staple"


@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize(
    "report",
    [
        report_of(LITERAL_PASSWORD),
        report_of(
            replace(LITERAL_PASSWORD, attribute="x", actual={"password": SECRET}, message="m")
        ),
        report_of(replace(LITERAL_PASSWORD, actual=[SECRET], message=f'password = "{SECRET}"')),
        report_of(problems=(replace(BROKEN, message=f'unexpected: password = "{SECRET}"'),)),
        report_of(
            problems=(
                replace(
                    BROKEN,
                    location=Location("gone.tf", 1, 1, 1, 2),
                    snippet=f'password = "{SECRET}"',
                ),
            )
        ),
        report_of(replace(LITERAL_PASSWORD, location=Location("heredoc.tf", 2, 1, 2, 9))),
    ],
)
def test_secrets_are_nowhere(name, report):
    sources = {**SOURCES, "heredoc.tf": f"password = <<EOT\n{SECRET}\nEOT\n"}
    pieces = find_reporter(name)(report, replace(options(show_all=True), read_source=sources.get))
    assert "horse" not in "".join(pieces)
