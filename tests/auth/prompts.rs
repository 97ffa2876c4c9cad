//! What is asked on a terminal: a real one, whose other end the test holds.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};
use serde_json::Value;

use super::platform::{configure, credentials, home, platform};
use crate::support::program::{Home, TOKEN, eventually};

/// A program with a terminal for its stdin and stderr.
struct Session {
    child: Child,
    keyboard: File,
    terminal: OwnedFd,
    screen: Arc<Mutex<Vec<u8>>>,
}

impl Session {
    fn start(home: &Home, args: &[&str]) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let terminal = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
        let end = || Stdio::from(terminal.try_clone().unwrap());
        let child = home.command(args).stdin(end()).stderr(end()).spawn().unwrap();
        let keyboard = File::from(keyboard);
        let (screen, mut shown) = (Arc::new(Mutex::new(Vec::new())), keyboard.try_clone().unwrap());
        let seen = screen.clone();
        thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = shown.read(&mut bytes) {
                seen.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        Self { child, keyboard, terminal, screen }
    }

    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }

    fn sees(&self, words: &str) {
        eventually(words, || self.screen().contains(words));
    }

    /// Answers the question for a secret once the terminal no longer shows what is typed.
    fn answer_hidden(&mut self, question: &str, answer: &str) {
        self.sees(question);
        eventually("nothing is echoed", || !tcgetattr(&self.terminal).unwrap().local_modes.contains(LocalModes::ECHO));
        writeln!(self.keyboard, "{answer}").unwrap();
    }

    fn end(self) -> (Option<i32>, String, String) {
        let screen = self.screen.clone();
        let output = self.child.wait_with_output().unwrap();
        let shown = String::from_utf8_lossy(&screen.lock().unwrap()).into_owned();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), shown)
    }
}

#[test]
fn a_person_is_asked_for_both_and_what_is_typed_is_not_shown() {
    let server = platform();
    let home = home(&server);
    let mut session = Session::start(&home, &["auth", "login", "--insecure-storage"]);
    session.answer_hidden("Access token", TOKEN);
    session.answer_hidden("Webhook secret", "typed-secret");
    let (code, stdout, screen) = session.end();
    assert_eq!(code, Some(0), "{screen}");
    let view: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(view["partnerId"], "partner-1");
    assert!(![TOKEN, "typed-secret"].iter().any(|secret| screen.contains(secret)), "{screen}");
    assert!(credentials(&home).contains(TOKEN) && credentials(&home).contains("typed-secret"));
}

#[test]
fn without_a_keyring_a_person_may_take_the_file() {
    let server = platform();
    for (answer, code, kept) in [("y", 0, true), ("n", 3, false)] {
        let home = home(&server);
        let mut session = Session::start(&home, &["auth", "login"]);
        session.answer_hidden("Access token", TOKEN);
        session.answer_hidden("Webhook secret", "");
        session.sees("there is no D-Bus session");
        session.sees("which only you may read?");
        write!(session.keyboard, "{answer}").unwrap();
        let (ended, _, screen) = session.end();
        assert_eq!(ended, Some(code), "{screen}");
        assert_eq!(credentials(&home).contains(TOKEN), kept, "{screen}");
        assert!(!credentials(&home).contains("webhook-secret"), "an empty answer was kept");
    }
}

#[test]
fn nobody_is_asked_with_no_input() {
    let home = Home::bare();
    for args in [&["auth", "login", "--no-input"][..], &["--no-input", "auth", "login"]] {
        let (code, stdout, screen) = Session::start(&home, args).end();
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{screen}");
    }
}

#[test]
fn a_profile_is_deleted_after_a_yes_alone() {
    let home = Home::bare();
    configure(&home, "[work]\n");
    for (answer, code) in [("n", 2), ("y", 0)] {
        let mut session = Session::start(&home, &["profile", "delete", "work"]);
        session.sees("Delete profile `work`");
        write!(session.keyboard, "{answer}").unwrap();
        let (ended, _, screen) = session.end();
        assert_eq!(ended, Some(code), "{screen}");
    }
    home.run(["profile", "show", "work"]).failed(3, "there is no profile `work`");
}
