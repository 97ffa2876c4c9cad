//! The commands as a script meets them: the real binary against a platform, by theme.

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
pub(crate) mod platform;
mod sandbox;
mod text;
mod trigger;
mod webhooks;
