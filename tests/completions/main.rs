//! The committed completions, in the shells that they are for.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod bash;
mod fish;
mod machine;
mod scripts;
mod silence;
mod zsh;
