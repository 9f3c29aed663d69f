from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from auditkit import schema
from auditkit.errors import ConfigError, RuleError
from auditkit.model import Neighbours, Severity, Verdict
from auditkit.rulepack import builtin_directory, load_rules, plugin_directories
from auditkit.rulepack import document as documents
from auditkit.rulepack import load as loading
from auditkit.rulepack.document import read_document
from auditkit.rulepack.index import INDEX, MAX_BYTES, digest_of, index_text, read_index
from auditkit.rulepack.lint import find_repeated_step, lint_rules

RULE = """\
id: {id}
title: A title
severity: {severity}
category: {category}
resource: {resource}
require: {{tags: {{has_keys: "$keys"}}}}
params: {{keys: {{default: [Owner], description: Keys.}}}}
why: Because.
fix: {{advice: Do it.}}
links: [https://example.com]
aliases: {aliases}
examples: {{pass: a, fail: b}}
"""


def write_rule(
    directory,
    id,
    *,
    name=None,
    severity="medium",
    category="tagging",
    resource="aws_instance",
    aliases="[]",
):
    path = directory / (name or f"{id}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = RULE.format(
        id=id, severity=severity, category=category, resource=resource, aliases=aliases
    )
    path.write_text(text)
    return path


def load(*directories, **options):
    return load_rules(directories, builtin=False, **options)


def read(text):
    return read_document(text.encode(), "r.yaml").data


# Reading YAML


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b", {"a": "b"}),
        ("a: 'b'", {"a": "b"}),
        ("a: true", {"a": True}),
        ("a: [True, FALSE, null, ~]", {"a": [True, False, None, None]}),
        ("a:", {"a": None}),
        ("a: ''", {"a": ""}),
        ("a: 'true'", {"a": "true"}),
        ("a: [on, yes, no, off, y]", {"a": ["on", "yes", "no", "off", "y"]}),
        ("on: 1", {"on": 1}),
        ("1: 2", {"1": 2}),
        ("a: [0, 7, -7, +7]", {"a": [0, 7, -7, 7]}),
        ("a: [1.5, -1e3, .5, 1.]", {"a": [1.5, -1000.0, 0.5, 1.0]}),
        (
            "a: ['7', 1.2.3, 0x10, 12:30, 2026-01-31, 10.0.0.0/8, .inf]",
            {"a": ["7", "1.2.3", "0x10", "12:30", "2026-01-31", "10.0.0.0/8", ".inf"]},
        ),
        ("a: !!str 7", {"a": "7"}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("\ufeffa: ü", {"a": "ü"}),
        ("a: &x [1, 2]\nb: *x", {"a": [1, 2], "b": [1, 2]}),
        ("- a\n- b", ["a", "b"]),
        ("word", "word"),
    ],
)
def test_yaml_is_read_as_plain_data(text, value):
    assert read(text) == value


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 10)}]\n"
    for old, new in zip("abcdef", "bcdefg", strict=True)
)
UNREADABLE = [
    ("", "r.yaml:1:1: the file is empty"),
    ("# nothing\n", "r.yaml:1:1: the file is empty"),
    ("a: 1\nb: 2\na: 3", "r.yaml:3:1: the key 'a' stands here twice"),
    ("a: {b: 1, b: 2}", "r.yaml:1:11: the key 'b' stands here twice"),
    ("a: [1", "r.yaml:1:4: did not find expected ',' or ']'"),
    ("a: 1\n\tb: 2", "r.yaml:2:1: found a tab character that violates indentation"),
    ("a:\n\t- b", "r.yaml:2:1: a tab, or a character that YAML reserves"),
    ("a: @b", "r.yaml:1:4: a tab, or a character that YAML reserves"),
    ("a: b: c", "r.yaml:1:5: mapping values are not allowed"),
    ("a: *x", "r.yaml:1:4: found undefined alias"),
    ("a: 1\n---\nb: 2", "r.yaml:2:1: but found another document"),
    ("a: !!python/object/apply:os.system [id]", "r.yaml:1:4: the tag"),
    ("a: !secret x", "r.yaml:1:4: the tag !secret is not supported"),
    ("? [a]\n: b", "r.yaml:1:3: a key has to be a text"),
    ("a: 012345678901", "a number with a leading zero: quote 012345678901"),
    ("a: \x01", "r.yaml:1"),
    ("[" * 100_000, "nested too deeply"),
    ("- " * 50_000, "nested too deeply"),
    ("{a: " * 30_000, "nested too deeply"),
    (BOMB, "too many values"),
    ("a: &a [*a]", "nested too deeply; an alias inside what it names?"),
    ("a: '" + "x" * MAX_BYTES + "'", "larger than 256 KiB"),
]


