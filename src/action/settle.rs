//! After a lost answer: did the command take effect? If its message, or its status, is seen in the chat, it did. If it is not seen,
//! it did not, but only if the whole chat was read and leaves no doubt.

use std::cell::Cell;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::api::{Before, Call, Client};
use crate::error::{Kind, during_execution, kind, retry_after};
use crate::model::{Chat, ChatMessageInput, EventKind, Message, SERVICE_ACCOUNT, Stage};

/// The waits before each look. What is on its way arrives soon or not at all.
const LOOK_DELAYS: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

/// How many chats are looked through, newest first, before one is given up as not to be found.
const PAGE: u32 = 50;
const PAGES: usize = 20;

/// How far the platform's clock may be behind this machine's, in milliseconds: a message from before that is not ours.
const SKEW: i64 = 60_000;
/// How far it is behind where both are kept right: a message from before that may be ours, or an equal one of before.
const USUAL_SKEW: i64 = 5_000;

/// What HTML escapes characters of a text to, beside their numbers.
const ESCAPES: [&str; 6] = ["amp", "lt", "gt", "quot", "apos", "nbsp"];

/// The result of a look at the chat.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LookResult<T> {
    /// It took effect, and this is what it did.
    Found(T),
    /// The chat was read, and it has certainly not taken effect so far.
    Absent,
    /// The chat was read, and leaves a doubt.
    Unclear,
    /// The chat cannot be read.
    Unreadable,
}

impl<T> LookResult<T> {
    /// Turns what was found into something else.
    pub(super) fn map<U>(self, into: impl FnOnce(T) -> U) -> LookResult<U> {
        match self {
            Self::Found(value) => LookResult::Found(into(value)),
            Self::Absent => LookResult::Absent,
            Self::Unclear => LookResult::Unclear,
            Self::Unreadable => LookResult::Unreadable,
        }
    }
}

/// Sends a call whose effect must not happen twice. After an unknown outcome it calls `look`: what is found is the answer, and the
/// second value is true. What is certainly not there is sent again, if the platform asked to try again later.
///
/// After some refusals it looks, too: after one that was raised while the message was being sent, and one that follows a
/// repetition.
///
/// `again` is called before each request but the first. `doubt` is set if an earlier request may have taken effect. Then it looks
/// after each refusal: the platform may have refused only the repetition.
pub(super) fn call<T: DeserializeOwned>(
    client: &Client,
    call: &Call,
    judges_refusals: bool,
    mut doubt: Option<anyhow::Error>,
    again: impl Fn() -> anyhow::Result<()>,
    look: impl Fn() -> LookResult<T>,
) -> anyhow::Result<(T, bool)> {
    let mut repetitions = client.retries();
    let repeated = Cell::new(false);
    let again_after = |before| {
        // If there was an answer, it may have been carried out.
        repeated.set(repeated.get() || before == Before::Answered);
        again()
    };
    loop {
        let error = match client.call_again(call, again_after) {
            Ok(value) => return Ok((value, false)),
            Err(error) => error,
        };
        let (unknown, refused) = (kind(&error) == Kind::Unknown, kind(&error) == Kind::Refused);
        if !unknown && doubt.is_none() {
            let may_have_acted = refused && (repeated.get() || (judges_refusals && during_execution(&error)));
            return match if may_have_acted { look() } else { LookResult::Unreadable } {
                LookResult::Found(value) => Ok((value, true)),
                _ => Err(error),
            };
        }
        match look_repeatedly(client, &look) {
            LookResult::Found(value) => return Ok((value, true)),
            LookResult::Absent if refused => return Err(error),
            LookResult::Absent if unknown && repetitions > 0 && !client.is_hurried() => {}
            _ => return Err(if unknown { error } else { doubt.unwrap_or(error) }),
        }
        let Some(wait) = retry_after(&error) else { return Err(error) };
        client.notice(&format!(
            "{error:#}; nothing of it is seen, looking once more and trying again in {} s",
            wait.as_secs()
        ));
        if !client.sleep(wait) {
            return Err(error);
        }
        match look() {
            LookResult::Found(value) => return Ok((value, true)),
            LookResult::Absent => {}
            LookResult::Unclear | LookResult::Unreadable => return Err(error),
        }
        if again().is_err() {
            return Err(error);
        }
        repetitions -= 1;
        doubt = Some(error);
    }
}

