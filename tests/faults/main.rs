//! What `guuru listen` keeps, whatever dies, fills up, stands still or jumps around it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a random test says what it did, and with which seed")]

mod clock;
mod consumers;
mod disk;
mod kills;
mod lines;
mod store;
#[allow(dead_code, reason = "the other tests use the rest")]
#[path = "../support/mod.rs"]
mod support;
