//! What the program talks about: personas, chats, messages, events. Plain data that any room may hold; nothing here
//! touches a disk, a network or a terminal.

mod event;

pub(crate) use event::rfc3339;
pub use event::{Delivery, Event, EventKind, MessageFacts, Reply, Stored, minify};
