"""What we read live is what the provider reads: see `proving`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from moto_server import MotoServer
from proving import prove, stacks, summary
from terraform_binary import require_provider

from scripts.live_proof import APPLIED, unproved


@pytest.mark.terraform
@pytest.mark.parametrize("name", stacks())
def test_live_attributes_equal_the_providers(
    name: str, moto: MotoServer, tmp_path: Path, golden: Callable[..., None]
) -> None:
    proof = prove(name, require_provider(), moto, tmp_path)
    assert not proof.missing
    assert not proof.different
    assert not proof.undeclared
    assert proof.equal
    golden(f"live/{name}.json", summary(proof))


def test_what_was_measured_is_kept_of_each_stack() -> None:
    assert sorted(path.stem for path in APPLIED.iterdir()) == stacks()


def test_every_type_is_proved_somewhere() -> None:
    assert not unproved(), "add it to a stack, or expect attributes of it from answers"
