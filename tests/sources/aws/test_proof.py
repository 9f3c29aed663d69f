"""What we read live is what the provider reads: see `proving`."""

from __future__ import annotations

from pathlib import Path

import pytest
from moto_server import MotoServer
from proving import prove, stacks
from terraform_binary import require_provider


@pytest.mark.terraform
@pytest.mark.parametrize("name", stacks())
def test_live_attributes_equal_the_providers(name: str, moto: MotoServer, tmp_path: Path) -> None:
    proof = prove(name, require_provider(), moto, tmp_path)
    assert not proof.missing
    assert not proof.different
    assert not proof.undeclared
    assert proof.equal
