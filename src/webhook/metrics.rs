//! What the receiver measures, as Prometheus reads it. Labels come from lists of our own: a sender that could make up new
//! ones could fill the memory with them.

use hyper::StatusCode;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::request::Refusal;
use crate::model::{EventKind, Stored};

type Labels = [(&'static str, &'static str); 2];

/// All that is told of one receiver.
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
        // What never happened is 0: an alert on an increase would miss the first one of a series that was not there.
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

    /// A delivery whose signature was right is durable, or could not be made so.
    pub(super) fn count(&self, event: Option<EventKind>, outcome: Option<Stored>) {
        let outcome = match outcome {
            Some(Stored::New { .. }) => "stored",
            Some(Stored::Duplicate { .. }) => "duplicate",
            None => "unavailable",
        };
        self.deliveries.get_or_create(&labels(event.map_or("other", EventKind::name), outcome)).inc();
    }

    /// A request was refused. What it says of itself was not checked, or is wrong; what could not be stored is counted
    /// under its name.
    pub(super) fn count_refusal(&self, refusal: &Refusal) {
        if refusal.status != StatusCode::SERVICE_UNAVAILABLE {
            self.deliveries.get_or_create(&labels("unknown", "refused")).inc();
        }
    }

    /// One connection more; it counts for as long as this is held.
    pub(super) fn connection(&self) -> OpenConnection {
        self.connections.inc();
        OpenConnection(self.connections.clone())
    }

    /// What others measured, and everything here, as text.
    pub(super) fn text(&self, mut others: String) -> String {
        // A string takes whatever is written to it.
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