@pytest.mark.parametrize(("text", "message"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_unreadable_files_say_where(text, message):
    with pytest.raises(RuleError) as error:
        read(text)
    assert str(error.value).startswith("r.yaml")
    assert message in str(error.value)


def test_a_file_that_is_not_utf_8_says_where():
    with pytest.raises(RuleError, match=r"^r\.yaml:2:4: not UTF-8"):
        read_document("a: ü\nb: ü".encode("latin-1").replace(b"\xfc", "ü".encode(), 1), "r.yaml")


def test_without_the_c_library_everything_is_the_same(tmp_path):
    """PyYAML is built without libyaml on some platforms."""
    script = tmp_path / "check.py"
    script.write_text(
        "import yaml\n"
        "yaml.__with_libyaml__ = False\n"
        "from auditkit.rulepack import load_rules\n"
        "from auditkit.rulepack.document import _Loader, read_document\n"
        "assert issubclass(_Loader, yaml.scanner.Scanner)\n"
        "for text in ('[' * 500, 'a: 1\\na: 2'):\n"
        "    try:\n"
        "        read_document(text.encode(), 'r.yaml')\n"
        "    except Exception as error:\n"
        "        print(error)\n"
        "from pathlib import Path\n"
        "print(load_rules([Path(__file__).parent], builtin=False).digest)\n"
    )
    write_rule(tmp_path, "a")
    run = subprocess.run(
        [sys.executable, str(script)],
        cwd=Path(__file__).resolve().parent.parent,
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    nested, twice, digest = run.stdout.splitlines()
    assert "nested too deeply" in nested
    assert twice == "r.yaml:2:1: the key 'a' stands here twice"
    assert digest == load(tmp_path).digest


def test_the_c_library_is_used_where_it_is():
    if yaml.__with_libyaml__:
        assert "yaml._yaml" in {base.__module__ for base in documents._Loader.__mro__}


@pytest.mark.parametrize(
    ("place", "of_key", "position"),
    [
        ((), False, "1:1"),
        (("b",), True, "2:1"),
        (("b",), False, "2:4"),
        (("b", "c"), True, "2:5"),
        (("b", "c", 1), False, "2:12"),
        (("b", "c", 7), False, "2:8"),
        (("b", "x", "y"), False, "2:4"),
    ],
)
def test_places_are_found_again(place, of_key, position):
    document = read_document(b"a: 1\nb: {c: [x, y]}\n", "r.yaml")
    assert document.position(place, of_key) == f"r.yaml:{position}"


# Loading


def test_rules_are_loaded_from_all_directories(tmp_path):
    write_rule(tmp_path / "one", "b", aliases="[CKV_1, CKV_2]")
    write_rule(tmp_path / "one/deep/er", "a", name="a.yml")
    write_rule(tmp_path / "two", "c", aliases="[ckv_1]")
    rules = load(tmp_path / "one", tmp_path / "two")
    assert list(rules.rules) == ["a", "b", "c"]
    assert rules.aliases == {"ckv_1": ("b", "c"), "ckv_2": ("b",)}
    assert rules.rules["a"].path == str(tmp_path / "one/deep/er/a.yml")


def test_what_is_no_rule_file_is_left_out(tmp_path):
    write_rule(tmp_path, "a")
    for name in (".hidden/b.yaml", "frameworks/cis.yaml", "rule.schema.json", "README.md"):
        write_rule(tmp_path, "b", name=name)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert list(load(tmp_path).rules) == ["a"]


def test_a_file_can_stand_in_place_of_a_directory(tmp_path):
    write_rule(tmp_path, "b")
    assert list(load(write_rule(tmp_path, "a")).rules) == ["a"]


def test_a_directory_that_is_not_there_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="cannot read rules from .*nowhere"):
        load(tmp_path / "nowhere")


def test_a_file_that_cannot_be_read_is_a_mistake(tmp_path):
    (tmp_path / "a.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match=r"cannot read .*a\.yaml: No such file"):
        load(tmp_path)


def test_an_id_stands_for_one_rule(tmp_path):
    first = write_rule(tmp_path / "one", "a")
    second = write_rule(tmp_path / "two", "a")
    with pytest.raises(RuleError) as error:
        load(tmp_path)
    assert str(error.value) == f"{second}: the rule 'a' is in {first} already"


def test_the_mistakes_of_all_files_are_told_together(tmp_path):
    write_rule(tmp_path, "a", severity="hihg")
    write_rule(tmp_path, "b", category="x")
    (tmp_path / "c.yaml").write_text("a: [")
    with pytest.raises(RuleError) as error:
        load(tmp_path)
    first, second, third = error.value.mistakes
    assert first == f"{tmp_path}/a.yaml:3:11: unknown severity \"hihg\" (did you mean 'high'?)"
    assert second.startswith(f"{tmp_path}/b.yaml:4:11: unknown category")
    assert third.startswith(f"{tmp_path}/c.yaml:2:1: ")


def test_types_and_attributes_of_the_users_rules_are_checked(tmp_path):
    write_rule(tmp_path, "a", resource="aws_instanze")
    path = write_rule(tmp_path, "b")
    path.write_text(path.read_text().replace("tags:", "tagz:"))
    with pytest.raises(RuleError) as error:
        load(tmp_path, schema=schema)
    first, second = error.value.mistakes
    assert first.startswith(
        f"{tmp_path}/a.yaml:5:11: unknown resource type 'aws_instanze' (did you"
    )
    assert second.startswith(
        f"{tmp_path}/b.yaml:6:11: aws_instance has no attribute 'tagz' (did you"
    )
    write_rule(tmp_path, "a", resource="[output, aws_instance]")
    write_rule(tmp_path, "b")
    assert len(load(tmp_path, schema=schema).rules) == 2


def test_parameters_can_be_set(tmp_path):
    write_rule(tmp_path, "a")
    assert load(tmp_path).rules["a"].params == {"keys": ["Owner"]}
    assert load(tmp_path, params={"a": {"keys": ["Team"]}}).rules["a"].params == {"keys": ["Team"]}
    with pytest.raises(ConfigError, match=r"unknown rule 'aa' \(did you mean 'a'\?\)"):
        load(tmp_path, params={"aa": {"keys": []}})
    with pytest.raises(ConfigError, match=r"no parameter 'key' \(did you mean 'keys'\?\)"):
        load(tmp_path, params={"a": {"key": []}})


def test_the_digest_changes_with_files_parameters_and_selection(tmp_path):
    write_rule(tmp_path, "a")
    write_rule(tmp_path, "b")
    first = load(tmp_path)
    assert load(tmp_path).digest == first.digest
    digests = {
        first.digest,
        first.select(["a"]).digest,
        first.select(["b"]).digest,
        load(tmp_path, params={"a": {"keys": ["Team"]}}).digest,
    }
    write_rule(tmp_path, "b", severity="low")
    assert len(digests | {load(tmp_path).digest}) == 5
    assert first.select(["*"]) is first


class Key:
    """An access key that was made some time ago."""

    path = ()

    def attribute(self, name):
        return "2026-01-01T00:00:00Z"

    def related(self, types, via):
        return Neighbours()

    referrers = related


@pytest.mark.parametrize(("month", "verdict"), [(2, Verdict.FAIL), (6, Verdict.PASS)])
def test_ages_are_counted_from_now(tmp_path, month, verdict):
    path = write_rule(tmp_path, "a")
    path.write_text(path.read_text().replace('has_keys: "$keys"', "older_than: 90d"))
    rules = load(tmp_path, now=datetime(2026, month, 1, tzinfo=timezone.utc)).rules
    assert rules["a"].require.judge(Key()) is verdict


# Selecting

SELECTIONS = [
    # select, ignore, severity, ids
    ([], [], Severity.INFO, "abcd"),
    (["a"], [], Severity.INFO, "a"),
    (["A"], [], Severity.INFO, "a"),
    (["a", "ckv_aws_1"], [], Severity.INFO, "abc"),
    (["CKV_AWS_*"], [], Severity.INFO, "bcd"),
    (["cost"], [], Severity.INFO, "d"),
    (["tag*"], [], Severity.INFO, "abc"),
    (["[ab]"], [], Severity.INFO, "ab"),
    ([], ["a"], Severity.INFO, "bcd"),
    ([], ["tagging"], Severity.INFO, "d"),
    (["tagging"], ["b"], Severity.INFO, "ac"),
    ([], [], Severity.HIGH, "ad"),
    (["b", "d"], [], Severity.HIGH, "d"),
    (["encryption"], [], Severity.INFO, ""),
    ([], ["encryption"], Severity.INFO, "abcd"),
]


@pytest.fixture
def four(tmp_path):
    write_rule(tmp_path, "a", severity="high")
    write_rule(tmp_path, "b", aliases="[CKV_AWS_1]")
    write_rule(tmp_path, "c", aliases="[CKV_AWS_1, CKV_AWS_2]")
    write_rule(tmp_path, "d", category="cost", severity="critical", aliases="[CKV_AWS_3]")
    return load(tmp_path)


@pytest.mark.parametrize(("select", "ignore", "severity", "ids"), SELECTIONS)
def test_selection(four, select, ignore, severity, ids):
    chosen = four.select(select, ignore, severity)
    assert list(chosen.rules) == list(ids)
    assert {id for ids in chosen.aliases.values() for id in ids} <= set(ids)


@pytest.mark.parametrize("pattern", ["CKV_AWS_9", "s3-*", "", "encryptoin"])
def test_a_pattern_that_matches_nothing_is_a_mistake(four, pattern):
    with pytest.raises(ConfigError, match="no rule matches"):
        four.select([pattern])
    with pytest.raises(ConfigError, match="no rule matches"):
        four.select([], [pattern])


def test_a_pattern_that_matches_nothing_gets_a_suggestion(four):
    with pytest.raises(ConfigError, match=r"\(did you mean 'ckv_aws_1'\?\)"):
        four.select(["CKV_AW_1"])


# Plugins


def install(directory, monkeypatch, value):
    metadata = directory / "acme_rules-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[auditkit.rules]\nacme = {value}\n")
    monkeypatch.syspath_prepend(directory)


def test_plugins_offer_directories(tmp_path, monkeypatch):
    package = tmp_path / "auditkit_test_rules"
    write_rule(package, "acme-a")
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n")
    install(tmp_path, monkeypatch, "auditkit_test_rules")
    assert package in plugin_directories()
    assert list(load(package).rules) == ["acme-a"]


def test_a_plugin_without_its_package_is_a_mistake(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, "auditkit_test_absent")
    with pytest.raises(ConfigError, match="'acme' offers rules in 'auditkit_test_absent'"):
        plugin_directories()


# Linting


def complaints(*directories):
    return [str(complaint) for complaint in lint_rules(directories)]


def test_a_good_rule_has_no_complaints(tmp_path):
    write_rule(tmp_path, "a")
    assert complaints(tmp_path) == []


LINTED = [
    # replacements in the rule, complaint
    (("resource: aws_instance", "resource: aws_instanc"), "error", ":5:11: unknown resource type"),
    (("tags:", "tagz:"), "error", ":6:11: aws_instance has no attribute 'tagz'"),
    (("why: Because.", ""), "warning", "no 'why'"),
    (("fix: {advice: Do it.}", ""), "warning", "no 'fix.advice'"),
    (("links: [https://example.com]", ""), "warning", "no 'links'"),
    (("https://example.com", "http://example.com"), "error", ":10:9: not an https link: http://"),
    (("pass: a, ", ""), "warning", "no example that should pass"),
    ((", fail: b", ""), "warning", "no example that should fail"),
    (("A title", "A title."), "warning", ":2:8: warning: a title takes no full stop"),
    (('"$keys"', "[Owner]"), "error", ":7:16: the parameter 'keys' is never used"),
    (("id: a", "id: b"), "warning", ":1:5: warning: the file is better named b.yaml"),
    (("id: a", "id: [a"), "error", "a.yaml:2:6: "),
    (
        ('tags: {has_keys: "$keys"}', '"ebs_block_device.encrypted": true, tags: "$keys"'),
        "warning",
        ":6:11: warning: there may be several 'ebs_block_device'",
    ),
]


@pytest.mark.parametrize(("change", "kind", "message"), LINTED)
def test_linting(tmp_path, change, kind, message):
    path = write_rule(tmp_path, "a")
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change))
    found = [complaint for complaint in lint_rules([tmp_path]) if message in str(complaint)]
    assert [complaint.is_error for complaint in found] == [kind == "error"]


