from __future__ import annotations

import json

import pytest

from auditkit.errors import ConfigError, RuleError
from auditkit.model import Evidence, Severity, Source, Verdict
from auditkit.rules.checks import find_check
from auditkit.rules.compile import compile_rule
from auditkit.rules.grammar import Context, PathUse
from rules.subjects import FAIL, NO_VALUE, NOW, PASS, UNKNOWN, Thing, position

MINIMAL = {
    "id": "thing-safe",
    "title": "Thing is safe",
    "severity": "high",
    "category": "encryption",
    "resource": "aws_thing",
    "require": {"safe": True},
}


def compile_minimal(*, overrides=None, find_check=find_check, context=None, drop=(), **changes):
    data = {key: value for key, value in {**MINIMAL, **changes}.items() if key not in drop}
    return compile_rule(
        data,
        position,
        context=context or Context(NOW),
        path="thing.yaml",
        overrides=overrides,
        find_check=find_check,
    )


def test_a_minimal_rule():
    rule = compile_minimal()
    assert (rule.id, rule.title, rule.category) == ("thing-safe", "Thing is safe", "encryption")
    assert rule.severity is Severity.HIGH
    assert rule.resources == ("aws_thing",)
    assert rule.when is None
    assert rule.require.judge(Thing({"safe": True})) is PASS
    assert (rule.why, rule.fix.advice, rule.links, rule.aliases) == ("", "", (), ())
    assert rule.sources == frozenset(Source)
    assert (rule.params, rule.examples, rule.path) == ({}, {}, "thing.yaml")


def test_a_complete_rule():
    rule = compile_minimal(
        resource=["aws_thing", "aws_other_*"],
        when={"kind": {"in": "$kinds"}},
        require={"days": {"gte": "$days"}},
        why=" Because.\n",
        fix={"advice": "Set it.", "set": {"days": "$days", "a.b": True}, "replaces": True},
        links=["https://example.com"],
        aliases=["CKV_AWS_1"],
        sources=["live", "plan"],
        params={
            "days": {"default": 7, "description": "How long."},
            "kinds": {"default": ["a", "b"]},
        },
        examples={"pass": "a", "fail": ["b", "c"]},
        overrides={"days": 30},
    )
    assert rule.resources == ("aws_thing", "aws_other_*")
    assert rule.when.judge(Thing({"kind": "a"})) is PASS
    assert rule.require.judge(Thing({"days": 29})) is FAIL
    assert rule.why == "Because."
    assert rule.fix.set == {"days": 30, "a.b": True}
    assert rule.fix.replaces
    assert rule.sources == {Source.LIVE, Source.PLAN}
    assert rule.params == {"days": 30, "kinds": ["a", "b"]}
    assert rule.examples == {"pass": ("a",), "fail": ("b", "c")}


