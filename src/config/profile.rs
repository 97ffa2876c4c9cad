//! `config.toml`: one table for each profile.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml_edit::{DocumentMut, Item, Table};
use url::Url;

use super::{file, units};
use crate::error::{Error, nearest};
use crate::output::Format;

/// What a profile may set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Profile {
    #[serde(default, deserialize_with = "address")]
    pub(super) endpoint: Option<Url>,
    pub(super) output: Option<Format>,
    #[serde(default, deserialize_with = "span")]
    pub(super) prune_older_than: Option<Duration>,
    #[serde(default, deserialize_with = "size")]
    pub(super) prune_larger_than: Option<u64>,
    #[serde(default, deserialize_with = "span")]
    pub(super) prune_journal_older_than: Option<Duration>,
    #[serde(default, deserialize_with = "span")]
    pub(super) keep_keys: Option<Duration>,
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    super::address(&String::deserialize(deserializer)?).map(Some).map_err(D::Error::custom)
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    units::span(&String::deserialize(deserializer)?).map(Some).map_err(D::Error::custom)
}

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    units::size(&String::deserialize(deserializer)?).map(Some).map_err(D::Error::custom)
}

/// Reads every profile; a file that is not there has none.
pub(super) fn read(path: &Path) -> anyhow::Result<BTreeMap<String, Profile>> {
    let text = file::read(path)?.unwrap_or_default();
    toml::from_str(&text).map_err(|error| mistake(path, &text, &error).into())
}

/// Adds a profile unless it is there, and sets its endpoint where one is given; all else in the file stays as it is.
pub(super) fn add(path: &Path, name: &str, endpoint: Option<&Url>) -> anyhow::Result<()> {
    edit(path, |document| {
        let profile = document.entry(name).or_insert_with(|| Item::Table(Table::new()));
        if let Some(endpoint) = endpoint {
            profile["endpoint"] = toml_edit::value(endpoint.as_str());
        }
    })
}

/// Removes a profile's table.
pub(super) fn remove(path: &Path, name: &str) -> anyhow::Result<()> {
    edit(path, |document| drop(document.remove(name)))
}

fn edit(path: &Path, change: impl FnOnce(&mut DocumentMut)) -> anyhow::Result<()> {
    // What is read without fault here can be edited: each profile is a table.
    read(path)?;
    let text = file::read(path)?.unwrap_or_default();
    let mut document: DocumentMut =
        text.parse().map_err(|error| Error::config(format!("cannot read {}: {error}", path.display())))?;
    change(&mut document);
    let changed = document.to_string();
    if changed == text { Ok(()) } else { file::write(path, &changed) }
}

/// A mistake in the file, with its line and, for a key that nobody knows, the nearest one that is known.
fn mistake(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
    let line = before.matches('\n').count();
    let mut cause = error
        .message()
        .replace("unknown variant", "unknown value")
        .replace("unknown field", "unknown key")
        .replace("struct Profile", "a table `[NAME]`");
    // The key alone: what stands beside it may be a secret in the wrong place.
    let key = text.lines().nth(line).and_then(|line| line.split_once('=')).map(|(key, _)| key.trim());
    if let Some(key) = key.filter(|_| !cause.starts_with("unknown key")) {
        cause = format!("`{key}`: {cause}");
    }
    let told = Error::config(format!("cannot read {}: line {}: {cause}", path.display(), line + 1));
    // Only serde knows the keys, and it names the unknown one first and then all others: a list here could go out of date.
    let names: Vec<&str> = cause.split('`').skip(1).step_by(2).collect();
    match names.split_first() {
        Some((unknown, known)) if cause.starts_with("unknown key") => match nearest(unknown, known.iter().copied()) {
            Some(known) => told.hint(format!("did you mean `{known}`?")),
            None => told,
        },
        _ => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_keeps_comments_order_and_what_else_is_there() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.toml");
        let text = "# ours\n[work]  # the account\noutput = 'json'\n\n[default]\n";
        std::fs::write(&path, text).unwrap();
        add(&path, "work", None).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        add(&path, "new", Some(&Url::parse("https://example.com/graphql").unwrap())).unwrap();
        let with_new = format!("{text}\n[new]\nendpoint = \"https://example.com/graphql\"\n");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), with_new);
        remove(&path, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
