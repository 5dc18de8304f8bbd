//! Where a client may have its answers sent. A node opens what a stranger names, before any logon, so it is told little and sends
//! nothing beyond this machine unless it was set up to.

use std::net::SocketAddr;

/// Longer than any channel that we take; Aeron's own limit for a URI is 4 KiB.
const CHANNEL_BYTES_MAX: usize = 256;
/// What a client may say about where to answer. What it may not: how much memory the driver takes for it, or which ports it opens.
const PARAMETERS: [&str; 3] = ["endpoint", "interface", "alias"];

/// Whether a client may name this as the channel for its answers.
pub fn is_for_answers(channel: &[u8], beyond_loopback: bool) -> bool {
    let Some(uri) = std::str::from_utf8(channel).ok().and_then(|text| text.strip_prefix("aeron:")) else {
        return false;
    };
    let (media, query) = uri.split_once('?').unwrap_or((uri, ""));
    let pairs: Vec<_> = query.split('|').filter(|_| !query.is_empty()).map(|pair| pair.split_once('=')).collect();
    let count = |wanted: &str| pairs.iter().flatten().filter(|pair| pair.0 == wanted).count();
    let is_known = pairs.iter().all(|pair| pair.is_some_and(|(name, _)| PARAMETERS.contains(&name)));
    let is_said_once = PARAMETERS.iter().all(|name| count(name) <= 1);
    let endpoint = pairs.iter().flatten().find(|pair| pair.0 == "endpoint").map(|pair| pair.1);
    let is_near = match media {
        "ipc" => true,
        "udp" => endpoint.is_some_and(|endpoint| beyond_loopback || is_loopback(endpoint)),
        _ => false,
    };
    channel.len() <= CHANNEL_BYTES_MAX && is_known && is_said_once && is_near
}

/// Names other than `localhost` are nobody's here: to look one up could take seconds.
fn is_loopback(endpoint: &str) -> bool {
    let numeric = endpoint.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let address = numeric.as_deref().unwrap_or(endpoint).parse::<SocketAddr>();
    address.is_ok_and(|address| address.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_for_answers;

    #[test]
    fn answers_go_to_this_machine_unless_the_node_was_set_up_for_others() {
        for near in ["udp?endpoint=127.0.0.1:9", "udp?endpoint=127.1.2.3:9|alias=a", "udp?endpoint=[::1]:9", "ipc"] {
            assert!(is_for_answers(format!("aeron:{near}").as_bytes(), false), "{near}");
        }
        for far in ["192.0.2.1:9", "0.0.0.0:9", "224.0.1.1:9", "[::]:9", "example.org:9", "localhost.example.org:9"] {
            let channel = format!("aeron:udp?endpoint={far}");
            assert!(!is_for_answers(channel.as_bytes(), false), "{far}");
            assert!(is_for_answers(channel.as_bytes(), true), "{far}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for channel in [
            "aeron:udp?endpoint=127.0.0.1:9|endpoint=192.0.2.1:9",
            "aeron:udp?endpoint=127.0.0.1:9,192.0.2.1:9",
            "aeron:udp?endpoint=127.0.0.1:9|control=192.0.2.1:9",
            "aeron:udp?endpoint=127.0.0.1:9|",
            "aeron:udp",
            "aeron:udp?alias=a",
        ] {
            assert!(!is_for_answers(channel.as_bytes(), false), "{channel}");
        }
    }
}
