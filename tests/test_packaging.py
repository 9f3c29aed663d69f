"""What a wheel would hold: every package, and the data that they read."""

from __future__ import annotations

import configparser
import fnmatch
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SETUP = configparser.ConfigParser()
SETUP.read(CHECKOUT / "setup.cfg")
PACKAGES = SETUP["options"]["packages"].split()


def directory_of(package: str) -> Path:
    return CHECKOUT / (
        "rules" if package == "auditkit.builtin_rules" else package.replace(".", "/")
    )


def test_every_package_is_listed():
    found = {
        ".".join(path.parent.relative_to(CHECKOUT).parts)
        for path in (CHECKOUT / "auditkit").rglob("__init__.py")
    }
    assert sorted({*found, "auditkit.builtin_rules"}) == PACKAGES


def test_every_data_file_is_shipped():
    patterns = {package: globs.split() for package, globs in SETUP["options.package_data"].items()}
    for package, globs in patterns.items():
        top = directory_of(package)
        for path in top.rglob("*"):
            if path.is_dir() or "__pycache__" in path.parts or path.suffix == ".py":
                continue
            name = path.relative_to(top).as_posix()
            # setuptools reads `**/` as any number of directories, none included.
            assert any(
                fnmatch.fnmatch(name, glob) or fnmatch.fnmatch(name, glob.removeprefix("**/"))
                for glob in globs
            ), f"{path} matches no pattern of package_data"
