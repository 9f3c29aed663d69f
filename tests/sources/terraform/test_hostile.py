"""Configuration that is made to hang, to fill the memory, or to read what it must not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hcl_grammar import Grammar
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.linking import link
from auditkit.model import Inventory, Resource, Unknown, Value
from auditkit.sources.terraform import evaluate
from auditkit.sources.terraform.code import CodeOptions, find_project, read_root, read_text
from auditkit.sources.terraform.reader import MAX_PARTS, read_hcl
from auditkit.sources.terraform.recovery import MAX_PROBLEMS

CHECKOUT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60
"""Far more than any of this takes, and far less than it would without limits."""
MEMORY_BYTES = 1_500_000_000

Files = Mapping[str, "str | bytes"]


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """A test that hangs fails."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def give_up(*_: object) -> None:
        raise TimeoutError(f"still busy after {PATIENCE_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are reached in a moment; what holds at these holds at the true ones."""
    monkeypatch.setattr(evaluate, "MAX_STEPS", 100_000)
    monkeypatch.setattr(evaluate, "MAX_VALUES", 50_000)


def write(root: Path, files: Files) -> Path:
    for name, content in {".git/HEAD": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def read(root: Path, files: Files) -> Inventory:
    """What the root module at the top of the tree comes to."""
    project = find_project([write(root, files)], CodeOptions())
    assert "." in project.roots
    return read_root(project, ".", CodeOptions())


def bucket(arguments: str = "") -> str:
    return f'resource "aws_s3_bucket" "b" {{\n{arguments}\n}}\n'


def buckets(inventory: Inventory) -> list[Resource]:
    return [one for one in inventory.resources if one.type == "aws_s3_bucket"]


def value_of(inventory: Inventory) -> Value:
    return buckets(inventory)[0].attributes["bucket"]


def kinds(inventory: Inventory) -> set[str]:
    return {problem.kind for problem in inventory.problems if problem.incomplete}


def with_locals(*lines: str, value: str) -> str:
    return "locals {\n" + "\n".join(lines) + "\n}\n" + bucket(f"bucket = {value}")


LOOP = "for i in range(1000) : [for j in range(1000) : "
STEP_BOMBS = {
    "loops in loops": with_locals(f"a = [{LOOP} [for k in range(1000) : k]]]", value="local.a"),
    "a hash of a long text": with_locals(
        's0 = "0123456789"',
        *(f's{i} = "${{local.s{i - 1}}}${{local.s{i - 1}}}"' for i in range(1, 20)),
        f'a = [{LOOP} sha512("${{local.s19}}${{i}}")]]',
        value="local.a",
    ),
    "comparing large lists": with_locals(
        "a = [for i in range(1000) : range(400)]",
        f"b = [{LOOP} local.a == local.a]]",
        value="local.b",
    ),
    "length of a large list": with_locals(
        "a = [for i in range(1000) : range(400)]",
        f"b = [{LOOP} length(local.a)]]",
        value="local.b",
    ),
    "a sum of a thousand": with_locals(
        f"a = [{LOOP} {'+'.join(['(1+1)'] * 1000)}]]", value="local.a"
    ),
    "backtracking": with_locals(
        f'a = [{LOOP} can(regex("(a*)*(a|b|ab)*(x+x+)+y", "aaaaaaaaaaaxxxxxxx${{i}}${{j}}"))]]',
        value="local.a",
    ),
    "large patterns": with_locals(
        f'a = [{LOOP} can(regex("(a{{0,500}}){{0,10}}${{i}}x${{j}}", "aaaa"))]]', value="local.a"
    ),
    "address ranges": with_locals(
        f'a = [{LOOP} cidrsubnets("10.0.0.0/8", 8, 8, 8, 8, 8, 8)]]', value="local.a"
    ),
    "encoding": with_locals(
        "a = [for i in range(1000) : range(400)]",
        f"b = [{LOOP} jsonencode(local.a)]]",
        value="local.b",
    ),
}


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("name", STEP_BOMBS)
def test_an_evaluation_that_takes_too_long_is_given_up(name: str) -> None:
    inventory = read_text(STEP_BOMBS[name])
    value = value_of(inventory)
    assert isinstance(value, Unknown)
    assert "too many steps" in value.cause
    assert kinds(inventory) == {"limit"}


@pytest.mark.parametrize(
    "value",
    [
        "setproduct(range(1000), range(1000), range(1000))",
        'cidrsubnets("::/0", [for p in setproduct(range(300), range(300)) : 32]...)',
        "range(0, 1000000000)",
        'join("", [for i in range(1000) : format("%1000000s", i)])',
        "pow(10, 1000000000)",
        "1e999999999",
        'yamldecode("a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\n'
        + "".join(
            f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\\n"
            for a, b in ("bc", "cd", "de", "ef", "fg", "gh")
        )
        + '")',
    ],
)
def test_a_value_that_would_be_huge_is_unknown(value: str) -> None:
    assert isinstance(value_of(read_text(bucket(f"bucket = {value}"))), Unknown)


@pytest.mark.usefixtures("_small")
def test_values_that_are_shared_are_not_copied_without_end() -> None:
    text = "locals {\n  a = [for i in range(100) : range(100)]\n}\n" + "".join(
        bucket("tags = { a = local.a }").replace('"b"', f'"b{i}"') for i in range(20)
    )
    inventory = read_text(text)
    tags = [resource.attributes["tags"] for resource in buckets(inventory)]
    assert isinstance(tags[0], dict)
    assert isinstance(tags[-1], Unknown)
    assert kinds(inventory) == {"limit"}


def test_values_that_double_from_module_to_module_are_unknown(tmp_path: Path) -> None:
    inner = {
        f"m{i}/main.tf": f'variable "v" {{}}\nmodule "m" {{\n  source = "../m{i + 1}"\n'
        "  v      = [var.v, var.v]\n}\n"
        for i in range(30)
    }
    files = {
        "main.tf": 'module "m" {\n  source = "./m0"\n  v = ["x"]\n}\n',
        **inner,
        "m30/main.tf": 'variable "v" {}\n' + bucket("bucket = var.v"),
    }
    assert "too many elements" in repr(value_of(read(tmp_path, files)))


def test_a_million_module_instances_are_bounded(tmp_path: Path) -> None:
    inventory = read(
        tmp_path,
        {
            "main.tf": 'module "a" {\n  source = "./a"\n  count  = 1000\n}\n',
            "a/main.tf": 'module "b" {\n  source = "../b"\n  count  = 1000\n}\n',
            "b/main.tf": bucket(),
        },
    )
    assert 0 < len(inventory.resources) <= evaluate.MAX_INSTANCES
    assert kinds(inventory) == {"limit"}


def test_modules_that_call_two_of_the_next_are_bounded(tmp_path: Path) -> None:
    files = {
        f"{'m' + str(i) if i else '.'}/main.tf": "".join(
            f'module "{name}" {{\n  source = "./{"m1" if not i else "../m" + str(i + 1)}"\n}}\n'
            for name in "xy"
        )
        for i in range(38)
    }
    inventory = read(tmp_path, {**files, "m38/main.tf": bucket()})
    assert kinds(inventory) == {"limit"}


@pytest.mark.parametrize(
    "argument",
    [
        "count = 100000000",
        'for_each = toset([for p in setproduct(range(200), range(200)) : "${p[0]}-${p[1]}"])',
    ],
)
def test_one_instance_stands_for_too_many(argument: str) -> None:
    inventory = read_text(bucket(argument))
    (resource,) = buckets(inventory)
    assert resource.doubt is not None
    assert kinds(inventory) == {"limit"}


@pytest.mark.usefixtures("_small")
def test_blocks_in_blocks_are_bounded() -> None:
    block = "content {\n  a = 1\n}\n"
    for _ in range(3):
        block = f'content {{\n  dynamic "rule" {{\n    for_each = range(1000)\n{block}  }}\n}}\n'
    inventory = read_text(bucket(f'dynamic "rule" {{\n  for_each = range(1000)\n{block}}}\n'))
    assert kinds(inventory) == {"limit"}


def test_a_module_that_calls_itself_ends(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" {\n  source = "./a"\n}\n',
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\n' + bucket(),
    }
    inventory = read(tmp_path, files)
    assert kinds(inventory) == {"limit"}
    assert len(buckets(inventory)) == 1


@pytest.mark.usefixtures("_small")
def test_templates_that_render_others_a_hundred_times_are_given_up(tmp_path: Path) -> None:
    templates = {f"t{i}.tpl": f'${{templatefile("t{i + 1}.tpl", {{}})}}' * 100 for i in range(9)}
    main = bucket('bucket = templatefile("t0.tpl", {})')
    inventory = read(tmp_path, {"main.tf": main, **templates, "t9.tpl": "x"})
    assert isinstance(value_of(inventory), Unknown)
    assert kinds(inventory) == {"limit"}


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("[", "]"), ("{ a = ", "}"), ('"${', '}"'), ("!", ""), ("-", ""), ("f(", ")")],
)
def test_deeply_nested_expressions_are_unknown(opening: str, closing: str) -> None:
    text = bucket(f"bucket = {opening * 20_000}1{closing * 20_000}")
    inventory = read_text(text)
    assert len(buckets(inventory)) == 1
    assert kinds(inventory) <= {"syntax"}
    # Of a list in a list in a list, the outer ones are known.
    assert "Unknown(" in repr(buckets(inventory)[0].attributes["bucket"])


