//! `guuru doctor`: what is well, and each thing that can be wrong, told apart.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod examined;
mod here;
mod ping;
mod platform;
mod way;
mod whole;
