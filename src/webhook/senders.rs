//! Where a connection comes from, and how many each address may have at once: a single one must not take all the room that
//! there is for connections.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use hyper::header::HeaderMap;
use ipnet::IpNet;

/// The header in which a proxy says for whom it speaks.
pub(super) const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies whose word about their clients is told to the operator.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// The proxies of these networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Whether this address may have any number of connections: a trusted proxy, or an address of this machine or of a
    /// private network, from where a proxy, a tunnel or a network's gateway connects for many.
    pub(super) fn is_uncounted(&self, peer: IpAddr) -> bool {
        is_inside(peer) || self.trust(peer)
    }

    /// The client for whom a trusted proxy speaks: the last address in X-Forwarded-For that is no trusted proxy itself.
    /// What stands before it anybody may have written.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        if !self.trust(peer) {
            return None;
        }
        for line in headers.get_all(FORWARDED_FOR).iter().rev() {
            for hop in line.to_str().ok()?.rsplit(',') {
                let address = address(hop.trim())?;
                if !self.trust(address) {
                    return Some(address);
                }
            }
        }
        None
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let with_port = || hop.parse().map(|address: std::net::SocketAddr| address.ip());
    bare.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

/// Whether an address is one of this machine or of a private network, which nobody reaches from outside.
pub fn is_inside(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// The connections that each address has at present.
pub(super) struct Shares {
    most: usize,
    held: Mutex<HashMap<IpAddr, usize>>,
}

impl Shares {
    /// Nothing held yet, and at most this many for each address.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, held: Mutex::default() })
    }

    /// Takes one for this address, until it is dropped; `None` when it holds all that it may.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Share> {
        let holder = holder(address);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(holder).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share { shares: Arc::clone(self), holder })
    }
}

/// One connection of an address.
pub(super) struct Share {
    shares: Arc<Shares>,
    holder: IpAddr,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.shares.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.holder);
            }
        }
    }
}

/// Who owns an IPv6 address has its whole /64.
pub(super) fn holder(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderName;
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(peer: &str, lines: &[&str]) -> Option<IpAddr> {
        let proxies = Proxies::new(vec!["10.0.0.0/8".parse().unwrap(), "127.0.0.1/32".parse().unwrap()]);
        let name = HeaderName::from_static(FORWARDED_FOR);
        let headers = lines.iter().map(|line| (name.clone(), line.parse().unwrap())).collect();
        proxies.client(ip(peer), &headers)
    }

    #[test]
    fn the_last_address_that_is_no_trusted_proxy_is_the_client() {
        let expected = Some(ip("192.0.2.7"));
        assert_eq!(client("127.0.0.1", &["192.0.2.7"]), expected);
        assert_eq!(client("127.0.0.1", &["198.51.100.1, 192.0.2.7, 10.1.2.3"]), expected);
        assert_eq!(client("10.0.0.1", &["198.51.100.1", "192.0.2.7:4711", "10.1.2.3"]), expected);
        assert_eq!(client("10.0.0.1", &["::ffff:192.0.2.7"]), expected);
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]:443"]), Some(ip("2001:db8::1")));
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]"]), Some(ip("2001:db8::1")));
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        assert_eq!(client("192.0.2.7", &["198.51.100.1"]), None);
        for lines in [&[][..], &["10.1.2.3"], &["198.51.100.1, unknown"], &["198.51.100.1, \u{e9}"]] {
            assert_eq!(client("10.0.0.1", lines), None, "{lines:?}");
        }
    }

    #[test]
    fn an_address_that_speaks_for_many_may_have_any_number_of_connections() {
        let proxies = Proxies::new(vec!["203.0.113.0/24".parse().unwrap()]);
        for (address, uncounted) in [
            ("127.0.0.1", true),
            ("172.17.0.1", true),
            ("fd00::1", true),
            ("203.0.113.9", true),
            ("192.0.2.7", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(proxies.is_uncounted(ip(address)), uncounted, "{address}");
        }
    }

    #[test]
    fn an_address_holds_its_share_and_no_more() {
        let shares = Shares::new(2);
        let held = [shares.take(ip("192.0.2.7")), shares.take(ip("192.0.2.7"))];
        assert!(held.iter().all(Option::is_some));
        assert!(shares.take(ip("192.0.2.7")).is_none());
        assert!(shares.take(ip("192.0.2.8")).is_some());
        drop(held);
        assert!(shares.take(ip("192.0.2.7")).is_some());
        assert!(shares.held.lock().unwrap().is_empty(), "what nobody holds takes no room");
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_share() {
        let shares = Shares::new(1);
        let _held = shares.take(ip("2001:db8::1")).unwrap();
        assert!(shares.take(ip("2001:db8::ffff:1")).is_none());
        assert!(shares.take(ip("2001:db8:0:1::1")).is_some());
    }

    proptest! {
        #[test]
        fn any_hop_is_read_without_a_panic(hop: String) {
            let _ = address(&hop);
        }
    }
}