MISTAKES = [
    ({"drop": ["title"]}, "value : missing key 'title'"),
    ({"drop": ["require"]}, "value : missing key 'require'"),
    ({"check": "a:b"}, "both 'require' and 'check'"),
    ({"requires": {"a": 1}}, "key requires: unknown key 'requires' (did you mean 'require'?)"),
    ({"id": "Thing_Safe"}, "value id: not an id: 'Thing_Safe'"),
    ({"id": 7}, "value id: expected a text, not 7"),
    ({"title": "x" * 81}, "the title has 81 characters; it takes 1 to 80"),
    ({"title": ""}, "the title has 0 characters"),
    ({"severity": "hihg"}, "unknown severity \"hihg\" (did you mean 'high'?)"),
    ({"severity": 3}, "unknown severity 3; one of info, low, medium, high, critical"),
    ({"category": "crypto"}, 'unknown category "crypto"'),
    ({"resource": []}, "value resource: expected a resource type"),
    ({"resource": ["aws_a", 3]}, "expected a resource type"),
    ({"when": []}, "value when: expected a condition"),
    ({"why": ["a"]}, "value why: expected a text"),
    ({"fix": "do it"}, "value fix: expected a mapping"),
    ({"fix": {"advise": "x"}}, "key fix/advise: unknown key 'advise' (did you mean 'advice'?)"),
    ({"fix": {"replaces": "yes"}}, "value fix/replaces: expected true or false"),
    ({"fix": {"set": ["a"]}}, "value fix/set: expected a mapping from path to value"),
    ({"fix": {"set": {"a b": 1}}}, "key fix/set/a b: not a path"),
    ({"fix": {"set": {"a": "$x"}}}, "unknown parameter '$x'"),
    ({"links": "https://example.com"}, "value links: expected a list of texts"),
    ({"aliases": ["a", 1]}, "value aliases/1: expected a text"),
    ({"sources": ["cloud"]}, "value sources/0: unknown source 'cloud'"),
    ({"params": ["a"]}, "value params: expected a mapping"),
    ({"params": {"Days": {"default": 1}}}, "key params/Days: not a parameter's name"),
    ({"params": {"days": 7}}, "value params/days: expected a mapping with a default"),
    ({"params": {"days": {"description": "x"}}}, "expected a mapping with a default"),
    ({"params": {"days": {"default": 1, "type": "x"}}}, "key params/days/type: unknown key"),
    (
        {"require": {"a": {"gte": "$dayz"}}, "params": {"days": {"default": 1}}},
        "value require/a/gte: unknown parameter '$dayz' (did you mean 'days'?)",
    ),
    ({"examples": {"good": "x"}}, "key examples/good: unknown key 'good'"),
    ({"examples": {"pass": [1]}}, "value examples/pass/0: expected a text"),
]


@pytest.mark.parametrize(("changes", "message"), MISTAKES)
def test_mistakes(changes, message):
    with pytest.raises(RuleError) as error:
        compile_minimal(**changes)
    assert message in str(error.value)


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_a_rule_is_a_mapping(data):
    with pytest.raises(RuleError, match="expected a rule, a mapping"):
        compile_rule(data, position, context=Context(NOW))


def test_all_mistakes_are_told_together():
    with pytest.raises(RuleError) as error:
        compile_minimal(id="X", severity="x", require={"a": {"gt": "x"}}, sources=["x"])
    assert len(error.value.mistakes) == 4


OVERRIDES = [
    # default, override, whether it is taken
    (7, 30, True),
    (7, 7.5, True),
    (7, "30", False),
    (7, True, False),
    (7, None, False),
    (True, False, True),
    (True, 1, False),
    ("a", "b", True),
    ("a", ["b"], False),
    (["a"], ["b", "c"], True),
    (["a"], [], True),
    (["a"], "b", False),
    (["a"], [1], False),
    ([], ["a"], True),
    ([1, "a"], ["b"], True),
    ({"a": 1}, {"b": 2}, True),
    ({"a": 1}, ["b"], False),
]


@pytest.mark.parametrize(("default", "override", "is_taken"), OVERRIDES)
def test_overrides_have_the_type_of_the_default(default, override, is_taken):
    def read():
        return compile_minimal(params={"x": {"default": default}}, overrides={"x": override})

    if is_taken:
        assert read().params == {"x": override}
        return
    with pytest.raises(ConfigError, match="parameter 'x' of rule thing-safe takes"):
        read()


def test_conditions_of_trusted_rules_are_compiled_when_they_are_asked():
    data = {**MINIMAL, "when": {"on": True}}
    rule = compile_rule(data, position, context=Context(NOW), trusted=True)
    thing = Thing({"safe": False, "on": True})
    assert rule.when.judge(thing) is PASS
    assert [each.path for each in rule.require.explain(thing)] == [("safe",)]
    assert rule.require.judge(thing) is FAIL


def test_a_wrong_override_of_a_trusted_rule_is_a_mistake():
    data = {
        **MINIMAL,
        "require": {"range": {"within_cidr": "$range"}},
        "params": {"range": {"default": "10.0.0.0/8"}},
    }
    with pytest.raises(RuleError, match="not an address range"):
        compile_rule(
            data, position, context=Context(NOW), overrides={"range": "10/99"}, trusted=True
        )


