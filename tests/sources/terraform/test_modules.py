"""How modules are instantiated: variables, locals, outputs, expansion, providers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditkit.engine import evaluate
from auditkit.linking import link
from auditkit.model import Inventory, Reference, Resource, Unknown, Value, Verdict
from auditkit.rulepack import load_rules
from auditkit.sources.terraform.code import CodeOptions, find_project, read_root, read_text


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def read(root: Path, files: dict[str, str], directory: str = ".", **options: object) -> Inventory:
    write(root, files)
    given = CodeOptions(**options)  # type: ignore[arg-type]
    return read_root(find_project([root], given), directory, given)


def only(inventory: Inventory, kind: str = "aws_test") -> Resource:
    found = [resource for resource in inventory.resources if resource.type == kind]
    assert len(found) == 1, [resource.address for resource in inventory.resources]
    return found[0]


def value_of(text: str, name: str = "x") -> Value:
    return only(read_text(text)).attributes.get(name)


def cause_of(value: Value) -> str:
    assert isinstance(value, Unknown), value
    return value.cause


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ('default = "a"', "a"),
        ("default = null", None),
        ('type = number\n default = "3"', 3),
        ("type = string\n default = 3", "3"),
        ('type = bool\n default = "true"', True),
        ('type = list(string)\n default = [1, "a"]', ["1", "a"]),
        ("type = map(string)\n default = { b = 1, a = true }", {"a": "true", "b": "1"}),
        (
            'type = object({ a = optional(string, "d"), b = optional(number) })\n default = {}',
            {"a": "d", "b": None},
        ),
    ],
)
def test_default_is_converted_to_the_type(declaration: str, expected: Value) -> None:
    text = f'variable "v" {{\n {declaration}\n}}\nresource "aws_test" "t" {{\n x = var.v\n}}\n'
    assert value_of(text) == expected


def test_variable_without_a_value_is_unknown_with_its_name() -> None:
    text = 'variable "size" {}\nresource "aws_test" "t" {\n x = "a-${var.size}"\n}\n'
    value = value_of(text)
    assert cause_of(value) == "`var.size` has no value"
    assert isinstance(value, Unknown)
    assert value.parts[0] == "a-"


def test_value_that_does_not_fit_its_type_is_unknown() -> None:
    text = (
        'variable "n" {\n type = number\n default = "many"\n}\n'
        'resource "aws_test" "t" {\n x = var.n\n}\n'
    )
    assert "`var.n` does not fit its type" in cause_of(value_of(text))


@pytest.mark.parametrize(
    ("expression", "cause"),
    [
        ("local.a", "`local.a` refers to itself"),
        ("local.none", "`local.none` is not declared"),
        ("var.none", "`var.none` is not declared"),
        ("aws_other.none.id", "`aws_other.none` is not declared"),
        ("module.none.out", "`module.none` is not declared"),
        ("aws_test.t.x", "`aws_test.t.x` refers to itself"),
        ("path.cwd", "`path.cwd` depends on where Terraform runs"),
        ("{}.a", "it can't be evaluated: the object has no attribute 'a'"),
        ("[][0]", "it can't be evaluated: the index 0 is outside the list of 0"),
        ("each.key", "it can't be evaluated: `each` has no meaning here"),
    ],
)
def test_what_can_not_be_told_says_why(expression: str, cause: str) -> None:
    text = "locals {\n a = local.b\n b = local.a\n}\n"
    text += f'resource "aws_test" "t" {{\n x = {expression}\n}}\n'
    assert cause_of(value_of(text)) == cause


def test_precedence_of_variable_files(tmp_path: Path) -> None:
    names = "abcde"
    declarations = "".join(f'variable "{name}" {{ default = "default" }}\n' for name in names)
    files = {
        "main.tf": declarations
        + 'resource "aws_test" "t" {\n x = [var.a, var.b, var.c, var.d, var.e]\n}\n',
        "terraform.tfvars": 'b = "tfvars"\nc = "tfvars"\nd = "tfvars"\ne = "tfvars"\n',
        "z.auto.tfvars.json": '{"c": "auto ${not.a.template}", "d": "auto", "e": "auto"}',
        "env/prod.tfvars": 'd = "file"\ne = "file"\n',
    }
    inventory = read(
        tmp_path, files, var_files=(tmp_path / "env/prod.tfvars",), variables={"e": "command line"}
    )
    assert only(inventory).attributes["x"] == [
        "default",
        "tfvars",
        "auto ${not.a.template}",
        "file",
        "command line",
    ]


def test_command_line_value_is_an_expression_for_a_complex_type(tmp_path: Path) -> None:
    files = {
        "main.tf": 'variable "l" {\n type = list(number)\n}\nvariable "s" {}\n'
        'resource "aws_test" "t" {\n x = var.l\n y = var.s\n}\n'
    }
    resource = only(read(tmp_path, files, variables={"l": "[1, 2]", "s": "[1, 2]"}))
    assert (resource.attributes["x"], resource.attributes["y"]) == ([1, 2], "[1, 2]")


def test_count_and_for_each_make_instances() -> None:
    inventory = read_text(
        'resource "aws_test" "c" {\n count = 2\n x = count.index\n}\n'
        'resource "aws_test" "e" {\n for_each = { a = 1, "b.c" = 2 }\n'
        ' x = "${each.key}${each.value}"\n'
        "}\n"
        'resource "aws_test" "none" {\n count = 0\n}\n'
    )
    assert {resource.address: resource.attributes["x"] for resource in inventory.resources} == {
        "aws_test.c[0]": 0,
        "aws_test.c[1]": 1,
        'aws_test.e["a"]': "a1",
        'aws_test.e["b.c"]': "b.c2",
    }


@pytest.mark.parametrize("argument", ["count = var.n", "for_each = var.n", "for_each = [1]"])
def test_unknown_expansion_gives_one_instance_that_stands_for_all(argument: str) -> None:
    inventory = read_text(
        f'variable "n" {{}}\nresource "aws_test" "t" {{\n {argument}\n x = "fixed"\n}}\n'
        'resource "aws_other" "o" {\n x = aws_test.t[0].arn\n y = aws_test.t[*].id\n}\n'
    )
    resource = only(inventory)
    assert (resource.address, resource.attributes["x"]) == ("aws_test.t", "fixed")
    assert resource.doubt is not None
    other = only(inventory, "aws_other").attributes
    assert isinstance(other["x"], Unknown)
    assert other["x"].references == (Reference("aws_test.t", "arn"),)
    assert isinstance(other["y"], Unknown)
    assert other["y"].references == (Reference("aws_test.t", "id"),)


def test_references_are_kept_whether_the_value_is_known_or_not() -> None:
    inventory = read_text(
        'variable "v" {}\n'
        'resource "aws_test" "t" {\n name = "n"\n other = var.v\n inner {\n  y = 1\n }\n}\n'
        'resource "aws_other" "o" {\n a = aws_test.t.name\n b = aws_test.t.other\n'
        " c = aws_test.t.arn\n d = aws_test.t.inner[0].y\n"
        " e = [for i in aws_test.t[*].arn : i]\n}\n"
    )
    attributes = only(inventory, "aws_other").attributes
    assert (attributes["a"], attributes["d"]) == ("n", 1)
    b, c = attributes["b"], attributes["c"]
    assert isinstance(b, Unknown)
    assert (b.cause, b.references) == (
        "`var.v` has no value",
        (Reference("aws_test.t", "other"),),
    )
    assert isinstance(c, Unknown)
    assert (c.cause, c.references) == (
        "`aws_test.t.arn` is known after apply",
        (Reference("aws_test.t", "arn"),),
    )


MODULES = {
    "main.tf": """
