//! Writes to a pipe whose reader may not read. It writes pieces that a pipe takes at once, so it never waits longer than it wants
//! to.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl};

/// The writing end of a pipe, or any other descriptor, unbuffered.
pub struct Pipe(File);

impl Pipe {
    /// What a pipe takes without blocking once it can take anything (POSIX: at least 512; Linux: 4096).
    const PIECE: usize = 4096;

    /// Takes the descriptor.
    pub fn new(descriptor: OwnedFd) -> Self {
        Self(File::from(descriptor))
    }

    /// Writes the beginning of `data`. Returns how many bytes; 0 if the reader takes nothing for `patience`.
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

    /// Whether it is a file, and what is written next goes behind a line without its end.
    pub fn ends_within_line(&self) -> bool {
        self.last_byte().is_ok_and(|last| last.is_some_and(|last| last != b'\n'))
    }

    /// The byte before the place where the next one goes, in a file that has one.
    fn last_byte(&self) -> io::Result<Option<u8>> {
        if !self.0.metadata()?.is_file() {
            return Ok(None);
        }
        let appends = fcntl_getfl(&self.0)?.contains(OFlags::APPEND);
        let next = if appends { self.0.metadata()?.len() } else { (&self.0).stream_position()? };
        let Some(before) = next.checked_sub(1) else { return Ok(None) };
        // It is open only for writing. To read it, it is opened again, by the name of its descriptor.
        let file = File::open(format!("/dev/fd/{}", self.0.as_raw_fd()))?;
        let mut last = [0];
        let read = file.read_at(&mut last, before)?;
        Ok((read == 1).then_some(last[0]))
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
