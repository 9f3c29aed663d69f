from __future__ import annotations

from dataclasses import replace

import pytest

from auditkit.identity import definition_of
from auditkit.linking import link
from auditkit.model import Inventory, Location, Reference, Resource, Source, Unknown


def type_of(address):
    return definition_of(address).rpartition(".")[0].rpartition(".")[2]


def resource(address, id=None, doubt=None, source=Source.CODE, **attributes):
    kind = type_of(address)
    if isinstance(id, Unknown):
        attributes["id"], id = id, None
    return Resource(kind, address, attributes, id=id, doubt=doubt, source=source)


def graph_of(*resources, source=Source.CODE, covered=None):
    return link(Inventory(source, ".", tuple(resources), covered=covered))


def attribute(graph, address, name):
    return graph.resources[address].attribute(name)


def ref(address, attribute="id", *, present=True):
    return Unknown(
        f"`{address}.{attribute}` is known after apply",
        (Reference(address, attribute),),
        present=present,
    )


def choice(*addresses):
    return Unknown("`var.x` has no value", tuple(Reference(address, "id") for address in addresses))


NO_VALUE = Unknown("`var.bucket` has no value")
ENABLED = [{"status": "Enabled"}]


def bucket(name="b", **attributes):
    return resource(f"aws_s3_bucket.{name}", **attributes)


def versioning(join, name="v", status="Enabled", **attributes):
    return resource(
        f"aws_s3_bucket_versioning.{name}",
        bucket=join,
        versioning_configuration=[{"status": status}],
        **attributes,
    )


# Joining


@pytest.mark.parametrize(
    ("name", "join"),
    [
        (None, ref("aws_s3_bucket.b")),
        (None, ref("aws_s3_bucket.b", "bucket", present=False)),
        ("logs", "logs"),
        (NO_VALUE, NO_VALUE),
        (
            Unknown("`var.env` has no value", parts=(NO_VALUE, "-logs")),
            Unknown("`var.env` has no value", parts=(NO_VALUE, "-logs")),
        ),
    ],
)
def test_a_companion_is_joined_by_reference_or_by_an_equal_name(name, join):
    graph = graph_of(bucket(bucket=name), bucket("other", bucket="other"), versioning(join))
    assert attribute(graph, "aws_s3_bucket.b", "versioning") == ENABLED
    assert attribute(graph, "aws_s3_bucket.other", "versioning") is None


@pytest.mark.parametrize("source", [Source.STATE, Source.LIVE])
def test_a_companion_is_joined_by_id_outside_code(source):
    graph = graph_of(bucket(id="logs", bucket="logs"), versioning("logs", id="logs"), source=source)
    assert attribute(graph, "aws_s3_bucket.b", "versioning") == ENABLED


def test_a_queue_is_named_by_its_url():
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"
    graph = graph_of(
        resource("aws_sqs_queue.q", url=url, id=url),
        resource("aws_sqs_queue_policy.p", queue_url=url, policy="{}"),
        source=Source.STATE,
    )
    assert attribute(graph, "aws_sqs_queue.q", "policy") == "{}"


def test_an_unknown_join_makes_every_unmatched_target_unknown():
    graph = graph_of(
        bucket("a"), bucket("b"), versioning(ref("aws_s3_bucket.a")), versioning(NO_VALUE, "x")
    )
    assert attribute(graph, "aws_s3_bucket.a", "versioning") == ENABLED
    value = attribute(graph, "aws_s3_bucket.b", "versioning")
    assert isinstance(value, Unknown)
    assert value.cause == "`aws_s3_bucket_versioning.x` may configure it"


def test_an_unknown_join_adds_an_unknown_element_to_every_list_that_is_not_empty():
    rule = {"type": "ingress", "from_port": 22}
    graph = graph_of(
        resource("aws_security_group.a", ingress=[{"from_port": 443}]),
        resource("aws_security_group.b"),
        resource("aws_security_group_rule.r", security_group_id=NO_VALUE, **rule),
    )
    first, second = attribute(graph, "aws_security_group.a", "ingress")
    assert first == {"from_port": 443}
    assert isinstance(second, Unknown)
    # A list of one unknown element would certainly not be empty.
    assert isinstance(attribute(graph, "aws_security_group.b", "ingress"), Unknown)
    assert attribute(graph, "aws_security_group.b", "egress") is None


def test_what_may_be_added_to_an_unknown_list_leaves_it_unknown():
    graph = graph_of(
        resource("aws_security_group.g", ingress=NO_VALUE),
        resource("aws_security_group_rule.r", security_group_id=NO_VALUE, type="ingress"),
    )
    assert isinstance(attribute(graph, "aws_security_group.g", "ingress"), Unknown)


def test_what_stands_for_a_denied_listing_names_the_action_where_it_may_belong():
    denied = Unknown("route53:ListQueryLoggingConfigs was denied")
    stand_in = resource("aws_route53_query_log.any", zone_id=denied)
    graph = graph_of(resource("aws_route53_zone.z"), replace(stand_in, doubt=denied))
    value = attribute(graph, "aws_route53_zone.z", "query_log")
    assert isinstance(value, Unknown)
    assert denied.cause in value.cause


def test_a_join_to_something_else_leaves_ours_alone():
    graph = graph_of(bucket(), versioning(ref("data.aws_s3_bucket.other")), versioning("other"))
    assert attribute(graph, "aws_s3_bucket.b", "versioning") is None


