"""Checks a journal as a whole, in a child process that bad pages may kill."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from itertools import zip_longest
from pathlib import Path
from threading import Timer

from seriatim.journal.complete import missing_end, missing_newest, missing_start
from seriatim.journal.errors import NotAJournal, UnknownFormat
from seriatim.journal.layout import META_NAME, Contents, check_name, scan, segment_path

# A damaged tree can send LMDB in circles; a whole segment takes well under a second.
SEGMENT_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class SegmentReport:
    """What was found in one segment; the `last_*` fields describe the last good block (0 blocks: none)."""

    first_index: int
    blocks: int = 0
    messages: int = 0
    problem: str | None = None
    beyond: int = 0  # how many records lie behind the bad one
    file_bytes: int = 0
    used_bytes: int = 0
    previous_hash: str = ""
    first_seq: int = 0
    first_term: int = 0
    last_index: int = 0
    last_hash: str = ""
    next_seq: int = 0
    last_term: int = 0
    last_time_ns: int = 0


@dataclass(frozen=True, slots=True)
class MetaReport:
    """What `meta` says should be there; zeros where it says nothing."""

    newest_segment: int = 0
    committed_index: int = 0
    problem: str | None = None
    unknown_format: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found. `last_good_index` is the last block up to which everything is whole; 0 if there is none."""

    segments: list[SegmentReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    last_good_index: int = 0

    @property
    def whole(self) -> bool:
        return not self.problems


def verify(folder: Path, *, on_segment: Callable[[SegmentReport], None] = lambda _: None) -> Report:
    """Walks every segment of a journal: page lengths, headers, checksums, hash chain, numbering.

    A live journal may be verified; the walk of its last segment ends where it stood at that moment.

    Raises `NotAJournal`, `UnknownFormat`.
    """
    check_name(folder)
    meta = _check_meta(folder)  # first: the segments and the commit position that it names are older than the scan
    try:
        contents = scan(folder)
    except (FileNotFoundError, NotADirectoryError):
        raise NotAJournal(f"there is no journal in {folder}") from None
    if not contents.has_meta and not contents.segments:
        raise NotAJournal(f"there is no journal in {folder}: it has no {META_NAME}")
    segments = check_segments(folder, contents.segments, on_segment)
    report = summarize(folder, contents, segments)
    if meta.problem is not None:
        report.problems.append(f"{META_NAME}: {meta.problem}")
    _add_missing(folder, contents.segments, meta, report)
    return report


def _add_missing(folder: Path, segments: list[int], meta: MetaReport, report: Report) -> None:
    newest = missing_newest(folder, segments, meta.newest_segment)
    if newest is not None:
        report.problems.append(newest)
    last_index = max((segment.last_index for segment in report.segments), default=0)
    end = missing_end(folder, last_index, meta.committed_index)
    if end is not None and not any(segment.problem for segment in report.segments):
        report.problems.append(end)


def summarize(folder: Path, contents: Contents, segments: list[SegmentReport]) -> Report:
    """Joins what was found in consecutive segments: where the chain breaks between them is a problem too."""
    problems, last_good = [], 0
    if not contents.has_meta:
        problems.append(f"{META_NAME} is missing")
    if (start := missing_start(folder, contents.segments)) is not None:
        problems.append(start)
    previous: SegmentReport | None = None
    for segment in segments:
        found = _problem(folder, previous, segment)
        if not problems and segment.blocks and (found is None or segment.problem is not None):
            last_good = segment.last_index
        if found is not None:
            problems.append(found)
        if segment.blocks:
            previous = segment
    return Report(segments, problems, [str(path) for path in contents.strangers], last_good)


def _problem(folder: Path, previous: SegmentReport | None, segment: SegmentReport) -> str | None:
    name = segment_path(folder, segment.first_index).name
    if segment.blocks and previous is not None:
        if segment.first_index != previous.last_index + 1:
            return f"{name}: blocks {previous.last_index + 1} to {segment.first_index - 1} are missing before it"
        if segment.previous_hash != previous.last_hash or segment.first_seq != previous.next_seq:
            return f"{name}: its first block does not follow block {previous.last_index}"
    if segment.problem is None:
        return None
    behind = f"; {segment.beyond} more behind it" if segment.beyond else ""
    return f"{name}: {segment.problem} (the last good block before it is {segment.last_index or 'none'}{behind})"


def check_segments(
    folder: Path, first_indices: list[int], on_segment: Callable[[SegmentReport], None] = lambda _: None
) -> list[SegmentReport]:
    """Walks the given consecutive segments in child processes, a new one after each that dies."""
    todo = [f"{first}:{end}" for first, end in zip_longest(first_indices, first_indices[1:], fillvalue=0)]
    reports: list[SegmentReport] = []
    while todo:
        found, death = _run_checker(folder, todo, on_segment)
        reports += found
        todo = todo[len(found) :]
        if todo:
            dead = SegmentReport(int(todo.pop(0).split(":")[0]), problem=death)
            on_segment(dead)
            reports.append(dead)
    return reports


def _run_checker(
    folder: Path, ranges: list[str], on_segment: Callable[[SegmentReport], None]
) -> tuple[list[SegmentReport], str]:
    """Runs one child; returns what it reported, and how it died if it did not get to the end."""
    reports = []

    def note(line: str) -> None:
        reports.append(_report(line))
        on_segment(reports[-1])

    return reports, _run(folder, ranges, note)


def _check_meta(folder: Path) -> MetaReport:
    """What the child read of `meta`, whose pages may be as bad as those of a segment. Raises `UnknownFormat`."""
    if not (folder / META_NAME).exists():
        return MetaReport()
    lines: list[str] = []
    death = _run(folder, [META_NAME], lines.append)
    meta = MetaReport(**json.loads(lines[0])) if lines else MetaReport(problem=death)
    if meta.unknown_format is not None:
        raise UnknownFormat(meta.unknown_format)
    return meta


def _run(folder: Path, tasks: list[str], on_line: Callable[[str], None]) -> str:
    """Runs one child, which prints a line for each task; returns how it died if it did not get to the end."""
    command = [sys.executable, "-m", "seriatim.journal.checker", str(folder), *tasks]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        timer = Timer(SEGMENT_TIMEOUT_S * len(tasks), child.kill)
        timer.start()
        try:
            for line in child.stdout:
                on_line(line)
            complaint = child.stderr.read().strip().splitlines()
            child.wait()
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
    if child.returncode < 0:
        return f"its pages are damaged: the checker was killed by signal {-child.returncode}"
    return f"the checker failed: {complaint[-1] if complaint else f'exit code {child.returncode}'}"


def _report(line: str) -> SegmentReport:
    values = json.loads(line)
    return SegmentReport(**{entry.name: values[entry.name] for entry in fields(SegmentReport) if entry.name in values})
