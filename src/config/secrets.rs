//! The access token and the webhook secret: from the environment, else from where `guuru auth login` has put them. Never in
//! an argument, where `ps` shows them.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use secrecy::SecretString;
use serde::Serialize;

use super::keyring::{self, Fault};
use super::{credentials, file};
use crate::error::Error;

/// The secrets that a profile has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Secret {
    /// What the Admin API knows the partner by.
    Token,
    /// What webhooks are signed with; several, separated by commas, while one is being rotated.
    WebhookSecret,
}

impl Secret {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Token, Self::WebhookSecret];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "access token",
            Self::WebhookSecret => "webhook secret",
        }
    }

    /// The environment's name for it.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Token => "GUURU_TOKEN",
            Self::WebhookSecret => "GUURU_WEBHOOK_SECRET",
        }
    }

    /// Its value in the environment, which goes before all else.
    pub fn in_environment(self) -> Option<SecretString> {
        let value = match env::var(self.variable()) {
            // It is not a token. It is reported as wrong, not as missing.
            Err(env::VarError::NotUnicode(value)) if self == Self::Token => value.to_string_lossy().into_owned(),
            value => value.unwrap_or_default(),
        };
        let value = value.trim();
        (!value.is_empty()).then(|| SecretString::from(value))
    }

    fn key(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::WebhookSecret => "webhook-secret",
        }
    }
}

/// Where a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretPlace {
    /// In the environment of this process.
    Environment,
    /// In the system's keyring.
    Keyring,
    /// In `credentials.toml`.
    File,
}

impl SecretPlace {
    /// Its word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Keyring => "keyring",
            Self::File => "file",
        }
    }
}

/// What looking for a secret found.
#[derive(Debug)]
pub enum Found {
    /// The secret.
    Here(SecretString, SecretPlace),
    /// There is none, as far as can be told: the keyring may not have answered.
    Nowhere(Option<Fault>),
}

/// Where the secrets of all profiles are kept.
#[derive(Debug)]
pub struct Vault {
    folder: PathBuf,
    /// What keeps the keyring from being used, once that is known: it is not waited for twice.
    fault: OnceLock<Fault>,
}

impl Vault {
    /// The vault of the configuration in this folder. Nothing is read yet.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), fault: OnceLock::new() }
    }

    /// The file of those who have no keyring.
    pub fn file(&self) -> PathBuf {
        self.folder.join("credentials.toml")
    }

    /// Looks for a secret. A login leaves it in one place alone, so the order matters for time only: the keyring, which may
    /// be slow, is asked last.
    ///
    /// # Errors
    /// When the file cannot be read, or others could read it.
    pub fn find(&self, profile: &str, secret: Secret) -> anyhow::Result<Found> {
        if let Some(value) = secret.in_environment() {
            return Ok(Found::Here(value, SecretPlace::Environment));
        }
        if let Some(value) = credentials::get(&self.file(), profile, secret.key())? {
            return Ok(Found::Here(value, SecretPlace::File));
        }
        Ok(match self.keyring(|| keyring::get(&entry(profile, secret))) {
            Ok(Some(value)) => Found::Here(value, SecretPlace::Keyring),
            Ok(None) => Found::Nowhere(None),
            Err(fault) => Found::Nowhere(Some(fault)),
        })
    }

    /// The secret that a command needs.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when there is none.
    pub fn get(&self, profile: &str, secret: Secret) -> anyhow::Result<SecretString> {
        match self.find(profile, secret)? {
            Found::Here(value, _) => Ok(value),
            Found::Nowhere(fault) => Err(missing(profile, secret, fault.as_ref())),
        }
    }

    /// Keeps a secret in the keyring.
    ///
    /// # Errors
    /// What keeps the keyring from being used.
    pub fn keep_in_keyring(&self, profile: &str, secret: Secret, value: &SecretString) -> Result<(), Fault> {
        self.keyring(|| keyring::set(&entry(profile, secret), value))
    }

    /// Keeps a secret in the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_in_file(&self, profile: &str, secret: Secret, value: &SecretString) -> anyhow::Result<()> {
        file::locked(&self.folder, || credentials::set(&self.file(), profile, secret.key(), value))
    }

    /// Removes a secret from the file, and tells whether there was one.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn remove_from_file(&self, profile: &str, secret: Secret) -> anyhow::Result<bool> {
        if !self.file().exists() {
            return Ok(false);
        }
        file::locked(&self.folder, || credentials::delete(&self.file(), profile, secret.key()))
    }

    /// Removes a secret from the keyring, and tells whether there was one.
    ///
    /// # Errors
    /// What keeps the keyring from being used.
    pub fn remove_from_keyring(&self, profile: &str, secret: Secret) -> Result<bool, Fault> {
        self.keyring(|| keyring::delete(&entry(profile, secret)))
    }

    fn keyring<T>(&self, call: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        if let Some(fault) = self.fault.get() {
            return Err(fault.clone());
        }
        call().inspect_err(|fault| {
            if fault.lasts() {
                // Another thread was first, with the same value.
                let _ = self.fault.set(fault.clone());
            }
        })
    }
}

/// What to say where a profile has no such secret.
pub fn missing(profile: &str, secret: Secret, fault: Option<&Fault>) -> anyhow::Error {
    let cause = fault.map_or_else(String::new, |fault| format!(" ({fault})"));
    let error = Error::config(format!("no {} for profile `{profile}`{cause}", secret.name()));
    error.hint(format!("run `guuru auth login`, or set {}", secret.variable())).into()
}

fn entry(profile: &str, secret: Secret) -> String {
    format!("{}@{profile}", secret.key())
}
