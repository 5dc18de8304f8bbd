"""`python -m seriatim` is the `seriatim` command: what is imported here must be little, for Ctrl-C may come at once."""

from seriatim.tools.signals import leaving_at_once


def main() -> None:
    """The entry point."""
    with leaving_at_once():
        from seriatim.tools.main import main as run  # noqa: PLC0415
    run()


if __name__ == "__main__":
    main()
