//! `guuru listen`: webhooks in, lines of JSON out, with the inbox between them.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use ipnet::IpNet;
use secrecy::ExposeSecret;
use serde_json::json;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::value;
use crate::config;
use crate::context::Context;
use crate::delivery::{Ending, Lines, Quota};
use crate::error::Error;
use crate::model::EventKind;
use crate::output::visible;
use crate::store::{Consumer, Filter, Start, Writer};
use crate::terminal::{Gone, Stdout, Terminal};
use crate::webhook::{Health, Limits, Options, Proxies, Secrets, Server, Sink, Stop};

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

    /// Most connections at once from one address (of IPv6, from one /64), loopback excepted, and most requests at once that
    /// trusted proxies pass on for it [default: 256, or fewer where few files may be open]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_connections_per_address: Option<u32>,

    /// Proxy whose X-Forwarded-For is believed, as an address or a network (10.0.0.0/8); may be repeated
    ///
    /// Its own connections are not counted. The last address in the header that is no trusted proxy is taken for the client's.
    #[arg(long, value_name = "ADDR", value_parser = value::network)]
    trusted_proxy: Vec<IpNet>,

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
    let options = options(&args, secrets, terminal);
    let server = Server::bind(args.addr, options, sink(writer.clone(), terminal))?;
    stop_on_signals(stop.clone(), terminal)?;
    terminal.status(&format!("listening on http://{}{}", server.local_addr()?, args.path));

    let ending = Ending::default();
    let mut lines = Lines {
        consumer,
        filter: Filter { events: args.event, requested_experts: args.requested_expert, skip_own: args.skip_own },
        quota: Quota::new(args.count, args.timeout),
        stdout: Stdout::open()?,
        ending: ending.clone(),
        terminal,
    };
    let delivering = {
        let stop = stop.clone();
        thread::Builder::new().name("delivery".into()).spawn(move || {
            let result = lines.run();
            stop.stop();
            result
        })?
    };
    let received = server.run(&stop);
    ending.announce();
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

fn options(args: &Args, secrets: Option<Secrets>, terminal: Terminal) -> Options {
    let mut limits = Limits::new(args.max_body);
    if let Some(most) = args.max_connections_per_address {
        limits.connections_per_address = most as usize;
    }
    Options {
        path: args.path.clone(),
        secrets,
        limits,
        proxies: Proxies::new(args.trusted_proxy.clone()),
        explain: terminal.shows_details(),
    }
}

fn sink(writer: Writer, terminal: Terminal) -> Sink {
    let health = writer.clone();
    Sink {
        store: Box::new(move |delivery, reply| writer.store(delivery, reply)),
        health: Box::new(move || {
            let healthy = health.is_healthy();
            Health { healthy, report: json!({ "storeWritable": healthy }) }
        }),
        refused: Box::new(move |reason| terminal.detail(&format!("refused: {}", visible(reason)))),
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
