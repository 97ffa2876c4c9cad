//! Writing to a pipe whose reader may not read. Written in pieces that a pipe takes at once, so that such a reader never
//! blocks the writer for longer than it wants to wait.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::time::Duration;

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
        self.wait(PollFlags::empty(), Duration::ZERO).is_ok_and(|events| events.contains(PollFlags::ERR))
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
