"""Launching drivers."""

from pathlib import Path

import pytest
from aeron_help import run_program

from seriatim.aeron import (
    Aeron,
    AeronError,
    ConfigurationError,
    DriverActiveError,
    MediaDriver,
    ThreadingMode,
    default_dir,
    is_driver_active,
    version,
)


@pytest.mark.parametrize("mode", [ThreadingMode.DEDICATED, ThreadingMode.SHARED_NETWORK, ThreadingMode.SHARED])
def test_a_driver_runs_in_every_threading_mode_and_cleans_up(mode: ThreadingMode) -> None:
    with MediaDriver(threading_mode=mode, idle="sleeping:1000000") as driver:
        assert is_driver_active(driver.dir)
        with Aeron(driver, name="a name") as aeron:
            aeron.add_publication("aeron:ipc", 1)
    assert driver.closed
    assert not Path(driver.dir).exists()
    assert not is_driver_active(driver.dir)


def test_a_second_driver_in_the_same_directory_is_refused(driver: MediaDriver) -> None:
    with pytest.raises(DriverActiveError, match="running in"):
        MediaDriver(driver.dir)
    assert is_driver_active(driver.dir)


def test_a_directory_can_be_used_again_after_a_driver(tmp_path: Path) -> None:
    for delete in (False, True):
        with MediaDriver(tmp_path / "aeron", dir_delete_on_shutdown=delete) as driver:
            assert is_driver_active(driver.dir)
    assert not (tmp_path / "aeron").exists()


@pytest.mark.parametrize(
    "strategy", ["backof", "", "Spin", "backoff:1", "backoff:1,2,3,x", "sleeping:-1", "sleeping:", "spin:1"]
)
def test_an_idle_strategy_that_aeron_does_not_know_is_refused_at_once(strategy: str) -> None:
    with pytest.raises(ConfigurationError, match="idle strategy"):
        MediaDriver(sender_idle=strategy or "?")


@pytest.mark.parametrize("strategy", ["noop", "spin", "yield", "sleeping", "sleeping:1000000", "backoff:1,1,1000,1000"])
def test_every_idle_strategy_is_accepted(strategy: str) -> None:
    with MediaDriver(threading_mode=ThreadingMode.SHARED_NETWORK, idle="sleeping:1000000", sender_idle=strategy):
        pass


@pytest.mark.parametrize(
    "settings", [{"term_length_bytes": 1000}, {"mtu_bytes": 17}, {"ipc_term_length_bytes": 3 << 16}]
)
def test_a_setting_that_aeron_refuses_raises_with_its_text(settings: dict[str, int]) -> None:
    with pytest.raises(AeronError, match=r"length|mtu"):
        MediaDriver(**settings)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("settings", [{"mtu_bytes": -1}, {"driver_timeout_ms": 2**70}, {"term_length_bytes": "64k"}])
def test_a_setting_of_the_wrong_kind_is_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used"):
        MediaDriver(**settings)  # pyright: ignore[reportArgumentType]


def test_a_setting_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no setting 'term_lenght_bytes'"):
        MediaDriver(term_lenght_bytes=65536)  # pyright: ignore[reportCallIssue]


@pytest.mark.alone
def test_an_idle_driver_and_client_leave_the_core_alone() -> None:
    ended = run_program("""
import time
from seriatim.aeron import *
with MediaDriver() as driver, Aeron(driver) as aeron:
    subscription = aeron.add_subscription("aeron:ipc", 10)
    start_s, spent_s = time.monotonic(), time.process_time()
    while time.monotonic() < start_s + 1:
        time.sleep(1)
    print((time.process_time() - spent_s) / (time.monotonic() - start_s))
""")
    assert ended.returncode == 0, ended.stderr
    assert float(ended.stdout) < 0.06  # 0.02 on a machine of its own


def test_a_file_or_a_path_too_long_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigurationError, match="not a directory"):
        MediaDriver(tmp_path / "file")
    with pytest.raises(ConfigurationError, match="300 bytes"):
        MediaDriver("/tmp/" + "x" * 300)


def test_the_default_directory_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AERON_DIR", "/somewhere")
    assert default_dir() == "/somewhere"
    monkeypatch.delenv("AERON_DIR")
    assert "aeron" in default_dir()


def test_the_bindings_know_their_aeron() -> None:
    assert version().startswith("1.54.")


def test_a_name_too_long_or_an_odd_stream_is_refused(driver: MediaDriver, aeron: Aeron) -> None:
    with pytest.raises(ConfigurationError, match="100 bytes"):
        Aeron(driver, name="x" * 101)
    with pytest.raises(ConfigurationError, match="32 bits"):
        aeron.add_publication("aeron:ipc", 2**31)
