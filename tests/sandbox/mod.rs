//! The sandbox as its users meet it: over HTTP, from both sides.

mod agent;
mod api;
mod command;
mod load;
mod rig;
mod users;
mod webhooks;
mod wire;
