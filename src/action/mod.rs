//! Where a command line, a line of a batch and a line of a bridge become one request and one outcome. This is where the API
//! meets the store.
//!
//! ```text
//! command line ──────────────────────────▶ Request ──▶ Worker ──▶ Outcome ──▶ printed
//! line ──▶ Spread ──▶ RequestLine ──▶ Commander ──▶ ┘      │          └──▶ ResultLine
//!          (no line     (read          (order within      ├ the journal: once for each `ref`
//!          of its own)   strictly)      a chat, jobs)     ├ Planner: which requests, and who acts
//!                                                         ├ Executor: sends them, keeps what came of it
//!                                                         └ settle: did it take effect, when nobody says?
//! ```

mod batch;
mod budget;
mod commander;
mod executor;
mod line;
mod order;
mod outcome;
mod parts;
mod plan;
mod reader;
mod request;
mod settle;
mod spread;
mod worker;

pub use batch::Batch;
pub use budget::Budget;
pub use commander::{Commander, Finished};
pub use line::{Incoming, RequestLine};
pub use outcome::{Completed, Done, Outcome, ResultLine};
pub use plan::Planner;
pub use reader::{Line, read_lines};
pub use request::Request;
pub use spread::Spread;
pub use worker::{Journal, Worker};
