"""Who may use a venue beside its operator: each user has a name, a key of its own and roles.

The operator has the venue's key, no name, every role, and may take anybody's session. A list of users is a TOML file:

    [desk]
    key-file = "desk.key"        # from `seriatim keygen`; a relative path starts at this file's folder
    roles = ["trade"]

    [control]
    key-file = "control.key"
    roles = ["administer", "observe"]
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seriatim.errors import ConfigError
from seriatim.schemas import Roles
from seriatim.trust import read_key

NAME_BYTES_MAX = 16
"""Of a user; the schema's UserName."""

USERS_MAX = 1_024
"""In one venue."""

ALL_ROLES = Roles(0xFF)
"""Those that there are, and will be: the operator's."""

ROLES = {role.name.lower(): role for role in Roles if role.name}
FIELDS = {"key-file", "roles"}


@dataclass(frozen=True, slots=True)
class User:
    """One user of a venue. Raises ConfigError for a name, key or roles that cannot be."""

    name: str
    """1 to 16 ASCII characters, none of them blank."""
    key: bytes = field(repr=False)
    """Shared with that user alone."""
    roles: Roles
    """What the user's sessions may do."""

    def __post_init__(self) -> None:
        if not self.name:
            raise ConfigError("a user has no name; the one without a name is the operator, who has the venue's key")
        check_user_name(self.name)
        if not isinstance(self.key, bytes) or not self.key:
            raise ConfigError(f"user {self.name!r} has no key; a key is bytes, such as `seriatim keygen` makes")
        if not self.roles:
            raise ConfigError(f"user {self.name!r} has no role; there are {', '.join(ROLES)}")


def check_user_name(name: str) -> None:
    """Raises ConfigError for what is no user's name; the operator's is empty."""
    if not isinstance(name, str) or len(name) > NAME_BYTES_MAX or not all("!" <= letter <= "~" for letter in name):
        raise ConfigError(f"{name!r} is no user's name: up to {NAME_BYTES_MAX} ASCII characters, none of them blank")


def check_users(users: Sequence[User], key: bytes) -> None:
    """Raises ConfigError for users that cannot be told apart, or who need not say who they are."""
    names = [user.name for user in users]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(f"two users have the name {twice!r}; give one of them another")
    if len(users) > USERS_MAX:
        raise ConfigError(f"{len(users)} users; a venue has at most {USERS_MAX}")
    if users and not key:
        raise ConfigError(
            "there are users and no venue's key, so anybody could log on as the operator; name its file with --key-file"
        )


def key_of(users: Sequence[User], key: bytes, name: str) -> tuple[bytes, Roles] | None:
    """The key and roles of the user of that name, of the operator for none; None for a stranger."""
    if not name:
        return key, ALL_ROLES
    return next(((user.key, user.roles) for user in users if user.name == name), None)


def read_users(path: Path | None) -> tuple[User, ...]:
    """The users that a TOML file lists; nobody without a file. Raises ConfigError, which names file and user."""
    if path is None:
        return ()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no list of users in TOML: {error}") from None
    if not tables:
        raise ConfigError(f'{path} lists no user; a user is [name] with key-file = "FILE" and roles = ["trade"]')
    try:
        return tuple(_read_user(path, name, table) for name, table in tables.items())
    except (ConfigError, OSError) as error:
        raise ConfigError(f"{path}: {error}") from None


def _read_user(path: Path, name: str, table: Any) -> User:
    if not isinstance(table, dict) or set(table) != FIELDS:
        raise ConfigError(f"user {name!r} needs {' and '.join(sorted(FIELDS))}, and nothing else")
    key_file, named = table["key-file"], table["roles"]
    if not isinstance(key_file, str):
        raise ConfigError(f"user {name!r}: key-file is {key_file!r}; it is the name of a file")
    if not isinstance(named, list) or not all(isinstance(role, str) and role in ROLES for role in named):
        raise ConfigError(f"user {name!r}: roles is {named!r}; it is a list of some of {', '.join(ROLES)}")
    roles = Roles(0)
    for role in named:
        roles |= ROLES[role]
    return User(name, read_key(path.parent / key_file), roles)
