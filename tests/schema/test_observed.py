"""What rules may say of live AWS alone, in step with the catalogue."""

from __future__ import annotations

import pytest

from auditkit.schema import OBSERVED, check_path
from scripts.live_types import observed_text


def test_the_table_is_that_of_the_catalogue():
    assert OBSERVED.read_text(encoding="utf-8") == observed_text(), "run `make docs`"


@pytest.mark.parametrize(
    ("type", "path", "mistake"),
    [
        ("aws_kms_key", ("observed",), None),
        ("aws_kms_key", ("observed", "key_state"), None),
        ("aws_kms_key", ("observed", "key_stat"), "did you mean 'key_state'"),
        ("aws_iam_user_group_membership", ("observed", "x"), "nothing is observed"),
    ],
)
def test_a_name_that_nothing_observes_is_a_mistake(type, path, mistake):
    found = check_path(type, path)
    assert found is None if mistake is None else mistake in found
