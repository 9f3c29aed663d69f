"""The configuration inside a plan: which attributes are written, and what they refer to.

It names references but no expressions, knows no locals, and leaves ``dynamic`` blocks out.

https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence

from auditkit.model import Reference, Value
from auditkit.sources.terraform.addresses import call_path, caller_of, join
from auditkit.sources.terraform.documents import list_of, mapping_of, text_of

_MOST_REFERENCES = 100
"""Of one value; more say nothing to a rule."""

_TRAVERSAL = re.compile(
    r'(?P<head>(?:data\.)?[^\W\d][\w-]*\.[^\W\d][\w-]*(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?)'
    r"(?:\.(?P<attribute>[^\W\d][\w-]*))?"
)
_NO_RESOURCES = ("each.", "count.", "local.", "path.", "terraform.", "self.")


class Configuration:
    """What a plan says of the code that it was made of."""

    def __init__(self, document: Value, modules: Collection[str]) -> None:
        """`modules` are the addresses of the module instances that the plan has."""
        self._root = mapping_of(mapping_of(document).get("root_module"))
        self._modules: dict[tuple[str, ...], list[str]] = {}
        for module in sorted(modules):
            self._modules.setdefault(call_path(module), []).append(module)
        self._resources: dict[tuple[str, ...], Mapping[str, Mapping[str, Value]]] = {}

    def definitions(self) -> frozenset[str]:
        """The blocks of the root module: ``aws_s3_bucket.logs``, ``module.network``."""
        blocks = (mapping_of(each) for each in list_of(self._root.get("resources")))
        managed = (each for each in blocks if each.get("mode") != "data")
        named = [f"{text_of(each.get('type'))}.{text_of(each.get('name'))}" for each in managed]
        calls = mapping_of(self._root.get("module_calls"))
        return frozenset([*named, *(f"module.{name}" for name in calls)])

    def expressions(self, module: str, definition: str) -> Mapping[str, Value] | None:
        """The expressions of a resource block; ``None`` if the plan does not have it."""
        path = call_path(module)
        if path not in self._resources:
            blocks = (mapping_of(each) for each in list_of(self._module(path).get("resources")))
            self._resources[path] = {text_of(each.get("address")): each for each in blocks}
        block = self._resources[path].get(definition)
        return None if block is None else mapping_of(block.get("expressions"))

    def output(self, name: str) -> Mapping[str, Value]:
        """The expression of an output of the root module."""
        return mapping_of(
            mapping_of(mapping_of(self._root.get("outputs")).get(name)).get("expression")
        )

    def references(self, expression: Value, module: str) -> tuple[Reference, ...]:
        """The resources that an expression of a module instance refers to, through modules."""
        found: dict[Reference, None] = {}
        pending = deque((module, text) for text in _named(expression))
        seen = set(pending)
        while pending and len(found) < _MOST_REFERENCES:
            module, text = pending.popleft()
            if text.startswith(_NO_RESOURCES):
                continue
            if text.startswith(("var.", "module.")):
                for step in self._follow(module, text):
                    if step not in seen:
                        seen.add(step)
                        pending.append(step)
                continue
            match = _TRAVERSAL.match(text)
            if match is not None:
                found[Reference(join(module, match["head"]), match["attribute"] or "")] = None
        return tuple(found)

    def _follow(self, module: str, text: str) -> Iterator[tuple[str, str]]:
        """What a variable is given by the module's call, or what an output is made of."""
        path = call_path(module)
        kind, name = text.split(".")[:2]
        name = name.partition("[")[0]
        if kind == "var":
            if not path:
                return
            call = mapping_of(mapping_of(self._module(path[:-1]).get("module_calls")).get(path[-1]))
            caller = caller_of(module)
            for each in _named(mapping_of(call.get("expressions")).get(name)):
                yield caller, each
            return
        output = re.fullmatch(r"module\.[\w-]+(?:\[[^\]]*\])?\.([\w-]+)(?:[.\[].*)?", text)
        if output is None:
            return
        outputs = mapping_of(self._module((*path, name)).get("outputs"))
        expression = mapping_of(outputs.get(output[1])).get("expression")
        instances = [
            one for one in self._modules.get((*path, name), ()) if caller_of(one) == module
        ]
        for instance in instances or [join(module, f"module.{name}")]:
            for each in _named(expression):
                yield instance, each

    def _module(self, path: Sequence[str]) -> Mapping[str, Value]:
        module = self._root
        for name in path:
            calls = mapping_of(module.get("module_calls"))
            module = mapping_of(mapping_of(calls.get(name)).get("module"))
        return module


def find_expression(expressions: Mapping[str, Value], path: Sequence[str]) -> Value:
    """What is written at a path of names, in any of the blocks on the way.

    ``None`` where nothing is; an empty mapping where a ``dynamic`` block may have been, or
    where the value was written as a whole.
    """
    bodies = [expressions]
    for depth, name in enumerate(path):
        inner = [body[name] for body in bodies if name in body]
        if not inner:
            return None
        blocks = [each for one in inner for each in (one if isinstance(one, list) else [one])]
        bodies = [each for each in blocks if isinstance(each, Mapping)]
        if any(_is_expression(body) for body in bodies) or depth + 1 == len(path):
            return _join_references(bodies)
    return {}


def _is_expression(body: Mapping[str, Value]) -> bool:
    return not body or "references" in body or "constant_value" in body


def _join_references(bodies: Sequence[Mapping[str, Value]]) -> Mapping[str, Value]:
    references = [each for body in bodies for each in list_of(body.get("references"))]
    return {"references": references} if references else {}


def _named(expression: Value) -> list[str]:
    """The longest traversals that an expression names: Terraform lists their beginnings, too."""
    references = mapping_of(expression).get("references")
    texts = [text for text in list_of(references) if isinstance(text, str)][:_MOST_REFERENCES]
    return [
        text
        for text in dict.fromkeys(texts)
        if not any(other.startswith((f"{text}.", f"{text}[")) for other in texts)
    ]
