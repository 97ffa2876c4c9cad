//! The whole examination: what is said where all is well, where nothing is set up, and in which form.

use std::fs;
use std::sync::Mutex;
use std::sync::mpsc::channel;

use guuru::sandbox::{Options, Sandbox};
use serde_json::json;

use super::examined::{examine, home, well_but_for};
use crate::support::program::{Home, SECRET, TOKEN};
use crate::support::server::{Answer, Server, step};

#[test]
fn where_all_is_well_every_check_says_so_and_the_exit_code_is_0() {
    let sandbox = Sandbox::start(Options::new(TOKEN.into(), SECRET.into()), |_| ()).unwrap();
    let home = Home::new().with("GUURU_ENDPOINT", &format!("http://{}/graphql", sandbox.addr()));
    let mut listener = home.listen(&[]);
    let examined = examine(&home, &["--public-url", &listener.url]);
    assert_eq!(examined.code, Some(0), "{}", examined.stderr);
    let all = [
        "configuration",
        "endpoint",
        "clock",
        "token",
        "schema",
        "chat",
        "service-account",
        "webhook-secret",
        "inbox",
        "self-test",
    ];
    assert_eq!(examined.named("ok"), all);
    assert_eq!(examined.named("warning"), ["public-url"], "this machine is not the internet");
    examined.says("token", "ok", "that of partner `partner-1` (environment)");
    examined.says("service-account", "ok", "(id api) is in the community");
    examined.says("inbox", "ok", "0 events in ");
    examined.says("self-test", "ok", "received, stored and written as a line");
    assert_eq!(listener.stop(), [json!(null); 0], "an event came of it");
}

#[test]
fn nothing_is_made_by_looking() {
    let home = Home::new().with("GUURU_ENDPOINT", "http://127.0.0.3:9/graphql");
    let folder = home.path().join("tmp");
    fs::create_dir(&folder).unwrap();
    let home = home.with("TMPDIR", folder.to_str().unwrap());
    examine(&home, &[]).says("inbox", "ok", "none yet: `guuru listen` makes ");
    let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["tmp"]);
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
}

#[test]
fn without_a_token_that_check_fails_and_the_others_go_on() {
    let server = well_but_for("", |_| Answer::new(500, ""));
    let examined = examine(&Home::bare().with("GUURU_ENDPOINT", &server.url()), &[]);
    assert_eq!(examined.code, Some(1));
    assert_eq!(examined.named("failed"), ["token", "webhook-secret"]);
    examined.says("token", "failed", "guuru auth login");
    assert_eq!(examined.named("skipped"), ["clock", "schema", "chat", "service-account", "public-url"]);
    examined.says("schema", "skipped", "see token");
    assert_eq!(examined.named("ok"), ["configuration", "endpoint", "inbox", "self-test"]);
    let summary = "2 of 11 checks failed: token, webhook-secret";
    assert!(examined.stderr.contains(summary), "{}", examined.stderr);
}

#[test]
fn people_get_a_table_with_the_remedy_under_each_finding() {
    let home = Home::bare().with("GUURU_ENDPOINT", "http://127.0.0.3:9/graphql");
    let run = home.run(["doctor", "-o", "table"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let place = |words: &str| run.stdout.find(words).unwrap_or_else(|| panic!("{words:?} is not in {run:?}"));
    assert!(place("no access token") < place("→ run `guuru auth login`, or set GUURU_TOKEN"));
    assert!(run.stderr.starts_with("error: 3 of 11 checks failed: endpoint, token, webhook-secret"), "{run:?}");
}

#[test]
fn json_can_be_filtered() {
    let home = Home::new().with("GUURU_ENDPOINT", "http://127.0.0.3:9/graphql");
    let run = home.run(["doctor", "--jq", ".checks[] | select(.status == \"failed\") | .name"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "endpoint\n"), "{run:?}");
}

#[test]
fn a_platform_that_never_answers_holds_up_nothing() {
    let server = Server::script([step(|connection| {
        connection.read();
        connection.wait_for_hang_up();
    })]);
    let examined = examine(&home(&server), &["--timeout", "3s"]);
    examined.says("endpoint", "failed", "no answer from 127.0.0.1");
    examined.says("token", "skipped", "see endpoint");
    examined.says("self-test", "ok", "");
}

#[test]
fn a_platform_that_stops_answering_later_is_not_waited_for_either() {
    let (end, ended) = channel::<()>();
    let ended = Mutex::new(ended);
    let server = well_but_for("ExpertList", move |_| {
        ended.lock().unwrap().recv().unwrap_err();
        Answer::new(503, "")
    });
    let examined = examine(&home(&server), &["--timeout", "3s"]);
    drop(end);
    assert_eq!(examined.named("failed"), ["service-account"]);
    examined.says("service-account", "failed", "within");
    examined.says("self-test", "ok", "");
}
