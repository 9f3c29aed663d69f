"""The pages that describe the program, held in step with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditkit.cli import exit_codes
from auditkit.cli.init import TEMPLATE
from auditkit.cli.main import cli, main
from auditkit.config import KEYS, read_config
from auditkit.pseudo_types import LIVE_TYPES, OPEN_TYPES, PSEUDO_TYPES, S3_BACKEND
from auditkit.rulepack import load_rules
from scripts.document import DOCS, context_of, pages, subcommands

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("name", "text"), list(pages()), ids=lambda value: value[:20])
def test_generated_pages_are_up_to_date(name, text):
    assert (DOCS / name).read_text(encoding="utf-8") == text, "run `make docs`"


def test_every_key_of_the_configuration_is_described():
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\| `(\w+)` \|", text) == list(KEYS)
    assert all(re.search(rf"(?m)^(# )?{key}:", TEMPLATE) for key in KEYS)


def options(context):
    yield from (
        (context, each) for each in context.command.params if each.param_type_name == "option"
    )
    for inner in subcommands(context):
        yield from options(inner)


@pytest.mark.parametrize(
    ("context", "option"),
    [
        pytest.param(context, option, id=f"{context.command_path} {option.opts[-1]}")
        for context, option in options(context_of(cli, "auditkit"))
        if option.name != "version"
    ],
)
def test_every_option_is_described_and_has_its_variable(context, option, monkeypatch):
    assert option.help
    assert option.help.endswith(".")
    variable = "AUDITKIT_" + option.opts[-1].removeprefix("--").replace("-", "_").upper()
    monkeypatch.setenv(variable, "1")
    assert option.resolve_envvar_value(context)


def test_every_exit_code_is_described():
    text = (DOCS / "exit-codes.md").read_text(encoding="utf-8")
    codes = [value for name, value in vars(exit_codes).items() if name.isupper()]
    assert re.findall(r"(?m)^\| (\d+) \|", text) == [str(code) for code in codes]


@pytest.mark.parametrize("page", [*DOCS.glob("*.md"), *CHECKOUT.glob("*.md")], ids=lambda p: p.name)
def test_links_to_files_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def samples():
    """What is shown of a call in a page: the page's name, the arguments, the output."""
    for page in [*DOCS.glob("*.md"), CHECKOUT / "README.md"]:
        text = page.read_text(encoding="utf-8")
        for arguments, shown in re.findall(
            r"(?m)^```console\n\$ auditkit (scan examples/.*)\n((?:.*\n)*?)```$", text
        ):
            yield pytest.param(arguments.split(), shown, id=f"{page.name} {arguments}")


@pytest.mark.parametrize(("arguments", "shown"), list(samples()))
def test_shown_output_is_real(arguments, shown, monkeypatch, capsys):
    monkeypatch.chdir(CHECKOUT)
    main([*arguments, "--no-config", "--color", "never"])
    assert shown == "".join(capsys.readouterr()), "update the sample"


def blocks(page, language):
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    return re.findall(rf"(?m)^```{language}\n((?:.*\n)*?)```$", text)


def test_the_rule_in_the_readme_passes_its_examples(tmp_path):
    (shown,) = (block for block in blocks("README.md", "yaml") if block.startswith("id: "))
    path = tmp_path / "rule.yaml"
    path.write_text(shown)
    assert main(["rules", "test", str(path)]) == 0


@pytest.mark.parametrize("page", ["README.md", "docs/configuration.md"])
def test_the_shown_configuration_is_valid(page, tmp_path):
    (shown,) = (block for block in blocks(page, "yaml") if "fail_on:" in block)
    path = tmp_path / ".auditkit.yaml"
    path.write_text(shown)
    settings = read_config(path).settings
    # The names in it are those of rules, too.
    load_rules(params=settings["params"]).select((), settings["ignore"])


def test_every_pseudo_type_of_code_is_described():
    text = (DOCS / "pseudo-types.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"(?ms)^## `(\w+)`\n(.*?)(?=^## |\Z)", text))
    assert sections.keys() == PSEUDO_TYPES.keys() - {
        "plan",
        "state",
        "unread_module",
        *LIVE_TYPES,
    }
    # What providers and backends take is described by those who make them.
    arguments = {*S3_BACKEND, *PSEUDO_TYPES["terraform_backend"], *PSEUDO_TYPES["provider"]}
    arguments -= {"type", "name", "alias", "version", "root_module"}
    for kind, section in sections.items():
        expected = set(PSEUDO_TYPES[kind])
        if kind in OPEN_TYPES:
            expected -= arguments
        assert set(re.findall(r"(?m)^\| `(\w+)` \|", section)) == expected


def test_every_type_of_live_aws_alone_is_described():
    text = (DOCS / "live.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?m)^\| `(live_\w+)` \|", text)) == LIVE_TYPES


def test_rule_on_a_pseudo_type_works(tmp_path, capsys):
    text = (DOCS / "pseudo-types.md").read_text(encoding="utf-8")
    rule = tmp_path / "acme-modules-from-our-registry.yaml"
    rule.write_text(re.findall(r"```yaml\n(.*?)```", text, re.S)[0])
    assert main(["rules", "test", str(rule)]) == 0
    assert "2 examples" in capsys.readouterr().err
