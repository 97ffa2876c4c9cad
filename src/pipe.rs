//! Writing to a pipe whose reader may not read. Written in pieces that a pipe takes at once, so that such a reader never
//! blocks the writer for longer than it wants to wait.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// The writing end of a pipe, or any other descriptor, unbuffered.
pub struct Pipe(File);

impl Pipe {
    /// What a pipe takes without blocking once it can take anything (POSIX: at least 512; Linux: 4096).
    const PIECE: usize = 4096;

    /// Takes the descriptor.
    pub fn new(descriptor: OwnedFd) -> Self {
        Self(File::from(descriptor))
    }

    /// Writes the beginning of `data` and tells how much of it; 0 when the reader takes nothing for `patience`.
    ///
    /// # Errors
    /// `BrokenPipe` when nobody reads any more; the system's own error for a full disk and the like.
    pub fn write_some(&mut self, data: &[u8], patience: Duration) -> io::Result<usize> {
        if self.wait(PollFlags::OUT, patience)?.is_empty() {
            return Ok(0);
        }
        match self.0.write(&data[..data.len().min(Self::PIECE)]) {
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => Ok(0),
            other => other,
        }
    }

    /// Whether the reader has closed its end; nothing is written to find out.
    pub fn is_closed(&self) -> bool {
        self.is_closed_within(Duration::ZERO)
    }

    /// Waits until the reader has taken all that was written, but no longer than `patience`, and tells whether it has closed
    /// its end. A reader that has taken the last of it may be about to close: it is given `moment` to do so. For anything but
    /// a pipe nothing is waited for: what a terminal or a socket calls unread is its input.
    pub fn wait_until_read(&self, patience: Duration, moment: Duration) -> bool {
        if !self.0.metadata().is_ok_and(|of| of.file_type().is_fifo()) {
            return self.is_closed();
        }
        let begin = Instant::now();
        while rustix::io::ioctl_fionread(&self.0).is_ok_and(|unread| unread > 0) {
            if begin.elapsed() > patience {
                return self.is_closed();
            }
            if self.is_closed_within(Duration::from_millis(2)) {
                return true;
            }
        }
        self.is_closed_within(moment)
    }

    fn is_closed_within(&self, patience: Duration) -> bool {
        self.wait(PollFlags::empty(), patience).is_ok_and(|events| events.contains(PollFlags::ERR))
    }

    fn wait(&self, events: PollFlags, patience: Duration) -> io::Result<PollFlags> {
        let mut descriptors = [PollFd::new(&self.0, events)];
        let timeout = Timespec::try_from(patience).map_err(io::Error::other)?;
        match poll(&mut descriptors, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(descriptors[0].revents()),
            Err(error) => Err(error.into()),
        }
    }
}
