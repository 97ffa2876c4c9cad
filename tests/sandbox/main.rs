//! The sandbox as its users meet it: over HTTP, from both sides.
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test stops where something is missing, and is no library")]

mod agent;
mod api;
mod command;
mod load;
#[path = "../support/mod.rs"]
mod shared;
mod support;
mod users;
mod webhooks;
mod wire;
