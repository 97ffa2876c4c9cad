//! The life of a chat, as the contract draws it: who may do what in which state, and which event follows.
//!
//! ```text
//! chat-assigned ──accept──▶ chat-opened ──close──▶ chat-closed ──rate──▶ chat-rated (final)
//!       ▲                        │    ▲                  │
//!       └────── reassign ────────┘    └── chat-reopened ◀┘ (openChat, or the end user)
//! ```

use serde_json::json;

use super::refusal::{Code, Refusal};
use super::state::{Chat, Content, Event, Message, Named, SERVICE_ACCOUNT, State, Status, User, now, required};

/// The author's id of every message that the end user wrote.
pub(super) const END_USER: &str = "user";

/// What a persona does, through the API. The persona may be left out where it can only be the one that accepted.
impl State {
    /// Takes a chat that is offered to the service account.
    pub(super) fn accept(&mut self, chat: &str, persona: &str) -> Result<Chat, Refusal> {
        let persona = self.persona(persona).map(|persona| persona.id.clone());
        let service_account = self.experts.iter().find(|expert| expert.id == SERVICE_ACCOUNT).cloned();
        self.change(chat, "chat-opened", |chat| {
            chat.require(Status::Assigned, Code::ChatNotAssigned, "accept")?;
            if chat.requested_experts.iter().all(|expert| expert.id != SERVICE_ACCOUNT) {
                let message = format!("cannot accept chat `{}`: it is not offered to `{SERVICE_ACCOUNT}`", chat.id);
                return Err(Refusal::new(Code::NotYourChat, message));
            }
            chat.persona = Some(persona?);
            chat.expert = service_account;
            chat.status = Status::Opened;
            Ok(())
        })
    }

    /// Says something in an open chat.
    pub(super) fn send(&mut self, chat: &str, persona: Option<&str>, content: Content) -> Result<Message, Refusal> {
        if self.one_at_a_time && content.text.is_some() && content.attachment.is_some() {
            let message = "a message is either a `text` or an `attachment`, not both";
            return Err(Refusal::new(Code::TextAndAttachment, message));
        }
        let open = self.chat(chat)?;
        open.require(Status::Opened, Code::ChatNotOpen, "send to")?;
        let author = self.acting(open, persona)?;
        self.post(chat, author, content)
    }

    /// Resolves an open chat.
    pub(super) fn close(&mut self, chat: &str, persona: Option<&str>) -> Result<Chat, Refusal> {
        let open = self.chat(chat)?;
        open.require(Status::Opened, Code::ChatNotOpen, "close")?;
        self.acting(open, persona)?;
        self.change(chat, "chat-closed", |chat| {
            chat.status = Status::Closed;
            chat.closed_at = Some(now());
            Ok(())
        })
    }

    /// Opens a closed chat again.
    pub(super) fn open(&mut self, chat: &str, persona: Option<&str>) -> Result<Chat, Refusal> {
        let closed = self.chat(chat)?;
        closed.require(Status::Closed, Code::ChatNotClosed, "open")?;
        self.acting(closed, persona)?;
        self.reopen(chat)
    }

    /// The persona that acts on a chat: it must be the one that accepted it.
    fn acting(&self, chat: &Chat, persona: Option<&str>) -> Result<Named, Refusal> {
        let mine = chat.persona.as_deref();
        let persona = persona.or(mine).map(|id| self.persona(id)).transpose()?;
        let Some(persona) = persona.filter(|persona| Some(persona.id.as_str()) == mine) else {
            let message = format!("chat `{}` was accepted by another persona", chat.id);
            return Err(Refusal::new(Code::NotYourChat, message));
        };
        Ok(Named { id: persona.id.clone(), name: persona.name.clone() })
    }
}

/// What the end user does.
impl State {
    /// Starts a chat and offers it to this expert. The question becomes its first message, which is not announced as
    /// one: chat-assigned carries it.
    pub(super) fn start(&mut self, user: User, question: &str, expert: &str) -> Result<Chat, Refusal> {
        required("question", question)?;
        required("name", &user.name)?;
        let unknown = || Refusal::input(format!("there is no expert `{expert}`"));
        let expert = self.experts.iter().find(|one| one.id == expert).ok_or_else(unknown)?;
        let requested = Named { id: expert.id.clone(), name: expert.name.clone() };
        let (id, at) = (self.next_chat_id(), now());
        let author = Named { id: END_USER.to_owned(), name: user.name.clone() };
        self.chats.push(Chat {
            id: id.clone(),
            status: Status::Assigned,
            question: question.to_owned(),
            rating: None,
            created_at: at,
            closed_at: None,
            user,
            requested_experts: vec![requested],
            expert: None,
            category: None,
            messages: Vec::new(),
            persona: None,
        });
        self.add_message(&id, author, Content::text(question), at)?;
        self.change(&id, "chat-assigned", |_| Ok(()))
    }

