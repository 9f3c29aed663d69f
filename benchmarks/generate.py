"""Writes Terraform that looks like what teams have, of any size, always the same for a seed.

``root`` is one root module without module calls.  ``tree`` is what a company keeps in one
repository: domains, each with a library of modules in the manner of the popular public ones
(``modules/``), and root modules per environment that call its composite modules, which call
the others in turn.  The texts stand in ``modules/`` and ``pieces/`` beside this file; words
in ``__CAPITALS__`` are replaced, each time anew, so that no two files are equal.

    python benchmarks/generate.py DIRECTORY --shape tree --lines 15000
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
DOMAIN_LINES = 15_000
STACK_LINES = 350

CHOICES: Mapping[str, tuple[object, ...]] = {
    "AGE": (3600, 86_400, 345_600),
    "BOOL": ("true", "true", "true", "false"),
    "CENTER": ("cc-100", "cc-200", "cc-300"),
    "CIDR": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "0.0.0.0/0"),
    "DATA": ("archive", "exports", "backups"),
    "INTERVAL": (60, 600),
    "MUTABILITY": ("MUTABLE", "IMMUTABLE"),
    "OCTET": tuple(range(10, 250)),
    "OWNER": ("payments", "search", "growth", "core"),
    "PORT": (3306, 5432, 6379, 8080, 9090),
    "RETENTION": (7, 30, 90, 365),
    "RUNTIME": ("python3.12", "nodejs20.x", "python3.8"),
    "SERVICE": ("ec2", "lambda", "ecs-tasks"),
    "SIZE": ("large", "xlarge", "2xlarge"),
    "SSE": ("aws:kms", "AES256"),
    "TIMEOUT": tuple(range(30, 120)),
    "TOKENS": ("required", "optional"),
    "TRACING": ("Active", "PassThrough"),
    "VERSIONING": ("Enabled", "Suspended"),
    "WINDOW": (7, 14, 30),
}
"""What a word in capitals may become."""

DOMAINS = ("billing", "catalog", "checkout", "identity", "inventory", "media", "search", "mail")
SUBJECTS = ("order", "user", "report", "image", "event", "invoice", "session", "payment", "audit")
NOUNS = ("store", "feed", "index", "cache", "worker", "archive", "gateway", "ledger", "sync")
ENVIRONMENTS = ("dev", "staging", "prod")
RESOURCE_PIECES = (
    "bucket",
    "database",
    "function",
    "group",
    "instance",
    "repository",
    "role",
    "secret",
    "table",
    "topic",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much was written."""

    files: int
    lines: int
    resources: int
    """``resource`` blocks; `count` and `for_each` make more instances of them."""


