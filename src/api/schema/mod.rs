//! The live schema decides. Only one mutation of five is documented to the last argument, so the program asks the endpoint
//! what it looks like and writes its documents for that: [`Live`] is the schema, [`bind()`] writes a document for it, and
//! [`Documents`] keeps what was written, where a person can read it, change it, or write another.

mod arguments;
mod bind;
mod connection;
mod copy;
mod document;
mod documents;
mod introspection;
mod lists;
mod live;
mod more;
mod mutations;
mod pages;
mod reports;
mod request;
mod selection;
pub(in crate::api) mod shape;
mod verdict;

pub use bind::{Bound, bind, lacks};
pub(crate) use copy::{Copy, FRESH};
pub(crate) use document::place;
pub use documents::{Documents, Kept, State};
pub(crate) use introspection::{INTROSPECTIONS, Introspection};
pub(crate) use live::BYTE_ORDER_MARK;
pub use live::Live;
pub use mutations::has_argument;
pub(crate) use pages::Next;
pub use request::Prepared;

use serde::Serialize;

/// Where one of the program's values goes in a schema.
#[derive(Clone, Debug, Serialize)]
pub struct Match {
    /// The value, under the name of its variable.
    pub role: &'static str,
    /// The argument that takes it, or the field of an input object; `None` where there is none.
    pub argument: Option<String>,
    /// How sure that is: `certain`, or `accepted` where a person said so.
    pub sure: &'static str,
    /// Why.
    pub why: String,
}
