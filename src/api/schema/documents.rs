//! The documents that were written for a live schema: a folder of `.graphql` files, one for each operation that differs from
//! the built-in one. The names of the variables say what they take, so that a file that a person writes needs nothing else.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fs, io};

use anyhow::Context;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::bind::Bound;
use super::document::Document;
use super::live::Live;
use super::request::Prepared;
use crate::api::operation::role::ORDERED_BY;
use crate::api::operation::thing::MESSAGES;
use crate::api::{Call, Operation};
use crate::error::Error;

/// Begins the line of the header that tells whether the rest was changed.
const SUM: &str = "# sha256 ";
/// Begins a line of the header with what a person said: `# accept persona=sender`.
const ANSWER: &str = "# accept ";
/// The largest document that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// The documents in use: those of a folder, and the built-in ones where it has none.
#[derive(Debug, Default)]
pub struct Documents {
    folder: Option<PathBuf>,
    /// What is in use of those that were asked for.
    known: Mutex<HashMap<&'static str, Arc<Document>>>,
}

/// Where a document in use comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is part of the program.
    BuiltIn,
    /// It was written for a schema.
    Synced,
    /// A person wrote or changed it.
    Edited,
}

/// What became of a document that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// It is in its file now.
    Written,
    /// Its file had it already.
    Unchanged,
    /// The file holds what a person wrote, and was left alone.
    Edited,
}

impl Documents {
    /// The documents of this folder, which need not exist.
    pub fn of(folder: Option<PathBuf>) -> Self {
        Self { folder, known: Mutex::default() }
    }

    /// The file of an operation's document; `None` without a folder.
    pub fn path(&self, operation: &Operation) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{}.graphql", operation.name)))
    }

    /// The text of the document in use, and where it comes from.
    pub fn in_use(&self, operation: &'static Operation) -> anyhow::Result<(String, State)> {
        let document = self.get(operation)?;
        Ok((document.text.to_string(), document.state))
    }

    /// The request that a call makes.
    ///
    /// # Errors
    /// Where a value is missing that the endpoint demands, or the document's file cannot be used.
    pub fn prepare(&self, call: &Call) -> anyhow::Result<Prepared> {
        Prepared::of(call, self.get(call.operation())?)
    }

    /// Writes a document into its file, unless a person wrote what is there; `force` does so even then. `source` says what
    /// it was written for.
    pub fn keep(
        &self,
        operation: &'static Operation,
        bound: &Bound,
        source: &str,
        force: bool,
    ) -> anyhow::Result<Kept> {
        let document = Document::read(operation, &bound.document, State::Synced)?.answered(bound.answers());
        let path = self.path(operation).context("there is no folder for documents")?;
        let kept = match find(operation, &path) {
            Ok(Some(there)) if there.state == State::Edited && !force => return Ok(Kept::Edited),
            Ok(Some(there)) if there == document => Kept::Unchanged,
            Err(_) if !force && path.exists() => return Ok(Kept::Edited),
            _ => {
                write(&path, &headed(bound, source)).with_context(|| format!("cannot write {}", path.display()))?;
                Kept::Written
            }
        };
        self.use_now(operation, document);
        Ok(kept)
    }

    /// Removes the file of an operation whose built-in document will do, unless a person wrote what is there; `force` does so
    /// even then. Tells whether there was one.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn drop_file(&self, operation: &'static Operation, force: bool) -> anyhow::Result<bool> {
        let path = self.path(operation).context("there is no folder for documents")?;
        if !path.exists() || (!force && self.is_edited(operation)) {
            return Ok(false);
        }
        fs::remove_file(&path).with_context(|| Error::config(format!("cannot remove {}", path.display())))?;
        self.use_now(operation, Document::built_in(operation));
        Ok(true)
    }

    /// Whether a person wrote the document in use, or wrote something that is none.
    pub fn is_edited(&self, operation: &'static Operation) -> bool {
        self.get(operation).map_or(true, |document| document.state == State::Edited)
    }

    /// What a person said when the document in use was written: which argument takes which role.
    pub fn answers(&self, operation: &'static Operation) -> Vec<(String, String)> {
        self.get(operation).map(|document| document.answers.clone()).unwrap_or_default()
    }

    /// Why the document in use does not work with a schema; nothing where it does.
    pub fn misfits(&self, live: &Live, operation: &'static Operation) -> Vec<String> {
        match self.get(operation) {
            Ok(document) if document.state == State::BuiltIn => live.misfits_built_in(operation),
            Ok(document) => live.misfits(&document.text, operation.name),
            Err(error) => vec![format!("{error:#}")],
        }
    }

    /// Uses a document from now on, without keeping it.
    pub(crate) fn use_bound(&self, operation: &'static Operation, bound: &Bound) -> anyhow::Result<()> {
        let document = Document::read(operation, &bound.document, State::Synced)?;
        self.use_now(operation, document.answered(bound.answers()));
        Ok(())
    }

    fn use_now(&self, operation: &'static Operation, document: Document) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(operation.name, Arc::new(document));
    }

    /// The document of an operation, read once. One without a file costs one look for it.
    fn get(&self, operation: &'static Operation) -> anyhow::Result<Arc<Document>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(operation.name) {
            return Ok(known.clone());
        }
        let found = self.path(operation).map(|path| find(operation, &path)).transpose()?.flatten();
        let document = Arc::new(found.unwrap_or_else(|| Document::built_in(operation)));
        known.insert(operation.name, document.clone());
        Ok(document)
    }
}

