//! What the receiver tells of itself, and to whom: a stranger learns whether it works, the operator everything.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::StatusCode;
use hyper::header::{FORWARDED, HeaderMap};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::senders::FORWARDED_FOR;

/// How long one look at the store serves everybody who asks: nobody can keep it busy with questions.
const VALID: Duration = Duration::from_secs(1);

/// How everything behind the receiver is.
pub struct Observation {
    /// Whether events can be stored.
    pub writable: bool,
    /// Whether what is stored can be read.
    pub readable: bool,
    /// More for `GET /healthz`, for the operator alone: the members of an object.
    pub details: serde_json::Map<String, Value>,
    /// For `GET /metrics`: text that Prometheus reads, without its end.
    pub metrics: String,
}

/// Looks at the store; may take some seconds.
pub type Observe = Arc<dyn Fn() -> Observation + Send + Sync>;

/// The last look.
pub(super) struct Status {
    observe: Observe,
    last: Mutex<Option<(Instant, Arc<Observation>)>>,
}

impl Status {
    pub(super) fn new(observe: Observe) -> Self {
        Self { observe, last: Mutex::default() }
    }

    /// How everything is, or was a moment ago; `None` where it cannot be found out.
    async fn now(&self) -> Option<Arc<Observation>> {
        let mut last = self.last.lock().await;
        if let Some((time, observation)) = &*last
            && time.elapsed() < VALID
        {
            return Some(Arc::clone(observation));
        }
        let observe = Arc::clone(&self.observe);
        // On a thread where waiting for a disk keeps no request from being served.
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

    /// What others than the receiver measured.
    pub(super) async fn metrics(&self) -> String {
        self.now().await.map(|observation| observation.metrics.clone()).unwrap_or_default()
    }
}

/// Whether a request comes from the operator's own network, and from there directly: a proxy speaks for anybody.
pub(super) fn is_insider(peer: SocketAddr, headers: &HeaderMap) -> bool {
    is_inside(peer.ip()) && !headers.contains_key(FORWARDED_FOR) && !headers.contains_key(FORWARDED)
}

/// Whether an address is one of this machine or of a private network, which nobody reaches from outside.
pub fn is_inside(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(is_insider(address.parse().unwrap(), &none), inside, "{address}");
        }
        for name in ["x-forwarded-for", "forwarded"] {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), "127.0.0.1".parse().unwrap())]);
            assert!(!is_insider("127.0.0.1:1".parse().unwrap(), &headers), "{name}");
        }
    }

    #[tokio::test]
    async fn one_look_at_the_store_serves_everybody_who_asks() {
        let looks = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&looks);
        let status = Status::new(Arc::new(move || {
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
