//! What the integration tests share.

pub(crate) mod desk;
pub(crate) mod program;
pub(crate) mod schema;
pub(crate) mod sender;
pub(crate) mod server;
pub(crate) mod shell;
pub(crate) mod terminal;
