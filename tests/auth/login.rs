//! `auth login`, `auth logout` and `auth secret generate` where there is no keyring.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::platform::{configure, credentials, home, mode, platform, sign_in};
use crate::support::program::{Home, SECRET, TOKEN};
use crate::support::server::{Answer, Server, reply};

const LOGIN: [&str; 4] = ["auth", "login", "--token-stdin", "--insecure-storage"];

#[test]
fn a_token_is_tried_and_kept_where_only_its_owner_reads_it() {
    let server = platform();
    let home = home(&server);
    let run = home.run_with(LOGIN, &format!("{TOKEN}\n")).ok();
    let kept = json!({"profile": "default", "partnerId": "partner-1", "kept": ["token"], "place": "file"});
    assert_eq!(run.json(), kept);
    assert!(!format!("{run:?}").contains(TOKEN), "{run:?}");
    assert_eq!(mode(&home.path().join("config/credentials.toml")), 0o600);
    let table = home.run(["auth", "status", "-o", "table"]).ok();
    assert!(table.stdout.contains("partner-1") && !format!("{table:?}").contains(TOKEN), "{table:?}");
}

#[test]
fn a_refused_token_is_6_and_not_kept() {
    let server = platform();
    let home = home(&server);
    let run = home.run_with(LOGIN, "another-token\n").failed(6, "the platform refused the access token");
    assert!(run.stderr.contains("nothing is kept for profile `default`"), "{run:?}");
    assert!(!run.stderr.contains("another-token"), "{run:?}");
    assert_eq!(credentials(&home), "");
    sign_in(&home, "default");
    home.run_with(LOGIN, "another-token\n").failed(6, "");
    assert!(credentials(&home).contains(TOKEN), "the one that worked is gone");
}

#[test]
fn a_token_that_cannot_be_tried_is_5_and_kept_only_with_no_check() {
    let server = Server::script([reply(Answer::new(503, "").header("Retry-After", "0"))]);
    let home = home(&server);
    home.run_with([&LOGIN[..], &["--retries", "0"]].concat(), TOKEN).failed(5, "nothing is kept");
    assert_eq!(credentials(&home), "");
    let run = home.run_with([&LOGIN[..], &["--no-check"]].concat(), TOKEN).ok();
    assert!(run.json().get("partnerId").is_none(), "{run:?}");
    assert!(credentials(&home).contains(TOKEN));
}

#[test]
fn secrets_that_are_not_given_stay_as_they_were() {
    let server = platform();
    let home = home(&server);
    sign_in(&home, "default");
    home.run_with(["auth", "login", "--secret-stdin", "--insecure-storage"], "another-secret\n").ok();
    let kept = credentials(&home);
    assert!(kept.contains(TOKEN) && kept.contains("another-secret") && !kept.contains("a-secret-of-"), "{kept}");
}

#[test]
fn stdin_has_a_line_for_each_of_the_flags() {
    let home = Home::bare();
    let both = ["auth", "login", "--token-stdin", "--secret-stdin", "--no-check", "--insecure-storage"];
    home.run_with(both, "token\n").failed(2, "there is no webhook secret on stdin");
    home.run_with(both, "\nsecret\n").failed(2, "there is no access token on stdin");
    home.run_with(both, "token\nsecret\nmore\n").failed(2, "more lines than were asked for");
    home.run_with(["auth", "login", "--secret-stdin", "--insecure-storage"], " , \n").failed(2, "secret is empty");
    assert_eq!(credentials(&home), "");
    home.run_with(both, "token\r\nsecret\r\n").ok();
    assert!(credentials(&home).contains("\"token\"") && credentials(&home).contains("\"secret\""));
}

#[test]
fn off_a_terminal_a_missing_value_names_the_flag_and_the_variable() {
    let run = Home::bare().run(["auth", "login"]).failed(2, "nobody can be asked");
    for name in ["--token-stdin", "--secret-stdin", "GUURU_TOKEN", "GUURU_WEBHOOK_SECRET"] {
        assert!(run.stderr.contains(name), "{run:?}");
    }
}

