//! `guuru listen`: receives webhooks, stores them in the inbox, and writes lines of JSON.

use std::thread;

use tokio_util::sync::CancellationToken;

use crate::command::shared::follow::{FollowArgs, unless_gone};
use crate::command::shared::receiver::ReceiverArgs;
use crate::command::shared::signals;
use crate::command::shared::target::Target;
use crate::context::Context;
use crate::delivery::{Backoff, Dispatcher, Handler, Shutdown};
use crate::model::LineFormat;
use crate::store::{Consumer, Writer};
use crate::terminal::Stdout;

const USAGE: &str = "\
Examples:
  guuru listen --requested-expert api --skip-own | jq -r '.chatId + \" \" + .event'
  guuru listen --exec './answer.sh --lang en'";

/// Receive webhooks and write each verified event as one line of JSON
///
/// An event is in the inbox, and synced, before its sender gets a 200. The lines go to a named consumer whose cursor moves
/// only past what was written: after a crash, or a reader that went away, the next start goes on from there.
#[derive(Debug, clap::Args)]
#[command(after_help = USAGE)]
pub struct Args {
    #[command(flatten)]
    follow: FollowArgs,

    /// Form of the lines
    #[arg(long, value_name = "FORM", default_value = "events", conflicts_with = "handler")]
    format: LineFormat,

    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    receiver: ReceiverArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let terminal = context.terminal;
    let reader = Reader::of(&args.target)?;
    let bound = args.receiver.bind(context)?;
    let stop = CancellationToken::new();
    let writer = Writer::start(&context.store_path()?, move |trouble| terminal.warn(trouble))?;
    let mut consumer = args.follow.consumer(context, &writer)?;
    let server = bound.server(context, &writer)?;
    consumer.begin()?;
    let shutdown = Shutdown::default();
    // Lines end once all is written, handlers as soon as the program is told to stop.
    let (stop_early, end_early) = (stop.clone(), matches!(reader, Reader::Handler(..)).then(|| shutdown.clone()));
    let end = move || {
        end_early.iter().for_each(Shutdown::begin);
        stop_early.cancel();
    };
    writer.on_loss(end.clone());
    signals::on_stop(move |_| {
        terminal.detail("stopping");
        end();
    })?;
    args.receiver.announce(&server, context, writer.clone())?;

    let deliver = event_sink(context, args, reader, consumer, shutdown.clone())?;
    let delivering = {
        let stop = stop.clone();
        thread::Builder::new().name("delivery".into()).spawn(move || {
            let result = deliver();
            stop.cancel();
            result
        })?
    };
    let received = server.run(&stop);
    shutdown.begin();
    let delivered = delivering.join().map_err(|_| anyhow::anyhow!("the delivering thread panicked"))?;
    let finished = writer.finish();
    // If the store was lost, that is the cause of all other failures.
    writer.check()?;
    unless_gone(delivered, terminal)?;
    received.and(finished)
}

type Deliver = Box<dyn FnOnce() -> anyhow::Result<()> + Send>;

/// Who gets the events.
enum Reader {
    /// A handler, for so many chats at once.
    Handler(Handler, usize),
    /// Whoever reads stdout.
    Lines(Stdout),
}

impl Reader {
    fn of(target: &Target) -> anyhow::Result<Self> {
        Ok(match target.handler()? {
            Some((handler, jobs)) => Self::Handler(handler, jobs),
            None => Self::Lines(Stdout::open_for_lines()?),
        })
    }
}

/// What becomes of the events: lines, or a handler's work.
fn event_sink(
    context: &Context,
    args: &Args,
    reader: Reader,
    consumer: Consumer,
    shutdown: Shutdown,
) -> anyhow::Result<Deliver> {
    let terminal = context.terminal;
    let (handler, jobs) = match reader {
        Reader::Handler(handler, jobs) => (handler, jobs),
        Reader::Lines(stdout) => {
            let waiting = consumer.store().waiting(consumer.name())?.len();
            if waiting > 0 {
                terminal.warn(&format!("events that wait for --exec or --forward-to, and get no line: {waiting}"));
            }
            let mut lines = args.follow.lines(consumer, stdout, args.format, shutdown, terminal);
            return Ok(Box::new(move || lines.run()));
        }
    };
    let (quota, filter) = (args.follow.quota(), args.follow.filter());
    let dispatcher =
        Dispatcher { consumer, filter, quota, handler, jobs, backoff: Backoff::default(), shutdown, terminal };
    Ok(Box::new(move || dispatcher.run()))
}
