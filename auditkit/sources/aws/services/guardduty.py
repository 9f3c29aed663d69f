"""GuardDuty: https://docs.aws.amazon.com/guardduty/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType, inside

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_guardduty_detector",
        # A region in which GuardDuty is off has none.
        listing=Call("guardduty:ListDetectors", take="DetectorIds"),
        id="Item",
        arn="text('arn:{}:guardduty:{}:{}:detector/{}', _partition, _region, _account, Item)",
        completing=(Call("guardduty:GetDetector", {"DetectorId": "Item"}, into="."),),
        attributes={
            "account_id": "_account",
            "datasources": "block(DataSources)[].{"
            "kubernetes: block(Kubernetes)[].{audit_logs: block(AuditLogs)[].{enable:"
            " Status == 'ENABLED'}},"
            " malware_protection: block(MalwareProtection)[].{scan_ec2_instance_with_findings:"
            " block(ScanEc2InstanceWithFindings)[].{ebs_volumes: block(EbsVolumes)[].{enable:"
            " Status == 'ENABLED'}}},"
            " s3_logs: block(S3Logs)[].{enable: Status == 'ENABLED'}}",
            "enable": "Status == 'ENABLED'",
        },
        tags="Tags",
        observed={
            "created": "CreatedAt",
            "features": "Features[].{name: Name, status: Status}",
            "updated": "UpdatedAt",
        },
    ),
    LiveType(
        "aws_guardduty_detector_feature",
        each="aws_guardduty_detector",
        # The sources that are always on are no features to Terraform.
        listing=inside(
            "Features[?Name != 'CLOUD_TRAIL' && Name != 'DNS_LOGS' && Name != 'FLOW_LOGS']"
        ),
        id="text('{}/{}', _parent._id, Name)",
        attributes={"detector_id": "_parent._id"},
    ),
)
