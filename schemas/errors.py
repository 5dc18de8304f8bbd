"""What can be wrong with bytes, or with values that are to become bytes."""


class CodecError(ValueError):
    """Bytes that are not what they say they are, or values that a message cannot hold.

    `message` and `field` are names of the schema as Python spells them (`NewOrder`, `cl_ord_id`), `offset` is in bytes
    from the start of the buffer; each is None where it has no meaning.
    """

    def __init__(
        self, reason: str, *, message: str | None = None, field: str | None = None, offset: int | None = None
    ) -> None:
        self.reason = reason
        self.message = message
        self.field = field
        self.offset = offset
        place = ".".join(part for part in (message, field) if part)
        where = f"{place} at byte {offset}" if place and offset is not None else place
        super().__init__(f"{where}: {reason}" if where else reason)


class TruncatedError(CodecError):
    """Something reaches past the end of the buffer: a header, a block, a group's count, the length of var-data."""


class UnknownTemplateError(CodecError):
    """The header names a template that the schema does not have, or another one than the caller asked for."""


class WrongSchemaError(CodecError):
    """The header carries the id of another schema."""


class BlockTooShortError(CodecError):
    """A blockLength that does not hold the fields which its version has."""


class BadValueError(CodecError):
    """A field holds what its type does not allow: an unknown enum value, text in another encoding."""


class EncodeError(CodecError):
    """A value that the field cannot carry: out of range, too long, missing, or the one that stands for null."""
