//! What operations answer: the things and their keys, as the program writes them, with the names that a schema may have for
//! them.

/// What a key of a result holds.
#[derive(Clone, Copy, Debug)]
pub(in crate::api) enum Holds {
    /// A text or an id.
    Text,
    /// Milliseconds since the Unix epoch.
    Time,
    Number,
    Flag,
    Object(&'static [Key]),
    /// An object that is nothing without its first key.
    Identified(&'static [Key]),
    /// A list, or a connection.
    List(&'static [Key]),
}

/// A key of a result, as the program writes it.
#[derive(Clone, Copy, Debug)]
pub(in crate::api) struct Key {
    pub(in crate::api) name: &'static str,
    /// Other names for it, the best first.
    pub(in crate::api) also: &'static [&'static str],
    pub(in crate::api) holds: Holds,
}

/// What an operation is to answer.
#[derive(Debug)]
pub(in crate::api) struct Thing {
    /// `chat`.
    pub(in crate::api) name: &'static str,
    /// The names of a field that holds it, and of its type, in lower case without underscores.
    pub(in crate::api) names: &'static [&'static str],
    /// Words that may stand before its name in that of a type: `TextMessage` is a message, `NoticeMessage` may be something else.
    pub(in crate::api) kinds: &'static [&'static str],
    /// The keys, the first of them its id. Only that is required.
    pub(in crate::api) keys: &'static [Key],
    /// Whether its lists are asked for; they are read wherever they are.
    pub(in crate::api) lists: bool,
    /// The role whose value is the thing's id, for an endpoint that answers no more than that it is done.
    pub(in crate::api) echo: Option<&'static str>,
}

impl Thing {
    /// The keys that are asked for.
    pub(in crate::api) fn asked(&self) -> impl Iterator<Item = Key> {
        self.keys.iter().copied().filter(|key| self.lists || !matches!(key.holds, Holds::List(_)))
    }
}

/// The names that the query for the partner may have.
pub(in crate::api) const PARTNERS: &[&str] =
    &["partner", "viewer", "me", "currentpartner", "account", "company", "organization", "organisation", "self"];

/// The key of a chat's messages, and what a person answers where several fields could be these.
pub(in crate::api) const MESSAGES: &str = "messages";