def test_known_pieces_of_an_unknown_name_rule_targets_out():
    env = Unknown("`var.env` has no value")
    name = Unknown("`var.env` has no value", parts=(Unknown("other"), "-logs"))
    graph = graph_of(
        bucket("data", bucket=Unknown("`var.env` has no value", parts=(env, "-data"))),
        bucket("logs", bucket="prod-logs"),
        bucket("unnamed"),
        versioning(name),
    )
    assert attribute(graph, "aws_s3_bucket.data", "versioning") is None
    assert isinstance(attribute(graph, "aws_s3_bucket.logs", "versioning"), Unknown)
    assert isinstance(attribute(graph, "aws_s3_bucket.unnamed", "versioning"), Unknown)


def test_a_choice_between_buckets_is_a_doubt_about_both():
    graph = graph_of(
        bucket("a"), bucket("b"), versioning(choice("aws_s3_bucket.a", "aws_s3_bucket.b"))
    )
    for name in "ab":
        assert isinstance(attribute(graph, f"aws_s3_bucket.{name}", "versioning"), Unknown)


def test_a_bucket_may_be_named_through_another_companion():
    graph = graph_of(
        bucket(),
        resource("aws_s3_bucket_public_access_block.p", bucket=ref("aws_s3_bucket.b")),
        versioning(ref("aws_s3_bucket_public_access_block.p")),
    )
    assert attribute(graph, "aws_s3_bucket.b", "versioning") == ENABLED


def test_companions_that_name_each_other_end_nowhere():
    graph = graph_of(
        bucket(),
        versioning(ref("aws_s3_bucket_versioning.w"), "v"),
        versioning(ref("aws_s3_bucket_versioning.v"), "w"),
    )
    assert attribute(graph, "aws_s3_bucket.b", "versioning") is None


# Instances


def test_instances_are_joined_by_their_key():
    graph = graph_of(
        bucket('b["x"]'),
        bucket('b["y"]'),
        versioning(ref('aws_s3_bucket.b["x"]'), 'v["x"]', "Enabled"),
        versioning(ref('aws_s3_bucket.b["y"]'), 'v["y"]', "Suspended"),
    )
    assert attribute(graph, 'aws_s3_bucket.b["x"]', "versioning") == ENABLED
    assert attribute(graph, 'aws_s3_bucket.b["y"]', "versioning") == [{"status": "Suspended"}]


def test_a_reference_without_a_key_joins_instances_of_equal_keys_pairwise():
    whole = ref("aws_s3_bucket.b")
    graph = graph_of(
        bucket("b[0]"),
        bucket("b[1]"),
        versioning(whole, "v[0]", "Enabled"),
        versioning(whole, "v[1]", "Suspended"),
    )
    assert attribute(graph, "aws_s3_bucket.b[0]", "versioning") == ENABLED
    assert attribute(graph, "aws_s3_bucket.b[1]", "versioning") == [{"status": "Suspended"}]


def test_a_reference_without_a_key_to_other_instances_is_a_doubt():
    graph = graph_of(bucket("b[0]"), bucket("b[1]"), versioning(ref("aws_s3_bucket.b")))
    assert isinstance(attribute(graph, "aws_s3_bucket.b[0]", "versioning"), Unknown)


def test_an_instance_that_stands_for_all_takes_any_reference():
    graph = graph_of(bucket(), versioning(ref("aws_s3_bucket.b[0]")))
    assert attribute(graph, "aws_s3_bucket.b", "versioning") == ENABLED


def test_the_same_name_in_two_modules_is_the_nearer_one():
    graph = graph_of(
        resource('module.m["a"].aws_s3_bucket.b', bucket="logs"),
        resource('module.m["b"].aws_s3_bucket.b', bucket="logs"),
        resource(
            'module.m["b"].aws_s3_bucket_versioning.v',
            bucket="logs",
            versioning_configuration=ENABLED,
        ),
    )
    assert attribute(graph, 'module.m["a"].aws_s3_bucket.b', "versioning") is None
    assert attribute(graph, 'module.m["b"].aws_s3_bucket.b', "versioning") == ENABLED


def test_a_companion_that_may_not_exist_makes_the_attribute_unknown():
    doubt = Unknown("`var.versioned` has no value")
    graph = graph_of(bucket(), versioning(ref("aws_s3_bucket.b"), doubt=doubt))
    value = attribute(graph, "aws_s3_bucket.b", "versioning")
    assert isinstance(value, Unknown)
    assert "`aws_s3_bucket_versioning.v` may not exist" in value.cause


def test_a_companion_that_exists_whenever_its_bucket_does_is_no_doubt():
    graph = graph_of(
        bucket(doubt=Unknown("`var.create` has no value")),
        versioning(ref("aws_s3_bucket.b"), doubt=Unknown("`var.create` has no value")),
    )
    assert attribute(graph, "aws_s3_bucket.b", "versioning") == ENABLED


# Shapes


def test_a_companion_without_a_block_of_its_own_becomes_one():
    graph = graph_of(
        bucket(),
        resource(
            "aws_s3_bucket_public_access_block.p",
            bucket=ref("aws_s3_bucket.b"),
            id=Unknown("`id` is known after apply"),
            block_public_acls=True,
        ),
    )
    (block,) = attribute(graph, "aws_s3_bucket.b", "public_access_block")
    assert block["block_public_acls"] is True
    assert not {"id", "bucket"} & set(block)


