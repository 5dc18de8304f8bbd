"""The package's front door: few names, loaded when they are used."""

import subprocess
import sys

import pytest

import seriatim
from seriatim.admin import administer
from seriatim.client import Client
from seriatim.config import ClientConfig, NodeConfig, RecorderConfig
from seriatim.errors import SeriatimError
from seriatim.journal.event_log import EventLog
from seriatim.sequencer.follow import follow
from seriatim.sequencer.node import Node
from seriatim.sequencer.recorder import Recorder
from seriatim.sequencer.replica import Replica

PUBLIC = {
    "Client": Client,
    "ClientConfig": ClientConfig,
    "EventLog": EventLog,
    "Node": Node,
    "NodeConfig": NodeConfig,
    "Recorder": Recorder,
    "RecorderConfig": RecorderConfig,
    "Replica": Replica,
    "SeriatimError": SeriatimError,
    "administer": administer,
    "follow": follow,
}


def test_the_public_names_are_these_and_no_others():
    assert sorted(seriatim.__all__) == sorted(PUBLIC)
    assert {name: getattr(seriatim, name) for name in seriatim.__all__} == PUBLIC
    assert set(PUBLIC) <= set(dir(seriatim))


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = seriatim.Nothing


def test_importing_the_package_loads_none_of_its_parts():
    program = "import seriatim, sys; print([name for name in sys.modules if name.startswith('seriatim.')])"
    assert run(program) == "[]"


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_each_name_can_be_the_first_that_is_imported(name: str):
    assert run(f"from seriatim import {name}; print({name}.__name__)") == name


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()
