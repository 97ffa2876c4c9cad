//! What the commands share that list things of the platform: how much to read, from where, and how it is written. JSON is written
//! page by page, so a list of any length needs the memory of one page. Only a table, or a filter over the whole list, needs all of
//! it first.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::act::RequestArgs;
use crate::api::Walk;
use crate::api::operation::list::{Edge, List};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{self, Format, Output, Stream};
use crate::terminal::Progress;

/// How many elements are asked for at once.
const PAGE: u32 = 50;

/// The flags of every command that lists what the platform has.
#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// How many to list at most
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,

    /// List all of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,

    /// Go on from where an earlier run ended, which said so on stderr
    #[arg(long, value_name = "CURSOR", allow_hyphen_values = true)]
    cursor: Option<String>,

    #[command(flatten)]
    request: RequestArgs,
}

/// What can stand in a list.
pub(crate) trait Row: Serialize + DeserializeOwned {
    /// What stands above the columns; the first is the id.
    const HEADINGS: &'static [&'static str];

    /// What tells it from all others.
    fn id(&self) -> &str;

    /// One cell for each heading.
    fn cells(&self) -> Vec<String>;
}

/// Reads a list, shows those elements that `keep` wants, or all, and says where to go on.
pub(crate) fn show<T: Row>(
    context: &Context,
    args: &ListArgs,
    list: &List<T>,
    keep: Option<&dyn Fn(&T) -> bool>,
) -> anyhow::Result<()> {
    let client = args.request.client(context)?;
    let mut left = if args.all { usize::MAX } else { args.limit as usize };
    let progress = context.terminal.progress_of_list((!args.all).then_some(u64::from(args.limit)));
    let mut sink = Sink::new(context.output());
    let mut next = args.cursor.clone();
    let mut walk = Walk::new(args.cursor.clone(), |first, after| client.page(list, first, after));
    // With `keep`, nobody knows how many elements of a page will be kept.
    let size = |left: usize| u32::try_from(left).ok().filter(|_| keep.is_none()).map_or(PAGE, |left| left.min(PAGE));
    while let Some(edges) = walk.page(size(left))? {
        let mut new = walk.note(edges.iter().map(|edge| edge.node.id()))?.into_iter();
        let edges = edges.into_iter().filter(|_| new.next() == Some(true)).collect();
        let taken = take(edges, |element| keep.is_none_or(|keep| keep(element)), &mut left);
        next = if taken.cut { taken.cursor } else { walk.next().map(ToOwned::to_owned) };
        progress.advance(taken.elements.len());
        let text = sink.take(taken.elements)?;
        write(context, &progress, &text)?;
        if left == 0 || next.is_none() {
            break;
        }
        if !text.is_empty() {
            context.terminal.wait_until_read()?;
        }
    }
    progress.finish();
    context.terminal.print(&sink.end()?)?;
    if let Some(cursor) = next.filter(|_| left == 0) {
        context.terminal.status(&format!("more: --cursor {}", output::visible(&cursor)));
    }
    match walk.doubt().filter(|_| left > 0) {
        Some(doubt) if args.all => {
            let hint =
                "`guuru schema sync --explain` says how the list is asked for; docs/platform.md says what can be done";
            Err(Error::new(Kind::Unavailable, format!("the list may go on: {doubt}")).hint(hint).into())
        }
        Some(doubt) => {
            context.terminal.warn(&format!("the list may go on: {doubt}"));
            Ok(())
        }
        None => Ok(()),
    }
}

/// What was taken of a page.
struct Taken<T> {
    elements: Vec<T>,
    /// Whether something remains of the page, as nothing more is wanted.
    cut: bool,
    /// The cursor of the last element that was looked at, where the platform told it.
    cursor: Option<String>,
}

/// Takes what is to be kept of a page until nothing is left to be wanted.
fn take<T>(edges: Vec<Edge<T>>, keep: impl Fn(&T) -> bool, left: &mut usize) -> Taken<T> {
    let mut taken = Taken { elements: Vec::new(), cut: false, cursor: None };
    for edge in edges {
        if *left == 0 {
            taken.cut = true;
            break;
        }
        taken.cursor = edge.cursor;
        if keep(&edge.node) {
            taken.elements.push(edge.node);
            *left -= 1;
        }
    }
    taken
}

fn write(context: &Context, progress: &Progress, text: &[u8]) -> anyhow::Result<()> {
    if text.is_empty() { Ok(()) } else { progress.suspend(|| context.terminal.print(text)) }
}

/// What becomes of the elements.
enum Sink<'a, T> {
    /// They are written as they come.
    Json(Stream<'a>),
    /// They are shown at the end.
    Table(Vec<T>),
}

impl<'a, T: Row> Sink<'a, T> {
    fn new(output: Output<'a>) -> Self {
        if output.format == Format::Table && output.filter.is_none() {
            Self::Table(Vec::new())
        } else {
            Self::Json(Stream::new(output))
        }
    }

    /// Takes the elements of a page and gives what is to be written of them now.
    fn take(&mut self, elements: Vec<T>) -> anyhow::Result<Vec<u8>> {
        let mut text = Vec::new();
        match self {
            Self::Table(all) => all.extend(elements),
            Self::Json(stream) => {
                for element in &elements {
                    text.extend(stream.take(serde_json::to_vec(element)?)?);
                }
            }
        }
        Ok(text)
    }

    /// What is to be written at the end.
    fn end(self) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Json(stream) => stream.end(),
            Self::Table(all) => {
                let table = output::list(T::HEADINGS, all.iter().map(Row::cells));
                Ok(format!("{table}\n").into_bytes())
            }
        }
    }
}

/// A cell, empty where there is no value.
pub(crate) fn cell<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