@pytest.mark.parametrize(
    ("old", "name", "new"),
    [
        (
            {"versioning": [{"enabled": True, "mfa_delete": False}]},
            "versioning",
            [{"status": "Enabled", "mfa_delete": "Disabled"}],
        ),
        (
            {"versioning": [{"status": "Suspended"}]},
            "versioning",
            [{"status": "Suspended"}],
        ),
        (
            {"logging": [{"target_bucket": "logs"}]},
            "logging",
            [{"target_bucket": "logs"}],
        ),
        (
            {
                "lifecycle_rule": [
                    {
                        "id": "old",
                        "enabled": True,
                        "prefix": "tmp/",
                        "abort_incomplete_multipart_upload_days": 7,
                        "noncurrent_version_expiration": [{"days": 30}],
                    }
                ]
            },
            "lifecycle_rule",
            [
                {
                    "id": "old",
                    "status": "Enabled",
                    "prefix": "tmp/",
                    "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
                    "noncurrent_version_expiration": [{"noncurrent_days": 30}],
                }
            ],
        ),
        (
            {"grant": [{"type": "Group", "uri": "http://all", "permissions": ["READ"]}]},
            "access_control_policy",
            [
                {
                    "grant": [
                        {
                            "grantee": [{"id": None, "type": "Group", "uri": "http://all"}],
                            "permission": "READ",
                        }
                    ]
                }
            ],
        ),
        (
            {"website": [{"index_document": "index.html", "error_document": ""}]},
            "website",
            [{"index_document": [{"suffix": "index.html"}], "error_document": []}],
        ),
        (
            {
                "replication_configuration": [
                    {
                        "role": "r",
                        "rules": [
                            {
                                "status": "Enabled",
                                "destination": [{"bucket": "d", "replica_kms_key_id": "k"}],
                            }
                        ],
                    }
                ]
            },
            "replication_configuration",
            [
                {
                    "role": "r",
                    "rule": [
                        {
                            "status": "Enabled",
                            "destination": [
                                {
                                    "bucket": "d",
                                    "encryption_configuration": [{"replica_kms_key_id": "k"}],
                                }
                            ],
                        }
                    ],
                }
            ],
        ),
    ],
)
def test_old_inline_blocks_are_seen_in_the_new_shape(old, name, new):
    assert attribute(graph_of(bucket(**old)), "aws_s3_bucket.b", name) == new


def test_unknown_pieces_of_an_old_block_stay_unknown():
    graph = graph_of(bucket(versioning=[{"enabled": NO_VALUE}, NO_VALUE]))
    block, other = attribute(graph, "aws_s3_bucket.b", "versioning")
    assert block["status"] is NO_VALUE
    assert other is NO_VALUE


def test_a_companion_wins_over_what_a_state_says_of_the_bucket():
    graph = graph_of(
        bucket(id="b", versioning=[{"enabled": False}]), versioning("b"), source=Source.STATE
    )
    assert attribute(graph, "aws_s3_bucket.b", "versioning") == ENABLED


SSH = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}


@pytest.mark.parametrize(
    "rule",
    [
        resource(
            "aws_security_group_rule.r",
            security_group_id=ref("aws_security_group.g"),
            type="ingress",
            **SSH,
        ),
        resource(
            "aws_vpc_security_group_ingress_rule.r",
            security_group_id=ref("aws_security_group.g"),
            from_port=22,
            to_port=22,
            ip_protocol="tcp",
            cidr_ipv4="0.0.0.0/0",
        ),
    ],
)
def test_security_group_rules_have_the_shape_of_inline_ones(rule):
    graph = graph_of(resource("aws_security_group.g"), rule)
    (element,) = attribute(graph, "aws_security_group.g", "ingress")
    assert {name: value for name, value in element.items() if value is not None} == SSH
    assert attribute(graph, "aws_security_group.g", "egress") is None


def test_a_rule_of_unknown_direction_may_be_either():
    graph = graph_of(
        resource("aws_security_group.g"),
        resource(
            "aws_security_group_rule.r",
            security_group_id=ref("aws_security_group.g"),
            type=NO_VALUE,
            **SSH,
        ),
    )
    for direction in ("ingress", "egress"):
        assert attribute(graph, "aws_security_group.g", direction) is NO_VALUE


def test_inline_and_separate_rules_make_one_list_without_doubles():
    inline = {"from_port": 443}
    folded = dict.fromkeys(
        ("ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self", "description"), None
    )
    graph = graph_of(
        resource("aws_security_group.g", id="sg-0123456789abcdef0", ingress=[inline, SSH | folded]),
        resource(
            "aws_security_group_rule.r",
            security_group_id="sg-0123456789abcdef0",
            type="ingress",
            **SSH,
        ),
        source=Source.STATE,
    )
    assert attribute(graph, "aws_security_group.g", "ingress") == [inline, SSH | folded]


def test_network_acl_rules_are_inbound_unless_they_say_otherwise():
    rule = {"network_acl_id": ref("aws_network_acl.a"), "rule_number": 100, "rule_action": "allow"}
    graph = graph_of(
        resource("aws_network_acl.a"),
        resource("aws_network_acl_rule.in", **rule),
        resource("aws_network_acl_rule.out", egress=True, **rule),
    )
    for direction in ("ingress", "egress"):
        (element,) = attribute(graph, "aws_network_acl.a", direction)
        assert (element["rule_no"], element["action"]) == (100, "allow")


def test_attached_and_own_policies_make_one_list():
    graph = graph_of(
        resource("aws_iam_role.r", name="app", managed_policy_arns=["arn:own"]),
        resource("aws_iam_role_policy_attachment.a", role="app", policy_arn="arn:a"),
        resource("aws_iam_policy_attachment.b", roles=["app", "other"], policy_arn="arn:b"),
        resource("aws_iam_role_policy.p", role=ref("aws_iam_role.r"), name="p", policy="{}"),
    )
    assert attribute(graph, "aws_iam_role.r", "managed_policy_arns") == [
        "arn:own",
        "arn:a",
        "arn:b",
    ]
    assert attribute(graph, "aws_iam_role.r", "inline_policy") == [{"name": "p", "policy": "{}"}]


