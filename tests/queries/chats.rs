//! `guuru chat show`, for which the platform has no query of its own.

use serde_json::json;

use super::platform::{asked, chats, home, page, sandbox};
use crate::support::server::{Answer, Server};

#[test]
fn a_chat_is_shown_with_its_messages() {
    let (_sandbox, home) = sandbox();
    for (id, question) in [("c-14", "When does the shop in Bern open?"), ("c-5", "Do you ship to Norway?")] {
        let chat = home.run(["chat", "show", id]).ok().json();
        assert_eq!((&chat["id"], &chat["messages"][0]["text"]), (&json!(id), &json!(question)));
        assert_eq!(chat["messages"][1]["author"]["name"], "Ada");
    }
    let text = home.run(["chat", "show", "c-5", "-o", "table"]).ok().stdout;
    assert!(
        text.contains("status    rated\n") && text.ends_with("\n\nEve: Do you ship to Norway?\nAda: Not yet, sorry.\n")
    );
}

#[test]
fn a_chat_that_is_not_there_is_a_failure() {
    let (_sandbox, home) = sandbox();
    let run = home.run(["chat", "show", "c-99"]).failed(1, "cannot show chat `c-99`: it is not among the newest");
    assert!(run.stderr.contains("hint: `guuru chat list`"), "{run:?}");
}

#[test]
fn an_old_chat_is_looked_for_page_by_page_without_messages() {
    let server = chats(200, 50);
    let run = home(&server).run(["chat", "show", "c-120"]).ok();
    assert_eq!(run.json()["id"], "c-120");
    let names: Vec<_> = server.requests().iter().map(|request| request.json()["operationName"].clone()).collect();
    assert_eq!(names, ["ChatList", "ChatList", "ChatList", "ChatMessages"]);
    assert_eq!(asked(server.requests().last().unwrap()), (5, Some("119".to_owned())));
}

#[test]
fn a_platform_that_does_not_show_messages_shows_the_rest() {
    let server = Server::always(|request| {
        if request.json()["operationName"] == "ChatList" {
            return page(&[json!({"cursor": "1", "node": {"id": "c-1", "status": "opened"}})], false, Some("1"));
        }
        Answer::json(400, &json!({"errors": [{"message": "Cannot query field \"messages\" on type \"Chat\"."}]}))
    });
    let run = home(&server).run(["chat", "show", "c-1"]).ok();
    assert_eq!(run.json(), json!({"id": "c-1", "status": "opened"}));
    assert!(run.stderr.starts_with("warning: the messages are not shown: "), "{run:?}");
}
