//! `credentials.toml`: the secrets of users who have no keyring and chose to keep them in a file. If others can read the file, it
//! is refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::file;
use crate::error::Error;

const HEAD: &str = "# Secrets in clear text, written by `guuru auth login`; `guuru auth logout` removes them.\n";

/// Profile → name of the secret → its value.
type Secrets = BTreeMap<String, BTreeMap<String, String>>;

/// The profile's secret of this name.
pub(super) fn get(path: &Path, profile: &str, name: &str) -> anyhow::Result<Option<SecretString>> {
    let value = read(path)?.get_mut(profile).and_then(|secrets| secrets.remove(name));
    Ok(value.map(SecretString::from))
}

/// Keeps a secret of the profile.
pub(super) fn set(path: &Path, profile: &str, name: &str, value: &SecretString) -> anyhow::Result<()> {
    let mut secrets = read(path)?;
    secrets.entry(profile.to_owned()).or_default().insert(name.to_owned(), value.expose_secret().to_owned());
    write(path, &secrets)
}

/// Removes a secret of the profile, and tells whether there was one.
pub(super) fn delete(path: &Path, profile: &str, name: &str) -> anyhow::Result<bool> {
    let mut secrets = read(path)?;
    let deleted = secrets.get_mut(profile).and_then(|secrets| secrets.remove(name)).is_some();
    if deleted {
        secrets.retain(|_, secrets| !secrets.is_empty());
        write(path, &secrets)?;
    }
    Ok(deleted)
}

/// The profiles that have a secret here.
pub(super) fn profiles(path: &Path) -> anyhow::Result<Vec<String>> {
    Ok(read(path)?.into_keys().collect())
}

fn read(path: &Path) -> anyhow::Result<Secrets> {
    let text = file::read_secret(path)?.unwrap_or_default();
    // The parser's own words would show the line, and a secret with it.
    toml::from_str(&text).map_err(|_| {
        let error = Error::config(format!("{} is not as `guuru auth login` writes it", path.display()));
        error.hint("remove it and log in again").into()
    })
}

fn write(path: &Path, secrets: &Secrets) -> anyhow::Result<()> {
    if secrets.is_empty() {
        return fs::remove_file(path)
            .map_err(|error| Error::config(format!("cannot remove {}: {error}", path.display())).into());
    }
    file::write_secret(path, &format!("{HEAD}\n{}", toml::to_string(secrets)?))
}
