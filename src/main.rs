//! argv → [`guuru::run`] → exit code. The architecture is told in the library's first page.

use std::process::ExitCode;

fn main() -> ExitCode {
    guuru::run(std::env::args_os())
}
