"""The hooks that other repositories use, run by the real pre-commit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
MANIFEST = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())


def run(*command: str, directory: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "test",
        "GIT_AUTHOR_EMAIL": "test@example.com",
        "GIT_COMMITTER_NAME": "test",
        "GIT_COMMITTER_EMAIL": "test@example.com",
    }
    return subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )


def commit_all(directory: Path) -> None:
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "All of it")):
        done = run("git", *command, directory=directory)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """A repository with the files of this checkout as they are now, committed or not."""
    directory = tmp_path_factory.mktemp("hooks")
    listed = run("git", "ls-files", "-z", "-co", "--exclude-standard", directory=CHECKOUT)
    # An unpacked archive has no index, but is as good a source.
    names = listed.stdout.split("\0") if listed.returncode == 0 else _walk()
    for name in filter(None, names):
        if (CHECKOUT / name).is_file():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / name, directory / name)
    commit_all(directory)
    return directory


def _walk() -> list[str]:
    skipped = {".venv", "build", "node_modules", "__pycache__", ".git"}
    return [
        str(path.relative_to(CHECKOUT))
        for path in CHECKOUT.rglob("*")
        if not skipped & set(path.relative_to(CHECKOUT).parts)
    ]


def try_repo(hooks: Path, repository: Path, *arguments: str) -> tuple[int, dict[str, str]]:
    """The exit code, and what each hook said, by its id."""
    done = run(
        sys.executable, "-m", "pre_commit", "try-repo", str(hooks), *arguments,
        "--all-files", "--verbose", "--color", "never",
        directory=repository,
    )  # fmt: skip
    sections = re.split(r"(?m)^- hook id: (\S+)\n", done.stdout)
    assert len(sections) > 1, done.stdout + done.stderr
    # The name of the next hook ends what one says.
    texts = [re.split(r"(?m)^auditkit \(", text)[0] for text in sections[2::2]]
    return done.returncode, dict(zip(sections[1::2], texts, strict=True))


def test_the_manifest_names_the_hooks():
    assert [hook["id"] for hook in MANIFEST] == ["auditkit", "auditkit-full", "auditkit-rules"]


@pytest.mark.parametrize(
    ("hook", "name", "is_wanted"),
    [
        ("auditkit", "main.tf", True),
        ("auditkit", "envs/prod/main.tf.json", True),
        ("auditkit", "main.tofu", True),
        ("auditkit", "prod.auto.tfvars", True),
        ("auditkit", ".terraform.lock.hcl", True),
        ("auditkit", ".auditkit.yaml", True),
        ("auditkit", "envs/auditkit.yaml", True),
        ("auditkit", ".terraform/modules/vpc/main.tf", False),
        ("auditkit", "README.md", False),
        ("auditkit", "main.tf.bak", False),
        ("auditkit-full", "main.tf", True),
        ("auditkit-rules", "rules/s3/versioned.yaml", True),
        ("auditkit-rules", ".auditkit/own.yml", True),
        ("auditkit-rules", "values.yaml", False),
    ],
)
def test_which_files_a_hook_wants(hook, name, is_wanted):
    entry = next(entry for entry in MANIFEST if entry["id"] == hook)
    is_excluded = "exclude" in entry and re.search(entry["exclude"], name)
    assert bool(re.search(entry["files"], name) and not is_excluded) is is_wanted


@pytest.mark.network
def test_pre_commit_runs_every_hook(hooks, tmp_path):
    shutil.copytree(CHECKOUT / "examples" / "flawed", tmp_path / "stack")
    (tmp_path / "rules").mkdir()
    shutil.copy(CHECKOUT / "rules" / "s3" / "s3-versioning.yaml", tmp_path / "rules")
    commit_all(tmp_path)
    code, said = try_repo(hooks, tmp_path)
    assert code == 1
    assert set(said) == {"auditkit", "auditkit-full", "auditkit-rules"}
    assert "exit code: 1" in said["auditkit"]
    assert "exit code: 1" in said["auditkit-full"]
    assert "stack/storage.tf" in said["auditkit"]
    assert "exit code" not in said["auditkit-rules"]


@pytest.mark.network
def test_a_hook_is_quiet_when_all_is_well(hooks, tmp_path):
    shutil.copytree(CHECKOUT / "examples" / "clean", tmp_path / "stack")
    commit_all(tmp_path)
    code, said = try_repo(hooks, tmp_path, "auditkit")
    assert code == 0
    assert re.sub(r"- duration: .*", "", said["auditkit"]).strip() == ""
