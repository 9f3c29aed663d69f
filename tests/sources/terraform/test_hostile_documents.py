"""Plans and states that are broken on purpose: told in one line, or read as far as they go."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import random
import time
from pathlib import Path

import pytest

from auditkit.engine import evaluate
from auditkit.errors import SourceError
from auditkit.linking import link
from auditkit.rulepack import load_rules
from auditkit.sources.terraform.code import CodeOptions, find_project
from auditkit.sources.terraform.documents import read_document
from auditkit.sources.terraform.plan import parse_plan
from auditkit.sources.terraform.state import parse_state, read_state

RECORDED = Path(__file__).parent / "recorded"
DOCUMENTS = {
    name: json.loads((RECORDED / name).read_text()) for name in ("create.json", "state.json")
}
PARSERS = {"create.json": parse_plan, "state.json": parse_state}
ROUNDS = 60
MUTATIONS = 8

SCRAPS = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**300,
    "",
    "x",
    "\x00\x1b[31m\u202e",
    '${file("/etc/passwd")}',
    'module.a["',
    "aws_s3_bucket.b",
    [],
    [[]],
    [None, {}],
    {},
    {"": {}},
    {"references": ["var.a", "module.b.c", 7]},
)


def nodes(value, parent=None, key=None):
    """Every node that can be replaced, with what holds it."""
    if parent is not None:
        yield parent, key
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in list(members):
        if isinstance(item, (dict, list)):
            yield from nodes(item, value, name)
        else:
            yield value, name


def mutate(document, chance: random.Random):
    """The document with some nodes deleted, replaced or moved somewhere else."""
    document = copy.deepcopy(document)
    for _ in range(MUTATIONS):
        parent, key = chance.choice(list(nodes(document)))
        kind = chance.random()
        if kind < 0.3:
            del parent[key]
        elif kind < 0.8:
            parent[key] = copy.deepcopy(chance.choice(SCRAPS))
        else:
            other, place = chance.choice(list(nodes(document)))
            parent[key] = copy.deepcopy(other[place])
    return document


def parse(name, document, **options):
    """The inventory, or nothing if it is refused, which is all else that may happen."""
    try:
        return PARSERS[name](document, **options)
    except SourceError:
        return None


@pytest.fixture(scope="module")
def project():
    return find_project([RECORDED], CodeOptions())


@pytest.fixture(scope="module")
def rules():
    return load_rules().rules.values()


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("seed", range(3))
def test_broken_documents_are_refused_or_judged(name, seed, project, rules):
    chance = random.Random(f"{name} {seed}")
    judged = 0
    for number in range(ROUNDS):
        document = mutate(DOCUMENTS[name], chance)
        # Placing costs more than all the rest.
        options = {"project": project} if number % 10 == 0 else {}
        inventory = parse(name, document, **options)
        if inventory is not None:
            evaluate(rules, link(inventory))
            judged += 1
    assert judged > ROUNDS / 2


@pytest.mark.parametrize("name", DOCUMENTS)
def test_truncated_documents_are_refused(name):
    data = (RECORDED / name).read_bytes().rstrip()
    for size in range(0, len(data), len(data) // 50):
        with pytest.raises(SourceError, match="truncated|empty"):
            read_document(io.BytesIO(data[:size]), name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_damaged_bytes_are_refused_or_read(name):
    chance = random.Random(name)
    data = bytearray((RECORDED / name).read_bytes())
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(3):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with contextlib.suppress(SourceError):
            parse(name, read_document(io.BytesIO(bytes(damaged)), name))


def bomb(size: int) -> dict:
    """A configuration in which every module refers to each of the others, many times."""
    names = [f"m{number}" for number in range(size)]
    everything = {"references": [f"module.{name}.out" for name in names] + ["var.in"] * size}
    module = {
        "outputs": {"out": {"expression": everything}},
        "resources": [
            {"address": "aws_sqs_queue.q", "expressions": {"kms_master_key_id": everything}}
        ],
    }
    call = {"expressions": {"in": everything}, "module": module}
    return {"root_module": {"module_calls": dict.fromkeys(names, call), **module}}


def planned(address: str, **attributes: object) -> dict:
    return {
        "address": address,
        "mode": "managed",
        "type": address.split(".")[-2],
        "name": "x",
        "module_address": address.rpartition(".aws_")[0],
        "change": {"actions": ["create"], **attributes},
    }


@pytest.mark.parametrize(
    "document",
    [
        # References that lead everywhere.
        {
            "resource_changes": [
                planned(
                    f"module.m{number}.aws_sqs_queue.q", after_unknown={"kms_master_key_id": True}
                )
                for number in range(200)
            ],
            "configuration": bomb(200),
        },
        # Modules in modules.
        {
            "resource_changes": [
                planned("module.a." * 300 + "aws_sqs_queue.q", after_unknown={"name": True})
            ]
        },
        # A wide list, all of it in doubt.
        {
            "resource_changes": [
                planned(
                    "module.a.aws_security_group.g",
                    after={"ingress": [{"from_port": number} for number in range(20_000)]},
                    after_unknown={"ingress": [{"to_port": True}] * 20_000},
                )
            ]
        },
        # A document in a document.
        {
            "resource_changes": [
                planned("module.a.aws_iam_policy.p", after={"policy": "[" * 100_000}),
                planned("module.a.aws_iam_policy.q", after={"policy": '{"a":' * 10_000}),
            ],
            "resource_drift": [
                planned(
                    "module.a.aws_iam_policy.p",
                    before={"policy": "[" * 100_000},
                    after={"policy": "[" * 100_001},
                )
            ],
        },
    ],
)
def test_bombs_are_defused(document, rules):
    started = time.process_time()
    evaluate(rules, link(parse_plan({"format_version": "1.2", **document})))
    assert time.process_time() - started < 20


def test_a_mark_far_outside_of_a_list_costs_nothing():
    index = {"type": "index", "value": {"value": 10**15, "type": "number"}}
    paths = [[{"type": "get_attr", "value": "tags"}, index]] * 1000
    instance = {"attributes": {"tags": ["a"]}, "sensitive_attributes": paths}
    resource = {"mode": "managed", "type": "aws_vpc", "name": "v", "instances": [instance]}
    inventory = parse_state({"version": 4, "resources": [resource]})
    assert inventory.resources[-1].attributes["tags"] == ["a"]


@pytest.mark.parametrize(
    "opening", [b'{"a": "', b'{"version": 4, "resources": [{"a": "', b'{"a": [1, ']
)
def test_an_endless_document_is_given_up(opening, monkeypatch):
    monkeypatch.setattr("auditkit.sources.terraform.documents.MAX_BYTES", 20_000_000)

    class Endless(io.RawIOBase):
        started = False

        def read(self, size=-1):
            chunk = b"1," * (size // 2) if opening.endswith(b", ") else b"x" * size
            if not self.started:
                self.started = True
                return opening + chunk
            return chunk

    started = time.process_time()
    with pytest.raises(SourceError, match="larger than 20,000,000 bytes; it was not read"):
        read_document(Endless(), "endless")
    assert time.process_time() - started < 20


def test_a_directory_in_place_of_a_state(tmp_path):
    (tmp_path / "terraform.tfstate").mkdir()
    with pytest.raises(SourceError, match="there is no state"):
        read_state(str(tmp_path))
