//! Code that several commands share, and that is not a command.

pub(super) mod act;
pub(super) mod agent;
pub(super) mod follow;
pub(super) mod input;
pub(super) mod list;
pub(super) mod poster;
pub(super) mod receiver;
pub(super) mod signals;
pub(super) mod target;
pub(super) mod value;
