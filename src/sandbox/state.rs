//! What the platform knows and the rules by which a chat lives. Everything is in memory and in one value, so that a
//! change and the events that it causes are one step under one lock.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::{Value, json};

use super::refusal::{Code, Refusal};

/// The id of the service account: what is offered to it is for the API to answer.
pub(super) const SERVICE_ACCOUNT: &str = "api";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Assigned,
    Opened,
    Closed,
    Rated,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Named {
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Expert {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct User {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Persona {
    pub(super) id: String,
    pub(super) provider_id: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) photo: Option<String>,
}

/// What a message carries: plain text, a link to an attachment, or both.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Content {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attachment: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) content: Content,
    pub(super) created_at: i64,
    pub(super) author: Named,
}

/// A chat. Its question is also its first message, so that who accepts it has everything that was said.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Chat {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) question: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rating: Option<u8>,
    pub(super) created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) closed_at: Option<i64>,
    pub(super) user: User,
    pub(super) requested_experts: Vec<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expert: Option<Expert>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<Named>,
    pub(super) messages: Vec<Message>,
    /// The id of the persona that accepted the chat.
    #[serde(skip)]
    pub(super) persona: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Submission {
    pub(super) id: String,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reviewed_at: Option<i64>,
}

/// Something that happened, on its way to the webhook.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) name: &'static str,
    pub(super) chat_id: String,
    pub(super) body: Value,
}

/// The details of a persona as `createPersona` takes them; what is `None` stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct PersonaInput {
    pub(super) provider_id: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) photo: Option<String>,
}

/// Everything that the platform knows.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) experts: Vec<Expert>,
    pub(super) personas: Vec<Persona>,
    pub(super) chats: Vec<Chat>,
    pub(super) submissions: Vec<Submission>,
    /// Events that nobody has taken yet.
    pub(super) outbox: Vec<Event>,
    /// Whether a message of a persona is a text or a link, never both.
    pub(super) one_at_a_time: bool,
    pub(super) message_count: usize,
}

impl Chat {
    /// Refuses with the code, or with [`Code::ChatRated`], unless the chat is in this state.
    pub(super) fn require(&self, status: Status, code: Code, verb: &str) -> Result<(), Refusal> {
        if self.status == status {
            return Ok(());
        }
        let code = if self.status == Status::Rated { Code::ChatRated } else { code };
        let status = match self.status {
            Status::Assigned => "not accepted yet",
            Status::Opened => "open",
            Status::Closed => "closed",
            Status::Rated => "rated",
        };
        Err(Refusal::new(code, format!("cannot {verb} chat `{}`: it is {status}", self.id)))
    }

    /// The chat as the webhooks carry it: what the contract shows, and not one field more to lean on.
    fn event(&self, name: &'static str) -> Event {
        let mut body = json!(self);
        if let Some(body) = body.as_object_mut() {
            body.retain(|key, _| !["expert", "category", "messages"].contains(&key.as_str()));
        }
        Event { name, chat_id: self.id.clone(), body }
    }
}

impl Content {
    /// At least one of the two.
    pub(super) fn new(text: Option<String>, attachment: Option<String>) -> Result<Self, Refusal> {
        if text.is_none() && attachment.is_none() {
            return Err(Refusal::input("a message is a `text`, an `attachment`, or both"));
        }
        text.as_deref().map_or(Ok(()), |text| required("text", text))?;
        attachment.as_deref().map_or(Ok(()), |link| web_link("attachment", link))?;
        Ok(Self { text, attachment })
    }

    /// A text alone, of whatever was said before it came here.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), attachment: None }
    }
}

impl State {
    pub(super) fn next_chat_id(&self) -> String {
        format!("c-{}", self.chats.len() + 1)
    }

    pub(super) fn chat(&self, id: &str) -> Result<&Chat, Refusal> {
        self.chats.iter().find(|chat| chat.id == id).ok_or_else(|| no_chat(id))
    }

    pub(super) fn persona(&self, id: &str) -> Result<&Persona, Refusal> {
        let missing = || Refusal::new(Code::PersonaNotFound, format!("there is no persona `{id}`"));
        self.personas.iter().find(|persona| persona.id == id).ok_or_else(missing)
    }

    /// Changes a chat and announces what it has become; a change that is refused must leave the chat alone.
    pub(super) fn change(
        &mut self,
        id: &str,
        event: &'static str,
        change: impl FnOnce(&mut Chat) -> Result<(), Refusal>,
    ) -> Result<Chat, Refusal> {
        let chat = self.chats.iter_mut().find(|chat| chat.id == id).ok_or_else(|| no_chat(id))?;
        change(chat)?;
        self.outbox.push(chat.event(event));
        Ok(chat.clone())
    }

    /// Adds a message to a chat without announcing it.
    pub(super) fn add_message(
        &mut self,
        id: &str,
        author: Named,
        content: Content,
        at: i64,
    ) -> Result<Message, Refusal> {
        let message_id = format!("m-{}", self.message_count + 1);
        let chat = self.chats.iter_mut().find(|chat| chat.id == id).ok_or_else(|| no_chat(id))?;
        self.message_count += 1;
        let message = Message { id: message_id, content, created_at: at, author };
        chat.messages.push(message.clone());
        Ok(message)
    }

