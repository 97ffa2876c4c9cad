//! `guuru listen` under attack: whatever one client does, a good one is served all the while.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod addresses;
mod client;
mod floods;
mod framing;
mod reasons;
mod receiver;
mod slow;
#[path = "../support/mod.rs"]
mod support;
