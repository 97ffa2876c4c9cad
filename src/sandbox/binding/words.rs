//! Names as they are compared, and what each of them means. The tables are the sandbox's own: the client has others, and
//! what one of the two overlooks the other must not overlook for the same reason.

/// What the platform knows of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::sandbox) enum Kind {
    /// The queries themselves.
    Query,
    Partner,
    PartnerState,
    Availability,
    Chat,
    Message,
    Persona,
    Submission,
    Expert,
    User,
    Category,
}

/// A value without parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::sandbox) enum Leaf {
    Id,
    Text,
    Number,
    Time,
    /// Where a chat is in its life.
    ChatStatus,
    /// Where a review is.
    ReviewStatus,
    Flag,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Holds {
    Leaf(Leaf),
    One(Kind),
    Many(Kind),
    /// Who wrote a message: a persona or the end user.
    Author,
    /// The chat that a message belongs to.
    ItsChat,
    /// Whose the access token is.
    ThePartner,
    /// All that the platform has of a kind.
    All(Kind),
    /// The one with the id that an argument gives; without a kind, whatever it is.
    ById(Option<Kind>),
    /// The edges of a connection, and what is on them without these.
    Edges(Kind),
    Nodes(Kind),
    PageInfo,
    /// That it is done.
    Yes,
    /// The same as a code or a word.
    Verdict,
}

/// A property: what it holds, where that stands in the sandbox's own JSON, and the names that a field for it may have, in
/// lower case without underscores.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Property {
    /// The key; empty for the whole value.
    pub(in crate::sandbox) key: &'static str,
    pub(super) names: &'static str,
    pub(in crate::sandbox) holds: Holds,
    /// Whether it may have no value.
    pub(super) sometimes: bool,
}

const fn has(key: &'static str, names: &'static str, holds: Holds) -> Property {
    Property { key, names, holds, sometimes: false }
}

const fn may_have(key: &'static str, names: &'static str, holds: Holds) -> Property {
    Property { key, names, holds, sometimes: true }
}

const TEXT: Holds = Holds::Leaf(Leaf::Text);
const TIME: Holds = Holds::Leaf(Leaf::Time);
const FLAG: Holds = Holds::Leaf(Leaf::Flag);

const NAME: Property = has("name", "name displayname fullname nickname screenname label title", TEXT);
const EMAIL: Property = may_have("email", "email mail emailaddress mailaddress", TEXT);
const CREATED: &str = "createdat created createdtime creationdate sentat startedat openedat timestamp time date at";

const QUERY: &[Property] = &[
    has("", "partner viewer me self account company organization organisation currentpartner", Holds::ThePartner),
    has("", "node", Holds::ById(None)),
    has("", "chat conversation thread ticket", Holds::ById(Some(Kind::Chat))),
    has("", "persona", Holds::ById(Some(Kind::Persona))),
    has("", "submission", Holds::ById(Some(Kind::Submission))),
    has("", "expert", Holds::ById(Some(Kind::Expert))),
    has("", "chats conversations threads tickets allchats chatconnection", Holds::All(Kind::Chat)),
    has("", "experts members community allexperts", Holds::All(Kind::Expert)),
    has("", "submissions reviews allsubmissions", Holds::All(Kind::Submission)),
    has("", "personas agents allpersonas", Holds::All(Kind::Persona)),
];

const PARTNER: &[Property] = &[
    has("id", "id partnerid", Holds::Leaf(Leaf::Id)),
    NAME,
    has("state", "state status", Holds::One(Kind::PartnerState)),
    has("available", "isavailable available ischatavailable chatavailable", FLAG),
];
const PARTNER_STATE: &[Property] =
    &[has("chat", "chat chats", Holds::One(Kind::Availability)), has("available", "isavailable available", FLAG)];
const AVAILABILITY: &[Property] = &[has("available", "isavailable available online isonline", FLAG)];

const CHAT: &[Property] = &[
    has("id", "id chatid conversationid threadid ticketid number", Holds::Leaf(Leaf::Id)),
    has("status", "status state chatstatus chatstate phase", Holds::Leaf(Leaf::ChatStatus)),
    has("question", "question initialquestion subject topic title", TEXT),
    may_have("rating", "rating score stars", Holds::Leaf(Leaf::Number)),
    has("createdAt", CREATED, TIME),
    may_have("closedAt", "closedat closed closedtime resolvedat endedat", TIME),
    may_have("expert", "expert assignee assignedexpert", Holds::One(Kind::Expert)),
    may_have("persona", "persona agent", Holds::One(Kind::Persona)),
    has("requestedExperts", "requestedexperts", Holds::Many(Kind::Expert)),
    has("user", "user enduser customer visitor client requester guest", Holds::One(Kind::User)),
    may_have("category", "category section department", Holds::One(Kind::Category)),
    has("messages", "messages history transcript messagelist messageconnection entries", Holds::Many(Kind::Message)),
];

const MESSAGE: &[Property] = &[
    has("id", "id messageid number", Holds::Leaf(Leaf::Id)),
    may_have("text", "text body content message plaintext messagetext caption", TEXT),
    may_have(
        "attachment",
        "attachment attachments attachmenturl attachmentlink file files fileurl media mediaurl image url link href",
        TEXT,
    ),
    has("createdAt", CREATED, TIME),
    has("author", "author sender from by actor createdby writer", Holds::Author),
    has("", "chat conversation thread ticket", Holds::ItsChat),
];

