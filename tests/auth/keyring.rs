//! The keyring: a real one, none, and one that never answers.

use std::os::unix::net::UnixListener;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::platform::{credentials, platform};
use crate::support::program::{Home, SECRET, TOKEN, skip};

const LOGIN: [&str; 5] = ["auth", "login", "--token-stdin", "--secret-stdin", "--no-check"];

fn installed(programs: &[&str]) -> bool {
    let all = programs.iter().all(|program| Command::new(program).arg("--version").output().is_ok());
    if !all {
        skip(&format!("{} are not all installed", programs.join(", ")));
    }
    all
}

/// Runs a script in a D-Bus session of its own, in which `guuru` stands for the program.
fn session(home: &Home, options: &[&str], script: &str) -> Output {
    let environment = home.command([""; 0]);
    let environment = environment.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned()));
    let script = format!("guuru() {{ '{}' \"$@\"; }}\n{script}", env!("CARGO_BIN_EXE_guuru"));
    let mut command = Command::new("dbus-run-session");
    command.env_clear().envs(environment.filter(|(name, _)| name != "DBUS_SESSION_BUS_ADDRESS"));
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("XDG_RUNTIME_DIR", home.path()).current_dir(home.path());
    command.args(options).args(["--", "bash", "-c", &script]).output().unwrap()
}

const UNLOCK: &str = "printf pw | gnome-keyring-daemon --unlock --components=secrets >&2\n";

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_real_keyring_keeps_the_secrets_of_each_profile_until_logout() {
    if !installed(&["dbus-run-session", "gnome-keyring-daemon"]) {
        return;
    }
    let server = platform();
    let home = Home::bare().with("GUURU_ENDPOINT", &server.url());
    let script = format!(
        "{UNLOCK} set -e
        printf '{TOKEN}\\n{SECRET}\\n' | guuru auth login --token-stdin --secret-stdin
        echo other-token | guuru auth login --token-stdin --no-check --profile other
        guuru auth status -o jsonl
        guuru config show -o table
        guuru auth logout
        guuru auth logout
        guuru config show -o table"
    );
    let output = session(&home, &[], &script);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    let lines: Vec<&str> = stdout.lines().collect();
    assert!(lines[0].contains(r#""partnerId":"partner-1","kept":["token","webhookSecret"],"place":"keyring""#));
    assert!(lines[2].contains(r#""token":"keyring","webhookSecret":"keyring","partnerId":"partner-1""#), "{stdout}");
    assert!(lines[3].contains(r#""profile":"other""#) && lines[3].contains(r#""kind":"auth""#), "{stdout}");
    assert!(stdout.contains(r#""removed":["keyring"]"#) && stdout.contains(r#""removed":[]"#), "{stdout}");
    assert_eq!(stdout.matches("not set").count(), 2, "{stdout}");
    assert!(![TOKEN, SECRET, "other-token"].iter().any(|secret| format!("{stdout}{stderr}").contains(secret)));
    assert_eq!(credentials(&home), "");
}

#[test]
fn a_login_leaves_a_secret_in_one_place_alone() {
    if !installed(&["dbus-run-session", "gnome-keyring-daemon"]) {
        return;
    }
    let home = Home::bare();
    let script = format!(
        "{UNLOCK} set -e
        echo one | guuru auth login --token-stdin --no-check --insecure-storage
        echo two | guuru auth login --token-stdin --no-check
        [[ ! -e config/credentials.toml ]]
        echo three | guuru auth login --token-stdin --no-check --insecure-storage
        rm config/credentials.toml
        guuru config show -o table | grep 'token *not set'"
    );
    let output = session(&home, &[], &script);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn a_locked_keyring_says_so_and_is_not_waited_for() {
    if !installed(&["dbus-run-session", "gnome-keyring-daemon"]) {
        return;
    }
    let home = Home::bare();
    let keep = format!("{UNLOCK} echo {TOKEN} | guuru auth login --token-stdin --no-check");
    assert!(session(&home, &[], &keep).status.success());
    let look = "gnome-keyring-daemon --start --components=secrets >&2; guuru chat close c-1";
    let start = Instant::now();
    let output = session(&home, &[], look);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("no access token for profile `default` (the keyring "), "{stderr}");
    assert!(stderr.contains("locked") && start.elapsed() < Duration::from_secs(8), "{stderr}");
}

#[test]
fn a_session_without_a_keyring_says_so_and_keeps_nothing() {
    if !installed(&["dbus-run-session"]) {
        return;
    }
    let home = Home::bare();
    let file = home.path().join("bus.conf");
    let bus = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context='default'>\
               <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>";
    std::fs::write(&file, bus).unwrap();
    let option = format!("--config-file={}", file.display());
    let output = session(&home, &[&option], "echo x | guuru auth login --token-stdin --no-check");
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("no keyring is running in this D-Bus session"), "{}", text(&output.stderr));
    assert_eq!(credentials(&home), "");
}

#[test]
fn without_a_session_nothing_is_kept_unless_insecure_storage_is_asked_for() {
    let home = Home::bare();
    let run = home.run_with(LOGIN, "token\nsecret\n").failed(3, "there is no D-Bus session");
    assert!(run.stderr.contains("--insecure-storage") && run.stderr.contains("GUURU_TOKEN"), "{run:?}");
    assert_eq!(credentials(&home), "");
    home.run_with([&LOGIN[..], &["--insecure-storage"]].concat(), "token\nsecret\n").ok();
}

/// A bus that takes connections and never says a word.
fn mute() -> (Home, UnixListener) {
    let home = Home::bare();
    let path = home.path().join("mute");
    let bus = UnixListener::bind(&path).unwrap();
    bus.set_nonblocking(true).unwrap();
    (home.with("DBUS_SESSION_BUS_ADDRESS", &format!("unix:path={}", path.display())), bus)
}

#[test]
fn a_keyring_that_never_answers_is_given_up_after_3_seconds_and_not_tried_again() {
    let (home, _bus) = mute();
    let start = Instant::now();
    home.run_with(LOGIN, "token\nsecret\n").failed(3, "did not answer within 3 s");
    let run = home.run(["auth", "status"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    // Two runs, each of which needs two secrets.
    assert!(start.elapsed() < Duration::from_secs(11), "{:?}", start.elapsed());
}

#[test]
fn the_keyring_is_not_touched_where_the_environment_or_the_file_has_the_secret() {
    let (home, bus) = mute();
    home.run(["config", "show"]).ok();
    assert!(bus.accept().is_ok(), "nobody came although there was no secret");
    while bus.accept().is_ok() {}
    let home = home.with("GUURU_TOKEN", TOKEN).with("GUURU_WEBHOOK_SECRET", SECRET);
    home.run(["config", "show"]).ok();
    home.run(["chat", "close", "c-1", "--endpoint", "http://127.0.0.1:9/graphql", "--retries", "0"]).failed(5, "");
    home.run(["verify", "--signature", "00"]).failed(1, "");
    assert!(bus.accept().is_err(), "the keyring was asked");
}