def test_an_override_of_nothing_is_a_mistake():
    with pytest.raises(ConfigError, match=r"no parameter 'dayz' \(did you mean 'days'\?\)"):
        compile_minimal(params={"days": {"default": 1}}, overrides={"dayz": 3})


def test_paths_that_are_read_are_told():
    uses = []
    require = {
        "a[0].b": 1,
        "each": {"of": "c.d", "match": {"e.f": 1}},
        "p": {"policy": {"some": "statements"}},
        "related": {"type": "aws_key", "via": "k", "match": {"z": 1}},
    }
    compile_minimal(require=require, context=Context(NOW, visit_path=uses.append))
    assert PathUse(("aws_thing",), ("a", 0, "b"), 0, False, ("require", "a[0].b")) in uses
    assert PathUse(("aws_thing",), ("c", "d"), 0, True, ("require", "each", "of")) in uses
    inner = ("require", "each", "match", "e.f")
    assert PathUse(("aws_thing",), ("c", "d", "e", "f"), 2, False, inner) in uses
    assert ("aws_key",) in [use.types for use in uses]
    assert not [use for use in uses if "statements" in use.path]


def compile_check(function, **changes):
    found = {"acme.checks:strong": function}
    return compile_minimal(
        drop=["require"], check="acme.checks:strong", find_check=found.__getitem__, **changes
    )


@pytest.mark.parametrize("verdict", [PASS, FAIL, UNKNOWN])
def test_a_python_check_can_return_a_verdict(verdict):
    rule = compile_check(lambda subject, params: verdict)
    assert rule.require.judge(Thing({})) is verdict
    assert list(rule.require.explain(Thing({}))) == [Evidence((), verdict, "Thing is safe")]


def test_a_python_check_can_return_evidence():
    def strong(subject, params):
        for name in ("a", "b", "c"):
            value = subject.attribute(name)
            verdict = UNKNOWN if value is NO_VALUE else Verdict(2 * (value >= params["least"]))
            yield Evidence((name,), verdict, f"at least {params['least']}", value)

    rule = compile_check(strong, params={"least": {"default": 3}}, overrides={"least": 5})
    assert rule.require.judge(Thing({"a": 5, "b": 6, "c": 7})) is PASS
    assert rule.require.judge(Thing({"a": 5, "b": 6, "c": NO_VALUE})) is UNKNOWN
    thing = Thing({"a": 1, "b": NO_VALUE, "c": 7})
    assert rule.require.judge(thing) is FAIL
    assert list(rule.require.explain(thing)) == [Evidence(("a",), FAIL, "at least 5", 1)]


def test_a_python_check_without_evidence_passes():
    assert compile_check(lambda subject, params: []).require.judge(Thing({})) is PASS


def test_a_failing_python_check_is_not_hidden():
    def broken(subject, params):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        compile_check(broken).require.judge(Thing({}))


def test_a_rule_file_cannot_call_what_no_package_offers():
    with pytest.raises(RuleError) as error:
        compile_minimal(drop=["require"], check="os:system")
    assert "value check: no entry point of group 'auditkit.checks' is 'os:system'" in str(
        error.value
    )


def test_an_installed_package_offers_its_check(tmp_path, monkeypatch):
    metadata = tmp_path / "acme-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[auditkit.checks]\nstrong = auditkit_test_acme:strong\n"
    )
    (tmp_path / "auditkit_test_acme.py").write_text(
        "from auditkit.model import Verdict\n"
        "def strong(subject, params):\n"
        "    return Verdict.PASS\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    rule = compile_minimal(drop=["require"], check="auditkit_test_acme:strong")
    assert rule.require.judge(Thing({})) is PASS
    with pytest.raises(RuleError, match="did you mean 'auditkit_test_acme:strong'"):
        compile_minimal(drop=["require"], check="auditkit_test_acme:stron")


def test_rules_are_plain_data_to_begin_with():
    assert compile_minimal(**json.loads(json.dumps(MINIMAL))).id == "thing-safe"
