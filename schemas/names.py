"""The names that Python uses for those of a schema."""

import keyword
import re

from seriatim.schemas.wire import PRIMITIVES

# Names that a flyweight has itself; a field of that name gets an underscore, as do Python's keywords.
RESERVED = {"as_dict", "as_json", "acting_version", "encode", "encode_into", "encoded_length", "frames", "header"}
RESERVED |= {"view", "wrap", "self", "bytes", "float", "int", "str", "tuple"}
# Names that a generated module has itself; a type or message of that name gets an underscore.
RESERVED_TYPES = {"Array", "Buffer", "Bytes", "Composite", "Constant", "Enumeration", "Field", "Flags", "GroupEntry"}
RESERVED_TYPES |= {"GroupField", "IntEnum", "IntFlag", "Iterable", "Mapping", "Message", "Nested", "Optional"}
RESERVED_TYPES |= {"Schema", "Text", "VarBytes", "VarText"} | {name.upper() for name in PRIMITIVES}


def snake(name: str) -> str:
    """`clOrdId` → `cl_ord_id`, as sbe-tool names it in Rust; `from` → `from_`."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])", "_", name).lower()
    return f"{name}_" if keyword.iskeyword(name) or name in RESERVED else name


def pascal(name: str) -> str:
    """`fuelFigures` and `fuel_figures` → `FuelFigures`."""
    name = "".join(word[:1].upper() + word[1:] for word in name.split("_"))
    return f"{name}_" if keyword.iskeyword(name) or name in RESERVED_TYPES else name


def upper(name: str) -> str:
    """`GoodTillCancel` → `GOOD_TILL_CANCEL`."""
    name = snake(name).rstrip("_").upper()
    return f"{name}_" if name[:1].isdigit() else name