@pytest.mark.parametrize("step", [".a", "[0]", "[*]", " + 1", " ? 1 : 1", " == 1"])
def test_long_chains_end(step: str) -> None:
    inventory = read_text(bucket(f"bucket = var.a{step * 20_000}"))
    resource = buckets(inventory)[0]
    assert isinstance(resource.attributes["bucket"], Unknown)
    assert resource.source_map is not None
    assert len(resource.source_map.trace(("bucket",))) < 20


def test_deeply_nested_blocks_are_read_up_to_a_depth() -> None:
    text = bucket("rule {\n" * 20_000 + "}\n" * 20_000)
    assert len(buckets(read_text(text))) == 1


def test_a_long_heredoc_is_read() -> None:
    lines = "  line ${1} of it\n" * 20_000
    value = value_of(read_text(bucket(f"bucket = <<-EOT\n{lines}EOT\n")))
    assert isinstance(value, str)
    assert value.startswith("line 1 of it\n")


def test_a_text_of_too_many_parts_is_a_limit() -> None:
    for text in ("x = " + "[" * (MAX_PARTS + 1), "a=1\n" * (MAX_PARTS + 1)):
        file, problems = read_hcl(text.encode(), "main.tf")
        assert [problem.kind for problem in problems] == ["limit"]
        assert not file.body.attributes