def test_settings_belong_to_the_stage_of_their_own_api():
    graph = graph_of(
        resource("aws_api_gateway_stage.a", stage_name="prod", rest_api_id=ref("api.a")),
        resource("aws_api_gateway_stage.b", stage_name="prod", rest_api_id=ref("api.b")),
        resource(
            "aws_api_gateway_method_settings.s",
            stage_name="prod",
            rest_api_id=ref("api.b"),
            settings=[{"metrics_enabled": True}],
        ),
    )
    assert attribute(graph, "aws_api_gateway_stage.a", "settings") is None
    (settings,) = attribute(graph, "aws_api_gateway_stage.b", "settings")
    assert settings["metrics_enabled"] is True


def test_what_aws_computes_from_companions_is_absent_without_them():
    computed = Unknown("`web_acl_arn` is known after apply")
    stage = resource("aws_api_gateway_stage.s", web_acl_arn=computed)
    assert attribute(graph_of(stage), "aws_api_gateway_stage.s", "web_acl_arn") is None
    denied = resource("aws_api_gateway_stage.s", web_acl_arn=computed, source=Source.LIVE)
    graph = graph_of(denied, source=Source.LIVE)
    assert attribute(graph, "aws_api_gateway_stage.s", "web_acl_arn") is computed


def test_a_redshift_companion_says_that_logging_is_on():
    graph = graph_of(
        resource("aws_redshift_cluster.c", cluster_identifier="c"),
        resource("aws_redshift_logging.l", cluster_identifier="c", bucket_name="logs"),
    )
    assert attribute(graph, "aws_redshift_cluster.c", "logging") == [
        {"bucket_name": "logs", "enable": True}
    ]


def test_a_type_with_two_names_is_one_type():
    graph = graph_of(
        resource("aws_alb.l"),
        resource(
            "aws_wafv2_web_acl_association.a",
            resource_arn=ref("aws_alb.l", "arn"),
            web_acl_arn="arn:acl",
        ),
    )
    assert attribute(graph, "aws_alb.l", "web_acl_arn") == "arn:acl"
    assert graph.types_like(["aws_alb"]) == graph.types_like(["aws_lb"]) == {"aws_lb"}


# Places


class Map:
    """A source map that tells what it was asked for, as a file name."""

    def __init__(self, name):
        self.name = name

    def locate(self, path):
        return Location(f"{self.name}:{'.'.join(map(str, path))}", 1, 1, 1, 2)

    def trace(self, path):
        return ()


def located(address, **attributes):
    name = address.rpartition(".")[2]
    return Resource(type_of(address), address, attributes, source_map=Map(name))


@pytest.mark.parametrize(
    ("resources", "path", "place"),
    [
        ([located("aws_s3_bucket.b")], ("tags", "Owner"), "b:tags.Owner"),
        ([located("aws_s3_bucket.b")], ("versioning", 0, "status"), "b:versioning.0.enabled"),
        (
            [
                located("aws_s3_bucket.b"),
                located(
                    "aws_s3_bucket_versioning.v",
                    bucket=ref("aws_s3_bucket.b"),
                    versioning_configuration=[{"status": "Suspended"}],
                ),
            ],
            ("versioning", 0, "status"),
            "v:versioning_configuration.0.status",
        ),
        (
            [
                located("aws_s3_bucket.b"),
                located(
                    "aws_s3_bucket_public_access_block.p",
                    bucket=ref("aws_s3_bucket.b"),
                    block_public_acls=False,
                ),
            ],
            ("public_access_block", 0, "block_public_acls"),
            "p:block_public_acls",
        ),
        (
            [
                located("aws_security_group.g", ingress=[{"from_port": 1}, {"from_port": 2}]),
                located(
                    "aws_vpc_security_group_ingress_rule.r",
                    security_group_id=ref("aws_security_group.g"),
                    cidr_ipv4="0.0.0.0/0",
                ),
            ],
            ("ingress", 2, "cidr_blocks", 0),
            "r:cidr_ipv4",
        ),
        (
            [
                located("aws_security_group.g", ingress=[{"from_port": 1}, {"from_port": 2}]),
                located(
                    "aws_vpc_security_group_ingress_rule.r",
                    security_group_id=ref("aws_security_group.g"),
                ),
            ],
            ("ingress", 1, "from_port"),
            "g:ingress.1.from_port",
        ),
        (
            [
                located("aws_iam_role.r"),
                located(
                    "aws_iam_role_policy_attachment.a",
                    role=ref("aws_iam_role.r"),
                    policy_arn="arn:x",
                ),
            ],
            ("managed_policy_arns", 0),
            "a:policy_arn",
        ),
        (
            [
                located("aws_api_gateway_stage.s", stage_name="prod"),
                located(
                    "aws_api_gateway_method_settings.m",
                    stage_name="prod",
                    settings=[{"metrics_enabled": False}],
                ),
            ],
            ("settings", 0, "metrics_enabled"),
            "m:settings.0.metrics_enabled",
        ),
    ],
)
def test_a_value_is_located_where_it_was_written(resources, path, place):
    graph = graph_of(*resources)
    assert graph.resources[resources[0].address].locate(path).file == place


def test_a_resource_without_a_source_map_has_its_own_place():
    place = Location("main.tf", 3, 1, 3, 9)
    graph = graph_of(Resource("aws_s3_bucket", "aws_s3_bucket.b", {}, location=place))
    assert graph.resources["aws_s3_bucket.b"].locate(("tags",)) == place
    assert graph.resources["aws_s3_bucket.b"].trace(("tags",)) == ()


# Neighbours


def addresses(neighbours):
    return [subject.resource.address for subject in neighbours.subjects]


