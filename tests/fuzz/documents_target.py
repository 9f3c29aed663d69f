"""What a fuzzer calls: plans and states of any content are refused or judged, nothing else.

Half of the changes are made to the document, so that they get past the parser of JSON; the
fuzzer sees what each leads to and keeps what is new.  Run it for as long as you like, with a
directory that keeps what it finds:

    python -m tests.fuzz.documents_target -max_total_time=600 build/corpus
"""

from __future__ import annotations

import io
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping

import atheris

with atheris.instrument_imports(include=["auditkit"]):
    from auditkit.engine import evaluate
    from auditkit.errors import SourceError
    from auditkit.linking import link
    from auditkit.model import Inventory, Value
    from auditkit.rulepack import load_rules
    from auditkit.sources.terraform.documents import read_document
    from auditkit.sources.terraform.plan import parse_plan
    from auditkit.sources.terraform.state import parse_state

RULES = tuple(load_rules().rules.values())
PARSERS: tuple[Callable[[Mapping[str, Value]], Inventory], ...] = (parse_plan, parse_state)
SCRAPS: tuple[object, ...] = (None, True, 0, -1, 1e300, "", "x", 'module.a["', [], [None], {})


def read(data: bytes) -> None:
    """Read `data` as either kind of document, and judge what it says."""
    for parse in PARSERS:
        try:
            inventory = parse(read_document(io.BytesIO(data), "document.json"))
        except SourceError:
            continue
        evaluate(RULES, link(inventory), keep_passes=True)


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """The document with a node replaced, removed or moved, or with changed bytes."""
    chance = random.Random(seed)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    places = list(nodes(document)) if isinstance(document, (dict, list)) else []
    if not places or chance.random() < 0.5:
        return bytes(atheris.Mutate(data, most))
    holder, key = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0:
        del holder[key]
    elif kind == 1:
        holder[key] = chance.choice(SCRAPS)
    elif kind == 2 and isinstance(holder[key], str):
        changed = atheris.Mutate(holder[key].encode("utf-8", "replace"), len(holder[key]) + 20)
        holder[key] = changed.decode("utf-8", "replace")
    else:
        other, place = chance.choice(places)
        # A copy, for it may lie inside of what it is taken from.
        holder[key] = json.loads(json.dumps(other[place]))
    changed = json.dumps(document).encode()
    return changed if len(changed) <= most else data[:most]


def nodes(document: object) -> Iterator[tuple[dict | list, str | int]]:
    """Every node that can be replaced: what holds it, and where."""
    pending = [document]
    while pending:
        holder = pending.pop()
        if not isinstance(holder, (dict, list)):
            continue
        for key in holder if isinstance(holder, dict) else range(len(holder)):
            yield holder, key
            pending.append(holder[key])


def main() -> None:
    """Fuzz with the options of libFuzzer on the command line."""
    atheris.Setup(sys.argv, read, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
