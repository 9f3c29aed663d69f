"""Each fuzz target runs for a few seconds, from a corpus of real files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("AUDITKIT_FUZZ_SECONDS", "5"))


@pytest.mark.parametrize(
    ("target", "corpus"),
    [
        ("terraform_target", "examples/**/*.tf"),
        ("documents_target", "tests/sources/terraform/recorded/*.json"),
    ],
)
def test_any_bytes_are_read(tmp_path: Path, target: str, corpus: str) -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this platform")
    files = sorted(CHECKOUT.glob(corpus))
    assert files
    for number, path in enumerate(files):
        (tmp_path / f"{number}{path.suffix}").write_bytes(path.read_bytes())
    done = subprocess.run(
        [
            *(sys.executable, "-m", f"tests.fuzz.{target}"),
            *(f"-max_total_time={SECONDS}", "-timeout=20", "-rss_limit_mb=2000"),
            *(f"-artifact_prefix={tmp_path}/", str(tmp_path)),
        ],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=SECONDS + 120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
