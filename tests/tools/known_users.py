"""Users of a venue in tests: `control` may administer, `desk` may trade, and the operator has the venue's key."""

from pathlib import Path

from seriatim.trust import write_key

USERS = (
    '[control]\nkey-file = "control.key"\nroles = ["administer"]\n[desk]\nkey-file = "desk.key"\nroles = ["trade"]\n'
)


def with_known_users(folder: Path) -> tuple[str, ...]:
    """Makes their keys in the folder, as `control.key` and so on, and gives the options of a node that knows them."""
    for name in ("venue", "control", "desk"):
        write_key(folder / f"{name}.key")
    (folder / "users.toml").write_text(USERS)
    return "--segment-mib", "2", "--key-file", str(folder / "venue.key"), "--users", str(folder / "users.toml")
