//! What the client does about a schema that differs: it writes the document anew, and fetches what one answer does not hold.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::introspect::Known;
use super::outcome::Failed;
use super::schema::shape::Shaped;
use super::schema::{Bound, Kept, Next, Prepared, bind};
use super::{Client, Operation, shown};
use crate::error::Report;

/// The most pages of messages that are fetched, and of chats in which one is looked for.
const MOST_PAGES: usize = 200;
/// Why no more messages can be had.
const UNSHOWN: &str = "the endpoint does not show them";

impl Client {
    /// Writes the document of an operation that the platform refused as not fitting its schema. Nothing was executed then, so
    /// the caller may send it again in its new form, a message too: a server validates a document and its variables before
    /// it runs any of it, and the refusal came without any result. The schema that was kept is used for it, unless that shall
    /// be asked for `anew`; tells whether it may have changed since.
    ///
    /// # Errors
    /// The refusal, with what a person can do, where it cannot be written.
    pub(super) fn heal(
        &self,
        operation: &'static Operation,
        refused: &Prepared,
        failed: Failed,
        anew: bool,
    ) -> anyhow::Result<bool> {
        let path = self.documents().path(operation);
        let by_hand = match &path {
            Some(path) => format!("write the document by hand in {}", path.display()),
            None => "see `guuru schema sync`".to_owned(),
        };
        let unfit = |cause: String, hint: String| {
            let error = self.error(Failed { message: format!("{} ({cause})", failed.message), ..failed });
            error.hint(hint)
        };
        if !self.syncs() {
            let cause = "its schema differs, and --no-sync is given".to_owned();
            return Err(unfit(cause, format!("`guuru schema sync` adapts to the schema, or {by_hand}")).into());
        }
        let mut known = self.begin_healing();
        // Another thread may have healed it meanwhile.
        let (in_use, _) = self.documents().in_use(operation)?;
        if !refused.is_of(&in_use) {
            return Ok(true);
        }
        let (bound, is_old) = match self.bound(&mut known, operation, &in_use, anew) {
            Ok((bound, _)) if bound.document == in_use => {
                return Err(unfit("its schema says that it fits".into(), by_hand).into());
            }
            Ok((bound, is_old)) => (bound, is_old),
            Err(error) => {
                let Report { message, .. } = Report::from(&error);
                let hint = format!("{by_hand}, or give the schema with `guuru schema sync --from FILE`");
                return Err(unfit(format!("its schema differs, and {message}"), hint).into());
            }
        };
        if let Err(path) = self.take_up(operation, &bound)? {
            let hint = "see `guuru schema check`; `guuru schema sync --force` writes it anew".to_owned();
            return Err(unfit(format!("{} was written by hand", path.display()), hint).into());
        }
        Ok(is_old)
    }

    /// The document of an operation for the schema, and whether that may have changed since. Where a schema that was kept brings
    /// nothing new it is asked for anew.
    fn bound(
        &self,
        known: &mut Option<Known>,
        operation: &'static Operation,
        in_use: &str,
        anew: bool,
    ) -> anyhow::Result<(Bound, bool)> {
        let answers = self.documents().answers(operation);
        let (live, is_old) = self.schema(known, anew)?;
        let bound = bind(&live.accepting(answers), operation);
        let is_new = matches!(&bound, Ok(bound) if bound.document != in_use);
        if is_old && !is_new { self.bound(known, operation, in_use, true) } else { Ok((bound?, is_old)) }
    }

