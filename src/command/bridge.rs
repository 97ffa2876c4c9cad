//! `guuru bridge`: receiver, inbox, commands and the user's own program in one process.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::action::WorkerPool;
use crate::bridge::{Child, CurrentChild, Session, SessionNotice, Setup};
use crate::command::shared::act::{self, JournalArgs, RequestArgs};
use crate::command::shared::follow;
use crate::command::shared::receiver::ReceiverArgs;
use crate::command::shared::{signals, value};
use crate::context::Context;
use crate::delivery::{Acknowledgements, ChildStdin, Feeder, Shutdown};
use crate::process::Children;
use crate::store::{Filter, Start, Writer};
use crate::terminal::Terminal;

/// The longest grace: more than anybody waits, and small enough to be added to any time.
const LONGEST_GRACE: Duration = Duration::from_secs(24 * 60 * 60);

/// When an event counts as consumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Ack {
    /// Once its line is written to the program
    Auto,
    /// Once the program writes {"op":"ack","seq":N}, for every event up to N
    Manual,
}

/// Run a program that answers chats: events and results on its stdin, commands from its stdout
///
/// The program gets `{"type":"event",…}` and `{"type":"result",…}`, one JSON object a line, and writes commands as `guuru
/// batch` reads them. When it exits it is started again, and gets what was not consumed. Lines on its stderr are passed on.
///
/// At the end its stdin is closed; if it does not exit then it gets SIGTERM, and at last SIGKILL.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
#[command(after_help = "Example:\n  guuru bridge --ack manual --journal -- ./agent.py --queue support")]
pub struct Args {
    /// Only events of this name; may be repeated
    #[arg(long, value_name = "NAME")]
    event: Vec<String>,

    /// Only chats offered to this expert; may be repeated
    #[arg(long, value_name = "ID", default_value = "api")]
    requested_expert: Vec<String>,

    /// Take chats offered to anybody
    #[arg(long, conflicts_with = "requested_expert")]
    any_expert: bool,

    /// Pass on the messages that were sent from here, too
    #[arg(long)]
    include_own: bool,

    /// Name of the consumer whose cursor is used
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = value::consumer)]
    consumer: String,

    /// Where to begin: earliest, latest, a seq, a time, or how long ago (30m) [default: where the consumer stood]
    #[arg(long, value_name = "WHERE", value_parser = value::start)]
    from: Option<Start>,

    /// When an event counts as consumed
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    ack: Ack,

    /// End with the program instead of starting it again
    #[arg(long)]
    exit_with_child: bool,

    /// How long the program may read nothing before there is a warning, and each step of the end may take
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = value::duration)]
    grace: Duration,

    /// Commands in flight at once
    #[arg(long, value_name = "N", default_value = "8")]
    jobs: NonZeroUsize,

    #[command(flatten)]
    journal: JournalArgs,

    /// The program and its arguments, behind --
    #[arg(value_name = "CMD", last = true, required = true)]
    program: Vec<OsString>,

    #[command(flatten)]
    request: RequestArgs,

    #[command(flatten)]
    receiver: ReceiverArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let terminal = context.terminal;
    follow::warn_of_unknown(&args.event, terminal);
    let (notify, notices) = channel();
    let client = args.request.client(context)?;
    Child::check(&args.program)?;
    let bound = args.receiver.bind(context)?;
    let writer = Writer::start(&context.store_path()?, move |trouble| terminal.warn(trouble))?;
    let consumer = follow::take(context, &writer, &args.consumer, args.from)?;
    let worker = act::worker(context, &client, &writer, &args.journal)?;
    let finished = notify.clone();
    let pool = WorkerPool::start(&worker, args.jobs, move |done| {
        drop(finished.send(SessionNotice::Finished(Box::new(done))));
    })?;
    let server = bound.server(context, &writer)?;

    let children = Children::of(&context.settings.store_path(), consumer.name());
    let grace = args.grace.min(LONGEST_GRACE);
    let setup = Setup {
        program: args.program,
        orphans: children.orphans(grace, grace),
        children,
        exit_with_child: args.exit_with_child,
        grace,
        child: CurrentChild::default(),
        pool,
        stdin: stdin(args.grace, terminal),
        acknowledgements: (args.ack == Ack::Manual).then(|| Arc::new(Acknowledgements::new(&consumer, writer.clone()))),
        terminal,
    };
    let shutdown = Shutdown::default();
    let mut feeder = Feeder {
        consumer,
        filter: Filter {
            events: args.event,
            requested_experts: if args.any_expert { Vec::new() } else { args.requested_expert },
            skip_own: !args.include_own,
        },
        stdin: Arc::clone(&setup.stdin),
        acknowledgements: setup.acknowledgements.clone(),
        shutdown: shutdown.clone(),
        terminal,
    };
    stop_on_signals(&notify, &setup.child)?;
    let stop = CancellationToken::new();
    let lost = notify.clone();
    writer.on_loss(move || drop(lost.send(SessionNotice::Stopped)));
    let stop_receiving = stop.clone();
    let session = Session::new(setup, notify.clone(), move || {
        shutdown.begin();
        stop.cancel();
    })?;
    feeder.consumer.begin()?;
    let feeding = thread::Builder::new().name("events".into()).spawn(move || feeder.run())?;
    args.receiver.announce(&server, context, writer.clone())?;
    let receiving = thread::Builder::new().name("receiver".into()).spawn(move || {
        let result = server.run(&stop_receiving);
        // The session may have ended before.
        drop(notify.send(SessionNotice::Stopped));
        result
    })?;
    let ended = session.run(&notices);
    let outcome = join(receiving, "receiving")?.and(join(feeding, "feeding"));
    let finished = writer.finish();
    // If the store was lost, that is the cause of all other failures.
    writer.check()?;
    outcome.and(finished).and(ended)
}

fn stdin(patience: Duration, terminal: Terminal) -> Arc<ChildStdin> {
    let seconds = patience.as_secs_f64();
    Arc::new(ChildStdin::new(patience, move || {
        terminal.warn(&format!("the program has read nothing for {seconds:.1} s: events and results wait for it"));
    }))
}

/// The first signal begins the shutdown. The second one ends guuru at once, and the program must not outlive it.
fn stop_on_signals(notify: &Sender<SessionNotice>, child: &CurrentChild) -> anyhow::Result<()> {
    let (notify, child) = (notify.clone(), child.clone());
    signals::on_stop_or_death(move |_| drop(notify.send(SessionNotice::Stopped)), move || child.kill())
}

fn join<T>(handle: thread::JoinHandle<T>, what: &str) -> anyhow::Result<T> {
    handle.join().map_err(|_| anyhow::anyhow!("the {what} thread panicked"))
}
