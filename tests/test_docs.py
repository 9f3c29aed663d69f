"""The pages that describe the program, held in step with it."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from auditkit.cli import exit_codes
from auditkit.cli.init import TEMPLATE
from auditkit.cli.main import cli
from auditkit.cli.options import CONTEXT_SETTINGS
from auditkit.config import KEYS
from scripts.document import DOCS, pages

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("name", "text"), list(pages()), ids=lambda value: value[:20])
def test_generated_pages_are_up_to_date(name, text):
    assert (DOCS / name).read_text(encoding="utf-8") == text, "run `make docs`"


def test_every_key_of_the_configuration_is_described():
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\| `(\w+)` \|", text) == list(KEYS)
    assert all(re.search(rf"(?m)^(# )?{key}:", TEMPLATE) for key in KEYS)


def options(command, context):
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            yield from options(inner, click.Context(inner, parent=context, info_name=name))
    else:
        yield from ((context, each) for each in command.params if isinstance(each, click.Option))


@pytest.mark.parametrize(
    ("context", "option"),
    [
        pytest.param(context, option, id=f"{context.command_path} {option.opts[-1]}")
        for context, option in options(cli, click.Context(cli, info_name="auditkit"))
    ],
)
def test_every_option_is_described_and_has_its_variable(context, option, monkeypatch):
    assert option.help
    assert option.help.endswith(".")
    variable = "AUDITKIT_" + option.opts[-1].removeprefix("--").replace("-", "_").upper()
    inner = type(context)(context.command, parent=context.parent, **CONTEXT_SETTINGS)
    monkeypatch.setenv(variable, "1")
    assert option.resolve_envvar_value(inner) == "1"


def test_every_exit_code_is_described():
    text = (DOCS / "exit-codes.md").read_text(encoding="utf-8")
    codes = [value for name, value in vars(exit_codes).items() if name.isupper()]
    assert re.findall(r"(?m)^\| (\d+) \|", text) == [str(code) for code in codes]


@pytest.mark.parametrize("page", [*DOCS.glob("*.md"), *CHECKOUT.glob("*.md")], ids=lambda p: p.name)
def test_links_to_files_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