def test_via_may_lead_through_what_repeats(tmp_path):
    path = write_rule(tmp_path, "a")
    old = 'tags: {has_keys: "$keys"}'
    related = "related: {type: aws_kms_key, via: ebs_block_device.kms_key_id}"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, f'tags: "$keys", {related}'))
    assert not [each for each in complaints(tmp_path) if "there may be several" in each]


def test_the_same_id_or_alias_twice(tmp_path):
    first = write_rule(tmp_path, "a", aliases="[CKV_1, CKV_2]")
    write_rule(tmp_path, "b", aliases="[ckv_1]")
    write_rule(tmp_path, "c", aliases="[CKV_2]", resource="aws_vpc")
    assert complaints(tmp_path) == [
        f"{tmp_path}/b.yaml:11:11: warning: 'ckv_1' stands for a already, "
        "on resources of the same type"
    ]
    write_rule(tmp_path, "a", name="z.yaml")
    assert f"{tmp_path}/z.yaml:1:5: the rule 'a' is in {first} already" in complaints(tmp_path)


@pytest.mark.parametrize(
    ("type", "path", "start", "step"),
    [
        ("aws_security_group", ("ingress", "from_port"), 0, "ingress"),
        ("aws_security_group", ("ingress", 0, "from_port"), 0, None),
        ("aws_security_group", ("ingress",), 0, None),
        ("aws_security_group", ("ingress", "from_port"), 1, None),
        ("aws_instance", ("root_block_device", "encrypted"), 0, None),
        ("aws_instance", ("ebs_block_device", "encrypted"), 0, "ebs_block_device"),
        ("aws_instance", ("tags", "Name"), 0, None),
        ("aws_s3_bucket", ("versioning", "status"), 0, None),
        ("aws_s3_bucket", ("lifecycle_rule", "status"), 0, "lifecycle_rule"),
        ("aws_cloudfront_distribution", ("origin", "custom_origin_config", "x"), 0, "origin"),
        ("aws_cloudfront_distribution", ("origin", "custom_origin_config", "x"), 1, None),
        ("aws_nothing", ("a", "b"), 0, None),
        ("output", ("value", "b"), 0, None),
    ],
)
def test_steps_through_repeated_blocks(type, path, start, step):
    assert find_repeated_step(type, path, start) == step


