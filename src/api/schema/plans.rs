//! What is known of each operation beyond its built-in document, enough to write another: which values it sends, where in a
//! schema it is looked for, and which keys its result is to have.

use super::roles::{
    ACCEPTING, AFTER, ATTACHMENT, CHAT, DIRECTION, EMAIL, FIRST, NAME, OFFSET, ORDERED_BY, PAGE_NUMBER, PERSONA, PHOTO,
    PROVIDER_ID, Role, SINCE, SUBMISSION, TEXT, UNTIL, plain,
};

/// What a key of a result holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holds {
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
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// Other names for it, the best first.
    pub(crate) also: &'static [&'static str],
    pub(crate) holds: Holds,
}

/// What an operation is to answer.
#[derive(Debug)]
pub(crate) struct Thing {
    /// `chat`.
    pub(crate) name: &'static str,
    /// The names of a field that holds it, and of its type, in lower case without underscores.
    pub(crate) names: &'static [&'static str],
    /// The keys, the first of them its id. Only that is required.
    pub(crate) keys: &'static [Key],
    /// Whether its lists are asked for; they are read wherever they are.
    pub(crate) lists: bool,
    /// The role whose value is the thing's id, for an endpoint that answers no more than that it is done.
    pub(crate) echo: Option<&'static str>,
}

/// The names of a mutation that stands in an object of the root, with others of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Namespaces {
    /// What such an object may be called, in the singular; it may be the plural.
    things: &'static [&'static str],
    /// What the mutation may be called in it.
    verbs: &'static [&'static str],
}

impl Namespaces {
    /// Whether a field of this name in one of that name is the mutation.
    pub(super) fn has(&self, outer: &str, field: &str) -> bool {
        let outer = plain(outer);
        let is_it = |thing: &&str| outer == **thing || outer.strip_suffix('s') == Some(thing);
        self.things.iter().any(is_it) && self.verbs.contains(&&*plain(field))
    }
}

/// Where an operation is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// The mutation of its field's name, or one of these.
    Mutation(Namespaces),
    /// The query for whose the access token is.
    Partner,
    /// A list of this name, or of another; of the partner or of the queries.
    List(&'static [&'static str]),
    /// A query for one chat, or the list of them.
    Messages,
}

/// What is known of an operation beyond its built-in document: enough to write another.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The operation's name: `ChatClose`.
    pub(crate) operation: &'static str,
    pub(crate) root: Root,
    pub(crate) roles: &'static [Role],
    pub(crate) thing: &'static Thing,
    /// Words that say, as the whole answer, that it is done.
    pub(crate) done: &'static [&'static str],
}

impl Thing {
    /// The keys that are asked for.
    pub(crate) fn asked(&self) -> impl Iterator<Item = Key> {
        self.keys.iter().copied().filter(|key| self.lists || !matches!(key.holds, Holds::List(_)))
    }
}

impl Plan {
    /// The plan of this operation, where it has one.
    pub(crate) fn of(operation: &str) -> Option<&'static Self> {
        PLANS.iter().find(|plan| plan.operation == operation)
    }
}

const fn key(name: &'static str, also: &'static [&'static str], holds: Holds) -> Key {
    Key { name, also, holds }
}

const CREATED_AT: Key =
    key("createdAt", &["sentAt", "created", "createdTime", "timestamp", "time", "date"], Holds::Time);
const ID_AND_NAME: &[Key] =
    &[key("id", &[], Holds::Text), key("name", &["displayName", "fullName", "title", "label"], Holds::Text)];
const USER_KEYS: &[Key] = &[ID_AND_NAME[1], key("email", &["emailAddress", "mail"], Holds::Text)];

const EXPERT_KEYS: &[Key] = &[ID_AND_NAME[0], USER_KEYS[0], USER_KEYS[1]];

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

const PERSONA_THING: Thing =
    Thing { name: "persona", names: &["persona"], keys: PERSONA_KEYS, lists: false, echo: None };
const ACCEPTED_THING: Thing = Thing { lists: true, ..CHAT_THING };
const CHAT_THING: Thing =
    Thing { name: "chat", names: &["chat", "conversation"], keys: CHAT_KEYS, lists: false, echo: Some("chat") };
const MESSAGE_THING: Thing =
    Thing { name: "message", names: &["message", "chatmessage"], keys: MESSAGE_KEYS, lists: false, echo: None };
const SUBMISSION_THING: Thing =
    Thing { name: "submission", names: &["submission"], keys: SUBMISSION_KEYS, lists: false, echo: Some("submission") };

const PARTNER_THING: Thing = Thing { name: "partner", names: PARTNERS, keys: PARTNER_KEYS, lists: false, echo: None };
const PARTNER_ID_THING: Thing = Thing { keys: &[PARTNER_KEYS[0]], ..PARTNER_THING };
const EXPERT_THING: Thing = Thing { name: "expert", names: &["expert"], keys: EXPERT_KEYS, lists: false, echo: None };
const SHOWN_THING: Thing = Thing { echo: None, ..ACCEPTED_THING };
/// What is asked of each chat of a list in which one is looked for.
pub(super) static MESSAGES_THING: Thing = Thing {
    name: "chat",
    names: CHAT_THING.names,
    keys: &[CHAT_KEYS[0], CHAT_KEYS[CHAT_KEYS.len() - 1]],
    lists: true,
    echo: None,
};

/// The names that the lists may have, the program's own first.
pub(super) const CHATS: &[&str] = &["chats", "conversations", "threads", "tickets", "chatconnection", "allchats"];
const EXPERTS: &[&str] = &["experts", "members", "community", "expertconnection", "allexperts"];
const SUBMISSIONS: &[&str] = &["submissions", "reviews", "submissionconnection", "allsubmissions"];
/// The names that the query for the partner may have.
pub(super) const PARTNERS: &[&str] =
    &["partner", "viewer", "me", "currentpartner", "account", "company", "organization", "organisation", "self"];

const fn mutation(things: &'static [&'static str], verbs: &'static [&'static str]) -> Root {
    Root::Mutation(Namespaces { things, verbs })
}

