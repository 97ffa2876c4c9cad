//! What the store measures, as Prometheus reads it.

use prometheus_client::encoding::text::encode_registry;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::observer::StoreStatus;

/// From a fraction of an fsync to more than a sender waits.
const SECONDS: [f64; 15] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Up to what one transaction takes.
const EVENTS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// The transactions that stored deliveries. Cloned handles count together.
#[derive(Clone, Debug)]
pub(super) struct Transactions {
    pub(super) seconds: Histogram,
    pub(super) events: Histogram,
}

impl Default for Transactions {
    fn default() -> Self {
        Self { seconds: Histogram::new(SECONDS), events: Histogram::new(EVENTS) }
    }
}

type Consumer = [(&'static str, String); 1];

/// All metrics of one store.
#[derive(Debug)]
pub(super) struct StoreMetrics {
    registry: Registry,
    writable: Gauge,
    events: Gauge,
    bytes: Gauge,
    lag: Family<Consumer, Gauge>,
    oldest: Family<Consumer, Gauge>,
}

impl StoreMetrics {
    pub(super) fn new(transactions: &Transactions) -> Self {
        let mut registry = Registry::with_prefix("guuru");
        let (writable, events, bytes) = (Gauge::default(), Gauge::default(), Gauge::default());
        let (lag, oldest) = (Family::default(), Family::default());
        registry.register("store_writable", "Whether events can be stored, 0 or 1", writable.clone());
        registry.register("inbox_events", "Events in the inbox", events.clone());
        registry.register_with_unit(
            "inbox",
            "Size of the store on the disk, its log included",
            Unit::Bytes,
            bytes.clone(),
        );
        registry.register("consumer_lag_events", "Events in the inbox after the consumer's cursor", lag.clone());
        let text = "How long ago the earliest of these events was received, 0 where there is none";
        registry.register_with_unit("consumer_oldest", text, Unit::Seconds, oldest.clone());
        let text = "Time of one transaction that stored deliveries, with its fsync";
        registry.register_with_unit("commit", text, Unit::Seconds, transactions.seconds.clone());
        registry.register("commit_events", "Deliveries of one such transaction", transactions.events.clone());
        Self { registry, writable, events, bytes, lag, oldest }
    }

    /// Everything as text, without an end: other metrics may follow.
    pub(super) fn text(&self, status: &StoreStatus) -> String {
        self.writable.set(status.writable.into());
        self.bytes.set(status.bytes.try_into().unwrap_or(i64::MAX));
        self.lag.clear();
        self.oldest.clear();
        if let Some(inbox) = &status.inbox {
            self.events.set(inbox.events);
            for consumer in &inbox.consumers {
                let label = [("consumer", consumer.name.clone())];
                self.lag.get_or_create(&label).set(consumer.events);
                self.oldest.get_or_create(&label).set(consumer.oldest_seconds);
            }
        }
        let mut text = String::new();
        // A string takes whatever is written to it.
        encode_registry(&mut text, &self.registry).unwrap_or_default();
        text
    }
}
