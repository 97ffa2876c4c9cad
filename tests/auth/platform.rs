//! A platform that knows one token, and homes to sign in from.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;

use crate::support::program::{Home, TOKEN};
use crate::support::server::{Answer, Server};

/// A platform that takes the token of the tests, and no other.
pub(crate) fn platform() -> Server {
    Server::always(|request| {
        if request.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return Answer::new(401, "");
        }
        assert_eq!(request.json()["operationName"], "AuthStatus");
        Answer::json(200, &json!({"data": {"partner": {"id": "partner-1"}}}))
    })
}

/// A home without secrets whose platform is this one.
pub(crate) fn home(server: &Server) -> Home {
    Home::bare().with("GUURU_ENDPOINT", &server.url())
}

/// Signs in with the token and the secret of the tests, both kept in the file.
pub(crate) fn sign_in(home: &Home, profile: &str) {
    let args = ["auth", "login", "--token-stdin", "--secret-stdin", "--insecure-storage", "--profile", profile];
    home.run_with(args, &format!("{TOKEN}\na-secret-of-{profile}\n")).ok();
}

/// The home's file of secrets.
pub(crate) fn credentials(home: &Home) -> String {
    fs::read_to_string(home.path().join("config/credentials.toml")).unwrap_or_default()
}

/// Writes the home's `config.toml`.
pub(crate) fn configure(home: &Home, text: &str) {
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), text).unwrap();
}

/// The permissions of a file.
pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
