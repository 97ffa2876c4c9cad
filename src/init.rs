//! The duties of the first process of a container: it inherits each process whose parent has ended, and must wait for it. A program
//! cannot tell such processes from its own children. So, if guuru is the first process, it starts itself again as a child, and only
//! does these duties.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::thread;

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process, wait};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::Signals;

use crate::process::hangup_is_ignored;

/// Whether this process is the first of its container.
pub(crate) fn is_first() -> bool {
    std::process::id() == 1
}

/// Runs the program as a child, passes signals on to it, and ends with its exit code. `None` where it cannot be started so:
/// then it must do without.
pub(crate) fn run(args: &[OsString]) -> Option<ExitCode> {
    let (name, args) = args.split_first()?;
    let hangup = Some(SIGHUP).filter(|_| !hangup_is_ignored());
    // Before there is a child: no signal may be lost.
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2].into_iter().chain(hangup)).ok()?;
    let program = std::env::current_exe().unwrap_or_else(|_| name.into());
    // In a group of its own, a Ctrl-C reaches it once, from here.
    let child = Command::new(program).args(args).process_group(0).spawn().ok()?;
    let child = Pid::from_child(&child);
    thread::spawn(move || {
        for signal in signals.forever() {
            // An error means that it has just ended by itself.
            let _ = Signal::from_named_raw(signal).map(|signal| kill_process(child, signal));
        }
    });
    loop {
        match wait(WaitOptions::empty()) {
            Ok(Some((ended, status))) if ended == child => return Some(exit_code(status)),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return Some(ExitCode::FAILURE),
        }
    }
}

/// The code that a shell would tell.
fn exit_code(status: WaitStatus) -> ExitCode {
    let code = status.exit_status().or_else(|| status.terminating_signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}
