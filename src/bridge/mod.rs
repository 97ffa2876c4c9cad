//! Where commands meet the API and the store: each command is carried out in one way, whether a person typed it or a
//! program wrote it on a line.

mod budget;
mod child;
mod commander;
mod executor;
mod feeder;
mod input;
mod lanes;
mod line;
mod parts;
mod reader;
mod settle;
mod spread;
mod worker;

pub use budget::Budget;
pub use child::{Child, Current, Restarts, Streams, pass_stderr};
pub use commander::{Commander, Finished};
pub use executor::{Completed, Done, Executor};
pub use feeder::{Acknowledgements, Feeder};
pub use input::{Generation, Input, Written};
pub use lanes::{Hold, Lanes, Ticket};
pub use line::{Answer, Failure, Incoming, Key, LINE_LIMIT, Outcome, Request, typed};
pub use parts::Sent;
pub use reader::{Line, read_lines};
pub use spread::Spread;
pub use worker::Worker;
