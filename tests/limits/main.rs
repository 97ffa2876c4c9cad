//! What is measured with a clock, in a binary of its own: none of the other tests runs beside it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a test says what it measured")]

mod latency;
#[allow(dead_code, reason = "the batch's own tests use the rest")]
#[path = "../batch/platform.rs"]
mod platform;
#[allow(dead_code, reason = "the batch's own tests use the rest")]
#[path = "../batch/program.rs"]
mod program;
mod speed;
#[allow(dead_code, reason = "the other tests use the rest")]
#[path = "../support/mod.rs"]
mod support;
