//! The system's keyring. It is another program, which may be missing, locked, or waiting for a person who is not there. So no call
//! takes longer than a few seconds, and errors say what is wrong.

use std::error::Error as _;
use std::fmt;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use keyring::v1::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};

/// The name under which the keyring's own programs show what is kept here.
const SERVICE: &str = "guuru";
/// The longest that the keyring is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why the keyring cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no session bus on which a keyring could be reached.
    NoBus,
    /// There is a session bus, and no keyring on it.
    NoService,
    /// It is locked, and was not unlocked, or nothing can be kept in it yet.
    Locked,
    /// It did not answer in time.
    Late,
    /// Anything else, in its own words.
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBus => f.write_str("no keyring can be reached: there is no D-Bus session"),
            Self::NoService => f.write_str("no keyring is running in this D-Bus session"),
            Self::Locked => f.write_str("the keyring is locked, or was never set up"),
            Self::Late => {
                write!(
                    f,
                    "the keyring did not answer within {} s: it may be locked and ask elsewhere",
                    PATIENCE.as_secs()
                )
            }
            Self::Other(cause) => write!(f, "the keyring failed: {cause}"),
        }
    }
}

impl Fault {
    /// Whether the next call would meet it too.
    pub(super) fn lasts(&self) -> bool {
        matches!(self, Self::NoBus | Self::NoService | Self::Late)
    }

    fn of(error: &Error) -> Self {
        let mut words = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            words = format!("{words}: {cause}");
            source = cause.source();
        }
        // The types behind these are those of whichever D-Bus client the keyring crate is built with.
        let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        match error {
            _ if says(&["ServiceUnknown", "NameHasNoOwner", "was not provided by any .service files"]) => {
                Self::NoService
            }
            _ if says(&["object locked", "prompt dismissed", "result not returned"]) => Self::Locked,
            _ if says(&["Failed to connect", "no secret service provider", "I/O error", "address"]) => Self::NoBus,
            _ => Self::Other(words),
        }
    }
}

/// What is kept under this name; `None` where nothing is.
pub(super) fn get(name: &str) -> Result<Option<SecretString>, Fault> {
    ask(name, |entry| found(entry.get_password()).map(|value| value.map(SecretString::from)))
}

/// Keeps a secret under this name, in the place of the one before it.
pub(super) fn set(name: &str, value: &SecretString) -> Result<(), Fault> {
    let value = value.clone();
    ask(name, move |entry| entry.set_password(value.expose_secret()))
}

/// Removes what is kept under this name, and tells whether there was something.
pub(super) fn delete(name: &str) -> Result<bool, Fault> {
    ask(name, |entry| found(entry.delete_credential()).map(|deleted| deleted.is_some()))
}

fn found<T>(result: keyring::v1::Result<T>) -> keyring::v1::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Asks on a thread of its own: a call that hangs is left behind, and ends with the process.
fn ask<T: Send + 'static>(
    name: &str,
    call: impl FnOnce(&Entry) -> keyring::v1::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    let name = name.to_owned();
    let (sender, answer) = channel();
    let asking = thread::Builder::new().name("keyring".into()).spawn(move || {
        let result = match Entry::store_status() {
            Ok(()) => Entry::new(SERVICE, &name).and_then(|entry| call(&entry)).map_err(|error| Fault::of(&error)),
            // `Entry::new` would hide the cause.
            Err(error) => Err(Fault::of(error)),
        };
        // An error means that the answer came too late.
        let _ = sender.send(result);
    });
    asking.map_err(|error| Fault::Other(error.to_string()))?;
    answer.recv_timeout(PATIENCE).unwrap_or(Err(Fault::Late))
}
