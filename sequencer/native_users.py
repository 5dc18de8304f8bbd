"""The users of a venue as the native node takes them, the operator first."""

from typing import Any

from seriatim._native import ffi
from seriatim.config import NodeConfig
from seriatim.users import ALL_ROLES, NAME_BYTES_MAX


def native_users(config: NodeConfig) -> tuple[Any, list[Any]]:
    """An array of `seriatim_user_t`, and the keys that it points to, which must live as long."""
    named = [("", config.key, ALL_ROLES), *((user.name, user.key, user.roles) for user in config.users)]
    keys = [ffi.from_buffer(key) for _, key, _ in named]
    users = ffi.new("seriatim_user_t[]", len(named))
    for user, held, (name, key, roles) in zip(users, keys, named, strict=True):
        user.key, user.key_length, user.roles = held, len(key), int(roles)
        user.name = list(name.encode("ascii").ljust(NAME_BYTES_MAX, b"\0"))
    return users, keys