    /// Creates the persona of this provider id, or updates it: the same provider id always yields the same persona id.
    pub(super) fn create_persona(&mut self, input: PersonaInput) -> Result<Persona, Refusal> {
        required("providerId", &input.provider_id)?;
        required("name", &input.name)?;
        if let Some(email) = input.email.as_deref().filter(|email| !email.contains('@')) {
            return Err(Refusal::input(format!("`{email}` is not an email address")));
        }
        input.photo.as_deref().map_or(Ok(()), |photo| web_link("photo", photo))?;
        if let Some(persona) = self.personas.iter_mut().find(|persona| persona.provider_id == input.provider_id) {
            persona.name = input.name;
            persona.email = input.email.or(persona.email.take());
            persona.photo = input.photo.or(persona.photo.take());
            return Ok(persona.clone());
        }
        let PersonaInput { provider_id, name, email, photo } = input;
        let persona = Persona { id: format!("p-{}", self.personas.len() + 1), provider_id, name, email, photo };
        self.personas.push(persona.clone());
        Ok(persona)
    }

    /// Approves or rejects a submission, once.
    pub(super) fn review(&mut self, id: &str, verdict: &'static str) -> Result<Submission, Refusal> {
        let missing = || Refusal::new(Code::SubmissionNotFound, format!("there is no submission `{id}`"));
        let submission = self.submissions.iter_mut().find(|submission| submission.id == id).ok_or_else(missing)?;
        if submission.reviewed_at.is_some() {
            let message = format!("cannot review submission `{id}`: it is {}", submission.status);
            return Err(Refusal::new(Code::SubmissionReviewed, message));
        }
        submission.status = verdict;
        submission.reviewed_at = Some(now());
        Ok(submission.clone())
    }
}

/// Milliseconds since the Unix epoch.
pub(super) fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Refuses an empty value.
pub(super) fn required(name: &str, value: &str) -> Result<(), Refusal> {
    if value.trim().is_empty() { Err(Refusal::input(format!("`{name}` is empty"))) } else { Ok(()) }
}

/// Refuses what is not an http or https URL.
fn web_link(name: &str, value: &str) -> Result<(), Refusal> {
    match url::Url::parse(value) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) => Ok(()),
        _ => Err(Refusal::input(format!("`{name}` is not an http or https URL: `{value}`"))),
    }
}

fn no_chat(id: &str) -> Refusal {
    Refusal::new(Code::ChatNotFound, format!("there is no chat `{id}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(provider_id: &str, name: &str, email: Option<&str>) -> PersonaInput {
        PersonaInput {
            provider_id: provider_id.to_owned(),
            name: name.to_owned(),
            email: email.map(str::to_owned),
            photo: None,
        }
    }

    #[test]
    fn the_same_provider_id_yields_the_same_persona_with_the_new_details() {
        let mut state = State::default();
        let first = state.create_persona(input("agent-42", "Ada", Some("ada@example.com"))).unwrap();
        let other = state.create_persona(input("agent-43", "Bob", None)).unwrap();
        let again = state.create_persona(input("agent-42", "Ada L.", None)).unwrap();
        assert_eq!(first.id, again.id);
        assert_ne!(first.id, other.id);
        assert_eq!((again.name.as_str(), again.email.as_deref()), ("Ada L.", Some("ada@example.com")));
        assert_eq!(state.personas.len(), 2);
    }

    #[test]
    fn a_persona_without_a_name_or_with_a_broken_link_is_refused() {
        let mut state = State::default();
        let photo = PersonaInput { photo: Some("javascript:alert(1)".to_owned()), ..input("a", "Ada", None) };
        for bad in [input("", "Ada", None), input("a", " ", None), input("a", "Ada", Some("ada")), photo] {
            assert_eq!(state.create_persona(bad).unwrap_err().code, Code::BadUserInput);
        }
        assert!(state.personas.is_empty());
    }

    #[test]
    fn a_message_is_a_text_a_link_or_both() {
        let content = |text: Option<&str>, link: Option<&str>| Content::new(text.map(Into::into), link.map(Into::into));
        let link = Some("https://example.com/a.pdf");
        assert!(
            [(Some("hi"), None), (None, link), (Some("hi"), link)]
                .map(|(text, link)| content(text, link))
                .iter()
                .all(Result::is_ok)
        );
        let bad =
            [(None, None), (Some(" \n"), link), (Some(" \n"), None), (None, Some("file:///a")), (Some("a"), Some("a"))];
        for (text, link) in bad {
            assert_eq!(content(text, link).unwrap_err().code, Code::BadUserInput);
        }
    }

    #[test]
    fn a_submission_is_reviewed_once() {
        let mut state = State::default();
        state.submissions.push(Submission { id: "s-1".to_owned(), status: "pending", reviewed_at: None });
        assert_eq!(state.review("s-1", "approved").unwrap().status, "approved");
        assert_eq!(state.review("s-1", "rejected").unwrap_err().code, Code::SubmissionReviewed);
        assert_eq!(state.review("s-2", "rejected").unwrap_err().code, Code::SubmissionNotFound);
    }
}
