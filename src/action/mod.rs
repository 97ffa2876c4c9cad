//! Where a command line, a line of a batch and a line of a bridge become one request and one outcome. This is where the API
//! meets the store.

mod batch;
mod budget;
mod commander;
mod executor;
mod line;
mod order;
mod parts;
mod reader;
mod settle;
mod spread;
mod worker;

pub use batch::Batch;
pub use budget::Budget;
pub use commander::{Commander, Finished};
pub use executor::{Completed, Done, Executor};
pub use line::{Answer, Failure, Incoming, Key, LINE_LIMIT, Outcome, Request};
pub use order::{Hold, Lanes, Ticket};
pub use parts::Sent;
pub use reader::{Line, read_lines};
pub use spread::Spread;
pub use worker::Worker;
