//! What the platform has, as JSON under names of the sandbox's own, from which the fields of any schema are taken.

use serde_json::{Value, json};

use super::binding::Kind;
use super::life::END_USER;
use super::pages;
use super::refusal::{Code, Outcome, Refusal};
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
    view["messages"] = chat.messages.iter().map(|one| message(state, &chat.id, one)).collect();
    view
}

/// A message, with the id of its chat and all that is known of its author.
pub(super) fn message(state: &State, chat: &str, message: &Message) -> Value {
    let mut view = json!(message);
    view["chatId"] = json!(chat);
    view["cursor"] = json!(pages::encode(Kind::Message.nouns()[0], &message.id));
    view["author"] = author(state, chat, &message.author);
    view
}

fn author(state: &State, chat: &str, author: &Named) -> Value {
    if author.id != END_USER {
        return state.persona(&author.id).map_or_else(|_| json!(author), |persona| json!(persona));
    }
    let email = state.chat(chat).ok().and_then(|chat| chat.user.email.as_deref());
    json!({ "id": author.id, "name": author.name, "email": email })
}

/// What an author is: only a persona comes from a provider.
pub(super) fn kind_of_author(author: &Value) -> Kind {
    if author["providerId"].is_string() { Kind::Persona } else { Kind::User }
}

/// Everything of a kind that can be listed.
pub(super) fn all(state: &State, kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Chat => state.chats.iter().map(|it| chat(state, it)).collect(),
        Kind::Message => {
            state.chats.iter().flat_map(|it| it.messages.iter().map(|one| message(state, &it.id, one))).collect()
        }
        Kind::Expert => state.experts.iter().map(|expert| json!(expert)).collect(),
        Kind::Submission => state.submissions.iter().map(|submission| json!(submission)).collect(),
        Kind::Persona => state.personas.iter().map(|persona| json!(persona)).collect(),
        _ => Vec::new(),
    }
}

/// The one with this id, and what it is; without a kind, of whatever kind it is.
pub(super) fn by_id(state: &State, kind: Option<Kind>, id: &str) -> Outcome<(Kind, Value)> {
    let kinds = [Kind::Chat, Kind::Persona, Kind::Message, Kind::Submission, Kind::Expert];
    let of_kind = |one: Kind| Some((one, all(state, one).into_iter().find(|value| value["id"] == id)?));
    let found = kinds.into_iter().filter(|one| kind.is_none_or(|kind| kind == *one)).find_map(of_kind);
    found.ok_or_else(|| match kind {
        None => Refusal::input(format!("there is nothing with the id `{id}`")),
        Some(Kind::Persona) => Refusal::new(Code::PersonaNotFound, format!("there is no persona `{id}`")),
        Some(Kind::Submission) => Refusal::new(Code::SubmissionNotFound, format!("there is no submission `{id}`")),
        Some(Kind::Chat) => Refusal::new(Code::ChatNotFound, format!("there is no chat `{id}`")),
        Some(kind) => Refusal::input(format!("there is no {} `{id}`", kind.nouns()[0])),
    })
}
