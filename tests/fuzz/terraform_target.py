"""What a fuzzer calls: Terraform code of any bytes is read and judged without an exception.

Run it for as long as you like, with a directory that keeps what it finds:

    python -m tests.fuzz.terraform_target -max_total_time=600 build/corpus
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["auditkit"]):
    from auditkit.engine import evaluate
    from auditkit.linking import link
    from auditkit.rulepack import load_rules
    from auditkit.sources.terraform.code import read_text
    from auditkit.sources.terraform.json_reader import read_json
    from auditkit.sources.terraform.reader import read_hcl

RULES = tuple(load_rules().rules.values())


def read(data: bytes) -> None:
    """Read `data` in each of the ways that files are read in, and judge what it says."""
    read_hcl(data, "main.tf")
    read_json(data, "main.tf.json")
    evaluate(RULES, link(read_text(data.decode("utf-8", "replace"))), keep_passes=True)


def main() -> None:
    """Fuzz with the options of libFuzzer on the command line."""
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
