//! After a lost answer: has the message arrived? Only its presence proves anything; where it is not seen, or the platform
//! does not show messages, the outcome stays unknown.

use std::thread;
use std::time::Duration;

use crate::api::Client;
use crate::api::operations::{self, PartnerChats};
use crate::model::{ChatMessageInput, Message};

/// When to look, counted from one look to the next: what is on its way arrives soon or not at all.
const LOOKS: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

/// How many chats are looked through, newest first, before one is given up as not to be found.
const PAGE: u32 = 50;
const PAGES: usize = 20;

/// How far the platform's clock may be behind this machine's, in milliseconds.
const SKEW: i64 = 60_000;

/// A send whose answer was lost.
pub(super) struct Lost<'a> {
    pub(super) chat_id: &'a str,
    pub(super) message: &'a ChatMessageInput,
    pub(super) persona_id: &'a str,
    /// When it was begun, in milliseconds since the Unix epoch.
    pub(super) since: i64,
}

impl Lost<'_> {
    /// Looks for the message; `is_ours` tells whether a message can have come from this send.
    pub(super) fn find(&self, client: &Client, is_ours: impl Fn(&str) -> bool) -> Option<Message> {
        LOOKS.iter().find_map(|pause| {
            thread::sleep(*pause);
            let messages = self.messages(client)?;
            messages.into_iter().find(|message| self.fits(message) && is_ours(&message.id))
        })
    }

    fn messages(&self, client: &Client) -> Option<Vec<Message>> {
        let mut after = None;
        for _ in 0..PAGES {
            // A platform that cannot be asked, or does not show messages, settles nothing.
            let page: PartnerChats = client.call(&operations::chat_messages(PAGE, after.as_deref())).ok()?;
            let mut chats = page.chats.edges.into_iter().map(|edge| edge.node);
            if let Some(chat) = chats.find(|chat| chat.id == self.chat_id) {
                return chat.messages;
            }
            after = page.chats.page_info.end_cursor.filter(|_| page.chats.page_info.has_next_page);
            after.as_ref()?;
        }
        None
    }

    fn fits(&self, message: &Message) -> bool {
        let author = message.author.as_ref().and_then(|author| author.id.as_deref());
        message.text == self.message.text
            && message.attachment == self.message.attachment
            && author == Some(self.persona_id)
            && message.created_at.is_some_and(|created| created >= self.since - SKEW)
    }
}
