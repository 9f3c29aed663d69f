"""``auditkit iam-policy``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from auditkit.cli import output
from auditkit.cli.extras import needs_extra
from auditkit.cli.options import CONTEXT_SETTINGS, words

if TYPE_CHECKING:
    from auditkit.sources.aws.policies import Policy, Statement


@click.command("iam-policy", context_settings=CONTEXT_SETTINGS)
@click.option(
    "-f",
    "--format",
    type=click.Choice(["json", "terraform"]),
    default="json",
    show_default=True,
    help="A policy document, or data sources and resources of Terraform.",
)
@click.option(
    "--services",
    multiple=True,
    metavar="NAME",
    callback=words,
    help="Only for the types of these services, such as s3 or iam; by default, for all.",
)
@click.option(
    "--types",
    multiple=True,
    metavar="TYPE",
    callback=words,
    help="Only for these types, such as aws_s3_bucket.",
)
@click.option(
    "--deny-data/--no-deny-data",
    default=True,
    show_default=True,
    help="Forbid reads of data and secrets, whatever else the role is allowed; also those of"
    " states in S3, so read these with other credentials.",
)
@click.option(
    "--organization",
    is_flag=True,
    help="Allow to find the accounts of the organization as well.",
)
@click.option(
    "--assume",
    metavar="ROLE",
    default="",
    help="Allow to take the role of this name, in any account, as well.",
)
@click.option(
    "--partition",
    type=click.Choice(["aws", "aws-cn", "aws-us-gov"]),
    default="aws",
    show_default=True,
    help="The partition that ARNs are in.",
)
@click.option(
    "--part",
    type=click.IntRange(min=1),
    metavar="N",
    help="Of several policies, print the document of this one alone.",
)
def iam_policy(
    *,
    format: str,
    services: Sequence[str],
    types: Sequence[str],
    deny_data: bool,
    organization: bool,
    assume: str,
    partition: str,
    part: int | None,
) -> None:
    """Print the least that a live scan has to be allowed, as an IAM policy.

    It names each action that auditkit calls for the types that are asked for. IAM takes no more
    than 6,144 characters in a managed policy; what is longer becomes several policies, which
    belong to the same role. As JSON these are one object, name to document.
    """
    with needs_extra("aws", "iam-policy"):
        from auditkit.sources.aws.catalogue import choose_types
        from auditkit.sources.aws.policies import (
            MOST_CHARACTERS,
            Needs,
            document_of,
            least_privilege,
            length_of,
        )

    chosen = choose_types(services=services, types=types)
    needs = Needs(finds_accounts=organization, assumes=assume, partition=partition)
    policies = least_privilege(chosen.values(), needs, denies_data=deny_data)
    names = ["auditkit"]
    if len(policies) > 1:
        names = [f"auditkit-{number}" for number in range(1, len(policies) + 1)]
        total = sum(map(length_of, policies))
        output.note(
            f"{total:,} characters are too many for one managed policy, which has room for"
            f" {MOST_CHARACTERS:,}: attach all {len(policies)} policies to the same role"
        )
    if part is not None:
        if part > len(policies):
            raise click.BadParameter(f"there is no part {part} of {len(policies)}")
        names, policies = [names[part - 1]], (policies[part - 1],)
    if format == "terraform":
        output.write(_terraform(names, policies), None)
        return
    documents = {name: document_of(policy) for name, policy in zip(names, policies, strict=True)}
    document = documents if len(documents) > 1 else documents[names[0]]
    output.write([json.dumps(document, indent=2), "\n"], None)


def _terraform(names: Sequence[str], policies: Sequence[Policy]) -> Iterator[str]:
    """Pieces of a file as ``terraform fmt`` would lay it out."""
    for number, (name, policy) in enumerate(zip(names, policies, strict=True)):
        label = name.replace("-", "_")
        yield "\n" if number else ""
        yield f'data "aws_iam_policy_document" "{label}" {{\n'
        for place, statement in enumerate(policy):
            yield "\n" if place else ""
            yield from _block(statement)
        yield "}\n\n"
        yield f'resource "aws_iam_policy" "{label}" {{\n'
        yield f'  name        = "{name}"\n'
        yield '  description = "What auditkit reads"\n'
        yield f"  policy      = data.aws_iam_policy_document.{label}.json\n"
        yield "}\n"


def _block(statement: Statement) -> Iterator[str]:
    yield "  statement {\n"
    yield f'    sid    = "{statement.sid}"\n'
    yield f'    effect = "{statement.effect}"\n'
    for name, values in (("actions", statement.actions), ("resources", statement.resources)):
        yield f"    {name} = [\n"
        yield from (f'      "{value}",\n' for value in values)
        yield "    ]\n"
    yield "  }\n"