/// Looks more than once, as what was sent may still be on its way.
fn look_repeatedly<T>(client: &Client, look: impl Fn() -> LookResult<T>) -> LookResult<T> {
    let mut look_result = LookResult::Unreadable;
    for pause in LOOK_DELAYS {
        if !client.sleep(pause) {
            return LookResult::Unreadable;
        }
        look_result = look();
        if matches!(look_result, LookResult::Found(_) | LookResult::Unreadable) {
            break;
        }
    }
    look_result
}

/// A send whose answer was lost.
pub(super) struct LostSend<'a> {
    pub(super) chat_id: &'a str,
    pub(super) message: &'a ChatMessageInput,
    pub(super) persona_id: &'a str,
    /// When its first attempt began, in milliseconds since the Unix epoch.
    pub(super) since: i64,
}

impl LostSend<'_> {
    /// Looks for the message. `is_unclaimed` tells whether a message is known to come from no other send.
    pub(super) fn find(
        &self,
        client: &Client,
        is_unclaimed: impl Fn(&str) -> anyhow::Result<bool>,
    ) -> LookResult<Message> {
        // A platform that cannot be asked, or does not show messages, leaves it unknown.
        let Ok(Some(seen)) = client.look_for(self.chat_id, PAGE, None, PAGES) else { return LookResult::Unreadable };
        let Some(messages) = seen.chat.messages else { return LookResult::Unreadable };
        match self.judge(messages, &is_unclaimed) {
            LookResult::Absent if !seen.whole => LookResult::Unclear,
            look_result => look_result,
        }
    }

    /// A message is found if both its content and its author fit, and it is not older than the attempt. If only one fits, a doubt
    /// is left: the platform may change a text, name an author in another way, or have a wrong clock.
    fn judge(
        &self,
        messages: Vec<Message>,
        is_unclaimed: impl Fn(&str) -> anyhow::Result<bool>,
    ) -> LookResult<Message> {
        let mut look_result = LookResult::Absent;
        for message in messages {
            match is_unclaimed(&message.id) {
                Ok(false) => {}
                Ok(true) if self.is(&message) => return LookResult::Found(message),
                Ok(true) if !self.may_be(&message) => {}
                Ok(true) | Err(_) => look_result = LookResult::Unclear,
            }
        }
        look_result
    }

    fn is(&self, message: &Message) -> bool {
        // Some platforms have an empty text where there is none.
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        given(&message.text) == given(&self.message.text)
            && given(&message.attachment) == given(&self.message.attachment)
            && author(message) == Some(self.persona_id)
            && message.created_at.is_some_and(|created| created >= self.since - USUAL_SKEW)
    }

    fn may_be(&self, message: &Message) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| plain(one.as_deref()) == plain(other.as_deref());
        let same_content =
            same(&message.text, &self.message.text) && same(&message.attachment, &self.message.attachment);
        // The platform may tell the service account as the author of what it sent for a persona.
        let same_author = author(message).is_none_or(|author| [self.persona_id, SERVICE_ACCOUNT].contains(&author));
        same_content || (same_author && message.created_at.is_none_or(|created| self.is_since(created)))
    }

    fn is_since(&self, created: i64) -> bool {
        created >= self.since - SKEW
    }
}

fn author(message: &Message) -> Option<&str> {
    message.author.as_ref()?.id.as_deref()
}

/// A text without what a platform may change when it stores it: blanks, and the characters that HTML escapes, with what they are
/// escaped to.
fn plain(text: Option<&str>) -> String {
    let (mut plain, mut rest) = (String::new(), text.unwrap_or_default());
    while let Some(character) = rest.chars().next() {
        let escaped = rest.strip_prefix('&').and_then(|rest| rest.split_once(';'));
        rest = match escaped {
            Some((name, after)) if name.starts_with('#') || ESCAPES.contains(&name) => after,
            _ => &rest[character.len_utf8()..],
        };
        if !character.is_whitespace() && !r#"&<>"'"#.contains(character) {
            plain.push(character);
        }
    }
    plain
}

