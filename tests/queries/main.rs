//! Looking at what the platform has: the real binary against the sandbox, and against platforms that misbehave.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod api;
mod chats;
mod filter;
mod lists;
mod pages;
mod platform;
mod spelling;
mod tables;
