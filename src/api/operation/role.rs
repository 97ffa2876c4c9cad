//! The vocabulary of arguments: for each value that the program sends, the names and the types that an argument may have to
//! take it. A name is taken whole or not at all, in any spelling of case. Whatever is not here is a question to a person, as a
//! guess that is carried out sends one thing for another.

/// What a value is, and so which types an argument may have to take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// An id: `ID`, `String`, `Int` or a scalar of the platform's own.
    Id,
    /// A text: `String` or a scalar of the platform's own.
    Text,
    /// A link: `String` or a scalar of the platform's own.
    Link,
    /// How many: `Int`.
    Count,
    /// A place in a list: as an id or a text.
    Cursor,
    /// A time: a scalar of the platform's own, a text or a number.
    Time,
    /// An enum that has ascending and descending.
    Direction,
    /// An enum of fields, of which one is always taken.
    Field,
}

impl Sort {
    /// Whether a value of it decides what a list holds, so that leaving it out would bring something else.
    pub(crate) fn chooses(self) -> bool {
        matches!(self, Self::Cursor | Self::Time | Self::Direction)
    }
}

/// A value that an operation sends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Role {
    /// The role's name, which is that of the variable in a document.
    pub(crate) name: &'static str,
    pub(crate) sort: Sort,
    /// Whether the operation makes no sense without an argument for it.
    pub(crate) needed: bool,
    /// What gives the value, for whoever left it out.
    pub(crate) flag: &'static str,
    /// The names of an argument that takes it, in lower case without underscores.
    pub(crate) names: &'static [&'static str],
    /// More of them, which say it only of an argument of the operation itself or of its one input object: `id`.
    pub(crate) own: &'static [&'static str],
    /// Input objects in which those names mean the same: the `text` of a `message`, and not that of a `quote`.
    pub(crate) within: &'static [&'static str],
}

pub(in crate::api) const CHAT: Role = Role {
    name: "chat",
    sort: Sort::Id,
    needed: true,
    flag: "the chat's id",
    names: &["chatid", "chat", "conversationid", "conversation"],
    own: &["id"],
    within: &["chat", "conversation"],
};

/// The chat that a message is sent to: the `id` there may be the message's.
pub(in crate::api) const SENT_TO: Role = Role { own: &[], ..CHAT };

pub(in crate::api) const PERSONA: Role = Role {
    name: "persona",
    sort: Sort::Id,
    needed: false,
    flag: "--persona",
    names: &["personaid", "persona"],
    own: &[],
    within: &["persona", "message", "chatmessage"],
};

/// Whoever accepts a chat must be named: nobody else is known who could be meant.
pub(in crate::api) const ACCEPTING: Role = Role { needed: true, ..PERSONA };

pub(in crate::api) const TEXT: Role = Role {
    name: "text",
    sort: Sort::Text,
    needed: true,
    flag: "TEXT",
    names: &["text", "messagetext", "textcontent", "plaintext", "body", "messagebody", "content", "messagecontent"],
    own: &["message"],
    within: &["message", "chatmessage", "content"],
};

pub(in crate::api) const ATTACHMENT: Role = Role {
    name: "attachment",
    sort: Sort::Link,
    needed: false,
    flag: "--attachment",
    names: &[
        "attachment",
        "attachments",
        "attachmenturl",
        "attachmenturls",
        "attachmentlink",
        "attachmenturi",
        "fileurl",
        "mediaurl",
    ],
    own: &[],
    within: &["message", "chatmessage", "content"],
};

pub(in crate::api) const PROVIDER_ID: Role = Role {
    name: "providerId",
    sort: Sort::Id,
    needed: true,
    flag: "--provider-id",
    names: &["providerid", "provideruserid", "externalid"],
    own: &[],
    within: &["persona", "personadata"],
};

pub(in crate::api) const NAME: Role = Role {
    name: "name",
    sort: Sort::Text,
    needed: true,
    flag: "--name",
    names: &["name", "personaname", "displayname", "fullname"],
    own: &[],
    within: &["persona", "data"],
};

pub(in crate::api) const EMAIL: Role = Role {
    name: "email",
    sort: Sort::Text,
    needed: false,
    flag: "--email",
    names: &["email", "emailaddress", "mail"],
    own: &[],
    within: &["persona"],
};

