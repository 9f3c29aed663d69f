"""What all tests share: golden files, and where the npm packages are."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moto_server import MotoServer, run_server

CHECKOUT = Path(__file__).resolve().parent.parent
GOLDEN = CHECKOUT / "tests" / "golden"

_TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the files in tests/golden with what the program gives now",
    )


def mask(text: str, *paths: Path) -> str:
    """`text` without what differs between two runs: the version, times and these paths."""
    from auditkit import __version__

    for path in (*paths, CHECKOUT):
        text = text.replace(str(path), "@@PATH@@")
    version = rf"(?<![\d.]){re.escape(__version__)}(?![\d.])"
    return re.sub(version, "@@VERSION@@", _TIMES.sub("@@TIME@@", text))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compares a text, masked, with ``tests/golden/NAME``; rewrites that on ``--update-golden``."""

    def compare(name: str, text: str, *paths: Path) -> None:
        actual = mask(text, *paths)
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(actual.encode())
        assert file.is_file(), f"{file} is missing: run pytest --update-golden"
        assert actual == file.read_bytes().decode(), "run pytest --update-golden and read the diff"

    return compare


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with the npm packages of package.json, or the test is skipped."""
    folder = Path(os.environ.get("AUDITKIT_NODE_MODULES") or CHECKOUT / "node_modules")
    if not (folder / "@microsoft").is_dir():
        pytest.skip("run `npm install` in the checkout, or set AUDITKIT_NODE_MODULES")
    return folder


@pytest.fixture(scope="session")
def moto() -> Iterator[MotoServer]:
    """AWS as moto plays it, or the test is skipped."""
    pytest.importorskip("moto.server", reason="moto is not installed: pip install 'moto[server]'")
    with run_server() as server:
        yield server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what speaks with moto over HTTP: ``-m "not server"`` leaves it out."""
    for item in items:
        if "moto" in getattr(item, "fixturenames", ()):
            item.add_marker("server")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[pytest.TestReport]:
    """Fails a test that was skipped for want of a program that must be there.

    ``AUDITKIT_REQUIRE=terraform,node`` names the markers whose tests must run; CI sets it.
    """
    report = yield
    required = os.environ.get("AUDITKIT_REQUIRE", "").split(",")
    missed = [name for name in required if name and item.get_closest_marker(name)]
    if report.skipped and missed and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        reason = call.excinfo.value if call.excinfo else ""
        report.longrepr = f"skipped, but AUDITKIT_REQUIRE has {', '.join(missed)}: {reason}"
    return report