@pytest.mark.parametrize(
    ("source", "value", "key"),
    [
        (Source.CODE, ref("aws_kms_key.k", "arn"), {}),
        (Source.STATE, "arn:aws:kms:eu-west-1:1:key/1", {"arn": "arn:aws:kms:eu-west-1:1:key/1"}),
        (Source.LIVE, "1234", {"key_id": "1234"}),
        (Source.CODE, ref("aws_kms_alias.a", "arn"), {}),
        (Source.STATE, "alias/k", {"arn": "arn:k"}),
    ],
)
def test_related_resources_are_found_by_what_names_them(source, value, key):
    graph = graph_of(
        resource("aws_sqs_queue.q", kms_master_key_id=value),
        resource("aws_kms_key.k", **key),
        resource(
            "aws_kms_alias.a",
            name="alias/k",
            target_key_id=key.get("arn") or ref("aws_kms_key.k", "key_id"),
        ),
        source=source,
    )
    related = graph.resources["aws_sqs_queue.q"].related(["aws_kms_key"], ("kms_master_key_id",))
    assert addresses(related) == ["aws_kms_key.k"]
    assert related.doubt is None


@pytest.mark.parametrize(
    ("value", "source", "covered", "doubted"),
    [
        (None, Source.CODE, None, False),
        ("", Source.STATE, None, False),
        (NO_VALUE, Source.CODE, None, True),
        (ref("data.aws_kms_key.k", "arn"), Source.CODE, None, True),
        ("alias/elsewhere", Source.CODE, None, True),
        ("alias/elsewhere", Source.STATE, None, True),
        ("alias/elsewhere", Source.LIVE, None, False),
        ("alias/elsewhere", Source.LIVE, frozenset({"aws_kms_key"}), False),
        ("alias/elsewhere", Source.LIVE, frozenset({"aws_sqs_queue"}), True),
    ],
)
def test_what_may_be_related_but_was_not_read_is_a_doubt(value, source, covered, doubted):
    graph = graph_of(
        resource("aws_sqs_queue.q", kms_master_key_id=value),
        resource("aws_kms_key.other", key_id="1"),
        source=source,
        covered=covered,
    )
    related = graph.resources["aws_sqs_queue.q"].related(["aws_kms_key"], ("kms_master_key_id",))
    assert related.subjects == ()
    assert (related.doubt is not None) is doubted


@pytest.mark.parametrize(
    ("arn", "cause"),
    [
        ("arn:aws:kms:eu-west-1:111111111111:key/gone", None),
        ("arn:aws:s3:::gone", None),
        ("arn:aws:kms:eu-west-1:222222222222:key/theirs", "is in another account"),
        ("arn:aws:kms:us-east-1:111111111111:key/far", "is in a region of which nothing was read"),
        ("web-1.eu-west-1.elb.amazonaws.com", None),
        ("d111111abcdef8.cloudfront.net", None),
        *(
            (host, "is in a region of which nothing was read")
            for host in (
                "web-1.us-east-1.elb.amazonaws.com",
                "net-1.elb.us-gov-west-1.amazonaws.com",
                "s3-website-us-east-1.amazonaws.com",
                "d-1.execute-api.cn-north-1.amazonaws.com.cn",
            )
        ),
    ],
)
def test_what_is_in_an_account_or_region_that_was_not_read_is_a_doubt(arn, cause):
    address = "arn:aws:sqs:eu-west-1:111111111111:q"
    queue = resource(address, "aws_sqs_queue", kms_master_key_id=arn)
    graph = link(
        Inventory(Source.LIVE, "111111111111", (queue,), covered=frozenset({"aws_kms_key"}))
    )
    related = graph.resources[address].related(["aws_kms_key"], ("kms_master_key_id",))
    assert related.subjects == ()
    assert getattr(related.doubt, "cause", None) == (f"`{arn}` {cause}" if cause else None)


def test_names_of_hosts_are_the_same_in_lower_case():
    graph = graph_of(
        resource("aws_route53_record.www", records=["web-1.eu-west-1.elb.amazonaws.com"]),
        resource("aws_elb.web", dns_name="Web-1.eu-west-1.elb.amazonaws.com"),
        source=Source.LIVE,
    )
    related = graph.resources["aws_route53_record.www"].related(["aws_elb"], ("records",))
    assert addresses(related) == ["aws_elb.web"]


def test_related_steps_through_lists_and_picks_elements():
    graph = graph_of(
        resource(
            "aws_eks_cluster.c",
            vpc_config=[
                {"security_group_ids": [ref("aws_security_group.a"), ref("aws_security_group.b")]}
            ],
        ),
        resource("aws_security_group.a"),
        resource("aws_security_group.b"),
    )
    cluster = graph.resources["aws_eks_cluster.c"]
    every = cluster.related(["aws_security_group"], ("vpc_config", "security_group_ids"))
    assert addresses(every) == ["aws_security_group.a", "aws_security_group.b"]
    second = cluster.related(["aws_security_group"], ("vpc_config", 0, "security_group_ids", 1))
    assert addresses(second) == ["aws_security_group.b"]


GROUP = resource("aws_security_group.g", id="sg-0123456789abcdef0", name="web")


@pytest.mark.parametrize(
    ("referrer", "types", "via"),
    [
        (
            resource("aws_instance.i", vpc_security_group_ids=[ref("aws_security_group.g")]),
            ["aws_instance"],
            ("vpc_security_group_ids",),
        ),
        (
            resource("aws_instance.i", vpc_security_group_ids=["sg-0123456789abcdef0"]),
            ["aws_*"],
            (),
        ),
        (
            resource(
                "aws_launch_template.i",
                network_interfaces=[{"security_groups": ["sg-0123456789abcdef0"]}],
            ),
            ["aws_instance", "aws_launch_template"],
            ("network_interfaces", "security_groups"),
        ),
        (resource("output.i", value={"id": ref("aws_security_group.g")}), ["output"], ()),
        (resource("output.i", value="sg-0123456789abcdef0"), ["*", "output"], ()),
        (
            resource(
                "aws_security_group.i",
                ingress=[{"security_groups": ["sg-0123456789abcdef0"]}],
            ),
            ["aws_security_group"],
            ("ingress", "security_groups"),
        ),
    ],
)
def test_referrers_are_found_in_code_and_by_value(referrer, types, via):
    graph = graph_of(GROUP, referrer)
    found = graph.resources["aws_security_group.g"].referrers(types, via)
    assert addresses(found) == [referrer.address]
    assert found.doubt is None


