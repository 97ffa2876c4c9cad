//! `POST /graphql`: the Admin API.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::rig::{Platform, TOKEN, options, start};
use crate::support::program::skip;

#[test]
fn introspection_returns_the_schema() {
    let platform = start(options());
    let data = platform.data("{ __schema { mutationType { fields { name } } } __type(name: \"Chat\") { kind } }");
    let fields = data["__schema"]["mutationType"]["fields"].as_array().unwrap();
    let names: Vec<_> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    for name in ["createPersona", "acceptChat", "sendChatMessage", "closeChat", "openChat", "approveSubmission"] {
        assert!(names.contains(&name), "{name}");
    }
    assert_eq!(data["__type"]["kind"], "OBJECT");
}

#[test]
fn a_request_without_the_right_token_is_answered_401() {
    let platform = start(options());
    for authorization in [None, Some("Bearer token-2"), Some("token-1"), Some("Bearer ")] {
        let mut request =
            platform.client.post(platform.url("/graphql")).json(&json!({ "query": "{ partner { id } }" }));
        if let Some(value) = authorization {
            request = request.header("Authorization", value);
        }
        let response = request.send().unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.json::<Value>().unwrap()["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
}

#[test]
fn what_cannot_be_executed_is_answered_with_a_code_and_without_data() {
    let platform = start(options());
    let chats = "query ($first: Int!) { partner { chats(first: $first) { pageInfo { hasNextPage } } } }";
    let cases = [
        (json!({ "query": "{ partner {" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ partner { nope } }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "mutation { closeChat { id } }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "query A { partner { id } } query B { partner { id } }" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": chats }), "BAD_USER_INPUT"),
        (json!({ "query": chats, "variables": { "first": "ten" } }), "BAD_USER_INPUT"),
        (json!({ "document": "{ partner { id } }" }), "BAD_REQUEST"),
        (json!([]), "BAD_REQUEST"),
    ];
    for (request, code) in cases {
        // As the specification of GraphQL over HTTP has it: plain JSON is 200 for every well-formed request.
        let well_formed = if code == "BAD_REQUEST" { 400 } else { 200 };
        for (accept, media, status) in [
            ("*/*", "application/json", well_formed),
            ("application/json, application/graphql-response+json;q=0.9", "application/json", well_formed),
            ("application/graphql-response+json, application/json", "application/graphql-response+json", 400),
        ] {
            let sent = platform.client.post(platform.url("/graphql")).bearer_auth(TOKEN).header("Accept", accept);
            let response = sent.json(&request).send().unwrap();
            assert_eq!(response.status(), status, "{accept}: {request}");
            let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
            assert_eq!(content_type, format!("{media}; charset=utf-8"), "{accept}");
            let body: Value = response.json().unwrap();
            assert_eq!(body["errors"][0]["extensions"]["code"], code, "{request}");
            assert!(body.get("data").is_none(), "{request}");
        }
    }
    let plain = platform.client.post(platform.url("/graphql")).bearer_auth(TOKEN).body(r#"{"query":"{__typename}"}"#);
    assert_eq!(plain.send().unwrap().status(), 415);
}

#[test]
fn it_passes_the_audit_of_graphql_over_http() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools");
    if !folder.join("node_modules/graphql-http").exists() || Command::new("node").arg("--version").output().is_err() {
        return skip("node is missing, or `npm ci --prefix tests/tools` was not run");
    }
    let platform = start(options());
    let args = [folder.join("audit.mjs"), platform.url("/graphql").into()];
    let output = Command::new("node").args(args).env("GUURU_TOKEN", TOKEN).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let audits: Vec<Value> =
        output.stdout.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!(audits.len(), 61);
    let failed: Vec<&str> = audits
        .iter()
        .filter(|audit| audit["status"] != "ok")
        .map(|audit| audit["name"].as_str().unwrap())
        .filter(|name| !(name.starts_with("MAY") && name.contains("GET")))
        .collect();
    // GET is the one thing that may be left out and is: the platform documents POST.
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn operation_name_variables_and_fragments_are_honoured() {
    let platform = start(options());
    let query = "query A { partner { id } } query B($first: Int = 2) { partner { ...P } }
        fragment P on Partner { all: experts(first: $first) { edges { node { id __typename } } } }";
    let request = json!({ "query": query, "operationName": "B", "variables": { "first": 1 } });
    let body: Value = platform.post(&request).json().unwrap();
    let expected = json!([{ "node": { "id": "api", "__typename": "Expert" } }]);
    assert_eq!(body["data"]["partner"]["all"]["edges"], expected);
}

#[test]
fn each_refusal_has_its_code_and_nulls_the_data() {
    let platform = start(options());
    let [assigned, open, closed, rated] =
        [platform.chat(), platform.open_chat(), platform.open_chat(), platform.open_chat()];
    for chat in [&closed, &rated] {
        platform.data(&format!(r#"mutation {{ closeChat(chatId: "{chat}") {{ id }} }}"#));
    }
    platform.user(&format!("/chats/{rated}/rate"), &json!({ "rating": 5 }));
    platform.data(r#"mutation { createPersona(input: { providerId: "agent-2", name: "Bob" }) { id } }"#);
    let cases = [
        ("acceptChat(chatId: \"c-999\", personaId: \"p-1\") { id }".to_owned(), "CHAT_NOT_FOUND"),
        (format!("acceptChat(chatId: \"{assigned}\", personaId: \"p-999\") {{ id }}"), "PERSONA_NOT_FOUND"),
        (format!("acceptChat(chatId: \"{open}\", personaId: \"p-1\") {{ id }}"), "CHAT_NOT_ASSIGNED"),
        (format!("closeChat(chatId: \"{assigned}\") {{ id }}"), "CHAT_NOT_OPEN"),
        (format!("sendChatMessage(chatId: \"{closed}\", message: {{ text: \"hi\" }}) {{ id }}"), "CHAT_NOT_OPEN"),
        (format!("openChat(chatId: \"{open}\") {{ id }}"), "CHAT_NOT_CLOSED"),
        (format!("openChat(chatId: \"{rated}\") {{ id }}"), "CHAT_RATED"),
        (format!("closeChat(chatId: \"{open}\", personaId: \"p-2\") {{ id }}"), "NOT_YOUR_CHAT"),
        (format!("sendChatMessage(chatId: \"{open}\", message: {{ text: \"\" }}) {{ id }}"), "BAD_USER_INPUT"),
        (
            format!("sendChatMessage(chatId: \"{open}\", message: {{ attachment: \"a.pdf\" }}) {{ id }}"),
            "BAD_USER_INPUT",
        ),
        ("createPersona(input: { providerId: \"\", name: \"Ada\" }) { id }".to_owned(), "BAD_USER_INPUT"),
        ("approveSubmission(id: \"s-999\") { id }".to_owned(), "SUBMISSION_NOT_FOUND"),
        ("rejectSubmission(id: \"s-1\") { id }".to_owned(), "SUBMISSION_REVIEWED"),
    ];
    for (mutation, code) in cases {
        let body = platform.query(&format!("mutation {{ {mutation} }}"));
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{mutation}");
        assert!(!body["errors"][0]["message"].as_str().unwrap().contains("resolver"), "{mutation}");
        assert_eq!(body["data"], Value::Null, "{mutation}");
    }
}

#[test]
fn personas_are_idempotent_and_updated() {
    let platform = start(options());
    let create = |name: &str| {
        let fields = "{ id providerId name email photo }";
        let input = format!(r#"{{ providerId: "agent-42", name: "{name}", email: "ada@example.com" }}"#);
        platform.data(&format!("mutation {{ createPersona(input: {input}) {fields} }}"))["createPersona"].clone()
    };
    let (first, second) = (create("Ada"), create("Ada L."));
    assert_eq!(first["id"], second["id"]);
    assert_eq!((&second["name"], &second["email"]), (&json!("Ada L."), &json!("ada@example.com")));
}

/// The ids of every page, walked as a client would.
fn walk(platform: &Platform, connection: &str, arguments: &str) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), String::new());
    loop {
        let selection = "{ edges { node { id } } pageInfo { hasNextPage endCursor } }";
        let page = platform.data(&format!("{{ partner {{ {connection}({arguments} {after}) {selection} }} }}"));
        let page = &page["partner"][connection];
        ids.extend(
            page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned()),
        );
        if page["pageInfo"]["hasNextPage"] == false {
            return ids;
        }
        after = format!("after: {}", page["pageInfo"]["endCursor"]);
    }
}

#[test]
fn pages_lead_through_all_23_experts_and_the_service_account_is_one() {
    let platform = start(options());
    let experts = walk(&platform, "experts", "first: 10");
    let distinct: std::collections::BTreeSet<_> = experts.iter().collect();
    assert_eq!((experts.len(), distinct.len()), (23, 23));
    let data = platform.data("{ partner { experts(first: 1) { edges { node { id email } } } } }");
    let node = &data["partner"]["experts"]["edges"][0]["node"];
    assert_eq!(node, &json!({ "id": "api", "email": "public@api.guuru.com" }));
    assert_eq!(
        platform.code("{ partner { experts(first: 1, after: \"??\") { edges { cursor } } } }"),
        "BAD_USER_INPUT"
    );
    assert_eq!(platform.code("{ partner { experts(first: -1) { edges { cursor } } } }"), "BAD_USER_INPUT");
}

#[test]
fn chats_are_ordered_and_cut_by_their_dates() {
    let platform = start(options());
    let chats = walk(&platform, "chats", "first: 10");
    assert!(chats.len() > 10);
    let mut backwards = walk(&platform, "chats", "first: 4, orderBy: { field: id, direction: desc }");
    assert_eq!(backwards.first().map(String::as_str), Some("c-14"));
    backwards.reverse();
    assert_eq!(chats, backwards);
    // From the second of January 2026 to the fourth, both included.
    let range = "first: 10, startDate: 1767312000000, endDate: 1767484800000";
    assert_eq!(walk(&platform, "chats", range), ["c-2", "c-3", "c-4"]);
    let text = "{ partner { chats(first: 1, startDate: \"yesterday\") { edges { cursor } } } }";
    assert_eq!(platform.code(text), "BAD_USER_INPUT");
}

#[test]
fn submissions_are_filtered_and_can_be_reviewed_while_they_are_paged() {
    let platform = start(options());
    assert_eq!(walk(&platform, "submissions", "first: 5").len(), 12);
    let pending = "filters: [{ field: \"status\", value: \"pending\" }]";
    assert_eq!(walk(&platform, "submissions", pending), ["s-3", "s-6", "s-9", "s-12"]);
    let first =
        platform.data(&format!("{{ partner {{ submissions({pending}, first: 1) {{ pageInfo {{ endCursor }} }} }} }}"));
    let cursor = first["partner"]["submissions"]["pageInfo"]["endCursor"].to_string();
    let reviewed = platform.data("mutation { approveSubmission(id: \"s-3\") { status reviewedAt } }");
    assert_eq!(reviewed["approveSubmission"]["status"], "approved");
    assert!(reviewed["approveSubmission"]["reviewedAt"].is_i64());
    assert_eq!(walk(&platform, "submissions", &format!("{pending}, after: {cursor}")), ["s-6", "s-9", "s-12"]);
    let unknown = "{ partner { submissions(filters: [{ field: \"colour\", value: \"red\" }]) { edges { cursor } } } }";
    assert_eq!(platform.code(unknown), "BAD_USER_INPUT");
}
