//! `profile list`, `show`, `create`, `use` and `delete`.

use std::fs;

use serde_json::{Value, json};

use super::platform::{configure, credentials, home, mode, platform, sign_in};
use crate::support::program::Home;

fn names(home: &Home) -> Vec<(String, bool)> {
    let list = home.run(["profile", "list"]).ok().json();
    let name = |profile: &Value| (profile["name"].as_str().unwrap().to_owned(), profile["inUse"] == true);
    list.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn a_profile_is_created_used_and_deleted() {
    let home = Home::bare();
    home.run(["profile", "create", "staging", "--endpoint", "https://example.com/graphql"]).ok();
    home.run(["profile", "create", "staging"]).failed(2, "there is a profile `staging` already");
    assert_eq!(names(&home), [("default".into(), true), ("staging".into(), false)]);
    home.run(["profile", "use", "staging"]).ok();
    let shown = home.run(["profile", "show"]).ok().json();
    let staging = json!({"name": "staging", "inUse": true, "endpoint": "https://example.com/graphql", "store": null});
    assert_eq!(shown, staging);
    assert_eq!(names(&home), [("staging".into(), true)]);
    assert!(
        home.run(["profile", "show", "staging", "-o", "table"]).ok().stdout.starts_with("name:      staging (in use)")
    );
    home.run(["profile", "delete", "staging", "--yes"]).ok();
    assert_eq!(names(&home), [("default".into(), true)]);
}

#[test]
fn other_files_are_not_listed_as_profiles() {
    let home = Home::bare();
    home.run(["persona", "list"]).ok();
    for name in ["a copy.db", ".hidden.db", "notes.txt"] {
        fs::write(home.path().join("state").join(name), "").unwrap();
    }
    assert_eq!(names(&home), [("default".into(), true)]);
}

#[test]
fn choosing_a_profile_leaves_the_configuration_as_a_person_wrote_it() {
    let home = Home::bare();
    let text = "# ours\n[work]  # the account\noutput = 'table'\n";
    configure(&home, text);
    home.run(["profile", "use", "work"]).ok();
    assert_eq!(fs::read_to_string(home.path().join("config/config.toml")).unwrap(), text);
    assert!(home.run(["config", "show"]).ok().stdout.contains("SETTING"), "the profile's output is not in force");
    home.run(["profile", "use", "wrok"]).failed(3, "did you mean `work`?");
}

#[test]
fn the_choice_yields_to_the_environment_and_that_to_the_flag() {
    let home = Home::bare();
    configure(&home, "[a]\n[b]\n[c]\n");
    home.run(["profile", "use", "a"]).ok();
    let source = |home: &Home, args: &[&str]| -> (String, String) {
        let rows = home.run([&["config", "show"], args].concat()).ok().json();
        (rows[0]["value"].as_str().unwrap().to_owned(), rows[0]["source"].as_str().unwrap().to_owned())
    };
    assert_eq!(source(&home, &[]), ("a".into(), "use".into()));
    let home = home.with("GUURU_PROFILE", "b");
    assert_eq!(source(&home, &[]), ("b".into(), "environment".into()));
    assert_eq!(source(&home, &["--profile", "c"]), ("c".into(), "flag".into()));
    let warned = home.run(["profile", "use", "c"]).ok();
    assert!(warned.stderr.contains("GUURU_PROFILE is set"), "{warned:?}");
}

#[test]
fn a_deleted_profile_leaves_nothing_behind_and_the_others_alone() {
    let server = platform();
    let home = home(&server);
    for name in ["work", "staging"] {
        sign_in(&home, name);
        home.run(["persona", "list", "--profile", name]).ok();
    }
    home.run(["profile", "use", "staging"]).ok();
    home.run(["profile", "delete", "staging"]).failed(2, "nobody can be asked");
    home.run(["profile", "delete", "staging", "--yes"]).ok();
    assert_eq!(names(&home), [("default".into(), true), ("work".into(), false)]);
    assert!(!credentials(&home).contains("staging") && credentials(&home).contains("work"));
    assert!(!home.path().join("state/staging.db").exists() && home.path().join("state/work.db").exists());
    assert_eq!(mode(&home.path().join("config/credentials.toml")), 0o600);
    home.run(["auth", "status", "--profile", "work"]).ok();
}

#[test]
fn a_profile_whose_store_is_in_use_is_not_deleted() {
    let home = Home::new();
    configure(&home, "[work]\n");
    let mut listener = home.listen(&["--profile", "work"]);
    home.run(["profile", "delete", "work", "--yes"]).failed(3, "is in use");
    assert!(names(&home).iter().any(|(name, _)| name == "work"));
    listener.stop();
    home.run(["profile", "delete", "work", "--yes"]).ok();
    assert!(!home.path().join("state/work.db").exists());
}

#[test]
fn a_chosen_profile_that_has_gone_is_an_error_that_says_who_chose_it() {
    let home = Home::new();
    configure(&home, "[work]\n");
    home.run(["profile", "use", "work"]).ok();
    configure(&home, "");
    home.run(["persona", "list"]).failed(3, "there is no profile `work`, which `guuru profile use` chose");
    home.run(["profile", "use", "default"]).ok();
    home.run(["persona", "list"]).ok();
}
