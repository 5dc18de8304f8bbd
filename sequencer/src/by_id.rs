//! A table by session id. Ids only rise; where a `relaxed` epoch leaves a gap, a new run begins, so that gaps cost nothing.

struct Run<T> {
    first: u32,
    items: Vec<T>,
}

/// See the module.
pub struct ById<T> {
    runs: Vec<Run<T>>,
}

impl<T> Default for ById<T> {
    fn default() -> Self {
        Self { runs: Vec::new() }
    }
}

impl<T> ById<T> {
    /// The item of this id.
    #[inline]
    pub fn get(&self, id: u32) -> Option<&T> {
        let run = self.runs.get(self.run_of(id)?)?;
        run.items.get((id - run.first) as usize)
    }

    /// The same, to change it.
    #[inline]
    pub fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        let place = self.run_of(id)?;
        let run = self.runs.get_mut(place)?;
        run.items.get_mut((id - run.first) as usize)
    }

    /// Adds the item of an id above all others.
    pub fn push(&mut self, id: u32, item: T) {
        match self.runs.last_mut() {
            Some(run) if run.first + run.items.len() as u32 == id => run.items.push(item),
            _ => self.runs.push(Run { first: id, items: vec![item] }),
        }
    }

    /// The highest id, 0 if there is none.
    pub fn last_id(&self) -> u32 {
        self.runs.last().map_or(0, |run| run.first + (run.items.len() as u32 - 1))
    }

    /// How many items there are.
    pub fn count(&self) -> u32 {
        self.runs.iter().map(|run| run.items.len() as u32).sum()
    }

    /// All of them with their ids, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.runs.iter().flat_map(|run| (run.first..).zip(&run.items))
    }

    /// The same, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut T)> {
        self.runs.iter_mut().flat_map(|run| (run.first..).zip(&mut run.items))
    }

    #[inline]
    fn run_of(&self, id: u32) -> Option<usize> {
        if self.runs.len() == 1 && id >= self.runs[0].first {
            return Some(0);
        }
        self.runs.partition_point(|run| run.first <= id).checked_sub(1)
    }
}
