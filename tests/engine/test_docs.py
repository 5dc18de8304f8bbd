"""The examples in the docstrings work."""

import doctest

from seriatim import engine as package
from seriatim.engine import engine as module


def test_the_example_of_the_engine_works():
    names = {name: getattr(package, name) for name in package.__all__}
    results = doctest.testmod(module, extraglobs=names)
    assert results.attempted > 0
    assert results.failed == 0
