//! Where commands meet the API and the store: each command is carried out in one way, whether a person typed it or a
//! program wrote it on a line.

mod executor;

pub use executor::{Done, Executor};
