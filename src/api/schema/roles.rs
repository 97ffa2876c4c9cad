//! What the program means by each value that it sends and each key that it reads, whatever a schema calls them. Every name
//! that is taken for another stands here, so that what the program can guess, and what it cannot, is one page to read.

/// What a value is, and so which types an argument may have to take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// An id: `ID`, `String`, `Int` or a scalar of the platform's own.
    Id,
    /// A text: `String` or a scalar of the platform's own.
    Text,
}

/// A value that an operation sends.
#[derive(Debug)]
pub(crate) struct Role {
    /// The role's name, which is that of the variable in a synced document.
    pub(crate) name: &'static str,
    /// Where the value stands in the variables of the built-in document: a JSON pointer.
    pub(crate) at: &'static str,
    pub(crate) sort: Sort,
    /// Whether the operation makes no sense without an argument for it.
    pub(crate) needed: bool,
    /// What gives the value, for whoever left it out.
    pub(crate) flag: &'static str,
    /// Names that mean nothing else, in lower case without underscores.
    pub(crate) exact: &'static [&'static str],
    /// Names that most likely mean it.
    pub(crate) likely: &'static [&'static str],
    /// Names that mean it where nothing else fits better.
    pub(crate) generic: &'static [&'static str],
    /// Words that say it within a longer name: `targetChat`.
    pub(crate) words: &'static [&'static str],
}

/// What a key of a result holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holds {
    /// A text or an id.
    Text,
    /// Milliseconds since the Unix epoch.
    Time,
    Number,
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
    /// The keys, the first of them its id. Only that is required.
    pub(crate) keys: &'static [Key],
    /// Whether its lists are asked for; they are read wherever they are.
    pub(crate) lists: bool,
    /// The role whose value is the thing's id, for an endpoint that answers no more than that it is done.
    pub(crate) echo: Option<&'static str>,
}

/// What is known of an operation beyond its built-in document: enough to write another.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The operation's name: `ChatClose`.
    pub(crate) operation: &'static str,
    pub(crate) roles: &'static [Role],
    pub(crate) thing: &'static Thing,
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

const CHAT: Role = Role {
    name: "chat",
    at: "/chatId",
    sort: Sort::Id,
    needed: true,
    flag: "the chat's id",
    exact: &["chatid", "chat"],
    likely: &["conversationid", "conversation", "threadid", "thread", "roomid", "ticketid", "caseid"],
    generic: &["id"],
    words: &["chat", "conversation"],
};

const PERSONA: Role = Role {
    name: "persona",
    at: "/personaId",
    sort: Sort::Id,
    needed: false,
    flag: "--persona",
    exact: &["personaid", "persona"],
    likely: &["actorid", "actor", "senderid", "sender", "agentid", "agent", "authorid", "author", "actingpersonaid"],
    generic: &["as", "by", "from"],
    words: &["persona"],
};

const TEXT: Role = Role {
    name: "text",
    at: "/message/text",
    sort: Sort::Text,
    needed: true,
    flag: "TEXT",
    exact: &["text", "messagetext"],
    likely: &["body", "content", "messagebody", "messagecontent", "plaintext", "textcontent"],
    generic: &["message", "msg", "value"],
    words: &["text", "body", "content", "message"],
};

const ATTACHMENT: Role = Role {
    name: "attachment",
    at: "/message/attachment",
    sort: Sort::Text,
    needed: false,
    flag: "--attachment",
    exact: &["attachment", "attachmenturl", "attachments", "attachmenturls", "attachmentlink"],
    likely: &["fileurl", "file", "files", "mediaurl", "media", "imageurl"],
    generic: &["url", "link", "href", "uri"],
    words: &["attachment", "file"],
};

const PROVIDER_ID: Role = Role {
    name: "providerId",
    at: "/input/providerId",
    sort: Sort::Id,
    needed: true,
    flag: "--provider-id",
    exact: &["providerid", "provideruserid"],
    likely: &["externalid", "provider", "agentid", "foreignid", "externalreference", "reference", "key"],
    generic: &["id", "userid", "ref"],
    words: &["provider", "external"],
};

const NAME: Role = Role {
    name: "name",
    at: "/input/name",
    sort: Sort::Text,
    needed: true,
    flag: "--name",
    exact: &["name", "personaname"],
    likely: &["displayname", "fullname", "nickname", "screenname", "agentname"],
    generic: &["title", "label"],
    words: &["name"],
};

const EMAIL: Role = Role {
    name: "email",
    at: "/input/email",
    sort: Sort::Text,
    needed: false,
    flag: "--email",
    exact: &["email", "emailaddress"],
    likely: &["mail", "mailaddress", "contactemail"],
    generic: &[],
    words: &["email", "mail"],
};

const PHOTO: Role = Role {
    name: "photo",
    at: "/input/photo",
    sort: Sort::Text,
    needed: false,
    flag: "--photo",
    exact: &["photo", "photourl"],
    likely: &["avatar", "avatarurl", "picture", "pictureurl", "image", "imageurl", "profilepicture"],
    generic: &[],
    words: &["photo", "avatar", "picture", "image"],
};

const SUBMISSION: Role = Role {
    name: "submission",
    at: "/id",
    sort: Sort::Id,
    needed: true,
    flag: "the submission's id",
    exact: &["submissionid", "submission"],
    likely: &["id", "answerid", "responseid"],
    generic: &[],
    words: &["submission"],
};

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
    key("messages", &["messageConnection", "messageList", "history", "transcript"], Holds::List(MESSAGE_KEYS)),
];

const SUBMISSION_KEYS: &[Key] = &[
    key("id", &["submissionId"], Holds::Text),
    key("status", &["state"], Holds::Text),
    key("reviewedAt", &["reviewed", "decidedAt"], Holds::Time),
];

const PERSONA_THING: Thing = Thing { name: "persona", keys: PERSONA_KEYS, lists: false, echo: None };
const ACCEPTED_THING: Thing = Thing { lists: true, ..CHAT_THING };
const CHAT_THING: Thing = Thing { name: "chat", keys: CHAT_KEYS, lists: false, echo: Some("chat") };
const MESSAGE_THING: Thing = Thing { name: "message", keys: MESSAGE_KEYS, lists: false, echo: None };
const SUBMISSION_THING: Thing =
    Thing { name: "submission", keys: SUBMISSION_KEYS, lists: false, echo: Some("submission") };

/// The operations whose documents can be written anew for a schema that differs.
pub(crate) static PLANS: [Plan; 7] = [
    Plan { operation: "PersonaCreate", roles: &[PROVIDER_ID, NAME, EMAIL, PHOTO], thing: &PERSONA_THING },
    Plan { operation: "ChatAccept", roles: &[CHAT, PERSONA], thing: &ACCEPTED_THING },
    Plan { operation: "ChatSend", roles: &[CHAT, PERSONA, TEXT, ATTACHMENT], thing: &MESSAGE_THING },
    Plan { operation: "ChatClose", roles: &[CHAT, PERSONA], thing: &CHAT_THING },
    Plan { operation: "ChatOpen", roles: &[CHAT, PERSONA], thing: &CHAT_THING },
    Plan { operation: "SubmissionApprove", roles: &[SUBMISSION], thing: &SUBMISSION_THING },
    Plan { operation: "SubmissionReject", roles: &[SUBMISSION], thing: &SUBMISSION_THING },
];

/// A name without what conventions differ in: case and underscores.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// The words of a name: `targetChatID` has `target`, `chat` and `id`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && !before.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c != '_') {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}
