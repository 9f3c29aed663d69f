"""What an expression is worth: a value, or `Unknown` with the cause.

Values are those of `values`: null is ``None``, whole numbers are ``int``, other numbers
`Decimal`, objects and maps are dicts with sorted keys.  What a program gets wrong (a missing
attribute, a failed conversion) raises `EvaluationError`; what can't be known is `Unknown`.

Nothing here runs code of the configuration: the tree is interpreted, and functions come from
an explicit table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Protocol

from auditkit.model import Unknown
from auditkit.sources.terraform import arithmetic, syntax
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions import FunctionContext, call_function
from auditkit.sources.terraform.metering import METER
from auditkit.sources.terraform.reader import read_expression
from auditkit.sources.terraform.types import (
    ListType,
    MapType,
    ObjectType,
    SetType,
    Type,
    unify_values,
    unify_with_type,
)
from auditkit.sources.terraform.values import (
    ListValue,
    MapValue,
    Sensitive,
    SetValue,
    combine_unknowns,
    deep_unmark,
    equal,
    join_template,
    plain,
    to_bool,
    to_number,
    to_string,
)

MAX_STEPS = 3_000_000
"""Steps of a microsecond or two that the evaluation of one root module may take.

A step is an operation, an iteration, a call, or the handling of a few elements or a thousand
characters.  A configuration that needs more is an attack.
"""

MAX_INSTANCES = 20_000
"""Resources, data sources and modules of one root module, instance by instance."""

MAX_VALUES = 2_000_000
"""Elements of all attributes of one root module, those of their elements included."""

MAX_TEXT = 10_000_000
"""Characters of one string, as Terraform itself limits what a provider is sent."""

MAX_ELEMENTS = 500_000
"""Elements of one local value, those of its elements included."""

MAX_NESTING = 200
"""How deep a value may be nested."""

# Terraform's values are dynamic, and so are ours until they leave the evaluator.
Evaluated = Any


class Session:
    """What the evaluation of one root module shares: limits, and whether marks occur."""

    __slots__ = ("_sizes", "exceeded", "instances", "marked", "steps", "values")

    def __init__(self) -> None:
        self.steps = 0
        self.instances = 0
        self.values = 0
        self.exceeded = ""
        """Which limit of the whole was reached, in words; empty as long as none was."""
        self._sizes: dict[int, tuple[Evaluated, int]] = {}
        self.marked = False
        """Whether any value so far is sensitive; until then nothing looks for marks."""

    def step(self, count: int = 1) -> None:
        """Account for `count` iterations.  Raises `TooLargeError` beyond `MAX_STEPS`."""
        self.steps += count
        if self.steps > MAX_STEPS:
            self.exceeded = "the configuration takes too many steps to evaluate"
            raise TooLargeError(self.exceeded)

    def charge(self, value: Evaluated) -> None:
        """Account for a pass over a value.  Raises `TooLargeError` beyond `MAX_STEPS`."""
        kind = type(value)
        if kind is str:
            if len(value) >= _CHARACTERS_PER_STEP:
                self.step(len(value) // _CHARACTERS_PER_STEP)
        elif kind in _COLLECTIONS:
            most = (MAX_STEPS - self.steps) * _ELEMENTS_PER_STEP
            self.step(count_elements(value, most) // _ELEMENTS_PER_STEP)

    def take_instances(self, count: int) -> bool:
        """Account for instances, if there is room for so many."""
        if self.instances + count > MAX_INSTANCES:
            return False
        self.instances += count
        return True

    def take_value(self, value: Evaluated) -> None:
        """Account for a value of an attribute.  Raises `TooLargeError` beyond `MAX_VALUES`."""
        self.values += count_elements(value, MAX_VALUES - self.values)
        if self.values > MAX_VALUES:
            self.exceeded = "the values of all resources together are too large"
            raise TooLargeError(self.exceeded)

    def take_copies(self, instances: int, values: int) -> bool:
        """Account for copies of instances with so many values, if there is room for them."""
        if self.values + values > MAX_VALUES or not self.take_instances(instances):
            return False
        self.values += values
        return True

    def measure(self, value: Evaluated) -> None:
        """Account for a value that others will be made of, elements of elements included.

        A few nested locals can stand for more elements than any memory holds.
        Raises `TooLargeError` beyond `MAX_ELEMENTS`.
        """
        if isinstance(value, (list, dict, SetValue)) and self._size(value, 0) > MAX_ELEMENTS:
            raise TooLargeError("the value has too many elements to evaluate")

    def _size(self, value: Evaluated, depth: int) -> int:
        if isinstance(value, str):
            return 1 + len(value) // 100
        if isinstance(value, dict):
            members = list(value.values())
        elif isinstance(value, (list, SetValue)):
            members = list(value)
        else:
            return 1
        known = self._sizes.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        if depth > MAX_NESTING:
            raise TooLargeError("the value is nested too deeply to evaluate")
        size = 1 + sum(self._size(member, depth + 1) for member in members)
        # The value is kept beside its size, so that no other can take its identity.
        self._sizes[id(value)] = (value, size)
        return size


def count_elements(value: Evaluated, most: int) -> int:
    """The elements in `value`, at any depth; it stops to count beyond `most`.

    A text counts as one for each hundred characters.
    """
    count = 1
    pending = [value]
    while pending and count <= most:
        members = pending.pop()
        if isinstance(members, dict):
            members = members.values()
        elif type(members) is Sensitive:
            pending.append(members.value)
            continue
        elif type(members) is str:
            count += len(members) // 100
            continue
        elif not isinstance(members, (list, SetValue)):
            continue
        count += len(members)
        pending.extend(
            member
            for member in members
            if type(member) in _LARGE and (type(member) is not str or len(member) >= 100)
        )
    return count


_COLLECTIONS = frozenset([list, ListValue, dict, MapValue, SetValue])
_LARGE = _COLLECTIONS | {str, Sensitive}
_CHARACTERS_PER_STEP = 1000
_ELEMENTS_PER_STEP = 8


class TooLargeError(EvaluationError):
    """An evaluation was given up because of its size; no ``try`` catches it."""


class Environment(Protocol):
    """Where names that no scope binds are looked up: the module instance."""

    @property
    def session(self) -> Session:
        """The limits of the run."""

    @property
    def context(self) -> FunctionContext:
        """What functions may ask for."""

    def lookup(self, name: str) -> Evaluated:
        """The value or `Namespace` that stands behind the first name of a traversal."""

    def type_of_variable(self, name: str) -> Type | None:
        """The type that ``var.name`` is declared with, if it is."""


class Namespace:
    """Something that only attributes can be read of: ``var``, ``local``, ``path`` …"""

    __slots__ = ("_name", "_read")

    def __init__(self, name: str, read: Callable[[str], Evaluated]) -> None:
        self._name = name
        self._read = read

    def attribute(self, name: str) -> Evaluated:
        """The member `name`."""
        return self._read(name)


class Scope:
    """Names in force at an expression: loop variables, ``each``, ``count``, then the module's."""

    __slots__ = ("environment", "names")

    def __init__(
        self, environment: Environment, names: Mapping[str, Evaluated] | None = None
    ) -> None:
        self.environment = environment
        self.names: dict[str, Evaluated] = dict(names) if names else {}

    def inner(self) -> Scope:
        """A scope to which names can be added."""
        return Scope(self.environment, self.names)


