//! `guuru batch`: commands in, results out, whatever happens in between.

mod end;
mod journal;
mod lines;
mod memory;
mod order;
mod outcomes;
mod parts;
mod platform;
mod program;
mod progress;
mod schema;
mod syncs;
