"""Other engines on the published flow: installed for the measurement, gone afterwards, and never silently missing."""

import tempfile

import numpy as np
import pytest

from seriatim.tools.bench import engine as bench
from seriatim.tools.bench import engine_flow, peers

OPERATIONS = 20_000


def test_the_flow_is_given_as_it_is_published():
    rows = peers.published(engine_flow.generate(1_000, lambda _done: None))
    assert rows.shape == (1_000, 5)
    assert rows.dtype == np.dtype("<i4")
    assert set(rows[:, 0].tolist()) == {peers.LIMIT, peers.CANCEL, peers.IMMEDIATE}
    assert set(rows[:, 2].tolist()) == {0, 1}
    entered = rows[rows[:, 0] != peers.CANCEL]
    assert entered[:, 1].tolist() == list(range(1, len(entered) + 1))
    assert entered[:, 4].min() >= 1


def test_a_peer_that_cannot_be_had_says_why(tmp_path):
    unknown = peers.Peer("liquibook", "0.0.0.dev1", "told")
    with pytest.raises(peers.NotMadeError, match="liquibook"):
        peers._install(unknown, tmp_path)


def test_without_a_compiler_no_peer_is_measured_and_the_report_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("CXX", "no-such-compiler")
    monkeypatch.setattr(peers, "_install", lambda _peer, _packages: [])
    made = peers._make(tmp_path, engine_flow.generate(1_000, lambda _done: None), lambda: None)
    made.run_once()
    report = made.report({})["peers"]
    assert set(report) == {peer.name for peer in peers.PEERS}
    assert all("compiler" in row["not_measured"] for row in report.values())


def test_a_peer_that_breaks_off_is_not_measured():
    broken = peers.Made({"obook": ["false"]})
    broken.run_once()
    assert "false ended with 1" in broken.report({})["peers"]["obook"]["not_measured"]


@pytest.mark.timeout(300)
def test_each_peer_trades_as_ours_does_and_leaves_nothing_behind(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    commands = engine_flow.generate(OPERATIONS, lambda _done: None)
    with peers.made(commands, True, lambda: None) as made:
        missing = dict(made.reasons)
        report = bench.measure(commands, made, 0, lambda: None)
    assert list(tmp_path.iterdir()) == []
    if len(missing) == len(peers.PEERS):
        pytest.skip(f"no peer could be made here: {missing}")
    peers.show(report["peers"])
    told = capsys.readouterr().out
    for name, row in report["peers"].items():
        if name in missing:
            assert missing[name] in told.replace("\n", " ")
        else:
            assert row["same_totals"], (name, row)
            assert row["operations_per_second"] > 0
            assert name in told
