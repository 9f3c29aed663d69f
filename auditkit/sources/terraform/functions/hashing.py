"""base64sha…, bcrypt, md5, rsadecrypt, sha…, uuid, uuidv5.

https://developer.hashicorp.com/terraform/language/functions/sha256 and its neighbours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.signature import Function, number, text
from auditkit.sources.terraform.functions.text_encoding import encode_bytes


def hexadecimal(algorithm: str, data: bytes) -> str:
    """The digest in hexadecimal digits."""
    # Not for secrets: the digest is what the configuration asks for.
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def base64_digest(algorithm: str, data: bytes) -> str:
    """The digest in Base64."""
    return encode_bytes(hashlib.new(algorithm, data, usedforsecurity=False).digest())


def _of_text(digest: Callable[[str, bytes], str], algorithm: str) -> Function:
    return Function(lambda value: digest(algorithm, value.encode("utf-8")), (text("str"),))


def bcrypt(value: str, *cost: int) -> Unknown:
    """Not told: the salt is random."""
    return Unknown("`bcrypt()` is known only when Terraform runs")


def rsa_decrypt(ciphertext: str, private_key: str) -> Unknown:
    """Not told: what was encrypted is a secret."""
    return Unknown("`rsadecrypt()` gives a secret, which is not decrypted here", sensitive=True)


def random_uuid() -> Unknown:
    """Not told: it is random."""
    return Unknown("`uuid()` is known only when Terraform runs")


def named_uuid(namespace: str, name: str) -> str:
    """The UUID of version 5 for a name in a namespace."""
    import uuid

    spaces = {
        "dns": uuid.NAMESPACE_DNS,
        "oid": uuid.NAMESPACE_OID,
        "url": uuid.NAMESPACE_URL,
        "x500": uuid.NAMESPACE_X500,
    }
    space = spaces.get(namespace)
    if space is None:
        try:
            space = uuid.UUID(namespace)
        except ValueError:
            raise EvaluationError(f"uuidv5() doesn't support namespace {namespace}") from None
    return str(uuid.uuid5(space, name))


FUNCTIONS: Mapping[str, Function] = {
    "base64sha256": _of_text(base64_digest, "sha256"),
    "base64sha512": _of_text(base64_digest, "sha512"),
    "bcrypt": Function(bcrypt, (text("str"),), number("cost")),
    "md5": _of_text(hexadecimal, "md5"),
    "rsadecrypt": Function(rsa_decrypt, (text("ciphertext"), text("privatekey"))),
    "sha1": _of_text(hexadecimal, "sha1"),
    "sha256": _of_text(hexadecimal, "sha256"),
    "sha512": _of_text(hexadecimal, "sha512"),
    "uuid": Function(random_uuid),
    "uuidv5": Function(named_uuid, (text("namespace"), text("name"))),
}
