"""Amazon MQ: https://docs.aws.amazon.com/amazon-mq/latest/api-reference/welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

TYPES = (
    LiveType(
        "aws_mq_broker",
        listing=Call("mq:ListBrokers", take="BrokerSummaries"),
        id="BrokerId",
        arn="BrokerArn",
        completing=(Call("mq:DescribeBroker", {"BrokerId": "BrokerId"}, into="."),),
        attributes={
            "configuration": "Configurations.Current",
            "instances": "BrokerInstances[].{console_url: ConsoleURL, endpoints: Endpoints,"
            " ip_address: IpAddress}",
            "user": "Users",
        },
        tags="Tags",
        observed={"created": "Created", "state": "BrokerState"},
    ),
)
