"""How a live resource type is declared: which calls tell it, and how the answers map.

A declaration is data.  Its expressions are JMESPath (https://jmespath.org), as in the ``--query``
of the AWS command line, with the functions of `auditkit.sources.aws.expressions`.

An expression looks at a record: the members of one listed item, and under the name of each
completing call what that call told.  A listed item that is a plain text, as a queue's URL is,
stands in the record as ``Item``.  Besides, every record has

===============  =======================================================================
``_account``     the account's number
``_region``      the region that the record was read in
``_partition``   ``aws``, ``aws-cn``, ``aws-us-gov`` …
``_parent``      the record of the parent, where the declaration has `LiveType.each`; or what
                 the item is listed in, where the listing takes ``inside(Tables, 'Routes')``
``_id``          what `LiveType.id` gave
``_arn``         what `LiveType.arn` gave
``_over``        the one of `Call.over` that the listing was made for
``_month``       the first day of this month; so ``_last_month`` and ``_month_before``
===============  =======================================================================

What a failed call would have told is not in the record: an expression that looks there gives an
`auditkit.model.Unknown` that names the IAM action.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Call:
    """One read of an AWS API; all its pages, if it has pages."""

    operation: str
    """The boto3 client and the API's name for it: ``kms:DescribeKey``; empty for `inside`."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Input member to an expression on the record; of a listing, on the parent's record."""
    over: str = ""
    """Of a listing: an expression on the parent's record; it is made for each of the elements.

    Its arguments, and its records, know the element as ``_over``.
    """
    pages: int = 0
    """How many pages are read at most, where the first ones tell enough; 0 for all."""
    take: str = "@"
    """The part of the answer that matters, an expression on it: ``KeyMetadata``.

    Of a listing: the items.  What is not a list counts as a list of one, null as an empty one.
    """
    into: str = ""
    """The record's member that the result becomes; by default the operation's name.

    ``.`` merges the members of the result into the record.
    """
    absent: tuple[str, ...] = ()
    """Error codes that say that there is none of it, which gives null: ``NoSuchTagSet``.

    Where a code says other things, too, with a part of its message:
    ``AccessDeniedException: Macie is not enabled``.
    """
    when: str = ""
    """An expression on the record; where it is false or null the call is not made: null.

    Of a listing, on the parent's record.
    """
    key: str = ""
    """Of a call for many records at once: an expression on each element of the result.

    Such a call tells of each record the list of the elements whose `key` equals the record's
    `by`.  Without `size` it is made once in a region, and its arguments are constants; where a
    listing asks the same, what it was answered is used.
    """
    by: str = ""
    """The expression on the record that `key` is compared with."""
    size: int = 0
    """How many records one call takes; its argument ``_batch`` is the list of their `by`."""
    starts: str = ""
    """An operation, asked before, that makes AWS prepare what this call then tells."""
    pending: tuple[str, ...] = ()
    """With `starts`: error codes that say that it is not prepared yet; it is asked again."""
    action: str = ""
    """The IAM action, if it is not the client's signing name and the operation's."""

    @property
    def client(self) -> str:
        """The name of the boto3 client: ``kms``."""
        return self.operation.partition(":")[0]

    @property
    def name(self) -> str:
        """The operation's name in the API: ``DescribeKey``."""
        return self.operation.partition(":")[2]

    @property
    def member(self) -> str:
        """The record's member that the result becomes; ``.`` is the record itself."""
        return self.into or self.name


