//! `guuru batch`: commands on stdin, one result for each on stdout.

use std::fmt;
use std::num::NonZeroUsize;

use serde::Serialize;

use crate::action::Batch;
use crate::command::shared::act::{JournalArgs, RequestArgs, worker};
use crate::command::shared::signals;
use crate::context::Context;
use crate::output;
use crate::store::OpenCommand;
use crate::terminal::Stdout;

/// Carry out commands from stdin, one JSON object a line, and write one result a line
///
/// Commands on one chat run in the order given, those on different chats side by side; results are written as they finish.
/// The exit code is 7 when a command failed. With --journal the same input can be given again after any crash: a command
/// whose `ref` is done is answered from the journal and not sent again. The lines are described by `guuru schema lines`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  echo '{\"ref\":\"1\",\"op\":\"closeChat\",\"chatId\":\"c-1\"}' | guuru batch --journal"
)]
pub struct Args {
    /// Commands in flight at once
    #[arg(long, value_name = "N", default_value = "8")]
    jobs: NonZeroUsize,

    /// Begin nothing more once a command has failed
    #[arg(long)]
    fail_fast: bool,

    #[command(flatten)]
    journal: JournalArgs,

    /// With --journal: list the commands whose outcome nobody knows, and carry out nothing
    #[arg(long, requires = "journal")]
    status: bool,

    #[command(flatten)]
    request: RequestArgs,
}

impl Args {
    /// Whether it is a list that is wanted, and nothing is carried out.
    pub(super) fn shows_status(&self) -> bool {
        self.status
    }
}

/// The commands whose outcome nobody knows.
#[derive(Serialize)]
#[serde(transparent)]
struct Status(Vec<OpenCommand>);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = output::table(&["REF", "OPERATION", "CHAT", "BEGUN"]);
        for open in &self.0 {
            let chat = open.chat_id.as_deref().unwrap_or_default();
            table.add_row([&open.reference, &open.op, chat, &open.started_at].map(output::visible));
        }
        write!(f, "{table}")
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    if args.status {
        return context.print(&Status(context.store()?.open_commands()?));
    }
    context.without_filter()?;
    let stdout = Stdout::open_for_lines()?;
    let client = args.request.client(context)?;
    let writer = context.writer()?;
    let worker = worker(context, &client, &writer, &args.journal)?;
    let lost = client.clone();
    writer.on_loss(move || lost.hurry());
    let progress = context.terminal.progress_of_stdin();
    let batch = Batch::new(&worker, writer, args.jobs, stdout, progress, args.fail_fast)?;
    let (interrupt, terminal) = (batch.interrupt(), context.terminal);
    signals::on_stop(move |signal| {
        terminal.status("stopping: only what is in flight is waited for; a second signal ends it at once");
        client.hurry();
        interrupt(signal);
    })?;
    match batch.run()? {
        // All that was begun has been answered: now die of the signal, as a shell expects.
        Some(signal) => signals::die_of(signal),
        None => Ok(()),
    }
}