/// The operations whose documents can be written anew for a schema that differs.
pub(crate) static PLANS: [Plan; 13] = [
    Plan {
        operation: "PersonaCreate",
        root: mutation(PERSONA_THING.names, &["create", "upsert"]),
        roles: &[PROVIDER_ID, NAME, EMAIL, PHOTO],
        thing: &PERSONA_THING,
        done: &[],
    },
    Plan {
        operation: "ChatAccept",
        root: mutation(CHAT_THING.names, &["accept"]),
        roles: &[CHAT, ACCEPTING],
        thing: &ACCEPTED_THING,
        done: &["accepted", "opened", "open"],
    },
    Plan {
        operation: "ChatSend",
        root: mutation(&["message", "chatmessage", "chat", "conversation"], &["send", "sendmessage"]),
        roles: &[CHAT, PERSONA, TEXT, ATTACHMENT],
        thing: &MESSAGE_THING,
        done: &[],
    },
    Plan {
        operation: "ChatClose",
        root: mutation(CHAT_THING.names, &["close"]),
        roles: &[CHAT, PERSONA],
        thing: &CHAT_THING,
        done: &["closed"],
    },
    Plan {
        operation: "ChatOpen",
        root: mutation(CHAT_THING.names, &["open", "reopen"]),
        roles: &[CHAT, PERSONA],
        thing: &CHAT_THING,
        done: &["opened", "open", "reopened"],
    },
    Plan {
        operation: "SubmissionApprove",
        root: mutation(SUBMISSION_THING.names, &["approve"]),
        roles: &[SUBMISSION],
        thing: &SUBMISSION_THING,
        done: &["approved"],
    },
    Plan {
        operation: "SubmissionReject",
        root: mutation(SUBMISSION_THING.names, &["reject"]),
        roles: &[SUBMISSION],
        thing: &SUBMISSION_THING,
        done: &["rejected"],
    },
    Plan { operation: "Partner", root: Root::Partner, roles: &[], thing: &PARTNER_THING, done: &[] },
    Plan { operation: "AuthStatus", root: Root::Partner, roles: &[], thing: &PARTNER_ID_THING, done: &[] },
    Plan {
        operation: "ChatList",
        root: Root::List(CHATS),
        roles: &[FIRST, AFTER, OFFSET, PAGE_NUMBER, DIRECTION, ORDERED_BY, SINCE, UNTIL],
        thing: &CHAT_THING,
        done: &[],
    },
    Plan {
        operation: "ExpertList",
        root: Root::List(EXPERTS),
        roles: &[FIRST, AFTER, OFFSET, PAGE_NUMBER],
        thing: &EXPERT_THING,
        done: &[],
    },
    Plan {
        operation: "SubmissionList",
        root: Root::List(SUBMISSIONS),
        roles: &[FIRST, AFTER, OFFSET, PAGE_NUMBER],
        thing: &SUBMISSION_THING,
        done: &[],
    },
    Plan {
        operation: "ChatMessages",
        root: Root::Messages,
        roles: &[CHAT, FIRST, AFTER, OFFSET, PAGE_NUMBER, DIRECTION, ORDERED_BY],
        thing: &SHOWN_THING,
        done: &[],
    },
];

/// The key of a chat's messages, and what a person answers where several fields could be these.
pub(super) const MESSAGES: &str = "messages";

/// The names of all values that operations send, each once, and that of a chat's messages.
pub fn roles() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<_> = PLANS.iter().flat_map(|plan| plan.roles).map(|role| role.name).collect();
    names.push(MESSAGES);
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    names.into_iter()
}