class Bare:
    """The environment of a template file or a literal: no names but those of the scope."""

    __slots__ = ("context", "session")

    def __init__(self, session: Session, context: FunctionContext) -> None:
        self.session = session
        self.context = context

    def lookup(self, name: str) -> Evaluated:
        """Nothing.  Raises `EvaluationError`."""
        raise EvaluationError(f"there is no variable {name!r} here")

    def type_of_variable(self, name: str) -> Type | None:
        """``None``: there are no declarations."""
        return None


class Lazy(Unknown):
    """An object whose attributes are worked out when they are read: a resource, a module.

    As a whole it is unknown, because the provider decides on some of its attributes.
    """

    __slots__ = ()

    # A frozen dataclass with slots refuses its subclasses' own attributes too.
    __setattr__ = object.__setattr__

    def attribute(self, name: str) -> Evaluated:
        """The value of one attribute."""
        raise NotImplementedError

    def whole(self) -> Evaluated:
        """The object as a value of its own: itself, unless all its attributes are at hand."""
        return self


class Uncertain(Lazy):
    """The instances of a block whose ``count`` or ``for_each`` is unknown.

    `representative` stands for any of them.
    """

    __slots__ = ("representative",)

    def __init__(self, unknown: Unknown, representative: Lazy) -> None:
        super().__init__(unknown.cause, representative.references)
        self.representative = representative

    def attribute(self, name: str) -> Evaluated:
        """The attribute of the representative: which instance is meant does not matter."""
        return self.representative.attribute(name)


