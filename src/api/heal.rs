//! What is done about a schema that differs: the document is written anew.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::introspect::Known;
use super::outcome::Failed;
use super::schema::{Bound, Documents, Kept, Prepared, bind};
use super::transport::Transport;
use super::{Operation, shown};
use crate::error::{Kind, Report};

/// What is needed to write a document anew.
pub(super) struct Healer<'a> {
    pub(super) transport: &'a Transport,
    pub(super) documents: &'a Documents,
    /// The endpoint's schema, as far as it is known.
    pub(super) known: &'a Mutex<Option<Known>>,
    /// The file in which that is kept.
    pub(super) file: Option<&'a Path>,
    /// Whether a document may be written anew.
    pub(super) is_allowed: bool,
}

impl Healer<'_> {
    /// Writes the document of an operation that the platform refused as not fitting its schema, where the schema says so too.
    /// Nothing was executed then, so the caller may send it again in its new form, a message too: a server validates a document
    /// and its variables before it runs any of it, and the refusal came without any result. The schema that was kept is used for
    /// it, unless that shall be asked for `anew`; tells whether it may have changed since.
    ///
    /// # Errors
    /// The refusal, with what a person can do, where it cannot be written.
    pub(super) fn heal(
        &self,
        operation: &'static Operation,
        refused: &Prepared,
        failed: &Failed,
        anew: bool,
    ) -> anyhow::Result<bool> {
        let path = self.documents.path(operation);
        let by_hand = match &path {
            Some(path) => format!("write the document by hand in {}", path.display()),
            None => "see `guuru schema sync`".to_owned(),
        };
        let unfit = |cause: String, hint: String| {
            let failed = failed.clone().if_fit();
            let is_refused = failed.kind == Kind::Refused;
            let error = self.transport.error(Failed { message: format!("{} ({cause})", failed.message), ..failed });
            if is_refused { error.hint(hint) } else { error }
        };
        if !self.is_allowed {
            let cause = "its schema differs, and --no-sync is given".to_owned();
            return Err(unfit(cause, format!("`guuru schema sync` adapts to the schema, or {by_hand}")).into());
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have healed it meanwhile.
        let (in_use, _) = self.documents.in_use(operation)?;
        if !refused.is_of(&in_use) {
            return Ok(true);
        }
        // A refusal without `data` came before anything was executed. Beside `data` that rests on the schema alone.
        let (bound, is_old) = match self.bound(&mut known, operation, &in_use, anew || failed.ran) {
            Ok(Some((bound, is_old))) if bound.document != in_use => (bound, is_old),
            Ok(_) => return Err(unfit("its schema says that it fits".into(), by_hand).into()),
            Err(error) => {
                let Report { message, .. } = Report::from(&error);
                let hint = format!("{by_hand}, or give the schema with `guuru schema sync --from FILE`");
                return Err(unfit(format!("its schema differs, and {message}"), hint).into());
            }
        };
        if let Err(path) = self.take_up(operation, &bound)? {
            let hint = "see `guuru schema check`; `guuru schema sync --force` writes it anew".to_owned();
            return Err(unfit(format!("{} was written by hand", path.display()), hint).into());
        }
        Ok(is_old)
    }

    /// The document of an operation for the schema, and whether that may have changed since; `None` where the one in use fits it.
    /// Where a schema that was kept brings nothing new it is asked for anew.
    fn bound(
        &self,
        known: &mut Option<Known>,
        operation: &'static Operation,
        in_use: &str,
        anew: bool,
    ) -> anyhow::Result<Option<(Bound, bool)>> {
        let answers = self.documents.answers(operation);
        let (live, is_old) = Known::schema(known, self.transport, self.file, anew)?;
        let bound = bind(&live.accepting(answers), operation);
        let fits = self.documents.misfits(&live, operation).is_empty();
        let is_new = !fits && matches!(&bound, Ok(bound) if bound.document != in_use);
        if is_old && !is_new {
            return self.bound(known, operation, in_use, true);
        }
        if fits { Ok(None) } else { Ok(Some((bound?, is_old))) }
    }

    /// Uses a document from now on, and keeps it where it can be kept. Where a person wrote another one, that one's file is
    /// returned.
    fn take_up(&self, operation: &'static Operation, bound: &Bound) -> anyhow::Result<Result<(), PathBuf>> {
        let endpoint = shown(self.transport.endpoint());
        let about = format!("the schema of {endpoint} differs from the document of {}", operation.title());
        let path = self.documents.path(operation);
        match path.map(|path| (self.documents.keep(operation, bound, &endpoint, false), path)) {
            Some((Ok(Kept::Edited), path)) => return Ok(Err(path)),
            Some((Ok(_), path)) => self.transport.notice(&format!("{about}: wrote {}, trying again", path.display())),
            None => {
                self.documents.use_bound(operation, bound)?;
                self.transport.notice(&format!("{about}: adapted, trying again"));
            }
            Some((Err(error), _)) => {
                self.documents.use_bound(operation, bound)?;
                self.transport.notice(&format!("{about}: adapted for this time, as {error:#}; trying again"));
            }
        }
        Ok(Ok(()))
    }
}
