//! Chats: taken by a persona, answered, closed and opened again, and looked at.

use serde::Deserialize;
use serde_json::json;

use super::list::{List, PageInfo};
use super::role::{
    ACCEPTING, AFTER, ATTACHMENT, CHAT, DIRECTION, FIRST, OFFSET, ORDERED_BY, PAGE_NUMBER, PERSONA, SENT_TO, SINCE,
    TEXT, UNTIL,
};
use super::thing::{CHAT as THING, CHAT_WITH_MESSAGES, MESSAGE, SHOWN_CHAT};
use super::{Call, Operation, Root, mutation, query};
use crate::model::{Chat, ChatMessageInput};

/// The names that the list may have, the program's own first.
pub(in crate::api) const LISTS: &[&str] = &["chats", "conversations", "chatconnection", "allchats"];

pub(in crate::api) static ACCEPT: Operation = Operation {
    name: "ChatAccept",
    field: "acceptChat",
    document: include_str!("chat_accept.graphql"),
    repeatable: false,
    subject: "chat",
    root: mutation(THING.names, &["accept"]),
    roles: &[CHAT, ACCEPTING],
    thing: &CHAT_WITH_MESSAGES,
    done: &["accepted", "opened", "open"],
};

pub(super) static SEND: Operation = Operation {
    name: "ChatSend",
    field: "sendChatMessage",
    document: include_str!("chat_send.graphql"),
    // There is no idempotency key on it: the end user would read the same message twice.
    repeatable: false,
    subject: "chat",
    root: mutation(&["message", "chatmessage", "chat", "conversation"], &["send", "sendmessage"]),
    roles: &[SENT_TO, PERSONA, TEXT, ATTACHMENT],
    thing: &MESSAGE,
    done: &["sent", "delivered"],
};

pub(in crate::api) static CLOSE: Operation = Operation {
    name: "ChatClose",
    field: "closeChat",
    document: include_str!("chat_close.graphql"),
    repeatable: false,
    subject: "chat",
    root: mutation(THING.names, &["close"]),
    roles: &[CHAT, PERSONA],
    thing: &THING,
    done: &["closed"],
};

pub(in crate::api) static OPEN: Operation = Operation {
    name: "ChatOpen",
    field: "openChat",
    document: include_str!("chat_open.graphql"),
    repeatable: false,
    subject: "chat",
    root: mutation(THING.names, &["open", "reopen"]),
    roles: &[CHAT, PERSONA],
    thing: &THING,
    done: &["opened", "open", "reopened"],
};

pub(super) static LIST: Operation = Operation {
    roles: &[FIRST, AFTER, OFFSET, PAGE_NUMBER, DIRECTION, ORDERED_BY, SINCE, UNTIL],
    ..query("ChatList", include_str!("chat_list.graphql"), Root::List(LISTS), &THING)
};

/// The documented query cannot be told the chat, which is looked for among the newest ones.
pub(super) static MESSAGES: Operation = Operation {
    subject: "chat",
    roles: &[CHAT, FIRST, AFTER, OFFSET, PAGE_NUMBER, DIRECTION, ORDERED_BY],
    ..query("ChatMessages", include_str!("chat_messages.graphql"), Root::Messages, &SHOWN_CHAT)
};

/// Accepts a chat as this persona. Answers a [`Chat`] with all its messages so far.
pub fn accept(chat_id: &str, persona_id: &str) -> Call {
    Call::new(&ACCEPT, [(&CHAT, json!(chat_id)), (&ACCEPTING, json!(persona_id))])
}

/// Sends a text, a link to an attachment, or both to a chat. Answers a [`Message`](crate::model::Message).
pub fn send(chat_id: &str, message: &ChatMessageInput, persona_id: Option<&str>) -> Call {
    let (text, attachment) = ((&TEXT, json!(message.text)), (&ATTACHMENT, json!(message.attachment)));
    Call::new(&SEND, [(&CHAT, json!(chat_id)), (&PERSONA, json!(persona_id)), text, attachment])
}

/// Closes a chat. Answers a [`Chat`] without messages.
pub fn close(chat_id: &str, persona_id: Option<&str>) -> Call {
    Call::new(&CLOSE, [(&CHAT, json!(chat_id)), (&PERSONA, json!(persona_id))])
}

/// Opens a closed chat again. Answers a [`Chat`] without messages.
pub fn open(chat_id: &str, persona_id: Option<&str>) -> Call {
    Call::new(&OPEN, [(&CHAT, json!(chat_id)), (&PERSONA, json!(persona_id))])
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

/// The chats, without their messages.
pub fn list(filter: ChatFilter) -> List<Chat> {
    let direction = if filter.ascending { "asc" } else { "desc" };
    let (since, until) = ((&SINCE, json!(filter.since)), (&UNTIL, json!(filter.until)));
    List::of(&LIST, [(&DIRECTION, json!(direction)), since, until])
}

/// A chat with its messages, looked for among `first` of the partner's chats, the newest first, after the cursor `after`.
/// Answers a [`Sight`].
pub fn messages(chat_id: &str, first: u32, after: Option<&str>) -> Call {
    Call::new(&MESSAGES, [(&CHAT, json!(chat_id)), (&FIRST, json!(first)), (&AFTER, json!(after))])
}

/// What was seen of a chat.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sight {
    /// The chat, where it was among those that were looked at.
    pub chat: Option<Chat>,
    /// Whether these are all its messages.
    pub whole: bool,
    /// Whether there are further chats to look at.
    pub page_info: PageInfo,
}
