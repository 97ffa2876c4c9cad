//! Looking at what the platform has: the real binary against the sandbox, and against platforms that misbehave.

mod api;
mod chats;
mod filter;
mod lists;
mod pages;
mod platform;
mod spelling;
mod tables;
