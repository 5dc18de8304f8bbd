//! The nodes of the ladders: a trie over keys with 64 children a node. A path on which nothing branches is one link,
//! so a ladder has fewer inner nodes than leaves and any key is at most `KEY_BITS / 6` steps away; prices that lie
//! together share a leaf or two.

use crate::orders::NONE;
use prefetch::prefetch;

/// Bits of the key that one node decides.
const STRIDE_BITS: u32 = 6;

/// Covers the 2^(shift + 6) keys from `base`; a leaf has shift 0, and its links are price levels.
#[derive(Clone, Debug)]
#[repr(align(32))]
struct Node {
    base: u64,
    /// Which links are set.
    children: u64,
    /// Or, of a free node, the next free one.
    parent: u32,
    shift: u32,
    links: [u32; 64],
}

impl Node {
    fn covers(&self, key: u64) -> bool {
        (key ^ self.base) >> (self.shift + STRIDE_BITS) == 0
    }

    fn place_of(&self, key: u64) -> u32 {
        (key >> self.shift) as u32 & 63
    }

    fn child(&self, key: u64) -> Option<u32> {
        let place = self.place_of(key);
        (self.children >> place & 1 != 0).then(|| self.links[place as usize])
    }

    fn link(&mut self, key: u64, child: u32) {
        let place = self.place_of(key);
        self.children |= 1 << place;
        self.links[place as usize] = child;
    }

    fn unlink(&mut self, key: u64) {
        self.children &= !(1 << self.place_of(key));
    }

    fn lowest(&self) -> u32 {
        self.links[(self.children.trailing_zeros() & 63) as usize]
    }

    /// The next child above that of `key`.
    fn above(&self, key: u64) -> Option<u32> {
        let above = self.children & (u64::MAX << self.place_of(key) << 1);
        (above != 0).then(|| self.links[above.trailing_zeros() as usize])
    }
}

/// The nodes of all ladders; freed ones are used again.
#[derive(Debug)]
pub struct Nodes {
    nodes: Vec<Node>,
    free: u32,
}

impl Nodes {
    /// No nodes.
    pub fn new() -> Self {
        Self { nodes: Vec::new(), free: NONE }
    }

    /// Whether the leaf is the one for the key.
    #[inline]
    pub fn is_leaf_of(&self, leaf: u32, key: u64) -> bool {
        leaf != NONE && self.nodes[leaf as usize].base == key & !63
    }

    /// The level of the key, if its leaf has one.
    #[inline]
    pub fn level(&self, leaf: u32, key: u64) -> Option<u32> {
        self.nodes[leaf as usize].child(key)
    }

    /// Asks for a node, if there is one.
    #[inline]
    pub fn prefetch(&self, node: u32) {
        self.nodes.get(node as usize).inspect(|node| prefetch(*node));
    }

    /// Asks for a leaf's link for the key, if there is a leaf.
    #[inline]
    pub fn prefetch_link(&self, leaf: u32, key: u64) {
        self.nodes.get(leaf as usize).inspect(|node| prefetch(&node.links[(key & 63) as usize]));
    }

    /// The level of the key, if there is one below `root`.
    pub fn find(&self, root: u32, key: u64) -> Option<u32> {
        let mut at = root;
        while at != NONE {
            let node = &self.nodes[at as usize];
            let child = node.child(key).filter(|_| node.covers(key))?;
            if node.shift == 0 {
                return Some(child);
            }
            at = child;
        }
        None
    }

    /// Links a level into its leaf.
    #[inline]
    pub fn set_level(&mut self, leaf: u32, key: u64, level: u32) {
        self.nodes[leaf as usize].link(key, level);
    }

    /// The leaf for the key, made if need be; `root` is the ladder's.
    pub fn leaf(&mut self, root: &mut u32, key: u64) -> u32 {
        let mut at = *root;
        if at == NONE {
            *root = self.add(key, 0, NONE);
            return *root;
        }
        loop {
            let node = &self.nodes[at as usize];
            if !node.covers(key) {
                return self.branch_above(root, at, key);
            }
            if node.shift == 0 {
                return at;
            }
            match node.child(key) {
                Some(child) => at = child,
                None => return self.add_leaf(at, key),
            }
        }
    }

