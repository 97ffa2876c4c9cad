//! `guuru events replay`: events that were delivered before, once more.

use super::select::{self, Frame, SelectArgs};
use super::show::missing;
use crate::context::Context;
use crate::model::LineFormat;
use crate::store::Query;

/// Write events of the inbox again, as `guuru listen` wrote them
///
/// No consumer's cursor moves.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru events replay 17 40..45\n  guuru events replay --chat c-1 --since 1h")]
pub(super) struct Args {
    /// Events by seq, or from the first to the last of several: 17, 40..45, 40..
    #[arg(value_name = "SEQ", value_parser = seqs, required_unless_present = "filters")]
    seqs: Vec<(i64, i64)>,

    #[command(flatten)]
    select: SelectArgs,

    /// Form of the lines
    #[arg(long, value_name = "FORM", default_value = "events")]
    format: LineFormat,
}

/// One seq, or a range with both its ends.
fn seqs(text: &str) -> Result<(i64, i64), String> {
    let number = |text: &str, default: i64| if text.is_empty() { Some(default) } else { text.parse().ok() };
    let range = match text.split_once("..") {
        Some((first, last)) => number(first, 1).zip(number(last, i64::MAX)),
        None => text.parse().ok().map(|seq| (seq, seq)),
    };
    range
        .filter(|(first, last)| *first >= 1 && first <= last)
        .ok_or_else(|| "want a seq such as 17, or a range such as 40..45".to_owned())
}

/// Runs the command.
pub(super) fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let store = context.store()?;
    for &(seq, last) in &args.seqs {
        if seq == last && store.request(seq)?.is_none() {
            return Err(missing(&store, seq)?.into());
        }
    }
    let query = args.select.query(context);
    let ranges = if args.seqs.is_empty() { vec![None] } else { args.seqs.into_iter().map(Some).collect() };
    for seqs in ranges {
        let pages = store.select(Query { seqs, ..query.clone() }, None)?;
        select::write(context.terminal, pages, args.format, &Frame::LINES)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_both_its_ends_or_goes_to_the_end() {
        for (text, expected) in [("17", (17, 17)), ("40..45", (40, 45)), ("40..", (40, i64::MAX)), ("..3", (1, 3))] {
            assert_eq!(seqs(text), Ok(expected), "{text}");
        }
        for text in ["", "0", "-1", "5..4", "a..b", "1...2", "1..2..3"] {
            assert!(seqs(text).is_err(), "{text}");
        }
    }
}