/// What the file of an operation holds.
fn find(operation: &Operation, path: &Path) -> anyhow::Result<Option<Document>> {
    let failed =
        || Error::config(format!("cannot use {}", path.display())).hint("remove it, or see `guuru schema check`");
    let text = match read(path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error).with_context(failed),
    };
    let (body, state) = match text.split_once(SUM).and_then(|(_, rest)| rest.split_once('\n')) {
        Some((sum, body)) if sum.trim() == hash(body) => (body, State::Synced),
        _ => (&*text, State::Edited),
    };
    let header = text.split(SUM).next().unwrap_or_default().lines();
    let answers = header.filter_map(|line| line.strip_prefix(ANSWER)?.trim().split_once('='));
    let answers = answers.map(|(role, argument)| (role.to_owned(), argument.to_owned())).collect();
    let document = Document::read(operation, body, state).with_context(failed)?;
    Ok(Some(document.answered(answers)))
}

/// A document with the header that says where it comes from.
fn headed(bound: &Bound, source: &str) -> String {
    // What stands in the document itself is no variable.
    let taken = bound.matches.iter().filter(|found| ![ORDERED_BY.name, MESSAGES].contains(&found.role));
    let roles: Vec<_> = taken.map(|found| format!("${}", found.role)).collect();
    let named = match &roles[..] {
        [] => String::new(),
        roles => format!(" A variable is named for what it takes, one of {}.", roles.join(" ")),
    };
    let answer = |(role, argument): (String, String)| format!("{ANSWER}{role}={argument}\n");
    let answers: String = bound.answers().into_iter().map(answer).collect();
    format!(
        "# Written by `guuru schema sync` for {source} at {:.0}.\n\
         # Change it as you like: what a person changed is kept.{named}\n\
         # The keys of the result are the program's own.\n\
         {answers}{SUM}{}\n{}",
        jiff::Timestamp::now(),
        hash(&bound.document),
        bound.document
    )
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

fn read(path: &Path) -> io::Result<String> {
    let file = fs::File::open(path)?;
    let mut text = String::new();
    io::Read::read_to_string(&mut io::Read::take(file, LARGEST), &mut text)?;
    Ok(text)
}

/// Writes a file whole or not at all: several processes may do so at once.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    crate::files::create_folder(folder)?;
    let mut file = tempfile::Builder::new().prefix(".").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
