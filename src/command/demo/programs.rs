//! The programs of the demo, all of them guuru: a receiver that runs the whole time, and one run for each action of the agent.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use url::Url;

/// How long the receiver may take to be ready.
const READY: Duration = Duration::from_secs(20);

/// The receiver, and the surroundings that all programs share.
pub(super) struct Programs {
    program: PathBuf,
    home: TempDir,
    environment: Vec<(&'static str, String)>,
    listen: Child,
    lines: Receiver<String>,
    receiver: Url,
}

impl Programs {
    /// Starts the receiver on a free port and waits until it is ready.
    pub(super) fn start(sandbox: SocketAddr, token: &SecretString, secret: &SecretString) -> anyhow::Result<Self> {
        let program = env::current_exe().context("cannot find this program")?;
        let home =
            tempfile::Builder::new().prefix("guuru-demo-").tempdir().context("cannot create a temporary home")?;
        let environment = vec![
            ("GUURU_ENDPOINT", format!("http://{sandbox}/graphql")),
            ("GUURU_TOKEN", token.expose_secret().to_owned()),
            ("GUURU_WEBHOOK_SECRET", secret.expose_secret().to_owned()),
        ];
        let mut command = command(&program, &home, &environment);
        command.args(["listen", "--addr", "127.0.0.1:0", "--requested-expert", "api"]);
        let mut listen = command.spawn().context("cannot start the receiver")?;
        let (lines, said) = match (listen.stdout.take(), listen.stderr.take()) {
            (Some(stdout), Some(stderr)) => (read_lines(stdout), read_lines(stderr)),
            _ => bail!("the receiver has no streams"),
        };
        let mut programs =
            Self { program, home, environment, listen, lines, receiver: Url::parse("http://127.0.0.1/")? };
        let ready = said.recv_timeout(READY).context("the receiver did not get ready")?;
        let url = ready.trim_end().strip_prefix("listening on ");
        programs.receiver = Url::parse(url.with_context(|| format!("the receiver said: {}", ready.trim_end()))?)?;
        Ok(programs)
    }

    /// Where the receiver takes webhooks.
    pub(super) fn receiver(&self) -> &Url {
        &self.receiver
    }

    /// The receiver's next line, with its line feed; `None` when there is none for a while.
    pub(super) fn next_line(&self, patience: Duration) -> anyhow::Result<Option<String>> {
        match self.lines.recv_timeout(patience) {
            Ok(line) => Ok(Some(line)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => bail!("the receiver has ended"),
        }
    }

    /// Runs this program with these arguments, as a person would type them.
    pub(super) fn run(&self, args: &[&str]) -> anyhow::Result<()> {
        let output = command(&self.program, &self.home, &self.environment).args(args).output();
        let output = output.context("cannot run this program")?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`guuru {}` failed: {}", args.join(" "), stderr.trim());
        Ok(())
    }

    /// Stops the receiver in order.
    pub(super) fn stop(&mut self) -> anyhow::Result<()> {
        kill_process(self.pid()?, Signal::TERM).context("cannot stop the receiver")?;
        let status = self.listen.wait().context("cannot wait for the receiver")?;
        ensure!(status.success(), "the receiver ended with {status}");
        Ok(())
    }

    fn pid(&self) -> anyhow::Result<Pid> {
        Pid::from_raw(i32::try_from(self.listen.id())?).context("the receiver has no process id")
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        // However the demo ended, its receiver must not stay behind.
        drop(self.listen.kill());
        drop(self.listen.wait());
    }
}

/// This program, away from the settings of whoever runs the demo.
fn command(program: &PathBuf, home: &TempDir, environment: &[(&str, String)]) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GUURU_")) {
        command.env_remove(name);
    }
    command
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .env("GUURU_STATE_DIR", home.path())
        .env("GUURU_CONFIG_DIR", home.path())
        // Ctrl-C in the shell is for the demo, which ends them in order.
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Reads lines, each with its line feed, until their end.
fn read_lines(source: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        let mut source = BufReader::new(source);
        let mut line = String::new();
        while source.read_line(&mut line).is_ok_and(|length| length > 0) && sender.send(line).is_ok() {
            line = String::new();
        }
    });
    lines
}
