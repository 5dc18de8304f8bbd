"""Nothing aborts, hangs or crashes: each program ends by itself, in time, with the given code and a clean stderr."""

import pytest
from aeron_help import run_program

PRELUDE = """
import os, signal, subprocess, sys, threading, time
from seriatim.aeron import *

def wait_for(condition, bound_s=10):
    deadline = time.monotonic() + bound_s
    while not condition():
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.001)

def raises(error, call):
    try:
        call()
    except error as caught:
        return str(caught)
    raise AssertionError(f"{call} did not raise {error}")

def stream(aeron, stream_id=10):
    subscription = aeron.add_subscription("aeron:ipc", stream_id)
    publication = aeron.add_exclusive_publication("aeron:ipc", stream_id)
    wait_for(lambda: publication.is_connected and subscription.is_connected)
    return publication, subscription

def outside_driver(path):
    source = f"from seriatim.aeron import MediaDriver; d = MediaDriver({path!r}); print('up', flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"up\\n"
    return process
"""

USES = """
    publication, subscription = stream(aeron)
    counter = aeron.add_counter(1001, "a counter")
    image = subscription.images[0]
    uses = [
        lambda: publication.offer(b"x"),
        lambda: publication.offer_parts([b"x"]),
        lambda: publication.offer_many(b"xx", [1, 1]),
        lambda: publication.try_claim(4),
        lambda: publication.position,
        lambda: publication.is_connected,
        lambda: publication.local_addresses,
        lambda: publication.pointer,
        lambda: publication.add_destination("aeron:udp?endpoint=localhost:4000"),
        lambda: subscription.poll(print),
        lambda: subscription.controlled_poll(print),
        lambda: subscription.poll_batch(MessageBatch()),
        lambda: subscription.images,
        lambda: subscription.image(1),
        lambda: subscription.is_connected,
        lambda: subscription.resolved_endpoint,
        lambda: counter.value,
        lambda: counter.add(1),
        lambda: counter.address,
        lambda: image.position,
        lambda: publication.offer(b"x", reserved_value=1),
        lambda: image.poll(print),
        lambda: image.controlled_poll(print),
        lambda: image.poll_batch(MessageBatch()),
        lambda: image.reject("no"),
    ]
"""


def check(body: str, *, code: int = 0, bound_s: float = 30, stderr: str = "") -> str:
    """Runs the body after the prelude; returns what it printed."""
    ended = run_program(PRELUDE + body, bound_s)
    assert ended.returncode == code, ended.stderr
    if stderr:
        assert stderr in ended.stderr
    else:
        assert ended.stderr == ""
    return ended.stdout


def test_use_after_close_raises_and_closing_twice_is_harmless() -> None:
    check(f"""
with MediaDriver() as driver, Aeron(driver) as aeron:
{USES}
    for closable in (publication, subscription, counter, image) * 2:
        closable.close()
        assert closable.closed if hasattr(closable, "closed") else True
    for use in uses:
        raises(ClosedError, use)
""")


def test_everything_is_closed_with_its_client() -> None:
    check(f"""
with MediaDriver() as driver:
    aeron = Aeron(driver)
{USES}
    claim = publication.try_claim(4)
    aeron.close()
    aeron.close()
    for use in [*uses, lambda: aeron.client_id, lambda: list(aeron.counters), lambda: stream(aeron), aeron.do_work]:
        raises(ClosedError, use)
    claim.commit()
    for closable in (publication, subscription, counter, image):
        closable.close()
""")


def test_a_driver_may_be_closed_before_its_clients() -> None:
    check(f"""
driver = MediaDriver()
aeron = Aeron(driver, driver_timeout_ms=2000, keepalive_interval_ms=100)
{USES.replace("    ", "")}
driver.close()
driver.close()
wait_for(lambda: aeron.closed)
print(raises(DriverTimeoutError, lambda: publication.offer(b"x")))
for use in (*uses[1:3], uses[8]):
    raises(DriverTimeoutError, use)
raises(DriverTimeoutError, lambda: subscription.poll(print))
raises(DriverTimeoutError, lambda: image.poll(print))
raises(DriverTimeoutError, lambda: stream(aeron))
assert [type(error) for error in aeron.take_errors()] == [DriverTimeoutError]
aeron.close()
""")


