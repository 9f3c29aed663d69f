"""``auditkit init``."""

from __future__ import annotations

import re

import pytest

from auditkit.cli.init import TEMPLATE
from auditkit.config import KEYS, read_config


def test_the_file_is_valid_as_it_is(auditkit, project):
    result = auditkit("init")
    assert (result.code, result.out) == (0, "")
    assert result.err == "note: wrote .auditkit.yaml; next: auditkit scan .\n"
    assert read_config(project / ".auditkit.yaml").settings == {"fail_on": "low"}


def test_every_example_in_the_file_is_valid(project):
    (project / "policy" / "rules").mkdir(parents=True)
    (project / "prod.tfvars").write_text("")
    path = project / ".auditkit.yaml"
    path.write_text(re.sub(r"(?m)^# (?=[a-z_]+:|  )", "", TEMPLATE))
    assert set(read_config(path).settings) == set(KEYS)


@pytest.mark.parametrize("name", [".auditkit.yaml", ".auditkit.yml", "auditkit.yaml"])
def test_a_file_that_is_there_is_kept(auditkit, project, name):
    (project / name).write_text("strict: true\n")
    result = auditkit("init")
    assert result.code == 2
    assert f"{name} is there already" in result.err
    assert [path.name for path in project.iterdir() if path.is_file()] == [name]
    assert (project / name).read_text() == "strict: true\n"


def test_force_replaces_it(auditkit, project):
    (project / ".auditkit.yaml").write_text("strict: true\n")
    assert auditkit("init", "--force").code == 0
    assert (project / ".auditkit.yaml").read_text() == TEMPLATE


def test_force_does_not_leave_two(auditkit, project):
    (project / "auditkit.yaml").write_text("")
    assert auditkit("init", "--force").code == 2
    assert not (project / ".auditkit.yaml").exists()
