from __future__ import annotations

import pytest

from auditkit.model import Unknown
from auditkit.redaction import MASK, is_secret_name, mask_text, mask_value, secret_spans

SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "master_password",
        "DB_PASSWD",
        "pwd",
        "secret",
        "client_secret",
        "secretKey",
        "authToken",
        "api_key",
        "apiKey",
        "AWS_SECRET_ACCESS_KEY",
        "private_key",
        "credentials",
        "connection_string",
        "key_material_base64",
        "spring.datasource.password",
    ],
)
def test_secret_names(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "name",
        "http_tokens",
        "secret_arn",
        "secretArn",
        "secret_id",
        "kms_key_id",
        "key_name",
        "password_length",
        "access_key_1_last_used",
        "root_access_key_2_last_rotated",
        "password_last_changed",
        "minimum_password_length",
        "password_reset_required",
        "max_password_age",
        "token_validity",
        "secret_recovery_window_in_days",
        "master_user_secret_kms_key_id",
        "passport",
        "password_reuse_prevention",
        "max_tokens",
        "creation_token",
        "dkim_tokens",
        "metadata_options.http_tokens",
        "token.actions.githubusercontent.com",
    ],
)
def test_names_that_only_speak_of_secrets(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "text",
    [
        'http_tokens = "optional"',
        "password = var.password",
        "password=var.password",
        "password = random_password.db.result",
        'password = "${var.password}"',
        'password = ""',
        "manage_master_user_password = true",
        "secret = data.aws_secretsmanager_secret.db.arn",
        'secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"',
        'url = "https://example.com/a:b@c"',
        'principals = ["arn:aws:iam::123456789012:root"]',
        'condition = var.token == "x" ? 1 : 2 # the AKIA of it',
        'variable "password" {\n  description = "the password"\n  type = string\n}\ndefault = "x"',
        'name = "DB_PASSWORD"\n\n\n\n\nvalue = "too far below"',
        'engine = "mysql"',
        '{ "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }',
        'secrets = [{ name = "DB_PASSWORD", valueFrom = "/prod/db" }]',
        'TOKEN=$(curl -H "X-ttl: 60" http://169.254.169.254/latest/api/token)',
        'resource "aws_ssm_parameter" "size" {\n  name = "size"\n}\nvalue = "x"',
    ],
)
def test_what_holds_no_secret_is_left_alone(text):
    assert mask_text(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f'password = "{SECRET}" # why', f'password = "{MASK}" # why'),
        (f'  password="{SECRET}"', f'  password="{MASK}"'),
        (f'password = "{SECRET}\\" more"', f'password = "{MASK}"'),
        (f'password = "a-${{f("x")}}-{SECRET}"', f'password = "{MASK}"'),
        (f'password = var.x ? "{SECRET}" : "b"', f'password = var.x ? "{MASK}" : "{MASK}"'),
        (f'{{ password = "{SECRET}", user = "me" }}', f'{{ password = "{MASK}", user = "me" }}'),
        (f'{{ DB_PASSWORD : "{SECRET}" }}', f'{{ DB_PASSWORD : "{MASK}" }}'),
        (f'"password": "{SECRET}",', f'"password": "{MASK}",'),
        (
            rf'x = "{{\"password\": \"{SECRET}\", \"user\": \"me\"}}"',
            rf'x = "{{\"password\": \"{MASK}\", \"user\": \"me\"}}"',
        ),
        (f'passwords = ["{SECRET}", "b"]', f'passwords = ["{MASK}", "{MASK}"]'),
        (f"  password: {SECRET} ", f"  password: {MASK} "),
        (f"export DB_PASSWORD={SECRET}", f"export DB_PASSWORD={MASK}"),
        (f'name = "DB_PASSWORD", value = "{SECRET}"', f'name = "DB_PASSWORD", value = "{MASK}"'),
        (
            f'name  = "DB_PASSWORD"\n    value = "{SECRET}"',
            f'name  = "DB_PASSWORD"\n    value = "{MASK}"',
        ),
        ("key = AKIAIOSFODNN7EXAMPLE", f"key = {MASK}"),
        ("ASIAIOSFODNN7EXAMPLE", MASK),
        ("ghp_0123456789abcdefghijABCDEFGHIJ012345", MASK),
        ("xoxb-0123456789-abcdefghij", MASK),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2ln", MASK),
        (f"postgres://me:{SECRET}@db/orders", f"postgres://{MASK}@db/orders"),
    ],
)
def test_secrets_are_masked(text, masked):
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        f"password = <<EOT\n{SECRET}\n  {SECRET} = 1\nEOT\n",
        f"password = <<-EOT\n{SECRET}\n  EOT\n",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
        f'secret_string = jsonencode({{\n  user = "me"\n  db   = "{SECRET}"\n}})',
        f'variable "db_password" {{\n  type = string\n  default = "{SECRET}"\n}}',
        f'variable "db_password" {{ default = "{SECRET}" }}',
        f'variable "signature" {{\n  default   = "{SECRET}"\n  sensitive = true\n}}',
        f'output "token" {{\n  value = "{SECRET}"\n}}',
        f'resource "aws_ssm_parameter" "db" {{\n  value = "{SECRET}"\n}}',
    ],
)
def test_secrets_are_masked_on_the_lines_below_their_name(text):
    masked = mask_text(text + '\nengine = "mysql"')
    assert SECRET not in masked
    assert MASK in masked
    assert masked.endswith('\nengine = "mysql"')


def test_spans_count_lines_from_1_and_are_exclusive():
    assert secret_spans('a = 1\npassword = "abc"\n') == {2: ((12, 15),)}


def test_values_are_masked_by_the_name_that_holds_them():
    assert mask_value(SECRET, "password") == MASK
    assert mask_value(SECRET, 'environment[0].variables["DB_PASSWORD"]') == MASK
    assert mask_value([SECRET, 1, True, None], "passwords") == [MASK, 1, True, None]
    assert mask_value(SECRET, "engine") == SECRET


def test_values_are_masked_at_any_depth():
    value = {
        "env": [{"name": "TOKEN", "value": SECRET}, {"name": "LEVEL", "value": "info"}],
        "secrets": {"a": SECRET, "b": {"c": SECRET}, "name": "DB_PASSWORD"},
        "password_length": "12",
        "user_data": f"export PASSWORD={SECRET}",
    }
    assert mask_value(value) == {
        "env": [{"name": "TOKEN", "value": MASK}, {"name": "LEVEL", "value": "info"}],
        "secrets": {"a": MASK, "b": {"c": MASK}, "name": "DB_PASSWORD"},
        "password_length": "12",
        "user_data": f"export PASSWORD={MASK}",
    }


def test_an_unknown_value_stays_unknown():
    unknown = Unknown("`var.password` has no value")
    assert mask_value(unknown, "password") is unknown


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000 + " AKIA",
        "password" * 40_000,
        "password=" * 40_000,
        'password = {"' * 20_000,
        'variable "password" {\ndefault = "' + '\\"' * 100_000,
        "://" * 100_000 + "@",
        " " * 300_000 + "secret",
        "eyJ" * 100_000,
    ],
)
def test_no_text_takes_long(text):
    mask_text(text)
