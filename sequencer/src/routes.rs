//! Which connection hears of a session. In pages: the ids of a `relaxed` order have wide gaps.

use crate::intake::ConnectionId;

const PAGE: usize = 1 << 10;

/// See the module.
#[derive(Default)]
pub struct Routes {
    pages: Vec<Option<Box<[ConnectionId; PAGE]>>>,
}

impl Routes {
    /// The session's connection, 0 if it has none.
    #[inline]
    pub fn get(&self, session: u32) -> ConnectionId {
        let (page, place) = split(session);
        self.pages.get(page).and_then(Option::as_deref).map_or(0, |page| page[place])
    }

    /// From here on `connection` hears of the session; 0 for nobody.
    pub fn set(&mut self, session: u32, connection: ConnectionId) {
        let (page, place) = split(session);
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, || None);
        }
        self.pages[page].get_or_insert_with(|| Box::new([0; PAGE]))[place] = connection;
    }

    /// A connection is gone.
    pub fn forget(&mut self, connection: ConnectionId) {
        let routes = self.pages.iter_mut().flatten().flat_map(|page| page.iter_mut());
        routes.filter(|route| **route == connection).for_each(|route| *route = 0);
    }
}

fn split(session: u32) -> (usize, usize) {
    (session as usize / PAGE, session as usize % PAGE)
}
