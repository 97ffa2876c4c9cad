//! What is asked on a terminal.

use super::platform::{configure, credentials, home, platform};
use crate::support::program::{Home, TOKEN};
use crate::support::terminal::Session;

fn start(home: &Home, args: &[&str]) -> Session {
    Session::start(&mut home.command(args))
}

#[test]
fn a_person_is_asked_for_both_and_what_is_typed_is_not_shown() {
    let server = platform();
    let home = home(&server);
    let mut session = start(&home, &["auth", "login", "--insecure-storage"]);
    session.answer_hidden("Access token", TOKEN);
    session.answer_hidden("Webhook secret", "typed-secret");
    let run = session.end().ok();
    assert_eq!(run.json()["partnerId"], "partner-1");
    assert!(![TOKEN, "typed-secret"].iter().any(|secret| run.stderr.contains(secret)), "{run:?}");
    assert!(credentials(&home).contains(TOKEN) && credentials(&home).contains("typed-secret"));
}

#[test]
fn without_a_keyring_a_person_may_take_the_file() {
    let server = platform();
    for (answer, code, kept) in [("y", 0, true), ("n", 3, false)] {
        let home = home(&server);
        let mut session = start(&home, &["auth", "login"]);
        session.answer_hidden("Access token", TOKEN);
        session.answer_hidden("Webhook secret", "");
        session.sees("there is no D-Bus session");
        session.sees("which only you may read?");
        session.types(answer);
        let run = session.end();
        assert_eq!(run.code, Some(code), "{run:?}");
        assert_eq!(credentials(&home).contains(TOKEN), kept, "{run:?}");
        assert!(!credentials(&home).contains("webhook-secret"), "an empty answer was kept");
    }
}

#[test]
fn nobody_is_asked_with_no_input() {
    let home = Home::bare();
    for args in [&["auth", "login", "--no-input"][..], &["--no-input", "auth", "login"]] {
        start(&home, args).end().failed(2, "nobody can be asked");
    }
}

#[test]
fn a_profile_is_deleted_after_a_yes_alone() {
    let home = Home::bare();
    configure(&home, "[work]\n");
    for (answer, code) in [("n", 2), ("y", 0)] {
        let mut session = start(&home, &["profile", "delete", "work"]);
        session.sees("Delete profile `work`");
        session.types(answer);
        let run = session.end();
        assert_eq!(run.code, Some(code), "{run:?}");
    }
    home.run(["profile", "show", "work"]).failed(3, "there is no profile `work`");
}
