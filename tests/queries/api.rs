//! `guuru api`: any document, its variables, its pages, and what becomes of errors.

use std::fs;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::platform::{home, sandbox};
use crate::support::program::Home;
use crate::support::server::{Answer, Server, reply, step};

/// A platform that answers what it was sent.
fn mirror() -> Server {
    Server::always(|request| Answer::json(200, &json!({"data": {"sent": request.json()}})))
}

fn variables(home: &Home, args: &[&str], stdin: &str) -> Value {
    let run =
        home.run_with([&["api", "query A($a: Any) { b }"], args, &["--jq", ".data.sent.variables"]].concat(), stdin);
    run.ok().json()
}

#[test]
fn the_document_comes_from_the_argument_a_file_or_stdin() {
    let (_sandbox, home) = sandbox();
    let query = "{ partner { id } }\n";
    fs::write(home.path().join("query.graphql"), query).unwrap();
    for args in
        [&["api", query][..], &["api", "-"], &["api", "--query-file", "query.graphql"], &["api", "--query-file=-"]]
    {
        assert_eq!(home.run_with(args, query).ok().stdout, "{\"data\":{\"partner\":{\"id\":\"partner-1\"}}}\n");
    }
    home.run(["api"]).failed(2, "--query-file");
    home.run(["api", "--query-file", "missing.graphql"]).failed(2, "missing.graphql");
    home.run(["api", "-", "-F", "a=@-"]).failed(2, "stdin cannot be both");
}

#[test]
fn variables_are_text_or_what_they_look_like() {
    let server = mirror();
    let home = home(&server);
    fs::write(home.path().join("text.txt"), "two\nlines\n").unwrap();
    let typed =
        ["-F", "b=true", "-F", "n=null", "-F", "i=3", "-F", "x=-1.5", "-F", "t=Ada", "-F", "f=@text.txt", "-F", "s=@-"];
    let expected = json!({
        "r": "3", "at": "@text.txt", "b": true, "n": null, "i": 3, "x": -1.5, "t": "Ada", "f": "two\nlines", "s": "in\n",
    });
    let args = [&["-f", "r=3", "--raw-field", "at=@text.txt"][..], &typed].concat();
    assert_eq!(variables(&home, &args, "in\n\n"), expected);
    let nested = ["-f", "input[name]=Ada", "-F", "input[age]=3", "-f", "ids[]=c-1", "-f", "ids[]=c-2"];
    assert_eq!(variables(&home, &nested, ""), json!({"input": {"name": "Ada", "age": 3}, "ids": ["c-1", "c-2"]}));
    home.run(["api", "{ a }", "-f", "a=1", "-F", "a=2"]).failed(2, "the variable `a` is given twice");
    home.run(["api", "{ a }", "-f", "a"]).failed(2, "want name=value");
    home.run(["api", "{ a }", "-F", "a=@missing"]).failed(2, "cannot read missing");
}

