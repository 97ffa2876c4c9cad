//! A person at a terminal: tmux with a shell in it, what is typed there, and what its screen shows.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::program::{Home, eventually};

/// A terminal with a shell in which `guuru` is the program, in a home of its own.
pub(crate) struct Desk {
    pub(crate) home: Home,
    socket: String,
    /// How many commands were typed: what stands on the screen of an earlier one must not end the next.
    commands: Cell<u32>,
}

impl Desk {
    /// Opens a terminal of 100 columns and 40 lines in the home.
    pub(crate) fn sit_down(home: Home) -> Self {
        let bin = home.path().join("bin");
        fs::create_dir(&bin).unwrap();
        symlink(env!("CARGO_BIN_EXE_guuru"), bin.join("guuru")).unwrap();
        let mut shell = home.command_of("sh");
        let path = std::env::var("PATH").unwrap();
        shell.env("PATH", format!("{}:{path}", bin.display())).env("TERM", "screen");
        let variables =
            shell.get_envs().map(|(name, value)| (name.to_str().unwrap(), value.unwrap().to_str().unwrap()));
        let environment: Vec<_> = variables.map(|(name, value)| format!("{name}={value}")).collect();
        let socket = home.path().file_name().unwrap().to_str().unwrap().to_owned();
        let desk = Self { home, socket, commands: Cell::new(0) };
        let folder = desk.home.path().to_str().unwrap();
        let mut args = vec!["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "40", "-c", folder];
        args.extend(["env", "-i"]);
        args.extend(environment.iter().map(String::as_str));
        args.push("sh");
        desk.tmux(&args);
        desk
    }

    /// Runs a command of tmux.
    pub(crate) fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").args(["-L", &self.socket]).args(args).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Types a line.
    pub(crate) fn types(&self, line: &str) {
        self.tmux(&["send-keys", "-l", line]);
        self.tmux(&["send-keys", "Enter"]);
    }

    /// What stands on the screen.
    pub(crate) fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Waits until this text is on the screen.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        eventually(&format!("{text:?} on the screen"), || self.screen().contains(text));
    }

    /// Types a command on an empty screen, and waits for its end with this exit code. Returns the screen.
    #[track_caller]
    pub(crate) fn runs(&self, command: &str, code: i32) -> String {
        self.begins(command);
        self.ends(code)
    }

    /// Types a command on an empty screen.
    pub(crate) fn begins(&self, command: &str) {
        self.commands.update(|count| count + 1);
        self.types(&format!("clear; {command}; echo \"command {} ended with $?.\"", self.commands.get()));
    }

    /// Waits for the end of the command that was typed last, with this exit code. Returns the screen.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32) -> String {
        self.shows(&format!("\ncommand {} ended with {code}.", self.commands.get()));
        self.screen()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
