//! `auth status`: what is said of each profile, and the exit code.

use serde_json::json;

use super::platform::{configure, home, platform, sign_in};
use crate::support::program::{Home, SECRET, TOKEN};

const STATUS: [&str; 2] = ["auth", "status"];

#[test]
fn every_profile_is_shown_with_the_places_of_its_secrets() {
    let server = platform();
    let home = home(&server);
    sign_in(&home, "work");
    let run = home.run([&STATUS[..], &["-o", "jsonl"]].concat());
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.stderr.contains("no access token for profile `default`"), "{run:?}");
    let lines: Vec<serde_json::Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[0]["profile"], &lines[0]["token"], &lines[0]["inUse"]),
        (&json!("default"), &json!(null), &json!(true))
    );
    let work = json!({
        "profile": "work", "inUse": false, "endpoint": server.url(), "token": "file", "webhookSecret": "file",
        "partnerId": "partner-1", "error": null,
    });
    assert_eq!(lines[1], work);
    assert_eq!(home.run([&STATUS[..], &["--profile", "work"]].concat()).ok().json().as_array().unwrap().len(), 1);
    home.run(["profile", "use", "work"]).ok();
    let table = home.run([&STATUS[..], &["-o", "table"]].concat()).ok().stdout;
    assert!(table.contains("work") && table.contains("partner-1") && !table.contains(TOKEN), "{table}");
}

#[test]
fn a_token_that_the_platform_refuses_is_6() {
    let server = platform();
    let run = home(&server).with("GUURU_TOKEN", "another").run(STATUS);
    assert_eq!(run.code, Some(6), "{run:?}");
    let status = &run.json()[0];
    assert_eq!((&status["token"], &status["error"]["kind"]), (&json!("environment"), &json!("auth")));
    assert!(run.stderr.contains("error: cannot sign in with profile `default`: the platform refused"), "{run:?}");
}

#[test]
fn a_secret_of_the_environment_goes_before_what_is_kept() {
    let server = platform();
    let home = home(&server);
    sign_in(&home, "default");
    let home = home.with("GUURU_TOKEN", "another").with("GUURU_WEBHOOK_SECRET", SECRET);
    let run = home.run(STATUS);
    assert_eq!(run.code, Some(6), "{run:?}");
    assert_eq!(run.json()[0]["webhookSecret"], "environment");
}

#[test]
fn an_unknown_profile_is_an_error_that_names_the_nearest_one() {
    let home = Home::new();
    configure(&home, "[staging]\n");
    for args in [&["auth", "status"][..], &["config", "show"], &["chat", "close", "c-1"], &["persona", "list"]] {
        let run = home.run([args, &["--profile", "stagin"]].concat()).failed(3, "there is no profile `stagin`");
        assert!(run.stderr.contains("did you mean `staging`?"), "{run:?}");
    }
    let run = home.run(["persona", "list", "--profile", "zzz"]).failed(3, "there is no profile `zzz`");
    assert!(run.stderr.contains("guuru auth login --profile zzz"), "{run:?}");
    assert!(!home.path().join("state").exists(), "a store was made for it");
}
