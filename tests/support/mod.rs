//! What the integration tests share.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::print_stderr, reason = "a skipped test says why")]

pub(crate) mod program;
pub(crate) mod sender;
pub(crate) mod server;
