//! The receiver's metrics for Prometheus. Labels come from fixed lists: if a sender could make up labels, it could fill the memory
//! with them.

use hyper::StatusCode;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::request::Refusal;
use crate::model::{EventKind, Stored};

type Labels = [(&'static str, &'static str); 2];

/// All metrics of one receiver.
#[derive(Debug)]
pub(super) struct ReceiverMetrics {
    registry: Registry,
    deliveries: Family<Labels, Counter>,
    connections: Gauge,
}

impl ReceiverMetrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("guuru");
        let (deliveries, connections) = (Family::<Labels, Counter>::default(), Gauge::default());
        // Each series starts at 0. Otherwise an alert on an increase would miss the first occurrence.
        for outcome in ["stored", "duplicate", "unavailable"] {
            for event in EventKind::ALL.map(EventKind::name).into_iter().chain(["other"]) {
                drop(deliveries.get_or_create(&labels(event, outcome)));
            }
        }
        drop(deliveries.get_or_create(&labels("unknown", "refused")));
        registry.register("deliveries", "Requests to the webhook path, by event and outcome", deliveries.clone());
        registry.register("connections", "Open connections", connections.clone());
        Self { registry, deliveries, connections }
    }

    /// Counts a delivery with a valid signature: it was stored, or could not be.
    pub(super) fn count(&self, event: Option<EventKind>, outcome: Option<Stored>) {
        let outcome = match outcome {
            Some(Stored::New { .. }) => "stored",
            Some(Stored::Duplicate { .. }) => "duplicate",
            None => "unavailable",
        };
        self.deliveries.get_or_create(&labels(event.map_or("other", EventKind::name), outcome)).inc();
    }

    /// Counts a refused request. Its event name was not checked, so it gets no label. Deliveries that could not be stored are
    /// counted by `count`.
    pub(super) fn count_refusal(&self, refusal: &Refusal) {
        if refusal.status != StatusCode::SERVICE_UNAVAILABLE {
            self.deliveries.get_or_create(&labels("unknown", "refused")).inc();
        }
    }

    /// Counts one more connection, until the returned value is dropped.
    pub(super) fn connection(&self) -> OpenConnection {
        self.connections.inc();
        OpenConnection(self.connections.clone())
    }

    /// All metrics as text: `others` and those of the receiver.
    pub(super) fn text(&self, mut others: String) -> String {
        // Writing to a string cannot fail.
        encode_registry(&mut others, &self.registry).unwrap_or_default();
        encode_eof(&mut others).unwrap_or_default();
        others
    }
}

/// One open connection.
pub(super) struct OpenConnection(Gauge);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn labels(event: &'static str, outcome: &'static str) -> Labels {
    [("event", event), ("outcome", outcome)]
}
