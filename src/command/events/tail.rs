//! `guuru events tail`: follows the inbox that another process fills.

use crate::command::shared::follow::{FollowArgs, unless_gone};
use crate::command::shared::signals;
use crate::context::Context;
use crate::delivery::Shutdown;
use crate::model::LineFormat;
use crate::store::Writer;
use crate::terminal::Stdout;

/// Follow the inbox that `guuru listen` fills, one line of JSON for each event
///
/// The lines go to a named consumer, as those of `listen` do, and the next start goes on after the last line written. One consumer
/// has one reader: beside a running `listen`, name another one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru events tail --consumer audit --from latest --format cloudevents")]
pub(super) struct Args {
    #[command(flatten)]
    follow: FollowArgs,

    /// Form of the lines
    #[arg(long, value_name = "FORM", default_value = "events")]
    format: LineFormat,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    context.without_filter()?;
    context.settings.check_profile()?;
    let stdout = Stdout::open_for_lines()?;
    let terminal = context.terminal;
    let writer = Writer::start(&context.store_path()?, move |trouble| terminal.warn(trouble))?;
    let mut consumer = args.follow.consumer(context, &writer)?;
    consumer.begin()?;
    let shutdown = Shutdown::default();
    let (stop, end) = (shutdown.clone(), shutdown.clone());
    writer.on_loss(move || end.begin());
    signals::on_stop(move |_| {
        terminal.detail("stopping");
        stop.stop();
    })?;
    let delivered = args.follow.lines(consumer, stdout, args.format, shutdown, terminal).run();
    let finished = writer.finish();
    // If the store was lost, that is the cause of all other failures.
    writer.check()?;
    unless_gone(delivered, terminal)?;
    finished
}
