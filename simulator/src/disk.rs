//! A journal's disk: what is committed, and the one block that is being committed.

struct Writing {
    index: u64,
    block: Vec<u8>,
    until_ns: i64,
}

/// See the module.
#[derive(Default)]
pub struct Disk {
    log: Vec<Vec<u8>>,
    writing: Option<Writing>,
    /// No block is taken before this time.
    pub full_until_ns: i64,
    /// Commits take a hundred times as long before this time.
    pub slow_until_ns: i64,
}

impl Disk {
    /// The committed blocks; the first has index 1.
    pub fn log(&self) -> &[Vec<u8>] {
        &self.log
    }

    /// Whether a commit is under way.
    pub fn is_busy(&self) -> bool {
        self.writing.is_some()
    }

    /// Whether a block waits for room.
    pub fn is_full(&self, now_ns: i64) -> bool {
        self.is_busy() && now_ns < self.full_until_ns
    }

    /// Begins to commit a block, which takes until then.
    pub fn write(&mut self, index: u64, block: &[u8], until_ns: i64) {
        self.writing = Some(Writing { index, block: block.to_vec(), until_ns });
    }

    /// The block whose commit returns by now.
    pub fn returned(&mut self, now_ns: i64) -> Option<&[u8]> {
        let due_ns = self.full_until_ns.max(self.writing.as_ref()?.until_ns);
        if now_ns < due_ns {
            return None;
        }
        self.settle(true);
        self.log.last().map(Vec::as_slice)
    }

    /// The node died: the block under way is on the disk as a whole, or not at all. True if there was one and it is.
    pub fn settle(&mut self, kept: bool) -> bool {
        match self.writing.take() {
            Some(writing) if kept => {
                assert_eq!(writing.index, self.log.len() as u64 + 1, "blocks are committed in order");
                self.log.push(writing.block);
                true
            }
            _ => false,
        }
    }

    /// Flips a bit of a block; flipped twice it is whole again.
    pub fn flip(&mut self, block: usize, bit: usize) {
        self.log[block][bit / 8] ^= 1 << (bit % 8);
    }
}
