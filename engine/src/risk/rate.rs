//! How many messages an entry has sent, in windows of stamped time: the first message after a window opens the next.

/// The window that is open, or was last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RateWindow {
    /// Its first message.
    pub start_ns: i64,
    /// Messages so far; 0 before the first window.
    pub messages: u32,
}

impl RateWindow {
    /// The window as it still counts: one that has ended is like none.
    pub fn now(&self, now_ns: i64, interval_ns: i64) -> Self {
        let is_open = self.messages != 0 && now_ns - self.start_ns < interval_ns;
        if is_open { *self } else { Self::default() }
    }

    /// Counts a message at a time, not before that of the last one, and says whether it is one of the first `max`.
    pub fn count(&mut self, now_ns: i64, interval_ns: i64, max: u32) -> bool {
        *self = self.now(now_ns, interval_ns);
        if self.messages == 0 {
            self.start_ns = now_ns;
        }
        self.messages = self.messages.saturating_add(1);
        self.messages <= max
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_window_begins_with_the_first_message_after_the_last_one_ended() {
        let mut window = RateWindow::default();
        let within = [0, 5, 9, 25, 34, 34, 35].map(|now_ns| window.count(now_ns, 10, 2));
        assert_eq!(within, [true, true, false, true, true, false, true]);
        assert_eq!(window, RateWindow { start_ns: 35, messages: 1 });
    }

    proptest! {
        #[test]
        fn counts_as_a_list_of_all_messages_does(waits in prop::collection::vec(0i64..8, 1..60), max in 1u32..5) {
            let (mut window, mut now_ns) = (RateWindow::default(), 0);
            let (mut start_ns, mut sent): (i64, Vec<i64>) = (i64::MIN / 2, Vec::new());
            for wait in waits {
                now_ns += wait;
                if now_ns >= start_ns + 10 {
                    start_ns = now_ns;
                }
                sent.push(now_ns);
                let in_window = sent.iter().filter(|&&time_ns| time_ns >= start_ns).count();
                prop_assert_eq!(window.count(now_ns, 10, max), in_window as u32 <= max);
            }
        }
    }
}
