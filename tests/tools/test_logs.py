"""A line of the log that cannot be written is lost, and nothing else."""

import os

from seriatim.tools.logs import LogStream


def test_a_file_that_somebody_has_closed_fails_nobody(tmp_path):
    with open(tmp_path / "log", "w") as file:
        stream = LogStream(file)
        stream.write("kept\n")
    stream.write("lost\n")
    stream.flush()
    assert (tmp_path / "log").read_text() == "kept\n"


def test_a_reader_that_has_gone_fails_nobody():
    reading, writing = os.pipe()
    with open(writing, "w") as file:
        stream = LogStream(file)
        os.close(reading)
        for _ in range(2):
            stream.write("lost\n")
            stream.flush()
