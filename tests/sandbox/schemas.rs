//! `--schema`: the same platform in other words, or an error that says which of them it does not understand.

use guuru::sandbox::{Sandbox, Schema};
use serde_json::json;

use crate::shared::program::Home;
use crate::support::{Platform, options, start};

/// Names that nobody thought of before, a chat by its id, and statuses in an enum.
const OTHER: &str = "
    type Query { viewer: Viewer! conversation(id: ID!): Conversation weather: String! }
    type Viewer { conversations(last: Int, before: String, order: Order): Conversations! experts(first: Int): [Pro!]! }
    type Pro { id: ID! }
    enum Order { ASC DESC }
    type Conversations { items: [Conversation!]! hasPreviousPage: Boolean! startCursor: String totalCount: Int! }
    type Mutation {
      upsertAgent(agent: AgentInput!): Agent
      takeConversation(conversation: ID!, by: ID!): TakeResult
      postMessage(conversation: ID!, body: String, files: [String!]): Post!
      endConversation(conversation: ID!): Phase!
      reopenConversation(conversation: ID!): Boolean!
      tellJoke(about: String!): String
    }
    input AgentInput { externalId: ID! fullName: String! }
    type Agent { id: ID! fullName: String! }
    union TakeResult = NotAllowed | Taken
    type NotAllowed { reason: String! }
    type Taken { at: DateTime code: String! message: String! result: Conversation! }
    scalar DateTime
    enum Phase { WAITING ACTIVE RESOLVED }
    type Conversation { id: ID! phase: Phase! createdAt: DateTime! transcript: [Post!]! tags: [String!]! unread: Int! mood: String }
    type Post { id: ID! content: String! files: [File!]! sender: Sender conversation: Conversation! }
    type File { href: String! size: Int }
    union Sender = Agent | EndUser
    type EndUser { nickname: String! }
";

fn serving(sdl: &str) -> Platform {
    start(guuru::sandbox::Options {
        schema: Some(Schema { name: "other.graphql".into(), sdl: sdl.into() }),
        ..options()
    })
}