module "outer" {
  source   = "./modules/outer"
  for_each = { a = true, b = false }
  on       = each.value
}
resource "aws_root" "r" {
  x = module.outer["a"].text
  y = [for m in module.outer : m.arn]
}
""",
    "modules/outer/main.tf": """
variable "on" { type = string }
module "inner" {
  source = "../inner"
  value  = "outer-${var.on}"
}
output "text" { value = module.inner.text }
output "arn" { value = module.inner.arn }
""",
    "modules/inner/main.tf": """
variable "value" {}
resource "aws_test" "t" {
  x = var.value
  p = path.module
}
output "text" { value = "<${var.value}>" }
output "arn" { value = aws_test.t.arn }
""",
}


def test_modules_are_evaluated_per_call_and_instance(tmp_path: Path) -> None:
    write(tmp_path, MODULES)
    options = CodeOptions()
    project = find_project([tmp_path], options)
    assert project.roots == (".",)
    inventory = read_root(project, ".", options)
    values = {
        resource.address: resource.attributes["x"]
        for resource in inventory.resources
        if resource.type == "aws_test"
    }
    assert values == {
        'module.outer["a"].module.inner.aws_test.t': "outer-true",
        'module.outer["b"].module.inner.aws_test.t': "outer-false",
    }
    root = only(inventory, "aws_root").attributes
    assert root["x"] == "<outer-true>"
    arns = root["y"]
    assert isinstance(arns, list)
    assert [arn.references[0].address for arn in arns if isinstance(arn, Unknown)] == list(values)
    inner = next(one for one in inventory.resources if one.type == "aws_test")
    assert inner.attributes["p"] == "modules/inner"
    assert [(call.file, call.line) for call in inner.calls] == [
        ("main.tf", 2),
        ("modules/outer/main.tf", 3),
    ]


def test_value_chain_leads_from_the_module_to_the_root(tmp_path: Path) -> None:
    inventory = read(tmp_path, MODULES)
    resource = next(one for one in inventory.resources if one.type == "aws_test")
    assert resource.source_map is not None
    steps = [
        (step.text, step.location.file, step.location.line)
        for step in resource.source_map.trace(("x",))
    ]
    assert steps == [
        ("`var.value` is set by `module.inner`", "modules/outer/main.tf", 5),
        ("`var.on` is set by `module.outer`", "main.tf", 5),
        ("`each.value` comes from this `for_each`", "main.tf", 4),
    ]


def test_default_value_and_local_are_in_the_chain() -> None:
    inventory = read_text(
        'variable "v" {\n  default = false\n}\nlocals {\n  l = var.v\n}\n'
        'resource "aws_test" "t" {\n  x = local.l\n}\n'
    )
    source_map = only(inventory).source_map
    assert source_map is not None
    assert [(step.text, step.location.line) for step in source_map.trace(("x",))] == [
        ("`local.l`", 5),
        ("`var.v` has this default", 2),
    ]


TRACES = {
    "an element of a literal map": (
        'resource "aws_test" "t" {\n for_each = {\n  a = { on = true }\n  b = { on = false }\n }\n'
        " x = each.value.on\n}\n",
        [("`each.value` comes from this `for_each`", "main.tf", 4)],
    ),
    "a local behind a function": (
        "locals {\n on = {\n  a = true\n  b = false\n }\n}\n"
        'resource "aws_test" "t" {\n for_each = merge(local.on, {})\n x = each.value\n}\n',
        [
            ("`each.value` comes from this `for_each`", "main.tf", 8),
            ("`local.on`", "main.tf", 4),
        ],
    ),
    "a variable file behind a loop": (
        'variable "all" {}\nlocals {\n on = { for one in var.all : one.name => one }\n}\n'
        'resource "aws_test" "t" {\n for_each = local.on\n x = each.value.on\n}\n'
        '-- terraform.tfvars --\nall = [\n { name = "a", on = true },\n'
        ' { name = "aa", on = true },\n { name = "b", on = false },\n]\n',
        [
            ("`each.value` comes from this `for_each`", "main.tf", 6),
            ("`local.on`", "main.tf", 3),
            ("`var.all` is set by `terraform.tfvars`", "terraform.tfvars", 4),
        ],
    ),
    "a condition before it": (
        'variable "make" {\n default = true\n}\nlocals {\n on = { a = true,\n  b = false }\n}\n'
        'resource "aws_test" "t" {\n for_each = var.make ? local.on : {}\n x = each.value\n}\n',
        [
            ("`each.value` comes from this `for_each`", "main.tf", 9),
            ("`var.make` has this default", "main.tf", 2),
            ("`local.on`", "main.tf", 6),
        ],
    ),
    "the key of a set": (
        'variable "names" {\n default = [\n  "a",\n  "b",\n ]\n}\n'
        'resource "aws_test" "t" {\n for_each = toset(var.names)\n x = each.key\n}\n',
        [
            ("`each.key` comes from this `for_each`", "main.tf", 8),
            ("`var.names` has this default", "main.tf", 4),
        ],
    ),
    "a table that the key is looked up in": (
        'locals {\n on = {\n  a = true\n  b = false\n }\n}\nresource "aws_test" "t" {\n'
        ' for_each = toset(["a", "b"])\n x = local.on[each.key]\n}\n',
        [
            ("`local.on`", "main.tf", 4),
            ("`each.key` comes from this `for_each`", "main.tf", 8),
        ],
    ),
    "a number of instances": (
        'variable "n" {\n default = 2\n}\n'
        'resource "aws_test" "t" {\n count = var.n\n x = count.index\n}\n',
        [
            ("`count.index` comes from this `count`", "main.tf", 5),
            ("`var.n` has this default", "main.tf", 2),
        ],
    ),
    "the instance of a module that it asks": (
        'module "m" {\n source = "./m"\n for_each = { a = true, b = false }\n on = each.value\n}\n'
        'resource "aws_test" "t" {\n x = module.m["b"].on\n}\n'
        '-- m/main.tf --\nvariable "on" {}\noutput "on" {\n value = var.on\n}\n',
        [
            ("output `on` of `module.m`", "m/main.tf", 3),
            ("`var.on` is set by `module.m`", "main.tf", 4),
            ("`each.value` comes from this `for_each`", "main.tf", 3),
        ],
    ),
    "no known number of instances": (
        'variable "all" {}\nresource "aws_test" "t" {\n for_each = var.all\n x = each.value\n}\n',
        [
            ("`each.value` comes from this `for_each`", "main.tf", 3),
            ("`var.all` has no value", "main.tf", 1),
        ],
    ),
}


@pytest.mark.parametrize("name", TRACES)
def test_value_chain_leads_through_instances(tmp_path: Path, name: str) -> None:
    text, expected = TRACES[name]
    first, *others = re.split(r"^-- (\S+) --\n", text, flags=re.MULTILINE)
    files = dict(zip(others[::2], others[1::2], strict=True))
    inventory = read(tmp_path, {"main.tf": first, **files})
    resource = [one for one in inventory.resources if one.type == "aws_test"][-1]
    assert resource.source_map is not None
    steps = resource.source_map.trace(("x",))
    assert [(one.text, one.location.file, one.location.line) for one in steps] == expected


def test_value_chain_leads_through_dynamic_blocks() -> None:
    inventory = read_text(
        'variable "rules" {\n default = [\n  { ports = [22] },\n'
        "  { ports = [80,\n   443] },\n ]\n}\n"
        'resource "aws_test" "t" {\n dynamic "rule" {\n  for_each = var.rules\n  iterator = one\n'
        '  content {\n   dynamic "rule" {\n    for_each = one.value.ports\n'
        "    content {\n     port = rule.value\n    }\n   }\n  }\n }\n}\n"
    )
    source_map = only(inventory).source_map
    assert source_map is not None
    path = ("rule", 1, "rule", 1, "port")
    assert [(step.text, step.location.line) for step in source_map.trace(path)] == [
        ("`rule.value` comes from this `for_each`", 14),
        ("`one.value` comes from this `for_each`", 10),
        ("`var.rules` has this default", 5),
    ]


@pytest.mark.parametrize(
    ("source", "kind", "incomplete"),
    [
        ('"./nowhere"', "missing-module", True),
        ('"../../../etc"', "missing-module", True),
        ('"terraform-aws-modules/vpc/aws"', "missing-module", False),
        ("var.source", "missing-module", True),
    ],
)
def test_missing_module_has_unknown_outputs(
    tmp_path: Path, source: str, kind: str, incomplete: bool
) -> None:
    files = {
        "main.tf": f'module "m" {{\n source = {source}\n}}\n'
        'resource "aws_test" "t" {\n x = module.m.out\n}\n'
    }
    inventory = read(tmp_path, files)
    assert "`module.m`" in cause_of(only(inventory).attributes["x"])
    assert [(one.kind, one.incomplete) for one in inventory.problems] == [(kind, incomplete)]


def test_what_a_missing_module_is_given_is_kept() -> None:
    inventory = read_text(
        'resource "aws_kms_key" "k" {}\nmodule "m" {\n source = "some/registry/module"\n'
        " for_each = toset([])\n key = aws_kms_key.k.arn\n name = each.key\n}\n"
    )
    unread = only(inventory, "unread_module")
    assert unread.address == "unread_module.module.m"
    key = unread.attributes["key"]
    assert isinstance(key, Unknown)
    assert key.references == (Reference("aws_kms_key.k", "arn"),)
    assert cause_of(unread.attributes["name"]) == "`module.m` was not read"
    assert "source" not in unread.attributes


def test_downloaded_module_is_read_through_the_manifest(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n source = "some/registry/module"\n value = "v"\n}\n',
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "", "Source": "", "Dir": "."},'
        ' {"Key": "m", "Source": "some/registry/module", "Dir": ".terraform/modules/m"}]}',
        ".terraform/modules/m/main.tf": 'variable "value" {}\n'
        'resource "aws_test" "t" {\n x = var.value\n}\n',
    }
    inventory = read(tmp_path, files)
    resource = only(inventory)
    assert (resource.address, resource.attributes["x"]) == ("module.m.aws_test.t", "v")
    assert resource.location is not None
    assert resource.location.file == ".terraform/modules/m/main.tf"


def test_module_that_calls_itself_ends(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" {\n source = "./a"\n}\n',
        "a/main.tf": 'module "b" {\n source = "../b"\n}\nresource "aws_test" "t" {\n x = 1\n}\n',
        "b/main.tf": 'module "a" {\n source = "../a"\n}\n',
    }
    inventory = read(tmp_path, files)
    assert only(inventory).address == "module.a.aws_test.t"
    assert [one.message for one in inventory.problems] == ["`module.a` calls itself: ../a"]


def test_default_tags_follow_the_provider_that_is_passed(tmp_path: Path) -> None:
    files = {
        "main.tf": """
