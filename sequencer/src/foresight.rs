//! Telling the engine what will come, so that what it needs is in the cache by then. Only large books need it.

use crate::block::Frames;
use crate::blocks::Blocks;
use crate::frame::SequencedFrame;
use crate::replica::Replica;
use engine::LOOKAHEAD;

impl Replica {
    /// Before a released frame is executed: names those that come behind it.
    #[inline]
    pub(crate) fn foresee_released(&mut self, blocks: &mut Blocks, released: u64) {
        while self.engine.foresees() && blocks.ahead() < LOOKAHEAD {
            let frame = blocks.foresee(released);
            self.foresee(frame.as_ref());
            if frame.is_none() {
                break;
            }
        }
    }

    /// Before the frame at `place` of a block is executed: names those behind it. `coming` goes through the same block.
    #[inline]
    pub(crate) fn foresee_frame(&mut self, coming: &mut Frames, place: usize) {
        if !self.engine.foresees() {
            return;
        }
        if place == 0 {
            coming.take(LOOKAHEAD).for_each(|frame| self.foresee(frame.ok().as_ref()));
        }
        self.foresee(coming.next().and_then(Result::ok).as_ref());
    }

    fn foresee(&mut self, frame: Option<&SequencedFrame>) {
        let command = frame.map(|frame| &frame.command).filter(|command| command.session != 0 && command.number != 0);
        self.engine.foresee(command.and_then(|command| self.engine.sought(command.session, command.body)));
    }
}
