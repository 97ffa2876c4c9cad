//! What completing never does: say something, ask somebody, make something.

use std::os::unix::net::UnixListener;

use super::machine::machine;
use crate::support::program::{Finished, Home, TOKEN};
use crate::support::server::{Answer, Server};

/// Asks as the script of fish does, whose answer is the plainest.
fn ask(home: &Home, words: &[&str]) -> Finished {
    let mut command = home.command([&["--", "guuru"], words].concat());
    let output = command.env("GUURU_COMPLETE", "fish").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Finished { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

const LINES: [&[&str]; 6] = [
    &["chat", "send", ""],
    &["profile", "use", ""],
    &["listen", "--consumer", ""],
    &["persona", "show", ""],
    &["trigger", ""],
    &["--profile", ""],
];

#[test]
fn completion_asks_nobody_and_creates_nothing() {
    let home = Home::bare();
    let bus = UnixListener::bind(home.path().join("no-bus")).unwrap();
    bus.set_nonblocking(true).unwrap();
    let server = Server::always(|_| Answer::new(500, ""));
    let home = home.with("GUURU_ENDPOINT", &server.url());
    for words in LINES {
        assert_eq!(ask(&home, words).ok().stderr, "");
    }
    assert!(bus.accept().is_err(), "the keyring was asked");
    assert_eq!(server.connections(), 0);
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["no-bus"]);
}

#[test]
fn a_broken_configuration_or_store_is_not_reported() {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::create_dir_all(home.path().join("state")).unwrap();
    std::fs::write(home.store(), "no store").unwrap();
    for config in ["", "nonsense ["] {
        std::fs::write(home.path().join("config/config.toml"), config).unwrap();
        assert_eq!(home.run(["completion", "bash"]).ok().stderr, "");
        for words in LINES {
            assert_eq!(ask(&home, words).stderr, "");
        }
        let lines: [&[&str]; 4] =
            [&["nonsense", ""], &["--nonsense", "chat", "send", ""], &[], &["--endpoint", "?", "-"]];
        for words in lines {
            assert_eq!(ask(&home, words).stderr, "");
        }
    }
    for shell in ["tcsh", "powershell", "bash"] {
        let run = Home::new().with("GUURU_COMPLETE", shell).run([""; 0]);
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(1), "", ""), "{shell}");
    }
    Home::new().with("GUURU_COMPLETE", "").run(["--version"]).ok();
}

#[test]
fn a_store_in_use_is_looked_at_as_it_is() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = crate::support::sender::Sender::new(&listener.url);
    assert_eq!(sender.assign("k-1", "c-17"), Some(200));
    assert!(ask(&home, &["chat", "send", "c"]).ok().stdout.starts_with("c-17\tchat-assigned\n"));
    assert_eq!(sender.assign("k-2", "c-18"), Some(200));
    assert!(ask(&home, &["chat", "send", "c"]).ok().stdout.starts_with("c-18\tchat-assigned\nc-17\t"));
}

#[test]
fn values_with_a_meaning_in_a_shell_and_secrets_are_not_offered() {
    let home = machine();
    for words in LINES {
        let run = ask(home, &[&["--profile", "staging"], words].concat()).ok();
        assert!(!run.stdout.contains("touch") && !run.stdout.contains(TOKEN), "{run:?}");
    }
}
