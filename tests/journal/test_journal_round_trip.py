from journal_chain import write_blocks

from seriatim.journal import JournalReader, verify


def test_what_was_appended_is_read_back(folder):
    written = write_blocks(folder, 50)
    with JournalReader(folder) as reader:
        assert [bytes(b.data) for b in reader] == written
    written += write_blocks(folder, 50, messages=400)
    with JournalReader(folder) as reader:
        assert [bytes(b.data) for b in reader] == written
    r = verify(folder)
    assert r.whole
    print(r)