    /// Says something, before the chat is accepted as well as after.
    pub(super) fn say(&mut self, chat: &str, content: Content) -> Result<Message, Refusal> {
        let live = self.chat(chat)?;
        if live.status != Status::Assigned {
            live.require(Status::Opened, Code::ChatNotOpen, "send to")?;
        }
        let author = Named { id: END_USER.to_owned(), name: live.user.name.clone() };
        self.post(chat, author, content)
    }

    /// Goes on with a closed chat. The persona that accepted it keeps it.
    pub(super) fn reopen(&mut self, chat: &str) -> Result<Chat, Refusal> {
        self.change(chat, "chat-reopened", |chat| {
            chat.require(Status::Closed, Code::ChatNotClosed, "open")?;
            chat.status = Status::Opened;
            chat.closed_at = None;
            Ok(())
        })
    }

    /// Rates a closed chat from 1 to 5, after which nothing more can happen to it.
    pub(super) fn rate(&mut self, chat: &str, rating: &str) -> Result<Chat, Refusal> {
        let stars = rating.trim().parse().ok().filter(|stars| (1..=5).contains(stars));
        self.change(chat, "chat-rated", |chat| {
            chat.require(Status::Closed, Code::ChatNotClosed, "rate")?;
            let unfit = || Refusal::input(format!("a rating is a number from 1 to 5, not `{rating}`"));
            chat.rating = Some(stars.ok_or_else(unfit)?);
            chat.status = Status::Rated;
            Ok(())
        })
    }

    /// Offers the chat again, taken from who had accepted it. One that still waits is announced once more.
    pub(super) fn reassign(&mut self, chat: &str) -> Result<Chat, Refusal> {
        self.change(chat, "chat-assigned", |chat| {
            if chat.status != Status::Assigned {
                chat.require(Status::Opened, Code::ChatNotOpen, "reassign")?;
            }
            chat.status = Status::Assigned;
            chat.persona = None;
            chat.expert = None;
            Ok(())
        })
    }
}

