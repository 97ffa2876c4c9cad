//! Fetches the further messages of a chat, where an answer holds only a page of them.

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::schema::shape::Shaped;
use super::schema::{Next, Prepared};

/// The most pages of messages that are fetched, and of chats in which one is looked for.
const MOST_PAGES: usize = 200;
/// Why no more messages can be had.
const UNSHOWN: &str = "the endpoint does not show them";

/// The result with the messages of all pages, which `fetch` brings, and why there may be more. The operation is done, so a page
/// that cannot be had is no failure of it. Where the messages are looked for in the result, `whole` tells whether these are all.
pub(super) fn with_all(
    prepared: &Prepared,
    shaped: Shaped,
    fetch: impl Fn(&Prepared) -> anyhow::Result<Shaped>,
) -> (Value, Option<String>) {
    let Shaped { mut value, mut next, mut whole, mut doubt } = shaped;
    let (mut pages, mut page_of_chats) = (0, None);
    while let Some(Next { cursor, backwards }) = next.take() {
        pages += 1;
        match next_page(prepared, &cursor, &mut page_of_chats, &fetch) {
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
    if value.get("whole").is_some() {
        value["whole"] = (whole && doubt.is_none()).into();
    }
    (value, doubt)
}

/// The page of messages after this cursor. Where the chat is looked for in a list, `page_of_chats` is where it was found last.
fn next_page(
    prepared: &Prepared,
    cursor: &str,
    page_of_chats: &mut Option<String>,
    fetch: impl Fn(&Prepared) -> anyhow::Result<Shaped>,
) -> anyhow::Result<Shaped> {
    for _ in 0..MOST_PAGES {
        let mut page = fetch(&prepared.after(cursor, page_of_chats.as_deref()).context(UNSHOWN)?)?;
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
