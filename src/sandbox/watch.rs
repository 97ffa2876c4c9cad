//! Tells the thread that plays end users what has happened, so that it need not ask all the time. Changes of chats and deliveries
//! of webhooks are reported here.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Something that a chat's end user may want to react to.
#[derive(Debug)]
pub(super) struct News {
    pub(super) chat_id: String,
    /// The `id` in the body of an event that the receiver has taken; `None` where the chat has changed.
    pub(super) delivered: Option<String>,
}

/// Passes news on to the one who watches, if anybody does.
#[derive(Debug, Default)]
pub(super) struct Watch(Mutex<Option<Sender<News>>>);

impl Watch {
    /// Takes all news from now on, in the place of whoever did so before; dropping the receiver ends it.
    pub(super) fn begin(&self) -> Receiver<News> {
        let (sender, receiver) = channel();
        *self.lock() = Some(sender);
        receiver
    }

    /// A chat has changed.
    pub(super) fn changed(&self, chat_id: &str) {
        self.tell(chat_id, None);
    }

    /// The receiver has answered an event of this chat with a 2xx. `id` is that of the event's body.
    pub(super) fn delivered(&self, chat_id: &str, id: &str) {
        self.tell(chat_id, Some(id));
    }

    fn tell(&self, chat_id: &str, delivered: Option<&str>) {
        let mut watcher = self.lock();
        let news = || News { chat_id: chat_id.to_owned(), delivered: delivered.map(str::to_owned) };
        if watcher.as_ref().is_some_and(|watcher| watcher.send(news()).is_err()) {
            *watcher = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Sender<News>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
