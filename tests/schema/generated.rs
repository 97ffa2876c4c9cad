//! Revisions that nobody thought of: the mutations renamed, wrapped, reordered and without what is optional, at random.

#![allow(clippy::format_push_string, reason = "a schema is put together line by line, and nobody waits for it")]

use guuru::api::operation::ALL;
use guuru::api::schema::{Live, bind};
use proptest::prelude::*;

/// A value with the names that it may have, its type, and whether an endpoint may do without it.
type Value = (&'static str, &'static [&'static str], &'static str, bool);

const CHAT: Value = ("chat", &["chatId", "chat", "chat_id", "chatID", "conversationId", "id"], "ID!", false);
/// The `id` there may be the message's.
const SENT_TO: Value = ("chat", &["chatId", "chat", "chat_id", "chatID", "conversationId"], "ID!", false);
const PERSONA: Value = ("persona", &["personaId", "persona", "persona_id", "PersonaID"], "ID", true);
const ACCEPTING: Value = ("persona", PERSONA.1, "ID!", false);
const TEXT: Value = ("text", &["text", "body", "content", "messageText", "message"], "String", false);
const ATTACHMENT: Value =
    ("attachment", &["attachment", "attachmentUrl", "fileUrl", "attachment_link"], "String", true);

/// Arguments that only resemble those of the vocabulary, or have nothing to do with them.
const DECOYS: [&str; 16] = [
    "replyToText: String",
    "textFormat: String",
    "quote: String",
    "templateName: String",
    "messageType: String",
    "bodyTemplate: String",
    "chatRoomName: String",
    "previousChat: ID",
    "quotedMessageId: ID",
    "personaName: Int",
    "senderId: ID",
    "upload: String",
    "attachmentType: String",
    "nameOrder: String",
    "providerKind: String",
    "note: String",
];

/// The mutations with the values that they send, and the type of their result.
const MUTATIONS: [(&str, &str, &[Value], &str); 5] = [
    (
        "PersonaCreate",
        "createPersona",
        &[
            ("providerId", &["providerId", "provider_id", "externalId", "ProviderID"], "ID!", false),
            ("name", &["name", "displayName", "fullName"], "String!", false),
            ("email", &["email", "emailAddress", "mail"], "String", true),
            ("photo", &["photo", "photoUrl", "avatarUrl", "picture"], "String", true),
        ],
        "Persona",
    ),
    ("ChatAccept", "acceptChat", &[CHAT, ACCEPTING], "Chat"),
    ("ChatSend", "sendChatMessage", &[SENT_TO, PERSONA, TEXT, ATTACHMENT], "Message"),
    ("ChatClose", "closeChat", &[CHAT, PERSONA], "Chat"),
    ("ChatOpen", "openChat", &[CHAT, PERSONA], "Chat"),
];

/// One revision as dice: numbers that decide about names, order, presence and wrapping.
#[derive(Clone, Debug)]
struct Dice {
    names: Vec<usize>,
    kept: Vec<bool>,
    order: Vec<u16>,
    wrapping: u8,
    payload: bool,
    list: u8,
    fields: Vec<bool>,
    /// Which decoys stand among the arguments of each mutation, as bits.
    decoys: Vec<u16>,
    /// Whether one of them must be given.
    demanded: bool,
}

fn dice() -> impl Strategy<Value = Dice> {
    let flags = || prop::collection::vec(any::<bool>(), 16);
    let names = prop::collection::vec(0usize..100, 16);
    let decoys = (prop::collection::vec(any::<u16>(), 5), any::<bool>());
    (names, flags(), prop::collection::vec(any::<u16>(), 16), 0u8..3, any::<bool>(), 0u8..3, flags(), decoys).prop_map(
        |(names, kept, order, wrapping, payload, list, fields, (decoys, demanded))| Dice {
            names,
            kept,
            order,
            wrapping,
            payload,
            list,
            fields,
            decoys,
            demanded,
        },
    )
}

/// A revision: its SDL, and for each mutation where each value goes.
fn revision(dice: &Dice) -> (String, Vec<Vec<(&'static str, String)>>) {
    let (mut root, mut types, mut expected) = (String::new(), String::new(), Vec::new());
    for (number, (_, mutation, values, result)) in MUTATIONS.into_iter().enumerate() {
        let mut arguments = Vec::new();
        for (place, (role, names, ty, optional)) in values.iter().enumerate() {
            if !optional || dice.kept[place] {
                let name = names[dice.names[place] % names.len()];
                arguments.push((dice.order[place], *role, name, *ty));
            }
        }
        arguments.sort_unstable();
        let declared = |it: &[(u16, &str, &str, &str)]| {
            it.iter().map(|(_, _, name, ty)| format!("{name}: {ty}")).collect::<Vec<_>>().join(" ")
        };
        let (outer, inner) = match dice.wrapping {
            0 => (&arguments[..], &[][..]),
            1 => (&[][..], &arguments[..]),
            _ => arguments.split_at(arguments.len() / 2),
        };
        let mut given = declared(outer);
        let decoys = DECOYS.iter().enumerate().filter(|(place, _)| dice.decoys[number] & (1 << place) != 0);
        for (place, (_, decoy)) in decoys.enumerate() {
            given += &format!(" {decoy}{}", if dice.demanded && place == 0 { "!" } else { "" });
        }
        if !inner.is_empty() {
            given += &format!(" input: {mutation}Input!");
            types += &format!("input {mutation}Input {{ {} clientMutationId: String }}\n", declared(inner));
        }
        let at = |prefix: &str, (_, role, name, _): &(u16, &'static str, &'static str, &str)| {
            (*role, format!("{prefix}{name}"))
        };
        expected.push(outer.iter().map(|it| at("", it)).chain(inner.iter().map(|it| at("input.", it))).collect());
        let answered = if dice.payload {
            types +=
                &format!("type {mutation}Payload {{ clientMutationId: String {}: {result} }}\n", result.to_lowercase());
            format!("{mutation}Payload")
        } else {
            format!("{result}!")
        };
        root += &format!("  {mutation}({given}): {answered}\n");
    }
    let field = |place: usize, text: &'static str| if dice.fields[place] { text } else { "" };
    let messages =
        ["messages: [Message!]!", "messages(first: Int): Messages!", "history: [Message]"][usize::from(dice.list)];
    let message =
        format!("id: ID! {} {} {}", field(0, "body: String"), field(1, "url: String"), field(2, "author: Author"));
    types += &format!(
        "type Chat {{ id: ID! {} {} {messages} }}\ntype Message {{ {message} }}\ntype Author {{ id: ID name: String }}\n\
         type Messages {{ edges: [Edge!]! }}\ntype Edge {{ node: Message! }}\n\
         type Persona {{ id: ID! {} }}\n",
        field(3, "state: String"),
        field(4, "subject: String"),
        field(5, "displayName: String"),
    );
    (format!("type Query {{ x: Int }}\ntype Mutation {{\n{root}}}\n{types}"), expected)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_value_finds_its_argument_under_any_known_name_and_at_any_depth(dice in dice()) {
        let (sdl, expected) = revision(&dice);
        let live = Live::read(sdl.as_bytes()).unwrap();
        for ((name, ..), expected) in MUTATIONS.iter().zip(expected) {
            let operation = ALL.into_iter().find(|operation| operation.name == *name).unwrap();
            let bound = bind(&live, operation);
            if dice.demanded && bound.is_err() {
                let question = format!("{:#}", bound.unwrap_err());
                prop_assert!(question.contains("must be given, and is not known to take any of"), "{question}\n{sdl}");
                continue;
            }
            prop_assert!(bound.is_ok(), "{:#}\n{sdl}", bound.unwrap_err());
            let bound = bound.unwrap();
            prop_assert!(live.misfits(&bound.document, name).is_empty());
            for found in &bound.matches {
                let place = expected.iter().find(|(role, _)| *role == found.role).map(|(_, path)| path.as_str());
                prop_assert_eq!(found.argument.as_deref(), place, "{} in\n{}", found.role, &sdl);
            }
            let text = bound.document.contains("text: body");
            let asks = matches!(*name, "ChatAccept" | "ChatSend");
            prop_assert_eq!(text, asks && dice.fields[0], "{}", &bound.document);
        }
    }
}