def test_a_file_of_broken_blocks_is_given_up() -> None:
    text = 'resource "aws_s3_bucket" "b" {\n  x = = 1\n}\n' * 20_000
    _, problems = read_hcl(text.encode(), "main.tf")
    assert [problem.kind for problem in problems] == ["syntax"] * MAX_PROBLEMS + ["limit"]


@pytest.mark.parametrize("marker", ["A{}", "ä{}"])
def test_heredocs_that_never_end_cost_no_more_than_others(marker: str) -> None:
    text = "x = {{{\n" + "".join(f"x = <<{marker.format(i)}\n" for i in range(50_000))
    assert read_hcl(text.encode(), "main.tf")[1]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../secret.txt", "link.txt", "a/../../secret.txt", "~/.ssh/id_rsa"]
)
@pytest.mark.parametrize(
    "function", ["file", "filebase64", "filesha256", "templatefile", "fileexists", "fileset"]
)
def test_nothing_outside_the_tree_is_read(tmp_path: Path, function: str, path: str) -> None:
    (tmp_path / "secret.txt").write_text("hunter2")
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "link.txt").symlink_to(tmp_path / "secret.txt")
    more = {"templatefile": ", {}", "fileset": ', "**"'}.get(function, "")
    value = value_of(read(tree, {"main.tf": bucket(f'bucket = {function}("{path}"{more})')}))
    # The one with the tilde is a path in the tree, where there is nothing of the name.
    assert isinstance(value, Unknown) or value in ("false", [])
    assert "hunter2" not in repr(value)


@pytest.mark.parametrize(
    "name", ["terraform.tfvars", "x.auto.tfvars", ".terraform.lock.hcl", "more.tf"]
)
def test_no_link_out_of_the_tree_is_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("hunter2 : broken\n")
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / name).symlink_to(tmp_path / "secret.txt")
    inventory = read(tree, {"main.tf": bucket()})
    assert kinds(inventory) == {"unreadable"}
    assert "hunter2" not in repr(inventory)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
