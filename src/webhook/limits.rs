//! What one sender may cost. The receiver faces the internet, and each figure here answers an attack that was tried on it.

use std::time::Duration;

/// A body up to this size, in bytes, needs no turn: that is nearly every webhook, and ten thousand of them fit into memory.
pub const SMALL_BODY: usize = 16 * 1024;

/// A body that brings fewer bytes than this in this time has stalled: it loses its turn where others wait for one.
pub(super) const PACE: usize = 4 * 1024;
pub(super) const PACE_TIME: Duration = Duration::from_secs(1);

/// Bounds on what a connection may hold and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body taken, in bytes.
    pub body: usize,
    /// The most bodies above [`SMALL_BODY`] that are held at once; the others wait for their turn.
    pub large_bodies: usize,
    /// The most of them from one client.
    pub large_bodies_per_client: usize,
    /// The largest header section, in bytes.
    pub headers: usize,
    /// How long the header section may take to come in, from the first byte or from the end of the last answer.
    pub header_time: Duration,
    /// How long the body may take to come in and, apart from that, wait for its turn.
    pub body_time: Duration,
    /// How long requests in flight may take once the receiver is told to stop.
    pub drain_time: Duration,
    /// How long a connection may be kept open, request after request.
    pub connection_time: Duration,
    /// The most connections open at once.
    pub connections: usize,
    /// The most of them from one public address (of IPv6, from one /64).
    pub connections_per_address: usize,
}

impl Limits {
    /// The defaults, with room for half of what the system lets the process open: the store and the other half of each
    /// forwarded event need descriptors too.
    pub fn new(body: usize) -> Self {
        let descriptors = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(65_536);
        let connections = usize::try_from(descriptors / 2).unwrap_or(usize::MAX).saturating_sub(32).clamp(16, 8192);
        Self {
            body,
            large_bodies: 64,
            large_bodies_per_client: 16,
            headers: 16 * 1024,
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(20),
            drain_time: Duration::from_secs(10),
            connection_time: Duration::from_secs(120),
            connections,
            connections_per_address: (connections / 4).min(256),
        }
    }
}
