//! What the receiver reports about itself: a stranger learns whether it works, the operator learns everything.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::StatusCode;
use hyper::header::{FORWARDED, HOST, HeaderMap};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::senders::{FORWARDED_FOR, is_inside};

/// How long one look at the store is reused, so that requests cannot keep the store busy.
const VALID: Duration = Duration::from_secs(1);

/// The state of everything behind the receiver.
pub struct Observation {
    /// Whether events can be stored.
    pub writable: bool,
    /// Whether what is stored can be read.
    pub readable: bool,
    /// More members for the object of `GET /healthz`, for the operator alone.
    pub details: serde_json::Map<String, Value>,
    /// For `GET /metrics`: metrics as text, without the end mark.
    pub metrics: String,
}

/// Looks at the store; may take some seconds.
pub type Observe = Arc<dyn Fn() -> Observation + Send + Sync>;

/// Keeps the last look at the store.
pub(super) struct StatusCache {
    observe: Observe,
    last: Mutex<Option<(Instant, Arc<Observation>)>>,
}

impl StatusCache {
    pub(super) fn new(observe: Observe) -> Self {
        Self { observe, last: Mutex::default() }
    }

    /// The state now, or a moment ago; `None` if it cannot be found out.
    async fn now(&self) -> Option<Arc<Observation>> {
        let mut last = self.last.lock().await;
        if let Some((time, observation)) = &*last
            && time.elapsed() < VALID
        {
            return Some(Arc::clone(observation));
        }
        let observe = Arc::clone(&self.observe);
        // On a thread that may wait for the disk without blocking requests.
        let observation = Arc::new(tokio::task::spawn_blocking(move || observe()).await.ok()?);
        *last = Some((Instant::now(), Arc::clone(&observation)));
        Some(observation)
    }

    /// The answer to `GET /healthz`.
    pub(super) async fn health(&self, insider: bool) -> (StatusCode, Value) {
        let observation = self.now().await;
        let writable = observation.as_ref().is_some_and(|observation| observation.writable);
        let readable = observation.as_ref().is_some_and(|observation| observation.readable);
        let mut report = json!({ "storeWritable": writable, "storeReadable": readable });
        if let (true, Some(observation), Some(report)) = (insider, observation, report.as_object_mut()) {
            report.extend(observation.details.clone());
        }
        (if writable && readable { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, report)
    }

    /// Metrics from outside the receiver.
    pub(super) async fn metrics(&self) -> String {
        self.now().await.map(|observation| observation.metrics.clone()).unwrap_or_default()
    }
}

/// Both addresses of a connection: the client's, and our own.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConnectionAddresses {
    pub(super) peer: SocketAddr,
    pub(super) own: IpAddr,
}

/// Whether a request comes directly from the operator's own network. A request through a proxy may come from anybody. So may one
/// from a browser: a web page can let its name point to this machine.
pub(super) fn is_insider(addresses: ConnectionAddresses, headers: &HeaderMap) -> bool {
    is_inside(addresses.peer.ip())
        && !headers.contains_key(FORWARDED_FOR)
        && !headers.contains_key(FORWARDED)
        && headers.get(HOST).is_none_or(|host| host.to_str().is_ok_and(|host| names_this_machine(host, addresses)))
}

/// Whether a Host header names this machine in a way that no web page can. A page has a name with a dot, whatever address the name
/// has. In a private network, a container or a node has many addresses, or a name without a dot.
fn names_this_machine(host: &str, addresses: ConnectionAddresses) -> bool {
    let Some(name) = without_port(host) else { return false };
    let nearby = !addresses.peer.ip().is_loopback();
    if let Ok(address) = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        let address = address.to_canonical();
        return nearby || address.is_loopback() || address == addresses.own;
    }
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || (nearby && !name.is_empty() && !name.contains('.'))
}

/// What stands before the port, if there is one.
fn without_port(host: &str) -> Option<&str> {
    let end = host.find(']').unwrap_or_default();
    match host[end..].split_once(':') {
        Some((rest, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(&host[..end + rest.len()]),
        Some(_) => None,
        None => Some(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection from there to 127.0.0.1 or, from elsewhere, to 10.0.0.1.
    fn addresses(peer: &str) -> ConnectionAddresses {
        let peer: SocketAddr = peer.parse().unwrap();
        ConnectionAddresses {
            peer,
            own: if peer.ip().is_loopback() { "127.0.0.1" } else { "10.0.0.1" }.parse().unwrap(),
        }
    }

    #[test]
    fn a_web_page_under_a_name_of_its_own_is_not_the_operator() {
        let sees = |peer: &str, host: &str| {
            is_insider(addresses(peer), &HeaderMap::from_iter([(HOST, host.parse().unwrap())]))
        };
        let near = [
            "localhost",
            "LOCALHOST:8787",
            "localhost.",
            "a.localhost:1",
            "127.0.0.1",
            "127.9.9.9:8787",
            "[::1]",
            "[::1]:8787",
            "[::ffff:127.0.0.1]",
        ];
        for host in near {
            assert!(sees("127.0.0.1:1", host) && sees("10.2.3.4:1", host), "{host}");
        }
        for host in ["10.0.0.1:8787", "192.168.1.1", "[fd00::1]:8787", "guuru", "guuru:8787"] {
            assert!(!sees("127.0.0.1:1", host) && sees("10.2.3.4:1", host), "{host}");
        }
        let foreign = [
            "",
            ":8787",
            "evil.example",
            "evil.example:8787",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evillocalhost.example",
            "127.0.0.1:8787.evil.example",
            "localhost:8787:1",
            "[::1",
            "127.0.0.1@evil.example",
            "localhost,evil.example",
        ];
        for host in foreign {
            assert!(!sees("127.0.0.1:1", host) && !sees("10.2.3.4:1", host), "{host}");
        }
        assert!(sees("[::1]:1", "[::1]:8787"));
    }

    #[test]
    fn who_comes_from_outside_or_through_a_proxy_is_a_stranger() {
        let none = HeaderMap::new();
        for (address, inside) in [
            ("127.0.0.1:1", true),
            ("[::1]:1", true),
            ("[::ffff:10.1.2.3]:1", true),
            ("172.31.0.1:1", true),
            ("169.254.1.1:1", true),
            ("[fd00::1]:1", true),
            ("[fe80::1]:1", true),
            ("172.32.0.1:1", false),
            ("192.0.2.1:1", false),
            ("[2001:db8::1]:1", false),
        ] {
            assert_eq!(is_insider(addresses(address), &none), inside, "{address}");
        }
        for name in ["x-forwarded-for", "forwarded"] {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), "127.0.0.1".parse().unwrap())]);
            assert!(!is_insider(addresses("127.0.0.1:1"), &headers), "{name}");
        }
    }

    #[tokio::test]
    async fn one_look_at_the_store_serves_everybody_who_asks() {
        let looks = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&looks);
        let status = StatusCache::new(Arc::new(move || {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Observation { writable: true, readable: false, details: serde_json::Map::new(), metrics: "m 1\n".into() }
        }));
        for insider in [true, false, true] {
            let report = json!({ "storeWritable": true, "storeReadable": false });
            assert_eq!(status.health(insider).await, (StatusCode::SERVICE_UNAVAILABLE, report));
        }
        assert_eq!(status.metrics().await, "m 1\n");
        assert_eq!(looks.load(std::sync::atomic::Ordering::Relaxed), 1);
    }
}
