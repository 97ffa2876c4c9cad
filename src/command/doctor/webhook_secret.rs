//! The webhook secret: whether there is one, where it comes from, and whether it can be guessed.

use secrecy::ExposeSecret;

use super::{Checked, Finding, Subject};
use crate::config::{Found, Secret, SecretPlace, missing};
use crate::webhook::Secrets;

pub(super) fn check(subject: &Subject) -> Checked<Secrets> {
    let profile = &subject.settings.profile;
    let (secrets, place) = match subject.vault.find(profile, Secret::WebhookSecret)? {
        Found::Here(secrets, place) => (Secrets::parse(secrets.expose_secret()), place),
        Found::Nowhere(fault) => return Err(missing(profile, Secret::WebhookSecret, fault.as_ref())),
    };
    if secrets.is_empty() {
        return Err(missing(profile, Secret::WebhookSecret, None));
    }
    let finding = judge(&secrets, place);
    Ok((finding, secrets))
}

fn judge(secrets: &Secrets, place: SecretPlace) -> Finding {
    let (count, place) = (secrets.len(), place.name());
    let weak: Vec<_> = secrets
        .weaknesses()
        .into_iter()
        .map(|(n, why)| if count == 1 { format!("it {why}") } else { format!("secret {} of {count} {why}", n + 1) })
        .collect();
    if !weak.is_empty() {
        let hint = "who guesses it can send events: `guuru auth secret generate` makes one that nobody does, for the portal and \
                    for here";
        return Finding::warning(format!("{} ({place})", weak.join("; ")), hint);
    }
    Finding::ok(match count {
        1 => format!("set, and strong ({place})"),
        _ => format!("{count} are accepted while one is being rotated, all of them strong ({place})"),
    })
}