#[test]
fn a_whole_conversation_goes_in_other_words() {
    let platform = serving(OTHER);
    let chat = platform.chat();
    let agent =
        platform.data(r#"mutation { upsertAgent(agent: {externalId: "a-7", fullName: "Ada"}) { id fullName } }"#);
    let id = agent["upsertAgent"]["id"].as_str().unwrap();
    let take = format!(
        r#"mutation {{ takeConversation(conversation: "{chat}", by: "{id}") {{ __typename ... on Taken {{ code result {{ id phase tags unread mood
            transcript {{ content files {{ href }} sender {{ __typename ... on EndUser {{ nickname }} }} conversation {{ id }} }} }} }} }} }}"#
    );
    let taken = platform.data(&take)["takeConversation"].take();
    assert_eq!((&taken["__typename"], &taken["code"]), (&json!("Taken"), &json!("OK")));
    platform.notice("nothing is known of `Conversation.unread: Int!`: it is always 0");
    let said = json!({"content": "Does it fit?", "files": [], "sender": {"__typename": "EndUser", "nickname": "Eve"}, "conversation": {"id": chat}});
    assert_eq!(
        taken["result"],
        json!({"id": chat, "phase": "ACTIVE", "tags": [], "unread": 0, "mood": null, "transcript": [said]})
    );

    let post = format!(
        r#"mutation {{ postMessage(conversation: "{chat}", files: ["https://example.com/a.pdf"]) {{ content files {{ href size }}
            sender {{ ... on Agent {{ fullName }} }} }} }}"#
    );
    let file = json!({"href": "https://example.com/a.pdf", "size": null});
    assert_eq!(
        platform.data(&post)["postMessage"],
        json!({"content": "", "files": [file], "sender": {"fullName": "Ada"}})
    );
    let end = format!(r#"mutation {{ endConversation(conversation: "{chat}") }}"#);
    assert_eq!(platform.data(&end)["endConversation"], "RESOLVED");
    let reopen = format!(r#"mutation {{ reopenConversation(conversation: "{chat}") }}"#);
    assert_eq!(platform.data(&reopen)["reopenConversation"], true);
    let refused = platform.code(&reopen);
    assert_eq!(refused, "CHAT_NOT_CLOSED");
}

#[test]
fn queries_and_pages_go_in_other_words() {
    let platform = serving(OTHER);
    let page = "{ viewer { conversations(last: 3, order: ASC) { items { id createdAt } hasPreviousPage startCursor totalCount } } }";
    let page = platform.data(page)["viewer"]["conversations"].take();
    assert_eq!((&page["hasPreviousPage"], &page["totalCount"]), (&json!(true), &json!(14)));
    assert_eq!(page["items"][2], json!({"id": "c-14", "createdAt": "2026-01-14T00:00:00Z"}));
    let before = page["startCursor"].as_str().unwrap();
    let page = format!(
        "{{ viewer {{ conversations(last: 100, before: \"{before}\") {{ items {{ id }} hasPreviousPage }} }} }}"
    );
    let page = platform.data(&page)["viewer"]["conversations"].take();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["hasPreviousPage"]), (11, &json!(false)));
    let experts = platform.data("{ viewer { experts { id } two: experts(first: 2) { id } } }")["viewer"].take();
    assert_eq!(experts["experts"].as_array().unwrap().len(), 23);
    assert_eq!(experts["two"], json!([{"id": "api"}, {"id": "e-1"}]));
    assert_eq!(platform.data(r#"{ conversation(id: "c-3") { phase } }"#)["conversation"]["phase"], "RESOLVED");
    assert_eq!(platform.code(r#"{ conversation(id: "c-99") { phase } }"#), "CHAT_NOT_FOUND");
    for unknown in ["{ weather }", "mutation { tellJoke(about: \"chats\") }"] {
        assert_eq!(platform.code(unknown), "NOT_IMPLEMENTED");
    }
}

#[test]
fn what_it_cannot_place_is_refused_in_words_at_the_start() {
    for (from, to, words) in [
        (
            "endConversation(conversation: ID!)",
            "leaveConversation(conversation: ID!)",
            "it has no `closeChat`: looked for a mutation whose name has one of `close`, `end`, `resolve`, `finish` and one of `chat`",
        ),
        (
            "reopenConversation(",
            "openThread(chat: ID!): Boolean! reopenConversation(",
            "any of `openThread`, `reopenConversation` may be `openChat`",
        ),
        (
            "body: String,",
            "mood: String,",
            "`postMessage`: no argument takes its text: looked for one named for `text`",
        ),
        ("body: String,", "body: String, text: String,", "`postMessage`: both `body` and `text` may be its text"),
        (
            "body: String,",
            "body: String, locale: String!,",
            "`postMessage` demands `locale: String!`, which is none of its chat, persona, text, attachment",
        ),
        ("by: ID!", "by: Boolean", "`takeConversation`: no argument takes its persona"),
        (
            "mood: String",
            "mood: String!",
            "`Conversation.mood: String!` must have a value, and is none of `id`, `status`",
        ),
        ("mood: String", "rating: Int!", "`Conversation.rating: Int!` must have a value, and there may be none"),
        ("WAITING", "GONE", "`Conversation.phase: Phase!` must have a value"),
        (
            "phase: Phase!",
            "state: String! customer(locale: ID!): EndUser",
            "`Conversation.customer: EndUser` demands `locale: ID!`",
        ),
        ("union Sender = Agent | EndUser", "union Sender = NotAllowed", "no member of `Sender` can hold it"),
        ("scalar DateTime", "", "other.graphql: it is no valid schema: "),
    ] {
        assert!(OTHER.contains(from), "{from}");
        let sdl = OTHER.replacen(from, to, 1).replace("conversation: Conversation!", "conversation: Conversation");
        let schema = Some(Schema { name: "other.graphql".into(), sdl });
        let refused = Sandbox::start(guuru::sandbox::Options { schema, ..options() }, |_| ()).err();
        let refused = format!("{:#}", refused.unwrap_or_else(|| panic!("{to} is served")));
        assert!(refused.starts_with("cannot serve other.graphql: ") && refused.contains(words), "{words}\n{refused}");
    }
}

#[test]
fn a_file_that_cannot_be_served_is_a_usage_error() {
    let home = Home::bare();
    let file = |text: &str| {
        let path = home.path().join("live.graphql");
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let run = |path: &str| home.run(["sandbox", "--addr", "127.0.0.1:0", "--schema", path]);
    let refused = run(&file("type Query { me: ID }")).failed(2, "it has no `createPersona`");
    assert!(refused.stderr.contains("live.graphql: ") && refused.stderr.contains("\nhint: "), "{refused:?}");
    run(&file("{\"data\": {}}")).failed(2, "is JSON: a schema is wanted in the schema definition language");
    run("nowhere.graphql").failed(2, "cannot read nowhere.graphql");
    let background = home.run(["sandbox", "--background", "--addr", "127.0.0.1:0", "--schema", &file("type Query {")]);
    background.failed(2, "it is no valid schema");
}

#[test]
fn ids_that_are_numbers_are_so_for_the_end_user_too() {
    let sdl = OTHER.replace("type Conversation { id: ID!", "type Conversation { id: Int!");
    let platform = serving(&sdl);
    assert_eq!(platform.chat(), "15");
    assert_eq!(platform.data("{ conversation(id: 15) { id } }")["conversation"]["id"], 15);
}
