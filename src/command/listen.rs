//! `guuru listen`: webhooks in, lines of JSON out, with the inbox between them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use secrecy::ExposeSecret;
use serde_json::json;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::value;
use crate::config;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::model::EventKind;
use crate::store::{Consumer, Filter, Start, Writer};
use crate::terminal::{Gone, Stdout, Terminal};
use crate::webhook::{Health, Limits, Options, Secrets, Server, Sink, Stop};

/// The most events that are read from the inbox at once.
const BATCH: usize = 256;

/// How long the reader of stdout may take nothing once the receiver has stopped.
const PATIENCE: Duration = Duration::from_secs(10);

/// Receive webhooks and write each verified event as one line of JSON
///
/// An event is in the inbox, and synced, before its sender gets a 200. The lines go to a named consumer whose cursor moves
/// only past what was written: after a crash, or a reader that went away, the next start goes on from there.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru listen --requested-expert api --skip-own | jq -r '.chatId + \" \" + .event'")]
pub struct Args {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8787")]
    addr: SocketAddr,

    /// Path that takes the webhooks
    #[arg(long, default_value = "/", value_parser = path)]
    path: String,

    /// Only events of this name; may be repeated
    #[arg(long, value_name = "NAME")]
    event: Vec<String>,

    /// Only chats offered to this expert; may be repeated
    #[arg(long, value_name = "ID")]
    requested_expert: Vec<String>,

    /// Leave out the messages that were sent from here
    #[arg(long)]
    skip_own: bool,

    /// Name of the consumer whose cursor is used
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = value::consumer)]
    consumer: String,

    /// Where to begin: earliest, latest, a seq, a time, or how long ago (30m) [default: where the consumer stood]
    #[arg(long, value_name = "WHERE", value_parser = value::start)]
    from: Option<Start>,

    /// Stop after this many lines
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// With --count: give up after this time, with exit code 8
    #[arg(long, value_name = "TIME", requires = "count", value_parser = value::duration)]
    timeout: Option<Duration>,

    /// Largest body taken, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    max_body: usize,

    /// Take webhooks without checking their signature: for tests alone
    #[arg(long)]
    insecure_no_verify: bool,
}

fn path(text: &str) -> Result<String, String> {
    match text {
        "/healthz" | "/metrics" => Err("that path is the receiver's own".to_owned()),
        _ if text.starts_with('/') && !text.contains(['?', '#', ' ']) => Ok(text.to_owned()),
        _ => Err("want a path such as /webhooks".to_owned()),
    }
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let terminal = context.terminal;
    for name in args.event.iter().filter(|name| name.parse::<EventKind>().is_err()) {
        terminal.warn(&format!("`{name}` is no event that the platform documents"));
    }
    let secrets = secrets(&args, terminal)?;
    let stop = Stop::new();
    let store_path = context.settings.store_path();
    let writer = Writer::start(&store_path, move |trouble| terminal.warn(trouble))?;
    let consumer = Consumer::open(context.store()?, writer.clone(), &args.consumer, args.from.unwrap_or_default())?;
    let options = Options { path: args.path.clone(), secrets, limits: Limits::new(args.max_body) };
    let server = Server::bind(args.addr, options, sink(writer.clone(), terminal))?;
    stop_on_signals(stop.clone(), terminal)?;
    terminal.status(&format!("listening on http://{}{}", server.local_addr()?, args.path));

    let received_all = Arc::new(AtomicBool::new(false));
    let mut delivery = Delivery {
        consumer,
        filter: Filter { events: args.event, requested_experts: args.requested_expert, skip_own: args.skip_own },
        stdout: Stdout::open()?,
        left: args.count,
        deadline: args.timeout.map(|timeout| Instant::now() + timeout),
        received_all: Arc::clone(&received_all),
        terminal,
    };
    let delivering = {
        let stop = stop.clone();
        thread::Builder::new().name("delivery".into()).spawn(move || {
            let result = delivery.run();
            stop.stop();
            result
        })?
    };
    let received = server.run(&stop);
    received_all.store(true, Ordering::Release);
    let delivered = delivering.join().map_err(|_| anyhow::anyhow!("the delivering thread panicked"))?;
    let flushed = writer.flush();
    match delivered {
        Err(error) if error.is::<Gone>() => {
            terminal.status("the reader of stdout has gone: the rest is kept for the next start");
        }
        other => other?,
    }
    received.and(flushed)
}

