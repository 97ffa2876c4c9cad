//! `guuru listen`: webhooks in, lines of JSON out, with the inbox between them.

use std::thread;
use std::time::Duration;

use super::receiver::{ReceiverArgs, mind_event_names};
use super::target::Target;
use super::{signals, value};
use crate::context::Context;
use crate::delivery::{Backoff, Dispatcher, Ending, Lines, Quota, Runner};
use crate::store::{Consumer, Filter, Start, Writer};
use crate::terminal::{Gone, Stdout};
use crate::webhook::Stop;

/// Receive webhooks and write each verified event as one line of JSON
///
/// An event is in the inbox, and synced, before its sender gets a 200. The lines go to a named consumer whose cursor moves
/// only past what was written: after a crash, or a reader that went away, the next start goes on from there.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru listen --requested-expert api --skip-own | jq -r '.chatId + \" \" + .event'")]
pub struct Args {
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

    /// Stop after this many lines, or events that are done or set aside
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// With --count: give up after this time, with exit code 8
    #[arg(long, value_name = "TIME", requires = "count", value_parser = value::duration)]
    timeout: Option<Duration>,

    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    receiver: ReceiverArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let terminal = context.terminal;
    mind_event_names(&args.event, terminal);
    let runner = args.target.runner()?;
    let stop = Stop::new();
    let store_path = context.settings.store_path();
    let writer = Writer::start(&store_path, move |trouble| terminal.warn(trouble))?;
    let consumer = Consumer::open(context.store()?, writer.clone(), &args.consumer, args.from.unwrap_or_default())?;
    let server = args.receiver.bind(context, &writer)?;
    let ending = Ending::default();
    // Lines end once all is written, handlers as soon as the program is told to stop.
    let (stop_by_signal, end_by_signal) = (stop.clone(), runner.is_some().then(|| ending.clone()));
    signals::on_stop(move |_| {
        terminal.detail("stopping");
        end_by_signal.iter().for_each(Ending::announce);
        stop_by_signal.stop();
    })?;
    args.receiver.announce(&server, terminal)?;

    let deliver = delivery(context, args, runner, consumer, ending.clone())?;
    let delivering = {
        let stop = stop.clone();
        thread::Builder::new().name("delivery".into()).spawn(move || {
            let result = deliver();
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

type Deliver = Box<dyn FnOnce() -> anyhow::Result<()> + Send>;

/// What becomes of the events: lines, or a handler's work.
fn delivery(
    context: &Context,
    args: Args,
    runner: Option<(Runner, usize)>,
    consumer: Consumer,
    ending: Ending,
) -> anyhow::Result<Deliver> {
    let terminal = context.terminal;
    let filter = Filter { events: args.event, requested_experts: args.requested_expert, skip_own: args.skip_own };
    let quota = Quota::new(args.count, args.timeout);
    let store = context.store()?;
    let Some((runner, jobs)) = runner else {
        let waiting = store.waiting(consumer.name())?.len();
        if waiting > 0 {
            terminal.warn(&format!("events that wait for --exec or --forward-to, and get no line: {waiting}"));
        }
        let mut lines = Lines { consumer, filter, quota, stdout: Stdout::open()?, ending, terminal };
        return Ok(Box::new(move || lines.run()));
    };
    let dispatcher =
        Dispatcher { consumer, store, filter, quota, runner, jobs, backoff: Backoff::default(), ending, terminal };
    Ok(Box::new(move || dispatcher.run()))
}
