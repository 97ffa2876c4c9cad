//! `guuru events prune`: forgets what is old.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::command::shared::value;
use crate::config;
use crate::context::Context;
use crate::error::{Error, Kind, nearest};
use crate::output;
use crate::store::{ConsumerStatus, PruneRule, Store};

/// Delete the oldest events, but none that a consumer has not seen or a handler not done
///
/// Without --older-than and --larger-than, what the profile says (`prune-older-than = "30d"`, `prune-larger-than = "1 GiB"`)
/// goes; `guuru listen` does that by itself, at its start and every hour.
///
/// The journal of commands (--journal) has an age of its own: what came of a `ref` is deleted once it is older than that and
/// no event is left that may lead to it, which is one of its chat or one that was there when it was last asked for.
///
/// The Idempotency-Key of a deleted event is kept: the webhook, sent again, is still a duplicate. It is forgotten after
/// `keep-keys` in the profile, or 400d, by the next pruning; and so are the oldest keys where they take more than a quarter of
/// the size that is given.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru events prune --older-than 30d --dry-run")]
pub(super) struct Args {
    /// Delete events older than this, such as 30d
    #[arg(long, value_name = "TIME", value_parser = config::span)]
    older_than: Option<Duration>,

    /// Delete the oldest events while the store is larger than this, such as 1GiB
    #[arg(long, value_name = "SIZE", value_parser = config::size)]
    larger_than: Option<u64>,

    /// Delete outcomes of commands that are older than this [default: the profile's `prune-journal-older-than`, or 90d]
    #[arg(long, value_name = "TIME", value_parser = config::span)]
    journal_older_than: Option<Duration>,

    /// Forget this consumer first, so that it holds nothing back any more; may be repeated
    #[arg(long, value_name = "NAME", value_parser = value::consumer)]
    forget_consumer: Vec<String>,

    /// Delete even events that a consumer has not seen or a handler not done
    #[arg(long)]
    force: bool,

    /// Say what would be deleted, and delete nothing
    #[arg(long, conflicts_with = "forget_consumer")]
    dry_run: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    pruned: u64,
    held_back: u64,
    refs: u64,
    refs_held_back: u64,
    keys: u64,
    dry_run: bool,
    consumers: Vec<ConsumerStatus>,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", if self.dry_run { "would prune" } else { "pruned" }, events(self.pruned))?;
        if self.held_back > 0 {
            let names: Vec<&str> = self.holders().map(|consumer| consumer.name.as_str()).collect();
            writeln!(f, "{} held back for {}", events(self.held_back), names.join(", "))?;
        }
        if self.refs > 0 {
            writeln!(f, "{} {}", if self.dry_run { "would forget" } else { "forgot" }, refs(self.refs))?;
        }
        if self.refs_held_back > 0 {
            writeln!(f, "{} kept for events that may lead to them", refs(self.refs_held_back))?;
        }
        if self.keys > 0 {
            writeln!(f, "{} {}", if self.dry_run { "would forget" } else { "forgot" }, keys(self.keys))?;
        }
        if self.consumers.is_empty() {
            return Ok(());
        }
        let mut table = output::table(&["CONSUMER", "CURSOR", "BEHIND", "UNFINISHED"]);
        for consumer in &self.consumers {
            let numbers = [consumer.cursor, consumer.behind, consumer.unfinished].map(|number| number.to_string());
            table.add_row([vec![consumer.name.clone()], numbers.to_vec()].concat());
        }
        write!(f, "\n{table}")
    }
}

impl View {
    /// The consumers that keep events from being pruned, now or later.
    fn holders(&self) -> impl Iterator<Item = &ConsumerStatus> {
        self.consumers.iter().filter(|consumer| consumer.behind > 0 || consumer.unfinished > 0)
    }
}

fn events(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}

fn refs(count: u64) -> String {
    if count == 1 { "1 ref".to_owned() } else { format!("{count} refs") }
}

fn keys(count: u64) -> String {
    if count == 1 {
        "1 key of an event pruned before".to_owned()
    } else {
        format!("{count} keys of events pruned before")
    }
}

/// What is to be pruned: what is given, else what the profile says.
fn rule(context: &Context, args: &Args) -> PruneRule {
    let configured = context.pruning_rule();
    let says_which_events = args.older_than.is_some() || args.larger_than.is_some();
    let (older_than, larger_than) = if says_which_events {
        (args.older_than, args.larger_than)
    } else {
        (configured.older_than, configured.larger_than)
    };
    let journal_older_than = args.journal_older_than.or(configured.journal_older_than);
    PruneRule { older_than, larger_than, journal_older_than, keep_keys: configured.keep_keys, force: args.force }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let rule = rule(context, args);
    if rule.is_empty() && args.forget_consumer.is_empty() {
        return Err(Error::usage("nothing says what to prune")
            .hint("give --older-than 30d, --larger-than 1GiB or --journal-older-than 90d, or set prune-older-than in config.toml")
            .into());
    }
    let (writer, store) = (context.writer()?, context.store()?);
    let mut forgotten: Vec<&str> = args.forget_consumer.iter().map(String::as_str).collect();
    forgotten.sort_unstable();
    forgotten.dedup();
    check_known(&store, &forgotten)?;
    writer.forget_consumers(&forgotten)?;
    for name in forgotten {
        context.terminal.status(&format!("forgot the consumer `{name}`"));
    }
    let pruned = if args.dry_run { store.prunable(&rule)? } else { writer.prune(&store, &rule)? };
    let view = View {
        pruned: pruned.events,
        held_back: pruned.held_back,
        refs: pruned.refs,
        refs_held_back: pruned.refs_held_back,
        keys: pruned.keys,
        dry_run: args.dry_run,
        consumers: store.consumers()?,
    };
    writer.finish()?;
    if view.held_back > 0 {
        context.terminal.status("a consumer that nobody uses any more is dropped with --forget-consumer");
    }
    context.print(&view)
}

fn check_known(store: &Store, names: &[&str]) -> anyhow::Result<()> {
    let known: Vec<String> = store.consumers()?.into_iter().map(|consumer| consumer.name).collect();
    let Some(name) = names.iter().find(|name| !known.iter().any(|known| known == *name)) else { return Ok(()) };
    let hint = match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there are none".to_owned(),
        None => format!("there are: {}", known.join(", ")),
    };
    Err(Error::new(Kind::Failure, format!("there is no consumer `{name}`")).hint(hint).into())
}