const PERSONA: &[Property] = &[
    has("id", "id personaid agentid", Holds::Leaf(Leaf::Id)),
    has(
        "providerId",
        "providerid externalid foreignid reference externalreference provideruserid",
        Holds::Leaf(Leaf::Id),
    ),
    NAME,
    EMAIL,
    may_have("photo", "photo photourl avatar avatarurl picture pictureurl image imageurl", TEXT),
];

const SUBMISSION: &[Property] = &[
    has("id", "id submissionid", Holds::Leaf(Leaf::Id)),
    has("status", "status state", Holds::Leaf(Leaf::ReviewStatus)),
    may_have("reviewedAt", "reviewedat reviewed decidedat", TIME),
];

const EXPERT: &[Property] = &[has("id", "id expertid userid", Holds::Leaf(Leaf::Id)), NAME, EMAIL];
const USER: &[Property] = &[has("id", "id userid customerid", Holds::Leaf(Leaf::Id)), NAME, EMAIL];
const CATEGORY: &[Property] = &[has("id", "id categoryid", Holds::Leaf(Leaf::Id)), NAME];

const PAGE_INFO: &[Property] = &[
    has("hasNextPage", "hasnextpage hasnext hasmore", FLAG),
    has("hasPreviousPage", "haspreviouspage hasprevious", FLAG),
    may_have("startCursor", "startcursor previouscursor", TEXT),
    may_have("endCursor", "endcursor nextcursor", TEXT),
];

impl Kind {
    /// The words for it, the sandbox's own first.
    pub(in crate::sandbox) fn nouns(self) -> &'static [&'static str] {
        match self {
            Self::Query => &["query"],
            Self::Partner => &["partner", "viewer", "account", "company"],
            Self::PartnerState | Self::Availability => &["state"],
            Self::Chat => &["chat", "conversation", "thread", "ticket"],
            Self::Message => &["message", "entry"],
            Self::Persona => &["persona", "agent"],
            Self::Submission => &["submission", "review"],
            Self::Expert => &["expert"],
            Self::User => &["user", "customer", "visitor"],
            Self::Category => &["category"],
        }
    }

    pub(super) fn properties(self) -> &'static [Property] {
        match self {
            Self::Query => QUERY,
            Self::Partner => PARTNER,
            Self::PartnerState => PARTNER_STATE,
            Self::Availability => AVAILABILITY,
            Self::Chat => CHAT,
            Self::Message => MESSAGE,
            Self::Persona => PERSONA,
            Self::Submission => SUBMISSION,
            Self::Expert => EXPERT,
            Self::User => USER,
            Self::Category => CATEGORY,
        }
    }
}

/// What may be around a thing where a mutation answers it.
pub(super) fn around(kind: Kind) -> [Property; 5] {
    let (nouns, verdict) = match kind {
        Kind::Persona => ("persona agent", "code statuscode message"),
        // What a message says is its own.
        Kind::Message => ("message entry", "code statuscode"),
        Kind::Submission => ("submission review", "code statuscode message"),
        _ => ("chat conversation thread ticket", "code statuscode message"),
    };
    [
        has("", nouns, Holds::One(kind)),
        has("", "node result data record", Holds::One(kind)),
        may_have("cursor", "cursor", TEXT),
        has("", "ok success succeeded successful done", Holds::Yes),
        has("", verdict, Holds::Verdict),
    ]
}

/// What a connection has.
pub(super) fn of_page(kind: Kind) -> [Property; 4] {
    [
        has("edges", "edges", Holds::Edges(kind)),
        has(
            "edges",
            "nodes items data list elements results entries messages chats experts submissions",
            Holds::Nodes(kind),
        ),
        has("pageInfo", "pageinfo paging pagination", Holds::PageInfo),
        has("totalCount", "totalcount count total", Holds::Leaf(Leaf::Number)),
    ]
}

/// What an edge has.
pub(super) fn of_edge(kind: Kind) -> [Property; 2] {
    [has("cursor", "cursor", TEXT), has("node", "node item element", Holds::One(kind))]
}

/// What tells where a page stands.
pub(super) fn of_page_info() -> &'static [Property] {
    PAGE_INFO
}

/// What an object around a single value has.
pub(super) fn around_leaf(leaf: Leaf) -> [Property; 1] {
    let names = "id text plain plaintext value content body raw html markdown url href src link name key label";
    [has("", names, Holds::Leaf(leaf))]
}

impl Property {
    pub(super) fn is_named(&self, field: &str) -> bool {
        self.names.split(' ').any(|name| name == plain(field))
    }
}

/// A name without what conventions differ in: case and underscores.
pub(in crate::sandbox) fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

/// The words of a name, in lower case: `chat_id`, `chatId` and `ChatID` have `chat` and `id`.
pub(super) fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (place, letter) in letters.iter().enumerate() {
        let after_small = place > 0 && !letters[place - 1].is_uppercase();
        if *letter == '_' || (letter.is_uppercase() && after_small) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| *letter != '_') {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_same_words_in_every_convention() {
        for name in ["chat_id", "chatId", "ChatId", "chatID", "CHAT_ID"] {
            assert_eq!(words(name), ["chat", "id"], "{name}");
            assert_eq!(plain(name), "chatid", "{name}");
        }
        assert_eq!(words("__x"), ["x"]);
        assert!(words("").is_empty());
    }
}
