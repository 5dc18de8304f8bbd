"""`python -m seriatim` is the `seriatim` command."""

from seriatim.tools.main import main

main()
