//! Why the platform refuses something: one list of codes, for GraphQL (the company) and plain HTTP (the end user), because scripts
//! depend on them.

/// The reasons for which something is refused; [`Code::name`] is what travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// A value that can never be right: an empty text, a link that is none, a cursor from elsewhere.
    BadUserInput,
    /// A message has a text and an attachment, where the platform is to take one at a time.
    TextAndAttachment,
    /// No chat has this id.
    ChatNotFound,
    /// Only a chat that is on offer can be accepted.
    ChatNotAssigned,
    /// Only in an open chat can messages be exchanged, and only an open chat can be closed.
    ChatNotOpen,
    /// Only a closed chat can be opened again or rated.
    ChatNotClosed,
    /// A rated chat is final.
    ChatRated,
    /// Another persona accepted the chat, or it was offered to somebody else.
    NotYourChat,
    /// No persona has this id.
    PersonaNotFound,
    /// No submission has this id.
    SubmissionNotFound,
    /// A submission is approved or rejected once.
    SubmissionReviewed,
}

impl Code {
    /// The code in `extensions.code` of a GraphQL error, and in `error.code` of the end user's routes.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::TextAndAttachment => "TEXT_AND_ATTACHMENT",
            Self::ChatNotFound => "CHAT_NOT_FOUND",
            Self::ChatNotAssigned => "CHAT_NOT_ASSIGNED",
            Self::ChatNotOpen => "CHAT_NOT_OPEN",
            Self::ChatNotClosed => "CHAT_NOT_CLOSED",
            Self::ChatRated => "CHAT_RATED",
            Self::NotYourChat => "NOT_YOUR_CHAT",
            Self::PersonaNotFound => "PERSONA_NOT_FOUND",
            Self::SubmissionNotFound => "SUBMISSION_NOT_FOUND",
            Self::SubmissionReviewed => "SUBMISSION_REVIEWED",
        }
    }

    /// The HTTP status on the end user's routes; GraphQL answers 200 to all of them.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::BadUserInput | Self::TextAndAttachment => 400,
            Self::ChatNotFound | Self::PersonaNotFound | Self::SubmissionNotFound => 404,
            Self::ChatNotAssigned
            | Self::ChatNotOpen
            | Self::ChatNotClosed
            | Self::ChatRated
            | Self::NotYourChat
            | Self::SubmissionReviewed => 409,
        }
    }
}

/// A refusal: its code, and a message that names what was refused on which thing.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A [`Code::BadUserInput`].
    pub(super) fn input(message: impl Into<String>) -> Self {
        Self::new(Code::BadUserInput, message)
    }
}
