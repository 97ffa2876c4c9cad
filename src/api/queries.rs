//! What the platform lets a partner look at: itself, and three lists that are read page by page. The documents stand in
//! `operations/` beside those of the mutations.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::operations::{Connection, Sight, chat_messages};
use super::{Call, Client, Operation, Walk};
use crate::model::{Chat, Expert, Submission};

pub(super) const PARTNER: Operation = query("Partner", include_str!("operations/partner.graphql"));
pub(super) const CHAT_LIST: Operation = query("ChatList", include_str!("operations/chat_list.graphql"));
pub(super) const EXPERT_LIST: Operation = query("ExpertList", include_str!("operations/expert_list.graphql"));
pub(super) const SUBMISSION_LIST: Operation =
    query("SubmissionList", include_str!("operations/submission_list.graphql"));

/// The longest that a chat is looked for before no further page is asked for.
const LONGEST_LOOK: Duration = Duration::from_secs(60);

/// Every documented query hangs on the partner, and changes nothing.
const fn query(name: &'static str, document: &'static str) -> Operation {
    Operation { name, field: "partner", document, repeatable: true, subject: "partner" }
}

/// The partner that the token belongs to. Answers a [`Partner`](crate::model::Partner).
pub fn partner() -> Call {
    Call::new(&PARTNER, [])
}

/// Which chats, and in which order.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChatFilter {
    /// The oldest first, instead of the newest.
    pub ascending: bool,
    /// Begun at this time or later, in milliseconds since the Unix epoch.
    pub since: Option<i64>,
    /// Begun at this time or earlier, in milliseconds since the Unix epoch.
    pub until: Option<i64>,
}

/// A list of the partner's, of which pages can be read.
#[derive(Clone, Debug)]
pub struct List<T> {
    operation: &'static Operation,
    variables: [(&'static str, Value); 3],
    nodes: PhantomData<T>,
}

/// The chats, without their messages.
pub fn chats(filter: ChatFilter) -> List<Chat> {
    let direction = if filter.ascending { "asc" } else { "desc" };
    let order = json!({ "direction": direction, "field": "id" });
    let variables = [("orderBy", order), ("startDate", json!(filter.since)), ("endDate", json!(filter.until))];
    List { operation: &CHAT_LIST, variables, nodes: PhantomData }
}

/// The experts of the community.
pub fn experts() -> List<Expert> {
    List::plain(&EXPERT_LIST)
}

/// What end users submitted.
pub fn submissions() -> List<Submission> {
    List::plain(&SUBMISSION_LIST)
}

impl<T> List<T> {
    fn plain(operation: &'static Operation) -> Self {
        Self { operation, variables: [""; 3].map(|name| (name, Value::Null)), nodes: PhantomData }
    }

    /// The call that reads `first` elements after the cursor `after`.
    pub fn page(&self, first: u32, after: Option<&str>) -> Call {
        let [a, b, c] = self.variables.clone();
        Call::new(self.operation, [("first", json!(first)), ("after", json!(after)), a, b, c])
    }
}

/// A chat with its messages, as far as the platform shows them.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The chat; at least its id.
    pub chat: Chat,
    /// Whether these are all its messages.
    pub whole: bool,
}

impl Client {
    /// Reads a chat without its messages. It is looked for on so many pages of `first` chats each, the newest first. `None`
    /// where it is not there.
    pub fn chat(&self, chat_id: &str, first: u32, pages: usize) -> anyhow::Result<Option<Chat>> {
        let list = chats(ChatFilter::default());
        let mut walk = Walk::new(None, |first, after| self.page(&list, first, after));
        for _ in 0..pages {
            let Some(edges) = walk.page(first)? else { break };
            if let Some(edge) = edges.into_iter().find(|edge| edge.node.id == chat_id) {
                return Ok(Some(edge.node));
            }
        }
        Ok(None)
    }

    /// Reads a page of a list: `first` elements, or fewer, after the cursor `after`.
    pub fn page<T: DeserializeOwned>(
        &self,
        list: &List<T>,
        first: u32,
        after: Option<&str>,
    ) -> anyhow::Result<Connection<T>> {
        self.call(&list.page(first, after))
    }

    /// Reads a chat with its messages. It is looked for on so many pages of `first` chats each, the newest first, after the
    /// cursor `after`. `None` where it is not there.
    pub fn look_for(
        &self,
        chat_id: &str,
        first: u32,
        mut after: Option<String>,
        pages: usize,
    ) -> anyhow::Result<Option<Seen>> {
        let begin = Instant::now();
        for _ in 0..pages {
            let Sight { chat, whole, page_info } = self.call(&chat_messages(chat_id, first, after.as_deref()))?;
            if let Some(chat) = chat {
                return Ok(Some(Seen { chat, whole }));
            }
            // A list may go on for ever, each page as slow as it may be.
            if begin.elapsed() > LONGEST_LOOK {
                break;
            }
            after = page_info.end_cursor.filter(|_| page_info.has_next_page);
            if after.is_none() {
                break;
            }
        }
        Ok(None)
    }
}
