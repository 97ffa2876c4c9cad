//! Where a command line, a line of a batch and a line of a bridge become one request and one outcome. This is where the API
//! meets the store.
//!
//! ```text
//! command line ──────────────────────────▶ Request ──▶ Worker ──▶ Outcome ──▶ printed
//! line ──▶ MultilineJson ──▶ RequestLine ──▶ WorkerPool ──▶ ┘      │          └──▶ ResultLine
//!          (no line     (read          (order within      ├ the journal: once for each `ref`
//!          of its own)   strictly)      a chat, jobs)     ├ Planner: which requests, and who acts
//!                                                         ├ Executor: sends them, keeps what came of it
//!                                                         └ settle: did it take effect, when nobody says?
//! ```

mod batch;
mod budget;
mod executor;
mod line;
mod multiline_json;
mod order;
mod outcome;
mod parts;
mod plan;
mod pool;
mod reader;
mod request;
mod settle;
mod worker;

pub use batch::Batch;
pub use budget::Budget;
pub use line::{Incoming, RequestLine};
pub use multiline_json::MultilineJson;
pub use outcome::{Completed, Done, Outcome, ResultLine};
pub use plan::Planner;
pub use pool::{Finished, WorkerPool};
pub use reader::{Line, read_lines};
pub use request::Request;
pub use worker::{Journal, Worker};
