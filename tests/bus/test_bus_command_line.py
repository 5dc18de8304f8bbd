"""The `seriatim` command as a person, a script and a service manager meet it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from seriatim.aeron import MediaDriver
from seriatim.client import Client
from seriatim.engine import EventKind
from seriatim.tools.main import COMMANDS as TOP
from seriatim.tools.main import cli, main
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, counters, flow, instrument, send_all, wait_for

SERIATIM = [sys.executable, "-m", "seriatim"]
ESCAPE = "\x1b"


Run = Callable[..., subprocess.CompletedProcess[str]]


def run_apart(*arguments: str | Path, bound_s: float = 60.0) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own."""
    command = [*SERIATIM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=bound_s, check=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process, which is quicker."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["seriatim", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, said.out, said.err)

    return run


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += every_command(command, (*path, name))
    return found


COMMANDS = every_command(cli)


def test_the_commands_are_those_that_the_manual_names():
    names = {" ".join(path) for path in COMMANDS}
    assert names >= {
        *("node", "driver", "keygen", "demo", "flow lobster", "flow synthetic"),
        *("journal state", "journal info", "journal dump", "bench path", "bench neighbours", "bench engine"),
        "bench aeron",
    }


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_that_teaches(path: tuple[str, ...]):
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    text = help_of(command, path)
    assert ESCAPE not in text
    assert max(map(len, text.splitlines())) <= 80
    if not isinstance(command, click.Group):
        assert "Example" in text
        assert f"seriatim {' '.join(path)}" in text.split("Example")[1]
        assert all(
            option.help for option in command.params if isinstance(option, click.Option) and option.name != "help"
        )


def help_of(command: click.Command, path: tuple[str, ...] = ()) -> str:
    """What `--help` prints on a terminal of 80 columns."""
    return command.get_help(click.Context(command, info_name=" ".join(("seriatim", *path)), terminal_width=80))


def test_the_help_of_seriatim_itself_fits_80_columns():
    assert max(map(len, help_of(cli).splitlines())) <= 80


def test_the_list_of_commands_loads_none_of_them():
    program = "import sys; from seriatim.__main__ import main; sys.argv[1:] = ['--help']; main()"
    tell = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    done = subprocess.run([sys.executable, "-c", f"{tell}; {program}"], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "  node        Runs a node on a journal.\n" in done.stdout
    assert "seriatim.tools.main" in loaded
    assert not loaded & {"numpy", "seriatim._native", "seriatim.engine", *(f"seriatim.tools.{name}" for name in TOP)}


def test_help_and_version_work_in_a_process_of_their_own():
    helped, version = run_apart("--help"), run_apart("--version")
    assert (helped.returncode, version.returncode) == (0, 0)
    assert "seriatim demo" in helped.stdout
    assert ESCAPE not in helped.stdout
    assert "0.1.0" in version.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_a_node_in_order_with_its_state_and_leaves_nothing(
    run: Run, number: signal.Signals, journal: Path
):
    venue = Venue(journal, options=SMALL_SEGMENTS)
    with venue:
        assert venue.process is not None
        with Client(venue.client_config()) as client:
            client.call(instrument())
        assert Path(venue.aeron_dir).is_dir()
        children = Path(f"/proc/{venue.process.pid}/task/{venue.process.pid}/children")
        pids = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        venue.process.send_signal(number)
        assert venue.process.wait(20) == 0
        assert venue.process.stdout is not None
        state = json.loads(venue.process.stdout.read())
        assert state["seq"] >= 3
        assert len(state["outcome_hash"]) == 16
        assert not Path(venue.aeron_dir).exists()
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    state_again = json.loads(run("journal", "state", journal, "--json").stdout)
    assert {name: state_again[name] for name in ("seq", "outcome_hash", "state_hash")} == {
        name: state[name] for name in ("seq", "outcome_hash", "state_hash")
    }


def test_a_driver_of_its_own_serves_a_node_and_ends_on_a_signal(tmp_path: Path, journal: Path):
    folder = str(tmp_path / "driver")
    with subprocess.Popen(
        [*SERIATIM, "driver", "--aeron-dir", folder, "--json"], stderr=subprocess.PIPE, text=True
    ) as driver:
        assert driver.stderr is not None
        assert json.loads(driver.stderr.readline())["event"] == "driver started"
        with Venue(journal, aeron_dir=folder, options=SMALL_SEGMENTS) as venue, Client(venue.client_config()) as client:
            assert client.call(instrument())["kind"].tolist() == [EventKind.INSTRUMENT_DEFINED]
        driver.send_signal(signal.SIGTERM)
        assert driver.wait(20) == 0
    assert not Path(folder).exists()


def fails(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """It ended with an error that is one sentence for a person."""
    assert done.returncode in (1, 2), done
    assert "Traceback" not in done.stderr
    assert ESCAPE not in done.stderr
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr


def test_an_unknown_durability_is_named(journal: Path):
    fails(run_apart("node", journal, "--durability", "quorum"), "quorum", "relaxed", "fsync")


def test_a_journal_that_another_node_writes_is_left_alone(run: Run, journal: Path):
    with Venue(journal, options=SMALL_SEGMENTS) as venue:
        assert venue.process is not None
        fails(
            run("node", journal, "--aeron-dir", f"{venue.aeron_dir}-2"),
            f"process {venue.process.pid} writes to",
            "stop it first",
        )
        with Client(venue.client_config()) as client:
            client.call(instrument())


def test_a_file_is_no_journal(run: Run, tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    fails(run("node", tmp_path / "file"), "is a file")


def test_a_folder_with_something_else_in_it_is_left_as_it_is(run: Run, tmp_path: Path):
    (tmp_path / "letter.txt").write_text("dear diary")
    fails(run("node", tmp_path), str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    "channel",
    [
        *("nonsense", "", "aeron:carrier-pigeon", "aeron:udp", "aeron:udp?endpoint=nowhere.invalid:1"),
        "aeron:udp?endpoint=192.0.2.1:9301",
    ],
)
def test_a_bad_channel_is_named(run: Run, journal: Path, tmp_path: Path, channel: str):
    run("keygen", tmp_path / "key")
    allowed = ("--key-file", tmp_path / "key", "--listen-beyond-loopback")
    done = run(
        "node", journal, "--segment-mib", "2", "--ingress", channel, "--aeron-dir", tmp_path / "driver", *allowed
    )
    fails(done, f"channel {channel!r}: ", "looks like aeron:ipc, or like aeron:udp?endpoint=127.0.0.1:9301")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert not (tmp_path / "driver").exists()


def test_a_missing_outside_driver_is_named(run: Run, journal: Path, tmp_path: Path):
    done = run("node", journal, "--segment-mib", "2", "--outside-driver", "--aeron-dir", tmp_path / "nobody")
    fails(done, "no media driver runs in", "nobody", "seriatim driver --aeron-dir")


def test_a_second_driver_in_one_folder_is_refused(run: Run, tmp_path: Path):
    with MediaDriver(str(tmp_path / "driver")):
        fails(run("driver", "--aeron-dir", tmp_path / "driver"), "driver")


def test_a_missing_key_file_is_named(run: Run, journal: Path):
    fails(run("node", journal, "--key-file", "no-such-key"), "no-such-key")


def test_a_file_that_is_not_lobster_is_named(run: Run, tmp_path: Path):
    (tmp_path / "orders.csv").write_text("a,b,c\n")
    fails(run("flow", "lobster", tmp_path / "orders.csv"), "not a LOBSTER message file")


@pytest.mark.parametrize("command", ["state", "info", "dump"])
def test_a_journal_command_on_no_journal_is_one_sentence(run: Run, tmp_path: Path, command: str):
    fails(run("journal", command, tmp_path / "nowhere"), "nowhere")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal that a node has left."""
    journal = tmp_path_factory.mktemp("written") / "journal"
    with Venue(journal, options=SMALL_SEGMENTS) as venue:
        with Client(venue.client_config()) as client:
            client.call(instrument())
            send_all(client, flow(seed=3, count=2_000))
        venue.stop()
    return journal


def test_journal_state_replays_and_measures(run: Run, written: Path):
    state = json.loads(run("journal", "state", written, "--json").stdout)
    assert state["seq"] >= 2_003
    assert state["messages_per_second"] > 10_000
    assert len(state["state_hash"]) == 16


def test_journal_info_says_what_is_there(run: Run, written: Path):
    info = json.loads(run("journal", "info", written, "--json").stdout)
    assert info["last_seq"] >= 2_003
    assert info["running"] is False
    assert "segments" in info


def test_journal_dump_decodes_what_was_sent(run: Run, written: Path):
    lines = run("journal", "dump", written, "--from-seq", "3", "--count", "2", "--json").stdout.splitlines()
    first, second = map(json.loads, lines)
    assert (first["seq"], second["seq"]) == (3, 4)
    assert first["body"]["message"] == "DefineInstrument"
    assert first["body"]["fields"]["symbol"] == "OAK"
    assert second["body"]["number"] == 2


@pytest.mark.parametrize(
    "arguments", [("state",), ("info",), ("dump", "--count", "20")], ids=lambda arguments: arguments[0]
)
def test_output_in_a_pipe_is_plain_text(run: Run, written: Path, arguments: tuple[str, ...]):
    done = run("journal", *arguments, written)
    assert done.returncode == 0
    assert done.stdout
    assert ESCAPE not in done.stdout + done.stderr


def test_the_demo_proves_its_journal(run: Run, tmp_path: Path):
    journal = tmp_path / "journal"
    done = run_apart("demo", "--seconds", "2", "--rate", "2000", "--journal", journal, "--json")
    assert done.returncode == 0, done.stderr
    assert ESCAPE not in done.stdout + done.stderr
    summary = json.loads(done.stdout)
    assert summary["replay"]["same"] is True
    assert summary["orders_sent"] == summary["acknowledged"] > 1_000
    assert summary["executed"] > 0
    again = json.loads(run("journal", "state", journal, "--json").stdout)
    assert again["state_hash"] == summary["state_hash"]


@pytest.mark.alone
def test_an_idle_node_uses_little_of_a_core(journal: Path):
    """Default settings, a client logged on, all threads. Ticks, one a second when idle, measure the time."""
    with Venue(journal, options=SMALL_SEGMENTS) as venue, Client(venue.client_config()) as client:
        client.call(instrument())
        assert venue.process is not None
        stat = Path(f"/proc/{venue.process.pid}/stat")

        def cpu_s() -> float:
            fields = stat.read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

        def stamped_seq() -> int:
            time.sleep(0.05)
            return counters(venue.aeron_dir)["stamped seq"]

        first = stamped_seq()
        wait_for(lambda: stamped_seq() > first)  # the start is over
        shares = []
        for window in range(1, 6):  # others make each wake-up dearer; an idle node is idle in one of five
            begin_s, begin_cpu_s = time.monotonic(), cpu_s()
            wait_for(lambda seq=first + 3 * window: stamped_seq() > seq)
            shares.append((cpu_s() - begin_cpu_s) / (time.monotonic() - begin_s))
            if shares[-1] < 0.05:
                break
        assert min(shares) < 0.05, shares


def test_a_node_ends_when_the_process_that_started_it_is_killed(journal: Path):
    script = f"""
import sys, time
from pathlib import Path
from seriatim.tools.venue import Venue
venue = Venue(Path({str(journal)!r}), options={SMALL_SEGMENTS!r})
venue.start()
print(venue.process.pid, venue.aeron_dir, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, aeron_dir = parent.stdout.readline().split()
        parent.kill()
    wait_for(lambda: not Path(f"/proc/{pid}").exists())
    assert not Path(aeron_dir).exists()


def test_a_node_whose_parent_dies_while_it_starts_ends_too(journal: Path, tmp_path: Path):
    options = ("--with-parent", "--aeron-dir", str(tmp_path / "aeron"), *SMALL_SEGMENTS)
    node = [sys.executable, "-m", "seriatim", "node", str(journal), *options]
    script = f"import subprocess, time; print(subprocess.Popen({node!r}).pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = parent.stdout.readline().strip()
        wait_for(journal.exists)  # it has begun and is not ready
        parent.kill()
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), bound_s=40)


def test_a_folder_that_is_no_drivers_is_never_deleted(run: Run, tmp_path: Path, journal: Path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("mine")
    for arguments in (("driver", "--aeron-dir", precious), ("node", journal, "--aeron-dir", precious)):
        fails(run(*arguments), "precious", "name a new folder")
    assert (precious / "thesis.txt").read_text() == "mine"


def test_a_run_that_begins_an_order_does_not_continue_one(run: Run, tmp_path: Path):
    used = tmp_path / "used"
    used.mkdir()
    (used / "something").touch()
    fails(run("demo", "--journal", used), "used", "name a new folder")
    fails(run("flow", "synthetic", "--operations", "1000", "--journal", used), "used", "name a new folder")


def test_journal_verify_says_that_a_journal_is_whole(run: Run, written: Path):
    report = json.loads(run("journal", "verify", written, "--json").stdout)
    assert report["whole"] is True
    assert report["blocks"] > 0


def test_a_node_whose_driver_is_killed_ends_and_says_why(journal: Path, tmp_path: Path):
    folder = str(tmp_path / "driver")
    with subprocess.Popen([*SERIATIM, "driver", "--aeron-dir", folder, "--json"], stderr=subprocess.PIPE) as driver:
        assert driver.stderr is not None
        driver.stderr.readline()
        venue = Venue(journal, aeron_dir=folder, options=SMALL_SEGMENTS)
        venue.start()
        try:
            assert venue.process is not None
            driver.kill()
            assert venue.process.wait(30) == 1
            assert "driver is gone" in venue.last_words()
        finally:
            venue.close()