def evaluate(node: syntax.Expression, scope: Scope) -> Evaluated:
    """The value of `node`.  Raises `EvaluationError` for what Terraform would reject."""
    return _EVALUATE[type(node)](node, scope)


def evaluate_safely(node: syntax.Expression, scope: Scope) -> Evaluated:
    """The value of `node`, or `Unknown` with the cause where evaluating it failed."""
    try:
        return _EVALUATE[type(node)](node, scope)
    except EvaluationError as error:
        return Unknown(f"it can't be evaluated: {error}")
    except RecursionError:
        return Unknown("it is nested too deeply to evaluate")


def evaluate_text(
    text: str, variables: Mapping[str, Evaluated] | None = None, *, context: FunctionContext
) -> Evaluated:
    """The value of an expression in which only `variables` and functions can be named.

    Raises `EvaluationError` for what Terraform would reject.
    """
    return evaluate(read_expression(text), Scope(Bare(Session(), context), variables))


def _literal(node: syntax.Literal, scope: Scope) -> Evaluated:
    return node.value


def _invalid(node: syntax.Invalid, scope: Scope) -> Evaluated:
    return Unknown("the expression could not be parsed")


def _template(node: syntax.Template, scope: Scope) -> Evaluated:
    parts = node.parts
    if len(parts) == 1:
        only = parts[0]
        if isinstance(only, str):
            return only
        if not isinstance(only, (syntax.TemplateIf, syntax.TemplateFor)):
            return evaluate(only, scope)
    return _join(_pieces(node, scope), scope)


def _pieces(node: syntax.Template, scope: Scope) -> Iterator[Evaluated]:
    for part in node.parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, syntax.TemplateIf):
            yield from _if_pieces(part, scope)
        elif isinstance(part, syntax.TemplateFor):
            yield from _for_pieces(part, scope)
        else:
            yield evaluate(part, scope)


def _if_pieces(node: syntax.TemplateIf, scope: Scope) -> Iterator[Evaluated]:
    condition, marked = _unmark(evaluate(node.condition, scope))
    if isinstance(condition, Unknown):
        yield condition
        return
    chosen = node.then if as_bool(condition) else node.otherwise
    if chosen is not None:
        text = _join(_pieces(chosen, scope), scope)
        yield _mark(text, scope) if marked else text


def _for_pieces(node: syntax.TemplateFor, scope: Scope) -> Iterator[Evaluated]:
    collection, marked = _unmark(evaluate(node.collection, scope))
    if isinstance(collection, Unknown):
        yield collection
        return
    inner = scope.inner()
    for key, value in _entries(collection, scope):
        if node.key is not None:
            inner.names[node.key] = key
        inner.names[node.value] = value
        text = _join(_pieces(node.body, inner), inner)
        yield _mark(text, scope) if marked else text


