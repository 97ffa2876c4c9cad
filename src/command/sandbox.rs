//! `guuru sandbox`: a platform on this machine, to try everything without an account.

mod load;

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;

use anyhow::Context as _;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use self::load::EndUsers;
use crate::command::shared::{signals, value};
use crate::context::Context;
use crate::error::{Error, Kind, Report};
use crate::sandbox::{Options, Sandbox};
use crate::store::is_any_consumer_held;

const USAGE: &str = "\
Example:
  eval \"$(guuru sandbox --background)\"
  kill \"$GUURU_SANDBOX_PID\"

The end user:
  curl -d question='Does it fit?' -d name=Eve \"$GUURU_SANDBOX/chats\"
  curl \"$GUURU_SANDBOX/chats/c-15\"
  curl --data-urlencode text='And in blue?' \"$GUURU_SANDBOX/chats/c-15/messages\"
  curl -X POST \"$GUURU_SANDBOX/chats/c-15/reopen\"
  curl -X POST \"$GUURU_SANDBOX/chats/c-15/reassign\"
  curl -d rating=5 \"$GUURU_SANDBOX/chats/c-15/rate\"

200 end users, and what they saw:
  guuru sandbox --chats 200 --rate 20 --seed 7 --report report.jsonl
  tail -n 1 report.jsonl | jq";

/// Run a platform on this machine: the Admin API, signed webhooks, and end users
///
/// It prints what must be set to use it, as lines for a shell, and runs until it is stopped. Whatever it holds, and the
/// store that those lines name, is gone with it; a store that is still in use stays.
///
/// The end user is played over plain HTTP on the same port, in a browser or with curl.
///
/// With --chats it plays end users itself, so that whatever answers them can be soaked. Each of their messages carries
/// a token such as [u-17/2], and an answer is a message that quotes it, once; what quotes none is not judged. They wait
/// for the answer before they go on, or say two things in a row. The last message says bye: then the chat is to be
/// answered and closed. Some reopen it once, all rate it. At the end, or when it is stopped, the report has a line of
/// JSON for each chat (messages that were lost, doubled, or answered out of order, and answers that strayed from
/// another chat) and one that sums up. The exit code is 0 when every chat was rated and nothing was amiss, else 1.
#[derive(Debug, clap::Args)]
#[command(after_help = USAGE)]
pub struct Args {
    /// Loopback address to listen on, or a port of 127.0.0.1; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8790", value_parser = value::address)]
    addr: SocketAddr,

    /// Where the webhooks go
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8787/", value_parser = value::http)]
    webhook_url: Url,

    /// Share of the webhooks that is sent twice, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    duplicate: f64,

    /// Decides which webhooks are sent twice, and what the end users of --chats say
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Refuse a message that has a text and an attachment, as a platform does that takes one at a time
    #[arg(long)]
    one_at_a_time: bool,

    #[command(flatten)]
    end_users: EndUsers,

    /// Return once it is ready; it goes on until `kill $GUURU_SANDBOX_PID`
    #[arg(long)]
    background: bool,

    /// Folder for the store, removed at the end
    #[arg(long, value_name = "DIR", hide = true)]
    folder: Option<PathBuf>,
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    if !args.background {
        return serve(context, args);
    }
    args.end_users.require_report_file()?;
    start_in_background(context, &args)
}

fn serve(context: &Context, args: Args) -> anyhow::Result<()> {
    let seed = args.end_users.pick_seed(args.seed);
    let play = args.end_users.prepare(seed)?;
    let folder = Folder::create(args.folder)?;
    // It has its own secrets, never those of a real account.
    let (token, secret) = (random_secret(), random_secret());
    let options = Options {
        addr: args.addr,
        webhook_url: Some(args.webhook_url),
        duplicate: args.duplicate,
        seed,
        one_at_a_time: args.one_at_a_time,
        ..Options::new(token.clone(), secret.clone())
    };
    let terminal = context.terminal;
    let sandbox = Sandbox::start(options, move |notice| terminal.status(notice))?;
    let (stop, stopped) = channel();
    signals::on_stop(move |_| {
        // An error means that it is stopping already.
        let _ = stop.send(());
    })?;
    terminal.print(exports(sandbox.addr(), &token, &secret, &folder.0).as_bytes())?;
    terminal.status(&format!("the sandbox is at http://{} (chat page: open it in a browser)", sandbox.addr()));
    let report = play.as_ref().map(|play| play.run(&sandbox, &stopped)).transpose()?;
    if report.is_none() {
        stopped.recv().context("no signal can come any more")?;
    }
    match sandbox.stop() {
        0 => {}
        dropped => terminal.status(&format!("{dropped} webhooks were not delivered")),
    }
    if is_any_consumer_held(&folder.0) {
        terminal.status(&format!("the store in {} is still in use, and stays", folder.0.display()));
    }
    play.zip(report).map_or(Ok(()), |(play, report)| play.report(&report, terminal))
}