@pytest.mark.parametrize(
    "other",
    [
        resource("aws_instance.i", tags={"Name": "web"}, user_data="web"),
        resource("aws_instance.i", name="web", description="sg-0123456789abcdef0"),
        resource("aws_elasticache_cluster.i", engine="web"),
        # Another type, the same attribute.
        resource("aws_lb.i", vpc_security_group_ids=["sg-0123456789abcdef1"]),
        # Its own rule is no use of it.
        resource("aws_security_group_rule.i", security_group_id="sg-0123456789abcdef0"),
        resource("aws_security_group.g2", id="sg-1", name="web"),
    ],
)
def test_what_only_looks_like_a_reference_is_none(other):
    graph = graph_of(GROUP, other)
    found = graph.resources["aws_security_group.g"].referrers(["aws_*"], ())
    assert (found.subjects, found.doubt) == ((), None)


def test_a_known_name_in_a_map_in_camel_case_refers():
    queue = resource("aws_sqs_queue.q", name="orders")
    alarm = resource("aws_cloudwatch_metric_alarm.a", dimensions={"QueueName": "orders"})
    graph = link(Inventory(Source.CODE, ".", (queue, alarm)))
    found = graph.resources["aws_sqs_queue.q"].referrers(["aws_cloudwatch_metric_alarm"], ())
    assert addresses(found) == ["aws_cloudwatch_metric_alarm.a"]


def test_a_composite_alarm_refers_to_its_children_by_name():
    child = resource("aws_cloudwatch_metric_alarm.a", alarm_name="cpu")
    parent = resource("aws_cloudwatch_composite_alarm.a", observed={"alarms": ["cpu", "disk"]})
    graph = link(Inventory(Source.LIVE, "1", (child, parent)))
    found = graph.resources[child.address].referrers(["aws_cloudwatch_composite_alarm"], ())
    assert addresses(found) == [parent.address]


def test_an_alarm_refers_to_the_balancer_that_it_measures():
    balancer = resource("aws_lb.b", name="web", arn_suffix="app/web/0123456789abcdef")
    alarm = resource(
        "aws_cloudwatch_metric_alarm.a", dimensions={"LoadBalancer": "app/web/0123456789abcdef"}
    )
    graph = link(Inventory(Source.LIVE, "1", (balancer, alarm)))
    path = ("dimensions", "LoadBalancer")
    found = graph.resources[balancer.address].referrers(["aws_cloudwatch_metric_alarm"], path)
    assert addresses(found) == [alarm.address]


def test_a_glob_means_no_pseudo_types():
    graph = graph_of(GROUP, resource("output.i", value=ref("aws_security_group.g")))
    assert graph.resources["aws_security_group.g"].referrers(["*"], ()).subjects == ()


def test_companions_count_as_referrers_when_asked_for_by_name():
    rule = resource("aws_security_group_rule.r", security_group_id=ref("aws_security_group.g"))
    group = graph_of(GROUP, rule).resources["aws_security_group.g"]
    assert addresses(group.referrers(["aws_security_group_rule"], ())) == [
        "aws_security_group_rule.r"
    ]


def test_a_group_that_names_itself_is_not_used():
    graph = graph_of(
        resource(
            "aws_security_group.g", egress=[{"security_groups": [ref("aws_security_group.g")]}]
        )
    )
    assert graph.resources["aws_security_group.g"].referrers(["aws_*"], ()).subjects == ()


def test_rules_of_another_group_make_it_a_referrer():
    graph = graph_of(
        GROUP,
        resource("aws_security_group.db"),
        resource(
            "aws_vpc_security_group_ingress_rule.r",
            security_group_id=ref("aws_security_group.db"),
            referenced_security_group_id=ref("aws_security_group.g"),
        ),
    )
    group = graph.resources["aws_security_group.g"]
    found = group.referrers(["aws_security_group"], ("ingress", "security_groups"))
    assert addresses(found) == ["aws_security_group.db"]


def test_an_unknown_value_where_a_referrer_names_things_is_a_doubt():
    graph = graph_of(GROUP, resource("aws_instance.i", vpc_security_group_ids=NO_VALUE))
    group = graph.resources["aws_security_group.g"]
    assert group.referrers(["aws_instance"], ("vpc_security_group_ids",)).doubt is NO_VALUE
    assert group.referrers(["aws_lb"], ("security_groups",)).doubt is None


def test_a_choice_between_two_is_a_doubt_and_no_referrer():
    either = choice("aws_security_group.g", "aws_security_group.h")
    graph = graph_of(
        GROUP,
        resource("aws_security_group.h"),
        resource("aws_instance.i", vpc_security_group_ids=either),
    )
    found = graph.resources["aws_security_group.g"].referrers(["aws_instance"], ())
    assert (found.subjects, found.doubt) == ((), either)


def test_a_referrer_that_may_not_exist_is_a_doubt():
    doubt = Unknown("`var.instances` has no value")
    graph = graph_of(
        GROUP,
        resource(
            "aws_instance.i", doubt=doubt, vpc_security_group_ids=[ref("aws_security_group.g")]
        ),
    )
    found = graph.resources["aws_security_group.g"].referrers(["aws_instance"], ())
    assert found.subjects == ()
    assert found.doubt.cause == "`aws_instance.i` may not exist: `var.instances` has no value"


