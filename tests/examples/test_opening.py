"""The example prints what its docstring says."""

from seriatim.engine import Engine
from tests.examples import opening

PRINTED = """
no price yet
200 at 1002, surplus -100
200 at 1002, surplus -200
400 at 1003, surplus +100
the auction trades 400 at 1003
100 at 1003
100 at 1003
200 at 1003
50 shown, 3 orders
50 at 1005
an iceberg shows 50 of 150
50 at 1005
an iceberg shows 50 of 100
20 at 1005
100 at 1003
10 at 1001
a stop is triggered
30 at 999
the loaded engine went on alike
"""


def test_it_prints_an_auction_an_iceberg_and_a_stop(capsys):
    opening.main()
    assert capsys.readouterr().out == PRINTED.lstrip()


def test_an_engine_that_was_loaded_has_the_hashes_and_bytes_of_the_other():
    engine = opening.opened()
    for part in (opening.auction, opening.morning):
        list(part(engine))
    loaded = Engine.load(engine.snapshot())
    assert list(opening.afternoon(engine)) == list(opening.afternoon(loaded))
    assert (loaded.outcome_hash, loaded.snapshot()) == (engine.outcome_hash, engine.snapshot())
