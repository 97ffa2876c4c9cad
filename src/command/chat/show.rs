//! `guuru chat show`.

use std::fmt;

use anyhow::Context as _;
use serde::Serialize;

use crate::api::operation::chat::{self, ChatFilter};
use crate::api::{Client, Walk};
use crate::command::shared::act::RequestArgs;
use crate::context::Context;
use crate::error::{Error, Kind, kind};
use crate::model::Chat;
use crate::output::{self, visible};

/// How many chats are asked for at once, and how many pages of them are looked through.
const PAGE: u32 = 50;
const PAGES: u32 = 200;
/// How many chats are asked for with their messages: the one that is wanted, and those that may have begun meanwhile.
const NEIGHBOURS: u32 = 5;
/// How many pages of them: where the platform told no cursor of the one before, the newest come first again.
const NEIGHBOUR_PAGES: usize = 20;

/// Show a chat with its messages
///
/// The platform as it is documented cannot be asked for one chat, so that the list of chats is read, the newest first, until
/// it comes: a page of 50 for each request, and 10,000 chats at most. Where the platform does not show messages, the rest is
/// shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru chat show c-1 --jq '.messages[].text'")]
pub(super) struct Args {
    /// The chat's id
    #[arg(value_name = "CHAT")]
    chat_id: String,

    #[command(flatten)]
    request: RequestArgs,
}

#[derive(Serialize)]
#[serde(transparent)]
struct View(Chat);

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chat = &self.0;
        let (user, expert) = (chat.user.as_ref(), chat.expert.as_ref());
        let facts = [
            ("id", Some(chat.id.clone())),
            ("status", chat.status.clone()),
            ("rating", chat.rating.as_ref().map(ToString::to_string)),
            ("user", user.and_then(|user| user.name.clone())),
            ("e-mail", user.and_then(|user| user.email.clone())),
            ("expert", expert.map(|expert| expert.name.clone().unwrap_or_else(|| expert.id.clone()))),
            ("category", chat.category.as_ref().and_then(|category| category.name.clone())),
            ("began", chat.created_at.map(output::time)),
            ("closed", chat.closed_at.map(output::time)),
            ("question", chat.question.clone()),
        ];
        for (name, value) in facts {
            if let Some(value) = value {
                writeln!(f, "{name:<9} {}", visible(&value))?;
            }
        }
        let messages = chat.messages.as_deref().unwrap_or_default();
        if !messages.is_empty() {
            writeln!(f)?;
        }
        messages.iter().try_for_each(|message| writeln!(f, "{message}"))
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let failed = || format!("cannot show chat `{}`", args.chat_id);
    let client = args.request.client(context)?;
    let (mut chat, before) = match find(context, &client, &args.chat_id) {
        Ok(found) => found,
        // An endpoint that lists no chats may show one by its id.
        Err(error) if kind(&error) == Kind::Refused => match client.look_for(&args.chat_id, PAGE, None, 1) {
            Ok(Some(seen)) => return context.print(&View(seen.chat)),
            _ => return Err(error).with_context(failed),
        },
        Err(error) => return Err(error).with_context(failed),
    };
    match client.look_for(&args.chat_id, NEIGHBOURS, before, NEIGHBOUR_PAGES) {
        Ok(seen) => chat.messages = seen.and_then(|seen| seen.chat.messages),
        Err(error) if kind(&error) == Kind::Refused => {
            context.terminal.warn(&format!("the messages are not shown: {error:#}"));
        }
        Err(error) => return Err(error).with_context(failed),
    }
    context.print(&View(chat))
}

/// Finds a chat, and the cursor of the one before it in the list.
fn find(context: &Context, client: &Client, id: &str) -> anyhow::Result<(Chat, Option<String>)> {
    let list = chat::list(ChatFilter::default());
    let mut walk = Walk::new(None, |first, after| client.page(&list, first, after));
    let progress = context.terminal.progress_of_list(None);
    let mut before = None;
    for _ in 0..PAGES {
        let Some(edges) = walk.page(PAGE)? else { break };
        progress.advance(edges.len());
        walk.note(edges.iter().map(|edge| edge.node.id.as_str()))?;
        for edge in edges {
            if edge.node.id == id {
                progress.finish();
                return Ok((edge.node, before));
            }
            before = edge.cursor;
        }
    }
    progress.finish();
    let looked = match walk.doubt() {
        Some(doubt) => format!("it is not among the chats that are listed, and there may be more: {doubt}"),
        None => format!("it is not among the newest {} chats", PAGE * PAGES),
    };
    Err(Error::new(Kind::Failure, looked).hint("`guuru chat list` lists the ids of chats").into())
}
