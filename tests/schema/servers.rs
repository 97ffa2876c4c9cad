//! What must hold on every server and in every revision: nothing is sent twice where answers are lost, and what was refused is
//! never a success.

use serde_json::{Value, json};

use super::platform::{Platform, REVISIONS, Server};

/// The ways in which an answer is lost after the mutation was carried out.
const LOSSES: [&str; 4] = ["cut", "502", "504", "empty"];

/// A revision with an accepted chat.
fn accepted(server: Server, revision: &str) -> Option<Platform> {
    let platform = Platform::start(server, revision)?;
    platform.sync(revision);
    platform.home.run(["chat", "accept", &platform.chat, "--provider-id", "agent-42", "--name", "Ada"]).ok();
    Some(platform)
}

/// One batch with a journal, its answers lost, is given twice; then a message is sent by itself.
fn never_twice(server: Server) {
    // The one revision that shows no messages cannot settle anything.
    for (number, revision) in REVISIONS.into_iter().filter(|it| *it != "bare").enumerate() {
        let Some(platform) = accepted(server, revision) else { return };
        let loss = |turn: usize| LOSSES[(number + turn) % LOSSES.len()];
        let texts = ["first", "second", "third"];
        let line = |text| json!({"ref": text, "op": "sendChatMessage", "chatId": platform.chat, "text": text, "providerId": "agent-42"});
        let input: String = texts.map(|text| line(text).to_string() + "\n").concat();
        for (turn, lost) in [(0, 2), (1, 1)] {
            platform.lose(lost, loss(turn));
            let run = platform.home.run_with(["batch", "--journal"], &input);
            let results: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(results.len(), texts.len(), "{revision}: {run:?}");
            let is_told = |it: &Value| it["ok"] == true || it["error"]["kind"] == "unknown";
            assert!(results.iter().all(is_told), "{revision}, {}: {run:?}", loss(turn));
        }
        platform.lose(1, loss(2));
        let run = platform.home.run(["chat", "send", &platform.chat, "last"]);
        assert!(matches!(run.code, Some(0 | 9)), "{revision}, {}: {run:?}", loss(2));
        assert_eq!(platform.log().sent, ["first", "second", "third", "last"], "{revision}: each once, in order");
    }
}

/// Each mutation is refused once before it may succeed.
fn refused(server: Server) {
    for revision in REVISIONS {
        let Some(platform) = Platform::start(server, revision) else { return };
        platform.sync(revision);
        let (chat, persona) = (&*platform.chat, ["--provider-id", "agent-42", "--name", "Ada"]);
        for (command, arguments) in [
            (["persona", "create"], &persona[..]),
            (["chat", "accept"], &[chat, "--provider-id", "agent-42"][..]),
            (["chat", "send"], &[chat, "Hello"][..]),
            (["chat", "close"], &[chat][..]),
            (["chat", "open"], &[chat][..]),
        ] {
            platform.refuse(1);
            let run = platform.home.run([&command, arguments].concat());
            let what = format!("{revision}, {command:?}: {run:?}");
            // An error beside the id of a chat tells two things at once: unknown.
            assert!(matches!(run.code, Some(4 | 9)) && run.stdout.is_empty(), "{what}");
            let said = run.stderr.to_lowercase();
            assert!(["locked", "no reason given", "failed"].iter().any(|reason| said.contains(reason)), "{what}");
            platform.home.run([&command, arguments].concat()).ok();
        }
        let refused = platform.log().calls.into_iter().filter(|call| call.refused).map(|call| call.mutation);
        let expected = ["createPersona", "acceptChat", "sendChatMessage", "closeChat", "openChat"];
        assert!(refused.eq(expected), "{revision}");
        assert_eq!(platform.log().sent, ["Hello"], "{revision}");
    }
}

/// The tests on each server by itself, so that they run side by side.
macro_rules! on_each_server {
    ($($name:ident: $server:ident;)*) => { $(mod $name {
        #[test]
        fn no_message_is_sent_twice_where_answers_are_lost() {
            super::never_twice(super::Server::$server);
        }

        #[test]
        fn a_refusal_in_any_form_is_reported_with_its_reason() {
            super::refused(super::Server::$server);
        }
    })* };
}

on_each_server! {
    graphql_js: GraphqlJs;
    mercurius: Mercurius;
    ariadne: Ariadne;
}
