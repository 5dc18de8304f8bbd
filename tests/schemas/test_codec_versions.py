"""Messages of older and newer versions of a schema are read as SBE prescribes."""

import struct
from types import ModuleType

import pytest
from codec_samples import SAMPLES, coverage_samples

from seriatim.schemas import BlockTooShortError, Boolean, EncodeError, Logon, Message, OpenSession, Roles, decode

HEADER = struct.Struct("<HHHH")
GROUP = struct.Struct("<HH")
ENGINE = bytes.fromhex("d007 564449 80 05 2c01 000000 53c8 ffff 0200")


def text(value: str) -> bytes:
    return struct.pack("<H", len(value)) + value.encode()


def version_0(block: bytes = b"") -> bytes:
    """An Evolved as a writer of version 0 encodes it: two fields, a group of one field, one text."""
    fields = struct.pack("<I", 7) + ENGINE + block
    return HEADER.pack(len(fields), 3, 77, 0) + fields + GROUP.pack(4, 2) + struct.pack("<II", 8, 9) + text("old")


def version_1() -> bytes:
    fields = struct.pack("<I", 7) + ENGINE + struct.pack("<Hq", 5, -6)
    parts = GROUP.pack(6, 1) + struct.pack("<IH", 8, 9)
    return HEADER.pack(len(fields), 3, 77, 1) + fields + parts + text("middle") + text("added")


def version_3() -> bytes:
    """What a version after ours may send: longer blocks everywhere, in the message and in its groups."""
    ours = struct.pack("<I", 7) + ENGINE + struct.pack("<HqBIH", 5, -6, ord("B"), 1 << 10, 0) + ENGINE + b"abc\0\0\0"
    fields = ours + b"new field"
    parts = GROUP.pack(8, 2) + struct.pack("<IHH", 8, 9, 0xFFFF) * 2
    group = GROUP.pack(3, 1) + b"\x04zz"
    return HEADER.pack(len(fields), 3, 77, 3) + fields + parts + group + text("newer") + text("added") + text("unknown")


def test_an_older_message_has_none_for_what_came_later(coverage: ModuleType) -> None:
    old = coverage.decode(version_0())
    assert old.acting_version == 0
    assert (old.id, old.engine.capacity, old.engine.manufacturer_code, old.note) == (7, 2000, "VDI", "old")
    assert (old.since_1, old.optional_since_1, old.model_since_2, old.sets_since_2) == (None, None, None, None)
    assert (old.engine_since_2, old.code_since_2, old.best_since_2, old.note_since_1) == (None, None, None, None)
    assert [(part.part, part.count_since_1) for part in old.parts] == [(8, None), (9, None)]
    assert len(old.group_since_2) == 0
    assert old.encoded_length == len(version_0())


def test_a_message_of_the_version_in_between_has_what_that_version_had(coverage: ModuleType) -> None:
    middle = coverage.decode(version_1())
    assert (middle.since_1, middle.optional_since_1, middle.note_since_1) == (5, -6, "added")
    assert (middle.model_since_2, middle.best_since_2) == (None, None)
    assert [(part.part, part.count_since_1) for part in middle.parts] == [(8, 9)]
    assert list(middle.group_since_2) == []


def test_a_newer_message_is_read_and_what_is_unknown_is_skipped(coverage: ModuleType) -> None:
    newer = coverage.decode(version_3())
    assert newer.acting_version == 3
    assert newer.model_since_2 is coverage.Model.B
    assert newer.best_since_2 is coverage.Model.B
    assert (newer.code_since_2, newer.note, newer.note_since_1) == ("abc", "newer", "added")
    assert [(part.part, part.count_since_1) for part in newer.parts] == [(8, 9), (8, 9)]
    assert [entry.value for entry in newer.group_since_2] == [4]


def test_an_older_message_may_have_a_block_that_is_longer_than_its_fields(coverage: ModuleType) -> None:
    padded = coverage.decode(version_0(block=b"padding that version 1 would take for fields"))
    assert padded.since_1 is None
    assert [part.part for part in padded.parts] == [8, 9]
    assert padded.note == "old"


@pytest.mark.parametrize(("version", "required"), [(0, 22), (1, 32), (2, 63), (9, 63)])
def test_a_block_must_hold_what_its_version_has(coverage: ModuleType, version: int, required: int) -> None:
    frame = HEADER.pack(required - 1, 3, 77, version) + bytes(200)
    with pytest.raises(BlockTooShortError, match=f"version {version} needs {required}"):
        coverage.decode(frame)
    assert coverage.decode(HEADER.pack(required, 3, 77, version) + bytes(200)).acting_version == version


def test_entries_of_another_version_are_written_in_our_own(coverage: ModuleType) -> None:
    newer = coverage.decode(version_3())
    again = coverage.Evolved(**{member.name: getattr(newer, member.name) for member in (*newer._fields, *newer._parts)})
    assert again.as_dict() == newer.as_dict()
    assert again.acting_version == 2
    with pytest.raises(EncodeError, match="count_since_1"):
        coverage.Evolved(**{
            **{member.name: getattr(again, member.name) for member in (*again._fields, *again._parts)},
            "parts": coverage.decode(version_0()).parts,
        })  # fmt: skip


def test_old_and_new_messages_can_be_shown_and_copied(coverage: ModuleType) -> None:
    for frame in (version_0(), version_1(), version_3()):
        message = coverage.decode(frame)
        assert "note=" in repr(message)
        assert frame.startswith(message.encode())
        assert coverage.decode(message.encode()) == message


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if not sample._parts])
def test_every_message_of_the_bus_skips_what_a_newer_version_appends(sample: Message) -> None:
    frame = bytearray(sample.encode() + b"newer")
    HEADER.pack_into(frame, 0, sample.BLOCK_LENGTH + 5, sample.TEMPLATE_ID, 5301, 9)
    assert decode(frame) == sample
    assert decode(frame).encoded_length == len(frame)


def test_numpy_reads_frames_of_older_and_newer_writers(coverage: ModuleType) -> None:
    sample = coverage_samples(coverage)[0]
    frame = bytearray(sample.encode() + b"tail")
    HEADER.pack_into(frame, 0, 96, 1, 77, 5)
    array = coverage.Primitives.view(bytes(frame) * 3)
    assert array["a_uint_64"].tolist() == [2**64 - 2] * 3
    assert array.dtype.itemsize == len(frame)


def test_who_was_written_before_a_field_leaves_it_out_where_a_value_says_nothing() -> None:
    before = Logon(correlation_id=1, session=0, proof=bytes(32), instance=2, resumes=Boolean.FALSE)
    assert before.user == ""
    assert OpenSession(session=1, session_epoch=1, instance=2).roles == Roles(0)
