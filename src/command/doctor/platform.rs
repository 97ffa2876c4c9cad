//! What only the platform knows: whose token it is, what its schema has, whether end users can start chats, and whether this
//! program may answer them.

use anyhow::Context as _;

use super::super::schema::{Row, examine};
use super::{Checked, Finding, Subject};
use crate::api::operation::partner::{self, PartnerId};
use crate::api::schema::State;
use crate::api::{self, Client, Walk};
use crate::config::{Found, Secret, missing};
use crate::error::{Error, Kind, kind};
use crate::model::{Expert, Partner, SERVICE_ACCOUNT};

/// The e-mail address of the service account (documented by the platform).
const SERVICE_ADDRESS: &str = "public@api.guuru.com";

/// How many experts are asked for at once, and the most pages of them.
const PAGE: u32 = 100;
const MOST_PAGES: usize = 200;

/// Where the token comes from, and, where the endpoint was reached, whose it is: a client with it.
pub(super) fn token(subject: &Subject, is_reached: bool) -> Checked<Option<Client>> {
    let settings = &subject.settings;
    let (token, place) = match subject.vault.find(&settings.profile, Secret::Token)? {
        Found::Here(token, place) => (token, place.name()),
        Found::Nowhere(fault) => return Err(missing(&settings.profile, Secret::Token, fault.as_ref())),
    };
    if !is_reached {
        let finding = Finding::skipped(format!("there is one ({place}); not tried: see {}", super::ENDPOINT));
        return Ok((finding, None));
    }
    let failed = || format!("the token ({place}) does not work");
    let terminal = subject.terminal;
    let client = Client::new(
        api::Settings {
            timeout: subject.patience,
            // No second attempt: it could outlast the check, and the error of the first attempt says more than a timeout.
            retries: 0,
            documents: Some(settings.documents_dir(&settings.endpoint)),
            unreached: settings.endpoint_advice(),
            ..api::Settings::new(settings.endpoint.clone(), token)
        },
        move |notice| terminal.detail(notice),
    );
    let client = client.with_context(failed)?;
    let PartnerId { id } = client.call(&partner::auth_status()).with_context(failed)?;
    Ok((Finding::ok(format!("that of partner `{id}` ({place})")), Some(client)))
}

/// Whether what this program sends fits the schema.
pub(super) fn schema(client: &Client) -> Checked<()> {
    let live = match client.introspect() {
        Err(error) if kind(&error) == Kind::Refused => {
            let hint = "get the schema as a file, and check it with `guuru schema check --from FILE`";
            return Ok((Finding::warning(format!("the endpoint does not show its schema: {error:#}"), hint), ()));
        }
        other => other?,
    };
    let rows = examine(&live, client.documents());
    let unfit: Vec<_> = rows.iter().filter(|row| row.cannot_work()).collect();
    if !unfit.is_empty() {
        let said: Vec<_> = unfit.iter().map(|row| format!("{} ({})", row.operation, row.problems.join("; "))).collect();
        let message = format!("{} of {} operations do not fit: {}", unfit.len(), rows.len(), said.join(", "));
        let hint = "`guuru schema sync` writes their documents anew, `guuru schema check` tells more";
        return Err(Error::new(Kind::Refused, message).hint(hint).into());
    }
    let count = |is: fn(&Row) -> bool, words: &str| match rows.iter().filter(|row| is(row)).count() {
        0 => String::new(),
        count => format!(", {count} {words}"),
    };
    let adapted = count(|row| row.document != State::BuiltIn && !row.is_needless(), "of them adapted");
    let needless =
        count(Row::is_needless, "documents of an earlier sync are no longer needed: `guuru schema sync` removes them");
    Ok((Finding::ok(format!("{} operations fit{adapted}{needless}", rows.len())), ()))
}

/// Whether end users can start chats.
pub(super) fn chat(client: &Client) -> Checked<()> {
    let partner: Partner = client.call(&partner::show())?;
    let chat = partner.state.and_then(|state| state.chat);
    let finding = match chat.and_then(|chat| chat.is_available) {
        Some(true) => Finding::ok("end users can start chats now"),
        Some(false) => Finding::warning(
            "end users cannot start chats now",
            "the portal says when chat is available, and for whom; chats that are open go on",
        ),
        None => Finding::warning("the platform does not say whether end users can start chats", "look at the portal"),
    };
    Ok((finding, ()))
}

/// Whether the service account is in the community; its pages are looked at up to the one that has it, within reason.
pub(super) fn service_account(client: &Client) -> Checked<()> {
    let experts = partner::experts();
    let mut walk = Walk::new(None, |first, after| client.page(&experts, first, after));
    let mut seen = 0;
    for _ in 0..MOST_PAGES {
        let Some(page) = walk.page(PAGE)? else { break };
        walk.note(page.iter().map(|edge| edge.node.id.as_str()))?;
        if let Some(edge) = page.iter().find(|edge| is_service_account(&edge.node)) {
            let Expert { id, name, .. } = &edge.node;
            let name = name.as_deref().unwrap_or_default();
            return Ok((Finding::ok(format!("{name} (id {id}) is in the community").trim_start().to_owned()), ()));
        }
        seen += page.len();
    }
    let (id, email) = (SERVICE_ACCOUNT, SERVICE_ADDRESS);
    let message = format!("none of the {seen} experts of the community is `{email}` or has the id `{id}`");
    let hint = format!(
        "add the expert `Public API service account` ({email}) to the community in the portal: the chats offered to it are \
         those that may be answered"
    );
    Err(Error::new(Kind::Failure, message).hint(hint).into())
}

fn is_service_account(expert: &Expert) -> bool {
    let (id, email) = (SERVICE_ACCOUNT, SERVICE_ADDRESS);
    expert.id == id || expert.email.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(email))
}