    /// Uses a document from now on, and keeps it where it can be kept. Where a person wrote another one, that one's file is
    /// returned.
    fn take_up(&self, operation: &'static Operation, bound: &Bound) -> anyhow::Result<Result<(), PathBuf>> {
        let endpoint = shown(self.endpoint());
        let about = format!("the schema of {endpoint} differs from the document of {}", operation.title());
        let path = self.documents().path(operation);
        match path.map(|path| (self.documents().keep(operation, bound, &endpoint, false), path)) {
            Some((Ok(Kept::Edited), path)) => return Ok(Err(path)),
            Some((Ok(_), path)) => self.notice(&format!("{about}: wrote {}, trying again", path.display())),
            None => {
                self.documents().use_bound(operation, bound)?;
                self.notice(&format!("{about}: adapted, trying again"));
            }
            Some((Err(error), _)) => {
                self.documents().use_bound(operation, bound)?;
                self.notice(&format!("{about}: adapted for this time, as {error:#}; trying again"));
            }
        }
        Ok(Ok(()))
    }

    /// The result with the messages of all pages. The operation is done, so a page that cannot be had is no failure of it;
    /// where the messages are looked for in the result, `whole` tells whether these are all.
    pub(super) fn with_all_messages(&self, operation: &Operation, prepared: &Prepared, shaped: Shaped) -> Value {
        let Shaped { mut value, mut next, mut whole, mut doubt } = shaped;
        let (mut pages, mut page_of_chats) = (0, None);
        while let Some(Next { cursor, backwards }) = next.take() {
            pages += 1;
            match self.next_page(operation, prepared, &cursor, &mut page_of_chats) {
                _ if pages > MOST_PAGES => doubt = Some("there are more than are fetched".to_owned()),
                Err(error) => doubt = Some(format!("{error:#}")),
                Ok(page) => {
                    let repeated = page.next.as_ref().is_some_and(|next| next.cursor == cursor);
                    whole &= page.whole;
                    (next, doubt) = (page.next, page.doubt);
                    if add(&mut value, page.value, backwards) == Some(0) || repeated {
                        next = None;
                        doubt = Some("the endpoint shows the same page of them again".to_owned());
                    }
                }
            }
        }
        if let Some(doubt) = &doubt {
            self.notice(&format!("the chat may have more messages: {doubt}"));
        }
        if value.get("whole").is_some() {
            value["whole"] = (whole && doubt.is_none()).into();
        }
        value
    }

    /// The page of messages after this cursor. Where the chat is looked for in a list, `page_of_chats` is where it was found
    /// last.
    fn next_page(
        &self,
        operation: &Operation,
        prepared: &Prepared,
        cursor: &str,
        page_of_chats: &mut Option<String>,
    ) -> anyhow::Result<Shaped> {
        for _ in 0..MOST_PAGES {
            let request = prepared.after(cursor, page_of_chats.as_deref()).context(UNSHOWN)?;
            let mut page = self.post(operation, &request, |_| Ok(()))?.map_err(|failed| self.error(failed))?;
            if messages(&mut page.value).is_some() {
                return Ok(page);
            }
            let info = &page.value["pageInfo"];
            let later = info["endCursor"].as_str().filter(|_| info["hasNextPage"] == true).map(ToOwned::to_owned);
            ensure!(later.is_some() && later != *page_of_chats, UNSHOWN);
            *page_of_chats = later;
        }
        bail!(UNSHOWN)
    }
}

/// Adds the messages of a page that are not there yet, and tells how many these are; `None` where the page is empty. Where pages
/// are counted, one message may stand on two of them.
fn add(value: &mut Value, mut page: Value, backwards: bool) -> Option<usize> {
    let mut more = messages(&mut page).map(std::mem::take).filter(|more| !more.is_empty())?;
    let messages = messages(value)?;
    more.retain(|message| !messages.iter().any(|known| known["id"] == message["id"]));
    let (place, new) = (if backwards { 0 } else { messages.len() }, more.len());
    messages.splice(place..place, more);
    Some(new)
}

/// The messages of a chat, or of the one that was looked for.
fn messages(value: &mut Value) -> Option<&mut Vec<Value>> {
    let chat = if value.get("chat").is_some() { &mut value["chat"] } else { value };
    chat.get_mut("messages")?.as_array_mut()
}
