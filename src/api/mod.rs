//! The Admin API: an HTTP client for GraphQL that knows what may be repeated and what may not. A message must never be
//! sent twice, and a script must be able to tell "refused" from "try again" from "nobody knows": the table that decides
//! this stands in `outcome`, what is assumed of the platform's schema in [`operation`], and the rest is transport.

mod answer;
mod body;
mod client;
mod endpoint;
mod failure;
mod heal;
mod http;
mod introspect;
mod look;
mod messages;
mod misfit;
pub mod operation;
mod outcome;
mod proxy;
mod raw;
pub mod schema;
mod settings;
mod token;
mod transport;
mod wait;
mod walk;

pub use client::Client;
pub(crate) use endpoint::check as check_endpoint;
pub use endpoint::{is_loopback, shown};
pub(crate) use http::http;
pub use look::Seen;
pub use operation::{Call, Operation};
pub(crate) use proxy::{OF_PASSWORD, is_of_the_system, is_of_the_tunnel, proxy_for};
pub use raw::{RawRequest, Response};
pub use settings::Settings;
pub use token::check_token;
pub use transport::Before;
pub(crate) use transport::cause;
pub(crate) use wait::asked as asked_wait;
pub use walk::{SeenCursors, Walk};

/// What this program calls itself.
pub(crate) const USER_AGENT: &str = concat!("guuru/", env!("CARGO_PKG_VERSION"));
