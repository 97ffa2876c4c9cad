//! What waits for what, and what does not.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;

use super::platform::{Manner, Platform};
use super::program::{home, lines, of, piped, results, send};

#[test]
fn the_order_within_each_chat_is_exact_and_chats_run_side_by_side_on_few_connections() {
    let platform = Platform::start(Manner { delay: Duration::from_millis(2), ..Manner::default() });
    // Of random chats, so that neighbours differ from lane to lane.
    let seed = 7;
    let mut random = fastrand::Rng::with_seed(seed);
    let chats: Vec<String> = (0..400).map(|_| format!("c-{}", random.u8(0..20))).collect();
    let input: String = chats.iter().enumerate().map(|(n, chat)| send(&n.to_string(), chat, &n.to_string())).collect();
    let run = piped(&home(&platform), &["--jobs", "6"], &input).ok();
    let results = results(&run.stdout);
    let answered: HashSet<_> = results.iter().map(|result| result["ref"].as_str().unwrap()).collect();
    assert_eq!((results.len(), answered.len()), (400, 400));
    for chat in &chats {
        let given: Vec<String> = (0..400).filter(|n| chats[*n] == *chat).map(|n| n.to_string()).collect();
        assert_eq!(platform.texts(chat), given, "{chat}");
        // The results of one chat come in its order too.
        let told: Vec<_> = results
            .iter()
            .filter_map(|result| result["ref"].as_str())
            .filter(|it| given.contains(&(*it).to_owned()))
            .collect();
        assert_eq!(told, given, "{chat}");
    }
    assert!((2..=6).contains(&platform.most_busy()), "{} at once", platform.most_busy());
    // Now and then one is not back yet when the next request begins.
    assert!(platform.server.connections() <= 12, "{} connections for 400 requests", platform.server.connections());
}

#[test]
fn a_command_that_names_an_agent_waits_for_its_persona() {
    let platform = Platform::start(Manner { delay: Duration::from_millis(50), ..Manner::default() });
    let accept = |chat| json!({"ref": chat, "op": "acceptChat", "chatId": chat, "providerId": "agent-42"});
    let mut input = vec![json!({"ref": "p", "op": "createPersona", "providerId": "agent-42", "name": "Ada"})];
    input.extend(["c-1", "c-2", "c-3", "c-4"].map(accept));
    let input = lines(&input) + &send("other", "c-9", "Hello!");
    let run = piped(&home(&platform), &[], &input).ok();
    assert!(results(&run.stdout).iter().all(|result| result["ok"] == true), "{run:?}");
    let operations = platform.operations();
    let at = |name: &str| operations.iter().position(|operation| operation == name).unwrap();
    assert!(at("PersonaCreate") < at("ChatAccept"), "{operations:?}");
    assert!(at("ChatSend") < at("ChatAccept"), "whoever names nobody does not wait: {operations:?}");
    assert_eq!(operations.iter().filter(|name| *name == "PersonaCreate").count(), 1, "{operations:?}");
}

#[test]
fn a_ref_that_comes_twice_waits_and_is_sent_once() {
    let platform = Platform::start(Manner { delay: Duration::from_millis(20), ..Manner::default() });
    let line = send("1", "c-1", "Hello!");
    let run = piped(&home(&platform), &["--journal"], &format!("{line}{line}")).ok();
    let results = results(&run.stdout);
    assert_eq!((&results[0]["line"], &results[1]["line"]), (&json!(1), &json!(2)));
    assert_eq!((results[0].get("replayed"), &results[1]["replayed"]), (None, &json!(true)));
    assert_eq!(results[0]["data"], results[1]["data"]);
    assert_eq!(platform.texts("c-1"), ["Hello!"]);
    // Without a journal a ref is only echoed.
    let run = piped(&home(&platform), &[], &format!("{line}{line}")).ok();
    assert!(of(&super::program::results(&run.stdout)[..1], "1").get("replayed").is_none());
    assert_eq!(platform.texts("c-1").len(), 3);
}
