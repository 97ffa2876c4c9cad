//! The user's own program, started again whenever it ends, and the session around it: what it writes is carried out, and what
//! came of that is written to it.

mod child;
mod session;

pub use child::{Child, CurrentChild};
pub use session::{Session, SessionNotice, Setup};
