//! A machine on which there is something to complete, and what its shells offer.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::json;

use crate::support::program::{Home, skip};
use crate::support::sender::Sender;
use crate::support::server::{Answer, Server};

/// Two profiles, of which `staging` has a store of its own.
const CONFIG: &str = "[staging]\n[work]\n";

/// Makes a home with profiles, a store with chats and consumers, and a persona.
fn make() -> Home {
    let platform = Server::always(|request| {
        let id = format!("p-{}", request.json()["variables"]["providerId"].as_str().unwrap());
        Answer::json(200, &json!({"data": {"createPersona": {"id": id, "name": "Ada"}}}))
    });
    let home = Home::new();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/config.toml"), CONFIG).unwrap();
    for (profile, chats) in [("default", ["c-1", "c-2"]), ("staging", ["s-1", "$(touch evil)"])] {
        let mut listener = home.listen(&["--consumer", &format!("{profile}-reader"), "--profile", profile]);
        let sender = Sender::new(&listener.url);
        for chat in chats {
            assert_eq!(sender.assign(chat, chat), Some(200));
        }
        assert_eq!(sender.send("chat-teleported", "t", &json!({"id": chats[0]})), Some(200));
        (0..3).for_each(|_| drop(listener.line()));
        listener.stop();
    }
    let endpoint = platform.url();
    let persona = ["persona", "create", "--provider-id", "agent-42", "--name", "Ada", "--endpoint", &endpoint];
    home.run(persona).ok();
    home.with("GUURU_ENDPOINT", &endpoint)
}

/// The machine of all tests here, which only look at it.
pub(crate) fn machine() -> &'static Home {
    static MACHINE: OnceLock<Home> = OnceLock::new();
    MACHINE.get_or_init(make)
}

/// The committed script of this name.
pub(crate) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(name)
}

/// A shell on the machine, on whose path the program is; `None` where the shell is not installed.
pub(crate) fn shell(home: &Home, name: &str) -> Option<Command> {
    if Command::new(name).arg("--version").output().is_err() {
        skip(&format!("{name} is not installed"));
        return None;
    }
    let ours = Path::new(env!("CARGO_BIN_EXE_guuru")).parent().unwrap().to_owned();
    let system = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([ours].into_iter().chain(std::env::split_paths(&system))).unwrap();
    let program = home.command([""; 0]);
    let environment: BTreeMap<OsString, OsString> =
        program.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
    let mut command = Command::new(name);
    command.env_clear().envs(environment).env("PATH", path).env("TERM", "xterm").current_dir(home.path());
    Some(command)
}

/// What must be offered for a beginning of a command line, in this order and without flags.
pub(crate) const OFFERED: [(&str, &[&str]); 23] = [
    ("guuru ch", &["chat"]),
    ("guuru chat s", &["show", "send"]),
    ("guuru chat send --dr", &["--dry-run"]),
    ("guuru -o j", &["json", "jsonl"]),
    ("guuru profile use ", &["default", "staging", "work"]),
    ("guuru profile delete w", &["work"]),
    ("guuru --profile ", &["default", "staging", "work"]),
    ("guuru --profile st", &["staging"]),
    ("guuru listen --event chat-t", &["chat-transferred", "chat-teleported"]),
    ("guuru trigger message-c", &["message-created"]),
    ("guuru chat send ", &["c-1", "c-2"]),
    ("guuru chat accept c", &["c-1", "c-2"]),
    ("guuru chat close c-2", &["c-2"]),
    ("guuru events list --chat ", &["c-1", "c-2"]),
    ("guuru chat open --profile staging ", &["s-1"]),
    ("guuru --profile staging listen --consumer ", &["staging-reader"]),
    ("guuru events prune --forget-consumer d", &["default-reader"]),
    ("guuru persona forget ", &["agent-42"]),
    ("guuru chat accept c-1 --provider-id ag", &["agent-42"]),
    ("guuru chat send c-1 --persona ", &["p-agent-42"]),
    ("guuru help ex", &["exit-codes", "expert"]),
    ("guuru help auth se", &["secret"]),
    ("guuru help auth secret ", &["generate"]),
];

/// What was offered but for flags nobody began to type.
pub(crate) fn without_flags<'a>(line: &str, offered: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let flags = line.rsplit(' ').next().unwrap().starts_with('-');
    offered.filter(|word| flags || !word.starts_with('-')).filter(|word| !word.is_empty()).collect()
}
