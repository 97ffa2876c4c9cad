//! What the client does about a schema that differs: it reads the schema, writes the document anew, and fetches what one
//! answer does not hold.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use reqwest::StatusCode;
use serde_json::Value;

use super::answer::{Answer, Body, NO_VALUE, Outcome, clean};
use super::body::Response;
use super::outcome::{Failed, classify, unclear};
use super::schema::shape::Shaped;
use super::schema::{Bound, Copy, FRESH, INTROSPECTIONS, Introspection, Kept, Live, Next, Prepared, bind};
use super::{Call, Client, Operation, shown};
use crate::error::{Error, Kind, Report, kind};
use crate::model::json;

/// The most pages of messages that are fetched, and of chats in which one is looked for.
const MOST_PAGES: usize = 200;
/// Why no more messages can be had.
const UNSHOWN: &str = "the endpoint does not show them";

/// How long a schema that was asked for is believed to be the endpoint's where it refuses a document: one that refuses what
/// its schema allows is not asked for that again and again.
const SETTLED: Duration = Duration::from_secs(60);

/// The endpoint's schema, as a process knows it.
pub(super) struct Known {
    live: Live,
    /// When the endpoint was asked for it; `None` where it was read from its file.
    asked: Option<Instant>,
}

impl Client {
    /// Asks the endpoint for its schema, unless it is still the one that was kept, and keeps it.
    ///
    /// # Errors
    /// Those of a call; a schema that makes no sense is a plain failure.
    pub fn introspect(&self) -> anyhow::Result<Live> {
        let copy = self.schema_file().and_then(Copy::read);
        let etag = copy.as_ref().and_then(|copy| copy.etag.as_deref());
        let seen = self.ask_for_schema(etag).map_err(|error| {
            // Some servers refuse introspection, and some answer it with null.
            if kind(&error) != Kind::Refused && !error.to_string().contains(&absent()) {
                return error.context("cannot read the endpoint's schema");
            }
            let hint = "introspection may be switched off there: get the schema as a file and give it with `guuru schema sync --from FILE`";
            Error::new(Kind::Refused, format!("cannot read the endpoint's schema: {error:#}")).hint(hint).into()
        })?;
        let file = self.schema_file();
        let live = match (seen, copy) {
            (Some((introspection, etag)), _) => {
                let live = Live::introspected(&introspection)?;
                // A schema that cannot be kept is asked for again.
                drop(file.map(|file| Copy::keep(file, &live, etag.as_deref())));
                live
            }
            (None, Some(copy)) => {
                drop(file.map(Copy::renew));
                copy.live
            }
            (None, None) => bail!("the endpoint does not show its schema"),
        };
        Ok(live)
    }

    /// The endpoint's schema with its `ETag`; `None` where it is still the one of this `ETag`.
    fn ask_for_schema(&self, etag: Option<&str>) -> anyhow::Result<Option<(Introspection, Option<String>)>> {
        let [plain, .., full] = &INTROSPECTIONS;
        match self.ask_with(full, etag) {
            // A server refuses what it does not know, and an older one knows less of introspection itself.
            Err(error) if kind(&error) == Kind::Refused => match self.ask_with(plain, etag)? {
                Some((told, _)) if told.features() > 0 => self.ask_with(&INTROSPECTIONS[told.features()], etag),
                told => Ok(told),
            },
            asked => asked,
        }
    }

    fn ask_with(
        &self,
        operation: &'static Operation,
        etag: Option<&str>,
    ) -> anyhow::Result<Option<(Introspection, Option<String>)>> {
        let body = Bytes::from(serde_json::to_vec(&Call::new(operation, []))?);
        let attempt = || {
            let (outcome, remedy) = self.send_for_schema(body.clone(), etag);
            if let Outcome::Answered(answer) = &outcome {
                // To POST, 412 is what 304 is to GET (RFC 9110, section 13.1.2); some answer 304 all the same.
                let same = [StatusCode::NOT_MODIFIED, StatusCode::PRECONDITION_FAILED];
                if etag.is_some() && same.contains(&answer.status) {
                    return Ok(None);
                }
                if let Some(introspection) = shown_in(answer) {
                    return introspection.map(|it| Some((it, answer.etag.clone()))).map_err(|error| {
                        let cause = format!("the platform's answer is not understood: {}", clean(&error.to_string()));
                        unclear(operation, cause, false)
                    });
                }
            }
            let judged = classify(operation, &[operation.field.to_owned()], self.endpoint(), outcome);
            Err(remedy.apply(judged.err().unwrap_or_else(|| unclear(operation, absent(), false))))
        };
        self.persist(attempt, || Ok(()))
    }

