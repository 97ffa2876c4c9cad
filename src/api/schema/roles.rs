//! What the program means by each value that it sends, whatever a schema calls it. Every name that is taken for another
//! stands here and in `plans`, so that what the program can guess, and what it cannot, is two pages to read.

/// What a value is, and so which types an argument may have to take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// An id: `ID`, `String`, `Int` or a scalar of the platform's own.
    Id,
    /// A text: `String` or a scalar of the platform's own.
    Text,
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

pub(super) const CHAT: Role = Role {
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

pub(super) const PERSONA: Role = Role {
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

pub(super) const TEXT: Role = Role {
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

pub(super) const ATTACHMENT: Role = Role {
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

pub(super) const PROVIDER_ID: Role = Role {
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

pub(super) const NAME: Role = Role {
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

pub(super) const EMAIL: Role = Role {
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

pub(super) const PHOTO: Role = Role {
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

pub(super) const SUBMISSION: Role = Role {
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

/// How many elements of a list are wanted.
pub(super) const FIRST: Role = Role {
    name: "first",
    at: "/first",
    sort: Sort::Count,
    needed: false,
    flag: "--limit",
    exact: &["first"],
    likely: &["limit", "pagesize", "size", "take", "perpage"],
    generic: &["count"],
    words: &[],
};

/// After which element they begin.
pub(super) const AFTER: Role = Role {
    name: "after",
    at: "/after",
    sort: Sort::Cursor,
    needed: false,
    flag: "--cursor",
    exact: &["after", "aftercursor"],
    likely: &["cursor", "startafter", "pagetoken"],
    generic: &[],
    words: &["after"],
};

/// Whether the newest come first.
pub(super) const DIRECTION: Role = Role {
    name: "direction",
    at: "/orderBy/direction",
    sort: Sort::Direction,
    needed: false,
    flag: "--order",
    exact: &["direction", "orderdirection", "sortdirection"],
    likely: &["order", "sort", "sortorder", "dir", "orderby"],
    generic: &[],
    words: &["direction", "order", "sort"],
};

/// By what they are ordered.
pub(super) const ORDERED_BY: Role = Role {
    name: "orderedBy",
    at: "/orderBy/field",
    sort: Sort::Field,
    needed: false,
    flag: "--order",
    exact: &["field", "orderfield", "sortfield"],
    likely: &["by", "sortby", "orderby", "key", "property", "column"],
    generic: &[],
    words: &["field"],
};

pub(super) const SINCE: Role = Role {
    name: "since",
    at: "/startDate",
    sort: Sort::Time,
    needed: false,
    flag: "--since",
    exact: &["startdate", "since", "createdafter", "createdsince"],
    likely: &["from", "fromdate", "datefrom", "start", "starttime", "startedafter", "begin", "mindate"],
    generic: &["after"],
    words: &["since", "start"],
};

pub(super) const UNTIL: Role = Role {
    name: "until",
    at: "/endDate",
    sort: Sort::Time,
    needed: false,
    flag: "--until",
    exact: &["enddate", "until", "createdbefore", "createduntil"],
    likely: &["to", "todate", "dateto", "end", "endtime", "startedbefore", "maxdate"],
    generic: &["before"],
    words: &["until", "end"],
};

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
