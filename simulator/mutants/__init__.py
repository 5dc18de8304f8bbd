"""Bugs on purpose: each is a change of a line or two, found by the simulator or the simulator is not worth its name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """One place: what stands there, and what stands there with the bug asleep in it. PLANTED is true when it wakes."""

    file: str
    sound: str
    planted: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """One bug."""

    name: str
    edits: tuple[Edit, ...]


def _mutant(name: str, file: str, sound: str, planted: str) -> Mutant:
    return Mutant(name, (Edit(f"sequencer/src/{file}", sound, planted),))


MUTANTS = (
    _mutant(
        "acknowledge before the commit returns",
        "sequencer.rs",
        "_ => self.positions.persisted,",
        "_ if PLANTED => self.positions.stamped,\n            _ => self.positions.persisted,",
    ),
    _mutant(
        "forget a session's last number in recovery",
        "intake.rs",
        "let Session { owner, epoch, instance, next_number, expired, .. } = *session;",
        "let Session { owner, epoch, instance, mut next_number, expired, .. } = *session;\n"
        "        next_number -= u64::from(PLANTED && next_number > 1);",
    ),
    _mutant(
        "stamp a number twice",
        "intake.rs",
        "self.next_number += 1;\n        self.crcs.push_back(Some(frame.crc));",
        "self.next_number += u64::from(!(PLANTED && self.next_number.is_multiple_of(64)));\n"
        "        self.crcs.push_back(Some(frame.crc));",
    ),
    _mutant(
        "drop the CRC check of commands",
        "intake.rs",
        "} else if crc32c::crc32c(frame.body) != frame.crc {",
        "} else if !PLANTED && crc32c::crc32c(frame.body) != frame.crc {",
    ),
    _mutant(
        "answer a repeat before release",
        "intake.rs",
        "(Some(crc), _) if crc.is_none_or(|crc| crc == frame.crc) => Verdict::Waiting,",
        "(Some(_), _) if PLANTED => Verdict::Repeat(Outcome::of(frame.number, 0, frame.crc, &[])),\n"
        "            (Some(crc), _) if crc.is_none_or(|crc| crc == frame.crc) => Verdict::Waiting,",
    ),
    Mutant(
        "let time go backwards",
        (
            Edit(
                "sequencer/src/sequencer.rs",
                "now_ns: now_ns.max(position.time_ns),",
                "now_ns: if PLANTED { now_ns } else { now_ns.max(position.time_ns) },",
            ),
            Edit(
                "sequencer/src/sequencer.rs",
                "self.stamped_ns = self.stamped_ns.max(self.now_ns);",
                "self.stamped_ns = if PLANTED { self.now_ns } else { self.stamped_ns.max(self.now_ns) };",
            ),
        ),
    ),
    _mutant(
        "lose the last event of a block",
        "sequencer.rs",
        "egress.applied(&frame, applied, self.replica.events(), self.replica.sessions().copies());",
        "let events = self.replica.events();\n"
        "            let lost = usize::from(PLANTED && frame.seq == self.positions.persisted);\n"
        "            let told = &events[..events.len().saturating_sub(lost)];\n"
        "            egress.applied(&frame, applied, told, self.replica.sessions().copies());",
    ),
    _mutant(
        "forget outcomes that the client has not acknowledged",
        "sessions.rs",
        "while self.outcomes.len() as u64 > unacknowledged {",
        "while self.outcomes.len() as u64 > if PLANTED { unacknowledged / 2 } else { unacknowledged } {",
    ),
    _mutant(
        "restart under the old epoch of the order",
        "sequencer.rs",
        "epoch: position.epoch + 1,",
        "epoch: if PLANTED { position.epoch.max(1) } else { position.epoch + 1 },",
    ),
    _mutant(
        "execute one command beyond what is released",
        "blocks.rs",
        "filter(|frame| frame.seq <= released)?",
        "filter(|frame| frame.seq <= released + u64::from(PLANTED))?",
    ),
    _mutant(
        "do not check the checksum of a block",
        "block.rs",
        "if checksum(bytes) != fields.crc() {",
        "if !PLANTED && checksum(bytes) != fields.crc() {",
    ),
    _mutant(
        "stamp a command behind a gap",
        "intake.rs",
        "Ok(()) if frame.number > overlay.next_number => overlay.refuse(frame.number, RefusalReason::Gap),",
        "Ok(()) if frame.number > overlay.next_number && PLANTED => overlay.take(frame),\n"
        "            Ok(()) if frame.number > overlay.next_number => overlay.refuse(frame.number, RefusalReason::Gap),",
    ),
    _mutant(
        "send again all but the first unanswered command",
        "client.rs",
        "if place >= number && !self.closed.contains(&place) {",
        "if place >= number + u64::from(PLANTED) && !self.closed.contains(&place) {",
    ),
    _mutant(
        "do not ask again whether a number is closed",
        "client.rs",
        "self.asked.extend(&self.closed);",
        "self.asked.extend(self.closed.iter().filter(|_| !PLANTED));",
    ),
    Mutant(
        "take a block's age from its stamps",
        (
            Edit(
                "sequencer/src/sequencer.rs",
                "self.filling = (open, self.clock_ns);",
                "self.filling = (open, if PLANTED { self.now_ns } else { self.clock_ns });",
            ),
            Edit(
                "sequencer/src/sequencer.rs",
                "filling == self.open_block() && self.clock_ns.abs_diff(since_ns)",
                "let clock_ns = if PLANTED { self.now_ns } else { self.clock_ns };\n"
                "                filling == self.open_block() && clock_ns.abs_diff(since_ns)",
            ),
        ),
    ),
    _mutant(
        "give a session to another user",
        "users.rs",
        "self.name == owner || self.name == OPERATOR",
        "PLANTED || self.name == owner || self.name == OPERATOR",
    ),
    _mutant(
        "let everybody run the venue",
        "users.rs",
        "..=set_kill_switch_codec::SBE_TEMPLATE_ID => roles.get_administer(),",
        "..=set_kill_switch_codec::SBE_TEMPLATE_ID => PLANTED || roles.get_administer(),",
    ),
    _mutant(
        "leave ticks out in recovery",
        "replica.rs",
        "let frame = frame?;",
        "let frame = frame?;\n"
        "            if PLANTED && frame.command.template() == tick_codec::SBE_TEMPLATE_ID {\n"
        "                self.position = Position { seq: frame.seq, time_ns: frame.time_ns, epoch: frame.epoch };\n"
        "                self.fold(0, frame.command.crc);\n"
        "                continue;\n"
        "            }",
    ),
    _mutant(
        "forget the orders of logons that a restart ends",
        "replica.rs",
        "for session in self.sessions.open_epoch(self.terms.first_session, frame.time_ns) {",
        "for session in self.sessions.open_epoch(self.terms.first_session, frame.time_ns) {\n"
        "                    if PLANTED {\n"
        "                        continue;\n"
        "                    }",
    ),
    _mutant(
        "go on with a drop copy that was ended",
        "drop_copy.rs",
        "sessions.copies_mut().remove(taker, source);",
        "if !PLANTED {\n            sessions.copies_mut().remove(taker, source);\n        }",
    ),
    _mutant(
        "take another session's event for the answer",
        "egress.rs",
        "let last = if answers { events.iter().rposition(is_own) } else { None };",
        "let last = if answers { events.iter().rposition(is_own) } else { None };\n"
        "        let last = if PLANTED { last.and(events.len().checked_sub(1)) } else { last };",
    ),
)