#[test]
fn kept_secrets_are_used_until_they_are_removed() {
    let home = Home::bare();
    let keep = ["auth", "login", "--token-stdin", "--secret-stdin", "--no-check", "--insecure-storage"];
    home.run_with(keep, &format!("{TOKEN}\n{SECRET}\n")).ok();
    let server = Server::script([reply(Answer::json(200, &json!({"data": {"closeChat": {"id": "c-1"}}})))]);
    home.run(["chat", "close", "c-1", "--endpoint", &server.url()]).ok();
    assert_eq!(server.requests()[0].header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    let listener = home.listen(&["--count", "1"]);
    home.run(["trigger", "chat-closed", "--to", &listener.url]).ok();
    assert_eq!(listener.line()["event"], "chat-closed");
    assert_eq!(home.run(["auth", "logout"]).ok().json(), json!({"profile": "default", "removed": ["file"]}));
    assert!(!home.path().join("config/credentials.toml").exists());
    home.run(["chat", "close", "c-1"]).failed(3, "no access token for profile `default`");
}

#[test]
fn logout_says_when_the_environment_still_has_one() {
    let home = Home::bare().with("GUURU_TOKEN", TOKEN);
    let keep = ["auth", "login", "--token-stdin", "--no-check", "--insecure-storage"];
    let login = home.run_with(keep, "kept").ok();
    assert!(login.stderr.contains("GUURU_TOKEN is set, and goes before what is kept"), "{login:?}");
    let logout = home.run(["auth", "logout"]).ok();
    assert!(logout.stderr.contains("GUURU_TOKEN is still set"), "{logout:?}");
    assert!(!logout.stderr.contains("GUURU_WEBHOOK_SECRET"), "{logout:?}");
}

#[test]
fn a_file_that_others_may_read_is_not_read() {
    let home = Home::bare();
    home.run_with([&LOGIN[..], &["--no-check"]].concat(), TOKEN).ok();
    let file = home.path().join("config/credentials.toml");
    for open in [0o640, 0o604, 0o666] {
        fs::set_permissions(&file, Permissions::from_mode(open)).unwrap();
        let run = home.run(["chat", "close", "c-1"]).failed(3, &format!("(mode {open:04o})"));
        assert!(run.stderr.contains("chmod 600"), "{run:?}");
    }
}

#[test]
fn a_damaged_file_of_secrets_is_an_error_that_shows_none_of_them() {
    let home = Home::bare();
    home.run_with([&LOGIN[..], &["--no-check"]].concat(), TOKEN).ok();
    let file = home.path().join("config/credentials.toml");
    for damaged in [format!("[default]\ntoken = \"{TOKEN}\n"), format!("[default]\n\"{TOKEN}\" = 7\n")] {
        fs::write(&file, damaged).unwrap();
        let run = home.run(["chat", "close", "c-1"]).failed(3, "credentials.toml");
        assert!(!run.stderr.contains(TOKEN), "{run:?}");
    }
}

#[test]
fn a_secret_is_32_bytes_in_hexadecimal_and_never_the_same() {
    let home = Home::bare().with("GUURU_OUTPUT", "json");
    let generate = || home.run(["auth", "secret", "generate"]).ok();
    let (one, other) = (generate(), generate());
    for run in [&one, &other] {
        let secret = run.stdout.strip_suffix('\n').unwrap();
        assert_eq!(hex::decode(secret).unwrap().len(), 32);
        assert!(run.stderr.contains("portal") && !run.stderr.contains(secret), "{run:?}");
    }
    assert_ne!(one.stdout, other.stdout);
    home.run_with(["auth", "login", "--secret-stdin", "--insecure-storage"], &one.stdout).ok();
    assert!(credentials(&home).contains(one.stdout.trim()));
}

#[test]
fn a_new_profile_is_created_with_the_endpoint_that_its_token_was_tried_at() {
    let server = platform();
    let home = Home::bare();
    configure(&home, "# ours\n[default]\noutput = 'json'\n");
    let endpoint = server.url();
    home.run_with([&LOGIN[..], &["--profile", "staging", "--endpoint", &endpoint]].concat(), TOKEN).ok();
    let text = fs::read_to_string(home.path().join("config/config.toml")).unwrap();
    assert_eq!(text, format!("# ours\n[default]\noutput = 'json'\n\n[staging]\nendpoint = \"{}\"\n", server.url()));
    assert_eq!(home.run(["auth", "status", "--profile", "staging"]).ok().json()[0]["partnerId"], "partner-1");
}

#[test]
fn logins_at_the_same_time_lose_nothing() {
    let home = Home::bare();
    let names: Vec<String> = (0..8).map(|number| format!("profile-{number}")).collect();
    std::thread::scope(|scope| {
        for name in &names {
            let args = [&LOGIN[..], &["--no-check", "--profile", name]].concat();
            let home = &home;
            scope.spawn(move || home.run_with(args, name).ok());
        }
    });
    let listed = home.run(["profile", "list"]).ok().json();
    let listed: Vec<&str> =
        listed.as_array().unwrap().iter().map(|profile| profile["name"].as_str().unwrap()).collect();
    assert!(names.iter().all(|name| listed.contains(&name.as_str())), "{listed:?}");
    assert!(names.iter().all(|name| credentials(&home).contains(&format!("token = \"{name}\""))));
}

#[test]
fn extra_characters_in_a_token_are_named_wherever_it_comes_from() {
    let server = platform();
    for (token, words) in [
        ("Bearer s3cret-token", "begins with `Bearer`"),
        ("\"s3cret-token\"", "has quotation marks in it"),
        ("s3cret\u{200b}-token", "U+200B, its character 7"),
        ("s3cret\u{a0}-token", "white space in it (U+00A0"),
    ] {
        for args in [&LOGIN[..], &[&LOGIN[..], &["--no-check"]].concat()] {
            let home = home(&server);
            let run = home.run_with(args, &format!("{token}\n")).failed(3, words);
            assert!(!run.stderr.contains("s3cret") && credentials(&home).is_empty(), "{run:?}");
        }
        let from_environment = home(&server).with("GUURU_TOKEN", token);
        let status = from_environment.run(["auth", "status"]);
        assert!(status.code == Some(3) && status.stderr.contains(words), "{status:?}");
        from_environment.run(["partner"]).failed(3, words);
        let from_file = home(&server);
        sign_in(&from_file, "default");
        let kept = credentials(&from_file).replace(TOKEN, &token.replace('"', "\\\""));
        fs::write(from_file.path().join("config/credentials.toml"), kept).unwrap();
        from_file.run(["partner"]).failed(3, words);
    }
    assert!(
        server.requests().iter().all(|request| request.header("authorization") == Some(&format!("Bearer {TOKEN}")))
    );
}

#[test]
fn a_token_of_one_letter_leaves_messages_as_they_are() {
    let server = platform();
    let home = home(&server).with("GUURU_TOKEN", "a");
    home.run(["partner"]).failed(6, "the platform refused the access token: HTTP 401");
}

#[test]
fn a_login_at_another_endpoint_says_which_before_and_does_not_wait_for_one_that_has_ended() {
    let home = Home::bare().with("GUURU_ENDPOINT", "http://127.0.0.3:9/graphql");
    let run = home.run_with(LOGIN, TOKEN).failed(5, "connection refused");
    assert!(!run.stderr.contains("trying again"), "{run:?}");
    let announced = "the access token will be sent to http://127.0.0.3:9/graphql, which GUURU_ENDPOINT names\n";
    assert!(run.stderr.starts_with(announced), "{run:?}");
    assert!(run.stderr.contains("`unset GUURU_ENDPOINT`"), "{run:?}");
    assert_eq!(credentials(&home), "");
    for kept in [&["--secret-stdin"][..], &["--token-stdin", "--no-check"]] {
        let run = home.run_with([&["auth", "login", "--insecure-storage"], kept].concat(), TOKEN).ok();
        assert!(!run.stderr.contains("will be sent"), "{run:?}");
    }
    home.run(["partner", "--retries", "1"]).failed(5, "trying again");
    let doctor = home.run(["doctor", "-o", "table"]);
    assert!(doctor.stdout.contains("`unset GUURU_ENDPOINT`"), "{doctor:?}");
}

#[test]
fn secrets_are_kept_only_where_nobody_else_can_write_and_not_through_a_link() {
    let server = platform();
    let home = home(&server);
    sign_in(&home, "default");
    let (folder, file) = (home.path().join("config"), home.path().join("config/credentials.toml"));
    for mode in [0o770, 0o707] {
        fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
        let run = home.run(["partner"]).failed(3, &format!("others may write to the folder {}", folder.display()));
        assert!(run.stderr.contains("chmod go-w"), "{run:?}");
        home.run_with(LOGIN, TOKEN).failed(3, "secrets are kept there");
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    home.run(["auth", "status"]).ok();
    let elsewhere = home.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    home.run(["partner"]).failed(3, "is a symbolic link");
    let before = fs::read_to_string(&elsewhere).unwrap();
    home.run_with([&LOGIN[..], &["--no-check"]].concat(), "another-token").failed(3, "is a symbolic link");
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), before);
}

#[test]
fn a_lock_of_the_configuration_is_not_one_through_a_link() {
    let home = Home::bare();
    let target = home.path().join("target");
    fs::create_dir(home.path().join("config")).unwrap();
    std::os::unix::fs::symlink(&target, home.path().join("config/.lock")).unwrap();
    home.run(["profile", "create", "work"]).failed(3, "is a symbolic link");
    assert!(!target.exists());
}
