//! Every page of a list, in whatever way it is asked for, or a word that there may be more.

use std::fs;

use serde_json::{Value, json};

use super::platform::{self, PAGED, Platform, SAID};
use crate::support::program::{Finished, Home};
use crate::support::server::{Answer, Server};

/// What is around the chats of a page: whether there are more, and how many came up to its end.
type Page = fn(&[Value], bool, u64) -> Value;

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|element| element["id"].as_str().unwrap()).collect()
}

/// The contract with another list of chats, and so many chats, which a page has at most `most` of. Its server takes the numbers of the
/// variables for what they are called, and whatever else as an argument without effect.
fn listing(
    field: &str,
    types: &str,
    count: u64,
    most: u64,
    page: impl Fn(&[Value], bool, u64) -> Value + Send + Sync + 'static,
) -> (Server, Home) {
    let server = Server::always(move |request| {
        let variables = &request.json()["variables"];
        let number = |name: &str| variables[name].as_u64();
        let size = number("first").unwrap_or(most).min(most);
        let after = variables["after"].as_str().and_then(|after| after.rsplit('-').next()?.parse().ok());
        let begin = number("offset").or(after).or(number("pageNumber").map(|page| (page - 1) * size)).unwrap_or(0);
        let end = count.min(begin + size);
        let chats: Vec<_> = (begin + 1..=end).map(|n| json!({"id": format!("c-{n}")})).collect();
        Answer::json(200, &json!({"data": {"partner": {"chats": page(&chats, end < count, end)}}}))
    });
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    let sdl = include_str!("../../src/sandbox/schema.graphql");
    let line = sdl.lines().find(|line| line.trim_start().starts_with("chats(")).unwrap();
    let schema = home.path().join("live.graphql");
    fs::write(&schema, sdl.replace(line, field) + types).unwrap();
    home.run(["schema", "sync", "--from", schema.to_str().unwrap()]).ok();
    (server, home)
}

/// A list without a word on its pages.
fn plain(chats: &[Value], _more: bool, _end: u64) -> Value {
    json!(chats)
}

fn all(home: &Home) -> Finished {
    home.run(["chat", "list", "--all"])
}

fn expected(count: u64) -> Vec<String> {
    (1..=count).map(|n| format!("c-{n}")).collect()
}