#[test]
fn the_operation_is_named_where_there_are_several() {
    let server = mirror();
    let home = home(&server);
    let text = "query A { a } mutation B { b }";
    let run = home.run(["api", text, "--operation-name", "B"]).ok().json();
    assert_eq!(run["data"]["sent"], json!({"operationName": "B", "query": text, "variables": {}}));
    let run = home.run(["api", text]).failed(2, "the document has several operations");
    assert!(run.stderr.contains("--operation-name: `A`, `B`"), "{run:?}");
    home.run(["api", text, "--operation-name", "C"]).failed(2, "no operation `C`");
    home.run(["api", "{ a "]).failed(2, "the document is not GraphQL at line 1");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_response_is_printed_as_it_came_on_one_line() {
    let server = Server::always(|_| {
        Answer::new(200, "{\"data\": {\n \"z\": 0.1000, \"a\": \"\\u00e9 \\n\"},\n \"extensions\": {}}\n")
    });
    let run = home(&server).run(["api", "{ z a }"]).ok();
    assert_eq!(run.stdout, "{\"data\":{\"z\":0.1000,\"a\":\"\\u00e9 \\n\"},\"extensions\":{}}\n");
}

#[test]
fn errors_are_4_and_all_told_and_data_is_kept_only_with_partial() {
    let body =
        r#"{"data":{"a":1,"b":null},"errors":[{"message":"no","extensions":{"code":"NO"}},{"message":"never"}]}"#;
    let server = Server::always(move |_| Answer::new(200, body));
    let home = home(&server);
    let run = home.run(["api", "{ a b }"]).failed(4, "error: the platform refused: no (NO); never\n");
    assert_eq!(run.stderr.lines().count(), 1);
    let run = home.run(["api", "{ a b }", "--partial"]);
    assert_eq!((run.code, run.stdout), (Some(4), format!("{body}\n")));
    assert!(run.stderr.contains("no (NO); never"));
    let run = home.run(["api", "{ a b }", "--partial", "--jq", ".data.a", "-o", "json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(4), "1\n"));
    let error: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!((&error["error"]["kind"], &error["error"]["code"]), (&json!("refused"), &json!("NO")));
}

#[test]
fn a_document_that_does_not_fit_the_schema_is_refused_by_the_platform() {
    let (_sandbox, home) = sandbox();
    let run = home.run(["api", "{ partner { nonsense } }", "--partial"]);
    assert_eq!(run.code, Some(4), "{run:?}");
    assert!(run.stderr.contains("GRAPHQL_VALIDATION_FAILED"), "{run:?}");
}

#[test]
fn a_mutation_acts_once_and_a_lost_answer_is_9() {
    let (_sandbox, sandbox_home) = sandbox();
    let approve = "mutation($id: ID!) { approveSubmission(id: $id) { id status } }";
    let run = sandbox_home.run(["api", approve, "-f", "id=s-3", "--jq", ".data.approveSubmission.status"]).ok();
    assert_eq!(run.stdout, "approved\n");
    let lost = Server::script([step(|connection| drop(connection.read()))]);
    home(&lost).run(["api", approve, "-f", "id=s-3"]).failed(9, "the outcome is unknown");
    // In a document of several operations it is the one that is meant that counts.
    let lost = Server::script([step(|connection| drop(connection.read()))]);
    home(&lost).run(["api", "query Q { a } mutation M { b }", "--operation-name", "M"]).failed(9, "unknown");
    let half =
        Server::script([reply(Answer::new(200, r#"{"data":{"a":{"id":1},"b":null},"errors":[{"message":"no"}]}"#))]);
    home(&half).run(["api", "mutation { a b }"]).failed(9, "errors beside or within a result: no");
}

#[test]
fn a_query_is_sent_again_where_its_answer_is_lost() {
    let server = Server::script([
        step(|connection| drop(connection.read())),
        reply(Answer::json(200, &json!({"data": {"a": 1}}))),
    ]);
    assert_eq!(home(&server).run(["api", "query Q { a }"]).ok().stdout, "{\"data\":{\"a\":1}}\n");
}

#[test]
fn the_token_is_not_told_where_the_platform_repeats_it() {
    let server = Server::always(|request| {
        let token = request.header("authorization").unwrap().to_owned();
        Answer::json(200, &json!({"errors": [{"message": format!("what is {token}?")}]}))
    });
    let run = home(&server).run(["api", "{ a }"]).failed(4, "what is Bearer [token]?");
    assert!(!run.stderr.contains(crate::support::program::TOKEN));
}

const EXPERTS: &str = "query($size: Int!, $next: String) { me: partner { ...P } }
    fragment P on Partner { list: experts(first: $size, after: $next) { edges { node { id } } p: pageInfo { hasNextPage endCursor } } }";

#[test]
fn pages_are_read_to_the_end_one_response_on_a_line() {
    let (_sandbox, home) = sandbox();
    let run = home.run(["api", EXPERTS, "--paginate", "-F", "size=10"]).ok();
    let sizes = run.stdout.lines().map(|line| {
        let page: Value = serde_json::from_str(line).unwrap();
        page["data"]["me"]["list"]["edges"].as_array().unwrap().len()
    });
    assert_eq!(sizes.collect::<Vec<_>>(), [10, 10, 3]);
    let ids = home.run(["api", EXPERTS, "--paginate", "-F", "size=5", "--jq", ".data.me.list.edges[].node.id"]).ok();
    assert_eq!((ids.stdout.lines().count(), ids.stdout.lines().next()), (23, Some("api")));
    let cursor = home.run(["api", EXPERTS, "-F", "size=20", "--jq", ".data.me.list.p.endCursor"]).ok().stdout;
    let rest = home.run(["api", EXPERTS, "--paginate", "-F", "size=9", "-f", &format!("next={}", cursor.trim())]).ok();
    assert_eq!(rest.stdout.lines().count(), 1);
}

#[test]
fn a_document_without_the_one_connection_is_not_sent() {
    let server = Server::script([]);
    let home = home(&server);
    for (document, words) in
        [("{ partner { id } }", "no connection in it takes"), ("mutation { a }", "a mutation has no pages")]
    {
        let run = home.run(["api", "--paginate", document]).failed(2, words);
        assert!(run.stderr.contains("hint: `guuru api --help` has an example"), "{run:?}");
    }
}

#[test]
fn pages_that_do_not_come_to_an_end_are_an_error() {
    let document = "query($after: String) { a(after: $after) { pageInfo { hasNextPage endCursor } } }";
    let page = |info: Value| Answer::json(200, &json!({"data": {"a": {"pageInfo": info}}}));
    let answer = page(json!({"hasNextPage": true, "endCursor": "x"}));
    let server = Server::always(move |_| answer.clone());
    let run = home(&server).run(["api", "--paginate", document]);
    assert_eq!((run.code, run.stdout.lines().count(), server.requests().len()), (Some(1), 2, 2), "{run:?}");
    assert!(run.stderr.contains("its cursor repeats itself"), "{run:?}");
    let server = Server::always(|_| Answer::json(200, &json!({"data": {"a": [{}]}})));
    let run = home(&server).run(["api", "--paginate", document]);
    assert!(run.code == Some(1) && run.stderr.contains("no page info at `data.a.pageInfo`"), "{run:?}");
    let pages = Mutex::new(vec![
        Answer::json(200, &json!({"errors": [{"message": "no"}]})),
        page(json!({"hasNextPage": true, "endCursor": "x"})),
    ]);
    let server = Server::always(move |_| pages.lock().unwrap().pop().unwrap());
    let run = home(&server).run(["api", "--paginate", document]);
    assert_eq!((run.code, run.stdout.lines().count()), (Some(4), 1), "{run:?}");
}
