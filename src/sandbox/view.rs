//! What the platform has, as JSON under names of the sandbox's own, from which the fields of any schema are taken.

use serde_json::{Value, json};

use super::binding::Kind;
use super::life::END_USER;
use super::pages;
use super::refusal::{Outcome, Refusal};
use super::state::{Chat, Message, Named, State};

/// The partner, of which there is one.
pub(super) fn partner() -> Value {
    json!({
        "id": "partner-1",
        "name": "The partner of the sandbox",
        "state": { "chat": { "available": true }, "available": true },
        "available": true,
    })
}

pub(super) fn chat(state: &State, chat: &Chat) -> Value {
    let mut view = json!(chat);
    view["user"]["id"] = json!(END_USER);
    view["persona"] = json!(chat.persona.as_deref().and_then(|id| state.persona(id).ok()));
    view["messages"] = chat.messages.iter().map(|one| message(state, chat, one)).collect();
    view
}

/// A message, with the id of its chat and all that is known of its author.
pub(super) fn message(state: &State, chat: &Chat, message: &Message) -> Value {
    let mut view = json!(message);
    view["chatId"] = json!(chat.id);
    view["cursor"] = json!(pages::encode(Kind::Message.nouns()[0], &message.id));
    view["author"] = author(state, chat, &message.author);
    view
}

fn author(state: &State, chat: &Chat, author: &Named) -> Value {
    if author.id == END_USER {
        return json!({ "id": author.id, "name": author.name, "email": chat.user.email });
    }
    state.persona(&author.id).map_or_else(|_| json!(author), |persona| json!(persona))
}

/// What an author is: only a persona comes from a provider.
pub(super) fn kind_of_author(author: &Value) -> Kind {
    if author["providerId"].is_string() { Kind::Persona } else { Kind::User }
}

/// Everything of a kind that can be listed.
pub(super) fn all(state: &State, kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Chat => state.chats.iter().map(|one| chat(state, one)).collect(),
        Kind::Expert => state.experts.iter().map(|expert| json!(expert)).collect(),
        Kind::Submission => state.submissions.iter().map(|submission| json!(submission)).collect(),
        Kind::Persona => state.personas.iter().map(|persona| json!(persona)).collect(),
        _ => Vec::new(),
    }
}

/// The one with this id, and what it is; without a kind, of whatever kind it is.
pub(super) fn by_id(state: &State, kind: Option<Kind>, id: &str) -> Outcome<(Kind, Value)> {
    let of_kind = |kind: Kind| match kind {
        Kind::Chat => state.chat(id).map(|one| chat(state, one)),
        Kind::Persona => state.persona(id).map(|persona| json!(persona)),
        _ => {
            let missing = || Refusal::input(format!("there is no {} `{id}`", kind.nouns()[0]));
            all(state, kind).into_iter().find(|value| value["id"] == id).ok_or_else(missing)
        }
    };
    if let Some(kind) = kind {
        return of_kind(kind).map(|value| (kind, value));
    }
    let kinds = [Kind::Chat, Kind::Persona, Kind::Submission, Kind::Expert];
    let found = kinds.into_iter().find_map(|kind| Some((kind, of_kind(kind).ok()?)));
    found.ok_or_else(|| Refusal::input(format!("there is nothing with the id `{id}`")))
}
