"""Certificate Manager: https://docs.aws.amazon.com/acm/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_acm_certificate",
        # Without key types, only certificates with RSA keys of 1,024 and 2,048 bits are listed.
        # https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
        listing=Call(
            "acm:ListCertificates",
            {
                "Includes": '{keyTypes: `["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096",'
                ' "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]`}'
            },
            take="CertificateSummaryList",
        ),
        id="CertificateArn",
        arn="CertificateArn",
        completing=(
            Call(
                "acm:DescribeCertificate", {"CertificateArn": "CertificateArn"}, take="Certificate"
            ),
            tagged(),
        ),
        attributes={
            **dict.fromkeys(
                ("certificate_body", "certificate_chain", "private_key"),
                # Only who imports a certificate has them.
                "Type == 'IMPORTED' && untold('it is not asked for') || `null`",
            ),
            "certificate_authority_arn": "DescribeCertificate.CertificateAuthorityArn",
            "domain_name": "DescribeCertificate.DomainName",
            "domain_validation_options": "Type == 'AMAZON_ISSUED' && DescribeCertificate"
            ".DomainValidationOptions[?ResourceRecord].{domain_name: DomainName,"
            " resource_record_name: ResourceRecord.Name,"
            " resource_record_type: ResourceRecord.Type,"
            " resource_record_value: ResourceRecord.Value} || `[]`",
            # The API's words for keys have a hyphen where its arguments have a low line.
            "key_algorithm": "replace(DescribeCertificate.KeyAlgorithm, 'RSA-', 'RSA_')",
            "not_after": "DescribeCertificate.NotAfter",
            "not_before": "DescribeCertificate.NotBefore",
            "options": "DescribeCertificate.Options",
            "renewal_eligibility": "DescribeCertificate.RenewalEligibility",
            "status": "DescribeCertificate.Status",
            "subject_alternative_names": "DescribeCertificate.SubjectAlternativeNames",
            "type": "DescribeCertificate.Type",
            "validation_method": "DescribeCertificate.DomainValidationOptions[0].ValidationMethod"
            " || (Type == 'AMAZON_ISSUED' && 'EMAIL' || 'NONE')",
        },
        tags=TAGS,
        observed={
            "created": "DescribeCertificate.CreatedAt || DescribeCertificate.ImportedAt",
            "expires": "DescribeCertificate.NotAfter",
            "failure_reason": "DescribeCertificate.FailureReason",
            "exportable": "ExportOption == 'ENABLED'",
            "exported": "Exported",
            "in_use": "InUse",
            "in_use_by": "DescribeCertificate.InUseBy",
            "issued": "DescribeCertificate.IssuedAt",
            "managed_by": "DescribeCertificate.ManagedBy",
            "renewal_status": "DescribeCertificate.RenewalSummary.RenewalStatus",
            "status": "DescribeCertificate.Status",
        },
    ),
)
