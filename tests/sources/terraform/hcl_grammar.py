"""Random HCL from a grammar: valid, typed so that most of it evaluates, always the same for a seed.

What is rendered covers every production of the native syntax: all expression forms, templates
with directives and strip markers, heredocs, comments and line breaks wherever they are legal.
Specification: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

CONSTANTS = {
    "count": "3",
    "name": '"shop"',
    "yes": "true",
    "nothing": "null",
    "numbers": "[3, 1, 2.5]",
    "words": '["b", "a", "ä€😀"]',
    "set": 'toset(["x", "y"])',
    "things": "{ one = 1, two = 2, three = 3 }",
    "people": '[{ name = "Ann", age = 40, tags = ["x"] }, { name = "Bob", age = 7, tags = [] }]',
    "by_name": '{ ann = { age = 40, "full name" = "Ann A." }, bob = { age = 7 } }',
}
"""Local values that expressions refer to."""

_IDENTIFIERS = ("a", "b", "key", "x-y", "_z", "größe", "名前", "for", "if", "in", "null", "true")
_PLAIN_IDENTIFIERS = ("a", "b", "key", "x-y", "_z", "name", "other", "thing")
_TEXTS = (
    "",
    "plain",
    "two words",
    "ä€😀",
    r"tab\tnew\nline",
    r"quote \" and back\\slash",
    r"\u00e4\u20ac\U0001F600",
    "$${not} %%{ if } $ % $$ %% {",
    "100% of $5",
    "a # b // c /* d */",
    "'{[(",
)
_HEREDOC_TEXTS = ("", "text", "  deep", "\ttab", 'say "hi"', r"C:\new\u0041", "$${x} %%{y}", "#")
_NUMBERS = (
    "0",
    "1",
    "007",
    "42",
    "1.5",
    "0.25",
    "1e3",
    "1E3",
    "1.5e-3",
    "2E+2",
    "12345678901234567",
)
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_LINE_COMMENTS = ("# note", "// note", "#", '# "${', "# größe")
_BLOCK_COMMENTS = ("/* note */", "/**/", "/* two\n lines */", '/* "${ */')


@dataclass
class Options:
    """What is allowed where an expression stands."""

    depth: int
    names: dict[str, list[str]] = field(default_factory=dict)
    """Names of loop variables in scope, by type."""
    newlines: bool = False
    """Whether line breaks are insignificant: in brackets and parentheses, not in braces."""

    def deeper(
        self, names: Mapping[str, str] | None = None, *, newlines: bool | None = None
    ) -> Options:
        """One level down; `names` come into scope with their types."""
        scope = {kind: list(known) for kind, known in self.names.items()}
        for name, kind in (names or {}).items():
            for known in scope.values():
                if name in known:
                    known.remove(name)
            scope.setdefault(kind, []).append(name)
        inside = self.newlines if newlines is None else newlines
        return Options(self.depth - 1, scope, inside)


class Grammar:
    """Draws one configuration or expression after the other from a stream of random numbers."""

    def __init__(self, seed: int, *, plain: bool = False) -> None:
        """With `plain`, only what parsers other than Terraform's can be expected to know."""
        self._random = random.Random(seed)
        self._plain = plain
        self._identifiers: Sequence[str] = _PLAIN_IDENTIFIERS if plain else _IDENTIFIERS
        self._heredocs = True
        self._fresh = 0

    # What a file is made of.

    def file(self, *, items: int = 8) -> str:
        """A whole file, sometimes with a byte order mark or Windows line ends."""
        text = self.body(items=items, depth=3, indent="")
        if self._plain:
            return text
        # Only a heredoc needs the last line end.
        if text.endswith("}\n") and self._chance(0.3):
            text = text.rstrip("\n")
        if self._chance(0.15):
            text = text.replace("\n", "\r\n")
        return f"\ufeff{text}" if self._chance(0.1) else text

    def body(self, *, items: int, depth: int, indent: str) -> str:
        """Attributes and blocks, with comments and blank lines between them."""
        lines = []
        names = self._names(items)
        for name in names:
            if self._chance(0.2):
                lines.append(self._comment(["", *_LINE_COMMENTS, *_BLOCK_COMMENTS]))
            if depth and self._chance(0.35):
                lines.append(self.block(depth=depth, indent=indent))
            else:
                lines.append(self.attribute(name, depth=depth))
            # The line end after a heredoc has to come at once.
            if not lines[-1].endswith("\n") and self._chance(0.1):
                lines[-1] += self._comment([" # end", "  // end", " /* end */", "\t"])
        return "".join(line if line.endswith("\n") else f"{indent}{line}\n" for line in lines)

    def attribute(self, name: str, *, depth: int) -> str:
        """``name = expression``, without the line end unless a heredoc needs it."""
        options = Options(self._random.randint(0, depth + 1))
        space, gap = self._gap(options), self._gap(options)
        return f"{name}{space}={gap}{self.any(options)}"

    def block(self, *, depth: int, indent: str) -> str:
        """A block with labels, empty, on one line or on several."""
        # Parsers that make dictionaries lose one of a block and an attribute of one name.
        types = () if self._plain else self._identifiers
        header = self._choice(["resource", "dynamic", *types])
        for _ in range(self._random.randint(0, 3)):
            name = self._choice(["aws_thing", *self._identifiers])
            header += self._choice([f' "{name}"', f" {name}", f' "{name} two"', f'"{name}"'])
        header += self._comment([" ", "  ", " /* c */ "])
        form = self._random.random()
        if form < 0.2:
            return header + self._comment(["{}", "{ }", "{\n}", "{ # c\n}", "{\n\n}"])
        if form < 0.4:
            name = self._names(1)[0]
            with self._without_heredocs():
                attribute = self.attribute(name, depth=0)
            return f"{header}{{ {attribute} }}" if "\n" not in attribute else f"{header}{{}}"
        inner = indent + self._choice(["  ", "\t", ""])
        items = self._random.randint(1, 3)
        return f"{header}{{\n{self.body(items=items, depth=depth - 1, indent=inner)}{indent}}}"

    # Expressions by the type that they have.

    def any(self, options: Options) -> str:
        """An expression of any type."""
        kinds: Sequence[Callable[[Options], str]] = (
            self.number,
            self.text,
            self.boolean,
            self.sequence,
            self.mapping,
            self.null,
        )
        return self._choice(kinds)(options)

    def null(self, options: Options) -> str:
        """``null``, or what is."""
        return self._choice(["null", "local.nothing", "(null)", "try(local.nothing, 1)"])

    def number(self, options: Options) -> str:
        """An expression that is a number."""
        leaves = [
            self._choice(_NUMBERS),
            "local.count",
            *options.names.get("number", []),
        ]
        if options.depth <= 0:
            return self._choice(leaves)
        inner = options.deeper()
        free = options.deeper(newlines=True)
        forms: list[Callable[[], str]] = [
            lambda: self._choice(leaves),
            lambda: self._binary(self.number, self._choice(["+", "-", "*", "/", "%"]), inner),
            lambda: f"-{self._space(inner)}{self._term(self.number, inner)}",
            lambda: f"{self._choice(['', '7'])}-{self._choice(_NUMBERS)}",
            lambda: self._parenthesis(self.number, free),
            lambda: self._conditional(self.number, inner),
            lambda: self._call("length", [self.sequence(free)]),
            lambda: self._call("length", [self.text(free)]),
            lambda: self._call("abs", [self.number(free)]),
            lambda: self._call(self._choice(["min", "max"]), self._several(self.number, free)),
            lambda: self._call(self._choice(["min", "max"]), ["local.numbers"], expand=True),
            lambda: self._call("floor", [self.number(free)]),
            lambda: f"local.numbers{self._index(self._choice(['0', '1', '2', '7']))}",
            lambda: f"{self._tuple(self.number, free)}{self._index('0')}",
            lambda: "local.people" + self._choice([".0.age", "[0].age", '[1]["age"]', ".1 .age"]),
            lambda: "local.things" + self._choice([".one", '["two"]', '["thr${"ee"}"]']),
            lambda: f"{{ a = {self.number(options.deeper(newlines=False))}\n}}.a",
            lambda: f'tonumber("{self._choice(["12", "1.5", "x"])}")',
        ]
        return self._choice(forms)()

    def boolean(self, options: Options) -> str:
        """An expression that is true or false."""
        leaves = ["true", "false", "local.yes", *options.names.get("boolean", [])]
        if options.depth <= 0:
            return self._choice(leaves)
        inner = options.deeper()
        free = options.deeper(newlines=True)
        forms: list[Callable[[], str]] = [
            lambda: self._choice(leaves),
            lambda: self._binary(self.boolean, self._choice(["&&", "||"]), inner),
            lambda: self._binary(self.number, self._choice(_COMPARISONS), inner),
            lambda: self._binary(self.any, self._choice(["==", "!="]), inner),
            lambda: f"!{self._space(inner)}{self._term(self.boolean, inner)}",
            lambda: self._parenthesis(self.boolean, free),
            lambda: self._conditional(self.boolean, inner),
            lambda: self._call("contains", [self.sequence(free), self.any(free)]),
            lambda: self._call("can", [self.any(free)]),
            lambda: self._call("alltrue", [self._tuple(self.boolean, free)]),
        ]
        return self._choice(forms)()

    def text(self, options: Options) -> str:
        """An expression that is a string."""
        leaves = ["local.name", *options.names.get("text", [])]
        if options.depth <= 0:
            return self._choice([self._quoted(options), *leaves])
        inner = options.deeper()
        free = options.deeper(newlines=True)
        forms: list[Callable[[], str]] = [
            lambda: self._choice(leaves),
            lambda: self._quoted(options),
            lambda: self._quoted(options),
            lambda: self._heredoc(options),
            lambda: self._parenthesis(self.text, free),
            lambda: self._conditional(self.text, inner),
            lambda: self._call("join", ['","', self._tuple(self.text, free)]),
            lambda: self._call(self._choice(["upper", "lower", "trimspace"]), [self.text(free)]),
            lambda: self._call("format", ['"%s=%v"', self.text(free), self.number(free)]),
            lambda: self._call("replace", [self.text(free), '"a"', self.text(free)]),
            lambda: self._call("tostring", [self.number(free)]),
            lambda: self._call("jsonencode", [self.any(free)]),
            lambda: "local.people[0].name",
            lambda: 'local.by_name.ann["full name"]',
            lambda: self._call("try", [self.any(free), self.text(free)]),
            lambda: self._call("coalesce", ["null", self.text(free)]),
        ]
        return self._choice(forms)()

    def sequence(self, options: Options) -> str:
        """An expression that is a list, tuple or set."""
        leaves = ["local.numbers", "local.words", "[]", "[ ]", *options.names.get("sequence", [])]
        if options.depth <= 0:
            return self._choice(leaves)
        inner = options.deeper()
        free = options.deeper(newlines=True)
        forms: list[Callable[[], str]] = [
            lambda: self._choice(leaves),
            lambda: self._tuple(self.any, free),
            lambda: self._tuple(self._choice([self.number, self.text, self.boolean]), free),
            lambda: self._for_tuple(free),
            lambda: self._for_tuple(free),
            lambda: self._splat(),
            lambda: self._parenthesis(self.sequence, free),
            lambda: self._conditional(self.sequence, inner),
            lambda: self._call("concat", self._several(self.sequence, free)),
            lambda: self._call("concat", ["[[1], [2]]"], expand=True),
            lambda: self._call("keys", [self.mapping(free)]),
            lambda: self._call("values", [self.mapping(free)]),
            lambda: self._call("split", ['","', self.text(free)]),
            lambda: self._call("toset", [self._tuple(self.text, free)]),
            lambda: self._call("sort", [self._tuple(self.text, free)]),
            lambda: self._call("reverse", [self._tuple(self.any, free)]),
            lambda: self._call("distinct", [self._tuple(self.number, free)]),
            lambda: self._call("flatten", [self._tuple(self.sequence, free)]),
        ]
        return self._choice(forms)()

    def mapping(self, options: Options) -> str:
        """An expression that is an object or map."""
        leaves = ["local.things", "local.by_name", "{}", "{ }", *options.names.get("mapping", [])]
        if options.depth <= 0:
            return self._choice(leaves)
        inner = options.deeper()
        free = options.deeper(newlines=True)
        forms: list[Callable[[], str]] = [
            lambda: self._choice(leaves),
            lambda: self._object(options.deeper(newlines=False)),
            lambda: self._object(options.deeper(newlines=False)),
            lambda: self._for_object(free),
            lambda: self._for_object(free),
            lambda: self._parenthesis(self.mapping, free),
            lambda: self._conditional(self.mapping, inner),
            lambda: self._call("merge", self._several(self.mapping, free)),
            lambda: self._call("zipmap", ['["p", "q"]', self._pair(self.any, free)]),
            lambda: self._call("tomap", ['{ a = 1, b = "two" }']),
        ]
        return self._choice(forms)()

    # The pieces of expressions.

    def _binary(self, operand: Callable[[Options], str], operator: str, options: Options) -> str:
        left, right = self._operand(operand, options), self._operand(operand, options)
        return f"{left}{self._space(options)}{operator}{self._gap(options)}{right}"

    def _operand(self, make: Callable[[Options], str], options: Options) -> str:
        """What stands beside an operator: a bare conditional would swallow it."""
        text = make(options)
        if self._swallows(text):
            return f"({text}\n)" if text.endswith("\n") else f"({text})"
        return text

    def _term(self, make: Callable[[Options], str], options: Options) -> str:
        """What stands after a unary operator."""
        return self._operand(make, options)

    @staticmethod
    def _swallows(text: str) -> bool:
        return "?" in text or "<<" in text

    def _parenthesis(self, make: Callable[[Options], str], options: Options) -> str:
        return f"({self._gap(options)}{make(options)}{self._gap(options)})"

    def _conditional(self, make: Callable[[Options], str], options: Options) -> str:
        if self._chance(0.3):
            free = options.deeper(newlines=True)
            parts = [self._operand(self.boolean, free), make(free), make(free)]
            return "(\n{}\n? {}\n: {}\n)".format(*parts)
        gap = self._space(options)
        condition, then, otherwise = (
            self._operand(self.boolean, options),
            self._operand(make, options),
            self._operand(make, options),
        )
        return f"{condition}{gap}?{gap}{then}{gap}:{gap}{otherwise}"

    def _call(self, name: str, arguments: Sequence[str], *, expand: bool = False) -> str:
        free = Options(0, newlines=True)
        gap = self._gap(free)
        if expand:
            return f"{name}({gap}{', '.join(arguments)}...{gap})"
        comma = "," if arguments and self._chance(0.2) else ""
        joined = f",{self._choice([' ', '', gap])}".join(arguments)
        return f"{name}({gap}{joined}{comma}{self._gap(free)})"

    def _several(self, make: Callable[[Options], str], options: Options) -> list[str]:
        return [make(options) for _ in range(self._random.randint(1, 3))]

    def _pair(self, make: Callable[[Options], str], options: Options) -> str:
        return f"[{make(options)}, {make(options)}]"

    def _index(self, key: str) -> str:
        if key.isdigit() and self._chance(0.3):
            return f".{key}"
        return self._choice([f"[{key}]", f"[ {key} ]", f"[\n{key}\n]"])

    def _tuple(self, make: Callable[[Options], str], options: Options) -> str:
        elements = [make(options) for _ in range(self._random.randint(1, 3))]
        comma = "," if self._chance(0.3) else ""
        separator = f"{self._gap(options)},{self._gap(options)}"
        return f"[{self._gap(options)}{separator.join(elements)}{comma}{self._gap(options)}]"

    def _object(self, options: Options) -> str:
        one_line = self._chance(0.4)
        text = ""
        for index, key in enumerate(self._keys(options)):
            sign = self._comment([" = ", "=", " : ", ":", " /* c */ = "])
            if one_line:
                with self._without_heredocs():
                    value = self.any(options)
                text += f"{', ' if index else ' '}{key}{sign}{value}"
                continue
            value = self.any(options)
            comma = "" if value.endswith("\n") else self._comment(["", "", ",", ", # c", " # c"])
            text += f"\n{self._comment(['', '# c', '// c', ''])}\n{key}{sign}{value}{comma}"
        if one_line:
            return f"{{{text}{self._choice(['', ',', ' '])}}}"
        return f"{{{text}\n}}"

    def _keys(self, options: Options) -> Iterator[str]:
        names = list(self._identifiers)
        self._random.shuffle(names)
        for index, name in enumerate(names[: self._random.randint(1, 4)]):
            # At the start of braces `for` begins a for expression.
            quoted = f'"{name}"'
            forms = [quoted, f"({quoted})", f'"${{local.name}}-{name}"', f"(local.count + {index})"]
            if index or name != "for":
                forms += [name, name, name]
            forms.append(str(index + 100))
            yield self._choice(forms)

    def _for_tuple(self, options: Options) -> str:
        intro, inner = self._for_intro(options)
        gap = self._gap(options)
        condition = f" if {self.boolean(inner)}" if self._chance(0.3) else ""
        return f"[{gap}for {intro} :{gap}{self.any(inner)}{condition}{gap}]"

    def _for_object(self, options: Options) -> str:
        intro, inner = self._for_intro(options)
        gap = self._gap(options)
        group = "..." if self._chance(0.3) else ""
        condition = f"{gap} if {self.boolean(inner)}" if self._chance(0.3) else ""
        key = self._choice([self.text, self.number])(inner)
        value = self.any(inner)
        return f"{{{gap}for {intro} :{gap}{key}{gap} =>{gap}{value}{group}{condition}{gap}}}"

    def _for_intro(self, options: Options) -> tuple[str, Options]:
        self._fresh += 1
        value = self._choice([f"v{self._fresh}", "v", f"{self._choice(self._identifiers[:6])}"])
        source, key_kind, value_kind = self._choice(
            [
                ("local.numbers", "number", "number"),
                ("local.words", "number", "text"),
                ("local.things", "text", "number"),
                ("local.set", "text", "text"),
                ("local.by_name", "text", "mapping"),
                (self._tuple(self.number, options), "number", "number"),
                (self._tuple(self.boolean, options), "number", "boolean"),
                (self._tuple(self.sequence, options), "number", "sequence"),
            ]
        )
        if self._chance(0.5):
            return f"{value} in {source}", options.deeper({value: value_kind})
        key = f"k{self._fresh}"
        names = {key: key_kind, value: value_kind}
        return f"{key}, {value} in {source}", options.deeper(names)

    def _splat(self) -> str:
        people = ["local.people", '[{ name = "C", age = 1, tags = ["t"] }]', "null"]
        source = self._choice([*people, "local.people[0]"])
        rest = self._choice(["", ".name", '["name"]', ".tags", ".tags[0]", ".age"])
        if self._chance(0.3):
            return f"{source}.*{self._choice(['', '.name', '.tags'])}"
        return f"{source}[*]{rest}"

    def _quoted(self, options: Options) -> str:
        parts = [self._choice(_TEXTS)]
        for _ in range(self._random.randint(0, 2)):
            parts += [self._template_part(options, heredoc=False), self._choice(_TEXTS)]
        # `$` or `%` before an interpolation would escape it.
        text = ""
        for part in parts:
            joins = text.endswith(("$", "%")) and part.startswith(("$", "%", "{"))
            text += f" {part}" if joins else part
        return f'"{text}"'

    def _heredoc(self, options: Options) -> str:
        if not self._heredocs:
            return self._quoted(options)
        marker = self._choice(["EOT", "E-O_T", "EOT" if self._plain else "größe"])
        flush = self._chance(0.6)
        lines = []
        for _ in range(self._random.randint(0, 4)):
            line = self._choice(["", "  ", "    ", "\t"]) + self._choice(_HEREDOC_TEXTS)
            if self._chance(0.4):
                joins = line.endswith(("$", "%"))
                line += (" " if joins else "") + self._template_part(options, heredoc=True)
                line += self._choice(["", " end", "  "])
            lines.append(line + "\n")
        indent = self._choice(["", "  ", "\t"])
        # The newline belongs to the heredoc: nothing may follow the closing marker.
        return f"<<{'-' if flush else ''}{marker}\n{''.join(lines)}{indent}{marker}\n"

    def _template_part(self, options: Options, *, heredoc: bool) -> str:
        inner = options.deeper(newlines=True)
        if options.depth <= 0:
            inner = Options(0, options.names, newlines=True)
        left, right = self._choice(["", "", "~"]), self._choice(["", "", "~"])
        gap = self._choice(["", " "])
        scalar = self._choice([self.number, self.text, self.boolean])
        form = self._random.random()
        if form < 0.6:
            expression = scalar(inner)
            return f"${{{left}{gap}{expression}{gap}{right}}}"
        body = self._directive_text(inner, heredoc=heredoc)
        if form < 0.8:
            otherwise = f"%{{{left} else {right}}}{self._directive_text(inner, heredoc=heredoc)}"
            return (
                f"%{{{left}{gap}if {self.boolean(inner)}{gap}{right}}}{body}"
                f"{otherwise if self._chance(0.5) else ''}%{{ endif {right}}}"
            )
        self._fresh += 1
        name = f"t{self._fresh}"
        source = self._choice(["local.numbers", "local.words", '["x", "y"]', "local.things"])
        names = self._choice([name, f"k, {name}"])
        return (
            f"%{{{left}for {names} in {source}{gap}{right}}}{body}${{{name}}}"
            f"%{{{gap}endfor{gap}{right}}}"
        )

    def _directive_text(self, options: Options, *, heredoc: bool) -> str:
        texts = ["", " ", "x", " y "]
        if heredoc:
            texts += ["\n", "\n    z\n"]
        text = self._choice(texts)
        if options.depth > 0 and self._chance(0.4):
            text += self._template_part(options, heredoc=heredoc)
        return text

    # Layout.

    def _gap(self, options: Options) -> str:
        """Nothing, blanks, a comment, or a line break where it means nothing."""
        if self._plain or self._chance(0.6):
            return " "
        choices = ["", " ", "  ", "\t", *(f" {comment} " for comment in _BLOCK_COMMENTS)]
        if options.newlines:
            choices += ["\n", "\n\n  ", *(f" {comment}\n" for comment in _LINE_COMMENTS)]
        return self._choice(choices)

    def _space(self, options: Options) -> str:
        """A gap of one character at least, so that no two tokens grow together."""
        return f" {self._gap(options)}"

    def _comment(self, options: Sequence[str]) -> str:
        """One of `options`, of which a plain grammar leaves those with a comment out."""
        marks = ("#", "//", "/*")
        if self._plain:
            options = [option for option in options if not any(mark in option for mark in marks)]
        return self._choice(options)

    @contextmanager
    def _without_heredocs(self) -> Iterator[None]:
        before, self._heredocs = self._heredocs, False
        try:
            yield
        finally:
            self._heredocs = before

    def _names(self, count: int) -> list[str]:
        """Attribute names, none twice."""
        names = [*self._identifiers, *string.ascii_uppercase]
        return self._random.sample(names, count)

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _choice(self, options: Sequence[T]) -> T:
        return self._random.choice(options)
