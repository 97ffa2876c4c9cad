//! The commands as a script meets them: the real binary against a platform, by theme.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod demo;
mod errors;
mod folders;
mod global;
mod help;
mod javascript;
mod mutations;
mod network;
mod own;
mod personas;
mod platform;
mod sandbox;
mod text;
mod trigger;
mod webhooks;