const fn key(name: &'static str, also: &'static [&'static str], holds: Holds) -> Key {
    Key { name, also, holds }
}

const CREATED_AT: Key =
    key("createdAt", &["sentAt", "created", "createdTime", "timestamp", "time", "date"], Holds::Time);
const ID_AND_NAME: &[Key] =
    &[key("id", &[], Holds::Text), key("name", &["displayName", "fullName", "title", "label"], Holds::Text)];
const USER_KEYS: &[Key] = &[ID_AND_NAME[1], key("email", &["emailAddress", "mail"], Holds::Text)];

const EXPERT_KEYS: &[Key] = &[ID_AND_NAME[0], USER_KEYS[0], USER_KEYS[1]];

const KINDS: &[&str] = &[
    "chat",
    "text",
    "plain",
    "rich",
    "html",
    "markdown",
    "file",
    "image",
    "photo",
    "picture",
    "video",
    "audio",
    "voice",
    "media",
    "attachment",
    "link",
    "document",
    "user",
    "customer",
    "expert",
    "agent",
    "operator",
    "persona",
    "partner",
];

const MESSAGE_KEYS: &[Key] = &[
    key("id", &["messageId"], Holds::Text),
    key("text", &["body", "content", "plainText", "messageText", "message", "caption"], Holds::Text),
    key(
        "attachment",
        &[
            "attachmentUrl",
            "attachments",
            "attachmentLink",
            "fileUrl",
            "file",
            "mediaUrl",
            "media",
            "url",
            "link",
            "href",
        ],
        Holds::Text,
    ),
    CREATED_AT,
    key("status", &["deliveryStatus", "state"], Holds::Text),
    key("author", &["sender", "from", "persona", "createdBy", "actor", "user"], Holds::Object(ID_AND_NAME)),
];

const PERSONA_KEYS: &[Key] = &[
    key("id", &["personaId"], Holds::Text),
    key("providerId", &["externalId", "foreignId", "reference"], Holds::Text),
    key("name", &["displayName", "fullName", "nickname"], Holds::Text),
    key("email", &["emailAddress", "mail"], Holds::Text),
    key("photo", &["photoUrl", "avatar", "avatarUrl", "picture", "pictureUrl", "image", "imageUrl"], Holds::Text),
];

const CHAT_KEYS: &[Key] = &[
    key("id", &["chatId", "conversationId"], Holds::Text),
    key("status", &["state"], Holds::Text),
    key("question", &["initialQuestion", "subject", "topic"], Holds::Text),
    key("rating", &["score", "stars"], Holds::Number),
    key("createdAt", &["created", "createdTime", "startedAt", "openedAt"], Holds::Time),
    key("closedAt", &["closed", "closedTime", "resolvedAt", "endedAt"], Holds::Time),
    key("expert", &["assignee", "assignedExpert"], Holds::Identified(EXPERT_KEYS)),
    key("user", &["endUser", "customer", "visitor", "requester"], Holds::Object(USER_KEYS)),
    key("category", &["section"], Holds::Object(ID_AND_NAME)),
    key(MESSAGES, &["messageConnection", "messageList", "history", "transcript"], Holds::List(MESSAGE_KEYS)),
];

const SUBMISSION_KEYS: &[Key] = &[
    key("id", &["submissionId"], Holds::Text),
    key("status", &["state"], Holds::Text),
    key("reviewedAt", &["reviewed", "decidedAt"], Holds::Time),
];

const PARTNER_KEYS: &[Key] = &[
    key("id", &["partnerId"], Holds::Text),
    key("state", &["status"], Holds::Object(&[key("chat", &["chats"], Holds::Object(AVAILABILITY_KEYS))])),
];
const AVAILABILITY_KEYS: &[Key] = &[key("isAvailable", &["available", "online", "isOnline"], Holds::Flag)];

pub(super) const PERSONA: Thing =
    Thing { name: "persona", names: &["persona"], kinds: &[], keys: PERSONA_KEYS, lists: false, echo: None };
pub(super) const CHAT_WITH_MESSAGES: Thing = Thing { lists: true, ..CHAT };
pub(super) const CHAT: Thing = Thing {
    name: "chat",
    names: &["chat", "conversation"],
    kinds: &[],
    keys: CHAT_KEYS,
    lists: false,
    echo: Some("chat"),
};
pub(super) const MESSAGE: Thing = Thing {
    name: "message",
    names: &["message", "chatmessage"],
    kinds: KINDS,
    keys: MESSAGE_KEYS,
    lists: false,
    echo: None,
};
pub(super) const SUBMISSION: Thing = Thing {
    name: "submission",
    names: &["submission"],
    kinds: &[],
    keys: SUBMISSION_KEYS,
    lists: false,
    echo: Some("submission"),
};

pub(super) const PARTNER: Thing =
    Thing { name: "partner", names: PARTNERS, kinds: &[], keys: PARTNER_KEYS, lists: false, echo: None };
pub(super) const PARTNER_ID: Thing = Thing { keys: &[PARTNER_KEYS[0]], ..PARTNER };
pub(super) const EXPERT: Thing =
    Thing { name: "expert", names: &["expert"], kinds: &[], keys: EXPERT_KEYS, lists: false, echo: None };
pub(super) const SHOWN_CHAT: Thing = Thing { echo: None, ..CHAT_WITH_MESSAGES };
/// What is asked of each chat of a list in which one is looked for.
pub(in crate::api) static MESSAGES_OF_CHAT: Thing = Thing {
    name: "chat",
    names: CHAT.names,
    kinds: &[],
    keys: &[CHAT_KEYS[0], CHAT_KEYS[CHAT_KEYS.len() - 1]],
    lists: true,
    echo: None,
};
