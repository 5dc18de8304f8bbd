"""Writes a Python module of flyweights for a schema; `seriatim/schemas/messages.py` is one.

The text is laid out as `ruff format` would, so that it needs no formatter, and is a function of the IR alone.
"""

import math
from collections.abc import Iterable
from textwrap import wrap

from seriatim.schemas.model import Choices, Composed, Data, Model, Node, Placed, Simple
from seriatim.schemas.names import pascal
from seriatim.schemas.wire import PRIMITIVES

_WIDTH = 120
_INDENT = "    "
_HEADER = "MessageHeader"


def render(model: Model, source: str) -> str:
    """The module's text; `source` is the name of the IR file, which its first line tells."""
    body: list[str] = []
    for made in model.types.values():
        body += ["", "", *(_choices(made) if isinstance(made, Choices) else _composite(made, model))]
        if made is model.types[model.header.name]:
            body += ["", "", *_schema(model)]
    for message in model.messages:
        bases = f"Message, schema=SCHEMA, template_id={message.id}, block_length={message.block_length}"
        body += ["", "", *_block(message, message.name, bases, model, 0)]
    body += ["", "", *_tail(model)]
    names = ["SCHEMA", "TEMPLATES", *model.types, *(message.name for message in model.messages), "decode"]
    head = [
        f'"""Generated from {source} by `python -m seriatim.schemas.generate`; do not edit. Schema {model.id}, version '
        f'{model.version}."""',
        "",
        *_imports("\n".join(body)),
        "",
        "__all__ = [",
        *(f'{_INDENT}"{name}",' for name in sorted(names, key=_all_order)),
        "]",
    ]
    return "\n".join((*head, *body)) + "\n"