def test_a_killed_driver_becomes_a_typed_error(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("killed") / "aeron"
    printed = check(f"""
process = outside_driver({str(path)!r})
aeron = Aeron({str(path)!r}, driver_timeout_ms=1000, keepalive_interval_ms=100)
publication, subscription = stream(aeron)
assert publication.offer(b"x") > 0
assert is_driver_active({str(path)!r})
process.kill()
process.communicate()
assert not is_driver_active({str(path)!r})
wait_for(lambda: aeron.closed)
print(raises(DriverTimeoutError, lambda: publication.offer(b"x")))
raises(DriverTimeoutError, lambda: subscription.poll_batch(MessageBatch()))
aeron.close()
with MediaDriver({str(path)!r}) as driver, Aeron(driver) as aeron:
    stream(aeron)
""")
    assert "keepalive" in printed


def test_connecting_without_a_driver_is_a_typed_error(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = str(tmp_path_factory.mktemp("nobody"))
    check(f"""
raises(DriverTimeoutError, lambda: Aeron({path!r}, driver_timeout_ms=300))
raises(DriverTimeoutError, lambda: CncFile({path!r}))
assert not is_driver_active({path!r})
""")


@pytest.mark.parametrize("ending", ["", "sys.exit(0)", "del driver, aeron, publication, subscription"])
def test_the_interpreter_may_end_with_everything_open(ending: str) -> None:
    check(f"""
driver = MediaDriver()
aeron = Aeron(driver)
publication, subscription = stream(aeron)
claim = publication.try_claim(10)
image = subscription.images[0]
warn = {ending.startswith("del")}
if warn:
    import warnings
    warnings.simplefilter("ignore")
{ending}
""")


def test_an_exception_that_ends_the_program_is_its_own_and_not_a_crash() -> None:
    check(
        """
driver = MediaDriver()
aeron = Aeron(driver)
publication, subscription = stream(aeron)
publication.offer(b"x")
subscription.poll(lambda *_: 1 / 0)
""",
        code=1,
        stderr="ZeroDivisionError",
    )


def test_the_interpreter_may_end_while_daemon_threads_offer_and_poll() -> None:
    check("""
driver = MediaDriver()
aeron = Aeron(driver)
publication, subscription = stream(aeron)
rounds = [0]
def work(call):
    while True:
        try:
            call()
        except ClosedError:
            return
        rounds[0] += 1
batch = MessageBatch()
for call in (lambda: publication.offer(b"x"), lambda: subscription.poll(lambda *_: None)):
    threading.Thread(target=work, args=(call,), daemon=True).start()
wait_for(lambda: rounds[0] > 1000)
""")


def test_closing_while_other_threads_are_inside_is_safe() -> None:
    check("""
with MediaDriver(ipc_term_length_bytes=65536) as driver:
    for turn in range(20):
        aeron = Aeron(driver)
        publication, subscription = stream(aeron)
        shared = aeron.add_publication("aeron:ipc", 11)
        counter = aeron.add_counter(1001, "x")
        batch = MessageBatch()
        calls = [
            lambda: publication.offer_many(bytes(6400), [64] * 100),
            lambda: shared.offer(b"x"),
            lambda: subscription.poll(lambda *_: None, 100) if turn % 2 else subscription.poll_batch(batch),
            lambda: counter.add(1),
            lambda: [image.position for image in subscription.images],
        ]
        rounds = [0] * len(calls)
        def work(index):
            try:
                while True:
                    calls[index]()
                    rounds[index] += 1
            except ClosedError:
                pass
        threads = [threading.Thread(target=work, args=(index,)) for index in range(len(calls))]
        for thread in threads:
            thread.start()
        wait_for(lambda: min(rounds) > 5)
        aeron.close()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
""")


@pytest.mark.parametrize("target", ["subscription", "publication", "aeron", "driver"])
def test_a_handler_may_close_what_it_likes(target: str) -> None:
    check(f"""
driver = MediaDriver()
aeron = Aeron(driver)
publication, subscription = stream(aeron)
publication.offer_many(b"abc", [1, 1, 1])
seen = []
def handler(view, header):
    {target}.close()
    seen.append((bytes(view), header.position))
assert subscription.poll(handler) == 3
assert seen == [(b"a", 64), (b"b", 128), (b"c", 192)]
aeron.close()
driver.close()
raises(ClosedError, lambda: subscription.poll(handler))
""")


def test_a_forked_child_is_refused_and_the_parent_goes_on() -> None:
    printed = check("""
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
driver = MediaDriver()
aeron = Aeron(driver)
publication, subscription = stream(aeron)
pid = os.fork()
if pid == 0:
    raises(ForkedError, lambda: publication.offer(b"child"))
    raises(ForkedError, lambda: subscription.poll(print))
    raises(ForkedError, lambda: stream(aeron))
    with Aeron(driver.dir) as own:
        own.add_publication("aeron:ipc", 10).offer(b"from the child")
        sys.exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
assert publication.offer(b"from the parent") > 0
received = []
wait_for(lambda: subscription.poll(lambda view, _: received.append(bytes(view))) >= 0 and len(received) == 2)
print(sorted(received))
""")
    assert printed == "[b'from the child', b'from the parent']\n"


def test_an_invoked_client_and_driver_work_without_threads_of_their_own() -> None:
    check("""
driver = MediaDriver(threading_mode=ThreadingMode.INVOKER)
running = True
def drive():
    while running:
        driver.do_work()
thread = threading.Thread(target=drive)
thread.start()
with Aeron(driver, invoker=True) as aeron:
    subscription = aeron.add_subscription("aeron:ipc", 10)
    publication = aeron.add_publication("aeron:ipc", 10)
    wait_for(lambda: aeron.do_work() >= 0 and publication.offer(b"x") > 0)
    wait_for(lambda: subscription.poll(lambda *_: None))
running = False
thread.join()
driver.close()
""")


def test_an_interrupt_while_waiting_for_the_driver_leaves_a_usable_client() -> None:
    check("""
driver = MediaDriver(threading_mode=ThreadingMode.INVOKER)
class Interrupt(Exception): pass
def interrupt(*_): raise Interrupt
signal.signal(signal.SIGALRM, interrupt)
aeron = Aeron(driver, invoker=False)
signal.setitimer(signal.ITIMER_REAL, 0.2)
raises(Interrupt, lambda: aeron.add_publication("aeron:ipc", 10))
aeron.close()
driver.close()
""")


def test_what_is_dropped_without_close_says_so() -> None:
    ended = run_program("""
from seriatim.aeron import *
MediaDriver()
""")
    assert ended.returncode == 0
    assert "ResourceWarning: unclosed media driver" in ended.stderr