@pytest.mark.parametrize(
    "value", ["alias/aws/sqs", "arn:aws:kms:eu-west-1:123456789012:alias/aws/sqs"]
)
def test_keys_of_aws_are_nobody_s_resource(value):
    graph = graph_of(resource("aws_sqs_queue.q", kms_master_key_id=value))
    related = graph.resources["aws_sqs_queue.q"].related(["aws_kms_key"], ("kms_master_key_id",))
    assert (related.subjects, related.doubt) == ((), None)


@pytest.mark.parametrize(
    ("target", "resource_id"),
    [
        (resource("aws_dynamodb_table.x", name="orders"), "table/orders"),
        (resource("aws_dynamodb_table.x", name="orders"), "table/orders/index/by-date"),
        (resource("aws_ecs_service.x", name="orders"), "service/main/orders"),
    ],
)
def test_a_scalable_target_names_what_it_scales(target, resource_id):
    scaling = resource("aws_appautoscaling_target.t", resource_id=resource_id)
    graph = graph_of(target, scaling)
    found = graph.resources[target.address].referrers(["aws_appautoscaling_target"], ())
    assert addresses(found) == ["aws_appautoscaling_target.t"]


def test_what_uses_an_alias_uses_its_key():
    graph = graph_of(
        resource("aws_kms_key.k"),
        resource("aws_kms_alias.a", target_key_id=ref("aws_kms_key.k", "key_id")),
        resource("aws_sqs_queue.q", kms_master_key_id=ref("aws_kms_alias.a", "arn")),
    )
    found = graph.resources["aws_kms_key.k"].referrers(["aws_*"], ())
    assert addresses(found) == ["aws_kms_alias.a", "aws_sqs_queue.q"]


# Companions on their own


OPEN = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}


def test_rule_of_a_group_elsewhere_shows_what_it_would_fill():
    graph = graph_of(
        resource("aws_security_group_rule.r", security_group_id="sg-1", type="ingress", **OPEN),
    )
    (block,) = attribute(graph, "aws_security_group_rule.r", "ingress")
    assert block["cidr_blocks"] == ["0.0.0.0/0"]
    assert attribute(graph, "aws_security_group_rule.r", "egress") is None


def test_rule_of_unknown_direction_may_show_either():
    unknown = Unknown("`var.type` has no value")
    graph = graph_of(
        resource("aws_security_group_rule.r", security_group_id="sg-1", type=unknown, **OPEN),
    )
    assert isinstance(attribute(graph, "aws_security_group_rule.r", "ingress"), Unknown)
    assert isinstance(attribute(graph, "aws_security_group_rule.r", "egress"), Unknown)


def test_companion_keeps_an_attribute_of_its_own_of_that_name():
    graph = graph_of(resource("aws_network_acl_rule.r", network_acl_id="acl-1", egress=True))
    assert attribute(graph, "aws_network_acl_rule.r", "egress") is True
    assert attribute(graph, "aws_network_acl_rule.r", "ingress") is None


def test_a_name_means_the_nearer_one_of_each_type():
    logs = [resource(f"module.{name}.aws_s3_bucket.logs", bucket="logs") for name in ("a", "b")]
    role = resource("module.b.aws_iam_role.logs", name="logs")
    user = resource("module.b.aws_instance.user", target_bucket="logs", source_role="logs")
    far = resource("aws_instance.far", target_bucket="logs", source_role="logs")
    graph = graph_of(*logs, role, user, far)

    def named(address, kind, via):
        found = graph.related(graph.resources[address], [kind], (via,))
        return [one.resource.address for one in found.subjects]

    assert named(user.address, "aws_s3_bucket", "target_bucket") == [logs[1].address]
    assert named(user.address, "aws_iam_role", "source_role") == [role.address]
    assert named(far.address, "aws_s3_bucket", "target_bucket") == [one.address for one in logs]
    assert named(far.address, "aws_iam_role", "source_role") == [role.address]
    referrers = graph.referrers(graph.resources[logs[0].address], ["aws_instance"], ())
    assert [one.resource.address for one in referrers.subjects] == [far.address]


def test_a_module_that_was_not_read_may_use_and_configure_what_it_is_given():
    bucket = resource("aws_s3_bucket.b")
    given = {"buckets": [ref("aws_s3_bucket.b")]}
    unread = Resource("unread_module", "unread_module.module.m", given)
    graph = link(Inventory(Source.CODE, ".", (bucket, unread)))
    linked = graph.resources["aws_s3_bucket.b"]
    found = linked.referrers(["aws_*"], ())
    assert found.subjects == ()
    assert found.doubt is not None
    assert found.doubt.cause == "`module.m` was not read, and may use it"
    versioning = linked.attribute("versioning")
    assert isinstance(versioning, Unknown)
    assert versioning.cause == "`module.m` was not read, and may configure it"


KEY = "arn:aws:kms:eu-west-1:1:key/k"


def live(address, **attributes):
    type = attributes.pop("type")
    return Resource(type, address, attributes, Source.LIVE, id=attributes.get("id"))


GAPS = [
    ({}, None, ["aws_ebs_volume"], None),
    ({}, frozenset({"aws_ebs_volume"}), ["aws_ebs_volume"], None),
    ({}, frozenset({"aws_kms_key"}), ["aws_ebs_volume"], "`aws_ebs_volume` was not listed"),
    ({"aws_ebs_volume": Unknown("denied")}, None, ["aws_ebs_volume"], "denied"),
    ({"aws_ebs_volume": Unknown("denied")}, None, ["aws_ebs_*"], "denied"),
    ({"aws_ebs_volume": Unknown("denied")}, None, ["aws_instance"], None),
]