impl State {
    fn post(&mut self, chat: &str, author: Named, content: Content) -> Result<Message, Refusal> {
        let message = self.add_message(chat, author, content, now())?;
        let mut body = json!(message);
        body["chat"] = json!({ "id": chat });
        self.outbox.push(Event { name: "message-created", chat_id: chat.to_owned(), body });
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::state::{Expert, PersonaInput};

    fn text(text: &str) -> Content {
        Content::text(text)
    }

    /// A platform with the personas p-1 and p-2, and a chat c-1 that was just offered to the service account.
    fn assigned() -> State {
        let mut state = State::default();
        for id in [SERVICE_ACCOUNT, "e-1"] {
            state.experts.push(Expert { id: id.to_owned(), name: id.to_owned(), email: format!("{id}@example.com") });
        }
        for (provider_id, name) in [("agent-1", "Ada"), ("agent-2", "Bob")] {
            let input = PersonaInput { provider_id: provider_id.into(), name: name.into(), ..PersonaInput::default() };
            state.create_persona(input).unwrap();
        }
        let user = User { name: "Eve".to_owned(), email: None };
        state.start(user, "Does it fit?", SERVICE_ACCOUNT).unwrap();
        state
    }

    fn opened() -> State {
        let mut state = assigned();
        state.accept("c-1", "p-1").unwrap();
        state
    }

    fn events(state: &State) -> Vec<&str> {
        state.outbox.iter().map(|event| event.name).collect()
    }

    fn code<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> Code {
        outcome.unwrap_err().code
    }

    #[test]
    fn a_chat_goes_from_offer_to_rating_and_tells_each_step() {
        let mut state = opened();
        state.send("c-1", None, text("Hello!")).unwrap();
        state.say("c-1", text("Hello?")).unwrap();
        state.close("c-1", Some("p-1")).unwrap();
        state.reopen("c-1").unwrap();
        state.close("c-1", None).unwrap();
        state.open("c-1", Some("p-1")).unwrap();
        state.close("c-1", None).unwrap();
        let chat = state.rate("c-1", "5").unwrap();
        assert_eq!((chat.status, chat.rating), (Status::Rated, Some(5)));
        assert_eq!(
            events(&state).join(" "),
            "chat-assigned chat-opened message-created message-created chat-closed chat-reopened chat-closed \
             chat-reopened chat-closed chat-rated"
        );
    }

    #[test]
    fn who_accepts_gets_the_question_and_what_was_said_since() {
        let mut state = assigned();
        state.say("c-1", text("Hello?")).unwrap();
        let chat = state.accept("c-1", "p-1").unwrap();
        let said = json!(chat.messages);
        assert_eq!((said[0]["text"].as_str(), said[1]["text"].as_str()), (Some("Does it fit?"), Some("Hello?")));
        assert_eq!(events(&state), ["chat-assigned", "message-created", "chat-opened"]);
    }

    #[test]
    fn a_message_has_a_text_and_an_attachment_unless_one_at_a_time_is_taken() {
        let mut state = opened();
        let both = || Content::new(Some("Here it is.".into()), Some("https://example.com/a.pdf".into())).unwrap();
        let message = json!(state.send("c-1", None, both()).unwrap());
        assert_eq!(
            (&message["text"], &message["attachment"]),
            (&json!("Here it is."), &json!("https://example.com/a.pdf"))
        );
        state.one_at_a_time = true;
        assert_eq!(code(state.send("c-1", None, both())), Code::TextAndAttachment);
        state.send("c-1", None, text("Here it is.")).unwrap();
        state.say("c-1", both()).unwrap();
    }

    #[test]
    fn a_chat_is_accepted_once_until_it_is_reassigned() {
        let mut state = opened();
        assert_eq!(code(state.accept("c-1", "p-2")), Code::ChatNotAssigned);
        state.reassign("c-1").unwrap();
        assert_eq!(code(state.send("c-1", Some("p-1"), text("hi"))), Code::ChatNotOpen);
        state.accept("c-1", "p-2").unwrap();
        assert_eq!(code(state.send("c-1", Some("p-1"), text("hi"))), Code::NotYourChat);
        state.send("c-1", Some("p-2"), text("hi")).unwrap();
    }

    #[test]
    fn nothing_can_be_said_or_closed_in_a_closed_chat() {
        let mut state = opened();
        state.close("c-1", None).unwrap();
        let before = state.outbox.len();
        assert_eq!(code(state.send("c-1", None, text("hi"))), Code::ChatNotOpen);
        assert_eq!(code(state.say("c-1", text("hi"))), Code::ChatNotOpen);
        assert_eq!(code(state.close("c-1", None)), Code::ChatNotOpen);
        assert_eq!(code(state.reassign("c-1")), Code::ChatNotOpen);
        assert_eq!(state.outbox.len(), before);
    }

    #[test]
    fn a_rated_chat_is_final() {
        let mut state = opened();
        assert_eq!(code(state.rate("c-1", "5")), Code::ChatNotClosed);
        state.close("c-1", None).unwrap();
        for unfit in ["0", "6", "-1", "five", ""] {
            assert_eq!(code(state.rate("c-1", unfit)), Code::BadUserInput);
        }
        state.rate("c-1", "1").unwrap();
        assert_eq!(code(state.rate("c-1", "2")), Code::ChatRated);
        assert_eq!(code(state.reopen("c-1")), Code::ChatRated);
        assert_eq!(code(state.open("c-1", None)), Code::ChatRated);
        assert_eq!(code(state.send("c-1", None, text("hi"))), Code::ChatRated);
        assert_eq!(code(state.accept("c-1", "p-1")), Code::ChatRated);
    }

    #[test]
    fn only_an_open_chat_can_be_closed_and_only_a_closed_one_opened() {
        let mut state = assigned();
        assert_eq!(code(state.close("c-1", None)), Code::ChatNotOpen);
        assert_eq!(code(state.open("c-1", None)), Code::ChatNotClosed);
        assert_eq!(code(state.accept("c-1", "p-9")), Code::PersonaNotFound);
        assert_eq!(code(state.accept("c-9", "p-1")), Code::ChatNotFound);
    }

    #[test]
    fn what_is_offered_to_another_expert_is_not_ours_to_accept() {
        let mut state = assigned();
        let user = User { name: "Eve".to_owned(), email: None };
        let chat = state.start(user, "For Frank?", "e-1").unwrap();
        assert_eq!(code(state.accept(&chat.id, "p-1")), Code::NotYourChat);
    }
}
