"""Configuration files: where they are found, what they may say, and how mistakes are told."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from auditkit import config
from auditkit.config import find_config, parse_value, read_config, read_params
from auditkit.errors import ConfigError


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "envs" / "prod").mkdir(parents=True)
    return tmp_path / "repo"


def read(tmp_path, text, **options):
    path = tmp_path / ".auditkit.yaml"
    path.write_text(text)
    return read_config(path, name=".auditkit.yaml", **options).settings


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        ([], None),
        ([".auditkit.yaml"], ".auditkit.yaml"),
        (["envs/.auditkit.yml", ".auditkit.yaml"], "envs/.auditkit.yml"),
        (["envs/prod/auditkit.yaml", ".auditkit.yaml"], "envs/prod/auditkit.yaml"),
        (["../.auditkit.yaml"], None),
    ],
)
def test_the_nearest_file_of_the_repository_counts(repository, placed, expected):
    for name in placed:
        (repository / name).write_text("strict: true\n")
    found = find_config(repository / "envs" / "prod", working_directory=repository)
    assert found == (repository / expected if expected else None)


def test_the_search_starts_beside_a_file(repository):
    (repository / "envs" / ".auditkit.yaml").write_text("")
    (repository / "envs" / "main.tf").write_text("")
    found = find_config(repository / "envs" / "main.tf", working_directory=repository)
    assert found == repository / "envs" / ".auditkit.yaml"


@pytest.mark.parametrize(("working_directory", "is_found"), [("project", True), ("other", False)])
def test_outside_of_a_repository_the_search_ends_at_the_working_directory(
    tmp_path, working_directory, is_found
):
    (tmp_path / "project" / "envs").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "project" / ".auditkit.yaml").write_text("")
    found = find_config(
        tmp_path / "project" / "envs", working_directory=tmp_path / working_directory
    )
    assert (found is not None) is is_found


def test_two_files_in_one_directory_are_an_error(repository):
    (repository / ".auditkit.yaml").write_text("")
    (repository / "auditkit.yaml").write_text("")
    with pytest.raises(ConfigError, match=r"\.auditkit\.yaml and auditkit\.yaml are both here"):
        find_config(repository, working_directory=repository)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("# nothing but a comment\n", {}),
        ("select: encryption", {"select": ["encryption"]}),
        ("select: [s3-*, CKV_AWS_16]", {"select": ["s3-*", "CKV_AWS_16"]}),
        ("severity: high\nfail_on: never", {"severity": "high", "fail_on": "never"}),
        ("strict: True", {"strict": True}),
        ("variables: {a: on, b: 12:30, c: .inf, d: 010, e: ~, f: 1.5, g: '1'}",
         {"variables": {"a": "on", "b": "12:30", "c": ".inf", "d": 10, "e": None, "f": 1.5,
                        "g": "1"}}),
        ("workspace: prod", {"workspace": "prod"}),
        ("variables: {a: 1, b: [x, null], c: {d: 1.5}, e: 2026-01-31}",
         {"variables": {"a": 1, "b": ["x", None], "c": {"d": 1.5}, "e": "2026-01-31"}}),
        ("params:\n  tags-required:\n    required_keys: [Owner]\n",
         {"params": {"tags-required": {"required_keys": ["Owner"]}}}),
        ("\ufeffstrict: true", {"strict": True}),
    ],
)  # fmt: skip
def test_what_a_file_says(tmp_path, text, expected):
    assert read(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fail-on: high", ".auditkit.yaml:1:1: unknown key 'fail-on' (did you mean 'fail_on'?)"),
        ("strict: true\nsevertiy: low",
         ".auditkit.yaml:2:1: unknown key 'severtiy' (did you mean 'severity'?)"),
        ("severity: hihg", ".auditkit.yaml:1:11: severity: expected one of critical, high,"),
        ("strict: maybe", ".auditkit.yaml:1:9: strict: expected true or false, found 'maybe'"),
        ("strict:", ".auditkit.yaml:1:8: strict: expected true or false, found nothing"),
        ("select: {a: b}", "select: expected a single value, found a mapping"),
        ("select: [[a]]", "select: expected a single value, found a list"),
        ("select: [false]", "select: expected text, found false; put it in quotes"),
        ("strict: yes", "strict: expected true or false, found 'yes'"),
        ("select: ['']", "select: expected text, found none"),
        ("params: [a]", "params: expected a mapping of keys to values"),
        ("params: {rule: 7}", ".auditkit.yaml:1:16: params: expected a mapping"),
        ("- select", ".auditkit.yaml:1:1: expected a mapping of keys to values"),
        ("strict: true\nstrict: true", ".auditkit.yaml:2:1: the key 'strict' stands here twice"),
        ("? [a]\n: b", "a key must be a single word"),
        ("rules: missing", "rules: 'missing' is not a directory"),
        ("var_files: [missing.tfvars]", "var_files: 'missing.tfvars' is not a file"),
        ("var_files: [../../etc/passwd]", "lies outside the repository"),
        ("rules: /", "lies outside the repository"),
        ("select: [a", "expected ',' or ']'"),
        ("variables: !!python/object/apply:os.system [id]", "expected a mapping"),
        ("variables: {a: !!python/name:os.system ''}", "is not allowed here"),
        ("variables: {a: !!binary aGk=}", "is not allowed here"),
        ("variables: {a: &a [1], b: *a}", ".auditkit.yaml:1:27: aliases are not allowed here"),
        ("variables: " + "[" * 50 + "]" * 50, "nested too deeply"),
        ("a\x00b", "unacceptable character"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path, text, message):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert str(caught.value).startswith(".auditkit.yaml")


def test_all_mistakes_are_told_together(tmp_path):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "slect: a\nstrict: 1\nseverity: worst\n")
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["1", "2", "3"]


def test_a_file_without_end_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="more than 1,000,000 bytes"):
        read(tmp_path, "# " + "x" * 1_000_000)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / ".auditkit.yaml"
    path.write_bytes(b"select: \xff\n")
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        read_config(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        read_config(tmp_path / "missing.yaml")


def test_paths_are_taken_from_the_directory_of_the_file(repository):
    (repository / "policy").mkdir()
    (repository / "prod.tfvars").write_text("")
    path = repository / "envs" / ".auditkit.yaml"
    path.write_text("rules: ../policy\nvar_files: [../prod.tfvars]\n")
    assert read_config(path).settings == {
        "rules": [str(repository / "policy")],
        "var_files": [str(repository / "prod.tfvars")],
    }


def test_a_link_does_not_lead_out_of_the_repository(repository):
    (repository.parent / "secret.tfvars").write_text("")
    (repository / "link.tfvars").symlink_to(repository.parent / "secret.tfvars")
    (repository / ".auditkit.yaml").write_text("var_files: link.tfvars")
    with pytest.raises(ConfigError, match="lies outside the repository"):
        read_config(repository / ".auditkit.yaml")


def test_a_link_to_itself_is_no_file(repository):
    (repository / "loop").symlink_to("loop")
    (repository / ".auditkit.yaml").write_text("var_files: loop\nrules: loop/rules\n")
    with pytest.raises(ConfigError, match="'loop' is not a file"):
        read_config(repository / ".auditkit.yaml")


def test_the_users_own_file_may_name_any_path(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "home").mkdir()
    path = tmp_path / "home" / "config.yaml"
    path.write_text("rules: ../rules")
    settings = read_config(path, confined=False).settings
    assert settings == {"rules": [str(tmp_path / "rules")]}


def test_a_file_of_parameters(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("logs-retention: {min_days: 90}\n")
    assert read_params(path) == {"logs-retention": {"min_days": 90}}
    path.write_text("logs-retention: 90\n")
    with pytest.raises(ConfigError, match=r"p:1:17: expected a mapping"):
        read_params(path, name="p")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("true", True),
        ("[Owner, Environment]", ["Owner", "Environment"]),
        ("{a: 1}", {"a": 1}),
        ("plain words", "plain words"),
        ("'7'", "7"),
        ("", None),
        ("*", "*"),
        ("@team", "@team"),
        ("[a", "[a"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_value_on_the_command_line(text, value):
    assert parse_value(text) == value


SCHEMA = json.loads(Path(config.__file__).with_name("config.schema.json").read_text())


def test_the_schema_for_editors_knows_the_same_keys():
    assert set(SCHEMA["properties"]) == set(config.KEYS)
    assert all(entry["description"].endswith(".") for entry in SCHEMA["properties"].values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "select: a",
        "select: [a, b]",
        "select: 7",
        "select: {a: b}",
        "severity: low",
        "severity: never",
        "fail_on: never",
        "fail_on: 3",
        "strict: true",
        "strict: 'true'",
        "exclude: ['**/test/**']",
        "builtin_rules: false",
        "builtin_rules: 0",
        "params: {a: {b: c}}",
        "params: {a: b}",
        "variables: {a: [1]}",
        "variables: a",
        "workspace: prod",
        "workspace: ''",
        "color: always",
        "color: red",
        "unknown: 1",
        "[select]",
    ],
)
def test_the_schema_for_editors_judges_as_the_program_does(tmp_path, text):
    try:
        jsonschema.validate(yaml.safe_load(text), SCHEMA)
        is_valid = True
    except jsonschema.ValidationError:
        is_valid = False
    try:
        read(tmp_path, text)
        is_read = True
    except ConfigError:
        is_read = False
    assert is_valid is is_read