@dataclass(frozen=True, slots=True)
class Metric:
    """A CloudWatch metric of an object, as one number over some days until now.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    """Dimension to an expression on the listed item."""
    statistic: str
    """``Sum``, ``Average``, ``Minimum`` or ``Maximum``, over the whole time."""
    days: int = 14
    percent_of: str = ""
    """An expression on the listed item: the number is told as percent of what it gives."""


@dataclass(frozen=True, slots=True)
class LiveType:
    """One resource type of the provider, as live AWS tells it.

    Attributes that nothing is said of are matched by name: ``kms_key_id`` with ``KmsKeyId`` of
    the listed item or of a call that is merged into it, in nested blocks, too.  What has no
    match is not collected, and Unknown to rules.
    """

    type: str
    """The provider's name for it.

    What the provider has no name for, but lists the records of other types, as Lambda's layers
    list their versions, has a name of its own without ``aws_``.
    """
    listing: Call
    id: str
    """The provider's id of the object."""
    identity: tuple[str, ...] = ()
    """The attributes that say which one it is, where the provider makes up the id."""
    arn: str = ""
    """The ARN, if it has one; the live address."""
    each: str = ""
    """The type whose every record the listing is made for; its arguments look at that record."""
    each_also: tuple[str, ...] = ()
    """More such types; their records are like those of `each`."""
    nests: bool = False
    """Whether the listing is made for each of its own records, too."""
    completing: tuple[Call, ...] = ()
    """What is asked of each record besides, in this order."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Attribute to an expression, where no member has the attribute's name.

    ``block.name`` is for a member of a nested block; its expression looks at the structure that
    the block is made of.  An expression that is a plain path to structures (``Rules``,
    ``GetX.Config[]``) makes a block whose members are matched by name in turn; one that makes
    mappings itself (``[{status: Status}]``) must use the provider's names.
    """
    uncollected: tuple[str, ...] = ()
    """Attributes that a member has the name of, but not the meaning; dotted for nested ones."""
    tags: str = ""
    """An expression for the tags, a map or AWS's list of pairs; sets ``tags`` and ``tags_all``."""
    only: str = ""
    """An expression; a record for which it is false or null is of another type."""
    owned_by_aws: str = ""
    """An expression; a record for which it is true belongs to AWS and is left out."""
    is_single: bool = False
    """Whether there is one in a region, or in the account if it is global.

    The provider may then make up its id, which says nothing about what it is.
    """
    is_global: bool = False
    """Whether it is listed once in an account, in the partition's home region."""
    region: str = ""
    """Of a global type whose objects live in regions: an expression for the record's region."""
    observed: Mapping[str, str] = field(default_factory=dict)
    """What only live AWS tells and the provider has no word for: name to an expression.

    Rules see it under ``observed``: ``observed.last_used``.
    """
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    """What CloudWatch measured, under ``observed``, too; null where there are no data.

    It costs money (a cent for a thousand metrics), so it is asked for only if a rule wants it.
    """

    @property
    def is_helper(self) -> bool:
        """Whether it is listed only for the sake of other types."""
        return not self.type.startswith(("aws_", "live_"))


def each_of(values: Sequence[str]) -> str:
    """The expression for a list of constants, as `Call.over` takes one."""
    return f"`{json.dumps(list(values))}`"


def inside(take: str) -> Call:
    """The listing of a type that needs no call: the parent's record tells it already.

    `take` is an expression on that record: ``AttachedManagedPolicies``.
    """
    return Call("", take=take)


def settled(created: str) -> str:
    """The condition for what only tells whether something is unused: it is older than a week.

    What is younger is still being set up, so no rule counts it as unused, and nothing is asked.
    """
    return f"before({created}, _week_ago)"


def of_settled(created: str) -> str:
    """What goes with ``&&`` before an expression on such an answer: Unknown of what is younger."""
    return f"({settled(created)} || untold('it is not asked of what is younger than a week'))"


def tagged(by: str = "_arn") -> Call:
    """The call that tells the tags of everything in a region at once, a hundred in a page.

    It is a member of `LiveType.completing`; `TAGS` is the expression for what it told.
    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    """
    return replace(_TAGGED, by=by)


_TAGGED = Call(
    "resourcegroupstaggingapi:GetResources",
    take="ResourceTagMappingList",
    key="ResourceARN",
    action="tag:GetResources",
)
TAGS = "GetResources[0].Tags"
"""The tags that `tagged` tells."""

METRIC_DATA = Call("cloudwatch:GetMetricData")
"""The call that tells `LiveType.metrics`."""
