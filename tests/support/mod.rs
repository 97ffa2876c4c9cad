//! What the integration tests share.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod program;
pub(crate) mod sender;
pub(crate) mod server;
