//! What the integration tests share.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking and say why"
)]

pub(crate) mod desk;
pub(crate) mod program;
pub(crate) mod schema;
pub(crate) mod sender;
pub(crate) mod server;
pub(crate) mod shell;
pub(crate) mod terminal;