    /// Puts a node in front of `at` that tells its keys from `key`, and a leaf for `key` beside it.
    fn branch_above(&mut self, root: &mut u32, at: u32, key: u64) -> u32 {
        let (base, parent) = (self.nodes[at as usize].base, self.nodes[at as usize].parent);
        let highest_difference = (base ^ key).ilog2();
        let branch = self.add(key, highest_difference / STRIDE_BITS * STRIDE_BITS, parent);
        self.nodes[branch as usize].link(base, at);
        self.nodes[at as usize].parent = branch;
        self.replace_child(root, parent, base, branch);
        self.add_leaf(branch, key)
    }

    fn add_leaf(&mut self, parent: u32, key: u64) -> u32 {
        let leaf = self.add(key, 0, parent);
        self.nodes[parent as usize].link(key, leaf);
        leaf
    }

    fn replace_child(&mut self, root: &mut u32, parent: u32, key: u64, child: u32) {
        if parent == NONE {
            *root = child;
        } else {
            self.nodes[parent as usize].link(key, child);
        }
    }

    /// Takes the key's level out of its leaf. Returns false if the leaf was its last and is gone.
    #[inline]
    pub fn clear_level(&mut self, root: &mut u32, leaf: u32, key: u64) -> bool {
        let node = &mut self.nodes[leaf as usize];
        node.unlink(key);
        let stays = node.children != 0;
        if !stays {
            self.remove_leaf(root, leaf);
        }
        stays
    }

    fn remove_leaf(&mut self, root: &mut u32, leaf: u32) {
        let (base, parent) = (self.nodes[leaf as usize].base, self.nodes[leaf as usize].parent);
        self.free(leaf);
        if parent == NONE {
            *root = NONE;
            return;
        }
        let node = &mut self.nodes[parent as usize];
        node.unlink(base);
        if node.children.is_power_of_two() {
            // The parent no longer branches: its one child takes its place.
            let (child, grandparent) = (node.lowest(), node.parent);
            self.nodes[child as usize].parent = grandparent;
            self.replace_child(root, grandparent, base, child);
            self.free(parent);
        }
    }

    /// The lowest key of a leaf, and its level.
    #[inline]
    pub fn lowest_of_leaf(&self, leaf: u32) -> (u64, u32) {
        let node = &self.nodes[leaf as usize];
        (node.base | u64::from(node.children.trailing_zeros()), node.lowest())
    }

    /// The lowest key at or below a node, and its level, if there is one.
    pub fn lowest(&self, mut at: u32) -> Option<(u64, u32)> {
        while at != NONE {
            let node = &self.nodes[at as usize];
            if node.shift == 0 {
                return Some(self.lowest_of_leaf(at));
            }
            at = node.lowest();
        }
        None
    }

    /// The next level above that of `key`, which is in `leaf`, or none.
    pub fn next(&self, leaf: u32, key: u64) -> u32 {
        if let Some(level) = self.nodes[leaf as usize].above(key) {
            return level;
        }
        let mut at = self.nodes[leaf as usize].parent;
        while at != NONE {
            let node = &self.nodes[at as usize];
            if let Some(child) = node.above(key) {
                return self.lowest(child).map_or(NONE, |(_, level)| level);
            }
            at = node.parent;
        }
        NONE
    }

    fn add(&mut self, key: u64, shift: u32, parent: u32) -> u32 {
        let base = key & (u64::MAX << shift << STRIDE_BITS);
        if self.free == NONE {
            self.nodes.push(Node { base, children: 0, parent, shift, links: [NONE; 64] });
            return (self.nodes.len() - 1) as u32;
        }
        let slot = self.free;
        let node = &mut self.nodes[slot as usize];
        self.free = node.parent;
        // Links that `children` does not name are never read, so they may stay as they are.
        (node.base, node.children, node.parent, node.shift) = (base, 0, parent, shift);
        slot
    }

    fn free(&mut self, slot: u32) {
        self.nodes[slot as usize].parent = self.free;
        self.free = slot;
    }

    /// How many nodes are in use.
    #[cfg(test)]
    pub fn used(&self) -> usize {
        let mut free = 0;
        let mut at = self.free;
        while at != NONE {
            free += 1;
            at = self.nodes[at as usize].parent;
        }
        self.nodes.len() - free
    }
}
