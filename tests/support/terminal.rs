//! A real terminal, whose other end the test holds: what a person sees and types.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use super::program::{Finished, eventually};

/// A program with a terminal for its stdin and stderr.
pub(crate) struct Session {
    child: Child,
    keyboard: File,
    terminal: OwnedFd,
    screen: Arc<Mutex<Vec<u8>>>,
    reading: JoinHandle<()>,
}

impl Session {
    /// Starts the program.
    pub(crate) fn start(command: &mut Command) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let terminal = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
        let end = || Stdio::from(terminal.try_clone().unwrap());
        let child = command.stdin(end()).stderr(end()).spawn().unwrap();
        // The command would keep the terminal open.
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let keyboard = File::from(keyboard);
        let (screen, mut shown) = (Arc::new(Mutex::new(Vec::new())), keyboard.try_clone().unwrap());
        let seen = screen.clone();
        let reading = thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = shown.read(&mut bytes) {
                seen.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        Self { child, keyboard, terminal, screen, reading }
    }

    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }

    /// Waits until these words are on the screen.
    pub(crate) fn sees(&self, words: &str) {
        eventually(words, || self.screen().contains(words));
    }

    /// Answers the question for a secret once the terminal no longer shows what is typed.
    pub(crate) fn answer_hidden(&mut self, question: &str, answer: &str) {
        self.sees(question);
        eventually("nothing is echoed", || !tcgetattr(&self.terminal).unwrap().local_modes.contains(LocalModes::ECHO));
        self.types(&format!("{answer}\n"));
    }

    /// Types something.
    pub(crate) fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Waits for the end; what was on the screen stands for stderr.
    pub(crate) fn end(self) -> Finished {
        let output = self.child.wait_with_output().unwrap();
        // The screen ends where nobody has the terminal open any more.
        drop(self.terminal);
        self.reading.join().unwrap();
        let stderr = String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned();
        Finished { code: output.status.code(), stdout: String::from_utf8(output.stdout).unwrap(), stderr }
    }
}