/// What a command changes about a chat as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Accept,
    Close,
    Open,
}

impl Change {
    /// The event that such a change brings.
    pub(super) fn event(self) -> &'static str {
        match self {
            Self::Accept => EventKind::ChatOpened,
            Self::Close => EventKind::ChatClosed,
            Self::Open => EventKind::ChatReopened,
        }
        .name()
    }

    /// Looks at the status of the chat. `persona_id` is the persona that acts, if it is known. `since` is when the first attempt
    /// began, in milliseconds since the Unix epoch.
    pub(super) fn find(self, client: &Client, chat_id: &str, persona_id: Option<&str>, since: i64) -> LookResult<Chat> {
        let chat = match client.chat(chat_id, PAGE, PAGES) {
            // An endpoint that lists no chats may show one by its id.
            Err(error) if kind(&error) == Kind::Refused => {
                client.look_for(chat_id, PAGE, None, PAGES).map(|seen| seen.map(|seen| seen.chat))
            }
            found => found,
        };
        let Ok(Some(chat)) = chat else { return LookResult::Unreadable };
        match self.judge(chat, persona_id, since) {
            // Whoever accepts a chat is told what was said in it so far.
            LookResult::Found(chat) if self == Self::Accept && chat.messages.is_none() => {
                let seen = client.look_for(chat_id, PAGE, None, PAGES).ok().flatten();
                LookResult::Found(Chat { messages: seen.and_then(|seen| seen.chat.messages), ..chat })
            }
            look_result => look_result,
        }
    }

    /// | change | found | certainly not there, unless it was closed since |
    /// |---|---|---|
    /// | accept | it is open, and nobody else is known to have accepted it | it is assigned |
    /// | close | it is closed, or was: only a closed chat can be rated | it is open |
    /// | open | it is open | it is closed |
    fn judge(self, chat: Chat, persona_id: Option<&str>, since: i64) -> LookResult<Chat> {
        // A chat that is to be opened was closed not long before.
        let skew = if self == Self::Open { USUAL_SKEW } else { SKEW };
        let was_closed_since = chat.closed_at.is_some_and(|closed| closed >= since - skew);
        let expert = chat.expert.as_ref().map(|expert| expert.id.as_str());
        let by_another = expert.is_some_and(|id| id != SERVICE_ACCOUNT && Some(id) != persona_id);
        match (self, chat.stage()) {
            (Self::Accept, Some(Stage::Open)) if by_another => LookResult::Unclear,
            (Self::Accept | Self::Open, Some(Stage::Open)) | (Self::Close, Some(Stage::Closed | Stage::Rated)) => {
                LookResult::Found(chat)
            }
            (Self::Accept, Some(Stage::Assigned))
            | (Self::Close, Some(Stage::Open))
            | (Self::Open, Some(Stage::Closed))
                if !was_closed_since =>
            {
                LookResult::Absent
            }
            _ => LookResult::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SINCE: i64 = 1_700_000_000_000;

    fn judge(messages: &serde_json::Value, taken: &str) -> LookResult<Message> {
        let message = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
        let lost = LostSend { chat_id: "c-1", message: &message, persona_id: "p-1", since: SINCE };
        lost.judge(serde_json::from_value(messages.clone()).unwrap(), |id| Ok(id != taken))
    }

    fn message(text: &str, author: &str, at: i64) -> serde_json::Value {
        json!({"id": "m-1", "text": text, "createdAt": at, "author": {"id": author}})
    }

    #[test]
    fn the_same_text_of_the_same_persona_after_the_attempt_is_the_message() {
        assert!(matches!(judge(&json!([message("Hello!", "p-1", SINCE)]), ""), LookResult::Found(_)));
        assert!(matches!(judge(&json!([message("Hello!", "p-1", SINCE - USUAL_SKEW)]), ""), LookResult::Found(_)));
        let mut with_nothing = message("Hello!", "p-1", SINCE);
        with_nothing["attachment"] = json!("");
        assert!(matches!(judge(&json!([with_nothing]), ""), LookResult::Found(_)));
    }

    #[test]
    fn what_others_wrote_and_what_other_sends_became_is_not_the_message() {
        let others = json!([message("Hi?", "user", SINCE), message("Hi!", "p-1", SINCE - SKEW - 1)]);
        assert_eq!(judge(&others, ""), LookResult::Absent);
        assert_eq!(judge(&json!([message("Hello!", "p-1", SINCE)]), "m-1"), LookResult::Absent);
        assert_eq!(judge(&json!([]), ""), LookResult::Absent);
    }

    #[test]
    fn a_message_that_may_be_ours_after_all_leaves_a_doubt() {
        for doubtful in [
            message(" Hello!\n", "p-1", SINCE),
            message("Hello!", "expert-api", SINCE),
            message("Hello!", "p-1", SINCE / 1000),
            message("Hello!", "p-1", SINCE - USUAL_SKEW - 1),
            message("Hello…", "p-1", SINCE),
            message("Hello…", "api", SINCE),
            json!({"id": "m-1", "text": "Hello!"}),
            json!({"id": "m-1"}),
        ] {
            assert_eq!(judge(&json!([doubtful]), ""), LookResult::Unclear, "{doubtful}");
        }
    }

    #[test]
    fn a_text_that_was_stored_with_its_characters_escaped_leaves_a_doubt_whoever_wrote_it() {
        let judge = |given: &str, stored: &str| {
            let given = ChatMessageInput { text: Some(given.into()), attachment: None };
            let lost = LostSend { chat_id: "c-1", message: &given, persona_id: "p-1", since: SINCE };
            lost.judge(serde_json::from_value(json!([message(stored, "e-9", SINCE)])).unwrap(), |_| Ok(true))
        };
        for (given, stored) in [
            ("a & b", "a &amp; b"),
            ("R&D; yes", "R&amp;D; yes"),
            ("<it's> \"x\"", "&lt;it&#39;s&gt; &quot;x&quot;"),
            ("a\r\nb", "a b"),
        ] {
            assert_eq!(judge(given, stored), LookResult::Unclear, "{given} {stored}");
        }
        assert_eq!(judge("a & b", "a & c"), LookResult::Absent);
    }

    #[test]
    fn the_status_of_a_chat_tells_what_a_change_came_to() {
        let judge = |change: Change, chat: &serde_json::Value| match change.judge(
            serde_json::from_value(chat.clone()).unwrap(),
            Some("p-1"),
            SINCE,
        ) {
            LookResult::Found(_) => "found",
            LookResult::Absent => "absent",
            LookResult::Unclear | LookResult::Unreadable => "unclear",
        };
        for (chat, accept, close, open) in [
            (json!({"id": "c", "status": "assigned"}), "absent", "unclear", "unclear"),
            (json!({"id": "c", "status": "OPENED"}), "found", "absent", "found"),
            (json!({"id": "c", "status": "opened", "expert": {"id": "api"}}), "found", "absent", "found"),
            (json!({"id": "c", "status": "opened", "expert": {"id": "p-1"}}), "found", "absent", "found"),
            (json!({"id": "c", "status": "opened", "expert": {"id": "e-2"}}), "unclear", "absent", "found"),
            (json!({"id": "c", "status": "closed"}), "unclear", "found", "absent"),
            (json!({"id": "c", "status": "rated"}), "unclear", "found", "unclear"),
            // It was carried out, and undone.
            (json!({"id": "c", "status": "assigned", "closedAt": SINCE}), "unclear", "unclear", "unclear"),
            (json!({"id": "c", "status": "opened", "closedAt": SINCE - SKEW}), "found", "unclear", "found"),
            (json!({"id": "c", "status": "closed", "closedAt": SINCE}), "unclear", "found", "unclear"),
            (json!({"id": "c", "status": "closed", "closedAt": SINCE - SKEW}), "unclear", "found", "absent"),
            (json!({"id": "c", "status": "opened", "closedAt": SINCE - SKEW - 1}), "found", "absent", "found"),
            (json!({"id": "c", "status": "snoozed"}), "unclear", "unclear", "unclear"),
            (json!({"id": "c"}), "unclear", "unclear", "unclear"),
        ] {
            assert_eq!(
                (judge(Change::Accept, &chat), judge(Change::Close, &chat), judge(Change::Open, &chat)),
                (accept, close, open),
                "{chat}"
            );
        }
    }
}
