//! The program as its users meet it, one module for each room. What kills, fills disks or measures time has a binary of its
//! own, beside which nothing else runs: `faults` and `limits`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a test says what it skips, and with which seed it ran")]

mod api;
mod aside;
mod auth;
mod batch;
mod bridge;
mod commands;
mod completions;
mod consumers;
mod doctor;
mod events;
mod exec;
mod forward;
mod hostile;
mod listen;
mod metrics;
mod operating;
mod queries;
mod readme;
mod reference;
mod sandbox;
mod schema;
mod support;
mod verify;