#[test]
fn pages_are_followed_by_offset_by_number_and_by_token() {
    let items = |chats: &[Value], more: bool, _: u64| json!({"items": chats, "hasNextPage": more});
    let token =
        |chats: &[Value], more: bool, end: u64| json!({"items": chats, "endCursor": more.then(|| format!("t-{end}"))});
    let edges = |chats: &[Value], _: bool, end: u64| {
        let begin = end - chats.len() as u64;
        let edge =
            |(place, chat): (usize, &Value)| json!({"cursor": format!("e-{}", begin + place as u64 + 1), "node": chat});
        json!({"edges": chats.iter().enumerate().map(edge).collect::<Vec<_>>()})
    };
    for (field, types, page) in [
        ("chats(limit: Int, offset: Int): [Chat!]!", "", plain as Page),
        ("chats(take: Int!, skip: Int! = 0): [Chat!]!", "", plain),
        (
            "chats(paging: Paging): Items!",
            "input Paging { limit: Int offset: Int } type Items { items: [Chat!]! hasMore: Boolean }",
            items,
        ),
        ("chats(page: Int = 1, perPage: Int): [Chat!]!", "", plain),
        ("chats(page: Int! = 1, page_size: Int!): [Chat!]!", "", plain),
        ("chats(first: Int, nextToken: String): Items!", "type Items { items: [Chat!]! nextToken: String }", token),
        ("chats(pageSize: Int, pageToken: ID): Items!", "type Items { items: [Chat!]! nextPageToken: ID }", token),
        (
            "chats(cursor: DateTime): Items!",
            "scalar DateTime type Items { items: [Chat!]! nextCursor: DateTime }",
            token,
        ),
        ("chats(first: Int, after: String): Edges!", "type Edges { edges: [ChatEdge!]! }", edges),
        // The cursor is told, so that the offset is not needed.
        ("chats(first: Int, after: String, offset: Int): Edges!", "type Edges { edges: [ChatEdge!]! }", edges),
    ] {
        // Fewer than were asked for are not the end.
        for (count, most) in [(0, 20), (45, 20), (40, 20), (120, 50)] {
            let (server, home) = listing(field, types, count, most, page);
            let run = all(&home).ok();
            assert_eq!(
                (ids(&run.json()), run.stderr.as_str()),
                (expected(count).iter().map(String::as_str).collect(), ""),
                "{field}"
            );
            assert!(server.requests().len() <= 5, "{field}: {} requests", server.requests().len());
        }
        // An earlier run says where to go on, within a page too.
        let (_server, home) = listing(field, types, 45, 20, page);
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let from = cursor.iter().flat_map(|cursor: &String| ["--cursor", cursor]);
            let run = home.run(["chat", "list", "--limit", "7"].into_iter().chain(from)).ok();
            seen.extend(ids(&run.json()).into_iter().map(ToOwned::to_owned));
            cursor = run.stderr.trim().strip_prefix("more: --cursor ").map(ToOwned::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        // Tokens tell nothing of the elements within a page.
        assert!(seen == expected(45) || (field.contains("DateTime") && seen == expected(7)), "{field}: {seen:?}");
    }
}

#[test]
fn a_list_that_cannot_be_followed_says_so_and_ends_with_5_where_all_of_it_is_wanted() {
    let items = |chats: &[Value], more: bool, _: u64| json!({"items": chats, "hasNextPage": more});
    for (field, types, page, words) in [
        ("chats(limit: Int): [Chat!]!", "", plain as Page, "as many as were asked for came (50)"),
        (
            "chats(cursor: DateTime): [Chat!]!",
            "scalar DateTime",
            plain,
            "`cursor: DateTime` is not known to choose a page",
        ),
        ("chats(pageUrl: String): [Chat!]!", "", plain, "`pageUrl: String` is not known to choose a page"),
        (
            "chats(page: PageInput): [Chat!]!",
            "input PageInput { token: Token } scalar Token",
            plain,
            "`page.token: Token`",
        ),
        (
            "chats(first: Int): Items!",
            "type Items { items: [Chat!]! hasMore: Boolean }",
            items,
            "another page, and not where",
        ),
        (
            "chats(first: Int, url: String): Items!",
            "type Items { items: [Chat!]! pageInfo: Next! } type Next { hasNextPage: Boolean! endCursor: String }",
            items,
            "another page, and not where",
        ),
    ] {
        let (_server, home) = listing(field, types, 200, 50, page);
        let run = all(&home);
        assert_eq!((run.code, ids(&run.json()).len()), (Some(5), 50), "{field}: {run:?}");
        assert!(
            run.stderr.contains("error: cannot list chats: the list may go on: ") && run.stderr.contains(words),
            "{field}: {run:?}"
        );
        let run = home.run(["chat", "list", "--limit", "80"]).ok();
        assert!(
            run.stderr.starts_with("warning: the list may go on: ") && run.stderr.contains(words),
            "{field}: {run:?}"
        );
        // Nothing is missing of what was wanted.
        assert_eq!(home.run(["chat", "list", "--limit", "10"]).ok().stderr, "", "{field}");
    }
}

#[test]
fn a_list_that_takes_no_pages_is_all_there_is() {
    for (field, types) in [("chats: [Chat!]!", ""), ("chats(status: String): [Chat!]!", "")] {
        let (_server, home) = listing(field, types, 49, 1000, plain);
        let run = all(&home).ok();
        assert_eq!((ids(&run.json()).len(), run.stderr.as_str()), (49, ""), "{field}");
    }
}

#[test]
fn a_page_that_is_short_is_no_proof_that_it_is_the_last() {
    for (field, types, page, words) in [
        ("chats(limit: Int): [Chat!]!", "", plain as Page, "nothing says that these are all"),
        ("chats(after: ID, limit: Int): [Chat!]!", "", plain, "nothing says that these are all"),
        ("chats(after: ID): [Chat!]!", "", plain, "`after: ID` is not known to choose a page"),
        ("chats(maxResults: Int = 20): [Chat!]!", "", plain, "`maxResults: Int` is not known"),
        ("chats(start: Int = 0, rows: Int = 20): [Chat!]!", "", plain, "`start: Int` is not known"),
        ("chats(page: Int = 2, perPage: Int): [Chat!]!", "", plain, "whether the first page is 0 or 1"),
        ("chats(page: Int!, perPage: Int!): [Chat!]!", "", plain, "whether the first page is 0 or 1"),
        (
            "chats(offset: Int, limit: Int): Items!",
            "type Items { items: [Chat!]! hasMore: Boolean }",
            |chats: &[Value], _: bool, end: u64| json!({"items": if end > 20 { &[] } else { chats }, "hasNextPage": true}),
            "a page without anything says that there is another one",
        ),
    ] {
        let (_server, home) = listing(field, types, 45, 20, page);
        let run = all(&home);
        assert_eq!(run.code, Some(5), "{field}: {run:?}");
        assert!(run.stderr.contains("the list may go on: ") && run.stderr.contains(words), "{field}: {run:?}");
    }
}

#[test]
fn a_list_that_does_not_care_for_the_offset_comes_to_an_end_and_shows_nothing_twice() {
    let (server, home) =
        listing("chats(offset: Int): [Chat!]!", "", 3, 3, |_, _, _| json!([{"id": "c-1"}, {"id": "c-2"}]));
    let run = home.run(["chat", "list", "--all", "-o", "jsonl", "--jq", ".id"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "c-1\nc-2\n"), "{run:?}");
    assert!(run.stderr.contains("pages in a row bring nothing new") && server.requests().len() <= 12, "{run:?}");
}

#[test]
fn a_cursor_that_is_no_number_is_an_error_where_pages_are_counted() {
    for field in ["chats(offset: Int): [Chat!]!", "chats(page: Int): [Chat!]!"] {
        let (server, home) = listing(field, "", 3, 3, plain);
        home.run(["chat", "list", "--cursor", "abc"]).failed(2, "a cursor of this endpoint's list is a number");
        assert_eq!(server.requests().len(), 0);
    }
}

#[test]
fn two_arguments_that_could_choose_a_page_are_a_question() {
    let home = Home::new();
    let schema = home.path().join("live.graphql");
    let sdl = include_str!("../../src/sandbox/schema.graphql");
    fs::write(&schema, sdl.replace("chats(first: Int!, after: String,", "chats(limit: Int, offset: Int, skip: Int,"))
        .unwrap();
    let from = ["schema", "sync", "--from", schema.to_str().unwrap()];
    home.run(from).failed(4, "`offset` may be any of the arguments `offset`, `skip`; `--accept offset=offset` says");
    home.run([&from[..], &["--accept", "offset=skip"]].concat()).ok();
}

/// On a server that gives two elements at a time, however many are asked for.
#[test]
fn another_server_is_read_to_the_end_of_every_list() {
    for revision in PAGED {
        let Some(platform) = Platform::start(platform::Server::GraphqlJs, revision) else { return };
        let run = |args: &[&str]| platform.home.run(args).ok();
        assert_eq!(ids(&run(&["chat", "list", "--all"]).json()), ["3", "2", "1"], "{revision}");
        let experts = run(&["expert", "list", "--all", "-o", "jsonl", "--jq", ".name"]).stdout;
        assert_eq!(experts, "Alma\nBoris\nCleo\n", "{revision}");
        let two = run(&["chat", "list", "--limit", "2"]);
        let cursor = two.stderr.lines().find_map(|line| line.strip_prefix("more: --cursor ")).unwrap();
        assert_eq!(ids(&run(&["chat", "list", "--cursor", cursor]).json()), ["1"], "{revision}");
        let shown = run(&["chat", "show", "1", "--jq", "[.messages[].text]"]);
        assert_eq!((shown.json(), shown.stderr.lines().count()), (json!(SAID), 1), "{revision}: {shown:?}");
        assert_eq!(run(&["chat", "show", "1", "-o", "jsonl", "--jq", ".messages | length"]).stderr, "", "{revision}");
    }
}
