//! The mutations against a platform that nobody here wrote the GraphQL of: the reference implementation in JavaScript,
//! which takes nothing that the schema does not allow.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::json;

use super::platform::{has, tool};
use crate::support::program::{Home, TOKEN, skip};

/// The running server, killed at the end.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn a_conversation_passes_the_reference_implementation_of_graphql() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graphql-js");
    if !has(&["node"]) || !folder.join("node_modules/graphql").exists() {
        return skip("node is missing, or `npm ci --prefix tests/graphql-js` was not run");
    }
    let home = Home::new();
    let mut node = tool(&home, "node");
    let server = node.arg(folder.join("server.mjs")).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut server = Running(server.unwrap());
    let mut endpoint = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();
    let home = home.with("GUURU_ENDPOINT", endpoint.trim());

    let email = ["--email", "ada@example.com"];
    let persona = home.run([&["persona", "create", "--provider-id", "agent-42", "--name", "Ada"], &email[..]].concat());
    let expected = json!({"id": "p-agent-42", "providerId": "agent-42", "name": "Ada", "email": "ada@example.com"});
    assert_eq!(persona.ok().json(), expected);
    let chat = home.run(["chat", "accept", "c-1", "--provider-id", "agent-42"]).ok().json();
    assert_eq!((&chat["status"], &chat["messages"][0]["text"]), (&json!("opened"), &json!("Does it fit?")));
    let sent = home.run(["chat", "send", "c-1", "Hello \"Eve\"\n🙂"]).ok().json();
    assert_eq!((&sent["text"], &sent["author"]["id"]), (&json!("Hello \"Eve\"\n🙂"), &json!("p-agent-42")));
    let link = "https://example.com/a.pdf";
    assert_eq!(home.run(["chat", "send", "c-1", "--attachment", link]).ok().json()["attachment"], link);
    assert_eq!(home.run(["chat", "close", "c-1"]).ok().json()["status"], "closed");
    home.run(["chat", "send", "c-1", "Too late"]).failed(4, "(CHAT_NOT_OPEN)");
    assert_eq!(home.run(["chat", "open", "c-1"]).ok().json()["status"], "opened");
    assert_eq!(home.run(["submission", "approve", "s-1"]).ok().json()["status"], "approved");
    assert_eq!(home.run(["submission", "reject", "s-2"]).ok().json()["status"], "rejected");
    look_around(&home);
    let stranger = home.with("GUURU_TOKEN", &format!("not-{TOKEN}"));
    stranger.run(["chat", "close", "c-1"]).failed(6, "refused the access token");
}

fn look_around(home: &Home) {
    assert_eq!(home.run(["partner"]).ok().json()["state"]["chat"]["isAvailable"], true);
    let chats = ["chat", "list", "--since", "2020-01-01", "--order", "asc", "--status", "opened", "--jq", ".[].id"];
    assert_eq!(home.run(chats).ok().stdout, "c-1\n");
    assert_eq!(home.run(["chat", "show", "c-1"]).ok().json()["messages"][0]["text"], "Does it fit?");
    let experts = home.run(["expert", "list", "--limit", "2", "--jq", ".[].id"]).ok();
    assert_eq!((experts.stdout.as_str(), experts.stderr.as_str()), ("api\ne-1\n", "more: --cursor e-1\n"));
    assert_eq!(home.run(["submission", "list"]).ok().json(), json!([{"id": "s-1", "status": "pending"}]));
    let query = "query Pages($size: Int!, $after: String) { partner { experts(first: $size, after: $after) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } } }";
    assert_eq!(home.run(["api", query, "--paginate", "-F", "size=1"]).ok().stdout.lines().count(), 3);
}