@pytest.mark.parametrize(("gaps", "covered", "types", "cause"), GAPS)
def test_a_type_that_was_not_listed_may_be_what_is_named(gaps, covered, types, cause):
    alarm = live("arn:alarm", type="aws_cloudwatch_metric_alarm", dimensions={"VolumeId": "vol-1"})
    graph = link(Inventory(Source.LIVE, "1", (alarm,), covered=covered, gaps=gaps))
    doubt = graph.resources["arn:alarm"].related(types, ("dimensions", "VolumeId")).doubt
    assert (None if doubt is None else doubt.cause) == cause


@pytest.mark.parametrize(("gaps", "covered", "types", "cause"), GAPS)
def test_a_type_that_was_not_listed_may_hold_a_referrer(gaps, covered, types, cause):
    if covered is not None:
        covered |= {"aws_kms_alias"}
    key = live(KEY, type="aws_kms_key", id="k", arn=KEY)
    graph = link(Inventory(Source.LIVE, "1", (key,), covered=covered, gaps=gaps))
    doubt = graph.resources[KEY].referrers(types, ()).doubt
    assert (None if doubt is None else doubt.cause) == cause


@pytest.mark.parametrize(
    ("type", "gaps", "covered", "cause"),
    [
        ("aws_kms_key", {}, frozenset({"aws_ebs_volume", "aws_kms_alias"}), None),
        ("aws_kms_key", {}, frozenset({"aws_ebs_volume"}), "`aws_kms_alias` was not listed"),
        ("aws_kms_key", {"aws_kms_alias": Unknown("denied")}, None, "denied"),
        ("aws_iam_role", {"aws_iam_instance_profile": Unknown("denied")}, None, "denied"),
        ("aws_iam_user", {"aws_iam_instance_profile": Unknown("denied")}, None, None),
    ],
)
def test_what_names_an_alias_that_was_not_listed_may_mean_it(type, gaps, covered, cause):
    named = live("arn:x", type=type, id="k", arn="arn:x")
    volume = live("arn:v", type="aws_ebs_volume", id="vol-1", kms_key_id="alias/app")
    graph = link(Inventory(Source.LIVE, "1", (named, volume), covered=covered, gaps=gaps))
    doubt = graph.resources["arn:x"].referrers(["aws_ebs_volume"], ()).doubt
    assert (None if doubt is None else doubt.cause) == cause


STOPPED = Unknown("the run was interrupted")
REFUSED = Unknown("s3:GetBucketVersioning was denied in eu-west-1")


@pytest.mark.parametrize(
    ("gap", "versioning"),
    [
        # Who was asked before the interruption has said it; of the others it is not known.
        (STOPPED, {"read": "Enabled", "refused": REFUSED, "other": STOPPED}),
        # The one refusal is the whole gap.
        (REFUSED, {"read": "Enabled", "refused": REFUSED, "other": None}),
    ],
)
def test_companions_that_nobody_came_to_list_may_say_anything(gap, versioning):
    buckets = [
        live(f"arn:aws:s3:::{name}", type="aws_s3_bucket", id=name, bucket=name)
        for name in versioning
    ]
    read = live(
        "versioning/read",
        type="aws_s3_bucket_versioning",
        bucket="read",
        versioning_configuration=[{"status": "Enabled"}],
    )
    refused = Resource(
        "aws_s3_bucket_versioning",
        "versioning/refused",
        {"bucket": "refused", "versioning_configuration": REFUSED},
        Source.LIVE,
        doubt=REFUSED,
    )
    gaps = {"aws_s3_bucket_versioning": gap}
    graph = link(Inventory(Source.LIVE, "1", (*buckets, read, refused), gaps=gaps))
    for name, expected in versioning.items():
        value = graph.resources[f"arn:aws:s3:::{name}"].attribute("versioning")
        if isinstance(expected, Unknown):
            assert isinstance(value, Unknown)
            assert value.cause.endswith(expected.cause)
        elif expected is None:
            assert not value
        else:
            assert value[0]["status"] == expected


def test_what_could_not_be_read_of_two_live_resources_does_not_join_them():
    unread = Unknown("not collected")
    group = live("arn:aws:ec2:eu-west-1:1:security-group/sg-1", type="aws_security_group")
    group = replace(group, attributes={"name": unread})
    other = live("arn:aws:ec2:eu-west-1:1:instance/i-1", type="aws_instance")
    other = replace(other, attributes={"security_groups": [unread]})
    graph = link(Inventory(Source.LIVE, "1", (group, other)))
    linked = graph.resources[group.address]
    assert not linked.referrers(["aws_instance"], ()).subjects
    assert graph.resources[other.address].related(["aws_security_group"], ("name",)).doubt is None


def test_a_live_name_means_the_resource_of_its_own_region():
    groups = [
        live(f"aws_x/1/{region}/default", type="aws_db_subnet_group", name="default")
        for region in ("eu-west-1", "us-east-1")
    ]
    database = live(
        "arn:aws:rds:us-east-1:1:db:d", type="aws_db_instance", db_subnet_group_name="default"
    )
    graph = link(Inventory(Source.LIVE, "1", (*groups, database)))
    related = graph.resources[database.address].related(
        ["aws_db_subnet_group"], ("db_subnet_group_name",)
    )
    assert addresses(related) == ["aws_x/1/us-east-1/default"]
    near, far = graph.resources[groups[1].address], graph.resources[groups[0].address]
    assert near.referrers(["aws_db_instance"], ()).subjects
    assert not far.referrers(["aws_db_instance"], ()).subjects
