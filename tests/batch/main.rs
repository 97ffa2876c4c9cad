//! `guuru batch`: commands in, results out, whatever happens in between.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "seeds and figures")]

mod end;
mod journal;
mod lines;
mod memory;
mod order;
mod outcomes;
mod parts;
mod platform;
mod program;
mod progress;
mod schema;
mod speed;
#[path = "../support/mod.rs"]
mod support;
mod syncs;
