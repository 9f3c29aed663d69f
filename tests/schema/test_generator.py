from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "provider_schema.py"


@pytest.fixture(scope="module")
def script():
    spec = spec_from_file_location("provider_schema", SCRIPT)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def block(**attributes):
    return {"attributes": attributes, "block_types": {}}


def nested(inner, mode="list", **limits):
    return {"nesting_mode": mode, "block": inner, **limits}


def test_attributes_and_blocks_take_few_bytes(script):
    thing = block(
        arn={"type": "string", "computed": True},
        secret={"type": ["list", "string"], "optional": True, "sensitive": True},
        rules={"type": ["set", ["object", {"port": "number"}]], "optional": True},
    )
    thing["block_types"]["logging"] = nested(
        block(bucket={"type": "string", "required": True}), max_items=1
    )
    header, line = script.table_lines({"aws_thing": thing})
    assert header.startswith("# hashicorp/aws ")
    name, _, body = line.partition("\t")
    assert name == "aws_thing"
    assert json.loads(body) == {
        "arn": "string c",
        "logging": ["list", 0, 1, {"bucket": "string r"}],
        "rules": ["set(object) o", {"port": "number"}],
        "secret": "list(string) os",
    }


def test_a_long_body_that_occurs_twice_stands_once(script):
    long = block(**{f"attribute_{n}": {"type": "string", "optional": True} for n in range(9)})
    one, two = block(), block()
    one["block_types"]["x"] = nested(long)
    two["block_types"]["y"] = nested(long, min_items=1)
    header, shared, first, second = lines = list(
        script.table_lines({"aws_two": two, "aws_one": one})
    )
    assert header.startswith("#")
    # The table is searched by halves.
    assert lines == sorted(lines)
    assert first.startswith("aws_one\t")
    assert second.startswith("aws_two\t")
    name, _, body = shared.partition("\t")
    assert json.loads(first.partition("\t")[2]) == {"x": ["list", 0, 0, name]}
    assert json.loads(second.partition("\t")[2]) == {"y": ["list", 1, 0, name]}
    assert len(json.loads(body)) == 9
