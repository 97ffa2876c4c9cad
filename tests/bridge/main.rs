//! `guuru bridge` as the author of an agent and an operator meet it: the real binary, and children in plain shell.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../commands/platform.rs"]
#[allow(dead_code, reason = "another test binary uses the rest")]
mod platform;
#[path = "../support/mod.rs"]
mod support;

mod commands;
mod docs;
mod end;
mod events;
mod examples;
mod pressure;
mod restarts;
mod rig;
mod soak;
mod user;