def _all_order(name: str) -> tuple[int, str]:
    """As ruff sorts `__all__`: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def _natural(name: str) -> tuple[str, int]:
    """`INT8` before `INT16`, as ruff sorts imports."""
    word = name.rstrip("0123456789")
    return word, int(name[len(word) :] or 0)


def _imports(body: str) -> list[str]:
    """Only what the body uses."""
    wanted = {
        "collections.abc": ["Iterable", "Mapping"],
        "enum": ["IntEnum", "IntFlag"],
        "seriatim.schemas.fields": ["Constant", "Field"],
        "seriatim.schemas.flyweight": ["Buffer", "Composite", "GroupEntry"],
        "seriatim.schemas.parts": ["GroupField", "VarBytes", "VarText"],
        "seriatim.schemas.schema": ["Message", "Schema"],
        "seriatim.schemas.wire": [
            *sorted((primitive.upper() for primitive in PRIMITIVES), key=_natural),
            *("Array", "Bytes", "Enumeration", "Flags", "Nested", "Optional", "Text"),
        ],
    }
    lines: list[str] = []
    for module, names in wanted.items():
        used = [name for name in names if any(f"{mark}{name}{end}" in body for mark in "(= [" for end in "(,[)")]
        if module == "seriatim.schemas.fields" and lines:
            lines.append("")
        if used:
            lines += _fold(f"from {module} import ", used, "", 0, parentheses=True)
    return lines


def _schema(model: Model) -> list[str]:
    order = f', byte_order="{model.byte_order}"' if model.byte_order != "<" else ""
    return [f"SCHEMA = Schema(id={model.id}, version={model.version}, header={model.header.name}{order})"]


def _tail(model: Model) -> list[str]:
    templates = [f"{_INDENT}{message.name}.TEMPLATE_ID: {message.name}," for message in model.messages]
    return [
        "TEMPLATES: Mapping[int, type[Message]] = {",
        *templates,
        "}",
        "",
        "",
        "def decode(buffer: Buffer, offset: int = 0) -> Message:",
        f'{_INDENT}"""The message whose header is at `offset`, read in place. Raises `CodecError`."""',
        f"{_INDENT}return SCHEMA.decode(buffer, offset)",
    ]


def _choices(made: Choices) -> list[str]:
    base = "IntFlag" if made.is_set else "IntEnum"
    lines = [f"class {made.name}({base}):", *_doc(made.description, made.name, 1), ""]
    for name, value, description in made.values:
        shown = f"1 << {value.bit_length() - 1}" if made.is_set else _number(value, made)
        note = f"  # {description}" if description else ""
        lines.append(f"{_INDENT}{name} = {shown}{note}")
    return lines


def _number(value: int, made: Choices) -> str:
    return f'ord("{chr(value)}")' if made.primitive == "char" else str(value)


def _composite(made: Composed, model: Model) -> list[str]:
    order = f', byte_order="{model.byte_order}"' if model.byte_order != "<" else ""
    bases = f"Composite, block_length={max(made.size, 0)}{order}"
    node = Node(made.name, -1, 0, made.size, made.members, (), (), made.description, "")
    return _block(node, made.name, bases, model, 0)


def _block(node: Node, name: str, bases: str, model: Model, depth: int) -> list[str]:
    """A class: nested entry classes, members, constructor."""
    text = f"FIX {node.semantic_type}. {node.description}".rstrip() if node.semantic_type else node.description
    lines = [f"{_INDENT * depth}class {name}({bases}):", *_doc(text, name, depth + 1)]
    lines += ["", f"{_INDENT * (depth + 1)}__slots__ = ()"]
    for group in node.groups:
        order = f', byte_order="{model.byte_order}"' if model.byte_order != "<" else ""
        entry_bases = f"GroupEntry, block_length={group.block_length}{order}"
        lines += ["", *_block(group, pascal(group.name), entry_bases, model, depth + 1)]
    members = [line for placed in node.fields for line in _field(placed, depth + 1)]
    members += [line for group in node.groups for line in _group(group, depth + 1)]
    members += [line for data in node.data for line in _data(data, depth + 1)]
    if members:
        lines += ["", *members]
    return [*lines, "", *_constructor(node, depth + 1)]


def _constructor(node: Node, depth: int) -> list[str]:
    written = [placed for placed in node.fields if placed.constant is None]
    entries = [f"{placed.name}: {_annotation(placed)}" for placed in written]
    entries += [f"{group.name}: Iterable[{pascal(group.name)}] = ()" for group in node.groups]
    entries += [f"{data.name}: {'str' if data.encoding else 'bytes'}" for data in node.data]
    names = [member.name for member in (*written, *node.groups, *node.data)]
    head = ["self", "*", *entries] if entries else ["self"]
    return [
        *_fold("def __init__(", head, ") -> None:", depth),
        *_fold("self._build(", names, ")", depth + 1),
    ]


def _annotation(placed: Placed) -> str:
    match placed.type:
        case Choices(name=name) | Composed(name=name):
            text = name
        case Simple(primitive="char"):
            text = "str"
        case Simple(primitive="uint8", length=length) if length > 1:
            text = "bytes"
        case Simple(primitive=primitive, length=length):
            number = "float" if primitive in ("float", "double") else "int"
            text = number if length == 1 else f"tuple[{number}, ...]"
    if placed.null is not None:
        return f"{text} | None = None"
    return f"{text} = {_neutral(placed.type)}" if placed.since and _neutral(placed.type) else text


def _neutral(made: Simple | Choices | Composed) -> str:
    """The value that says nothing, if the type has one: what callers from before there was the field leave out."""
    match made:
        case Choices(name=name, is_set=True):
            return f"{name}(0)"
        case Choices(name=name, values=values):
            return next((f"{name}.{member}" for member, number, _ in values if number == 0), "")
        case Simple(primitive="char", length=length) if length > 1:
            return '""'
    return ""


def _since(version: int) -> list[str]:
    return [f"since={version}"] if version else []


def _field(placed: Placed, depth: int) -> list[str]:
    tag = [f"id={placed.id}"] if placed.id >= 0 else []
    if placed.constant is not None:
        value = placed.constant if isinstance(placed.type, Choices) else _literal(placed.constant)
        return _noted(
            _fold(f"{placed.name} = Constant(", [value, *tag, *_since(placed.since)], ")", depth), placed, depth
        )
    text = _wire(placed.type)
    if placed.null is not None:
        text = f"Optional({text}, null={_literal(placed.null)})"
    items = [text, f"at={placed.offset}", *tag, *_since(placed.since)]
    return _noted(_fold(f"{placed.name} = Field(", items, ")", depth), placed, depth)


def _noted(lines: list[str], member: Placed | Data | Node, depth: int) -> list[str]:
    """With the description behind it, or above it if there is no room."""
    note = " ".join(member.description.split())
    if not note:
        return lines
    if len(lines) == 1 and len(lines[0]) + len(note) + 4 <= _WIDTH:
        return [f"{lines[0]}  # {note}"]
    return [*(f"{_INDENT * depth}{line}" for line in wrap(f"# {note}", _WIDTH - 8, subsequent_indent="# ")), *lines]


def _wire(made: Simple | Choices | Composed) -> str:
    match made:
        case Composed(name=name):
            return f"Nested({name})"
        case Choices(name=name, primitive=primitive, is_set=is_set):
            return f"{'Flags' if is_set else 'Enumeration'}({name}, {primitive.upper()})"
        case Simple(primitive="char", length=length, encoding=encoding) if length > 1:
            return f'Text({length}, "{encoding}")'
        case Simple(primitive="uint8", length=length) if length > 1:
            return f"Bytes({length})"
        case Simple(primitive=primitive, length=length) if length > 1:
            return f"Array({primitive.upper()}, {length})"
    return made.primitive.upper()


def _literal(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, bytes):
        return f"bytes.fromhex({_quoted(value.hex())})"
    if isinstance(value, str):
        return _quoted(value)
    return repr(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _group(group: Node, depth: int) -> list[str]:
    assert group.dimensions is not None
    items = [pascal(group.name), group.dimensions.name, f"id={group.id}", *_since(group.since)]
    return _noted(_fold(f"{group.name} = GroupField(", items, ")", depth), group, depth)


def _data(data: Data, depth: int) -> list[str]:
    kind, encoding = ("VarText", [_quoted(data.encoding)]) if data.encoding else ("VarBytes", [])
    items = [data.length.upper(), *encoding, f"id={data.id}", *_since(data.since)]
    return _noted(_fold(f"{data.name} = {kind}(", items, ")", depth), data, depth)


def _doc(text: str, name: str, depth: int) -> list[str]:
    text = " ".join(text.split()).replace("\\", "\\\\").replace('"', "'") or f"{name}."
    text = text[0].upper() + text[1:]
    return [f'{_INDENT * depth}"""{text if text.endswith(".") else text + "."}"""']


def _fold(head: str, items: Iterable[str], tail: str, depth: int, *, parentheses: bool = False) -> list[str]:
    """All on one line, or the items on a line of their own, or each on its own: the first that fits."""
    items = list(items)
    pad = _INDENT * depth
    line = f"{pad}{head}{', '.join(items)}{tail}"
    if len(line) <= _WIDTH:
        return [line]
    if parentheses:
        head, tail = f"{head}(", f"){tail}"
    inner = f"{pad}{_INDENT}{', '.join(items)}"
    if len(inner) <= _WIDTH and not parentheses:
        return [pad + head, inner, pad + tail]
    return [pad + head, *(f"{pad}{_INDENT}{item}," for item in items), pad + tail]