# The built-in rules


@pytest.fixture(scope="module")
def builtin():
    return load_rules()


def test_the_built_in_rules_are_found(builtin):
    assert builtin_directory().is_dir()
    assert "rds-storage-encrypted" in builtin.rules
    assert "rds-storage-encrypted" in builtin.aliases["ckv_aws_16"]


def test_the_built_in_rules_have_no_mistakes():
    found = [
        str(complaint) for complaint in lint_rules([builtin_directory()]) if complaint.is_error
    ]
    assert found == []


def test_built_in_rules_are_where_they_belong(builtin):
    for rule in builtin.rules.values():
        assert Path(rule.path).stem == rule.id
        assert rule.why, rule.id
        assert rule.fix.advice, rule.id
        assert rule.links, rule.id
        assert {"pass", "fail"} <= rule.examples.keys(), rule.id


def test_the_users_rules_stand_beside_the_built_in_ones(tmp_path, builtin):
    write_rule(tmp_path, "acme-a")
    assert set(load_rules([tmp_path]).rules) == {*builtin.rules, "acme-a"}
    write_rule(tmp_path, "rds-storage-encrypted")
    with pytest.raises(RuleError, match="the rule 'rds-storage-encrypted' is in"):
        load_rules([tmp_path])


def test_the_index_says_what_the_rule_files_say():
    directory = builtin_directory()
    index = read_index(directory)
    assert (directory / INDEX).read_text(encoding="utf-8") == index_text(
        {digest: index[digest] for digest in index}
    )
    expected = {}
    for file in loading.find_rule_files(directory):
        content = loading.read_file(file)
        data = read_document(content, file).data
        expected[digest_of(content)] = {k: v for k, v in data.items() if k != "examples"}
    assert index == expected, "run `make docs`"


def test_rules_from_the_index_are_the_rules_in_the_files(builtin):
    quick = load_rules(examples=False)
    assert quick.digest == builtin.digest
    assert quick.aliases == builtin.aliases
    for id, rule in builtin.rules.items():
        same = replace(
            quick.rules[id], require=rule.require, when=rule.when, examples=rule.examples
        )
        assert same == rule
        assert (quick.rules[id].when is None) == (rule.when is None)


def test_an_edited_rule_is_read_from_its_file(tmp_path):
    pack = tmp_path / "rules"
    shutil.copytree(builtin_directory(), pack)
    file = next(pack.glob("s3/*.yaml"))
    text = file.read_text(encoding="utf-8")
    title = text.partition("title: ")[2].partition("\n")[0]
    file.write_text(text.replace(title, "Edited", 1), encoding="utf-8")
    loader = loading._Loader({})
    loader.load(pack, loading.Context(datetime.now(timezone.utc)), trusted=True)
    assert loader.finish().rules[file.stem].title == "Edited"
