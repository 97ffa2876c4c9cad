//! The files: what is written, what a person wrote, and what becomes of the values.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::platform::file;
use crate::support::program::Home;
use crate::support::server::{Answer, Server};

/// A home whose endpoint has this address.
fn home() -> Home {
    Home::new().with("GUURU_ENDPOINT", "https://platform.example/graphql")
}

/// The file of a document of that endpoint.
fn path(home: &Home, operation: &str) -> PathBuf {
    home.path().join(format!("config/schema/default/platform.example_graphql/{operation}.graphql"))
}

/// Writes a schema into a file of the home.
fn schema(home: &Home, sdl: &str) -> String {
    let path = home.path().join("live.graphql");
    fs::write(&path, sdl).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The contract with its line for a mutation in other words.
fn contract_with(home: &Home, mutation: &str, line: &str) -> String {
    let contract =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/schema.graphql")).unwrap();
    let is_it = |it: &str| it.trim_start().starts_with(&format!("{mutation}("));
    let lines: Vec<_> = contract.lines().map(|it| if is_it(it) { line } else { it }).collect();
    assert!(lines.contains(&line), "the contract has no {mutation}");
    schema(home, &lines.join("\n"))
}

fn sync(home: &Home, from: &str) -> Value {
    home.run(["schema", "sync", "--from", from]).ok().json()
}

/// The requests that a command would send.
fn requests(home: &Home, args: &[&str]) -> Vec<Value> {
    let lines = home.run([args, &["--dry-run"]].concat()).ok().stdout;
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn states(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect()
}

#[test]
fn a_second_sync_changes_nothing() {
    let home = home();
    let from = file("renamed");
    assert_eq!(states(&sync(&home, from.to_str().unwrap()))[..7], ["written"; 7]);
    let before = fs::read_to_string(path(&home, "ChatSend")).unwrap();
    assert!(before.starts_with("# Written by `guuru schema sync` for "), "{before}");
    assert_eq!(states(&sync(&home, from.to_str().unwrap()))[..7], ["unchanged"; 7]);
    assert_eq!(fs::read_to_string(path(&home, "ChatSend")).unwrap(), before);
}

#[test]
fn if_the_built_in_document_fits_no_file_is_written_and_an_old_one_is_removed() {
    let home = home();
    let contract = contract_with(&home, "closeChat", "  closeChat(chatId: ID!, personaId: ID): Chat!");
    let folder = path(&home, "ChatClose").parent().unwrap().to_owned();
    let states_of =
        |from: &str| -> Vec<String> { states(&sync(&home, from)).into_iter().map(ToOwned::to_owned).collect() };
    assert_eq!(states_of(&contract), ["built-in"; 13]);
    assert!(!folder.exists(), "nothing differs, and something was written");
    let other = contract_with(&home, "closeChat", "  closeChat(id: ID!): Chat!");
    let synced = states_of(&other);
    assert_eq!(synced.iter().filter(|state| *state == "written").count(), 1, "{synced:?}");
    assert_eq!((synced[3].as_str(), fs::read_dir(&folder).unwrap().count()), ("written", 1));
    // One by hand is kept, whatever the schema says of the built-in one.
    fs::write(path(&home, "ChatOpen"), "mutation A($chat: ID!) { openChat(chatId: $chat) { id } }").unwrap();
    let contract = contract_with(&home, "closeChat", "  closeChat(chatId: ID!, personaId: ID): Chat!");
    let again = states_of(&contract);
    assert_eq!((again[3].as_str(), again[4].as_str()), ("removed", "edited"), "{again:?}");
    assert!(!path(&home, "ChatClose").exists() && path(&home, "ChatOpen").exists());
    assert_eq!(states_of(&contract)[3], "built-in");
    home.run(["schema", "sync", "--force", "--from", &contract]).ok();
    assert!(!path(&home, "ChatOpen").exists());
}

#[test]
fn a_document_that_a_person_changed_is_kept_and_used_until_force() {
    let home = home();
    let from = file("renamed");
    sync(&home, from.to_str().unwrap());
    let edited = fs::read_to_string(path(&home, "ChatClose")).unwrap().replace("status: state", "");
    fs::write(path(&home, "ChatClose"), &edited).unwrap();
    let again = home.run(["schema", "sync", "--from", from.to_str().unwrap()]).ok();
    assert_eq!(states(&again.json())[3], "edited");
    assert!(again.stderr.contains("ChatClose.graphql was written by hand"), "{again:?}");
    assert_eq!(fs::read_to_string(path(&home, "ChatClose")).unwrap(), edited);
    assert!(!requests(&home, &["chat", "close", "1"])[0]["query"].to_string().contains("state"));
    home.run(["schema", "sync", "--force", "--from", from.to_str().unwrap()]).ok();
    assert!(requests(&home, &["chat", "close", "1"])[0]["query"].to_string().contains("status: state"));
}

#[test]
fn a_document_by_hand_needs_its_variables_names_alone() {
    let answer = json!({"data": {"done": {"ticket": {"id": 7, "status": "shut", "closedAt": "2026-01-02T03:04:05Z"}}}});
    let platform = Server::always(move |_| Answer::json(200, &answer));
    let home = Home::new().with("GUURU_ENDPOINT", &platform.url());
    sync(&home, file("renamed").to_str().unwrap());
    let folder = fs::read_dir(home.path().join("config/schema/default")).unwrap().next().unwrap().unwrap().path();
    let mine =
        "mutation Shut($chat: Int!) { done: endTicket(number: $chat) { ticket { id: number status closedAt } } }";
    fs::write(folder.join("ChatClose.graphql"), mine).unwrap();
    let closed = home.run(["chat", "close", "7"]).ok().json();
    assert_eq!(closed, json!({"id": "7", "status": "shut", "closedAt": 1_767_323_045_000_i64}));
    let [request] = &platform.requests()[..] else { panic!("one request") };
    assert_eq!(request.json(), json!({"operationName": "Shut", "query": mine, "variables": {"chat": 7}}));
    home.run(["chat", "close", "c-1"]).failed(2, "wants a whole number for `chat`");
}

#[test]
fn a_document_by_hand_that_is_none_is_named() {
    let home = home();
    fs::create_dir_all(path(&home, "ChatClose").parent().unwrap()).unwrap();
    for broken in ["mutation {", "query Q { x }", "mutation A { b } mutation C { d }", "mutation { a }"] {
        fs::write(path(&home, "ChatClose"), broken).unwrap();
        home.run(["chat", "close", "1"]).failed(3, "ChatClose.graphql");
    }
    fs::write(path(&home, "ChatClose"), "mutation A($mood: ID!) { closeChat(mood: $mood) { id } }").unwrap();
    home.run(["chat", "close", "1"]).failed(3, "demands `mood`, which the program does not have");
}

#[test]
fn another_endpoint_has_documents_of_its_own() {
    let home = home();
    sync(&home, file("renamed").to_str().unwrap());
    let built_in = requests(&home, &["chat", "close", "1", "--endpoint", "https://other.example/graphql"]);
    assert_eq!(built_in[0]["query"], include_str!("../../src/api/operation/chat_close.graphql"));
    assert_eq!(requests(&home, &["chat", "close", "1"])[0]["variables"], json!({"chat": "1"}));
}

#[test]
fn endpoints_whose_addresses_look_alike_have_documents_of_their_own() {
    let home = home();
    let all = [
        "https://platform.example/v1/graphql",
        "https://platform.example/v1_graphql",
        "https://platform.example/v1/graphql/",
        "https://platform.example/v1/graphql?version=2",
        "https://platform.example/v1/graphql?version=3",
        "https://platform.example/V1/graphql",
        "https://platform.example:8443/v1/graphql",
        "https://platform.example/8443/v1/graphql",
        "http://127.0.0.1/v1/graphql",
        "https://127.0.0.1/v1/graphql",
    ];
    let from = file("renamed");
    for endpoint in all {
        home.run(["schema", "sync", "--from", from.to_str().unwrap(), "--endpoint", endpoint]).ok();
    }
    let folders = fs::read_dir(home.path().join("config/schema/default")).unwrap();
    let mut names: Vec<_> = folders.map(|it| it.unwrap().file_name().to_str().unwrap().to_lowercase()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all.len(), "{names:?}");
    assert!(names.contains(&"platform.example_v1_graphql".to_owned()), "{names:?}");
}

#[test]
fn an_attachment_is_text_where_there_is_nothing_but_text() {
    let home = home();
    sync(&home, file("bare").to_str().unwrap());
    let link = "https://example.com/a.pdf";
    for (args, text) in [
        (&["chat", "send", "1", "--attachment", link][..], link),
        (&["chat", "send", "1", "See", "--attachment", link][..], "See\nhttps://example.com/a.pdf"),
        (&["chat", "send", "1", "Hello"][..], "Hello"),
    ] {
        assert_eq!(requests(&home, args)[0]["variables"], json!({"chat": "1", "text": text}));
    }
    let nested = file("nested");
    let accept = ["--accept", "providerId=input.persona.reference"];
    home.run([&["schema", "sync", "--from", nested.to_str().unwrap()][..], &accept].concat()).ok();
    let variables = &requests(&home, &["chat", "send", "1", "--persona", "p", "--attachment", link])[0]["variables"];
    assert_eq!(
        *variables,
        json!({"chat": "1", "persona": "p", "text": link, "attachment": link}),
        "a text is demanded"
    );
}

#[test]
fn a_match_that_is_not_clear_is_an_error_that_names_the_candidates_and_the_file() {
    for (line, words) in [
        (
            "  closeChat(chatId: ID, id: ID): Chat!",
            "`chat` may be any of the arguments `chatId`, `id`; `--accept chat=chatId` says that it is the first",
        ),
        (
            "  closeChat(chatRoomId: ID, roomId: ID): Chat!",
            "`chatRoomId`, `roomId` could be meant: `--accept chat=chatRoomId` says so",
        ),
        (
            "  closeChat(chatId: ID!, reason: String!): Chat!",
            "`reason: String!` must be given, and is not known to take any of `persona`",
        ),
        (
            "  closeChat(number: ID!): Chat!",
            "no argument is known to take `chat`; the arguments are `number: ID!`; `number` could be meant",
        ),
        ("  closeChat(chatId: Boolean!): Chat!", "no argument is known to take `chat`"),
        ("  closeChat: Chat!", "no argument is known to take `chat`; the arguments are none"),
        ("  chatClose(chatId: ID!): Chat!", "has no mutation `closeChat`; similar ones are `chatClose`"),
    ] {
        let home = home();
        let from = contract_with(&home, "closeChat", line);
        let sdl = fs::read_to_string(&from).unwrap().replace("openChat(chatId: ID!", "openChat(id: ID!");
        let from = schema(&home, &sdl);
        let failed = home.run(["schema", "sync", "--from", &from]).failed(4, words);
        assert!(failed.stderr.contains("cannot write `closeChat` for this schema"), "{failed:?}");
        let by_hand = format!("write the document by hand in {}", path(&home, "ChatClose").display());
        assert!(failed.stderr.contains(&by_hand), "{failed:?}");
        assert!(path(&home, "ChatOpen").exists(), "the others are written all the same");
    }
    let home = home();
    let from = contract_with(&home, "sendChatMessage", "  sendChatMessage(chatId: ID!, text: String!): Boolean!");
    home.run(["schema", "sync", "--from", &from]).failed(4, "its result `Boolean!` has no message with an `id`");
}

#[test]
fn a_mutation_that_is_nowhere_is_said_and_holds_up_nothing() {
    let home = home();
    let from = contract_with(&home, "approveSubmission", "  other: Int");
    let sdl = fs::read_to_string(&from).unwrap().replace("rejectSubmission", "mood");
    let synced = home.run(["schema", "sync", "--from", &schema(&home, &sdl)]).ok();
    assert!(synced.stderr.contains("has no mutation `approveSubmission`"), "{synced:?}");
    assert_eq!(states(&synced.json())[5..7], ["missing", "missing"]);
    home.run(["schema", "check", "--from", &from]).failed_with_result(4, "SubmissionApprove");
}

#[test]
fn sync_explains_itself_to_people() {
    let home = home();
    let from = file("renamed");
    let from = ["--accept", "persona=sender", "--from", from.to_str().unwrap()];
    let args = [&["schema", "sync", "--explain", "-o", "table"][..], &from].concat();
    let text = home.run(args).ok().stdout;
    for line in [
        "  chat → id: certain; `id` is one of its names, and `ID!` one of its types",
        "  text → body: certain; `body` is one of its names, and `String` one of its types",
        "  persona → sender: accepted; somebody said that `sender` takes it",
        "  persona → -: certain; no argument is known to take it: it is left out",
        "  messages.text ← body",
    ] {
        assert!(text.lines().any(|it| it == line), "{line:?} is not in {text}");
    }
}

#[test]
fn check_lists_what_differs_and_what_does_not_work() {
    let home = home();
    let from = contract_with(&home, "closeChat", "  closeChat(id: ID!): Chat!");
    let check = ["schema", "check", "--from", &from];
    let failed = home.run(check).failed_with_result(4, "operations do not fit the schema: ChatClose\n");
    assert!(failed.stderr.contains("the argument `chatId` is not supported by `Mutation.closeChat`"), "{failed:?}");
    sync(&home, &from);
    let rows = home.run(check).ok().json();
    let close = rows.as_array().unwrap().iter().find(|row| row["operation"] == "ChatClose").unwrap();
    assert_eq!((&close["document"], &close["fits"]), (&json!("synced"), &json!(true)));
    assert!(!close["differs"].as_array().unwrap().is_empty(), "{rows}");
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/schema.graphql");
    let other = ["schema", "check", "--endpoint", "https://other.example/", "--from", contract.to_str().unwrap()];
    let rows = home.run(other).ok().json();
    assert!(rows.as_array().unwrap().iter().all(|row| row["fits"] == true && row["document"] == "built-in"), "{rows}");
}

#[test]
fn an_answer_that_is_hardly_one_is_the_chat_that_was_asked_about() {
    for answer in [json!(true), json!("CLOSED"), json!("OK"), json!({"ok": true})] {
        let (_platform, home) = closing("", &answer);
        assert_eq!(home.run(["chat", "close", "1"]).ok().json(), json!({"id": "1"}), "{answer}");
    }
    for answer in [json!({"conversation": {"id": "1"}}), json!([{"id": 1}])] {
        let (_platform, home) = closing("{ conversation { id } }", &answer);
        assert_eq!(home.run(["chat", "close", "1"]).ok().json(), json!({"id": "1"}), "{answer}");
    }
}

/// A platform that gives this answer to a document by hand that asks for this.
fn closing(selection: &str, answer: &Value) -> (Server, Home) {
    let body = json!({"data": {"closeChat": answer}});
    let platform = Server::always(move |request| {
        let is_close = request.json()["operationName"] == "ChatClose";
        if is_close { Answer::json(200, &body) } else { Answer::json(400, &json!({"errors": ["not known here"]})) }
    });
    let home = Home::new().with("GUURU_ENDPOINT", &platform.url());
    let file = PathBuf::from(documents(&home).as_str().unwrap());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let document = format!("mutation ChatClose($chat: ID!) {{ closeChat(chatId: $chat) {selection} }}");
    fs::write(file, document).unwrap();
    (platform, home)
}

/// The file of the document that closes a chat.
fn documents(home: &Home) -> Value {
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/schema.graphql");
    let mut sdl = fs::read_to_string(contract).unwrap();
    sdl = sdl.replace("closeChat(chatId: ID!", "closeChat(id: ID!");
    let rows = sync(home, &schema(home, &sdl));
    rows.as_array().unwrap().iter().find(|row| row["operation"] == "closeChat").unwrap()["file"].clone()
}

#[test]
fn a_negative_answer_or_another_chat_is_not_a_success() {
    for (selection, answer, code, words) in [
        ("", json!(false), 4, "no reason given"),
        ("", json!("FAILED"), 4, "FAILED"),
        ("", json!("NOT_ALLOWED"), 4, "NOT_ALLOWED"),
        ("", json!("QUEUED"), 9, "QUEUED"),
        ("", json!("OPENED"), 9, "OPENED"),
        ("{ ok said: message code }", json!({"ok": false, "said": "it is rated", "code": "RATED"}), 4, "it is rated"),
        ("{ failed }", json!({"failed": true}), 4, "no reason given"),
        ("{ chat { id } }", json!({"chat": null}), 9, "has no chat"),
        ("{ chat { id } }", json!({"chat": {"id": "2"}}), 9, "about another chat: `2`, not `1`"),
        ("{ previousChat { id } chat { id } }", json!({"previousChat": {"id": "2"}, "chat": null}), 9, "another chat"),
        (
            "{ chat { id } errors { message: messages } }",
            json!({"chat": null, "errors": [{"message": ["no", "never"]}]}),
            4,
            "no",
        ),
        (
            "{ chat { id } errors { __typename } }",
            json!({"chat": null, "errors": [{"__typename": "ChatIsRated"}]}),
            4,
            "chat is rated",
        ),
        (
            "{ ... on Chat { id } ... on E { refusedBy: __typename } }",
            json!({"refusedBy": "ChatNotFound"}),
            4,
            "chat not found",
        ),
        ("{ __typename ... on Chat { id } }", json!({"__typename": "SomethingNew"}), 9, "has no chat"),
        ("{ chat { id } failed: error }", json!({"chat": null, "failed": true}), 4, "no reason given"),
        ("{ success message }", json!({"success": false, "message": "it is rated"}), 4, "it is rated"),
        ("{ closed }", json!({"closed": false}), 4, "no reason given"),
        ("{ at }", json!({"at": 7}), 9, "does not say that it is done"),
        ("{ __typename }", json!({"__typename": "ChatNotFound"}), 4, "chat not found"),
        (
            "{ chat { id } userErrors { message } }",
            json!({"chat": {"id": "1"}, "userErrors": [{"message": "it is rated"}]}),
            9,
            "it is rated",
        ),
        ("{ chat { id } success }", json!({"chat": {"id": "1"}, "success": false}), 9, "errors beside a result"),
        ("{ refusal code }", json!({"refusal": "oops", "code": "INTERNAL_SERVER_ERROR"}), 9, "oops"),
    ] {
        let (_platform, home) = closing(selection, &answer);
        home.run(["chat", "close", "1", "-o", "json"]).failed(code, words);
    }
}

#[test]
fn a_refusal_in_a_payload_is_a_refusal() {
    for (answer, code, words) in [
        (json!({"chat": null, "errors": [{"message": "it is rated", "code": "CHAT_RATED"}]}), 4, "it is rated"),
        (json!({"refusal": "it is rated", "code": "CHAT_RATED"}), 4, "it is rated"),
        (json!({"chat": {"id": "1"}, "errors": [{"message": "hm"}]}), 9, "errors beside a result"),
        (json!({"errors": ["it is rated"]}), 4, "it is rated"),
        (json!({"errors": "it is rated"}), 4, "it is rated"),
        (json!({"ok": false}), 4, "the platform refused: no reason given"),
    ] {
        let body = json!({"data": {"closeChat": answer}});
        let platform = Server::always(move |_| Answer::json(200, &body));
        let home = Home::new().with("GUURU_ENDPOINT", &platform.url());
        home.run(["chat", "close", "1", "-o", "json"]).failed(code, words);
    }
}

#[test]
fn of_an_object_that_takes_exactly_one_value_the_text_is_the_one() {
    let home = home();
    let sdl = fs::read_to_string(file("renamed")).unwrap();
    let sdl = sdl.replace(
        "sendChatMessage(conversationId: ID!, sender: ID, body: String, fileUrl: String)",
        "sendChatMessage(chat: ID!, message: Content!)",
    );
    let sdl = sdl
        + "input Content @oneOf { attachmentUrl: String text: String sticker: Sticker }\ninput Sticker { id: ID! }\n";
    sync(&home, &schema(&home, &sdl));
    let link = "https://example.com/a.pdf";
    let request = &requests(&home, &["chat", "send", "1", "--attachment", link])[0];
    assert_eq!(request["variables"], json!({"chat": "1", "text": link}));
    let query = request["query"].as_str().unwrap();
    assert!(query.contains("($chat: ID!, $text: String!)") && query.contains("message: {text: $text}"), "{query}");
}

#[test]
fn only_commands_that_adapt_have_the_flag_no_sync() {
    let home = home();
    for command in [&["schema", "sync"][..], &["schema", "check"], &["schema", "print"], &["api"]] {
        let help = home.run([command, &["--help"]].concat()).ok().stdout;
        assert!(help.contains("--timeout") && !help.contains("--no-sync"), "{help}");
    }
    for command in [&["chat", "list"][..], &["chat", "send"], &["batch"], &["bridge"], &["partner"]] {
        assert!(home.run([command, &["--help"]].concat()).ok().stdout.contains("--no-sync"), "{command:?}");
    }
}

#[test]
fn an_argument_that_only_resembles_a_value_never_gets_it() {
    for line in [
        "  sendChatMessage(chatId: ID!, personaId: ID, format: String!, replyText: String): Message!",
        "  sendChatMessage(chatId: ID!, personaId: ID, quote: Quote!): Message!",
        "  sendChatMessage(chatId: ID!, personaId: ID, textTemplate: String!): Message!",
        "  sendChatMessage(chatId: ID!, personaId: ID, bodyType: String!): Message!",
        "  sendChatMessage(chatId: ID!, personaId: ID, text: Rich!): Message!",
        "  sendChatMessage(chatId: ID!, personaId: ID, message: JSON!): Message!",
        "  sendChatMessage(message: Quoted!): Message!",
    ] {
        let home = home();
        let from = contract_with(&home, "sendChatMessage", line);
        let more = "input Quote { text: String! }\ninput Quoted { id: ID! text: String! }\nscalar JSON\nscalar Rich\n";
        let sdl = fs::read_to_string(&from).unwrap() + more;
        home.run(["schema", "sync", "--from", &schema(&home, &sdl)]).failed(4, "cannot write `sendChatMessage`");
        assert!(!path(&home, "ChatSend").exists(), "{line}");
    }
    // An upload is no link, and takes none: that is sent as text.
    let home = home();
    let line = "  sendChatMessage(chatId: ID!, text: String!, attachment: Upload, attachmentType: String): Message!";
    let from = contract_with(&home, "sendChatMessage", line);
    let sdl = fs::read_to_string(&from).unwrap() + "scalar Upload\n";
    sync(&home, &schema(&home, &sdl));
    let sent = &requests(&home, &["chat", "send", "1", "--attachment", "https://example.com/a"])[0]["variables"];
    assert_eq!(*sent, json!({"chat": "1", "text": "https://example.com/a"}));
}

#[test]
fn an_accepted_argument_is_used_if_it_exists() {
    let home = home();
    let line = "  closeChat(number: ID!): Chat!";
    let from = contract_with(&home, "closeChat", line);
    home.run(["schema", "sync", "--from", &from, "--accept", "chat=number"]).ok();
    assert_eq!(requests(&home, &["chat", "close", "7"])[0]["variables"], json!({"chat": "7"}));
    home.run(["schema", "sync", "--from", &from, "--accept", "chatt=number"])
        .failed(2, "`chatt` is no role; did you mean `chat`?");
    home.run(["schema", "sync", "--from", &from, "--accept", "chat"]).failed(2, "ROLE=ARGUMENT");
    home.run(["schema", "sync", "--from", &from, "--accept", "chat=nowhere"]).failed(2, "has an argument `nowhere`");
}

#[test]
fn an_answer_of_a_person_is_kept_until_another_is_given_or_all_is_written_anew() {
    let home = home();
    let line = "  closeChat(number: ID!, room: ID): Chat!";
    let from = contract_with(&home, "closeChat", line);
    let sync = |more: &[&str]| home.run([&["schema", "sync", "--from", &from], more].concat());
    let state = |more: &[&str]| states(&sync(more).ok().json())[3].to_owned();
    let accepted = || home.run(["schema", "check", "--from", &from]).ok().json()[3]["accepted"].clone();
    sync(&[]).failed(4, "--accept chat=number");
    assert_eq!(state(&["--accept", "chat=number"]), "written");
    assert_eq!((state(&[]).as_str(), accepted()), ("unchanged", json!(["chat=number"])));
    let table = home.run(["schema", "check", "--from", &from, "-o", "table"]).ok().stdout;
    assert!(table.contains("chat=number"), "{table}");
    // What is said now goes before what was said.
    let refused = sync(&["--accept", "chat=room"]);
    assert!(refused.code == Some(4) && refused.stderr.contains("`number: ID!` must be given"), "{refused:?}");
    let other = contract_with(&home, "closeChat", "  closeChat(number: ID, room: ID): Chat!");
    assert_eq!(state(&["--accept", "chat=room"]), "written");
    assert_eq!((state(&[]).as_str(), accepted()), ("unchanged", json!(["chat=room"])));
    // It counts for as long as the schema has that argument.
    let gone = contract_with(&home, "closeChat", "  closeChat(number: ID!): Chat!");
    assert_eq!((gone.as_str(), other.as_str()), (from.as_str(), from.as_str()), "they are one file");
    sync(&[]).failed(4, "--accept chat=number");
    assert_eq!(state(&["--accept", "chat=number"]), "written");
    sync(&["--force"]).failed(4, "--accept chat=number");
}

#[test]
fn the_result_is_the_field_with_its_name_and_never_the_first_that_fits() {
    let types = "type Both { previousChat: Chat chat: Chat }\n\
        type Quoting { quotedMessage: Message chatMessage: Message }\n\
        type Neutral { result: Chat }\n\
        type ChatRoom { id: ID! messages: [Message!]! }\n\
        union Closed = ChatLocked | Chat | ChatNotFound\n\
        type ChatNotFound { chatId: ID! message: String! }\n\
        type ChatLocked { chat: Chat! }\n\
        interface Outcome { id: ID! }\n\
        type ClosedChat implements Outcome { id: ID! reason: String }\n\
        type Told { success: Boolean! code: String message: String chat: Chat }\n\
        type Failing { chat: Chat errors: [Failure!]! }\n\
        union Failure = NotOpen | NoChat\n\
        type NotOpen { field: String messages: [String!]! }\n\
        type NoChat { chatId: ID! }\n";
    for (mutation, line, has, hasnt) in [
        ("closeChat", "  closeChat(chatId: ID!): Both!", "{\n    chat {\n      id", "previousChat"),
        (
            "sendChatMessage",
            "  sendChatMessage(chatId: ID!, text: String!): Quoting!",
            "chatMessage {\n      id",
            "quotedMessage",
        ),
        ("closeChat", "  closeChat(chatId: ID!): Neutral!", "result {\n      id", "__typename"),
        ("closeChat", "  closeChat(chatId: ID!): Closed!", "refusedBy: __typename", "id: chatId"),
        ("closeChat", "  closeChat(chatId: ID!): Told!", "success\n    code\n    message", "refusal"),
        (
            "closeChat",
            "  closeChat(chatId: ID!): Failing!",
            "... on NotOpen {\n        message: messages",
            "id: chatId",
        ),
    ] {
        let home = home();
        let from = contract_with(&home, mutation, line);
        let sdl = fs::read_to_string(&from).unwrap() + types;
        sync(&home, &schema(&home, &sdl));
        let operation = if mutation == "closeChat" { "ChatClose" } else { "ChatSend" };
        let document = fs::read_to_string(path(&home, operation)).unwrap();
        assert!(document.contains(has) && !document.contains(hasnt), "{line}: {document}");
    }
    // A message's id is not that of whatever else has one.
    for result in ["ChatRoom", "Outcome", "String", "Receipt"] {
        let home = home();
        let line = format!("  sendChatMessage(chatId: ID!, text: String!): {result}!");
        let from = contract_with(&home, "sendChatMessage", &line);
        let sdl = fs::read_to_string(&from).unwrap() + types + "type Receipt { id: ID! }\n";
        home.run(["schema", "sync", "--from", &schema(&home, &sdl)]).failed(4, "has no message with an `id`");
    }
}