@pytest.mark.parametrize("name", ["more.tf", "terraform.tfvars", ".terraform.lock.hcl", "in.txt"])
def test_a_pipe_is_not_read(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    inventory = read(tmp_path, {"main.tf": bucket('bucket = file("in.txt")')})
    assert isinstance(value_of(inventory), Unknown)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'x = "a\0b"\n', "syntax"),
        (b"\xff\xfe" + 'resource "a" "b" {}\n'.encode("utf-16-le"), "unreadable"),
        (b'x = "\xe9"\n', "unreadable"),
        (b'x = "\xed\xa0\x80"\n', "unreadable"),
        (b"\0" * 10_000, "syntax"),
    ],
)
def test_bytes_that_are_no_text_are_a_problem(tmp_path: Path, content: bytes, kind: str) -> None:
    inventory = read(tmp_path, {"main.tf": bucket(), "more.tf": content})
    assert kinds(inventory) == {kind}
    assert len(buckets(inventory)) == 1


@pytest.mark.parametrize(
    "manifest", ["[" * 100_000, '{"Modules": 1}', '{"Modules": [{"Key": "m", "Dir": "../../.."}]}']
)
def test_a_module_manifest_is_not_trusted(tmp_path: Path, manifest: str) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "a/b/c"\n}\n' + bucket(),
        ".terraform/modules/modules.json": manifest,
    }
    inventory = read(tmp_path, files)
    assert len(buckets(inventory)) == 1
    assert [problem.kind for problem in inventory.problems] == ["missing-module"]


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    read_hcl(data, "main.tf")
    link(read_text(data.decode("utf-8", "replace")))


@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_damaged_configuration_is_read(seed: int, data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray((bucket("bucket = local.name") + Grammar(seed).file(items=3)).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 12))
        content[place : place + length] = data.draw(
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from(
                    [b"{", b"}", b'"', b"${", b"<<EOT\n", b"\0", b"...", b"for ", b"/*"]
                ),
            )
        )
    project = find_project([write(tmp_path, {"main.tf": bytes(content)})], CodeOptions())
    for root in project.roots:
        link(read_root(project, root, CodeOptions()))


HEAVY: Mapping[str, tuple[Files, int]] = {
    "a billion laughs": (
        {
            "main.tf": with_locals(
                'a0 = ["lol"]',
                *(f"a{i} = [{', '.join([f'local.a{i - 1}'] * 10)}]" for i in range(1, 10)),
                value="jsonencode(local.a9)",
            )
        },
        0,
    ),
    "ranges": ({"main.tf": with_locals(f"a = [{LOOP} range(1000)]]", value="local.a")}, 3),
    "networks": ({"main.tf": STEP_BOMBS["address ranges"]}, 3),
    "a module of itself": (
        {
            "main.tf": 'module "a" {\n  source = "./a"\n}\n',
            "a/main.tf": bucket() + 'module "a" {\n  source = "../a"\n  count = 1000\n}\n',
        },
        3,
    ),
    "twenty thousand copies": (
        {
            "main.tf": 'module "a" {\n  source = "./a"\n  count = 19000\n}\n',
            "a/main.tf": bucket('bucket = "logs"'),
        },
        3,
    ),
    "a heredoc of 4 MB": ({"main.tf": bucket(f"bucket = <<EOT\n{'x' * 4_000_000}\nEOT\n")}, 0),
    "a heredoc of 10 MB": ({"main.tf": bucket(f"bucket = <<EOT\n{'x' * 10_000_000}\nEOT\n")}, 3),
    "brackets": ({"main.tf": "x = " + "[" * 5_000_000}, 3),
    "instances": (
        {
            "main.tf": 'module "a" {\n  source = "./a"\n  count = 1000\n}\n',
            "a/main.tf": 'module "b" {\n  source = "../b"\n  count = 1000\n}\n',
            "b/main.tf": 'resource "aws_vpc" "v" {\n}\n',
        },
        3,
    ),
    "values": (
        {
            "main.tf": "locals {\n  a = [for i in range(400) : range(1000)]\n}\n"
            + "".join(
                f'resource "aws_test" "t{i}" {{\n  a = [local.a, local.a]\n}}\n' for i in range(500)
            )
        },
        3,
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
@pytest.mark.parametrize("name", HEAVY)
def test_time_and_memory_of_a_scan_are_bounded(tmp_path: Path, name: str) -> None:
    import resource

    files, code = HEAVY[name]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "auditkit", "scan", str(write(tmp_path, files))),
            *("--no-config", "--format", "json", "--fail-on", "never", "--no-cache"),
        ],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES)),
    )
    report = json.loads(done.stdout)
    limits = [problem for problem in report["problems"] if problem["kind"] == "limit"]
    assert (bool(limits), done.returncode) == (code == 3, code), done.stderr.decode()[-2000:]