pub(in crate::api) const PHOTO: Role = Role {
    name: "photo",
    sort: Sort::Link,
    needed: false,
    flag: "--photo",
    names: &["photo", "photourl", "avatar", "avatarurl", "picture", "pictureurl"],
    own: &[],
    within: &["persona"],
};

pub(in crate::api) const SUBMISSION: Role = Role {
    name: "submission",
    sort: Sort::Id,
    needed: true,
    flag: "the submission's id",
    names: &["submissionid", "submission"],
    own: &["id"],
    within: &["submission"],
};

/// How many elements of a list are wanted.
pub(in crate::api) const FIRST: Role = Role {
    name: "first",
    sort: Sort::Count,
    needed: false,
    flag: "--limit",
    names: &["first", "limit", "take", "pagesize", "perpage"],
    own: &[],
    within: PAGING,
};

/// How many of a list that is read from its end.
pub(in crate::api) const LAST: Role = Role { name: "last", names: &["last"], ..FIRST };

/// After which element they begin.
pub(in crate::api) const AFTER: Role = Role {
    name: "after",
    sort: Sort::Cursor,
    needed: false,
    flag: "--cursor",
    names: &[
        "after",
        "aftercursor",
        "cursor",
        "startafter",
        "pagetoken",
        "nexttoken",
        "nextpagetoken",
        "nextcursor",
        "continuationtoken",
    ],
    own: &[],
    within: PAGING,
};

/// Before which element they end.
pub(in crate::api) const BEFORE: Role = Role { name: "before", names: &["before", "beforecursor"], ..AFTER };

/// How many elements come before the page.
pub(in crate::api) const OFFSET: Role = Role {
    name: "offset",
    sort: Sort::Count,
    needed: false,
    flag: "--cursor",
    names: &["offset", "skip"],
    own: &[],
    within: PAGING,
};

/// Which page it is, all of them being of one size.
pub(in crate::api) const PAGE_NUMBER: Role = Role { name: "pageNumber", names: &["page", "pagenumber"], ..OFFSET };

/// Whether the newest come first.
pub(in crate::api) const DIRECTION: Role = Role {
    name: "direction",
    sort: Sort::Direction,
    needed: false,
    flag: "--order",
    names: &["direction", "orderdirection", "sortdirection", "order", "sort", "sortorder", "orderby"],
    own: &[],
    within: &["orderby", "order", "sort", "sorting"],
};

/// By what they are ordered.
pub(in crate::api) const ORDERED_BY: Role = Role {
    name: "orderedBy",
    sort: Sort::Field,
    needed: false,
    flag: "--order",
    names: &["field", "orderfield", "sortfield", "sortby", "orderby", "by"],
    own: &[],
    within: &["orderby", "order", "sort", "sorting"],
};

pub(in crate::api) const SINCE: Role = Role {
    name: "since",
    sort: Sort::Time,
    needed: false,
    flag: "--since",
    names: &["startdate", "since", "createdafter", "createdsince", "fromdate", "datefrom", "starttime", "startedafter"],
    own: &[],
    within: &["filter", "filters", "where", "range", "period", "daterange"],
};

pub(in crate::api) const UNTIL: Role = Role {
    name: "until",
    sort: Sort::Time,
    needed: false,
    flag: "--until",
    names: &["enddate", "until", "createdbefore", "createduntil", "todate", "dateto", "endtime", "startedbefore"],
    own: &[],
    within: &["filter", "filters", "where", "range", "period", "daterange"],
};

/// Input objects that hold what chooses a page.
const PAGING: &[&str] = &["page", "paging", "pagination"];
/// What an argument that nobody knows speaks of where it chooses a page.
const OF_PAGES: &[&str] = &[
    "page",
    "paging",
    "pagination",
    "cursor",
    "token",
    "offset",
    "limit",
    "first",
    "last",
    "after",
    "before",
    "skip",
    "take",
    "size",
    "count",
    "top",
];
/// The scalars whose times are counted in seconds: 32 bits hold no milliseconds.
const SECONDS: &[&str] = &["int", "unixtime", "unixtimestamp", "unixseconds", "epochseconds"];
/// How a name ends that says so.
const IN_SECONDS: &str = "seconds";

/// Input objects that say nothing of what is in them.
const NEUTRAL: &[&str] =
    &["input", "data", "payload", "params", "parameters", "args", "arguments", "options", "request", "attributes"];

