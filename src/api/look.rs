//! Looks for a chat in the lists that the platform shows, as it cannot be asked for by its id everywhere.

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::operation::chat::{self, ChatFilter, Sight};
use super::operation::list::{Connection, List};
use super::{Client, Walk};
use crate::model::Chat;

/// The longest that a chat is looked for before no further page is asked for.
const LONGEST_LOOK: Duration = Duration::from_secs(60);

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
        let list = chat::list(ChatFilter::default());
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
            let Sight { chat, whole, page_info } = self.call(&chat::messages(chat_id, first, after.as_deref()))?;
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