fn random_secret() -> SecretString {
    SecretString::from(Uuid::new_v4().simple().to_string())
}

fn exports(addr: SocketAddr, token: &SecretString, secret: &SecretString, folder: &Path) -> String {
    let pid = std::process::id().to_string();
    let folder = folder.display().to_string();
    let lines = [
        ("GUURU_SANDBOX", format!("http://{addr}").as_str()),
        ("GUURU_SANDBOX_PID", &pid),
        ("GUURU_ENDPOINT", &format!("http://{addr}/graphql")),
        ("GUURU_TOKEN", token.expose_secret()),
        ("GUURU_WEBHOOK_SECRET", secret.expose_secret()),
        ("GUURU_STATE_DIR", &folder),
    ]
    .map(|(name, value)| format!("export {name}='{}'\n", value.replace('\'', r"'\''")));
    lines.concat()
}

/// The folder of the sandbox's store.
struct Folder(PathBuf);

impl Folder {
    fn create(given: Option<PathBuf>) -> anyhow::Result<Self> {
        let created = || tempfile::Builder::new().prefix("guuru-sandbox-").tempdir().map(tempfile::TempDir::keep);
        Ok(Self(given.map_or_else(created, Ok).context("cannot create a folder for the sandbox's store")?))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The bridge that has answered the end users has its cursor to write: it would end as one whose store is lost.
        if !is_any_consumer_held(&self.0) {
            // What cannot be removed is in the folder of temporary files, which the system cleans up.
            drop(fs::remove_dir_all(&self.0));
        }
    }
}

/// Starts the same program without `--background` and waits until it has printed its lines.
fn start_in_background(context: &Context, args: &Args) -> anyhow::Result<()> {
    let folder = Folder::create(None)?;
    let log_path = folder.0.join("sandbox.log");
    let log = File::options().read(true).append(true).create_new(true).open(&log_path);
    let mut log = log.with_context(|| format!("cannot write {}", log_path.display()))?;
    let mut child = foreground(args, &folder.0)?
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log.try_clone().context("cannot share the log")?)
        // In a group of its own, so that Ctrl-C in the shell does not stop it.
        .process_group(0)
        .spawn()
        .context("cannot start the sandbox")?;
    let stdout = child.stdout.take().context("the sandbox has no stdout")?;
    let mut lines = String::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.context("cannot read what the sandbox prints")?;
        lines.push_str(&line);
        lines.push('\n');
        if line.starts_with("export GUURU_STATE_DIR=") {
            return hand_over(context, child, &lines, folder);
        }
    }
    child.wait().context("cannot wait for the sandbox")?;
    // Read through the open file: a sandbox that fails removes its folder, and the log with it.
    let mut said = String::new();
    log.rewind().and_then(|()| log.read_to_string(&mut said)).context("cannot read the sandbox's log")?;
    Err(reason(&said).into())
}

/// The command that runs this sandbox in the foreground, with its store in this folder.
fn foreground(args: &Args, folder: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(env::current_exe().context("cannot find this program")?);
    // The form of output is set, because its error is read here.
    command.args(["--output", "json", "sandbox", "--addr", &args.addr.to_string()]);
    command.args(["--webhook-url", args.webhook_url.as_str(), "--duplicate", &args.duplicate.to_string()]);
    if let Some(seed) = args.seed {
        command.args(["--seed", &seed.to_string()]);
    }
    if args.one_at_a_time {
        command.arg("--one-at-a-time");
    }
    args.end_users.pass_on(&mut command);
    command.arg("--folder").arg(folder);
    Ok(command)
}

/// Prints the lines of a sandbox that is ready. If they cannot be printed, it is ended: nobody would know of it, and it would run
/// for ever.
fn hand_over(context: &Context, mut child: Child, lines: &str, folder: Folder) -> anyhow::Result<()> {
    if let Err(error) = context.terminal.print(lines.as_bytes()) {
        child.kill().and_then(|()| child.wait()).context("cannot end the sandbox")?;
        return Err(error);
    }
    let log = folder.0.join("sandbox.log");
    context.terminal.status(&format!("the sandbox runs as process {}, its log is {}", child.id(), log.display()));
    // From here on the folder is the sandbox's own.
    std::mem::forget(folder);
    Ok(())
}

/// Why the sandbox did not start: the error in its log, with its own kind and hint.
fn reason(log: &str) -> Error {
    #[derive(Deserialize)]
    struct Line {
        error: Report,
    }
    let told = log.lines().find_map(|line| serde_json::from_str::<Line>(line).ok());
    told.map_or_else(
        || Error::new(Kind::Failure, format!("the sandbox ended before it was ready: {}", log.trim())),
        |line| line.error.into(),
    )
}
