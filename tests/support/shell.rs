//! What stands in the documents and in the help, run by a shell as a person would run it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use super::program::{Home, skip};

/// A home in which `guuru` is on the path and uses ports of its own, so that tests run side by side. Each run notes its
/// process id in a file, `listen.pid`, for whoever has to stop it.
pub(crate) struct Shell {
    pub(crate) home: Home,
    pub(crate) port: u16,
}

impl Shell {
    /// `None` where one of the programs is not installed.
    pub(crate) fn new(programs: &[&str]) -> Option<Self> {
        for program in ["bash"].iter().chain(programs) {
            if Command::new(program).arg("--version").output().is_err() {
                skip(&format!("{program} is not installed"));
                return None;
            }
        }
        let home = Home::bare();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let bin = home.path().join("bin");
        fs::create_dir(&bin).unwrap();
        let shim = format!(
            "#!/bin/sh\ncommand=$1\necho $$ >\"$HOME/$command.pid\"\ncase $command in\n\
             listen|bridge) shift; exec '{program}' $command --addr 127.0.0.1:{port} \"$@\" ;;\n\
             sandbox) shift; exec '{program}' sandbox --addr 127.0.0.1:0 --webhook-url http://127.0.0.1:{port}/ \"$@\" ;;\n\
             *) exec '{program}' \"$@\" ;;\nesac\n",
            program = env!("CARGO_BIN_EXE_guuru")
        );
        fs::write(bin.join("guuru"), shim).unwrap();
        fs::set_permissions(bin.join("guuru"), fs::Permissions::from_mode(0o755)).unwrap();
        Some(Self { home, port })
    }

    /// A script in this home.
    pub(crate) fn bash(&self, script: &str) -> Command {
        let mut command = Command::new("bash");
        command
            .args(["-c", script])
            .env_clear()
            .env("HOME", self.home.path())
            .env("TMPDIR", self.home.path())
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.home.path().join("no-bus").display()))
            .env("PATH", format!("{}:{}", self.home.path().join("bin").display(), std::env::var("PATH").unwrap()))
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Starts a sandbox, and returns what it wants to be set.
    pub(crate) fn sandbox(&self) -> Sandbox {
        let output = self.bash("guuru sandbox --background").output().unwrap();
        let exports = String::from_utf8(output.stdout).unwrap();
        assert!(exports.contains("export GUURU_TOKEN="), "{}", String::from_utf8_lossy(&output.stderr));
        Sandbox { exports }
    }
}

/// A sandbox that runs in the background.
pub(crate) struct Sandbox {
    pub(crate) exports: String,
}

impl Sandbox {
    pub(crate) fn value(&self, name: &str) -> &str {
        let line = self.exports.lines().find_map(|line| line.strip_prefix(&format!("export {name}="))).unwrap();
        line.trim_matches('\'')
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(Command::new("kill").arg(self.value("GUURU_SANDBOX_PID")).status());
    }
}

/// A child that does not outlive its test, and neither do the programs in its pipe.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(Command::new("pkill").args(["-P", &self.0.id().to_string()]).status());
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
