//! Where the text of a message comes from, and that it arrives as it was.

use std::fs;

use super::platform::{home, obliging, variables};
use crate::support::program::Home;
use crate::support::server::Server;

/// The text that reached the platform.
fn sent(server: &Server) -> String {
    variables(server)["text"].as_str().unwrap().to_owned()
}

#[test]
fn text_comes_from_the_argument_from_stdin_and_from_a_file() {
    let server = obliging();
    let home = home(&server);
    let text = "Grüße, 你好 🙂\n\n  \"quotes\" $HOME \\n \u{1b}\t";
    fs::write(home.path().join("text"), text).unwrap();
    home.run(["chat", "send", "c-1", text]).ok();
    assert_eq!(sent(&server), text);
    for args in [&["-"][..], &["--text-file", "-"], &["--text-file", "text"]] {
        home.run_with([&["chat", "send", "c-1"], args].concat(), text).ok();
        assert_eq!(sent(&server), text, "{args:?}");
    }
}

#[test]
fn text_of_stdin_or_a_file_loses_one_newline_and_nothing_else() {
    let server = obliging();
    let home = home(&server);
    for (text, kept) in [
        ("a\n", "a"),
        ("a\n\n", "a\n"),
        ("a\r\n", "a"),
        ("a\r\n\r\n", "a\r\n"),
        ("a\r", "a\r"),
        (" a \n", " a "),
        ("\na", "\na"),
        ("\u{feff}a", "\u{feff}a"),
    ] {
        fs::write(home.path().join("text"), text).unwrap();
        home.run_with(["chat", "send", "c-1", "-"], text).ok();
        assert_eq!(sent(&server), kept, "{text:?}");
        home.run(["chat", "send", "c-1", "--text-file", "text"]).ok();
        assert_eq!(sent(&server), kept, "{text:?}");
    }
    home.run(["chat", "send", "c-1", "a\n"]).ok();
    assert_eq!(sent(&server), "a\n", "an argument is taken as it is");
}

#[test]
fn text_that_begins_with_a_hyphen_stands_behind_two() {
    let server = obliging();
    let home = home(&server);
    home.run(["chat", "send", "c-1", "--", "-5 degrees"]).ok();
    assert_eq!(sent(&server), "-5 degrees");
    home.run(["chat", "send", "c-1", "--persona", "p", "--", "-hello"]).ok();
    assert_eq!(sent(&server), "-hello");
    for text in ["-5 degrees", "-hello", "-Vote", "-qh", "-h1", "-x"] {
        let run = home.run(["chat", "send", "c-1", text, "--persona", "p"]).failed(2, "error: unexpected argument");
        assert!(run.stderr.contains("-- -") && run.stderr.contains("stdin"), "{run:?}");
    }
    for id in ["-h1", "-Vote", "-qh"] {
        home.run(["chat", "close", id]).failed(2, &format!("-- {id}"));
        home.run(["chat", "accept", id, "--persona", "p"]).failed(2, &format!("-- {id}"));
    }
    home.run(["chat", "send", "c-1", "--persnoa", "p"]).failed(2, "'--persona'");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn text_that_cannot_be_sent_is_a_usage_error_and_nothing_is_sent() {
    let server = Server::script([]);
    let home = home(&server);
    let file = |name: &str, bytes: &[u8]| fs::write(home.path().join(name), bytes).unwrap();
    file("latin1", b"Gr\xfc\xdfe");
    file("large", &vec![b'x'; 1024 * 1024 + 1]);
    file("empty", b"");
    file("newline", b"\n");
    let send = |file: &str| home.run(["chat", "send", "c-1", "--text-file", file]);
    send("latin1").failed(2, "latin1 is not UTF-8");
    send("large").failed(2, "large is longer than 1048576 bytes");
    send("empty").failed(2, "the message is empty");
    send("newline").failed(2, "the message is empty");
    send("missing").failed(2, "cannot read missing: No such file");
    send(".").failed(2, "cannot read .");
    home.run(["chat", "send", "c-1", ""]).failed(2, "the message is empty");
    home.run_with(["chat", "send", "c-1", "-"], "").failed(2, "the message is empty");
    home.run(["chat", "send", "c-1", "a", "--text-file", "b"]).failed(2, "cannot be used with");
}

#[test]
fn the_longest_text_is_sent() {
    let server = obliging();
    let home = home(&server);
    let text = "x".repeat(1024 * 1024);
    home.run_with(["chat", "send", "c-1", "-"], &text).ok();
    assert_eq!(sent(&server), text);
}

#[test]
fn a_message_without_content_names_the_ways_to_give_one() {
    for more in [&[][..], &["-o", "json"]] {
        let run = Home::new().run([&["chat", "send", "c-1"], more].concat()).failed(2, "required");
        for way in ["TEXT", "--text-file", "--attachment"] {
            assert!(run.stderr.contains(way), "{run:?}");
        }
    }
}
