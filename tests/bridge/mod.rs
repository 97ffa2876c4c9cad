//! `guuru bridge` as the author of an agent and an operator meet it: the real binary, and children in plain shell.

mod commands;
mod docs;
mod end;
mod events;
mod examples;
mod pressure;
mod restarts;
mod rig;
mod soak;
mod user;
