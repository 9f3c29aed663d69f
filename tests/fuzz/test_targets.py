"""Each fuzz target runs for a few seconds, from a corpus of real configuration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("AUDITKIT_FUZZ_SECONDS", "5"))


def test_terraform_code_of_any_bytes_is_read(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this platform")
    for number, path in enumerate(sorted((CHECKOUT / "examples").rglob("*.tf"))):
        (tmp_path / f"{number}.tf").write_bytes(path.read_bytes())
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.fuzz.terraform_target"),
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