provider "aws" {
  default_tags {
    tags = { Owner = "root" }
  }
}
provider "aws" {
  alias = "west"
  default_tags {
    tags = { Owner = "west", Extra = "yes" }
  }
}
module "plain" {
  source = "./m"
}
module "west" {
  source    = "./m"
  providers = { aws = aws.west }
}
resource "aws_s3_bucket" "direct" {
  provider = aws.west
  tags     = { Owner = "mine" }
}
""",
        "m/main.tf": 'resource "aws_s3_bucket" "b" {\n  tags = { Name = "b" }\n}\n',
    }
    inventory = read(tmp_path, files)
    tags = {
        resource.address: resource.attributes["tags_all"]
        for resource in inventory.resources
        if resource.type == "aws_s3_bucket"
    }
    assert tags == {
        "aws_s3_bucket.direct": {"Extra": "yes", "Owner": "mine"},
        "module.plain.aws_s3_bucket.b": {"Name": "b", "Owner": "root"},
        "module.west.aws_s3_bucket.b": {"Extra": "yes", "Name": "b", "Owner": "west"},
    }


def test_partly_unknown_tags_keep_the_keys_that_are_certain() -> None:
    inventory = read_text(
        'provider "aws" {\n  default_tags {\n    tags = { Owner = "o" }\n  }\n}\n'
        'variable "tags" {}\nresource "aws_s3_bucket" "b" {\n  tags = var.tags\n}\n'
    )
    tags = only(inventory, "aws_s3_bucket").attributes["tags_all"]
    assert isinstance(tags, Unknown)
    assert (tags.cause, tags.keys) == ("`var.tags` has no value", ("Owner",))


def test_override_file_replaces_arguments_and_knows_its_own_lines(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "aws_test" "t" {\n  x = 1\n  y = 2\n  b {\n    z = 1\n  }\n}\n',
        "override.tf": '# one line more\nresource "aws_test" "t" {\n'
        "  x = 3\n  b {\n    z = 4\n  }\n}\n",
    }
    resource = only(read(tmp_path, files))
    assert (resource.attributes["x"], resource.attributes["y"]) == (3, 2)
    assert resource.attributes["b"] == [{"z": 4}]
    assert resource.source_map is not None
    place = resource.source_map.locate(("x",))
    assert (place.file, place.line) == ("override.tf", 3)
    place = resource.source_map.locate(("b", 0, "z"))
    assert (place.file, place.line) == ("override.tf", 5)


def test_block_that_could_not_be_parsed_is_unknown_all_through() -> None:
    inventory = read_text('resource "aws_s3_bucket_versioning" "v" {\n  bucket = = "b"\n}\n')
    resource = only(inventory, "aws_s3_bucket_versioning")
    assert "could not be parsed" in cause_of(resource.attributes["bucket"])
    assert len(inventory.problems) == 1


def test_no_rule_passes_or_fails_on_a_block_that_could_not_be_parsed() -> None:
    text = 'resource "aws_s3_bucket" "b" {\n  bucket = = "b"\n}\n'
    rules = load_rules(examples=False).rules.values()
    findings = evaluate(rules, link(read_text(text)), keep_passes=True).findings
    about = [one for one in findings if one.address == "aws_s3_bucket.b"]
    assert about
    assert {one.verdict for one in about} == {Verdict.UNKNOWN}


def test_sensitive_value_never_leaves_the_evaluator() -> None:
    inventory = read_text(
        'variable "v" {\n  sensitive = true\n  default = "hunter2"\n}\n'
        'locals {\n  l = "a-${var.v}"\n}\n'
        'resource "aws_test" "t" {\n  x = local.l\n  y = { k = var.v }\n  z = upper(var.v)\n}\n'
    )
    assert "hunter2" not in repr(inventory).lower()
    x = only(inventory).attributes["x"]
    assert isinstance(x, Unknown)
    assert x.sensitive


BOMBS = {
    "doubling text": 'locals {\n  a0 = "0123456789"\n'
    + "".join(f'  a{i} = "${{local.a{i - 1}}}${{local.a{i - 1}}}"\n' for i in range(1, 40))
    + "}\n",
    "doubling lists": 'locals {\n  a0 = ["x"]\n'
    + "".join(f"  a{i} = [local.a{i - 1}, local.a{i - 1}]\n" for i in range(1, 40))
    + "}\n",
    "loops in loops": "locals {\n  r = range(1000)\n"
    "  a39 = [for a in local.r : [for b in local.r : [for c in local.r : a]]]\n}\n",
    "a long chain": "locals {\n  a0 = 1\n"
    + "".join(f"  a{i} = local.a{i - 1} + 1\n" for i in range(1, 40))
    + "}\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_end_in_unknown_or_a_value(name: str) -> None:
    value = value_of(BOMBS[name] + 'resource "aws_test" "t" {\n  x = local.a39\n}\n')
    if name == "a long chain":
        assert value == 40
    else:
        assert "to evaluate" in repr(value)


def test_a_chain_of_thousands_of_locals_is_unknown_not_a_crash() -> None:
    text = "locals {\n  a0 = 1\n" + "".join(f"  a{i} = local.a{i - 1}\n" for i in range(1, 5000))
    value = value_of(text + '}\nresource "aws_test" "t" {\n  x = local.a4999\n}\n')
    assert value == 1 or "nested too deeply" in cause_of(value)


def test_huge_count_is_unknown() -> None:
    inventory = read_text('resource "aws_test" "t" {\n  count = 1000000000\n  x = 1\n}\n')
    assert only(inventory).address == "aws_test.t"


def test_what_stands_around_a_secret_in_json_is_known() -> None:
    value = value_of(
        'variable "s" {\n default = "hunter2"\n sensitive = true\n}\n'
        'resource "aws_test" "t" {\n x = jsonencode([{ name = "DB", value = var.s }])\n}\n'
    )
    assert isinstance(value, Unknown)
    assert value.sensitive
    assert isinstance(value.document, list)
    (entry,) = value.document
    assert isinstance(entry, dict)
    assert entry["name"] == "DB"
    assert isinstance(entry["value"], Unknown)
    assert "hunter2" not in repr(value)


def test_document_of_a_wholly_sensitive_value_is_withheld() -> None:
    value = value_of(
        'variable "s" {\n default = { a = "hunter2" }\n sensitive = true\n}\n'
        'resource "aws_test" "t" {\n x = jsonencode(var.s)\n}\n'
    )
    assert isinstance(value, Unknown)
    assert value.document is None


def test_module_is_the_object_of_its_outputs(tmp_path: Path) -> None:
    inventory = read(
        tmp_path,
        {
            "main.tf": 'module "m" {\n source = "./m"\n}\n'
            'resource "aws_test" "t" {\n x = merge(module.m, { c = 3 })\n}\n',
            "m/main.tf": 'output "b" {\n value = 2\n}\noutput "a" {\n value = 1\n}\n',
        },
    )
    assert only(inventory).attributes["x"] == {"a": 1, "b": 2, "c": 3}


def test_nested_dynamic_block_in_json(tmp_path: Path) -> None:
    text = """{"resource": {"aws_s3_bucket_lifecycle_configuration": {"t": {"rule": [{"id": "a",
      "dynamic": {"transition": {"for_each": {"GLACIER": 90},
        "content": {"storage_class": "${transition.key}", "days": "${transition.value}"}}}}]}}}}"""
    inventory = read(tmp_path, {"main.tf.json": text})
    rule = only(inventory, "aws_s3_bucket_lifecycle_configuration").attributes["rule"]
    assert rule == [{"id": "a", "transition": [{"storage_class": "GLACIER", "days": 90}]}]


def test_default_tags_as_an_object_in_json(tmp_path: Path) -> None:
    text = """{"provider": {"aws": {"default_tags": {"tags": {"Team": "a"}}}},
      "resource": {"aws_sns_topic": {"t": {}}}}"""
    inventory = read(tmp_path, {"main.tf.json": text})
    assert only(inventory, "aws_sns_topic").attributes["tags_all"] == {"Team": "a"}