class Generator:
    """Fills in the pieces from one stream of random numbers."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def fill(self, text: str, **fixed: str) -> str:
        """`text` with each word in capitals replaced: by `fixed`, or by one of `CHOICES`."""

        def replace(match: re.Match[str]) -> str:
            word = match[1]
            return fixed[word] if word in fixed else str(self._random.choice(CHOICES[word]))

        return re.sub(r"__([A-Z]+)__", replace, text)

    def piece(self, kind: str, name: str, domain: str) -> str:
        """One group of resources or a module call, under the given name."""
        text = (HERE / "pieces" / f"{kind}.tf").read_text(encoding="utf-8")
        return self.fill(text, NAME=name, SLUG=name.replace("_", "-"), DOMAIN=domain)

    def names(self) -> Iterator[str]:
        """Endless names, none twice."""
        for number in range(1_000_000):
            subject, noun = self._random.choice(SUBJECTS), self._random.choice(NOUNS)
            yield f"{subject}_{noun}_{number}"

    def root_module(
        self, domain: str, *, lines: int, resources: int = 0, calls: tuple[str, ...] = ()
    ) -> dict[str, str]:
        """The files of a root module of about so many lines, or at least so many resources.

        `calls` are pieces that call modules; they come first.
        """
        names = self.names()
        files = {"main.tf": self.piece("base", next(names), domain)}
        for kind in calls:
            append(files, f"{kind}s.tf", self.piece(kind, next(names), domain))
        size = size_of(files)
        line_count, resource_count = size.lines, size.resources
        while resource_count < resources if resources else line_count < lines:
            kind = self._random.choice(RESOURCE_PIECES)
            text = self.piece(kind, next(names), domain)
            append(files, f"{kind}s.tf", text)
            more_lines, more_resources = measure(text)
            line_count += more_lines
            resource_count += more_resources
        environment = self._random.choice(ENVIRONMENTS)
        files["terraform.tfvars"] = self.fill(
            'account_id  = "123456789012"\n'
            f'environment = "{environment}"\n\n'
            'extra_tags = {\n  Team = "__OWNER__"\n}\n'
        )
        return files

    def domain(self, name: str, *, lines: int) -> dict[str, str]:
        """The files of one domain: a library of modules, and root modules that call them."""
        files = {}
        for path in sorted((HERE / "modules").rglob("*.tf")):
            relative = path.relative_to(HERE).as_posix()
            files[relative] = self.fill(path.read_text(encoding="utf-8"), DOMAIN=name)
        written = size_of(files).lines
        number = 0
        while written < lines:
            environment = ENVIRONMENTS[number % len(ENVIRONMENTS)]
            calls = ("platform",) if number < len(ENVIRONMENTS) else ("service", "service")
            stack = self.root_module(name, lines=min(STACK_LINES, lines - written), calls=calls)
            for file, text in stack.items():
                files[f"envs/{environment}/stack-{number:03}/{file}"] = text
            written += size_of(stack).lines
            number += 1
        return files

    def tree(self, *, lines: int) -> dict[str, str]:
        """The files of a whole repository of about so many lines, in domains of 15,000."""
        files = {}
        for number, start in enumerate(range(0, lines, DOMAIN_LINES)):
            name = f"{DOMAINS[number % len(DOMAINS)]}{number // len(DOMAINS) or ''}"
            domain = self.domain(name, lines=min(DOMAIN_LINES, lines - start))
            files.update({f"{name}/{file}": text for file, text in domain.items()})
        return files


def append(files: dict[str, str], name: str, text: str) -> None:
    """Adds `text` to the file, after a blank line if it has something already."""
    files[name] = f"{files[name]}\n{text}" if name in files else text


def measure(text: str) -> tuple[int, int]:
    """The lines and ``resource`` blocks of one file."""
    return text.count("\n"), len(re.findall(r"^resource ", text, re.MULTILINE))


def size_of(files: Mapping[str, str]) -> Size:
    """How much these files are."""
    lines, resources = map(sum, zip(*map(measure, files.values()), strict=True))
    return Size(len(files), lines, resources)


def generate(shape: str, *, lines: int, resources: int = 0, seed: int = 1) -> dict[str, str]:
    """Texts by path: shape ``root`` or ``tree``, of about so many lines.

    With `resources`, a ``root`` has at least so many ``resource`` blocks instead.
    """
    generator = Generator(seed)
    if shape == "tree":
        return generator.tree(lines=lines)
    return generator.root_module("shop", lines=lines, resources=resources)


def write(files: Mapping[str, str], directory: Path) -> Size:
    """Writes the files under `directory` and tells how much it was."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return size_of(files)


def main() -> None:
    """Reads the command line, writes, and says what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--shape", choices=("root", "tree"), default="tree")
    parser.add_argument("--lines", type=int, default=15_000)
    parser.add_argument("--resources", type=int, default=0, help="at least so many, for a root")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = generate(
        options.shape, lines=options.lines, resources=options.resources, seed=options.seed
    )
    size = write(files, options.directory)
    print(  # noqa: T201
        f"{options.directory}: {size.files} files, {size.lines} lines, {size.resources} resources"
    )


if __name__ == "__main__":
    main()
