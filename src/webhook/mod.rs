//! The receiver. It faces the internet: it takes a webhook, checks the signature before it reads anything else from it, and hands
//! the delivery on. It answers 200 only when the delivery is stored.

mod body;
mod connection;
mod diagnosis;
mod exposition;
mod facts;
mod limits;
mod metrics;
mod path;
mod ping;
mod request;
mod senders;
mod server;
mod signature;
mod status;
mod strength;
mod turns;

pub use diagnosis::Mismatch;
pub use limits::{Limits, SMALL_BODY};
pub use path::WebhookPath;
pub use ping::{Answered, PING_EVENT, Ping};
#[doc(hidden)]
pub use request::accept;
pub use request::{EVENT_HEADER, IDEMPOTENCY_HEADER, SIGNATURE_HEADER};
pub use senders::{Proxies, is_inside};
pub use server::{Callbacks, Options, Server};
pub use signature::{Secrets, sign};
pub use status::{Observation, Observe};
pub use strength::Weakness;
