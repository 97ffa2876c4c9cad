//! Platforms for the commands to talk to, and what tests ask of them.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::program::Home;
use crate::support::server::{Answer, Request, Server};

/// A platform that does everything that it is asked.
pub(crate) fn obliging() -> Server {
    Server::always(oblige)
}

/// The answer to any mutation.
pub(crate) fn oblige(request: &Request) -> Answer {
    let call = request.json();
    let variables = &call["variables"];
    let (field, value) = match call["operationName"].as_str().unwrap() {
        "PersonaCreate" => {
            let mut persona = variables.clone();
            persona["id"] = format!("p-{}", persona["providerId"].as_str().unwrap()).into();
            ("createPersona", persona)
        }
        "ChatAccept" => ("acceptChat", json!({ "id": variables["chat"], "status": "opened", "messages": [] })),
        "ChatSend" => {
            let (text, attachment) = (&variables["text"], &variables["attachment"]);
            ("sendChatMessage", json!({ "id": "m-10", "text": text, "attachment": attachment }))
        }
        "ChatClose" => ("closeChat", json!({ "id": variables["chat"], "status": "closed" })),
        "ChatOpen" => ("openChat", json!({ "id": variables["chat"], "status": "opened" })),
        "SubmissionApprove" => ("approveSubmission", json!({ "id": variables["submission"], "status": "approved" })),
        "SubmissionReject" => ("rejectSubmission", json!({ "id": variables["submission"], "status": "rejected" })),
        other => panic!("{other} is no operation of ours"),
    };
    Answer::json(200, &json!({ "data": { field: value } }))
}

/// A platform that refuses everything.
pub(crate) fn refusing() -> Server {
    Server::always(|_| refusal())
}

/// A refusal with a code.
pub(crate) fn refusal() -> Answer {
    Answer::json(200, &json!({"errors": [{"message": "chat is not open", "extensions": {"code": "CHAT_NOT_OPEN"}}]}))
}

/// A home whose platform is this server.
pub(crate) fn home(server: &Server) -> Home {
    Home::new().with("GUURU_ENDPOINT", &server.url())
}

/// The names of the operations that a server was asked for, in order.
pub(crate) fn operations(server: &Server) -> Vec<String> {
    server.requests().iter().map(|request| request.json()["operationName"].as_str().unwrap().to_owned()).collect()
}

/// The variables of the last operation that a server was asked for.
pub(crate) fn variables(server: &Server) -> Value {
    server.requests().last().unwrap().json()["variables"].clone()
}

/// An address where nobody listens. On Linux it is one that the servers of other tests, which take any free port, never get.
pub(crate) fn unused_address() -> SocketAddr {
    let host = if cfg!(target_os = "linux") { "127.0.0.3:0" } else { "127.0.0.1:0" };
    TcpListener::bind(host).unwrap().local_addr().unwrap()
}

/// Whether these programs are installed.
pub(crate) fn has(programs: &[&str]) -> bool {
    programs.iter().all(|program| Command::new(program).arg("--version").output().is_ok())
}

/// A command other than the program's own in a home, with the program and the system's on its path.
pub(crate) fn tool(home: &Home, program: &str) -> Command {
    let ours = Path::new(env!("CARGO_BIN_EXE_guuru")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(ours.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let mut command = home.command([""; 0]);
    let environment: Vec<_> =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
    command = Command::new(program);
    command.env_clear().envs(environment).env("PATH", path.unwrap()).current_dir(home.path());
    command
}

/// The processes of this user whose environment names the home: everything that was started in it and still runs. On
/// systems without /proc nothing is seen.
pub(crate) fn processes(home: &Home) -> Vec<String> {
    let name = home.path().to_str().unwrap().as_bytes().to_owned();
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|process| {
            std::fs::read(process.join("environ"))
                .is_ok_and(|environment| environment.windows(name.len()).any(|part| part == name))
        })
        .map(|process| std::fs::read_to_string(process.join("cmdline")).unwrap_or_default().replace('\0', " "))
        .collect()
}

/// A home whose temporary files are its own too, so that a test sees what is left of them.
pub(crate) fn tidy_home() -> Home {
    let home = Home::bare();
    let folder = home.path().join("tmp");
    std::fs::create_dir(&folder).unwrap();
    home.with("TMPDIR", folder.to_str().unwrap())
}

/// The names of the temporary files that were left in a tidy home.
pub(crate) fn leftovers(home: &Home) -> Vec<String> {
    std::fs::read_dir(home.path().join("tmp"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}
