"""The recorder beside a live node: crashes, hashes, lag."""

import random
import time
from pathlib import Path

import numpy as np
import pytest

from seriatim.aeron import Aeron, CncFile
from seriatim.client import Client
from seriatim.journal import JournalReader
from seriatim.journal.event_log import EventLog
from seriatim.sequencer.node import COUNTER_TYPE_ID
from seriatim.sequencer.recorder.lag import RECORDER_COUNTER_TYPE_ID
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, flow, instrument, replayed, send_all, wait_for
from tests.recorder.recorder_help import RecorderProcess, replayed_events

KILLS = 6


def counters(aeron_dir: str) -> dict[str, int]:
    with CncFile(aeron_dir) as file:
        found = file.counters.find(RECORDER_COUNTER_TYPE_ID)
    return {counter.label: counter.value for counter in sorted(found, key=lambda counter: counter.registration_id)}


def test_however_often_it_is_killed_the_log_is_that_of_the_journal(tmp_path: Path, aeron_dir: str):
    journal, log = tmp_path / "journal", tmp_path / "log"
    moments = random.Random(8)
    with Venue(journal, aeron_dir=aeron_dir, options=SMALL_SEGMENTS) as venue, Client(venue.client_config()) as client:
        client.call(instrument())
        with RecorderProcess(journal, log, aeron_dir) as recorder:
            for turn in range(KILLS):
                send_all(client, flow(turn, 10_000, first_id=1 + 10_000 * turn))
                recorder.wait_for("recorder started")
                time.sleep(moments.uniform(0, 0.2))  # the moment is what is random here; nothing waits for it
                recorder.kill()
                recorder.start()
            end = venue.stop()
            wait_for(lambda: recorder.heard("caught up"))
            result = recorder.stop()
    assert result["state_hash"] == end["state_hash"]
    with EventLog(log) as events:
        rows = np.concatenate([batch.rows for batch in events.range(1, events.next_seq)])
    assert np.array_equal(rows, replayed_events(journal))


@pytest.mark.parametrize("durability", ["fsync", "relaxed"])
def test_the_hashes_of_node_and_recorder_are_compared_under_load_and_across_restarts(
    tmp_path: Path, aeron_dir: str, durability: str
):
    journal = tmp_path / "journal"
    venue = Venue(journal, aeron_dir=aeron_dir, durability=durability, options=SMALL_SEGMENTS)
    with venue, RecorderProcess(journal, tmp_path / "log", aeron_dir) as recorder:
        recorder.wait_for("found the media driver")
        for start in range(3):
            before = counters(aeron_dir)["recorder hashes agreed"]
            with Client(venue.client_config(timeout_s=20.0)) as client:
                client.call(instrument())
                for turn in range(5):
                    send_all(client, flow(turn, 4_000, first_id=1 + 4_000 * turn))
                wait_for(lambda before=before: counters(aeron_dir)["recorder hashes agreed"] >= before + 3)
            if start < 2:
                venue.kill()
                venue.start()
        assert recorder.process.poll() is None
        venue.stop()
        wait_for(lambda: recorder.process.poll() is not None or counters(aeron_dir)["recorder behind seq"] == 0)
        assert recorder.stop()["hashes_agreed"] >= 9


def test_a_live_engine_with_another_state_stops_the_recorder_loudly(recorded: Path, tmp_path: Path, aeron_dir: str):
    journal = recorded / "journal"
    with JournalReader(journal) as reader:
        cluster_id = reader.meta.cluster_id
    state = replayed(journal)
    with Aeron(aeron_dir, name="forged") as aeron:
        labels = ("checked seq", "checked hash", "checked sum", "persisted seq")
        seq, state_hash, total, persisted = (aeron.add_counter(COUNTER_TYPE_ID, name, cluster_id) for name in labels)
        persisted.value = state.seq
        with RecorderProcess(journal, tmp_path / "log", aeron_dir) as recorder:
            # One that was read while it was written is no difference, and neither is one of another journal.
            seq.value, state_hash.value, total.value = state.seq - 1, 4711, 99
            recorder.wait_for("caught up")
            right = state.state_hash - 2**64 if state.state_hash >= 2**63 else state.state_hash
            seq.value, state_hash.value, total.value = state.seq, right, state.seq ^ right
            wait_for(lambda: counters(aeron_dir).get("recorder hashes agreed") == 1)
            state_hash.value, total.value, seq.value = 4711, 4711 ^ (state.seq - 7), state.seq - 7
            wait_for(lambda: recorder.process.poll() is not None)
            recorder._listener.join()
            assert recorder.process.returncode == 1
            assert f"after seq {state.seq - 7} the node's state hash is {4711:016x}" in recorder.said[-1]["event"]


def test_its_lag_is_told_in_counters(recorded: Path, tmp_path: Path, aeron_dir: str):
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir) as recorder:
        recorder.wait_for("caught up")
        seq = replayed(recorded / "journal").seq
        wait_for(lambda: counters(aeron_dir).get("recorder seq") == seq)
        told = counters(aeron_dir)
        assert (told["recorder behind seq"], told["recorder behind ns"], told["followers"]) == (0, 0, 0)


def test_a_second_recorder_on_one_log_is_refused(recorded: Path, tmp_path: Path, aeron_dir: str):
    with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir) as first:
        first.wait_for("recorder started")
        with RecorderProcess(recorded / "journal", tmp_path / "log", aeron_dir) as second:
            wait_for(lambda: second.process.poll() is not None)
            second._listener.join()
            assert second.process.returncode == 1
            assert f"process {first.process.pid}" in second.said[-1]["event"]
