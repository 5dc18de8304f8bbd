"""What receivers ask for, and how many are answered."""

from contextlib import ExitStack
from pathlib import Path

from seriatim.marketdata import Receiver
from tests.bus.bus_help import wait_for
from tests.marketdata.market_help import counters, market

NO_CYCLE = ("--snapshot-interval", "3600")
REQUESTERS_MAX = 64


def test_a_gap_that_is_being_filled_is_asked_for_once(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir) as venue, Receiver(aeron_dir=aeron_dir) as receiver:
        receiver.wait_until_current()
        venue.publisher.kill()
        venue.trade(40_000)  # a batch of an answer holds a tenth of what they tell
        venue.publisher.start()
        venue.judge(receiver)
        assert receiver.standing.counts["skipped"] == 0
        assert 1 <= receiver.asked <= 5


def test_receivers_that_were_answered_make_room_for_others(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir, *NO_CYCLE) as venue, ExitStack() as stack:
        venue.trade(100)
        venue.next_number()
        for _ in range(REQUESTERS_MAX + 3):
            receiver = stack.enter_context(Receiver(aeron_dir=aeron_dir))
            receiver.wait_until_current(5.0)
        assert counters(aeron_dir)["requesters"] <= REQUESTERS_MAX


def test_a_requester_that_has_gone_is_let_go_at_once(tmp_path: Path, aeron_dir: str):
    with market(tmp_path, aeron_dir, *NO_CYCLE) as venue:
        with Receiver(aeron_dir=aeron_dir) as receiver:
            venue.judge(receiver)
            wait_for(lambda: counters(aeron_dir)["requesters"] == 1)
        wait_for(lambda: counters(aeron_dir)["requesters"] == 0)


def test_snapshots_that_are_on_their_way_are_not_asked_for_again(tmp_path: Path, aeron_dir: str):
    slow = ("--requester-mib-per-s", "1")
    with market(tmp_path, aeron_dir, *NO_CYCLE, *slow) as venue:
        venue.trade(150_000)  # of which more than three seconds' worth is in the book
        with Receiver(aeron_dir=aeron_dir) as receiver:
            venue.judge(receiver, 60.0)
            assert receiver.standing.orders * 62 > 3 << 20
            assert receiver.asked <= 2  # a busy machine may let a second pass before the first piece comes
