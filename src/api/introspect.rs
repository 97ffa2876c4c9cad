//! What the client knows of the endpoint's schema: it asks for it, keeps it, and asks again only where that may bring another.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use bytes::Bytes;
use reqwest::StatusCode;
use serde_json::Map;

use super::answer::{Answer, Body, NO_VALUE, Outcome, clean};
use super::body::Response;
use super::outcome::{Effect, classify, unclear};
use super::raw::RawRequest;
use super::schema::{Copy, FRESH, INTROSPECTIONS, Introspection, Live};
use super::transport::Transport;
use crate::error::{Error, Kind, kind};
use crate::model::json;

/// How long a schema that was asked for is believed to be the endpoint's where it refuses a document: one that refuses what
/// its schema allows is not asked for that again and again.
const SETTLED: Duration = Duration::from_secs(60);

/// The field that the schema is read from.
const FIELD: &str = "__schema";
const READING: Effect = Effect { repeatable: true, subject: "schema" };

/// The endpoint's schema, as a process knows it.
pub(super) struct Known {
    live: Live,
    /// When the endpoint was asked for it; `None` where it was read from its file.
    asked: Option<Instant>,
}

impl Known {
    /// The endpoint's schema, and whether it may have changed since: it is kept, and asked for once an hour, or where somebody
    /// wants it `anew`.
    pub(super) fn schema(
        known: &mut Option<Self>,
        transport: &Transport,
        file: Option<&Path>,
        anew: bool,
    ) -> anyhow::Result<(Live, bool)> {
        let believed = |it: &Known, how_long| it.asked.map_or(!anew, |asked| asked.elapsed() < how_long);
        if known.is_none() && !anew {
            let copy = file.and_then(Copy::read).filter(Copy::is_fresh);
            *known = copy.map(|copy| Known { live: copy.live, asked: None });
        }
        match known.take().filter(|it| believed(it, if anew { SETTLED } else { FRESH })) {
            kept @ Some(_) => *known = kept,
            None => *known = Some(Known { live: ask(transport, file)?, asked: Some(Instant::now()) }),
        }
        let Known { live, asked } = known.as_ref().context("there is no schema")?;
        Ok((live.clone(), asked.is_none_or(|asked| asked.elapsed() >= SETTLED)))
    }
}

/// See [`Client::introspect`](super::Client::introspect).
pub(super) fn ask(transport: &Transport, file: Option<&Path>) -> anyhow::Result<Live> {
    let copy = file.and_then(Copy::read);
    let etag = copy.as_ref().and_then(|copy| copy.etag.as_deref());
    let seen = told(transport, etag).map_err(|error| {
        // Some servers refuse introspection, and some answer it with null.
        if kind(&error) != Kind::Refused && !error.to_string().contains(&absent()) {
            return error.context("cannot read the endpoint's schema");
        }
        let hint = "introspection may be switched off there: get the schema as a file and give it with `guuru schema sync --from FILE`";
        Error::new(Kind::Refused, format!("cannot read the endpoint's schema: {error:#}")).hint(hint).into()
    })?;
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
fn told(transport: &Transport, etag: Option<&str>) -> anyhow::Result<Option<(Introspection, Option<String>)>> {
    let [plain, .., full] = INTROSPECTIONS;
    match told_by(transport, full, etag) {
        // A server refuses what it does not know, and an older one knows less of introspection itself.
        Err(error) if kind(&error) == Kind::Refused => match told_by(transport, plain, etag)? {
            Some((schema, _)) if schema.features() > 0 => told_by(transport, INTROSPECTIONS[schema.features()], etag),
            plainly => Ok(plainly),
        },
        asked => asked,
    }
}

fn told_by(
    transport: &Transport,
    query: &str,
    etag: Option<&str>,
) -> anyhow::Result<Option<(Introspection, Option<String>)>> {
    let (operation_name, query, variables) = (Some("Introspection".to_owned()), query.to_owned(), Map::new());
    let request = RawRequest { operation_name, query, variables, repeatable: true, first: Vec::new() };
    let body = Bytes::from(serde_json::to_vec(&request)?);
    let attempt = || {
        let (outcome, remedy) = transport.send_for_schema(body.clone(), etag);
        if let Outcome::Answered(answer) = &outcome {
            // To POST, 412 is what 304 is to GET (RFC 9110, section 13.1.2); some answer 304 all the same.
            let same = [StatusCode::NOT_MODIFIED, StatusCode::PRECONDITION_FAILED];
            if etag.is_some() && same.contains(&answer.status) {
                return Ok(None);
            }
            if let Some(introspection) = shown_in(answer) {
                return introspection.map(|it| Some((it, answer.etag.clone()))).map_err(|error| {
                    let cause = format!("the platform's answer is not understood: {}", clean(&error.to_string()));
                    unclear(READING, cause, false)
                });
            }
        }
        let judged = classify(READING, &[FIELD.to_owned()], transport.endpoint(), outcome);
        Err(remedy.apply(judged.err().unwrap_or_else(|| unclear(READING, absent(), false))))
    };
    transport.until_clear(attempt, |_| Ok(()))?.map_err(|failed| transport.error(failed).into())
}

/// The schema in an answer; `None` where there is none, or errors beside it.
fn shown_in(answer: &Answer) -> Option<serde_json::Result<Introspection>> {
    let Body::Whole(bytes) = &answer.body else { return None };
    let text = json::readable(bytes);
    let response = Response::read(&text).ok()??;
    let has_errors = response.errors.as_ref().is_some_and(|errors| errors.count > 0);
    let values = response.values();
    // Read in place: as a tree of values it would take ten times its size.
    let schema = values.get(FIELD).filter(|schema| schema.get() != "null")?;
    (answer.status.is_success() && !has_errors).then(|| serde_json::from_str(schema.get()))
}

/// What is said where an answer has no schema.
fn absent() -> String {
    format!("{NO_VALUE} `{FIELD}`")
}