    /// The endpoint's schema, and whether it may have changed since: it is kept, and asked for once an hour, or where somebody
    /// wants it `anew`.
    fn schema(&self, known: &mut Option<Known>, anew: bool) -> anyhow::Result<(Live, bool)> {
        let believed = |it: &Known, how_long| it.asked.map_or(!anew, |asked| asked.elapsed() < how_long);
        if known.is_none() && !anew {
            let copy = self.schema_file().and_then(Copy::read).filter(Copy::is_fresh);
            *known = copy.map(|copy| Known { live: copy.live, asked: None });
        }
        match known.take().filter(|it| believed(it, if anew { SETTLED } else { FRESH })) {
            kept @ Some(_) => *known = kept,
            None => *known = Some(Known { live: self.introspect()?, asked: Some(Instant::now()) }),
        }
        let Known { live, asked } = known.as_ref().context("there is no schema")?;
        Ok((live.clone(), asked.is_none_or(|asked| asked.elapsed() >= SETTLED)))
    }

    /// Writes the document of an operation that the platform refused as not fitting its schema. Nothing was executed then, so
    /// the caller may send it again in its new form, a message too: a server validates a document and its variables before
    /// it runs any of it, and the refusal came without any result. The schema that was kept is used for it, unless that shall
    /// be asked for `anew`; tells whether it may have changed since.
    ///
    /// # Errors
    /// The refusal, with what a person can do, where it cannot be written.
    pub(super) fn heal(
        &self,
        operation: &'static Operation,
        refused: &Prepared,
        failed: Failed,
        anew: bool,
    ) -> anyhow::Result<bool> {
        let path = self.documents().path(operation);
        let by_hand = match &path {
            Some(path) => format!("write the document by hand in {}", path.display()),
            None => "see `guuru schema sync`".to_owned(),
        };
        let unfit = |cause: String, hint: String| {
            let error = self.error(Failed { message: format!("{} ({cause})", failed.message), ..failed });
            error.hint(hint)
        };
        if !self.syncs() {
            let cause = "its schema differs, and --no-sync is given".to_owned();
            return Err(unfit(cause, format!("`guuru schema sync` adapts to the schema, or {by_hand}")).into());
        }
        let mut known = self.begin_healing();
        // Another thread may have healed it meanwhile.
        let (in_use, _) = self.documents().in_use(operation)?;
        if !refused.is_of(&in_use) {
            return Ok(true);
        }
        let (bound, is_old) = match self.bound(&mut known, operation, &in_use, anew) {
            Ok((Some(bound), _)) if bound.document == in_use => {
                return Err(unfit("its schema says that it fits".into(), by_hand).into());
            }
            Ok((Some(bound), is_old)) => (bound, is_old),
            Ok((None, _)) => return Err(unfit("only one document is known for it".into(), by_hand).into()),
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

    /// The document of an operation for the schema, and whether that may have changed since. Where a schema that was kept brings
    /// nothing new it is asked for anew.
    fn bound(
        &self,
        known: &mut Option<Known>,
        operation: &'static Operation,
        in_use: &str,
        anew: bool,
    ) -> anyhow::Result<(Option<Bound>, bool)> {
        let answers = self.documents().answers(operation);
        let (live, is_old) = self.schema(known, anew)?;
        let bound = bind(&live.accepting(answers), operation);
        let is_new = matches!(&bound, Ok(Some(bound)) if bound.document != in_use);
        if is_old && !is_new { self.bound(known, operation, in_use, true) } else { Ok((bound?, is_old)) }
    }

    /// Uses a document from now on, and keeps it where it can be kept. Where a person wrote another one, that one's file is
    /// returned.
    fn take_up(&self, operation: &'static Operation, bound: &Bound) -> anyhow::Result<Result<(), PathBuf>> {
        let endpoint = shown(self.endpoint());
        let about = format!("the schema of {endpoint} differs from the document of {}", operation.title());
        let path = self.documents().path(operation);
        match path.map(|path| (self.documents().keep(operation, bound, &endpoint, false), path)) {
            Some((Ok(Kept::Edited), path)) => return Ok(Err(path)),
            Some((Ok(_), path)) => self.notice(&format!("{about}: wrote {}, trying again", path.display())),
            None => {
                self.documents().use_bound(operation, bound)?;
                self.notice(&format!("{about}: adapted, trying again"));
            }
            Some((Err(error), _)) => {
                self.documents().use_bound(operation, bound)?;
                self.notice(&format!("{about}: adapted for this time, as {error:#}; trying again"));
            }
        }
        Ok(Ok(()))
    }

    /// The result with the messages of all pages. The operation is done, so a page that cannot be had is no failure of it;
    /// where the messages are looked for in the result, `whole` tells whether these are all.
    pub(super) fn with_all_messages(&self, operation: &Operation, prepared: &Prepared, shaped: Shaped) -> Value {
        let Shaped { mut value, mut next, mut whole, mut doubt } = shaped;
        let (mut pages, mut page_of_chats) = (0, None);
        while let Some(Next { cursor, backwards }) = next.take() {
            pages += 1;
            match self.next_page(operation, prepared, &cursor, &mut page_of_chats) {
                _ if pages > MOST_PAGES => doubt = Some("there are more than are fetched".to_owned()),
                Err(error) => doubt = Some(format!("{error:#}")),
                Ok(page) => {
                    let repeated = page.next.as_ref().is_some_and(|next| next.cursor == cursor);
                    whole &= page.whole;
                    (next, doubt) = (page.next, page.doubt);
                    if add(&mut value, page.value, backwards) == Some(0) || repeated {
                        next = None;
                        doubt = Some("the endpoint shows the same page of them again".to_owned());
                    }
                }
            }
        }
        if let Some(doubt) = &doubt {
            self.notice(&format!("the chat may have more messages: {doubt}"));
        }
        if value.get("whole").is_some() {
            value["whole"] = (whole && doubt.is_none()).into();
        }
        value
    }

    /// The page of messages after this cursor. Where the chat is looked for in a list, `page_of_chats` is where it was found
    /// last.
    fn next_page(
        &self,
        operation: &Operation,
        prepared: &Prepared,
        cursor: &str,
        page_of_chats: &mut Option<String>,
    ) -> anyhow::Result<Shaped> {
        for _ in 0..MOST_PAGES {
            let request = prepared.after(cursor, page_of_chats.as_deref()).context(UNSHOWN)?;
            let mut page = self.post(operation, &request, |_| Ok(()))?.map_err(|failed| self.error(failed))?;
            if messages(&mut page.value).is_some() {
                return Ok(page);
            }
            let info = &page.value["pageInfo"];
            let later = info["endCursor"].as_str().filter(|_| info["hasNextPage"] == true).map(ToOwned::to_owned);
            ensure!(later.is_some() && later != *page_of_chats, UNSHOWN);
            *page_of_chats = later;
        }
        bail!(UNSHOWN)
    }
}

/// The schema in an answer; `None` where there is none, or errors beside it.
fn shown_in(answer: &Answer) -> Option<serde_json::Result<Introspection>> {
    let Body::Whole(bytes) = &answer.body else { return None };
    let text = json::readable(bytes);
    let response = Response::read(&text).ok()??;
    let has_errors = response.errors.as_ref().is_some_and(|errors| errors.count > 0);
    let values = response.values();
    // Read in place: as a tree of values it would take ten times its size.
    let schema = values.get(INTROSPECTIONS[0].field).filter(|schema| schema.get() != "null")?;
    (answer.status.is_success() && !has_errors).then(|| serde_json::from_str(schema.get()))
}

/// What is said where an answer has no schema.
fn absent() -> String {
    format!("{NO_VALUE} `{}`", INTROSPECTIONS[0].field)
}

/// Adds the messages of a page that are not there yet, and tells how many these are; `None` where the page is empty. Where pages
/// are counted, one message may stand on two of them.
fn add(value: &mut Value, mut page: Value, backwards: bool) -> Option<usize> {
    let mut more = messages(&mut page).map(std::mem::take).filter(|more| !more.is_empty())?;
    let messages = messages(value)?;
    more.retain(|message| !messages.iter().any(|known| known["id"] == message["id"]));
    let (place, new) = (if backwards { 0 } else { messages.len() }, more.len());
    messages.splice(place..place, more);
    Some(new)
}

/// The messages of a chat, or of the one that was looked for.
fn messages(value: &mut Value) -> Option<&mut Vec<Value>> {
    let chat = if value.get("chat").is_some() { &mut value["chat"] } else { value };
    chat.get_mut("messages")?.as_array_mut()
}