/// The scalars of a platform's own that are known for an id, a text, and so on, in lower case without underscores.
const IDS: &[&str] = &[
    "uuid",
    "guid",
    "ulid",
    "objectid",
    "globalid",
    "bigint",
    "long",
    "int64",
    "chatid",
    "personaid",
    "providerid",
    "submissionid",
];
const TEXTS: &[&str] = &["text", "plaintext", "messagetext", "nonemptystring", "trimmedstring"];
const LINKS: &[&str] = &["url", "uri", "httpurl", "httpsurl", "absoluteurl"];
const CURSORS: &[&str] = &["cursor", "connectioncursor"];
const TIMES: &[&str] = &[
    "timestamp",
    "datetime",
    "date",
    "time",
    "instant",
    "offsetdatetime",
    "zoneddatetime",
    "iso8601datetime",
    "isodatetime",
    "datetimeiso",
    "unixtime",
    "unixtimestamp",
    "unixseconds",
    "epochseconds",
    "bigint",
    "long",
    "int64",
];

impl Role {
    /// Whether a place of this path takes it, by its name and those of the input objects around it. `operation` is the name
    /// of the field that has the argument.
    pub(in crate::api) fn is_named(&self, path: &str, operation: &str) -> bool {
        let parts: Vec<_> = path.split('.').map(plain).collect();
        let Some((last, outer)) = parts.split_last() else { return false };
        let last: &str = if self.sort == Sort::Time { last.strip_suffix(IN_SECONDS).unwrap_or(last) } else { last };
        let is_neutral = |outer: &String| {
            let inner = outer.strip_suffix("input").unwrap_or(outer);
            NEUTRAL.contains(&&**outer) || inner == plain(operation) || self.within.contains(&inner)
        };
        // `chat.id` is `chatId`, but the `after` of a `start` is a date.
        let known = outer.split_last().filter(|(nearest, _)| self.within.contains(&nearest.as_str()));
        let joined = known.map(|(nearest, rest)| (format!("{nearest}{last}"), rest));
        let has = |names: &[&str], name: &str| names.contains(&name);
        let is_own = outer.iter().all(|outer| NEUTRAL.contains(&&**outer) || *outer == plain(operation) + "input");
        (has(self.names, last) && outer.iter().all(is_neutral))
            || (has(self.own, last) && is_own)
            || joined.is_some_and(|(name, rest)| has(self.names, &name) && rest.iter().all(is_neutral))
    }

    /// Whether a scalar of this name takes it. An enum is another matter.
    pub(in crate::api) fn is_typed(&self, scalar: &str) -> bool {
        let own = plain(scalar);
        let known = |names: &[&str]| names.contains(&&*own);
        match self.sort {
            Sort::Id => matches!(scalar, "ID" | "String" | "Int") || known(IDS),
            Sort::Text if self.name == "email" => scalar == "String" || known(&["email", "emailaddress"]),
            Sort::Text => scalar == "String" || known(TEXTS),
            Sort::Link => scalar == "String" || known(LINKS),
            Sort::Count => scalar == "Int",
            Sort::Cursor => matches!(scalar, "ID" | "String") || known(CURSORS),
            Sort::Time => matches!(scalar, "String" | "Int" | "Float") || known(TIMES),
            Sort::Direction | Sort::Field => false,
        }
    }

    /// Whether a name is like those of this role: good for no more than to be named as a candidate.
    pub(in crate::api) fn resembles(&self, path: &str) -> bool {
        let words = words(path.rsplit('.').next().unwrap_or(path));
        let known = self.names.iter().chain(self.own).chain(self.within).copied();
        let names = plain(path.rsplit('.').next().unwrap_or(path));
        known.into_iter().any(|name| words.iter().any(|word| word == name) || names.contains(name))
    }
}

/// Whether an argument that nobody knows, or an object of them, may choose a page of a list.
pub(in crate::api) fn speaks_of_pages(name: &str) -> bool {
    words(name).iter().any(|word| OF_PAGES.contains(&&**word))
}

/// Whether an argument of this name and type takes a time in seconds.
pub(in crate::api) fn is_in_seconds(argument: &str, scalar: &str) -> bool {
    SECONDS.contains(&&*plain(scalar)) || plain(argument).ends_with(IN_SECONDS)
}

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
