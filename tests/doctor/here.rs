//! What is wrong on this machine: the configuration, the secrets, the inbox.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use rusqlite::Connection;

use super::examined::{Examined, examine};
use crate::support::program::{Home, SECRET};
use crate::support::sender::Sender;

/// Nobody listens there, so that what is not the platform's is looked at alone.
const NOWHERE: &str = "http://127.0.0.3:9/graphql";

fn home() -> Home {
    Home::new().with("GUURU_ENDPOINT", NOWHERE)
}

fn configure(home: &Home, text: &str) {
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), text).unwrap();
}

fn look(home: &Home) -> Examined {
    examine(home, &[])
}

#[test]
fn a_configuration_that_cannot_be_read_leaves_nothing_to_be_checked() {
    let home = home();
    configure(&home, "[default]\nendpiont = 'https://example.com/graphql'\n");
    let examined = look(&home);
    assert_eq!((examined.code, examined.named("skipped").len()), (Some(1), 10));
    examined.says("configuration", "failed", "line 2: unknown key `endpiont`");
    examined.says("configuration", "failed", "did you mean `endpoint`?");
    assert!(home.run(["doctor", "--jq", "nonsense("]).code == Some(2));
    assert_eq!(home.run(["doctor", "--jq", ".checks | length"]).stdout, "11\n");
}

#[test]
fn with_an_unknown_profile_nothing_else_is_checked() {
    let home = home();
    configure(&home, "[staging]\n");
    let examined = examine(&home, &["--profile", "stagin"]);
    examined.says("configuration", "failed", "did you mean `staging`?");
    assert_eq!(examined.named("failed"), ["configuration"]);
}

#[test]
fn files_that_others_can_read_or_write_are_a_warning_with_the_mode_to_set() {
    let home = home();
    configure(&home, "[default]\n");
    look(&home).says("configuration", "ok", "profile `default`; ");
    let open = |name: &str, mode| {
        let path = home.path().join(name);
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    };
    open("config/config.toml", 0o646);
    look(&home).says("configuration", "warning", "others may write to ");
    open("config/config.toml", 0o644);
    fs::write(home.path().join("config/credentials.toml"), "").unwrap();
    open("config/credentials.toml", 0o640);
    look(&home).says("configuration", "warning", "others may read the secrets in ");
    open("config/credentials.toml", 0o600);
    home.run(["persona", "list"]).ok();
    open("state/default.db", 0o604);
    look(&home).says("configuration", "warning", "chmod 600 '");
    open("state/default.db", 0o600);
    look(&home).says("configuration", "ok", "");
}

#[test]
fn a_secret_that_can_be_guessed_is_a_warning_for_each_while_several_are_accepted() {
    let of = |secrets: &str| look(&Home::bare().with("GUURU_ENDPOINT", NOWHERE).with("GUURU_WEBHOOK_SECRET", secrets));
    of(SECRET).says("webhook-secret", "ok", "set, and strong (environment)");
    of("hunter2").says("webhook-secret", "warning", "it has only 7 characters");
    of("hunter2").says("webhook-secret", "warning", "guuru auth secret generate");
    of(&"ab".repeat(20)).says("webhook-secret", "warning", "come again and again");
    of(&format!("{SECRET},short")).says("webhook-secret", "warning", "secret 2 of 2 has only 5 characters");
    of(&format!("{SECRET},{SECRET}2")).says("webhook-secret", "ok", "2 are accepted while one is being rotated");
    of(" , ").says("webhook-secret", "failed", "no webhook secret");
}

#[test]
fn the_inbox_is_reported_with_its_consumers_and_late_or_set_aside_events() {
    let home = home();
    let mut listener = home.listen(&["--exec", "exit 3"]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("k-1", "c-1"), Some(200));
    listener.says("is set aside");
    assert_eq!(sender.assign("k-2", "c-1"), Some(200));
    listener.says("is set aside");
    listener.stop();
    home.run(["events", "tail", "--consumer", "audit", "--count", "1"]).ok();
    let examined = look(&home);
    assert_eq!(examined.code, Some(1), "nobody listens at the endpoint");
    examined.says("inbox", "warning", "2 events in ");
    examined.says("inbox", "warning", "version 5; `audit` is 1 behind");
    examined.says("inbox", "warning", "`default` has read all; 2 set aside");
    examined.says("inbox", "warning", "guuru events list --failed");
    let store = Connection::open(home.store()).unwrap();
    store.execute_batch("DELETE FROM deliveries").unwrap();
    look(&home).says("inbox", "ok", "`audit` is 1 behind");
    store.execute_batch("UPDATE events SET received_at = received_at - 7200000").unwrap();
    look(&home).says("inbox", "warning", "`audit` is 1 behind, the earliest of 2h");
    look(&home).says("inbox", "warning", "`guuru events prune --forget-consumer audit` drops");
}

#[test]
fn an_inbox_that_cannot_be_used_says_why() {
    let home = home();
    home.run(["persona", "list"]).ok();
    let store = Connection::open(home.store()).unwrap();
    store.execute_batch("BEGIN EXCLUSIVE").unwrap();
    look(&home).says("inbox", "failed", "nothing can be written to ");
    store.execute_batch("COMMIT; PRAGMA user_version = 999").unwrap();
    drop(store);
    look(&home).says("inbox", "failed", "written by a newer version of guuru (store version 999");
    fs::write(home.store(), "this is no database at all".repeat(100)).unwrap();
    look(&home).says("inbox", "failed", "put a backup in its place");
    fs::remove_dir_all(home.path().join("state")).unwrap();
    fs::write(home.path().join("state"), "a file where the folder should be").unwrap();
    look(&home).says("inbox", "failed", "GUURU_STATE_DIR");
}
