//! What is wrong with the token, the schema, the chat or the community.

use std::fs;

use serde_json::json;

use super::examined::{CONTRACT, connection, examine, home, well_but_for};
use crate::support::program::Home;
use crate::support::schema::introspected;
use crate::support::server::Answer;

#[test]
fn a_refused_token_fails_and_checks_that_need_it_are_skipped() {
    let server = well_but_for("AuthStatus", |_| Answer::new(401, ""));
    let examined = examine(&home(&server), &[]);
    assert_eq!((examined.code, examined.named("failed")), (Some(1), vec!["token"]));
    examined.says("token", "failed", "the token (environment) does not work: the platform refused the access token");
    assert_eq!(examined.named("skipped"), ["clock", "schema", "chat", "service-account", "public-url"]);
    let bad = examine(&Home::new().with("GUURU_TOKEN", "two\nlines").with("GUURU_ENDPOINT", &server.url()), &[]);
    bad.says("token", "failed", "white space in it (U+000A");
}

#[test]
fn a_schema_that_is_not_shown_is_a_warning() {
    let refusal = json!({"errors": [{"message": "introspection is not allowed"}]});
    let server = well_but_for("Introspection", move |_| Answer::json(400, &refusal));
    let examined = examine(&home(&server), &[]);
    assert_eq!(examined.code, Some(0));
    examined.says("schema", "warning", "guuru schema check --from FILE");
}

#[test]
fn operations_that_do_not_fit_the_schema_are_named_until_they_are_adapted() {
    let other = CONTRACT.replace("closeChat(chatId: ID!", "closeChat(id: ID!");
    let answer = introspected(&other);
    let server = well_but_for("Introspection", move |_| Answer::json(200, &answer));
    let home = home(&server);
    let examined = examine(&home, &[]);
    assert_eq!(examined.named("failed"), ["schema"]);
    examined.says("schema", "failed", "1 of 13 operations do not fit: ChatClose (");
    examined.says("schema", "failed", "`guuru schema sync`");
    home.run(["schema", "sync"]).ok();
    examine(&home, &[]).says("schema", "ok", "13 operations fit, ");
}

#[test]
fn a_schema_that_is_null_is_one_that_is_not_shown() {
    let answer = json!({"data": {"__schema": null}});
    let server = well_but_for("Introspection", move |_| Answer::json(200, &answer));
    let home = home(&server);
    examine(&home, &[]).says("schema", "warning", "guuru schema check --from FILE");
    for command in ["sync", "check", "print"] {
        home.run(["schema", command]).failed(4, "introspection may be switched off");
    }
}

#[test]
fn documents_that_are_no_longer_needed_are_counted_until_they_are_removed() {
    let server = well_but_for("Introspection", |_| Answer::json(200, &introspected(CONTRACT)));
    let home = home(&server);
    // Without a field that the built-in documents ask for; what is written for that fits the contract as well.
    let other = home.path().join("other.graphql");
    let lines: Vec<_> = CONTRACT.lines().filter(|line| !line.trim_start().starts_with("rating:")).collect();
    fs::write(&other, lines.join("\n")).unwrap();
    home.run(["schema", "sync", "--from", other.to_str().unwrap()]).ok();
    let folder = fs::read_dir(home.path().join("config/schema/default")).unwrap().next().unwrap().unwrap().path();
    let files = || fs::read_dir(&folder).unwrap().count();
    let needless = files();
    assert!(needless > 0);
    let told = format!("13 operations fit, {needless} documents of an earlier sync are no longer needed");
    examine(&home, &[]).says("schema", "ok", &told);
    home.run(["schema", "sync"]).ok();
    assert_eq!(files(), 0);
    examine(&home, &[]).says("schema", "ok", "13 operations fit");
}

#[test]
fn chat_that_is_not_available_is_a_warning() {
    for (state, words) in [
        (json!({"chat": {"isAvailable": false}}), "end users cannot start chats now"),
        (json!({"chat": null}), "does not say whether"),
        (json!(null), "does not say whether"),
    ] {
        let answer = json!({"data": {"partner": {"id": "partner-1", "state": state}}});
        let server = well_but_for("Partner", move |_| Answer::json(200, &answer));
        let examined = examine(&home(&server), &[]);
        assert_eq!(examined.code, Some(0));
        examined.says("chat", "warning", words);
    }
}

/// The experts of a community, in pages of two, in which the fourth is this one.
fn community(fourth: serde_json::Value) -> crate::support::server::Server {
    well_but_for("ExpertList", move |request| {
        let person = |n: u8| json!({"id": format!("e-{n}"), "name": "Alma", "email": "alma@example.com"});
        let page = match request.json()["variables"]["after"].as_str() {
            None => connection(&[person(1), person(2)], Some("2")),
            Some(_) => connection(&[person(3), fourth.clone()], None),
        };
        Answer::json(200, &json!({"data": {"partner": {"experts": page}}}))
    })
}

#[test]
fn the_service_account_is_looked_for_on_all_pages_by_its_id_or_its_address() {
    for fourth in [json!({"id": "api"}), json!({"id": "e-4", "name": "Public", "email": "Public@api.guuru.com"})] {
        let examined = examine(&home(&community(fourth)), &[]);
        examined.says("service-account", "ok", "is in the community");
    }
    let examined = examine(&home(&community(json!({"id": "apia"}))), &[]);
    assert_eq!((examined.code, examined.named("failed")), (Some(1), vec!["service-account"]));
    examined.says("service-account", "failed", "none of the 4 experts");
    examined.says("service-account", "failed", "add the expert `Public API service account`");
}