def _join(pieces: Iterator[Evaluated], scope: Scope) -> Evaluated:
    parts = list(pieces)
    if scope.environment.session.marked:
        plain = [_unmark(part) for part in parts]
        text = join_template([value for value, _ in plain])
        if any(marked for _, marked in plain):
            return _mark(text, scope)
    else:
        text = join_template(parts)
    scope.environment.session.step(1 + len(parts) // _ELEMENTS_PER_STEP)
    scope.environment.session.charge(text)
    if isinstance(text, str) and len(text) > MAX_TEXT:
        raise TooLargeError("a string is too long to evaluate")
    return text


def _variable(node: syntax.Variable, scope: Scope) -> Evaluated:
    name = node.name
    names = scope.names
    if name in names:
        return names[name]
    return scope.environment.lookup(name)


def _get_attribute(node: syntax.GetAttribute, scope: Scope) -> Evaluated:
    source = node.source
    return read_attribute(_EVALUATE[type(source)](source, scope), node.name)


def read_attribute(source: Evaluated, name: str) -> Evaluated:
    """``source.name``.  Raises `EvaluationError` when there is no such attribute."""
    kind = type(source)
    if kind is Namespace:
        return source.attribute(name)
    if kind is dict or kind is MapValue:
        try:
            return source[name]
        except KeyError:
            raise EvaluationError(f"the object has no attribute {name!r}") from None
    if isinstance(source, Lazy):
        return source.attribute(name)
    if isinstance(source, Unknown):
        return source
    if kind is Sensitive:
        return Sensitive(read_attribute(source.value, name))
    if source is None:
        raise EvaluationError(f"a null value has no attribute {name!r}")
    if isinstance(source, list) and name.isdigit():
        return read_index(source, int(name))
    raise EvaluationError(f"{_describe(source)} has no attributes")


def _index(node: syntax.Index, scope: Scope) -> Evaluated:
    return read_index(evaluate(node.source, scope), evaluate(node.key, scope))


def read_index(source: Evaluated, key: Evaluated) -> Evaluated:
    """``source[key]``.  Raises `EvaluationError` when there is no such element."""
    if type(source) is Sensitive or type(key) is Sensitive:
        return Sensitive(read_index(_unmark(source)[0], _unmark(key)[0]))
    if isinstance(source, Uncertain):
        return source.representative
    if isinstance(source, Lazy) and isinstance(key, str):
        return source.attribute(key)
    if isinstance(source, Unknown):
        return source
    if source is None:
        raise EvaluationError("a null value has no elements")
    if isinstance(key, Unknown):
        return _element_of(source, key)
    if isinstance(source, list):
        number = as_number(key)
        if not isinstance(number, int) or not 0 <= number < len(source):
            raise EvaluationError(f"the index {_short(key)} is outside the list of {len(source)}")
        return source[number]
    if isinstance(source, dict):
        name = as_text(key)
        if name not in source:
            raise EvaluationError(f"the map has no element {_short(key)}")
        return source[name]
    if isinstance(source, Namespace) and isinstance(key, str):
        return source.attribute(key)
    raise EvaluationError(f"{_describe(source)} has no elements")


def _element_of(source: Evaluated, key: Unknown) -> Unknown:
    """Some element of `source`: unknown which, but it refers to what the elements refer to."""
    elements = source.values() if isinstance(source, dict) else source
    if not isinstance(source, (dict, list)):
        raise EvaluationError(f"{_describe(source)} has no elements")
    unknowns = [element for element in elements if isinstance(element, Unknown)]
    return combine_unknowns([key, *unknowns])


def _splat(node: syntax.Splat, scope: Scope) -> Evaluated:
    source, marked = _unmark(evaluate(node.source, scope))
    if source is None:
        if isinstance(_declared_type(node.source, scope), (ListType, SetType)):
            raise EvaluationError("a splat can't run over a null list")
        return []
    if isinstance(source, Uncertain):
        return _splat_uncertain(node, source, scope)
    if isinstance(source, Unknown) and not isinstance(source, Lazy):
        return source
    elements = list(source) if isinstance(source, (list, SetValue)) else [source]
    scope.environment.session.step(len(elements))
    inner = scope.inner()
    each = node.each
    result = []
    for element in elements:
        inner.names[_ELEMENT] = element
        result.append(_EVALUATE[type(each)](each, inner))
    if isinstance(source, (ListValue, SetValue)):
        result = ListValue(result)
    return _mark(result, scope) if marked else result


def _splat_uncertain(node: syntax.Splat, source: Uncertain, scope: Scope) -> Unknown:
    """A list of unknown length that refers to what its elements refer to."""
    inner = scope.inner()
    inner.names[_ELEMENT] = source.representative
    element = evaluate(node.each, inner)
    references = element.references if isinstance(element, Unknown) else source.references
    return Unknown(source.cause, references)


# No identifier of the language can look like this.
_ELEMENT = "[*]"


def _splat_element(node: syntax.SplatElement, scope: Scope) -> Evaluated:
    return scope.names[_ELEMENT]


def _call(node: syntax.Call, scope: Scope) -> Evaluated:
    name = node.name.removeprefix("core::")
    if name == "try":
        return _try(node, scope)
    if name == "can":
        return _can(node, scope)
    arguments = [_whole(_EVALUATE[type(argument)](argument, scope)) for argument in node.arguments]
    if node.expand:
        last, marked = _unmark(arguments.pop())
        if isinstance(last, Unknown):
            return last
        if not isinstance(last, (list, SetValue)):
            raise EvaluationError("only a list can be expanded into arguments")
        arguments.extend(Sensitive(value) if marked else value for value in last)
    session = scope.environment.session
    session.step()
    for argument in arguments:
        session.charge(argument)
    before = METER.steps
    try:
        result = _apply(name, arguments, scope)
    finally:
        # Failing takes time, too: what `can` catches must not be free.
        session.step(METER.steps - before)
    session.charge(result)
    return result


def _apply(name: str, arguments: list[Evaluated], scope: Scope) -> Evaluated:
    session = scope.environment.session
    context = scope.environment.context
    if name in _MARK_FUNCTIONS:
        session.marked = True
        return call_function(name, arguments, context)
    if not session.marked:
        return call_function(name, arguments, context)
    unmark = _unmark if name in _KEEP_MARKS else deep_unmark
    unmarked = [unmark(argument) for argument in arguments]
    result = call_function(name, [value for value, _ in unmarked], context)
    if not any(marked for _, marked in unmarked):
        return result
    if name in _ENCODERS and type(arguments[0]) is not Sensitive and isinstance(result, str):
        # What stands around the sensitive pieces is no secret, and a rule may ask for it.
        session.marked = True
        return Sensitive(result, document=plain(arguments[0]))
    return _mark(result, scope)


_ENCODERS = frozenset(["jsonencode", "yamlencode"])
_KEEP_MARKS = frozenset(
    [
        "chunklist",
        "concat",
        "element",
        "flatten",
        "keys",
        "length",
        "lookup",
        "merge",
        "reverse",
        "slice",
        "tolist",
        "tomap",
        "toset",
        "values",
        "zipmap",
    ]
)
"""Functions that leave the marks of elements where they are, as Terraform's do.

Others return a sensitive value if there is a mark anywhere in their arguments.
"""
_MARK_FUNCTIONS = frozenset(["sensitive", "nonsensitive", "issensitive"])


def _try(node: syntax.Call, scope: Scope) -> Evaluated:
    if not node.arguments:
        raise EvaluationError("try() takes at least one argument")
    failed: EvaluationError | None = None
    for argument in node.arguments:
        try:
            return evaluate(argument, scope)
        except TooLargeError:
            raise
        except EvaluationError as error:
            failed = error
    raise EvaluationError(f"no argument of try() can be evaluated: {failed}")


def _can(node: syntax.Call, scope: Scope) -> Evaluated:
    if len(node.arguments) != 1:
        raise EvaluationError("can() takes one argument")
    try:
        value = evaluate(node.arguments[0], scope)
    except TooLargeError:
        raise
    except EvaluationError:
        return False
    value, _ = _unmark(value)
    # Whether the evaluation succeeds may hang on what the unknown turns out to be.
    return value if isinstance(value, Unknown) and not isinstance(value, Lazy) else True


def _unary(node: syntax.Unary, scope: Scope) -> Evaluated:
    operand, marked = _unmark(evaluate(node.operand, scope))
    if isinstance(operand, Unknown):
        return operand
    result: Evaluated
    if node.operator == "!":
        result = not as_bool(operand)
    else:
        result = arithmetic.subtract(0, as_number(operand))
    return _mark(result, scope) if marked else result


def _binary(node: syntax.Binary, scope: Scope) -> Evaluated:
    left = _EVALUATE[type(node.left)](node.left, scope)
    right = _EVALUATE[type(node.right)](node.right, scope)
    session = scope.environment.session
    session.step()
    session.charge(left)
    if session.marked:
        left, left_marked = deep_unmark(left)
        right, right_marked = deep_unmark(right)
        if left_marked or right_marked:
            return _mark(_BINARY[node.operator](left, right), scope)
    return _BINARY[node.operator](left, right)


def _logic(left: Evaluated, right: Evaluated, decisive: bool) -> Evaluated:
    """``&&`` when `decisive` is false, ``||`` when it is true."""
    sides = [side if isinstance(side, Unknown) else as_bool(side) for side in (left, right)]
    if any(side is decisive for side in sides):
        return decisive
    unknown = next((side for side in sides if isinstance(side, Unknown)), None)
    return not decisive if unknown is None else unknown


def _not_equal(left: Evaluated, right: Evaluated) -> Evaluated:
    same = equal(left, right)
    return same if isinstance(same, Unknown) else not same


def _numeric(
    operation: Callable[[int | Decimal, int | Decimal], Evaluated],
) -> Callable[[Evaluated, Evaluated], Evaluated]:
    def apply(left: Evaluated, right: Evaluated) -> Evaluated:
        if isinstance(left, Unknown):
            return left
        if isinstance(right, Unknown):
            return right
        return operation(as_number(left), as_number(right))

    return apply


def _divide(left: int | Decimal, right: int | Decimal) -> Evaluated:
    # Terraform has infinite numbers: no error that a `try` would catch.
    if right == 0 and left != 0:
        return Unknown("a division by zero is infinite")
    return arithmetic.divide(left, right)


_BINARY: Mapping[str, Callable[[Evaluated, Evaluated], Evaluated]] = {
    "==": equal,
    "!=": _not_equal,
    "&&": lambda left, right: _logic(left, right, False),
    "||": lambda left, right: _logic(left, right, True),
    "+": _numeric(arithmetic.add),
    "-": _numeric(arithmetic.subtract),
    "*": _numeric(arithmetic.multiply),
    "/": _numeric(_divide),
    "%": _numeric(arithmetic.modulo),
    "<": _numeric(lambda left, right: left < right),
    "<=": _numeric(lambda left, right: left <= right),
    ">": _numeric(lambda left, right: left > right),
    ">=": _numeric(lambda left, right: left >= right),
}


def _conditional(node: syntax.Conditional, scope: Scope) -> Evaluated:
    scope.environment.session.step()
    condition, marked = _unmark(evaluate(node.condition, scope))
    if isinstance(condition, Unknown):
        result = _either(node, scope, condition)
    else:
        chosen, other = node.then, node.otherwise
        if not as_bool(condition):
            chosen, other = other, chosen
        result = evaluate(chosen, scope)
        if result is not None and not isinstance(result, Unknown):
            result = _as_arm(result, other, scope)
    return _mark(result, scope) if marked else result


def _as_arm(chosen: Evaluated, other: syntax.Expression, scope: Scope) -> Evaluated:
    """The chosen arm in the type that both have.  Raises `EvaluationError` if there is none."""
    if isinstance(other, syntax.Literal) and type(other.value) in (type(chosen), type(None)):
        return chosen
    if type(chosen) is str and isinstance(other, (syntax.Literal, syntax.Template)):
        return chosen
    alternative = evaluate_safely(other, scope)
    if type(chosen) is type(alternative) and type(chosen) in _SCALARS:
        return chosen
    scope.environment.session.charge(chosen)
    scope.environment.session.charge(alternative)
    try:
        # One with known text in it is a string, whatever else there is.
        is_text = isinstance(alternative, Unknown) and alternative.parts
        if alternative is None or (isinstance(alternative, Unknown) and not is_text):
            declared = _declared_type(other, scope)
            return chosen if declared is None else unify_with_type(chosen, declared)
        return unify_values([chosen, alternative])[0]
    except TooLargeError:
        raise
    except EvaluationError as error:
        # A null in it has any type, and Terraform accepts more with one than without.
        if _has_open_member(chosen) or _has_open_member(alternative):
            return chosen
        raise EvaluationError("the two arms of a conditional have different types") from error


def _has_open_member(value: Evaluated) -> bool:
    """Whether a null or an unknown value stands in it, at any depth."""
    if type(value) is Sensitive:
        value = value.value
    if not isinstance(value, (dict, list, SetValue)):
        return False
    members = value.values() if isinstance(value, dict) else value
    return any(one is None or isinstance(one, Unknown) or _has_open_member(one) for one in members)


_SCALARS = frozenset([str, bool, int, Decimal])


def _declared_type(node: syntax.Expression, scope: Scope) -> Type | None:
    """The type that a variable's declaration gives `node`, which the value does not tell."""
    if isinstance(node, syntax.GetAttribute):
        if isinstance(node.source, syntax.Variable) and node.source.name == "var":
            return scope.environment.type_of_variable(node.name)
        outer = _declared_type(node.source, scope)
        if isinstance(outer, ObjectType):
            return outer.attributes.get(node.name)
        return outer.element if isinstance(outer, MapType) else None
    if isinstance(node, syntax.Index):
        outer = _declared_type(node.source, scope)
        return outer.element if isinstance(outer, (MapType, ListType)) else None
    return None


def _either(node: syntax.Conditional, scope: Scope, condition: Unknown) -> Evaluated:
    """The value of a conditional whose condition is unknown: known if both arms agree."""
    then = evaluate_safely(node.then, scope)
    otherwise = evaluate_safely(node.otherwise, scope)
    if isinstance(then, Unknown) or isinstance(otherwise, Unknown):
        arms = [arm for arm in (then, otherwise) if isinstance(arm, Unknown)]
        return combine_unknowns([condition, *arms])
    if equal(then, otherwise) is True:
        return then
    return Unknown(condition.cause, condition.references)


def _tuple(node: syntax.Tuple, scope: Scope) -> Evaluated:
    scope.environment.session.step(len(node.elements) // _ELEMENTS_PER_STEP)
    return [_whole(_EVALUATE[type(element)](element, scope)) for element in node.elements]


def _object(node: syntax.Object, scope: Scope) -> Evaluated:
    scope.environment.session.step(len(node.items) // _ELEMENTS_PER_STEP)
    result: dict[str, Evaluated] = {}
    unknown: Unknown | None = None
    marked = False
    for key_node, value_node in node.items:
        if type(key_node) is syntax.Literal and type(key_node.value) is str:
            name: Evaluated = key_node.value
        else:
            key, key_marked = _unmark(evaluate(key_node, scope))
            marked |= key_marked
            name = key if isinstance(key, Unknown) else as_text(key)
        value = _whole(_EVALUATE[type(value_node)](value_node, scope))
        if isinstance(name, Unknown):
            unknown = unknown or name
        else:
            result[name] = value
    if unknown is not None:
        return Unknown(unknown.cause, unknown.references, keys=tuple(sorted(result)))
    names = list(result)
    ordered = sorted(names)
    if ordered != names:
        result = {name: result[name] for name in ordered}
    return _mark(result, scope) if marked else result


def _whole(value: Evaluated) -> Evaluated:
    """`value` as an element of a collection; a namespace is none."""
    if type(value) is Namespace:
        raise EvaluationError("a namespace such as `var` is not a value of its own")
    return value.whole() if isinstance(value, Lazy) else value


def _for(node: syntax.For, scope: Scope) -> Evaluated:
    collection, marked = _unmark(evaluate(node.collection, scope))
    if isinstance(collection, Unknown):
        return collection
    inner = scope.inner()
    names = inner.names
    pairs: list[tuple[Evaluated, Evaluated]] = []
    for key, value in _entries(collection, scope):
        if node.key is not None:
            names[node.key] = key
        names[node.value] = value
        if node.condition is not None:
            condition, condition_marked = _unmark(evaluate(node.condition, inner))
            marked |= condition_marked
            if isinstance(condition, Unknown):
                return Unknown(condition.cause, condition.references)
            if not as_bool(condition):
                continue
        result_key = None if node.result_key is None else evaluate(node.result_key, inner)
        pairs.append((result_key, _whole(evaluate(node.result, inner))))
    if node.result_key is None:
        result: Evaluated = [value for _, value in pairs]
    else:
        result = _for_object(pairs, node.group)
    return _mark(result, scope) if marked else result


def _for_object(pairs: list[tuple[Evaluated, Evaluated]], group: bool) -> Evaluated:
    result: dict[str, Evaluated] = {}
    for key, value in pairs:
        key, _ = _unmark(key)
        if isinstance(key, Unknown):
            return Unknown(key.cause, key.references)
        name = as_text(key)
        if group:
            result.setdefault(name, []).append(value)
        elif name in result:
            raise EvaluationError(f"two elements have the key {_short(name)}")
        else:
            result[name] = value
    return {name: result[name] for name in sorted(result)}


def _entries(collection: Evaluated, scope: Scope) -> Iterator[tuple[Evaluated, Evaluated]]:
    """Keys and values of what a loop runs over."""
    if isinstance(collection, dict):
        entries: Iterator[tuple[Evaluated, Evaluated]] = iter(collection.items())
    elif isinstance(collection, list):
        entries = iter(enumerate(collection))
    elif isinstance(collection, SetValue):
        entries = ((element, element) for element in collection)
    elif collection is None:
        raise EvaluationError("a loop can't run over null")
    else:
        raise EvaluationError(f"a loop can't run over {_describe(collection)}")
    scope.environment.session.step(len(collection))
    return entries


def as_number(value: Evaluated) -> int | Decimal:
    """A known value as a number.  Raises `EvaluationError`, also for null."""
    number = to_number(value)
    if isinstance(number, (int, Decimal)):
        return number
    raise EvaluationError("a number is needed where the value is null")


def as_bool(value: Evaluated) -> bool:
    """A known value as true or false.  Raises `EvaluationError`, also for null."""
    truth = to_bool(value)
    if isinstance(truth, bool):
        return truth
    raise EvaluationError("true or false is needed where the value is null")


def as_text(value: Evaluated) -> str:
    """A known value as a string.  Raises `EvaluationError`, also for null."""
    text = to_string(value)
    if isinstance(text, str):
        return text
    raise EvaluationError("a string is needed where the value is null")


def _unmark(value: Evaluated) -> tuple[Evaluated, bool]:
    return (value.value, True) if type(value) is Sensitive else (value, False)


def _mark(value: Evaluated, scope: Scope) -> Evaluated:
    scope.environment.session.marked = True
    return value if type(value) is Sensitive else Sensitive(value)


def _describe(value: Evaluated) -> str:
    if isinstance(value, bool):
        return "a bool"
    if isinstance(value, (int, Decimal)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, SetValue):
        return "a set"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return "this value"


def _short(value: Evaluated) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


# Every evaluator takes its own node type; the table is what tells them apart.
_EVALUATE: Mapping[type[syntax.Expression], Callable[[Any, Scope], Evaluated]] = {
    syntax.Literal: _literal,
    syntax.Template: _template,
    syntax.Variable: _variable,
    syntax.GetAttribute: _get_attribute,
    syntax.Index: _index,
    syntax.Splat: _splat,
    syntax.SplatElement: _splat_element,
    syntax.Call: _call,
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.Conditional: _conditional,
    syntax.Tuple: _tuple,
    syntax.Object: _object,
    syntax.For: _for,
    syntax.Invalid: _invalid,
}
