"""Options that several commands share, and how configuration files stand in for them.

What the command line says goes before the environment (``AUDITKIT_<OPTION>``), that before
the project's file, that before the user's file, and that before the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from auditkit.config import SEVERITIES, find_config, read_config
from auditkit.errors import ConfigError
from auditkit.model import Value

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

CONTEXT_SETTINGS = {
    "help_option_names": ["-h", "--help"],
    "auto_envvar_prefix": "AUDITKIT",
    "max_content_width": 100,
}
"""Of every command: an option ``--fail-on`` is also ``AUDITKIT_FAIL_ON``."""

# Two keys whose values are merged name by name; of the others, the nearest word counts.
_MERGED = {"params": "param", "variables": "var"}
_PATHS = ("rules", "var_files")


class Configured(click.Command):
    """A command whose options also come from the configuration files."""

    def invoke(self, ctx: click.Context) -> Any:
        """What the callback returns, after the files have filled in what nobody else gave."""
        path, settings = read_settings(
            ctx.params.get("paths", ()),
            config=ctx.params.get("config"),
            no_config=bool(ctx.params.get("no_config")),
        )
        for key, value in settings.items():
            if key in _MERGED or key not in ctx.params:
                continue
            if ctx.get_parameter_source(key) is ParameterSource.DEFAULT:
                ctx.params[key] = _as_option(key, value)
        ctx.meta["auditkit.settings"] = settings
        ctx.meta["auditkit.config"] = path
        return super().invoke(ctx)


def configured_values(ctx: click.Context, key: str) -> Mapping[str, Any]:
    """``params`` or ``variables`` as the configuration files have them, merged."""
    settings: Mapping[str, Any] = ctx.meta.get("auditkit.settings", {})
    values: Mapping[str, Any] = settings.get(key, {})
    return values


def read_settings(
    paths: Sequence[Path], *, config: Path | None, no_config: bool
) -> tuple[Path | None, Mapping[str, Value]]:
    """The project's configuration file, and the settings of it and of the user's file, merged."""
    if no_config:
        if config is not None:
            raise ConfigError("--config and --no-config contradict each other")
        return None, {}
    settings: dict[str, Value] = {}
    user = _user_config()
    if user.is_file():
        settings = dict(read_config(user, confined=False).settings)
    start = paths[0] if paths else Path()
    path = config or find_config(start, working_directory=Path.cwd())
    if path is not None:
        settings = _merge(settings, read_config(path, name=display_path(path)).settings)
    return path, settings


def display_path(path: Path) -> str:
    """`path` as a message shows it: relative if it lies below the working directory."""
    here = Path.cwd()
    absolute = Path(os.path.abspath(path))
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else path)


def words(ctx: click.Context, parameter: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    """The words of an option that is repeated, or holds several with commas between them."""
    return tuple(word.strip() for item in value for word in item.split(",") if word.strip())


def assignments(
    ctx: click.Context, parameter: click.Parameter, value: Sequence[str]
) -> Mapping[str, str]:
    """Name to value for ``NAME=VALUE``; the last one of a name counts."""
    pairs: dict[str, str] = {}
    for item in value:
        name, equals, text = item.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{item!r} is not NAME=VALUE", ctx, parameter)
        pairs[name.strip()] = text
    return pairs


def config_options(command: Decorated) -> Decorated:
    """Adds the options that say which configuration file counts."""
    return apply(
        command,
        click.option(
            "--config",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Use this configuration file instead of the nearest .auditkit.yaml.",
        ),
        click.option("--no-config", is_flag=True, help="Read no configuration file."),
    )


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to colour; NO_COLOR and FORCE_COLOR are honoured.",
)
"""The option that says when to colour."""


def rule_options(command: Decorated) -> Decorated:
    """Adds the options that say which rules there are, and how they are tuned."""
    return apply(
        command,
        click.option(
            "--rules",
            multiple=True,
            metavar="DIR",
            type=click.Path(path_type=Path, exists=True),
            help="Load the rules of this directory or file, too.",
        ),
        click.option(
            "--builtin-rules/--no-builtin-rules",
            default=True,
            help="Load auditkit's own rules, or only those of --rules.",
        ),
        click.option(
            "--param",
            multiple=True,
            metavar="RULE.NAME=VALUE",
            callback=assignments,
            help="Set a rule's parameter.",
        ),
        click.option(
            "--params",
            metavar="FILE",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="Set the parameters in this YAML file (rule: {name: value}).",
        ),
    )


def selection_options(command: Decorated) -> Decorated:
    """Adds the options that choose among the rules."""
    return apply(
        command,
        click.option(
            "--select",
            multiple=True,
            metavar="RULE",
            callback=words,
            help="Only these rules: ids, aliases, categories or globs.",
        ),
        click.option(
            "--ignore",
            multiple=True,
            metavar="RULE",
            callback=words,
            help="Not these rules; goes before --select.",
        ),
        click.option(
            "--severity",
            type=click.Choice(SEVERITIES),
            help="Only rules of at least this severity.",
        ),
    )


def apply(command: Decorated, *decorators: Callable[[Decorated], Decorated]) -> Decorated:
    """`command` with these decorators, the first of them outermost."""
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def _as_option(key: str, value: Value) -> Any:
    if isinstance(value, list):
        return tuple(Path(str(item)) if key in _PATHS else item for item in value)
    return value


def _merge(below: Mapping[str, Value], above: Mapping[str, Value]) -> dict[str, Value]:
    """`above` over `below`; parameters and variables are merged name by name."""
    merged = {**below, **above}
    for key in _MERGED:
        lower, upper = below.get(key), above.get(key)
        if isinstance(lower, Mapping) and isinstance(upper, Mapping):
            merged[key] = _merge_names(lower, upper)
    return merged


def _merge_names(below: Mapping[str, Value], above: Mapping[str, Value]) -> dict[str, Value]:
    merged = {**below, **above}
    for name, upper in above.items():
        lower = below.get(name)
        if isinstance(lower, Mapping) and isinstance(upper, Mapping):
            merged[name] = {**lower, **upper}
    return merged


def _user_config() -> Path:
    """https://specifications.freedesktop.org/basedir-spec/latest/"""
    home = os.environ.get("XDG_CONFIG_HOME")
    directory = Path(home) if home else Path.home() / ".config"
    return directory / "auditkit" / "config.yaml"