fn secrets(args: &Args, terminal: Terminal) -> anyhow::Result<Option<Secrets>> {
    if args.insecure_no_verify {
        terminal.warn("signatures are not checked: anybody can send events (--insecure-no-verify)");
        return Ok(None);
    }
    let secrets = Secrets::parse(config::webhook_secret()?.expose_secret());
    if secrets.is_empty() {
        return Err(Error::config("the webhook secret is empty").hint("set GUURU_WEBHOOK_SECRET").into());
    }
    Ok(Some(secrets))
}

fn sink(writer: Writer, terminal: Terminal) -> Sink {
    let health = writer.clone();
    Sink {
        store: Box::new(move |delivery, reply| writer.store(delivery, reply)),
        health: Box::new(move || {
            let healthy = health.is_healthy();
            Health { healthy, report: json!({ "storeWritable": healthy }) }
        }),
        refused: Box::new(move |reason| terminal.detail(&format!("refused: {reason}"))),
    }
}

/// The first signal stops in order; whoever sends a second one does not want to wait.
fn stop_on_signals(stop: Stop, terminal: Terminal) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot catch signals")?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        let mut stopping = false;
        for signal in signals.forever() {
            if stopping {
                // The default action ends the process with the code that a shell expects of the signal.
                drop(signal_hook::low_level::emulate_default_handler(signal));
            }
            stopping = true;
            terminal.detail("stopping");
            stop.stop();
        }
    })?;
    Ok(())
}

/// Writes the inbox to stdout, from the consumer's cursor on.
struct Delivery {
    consumer: Consumer,
    filter: Filter,
    stdout: Stdout,
    /// How many lines are still wanted.
    left: Option<u64>,
    deadline: Option<Instant>,
    /// Nothing new comes in any more.
    received_all: Arc<AtomicBool>,
    terminal: Terminal,
}

impl Delivery {
    /// Runs until enough lines are written, the reader has gone, or all is written and nothing more comes in.
    fn run(&mut self) -> anyhow::Result<()> {
        while self.left != Some(0) {
            let last_round = self.received_all.load(Ordering::Acquire);
            let events = self.consumer.next_batch(BATCH)?;
            if events.is_empty() {
                if last_round {
                    break;
                }
                if self.stdout.is_gone() {
                    return Err(Gone.into());
                }
                if self.is_late() {
                    let left = self.left.unwrap_or_default();
                    return Err(Error::new(Kind::Timeout, format!("{left} more events did not come in time")).into());
                }
                continue;
            }
            let mut lines = Lines::default();
            for event in &events {
                if self.left.is_some_and(|left| left == lines.wanted) {
                    break;
                }
                lines.add(event, &self.filter, self.terminal);
            }
            self.write(&lines)?;
            self.left = self.left.map(|left| left - lines.wanted);
        }
        Ok(())
    }

    /// Writes the lines; the cursor moves past those that were written in full, whatever happens to the others.
    fn write(&mut self, lines: &Lines) -> anyhow::Result<()> {
        let mut written = 0;
        let mut taken = Instant::now();
        let result = loop {
            if written == lines.bytes.len() {
                break Ok(());
            }
            match self.stdout.write_some(&lines.bytes[written..], Duration::from_millis(100)) {
                Ok(0) if self.is_late() => {
                    break Err(Error::new(Kind::Timeout, "the reader of stdout was too slow").into());
                }
                Ok(0) if self.received_all.load(Ordering::Acquire) && taken.elapsed() > PATIENCE => {
                    break Err(Gone.into());
                }
                Ok(0) => {}
                Ok(some) => {
                    written += some;
                    taken = Instant::now();
                }
                Err(error) => break Err(error),
            }
        };
        if let Some(seq) = lines.last_before(written) {
            self.consumer.advance(seq);
        }
        result
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }
}

/// Lines to be written, and where in them each event ends.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    /// The seq of each event and the length of all lines up to and with it; one that is filtered out has no line.
    ends: Vec<(i64, usize)>,
    wanted: u64,
}

impl Lines {
    fn add(&mut self, event: &crate::model::Event, filter: &Filter, terminal: Terminal) {
        if filter.admits(event) {
            match event.write_line(&mut self.bytes) {
                Ok(()) => self.wanted += 1,
                Err(error) => terminal.error(&format!("event {} cannot be written: {error:#}", event.seq)),
            }
        }
        self.ends.push((event.seq, self.bytes.len()));
    }

    fn last_before(&self, written: usize) -> Option<i64> {
        let done = self.ends.partition_point(|&(_, end)| end <= written);
        done.checked_sub(1).map(|last| self.ends[last].0)
    }
}
