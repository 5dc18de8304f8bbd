"""Prints the folder of Aeron's C sources, which cargo has downloaded and checked."""

import json
import subprocess
from pathlib import Path

MANIFEST = Path(__file__).parent / "aeron-source" / "Cargo.toml"
COMMAND = ["cargo", "metadata", "--locked", "--format-version", "1", "--manifest-path", str(MANIFEST)]


def main() -> None:
    metadata = json.loads(subprocess.run(COMMAND, check=True, capture_output=True, text=True).stdout)
    [crate] = [package for package in metadata["packages"] if package["name"] == "libaeron_driver-sys"]
    print(Path(crate["manifest_path"]).parent / "aeron")


if __name__ == "__main__":
    main()
