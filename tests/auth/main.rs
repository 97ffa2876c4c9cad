//! Signing in and out, profiles, and the configuration, as a person and a script meet them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod config;
mod day;
mod keyring;
mod login;
mod platform;
mod profiles;
mod prompts;
mod status;
