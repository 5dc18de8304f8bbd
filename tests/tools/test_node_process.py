"""A node in a process of its own, used in an order in which it cannot be used: a sentence, and nothing left behind."""

from pathlib import Path

import pytest

from seriatim.errors import ConfigError, NodeFailed
from seriatim.tools.testing import NodeProcess


def test_a_node_runs_once_at_a_time(node_process: NodeProcess):
    assert node_process.venue is not None
    first = node_process.venue.process
    with pytest.raises(ConfigError, match="runs already"):
        node_process.start()
    with pytest.raises(ConfigError, match="entered already"):
        node_process.__enter__()
    assert node_process.venue.process is first
    assert node_process.stop()["seq"] > 0
    assert first is not None
    assert first.returncode == 0
    with pytest.raises(NodeFailed, match="stopped already"):
        node_process.stop()
    node_process.start()


def test_what_a_dead_node_cannot_do_is_said(node_process: NodeProcess):
    node_process.kill()
    node_process.kill()
    for act in (node_process.fill_disk, node_process.free_disk, node_process.pause, node_process.resume):
        with pytest.raises(NodeFailed, match="does not run"):
            act()
    with pytest.raises(NodeFailed, match="ended with code -9"):
        node_process.stop()


def test_a_setting_that_no_client_has_is_named(node_process: NodeProcess):
    with pytest.raises(ConfigError, match=r"no setting 'foo' of a client; there are aeron_dir, "):
        node_process.client(foo=1)


def test_a_node_that_was_left_cannot_be_used(tmp_path: Path):
    node = NodeProcess(tmp_path)
    with pytest.raises(NodeFailed, match="not started"):
        node.start()
    with node:
        node.kill()
    for act in (node.start, node.stop, node.kill, node.client):
        with pytest.raises(NodeFailed, match="not started"):
            act()
