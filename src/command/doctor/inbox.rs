//! The inbox: whether events can be stored, what is there, and who has not read it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use jiff::SignedDuration;
use rustix::fs::{Access, access};
use rustix::process::geteuid;

use super::{Checked, Finding, Subject};
use crate::error::Error;
use crate::store::{Inbox, Observer, Store, Writer};

/// How old the earliest event that a consumer has not seen may be, in seconds: the same as in the alert of
/// docs/operating.md.
const OLDEST: i64 = 300;

pub(super) fn check(subject: &Subject) -> Checked<()> {
    subject.settings.check_state(subject.terminal.is_attended())?;
    let path = subject.settings.store_path();
    if !path.exists() {
        return Ok((absent(&path)?, ()));
    }
    let owner = fs::metadata(&path).with_context(|| format!("cannot look at {}", path.display()))?.uid();
    if let Some(finding) = owned_by_another(&path, owner, geteuid().as_raw()) {
        return Ok((finding, ()));
    }
    let troubles = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&troubles);
    let trouble = move |text: &str| heard.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    let writer = Writer::start(&path, trouble)?;
    let (status, _) = Observer::new(&path, writer).observe();
    if !status.writable {
        let troubles = troubles.lock().unwrap_or_else(PoisonError::into_inner).join("; ");
        let message =
            if troubles.is_empty() { format!("nothing can be written to {}", path.display()) } else { troubles };
        let hint =
            "another program may hold it: `fuser` and its path find that; docs/operating.md explains each message";
        return Err(Error::config(message).hint(hint).into());
    }
    let store = Store::open(&path)?;
    let inbox = status.inbox.with_context(|| format!("the inbox {} cannot be read", path.display()))?;
    let aside = store.failed(None)?.len();
    let plural = if inbox.events == 1 { "" } else { "s" };
    let kept = format!("{} event{plural} in {}, version {}", inbox.events, path.display(), store.version()?);
    Ok((judge(&kept, &inbox, aside), ()))
}

/// Root can open the store of another user, but would leave a log that the owner cannot write to.
fn owned_by_another(path: &Path, owner: u32, here: u32) -> Option<Finding> {
    let message = format!("{} belongs to user {owner}, and you are user {here}: it was not opened", path.display());
    let hint = "run the doctor as the user of the service, with its environment";
    (owner != here).then(|| Finding::warning(message, hint))
}

/// There is no store yet, and none is created: it would belong to the user who runs the doctor, not to the one who runs the
/// service.
fn absent(path: &Path) -> anyhow::Result<Finding> {
    let folder = path.ancestors().skip(1).find(|folder| folder.exists()).map(PathBuf::from).unwrap_or_default();
    access(&folder, Access::WRITE_OK | Access::EXEC_OK).with_context(|| {
        Error::config(format!("{} cannot be made: {} cannot be written to", path.display(), folder.display()))
            .hint("GUURU_STATE_DIR names the store's folder, which must be one that can be written")
    })?;
    Ok(Finding::ok(format!("none yet: `guuru listen` makes {}", path.display())))
}

fn judge(kept: &str, inbox: &Inbox, aside: usize) -> Finding {
    let consumers = inbox.consumers.iter().map(|lag| match lag.events {
        0 => format!("`{}` has read all", lag.name),
        events => {
            let oldest = SignedDuration::from_secs(lag.oldest_seconds);
            format!("`{}` is {events} behind, the earliest of {oldest:#} ago", lag.name)
        }
    });
    let consumers: Vec<_> = consumers.collect();
    let consumers = if consumers.is_empty() { "no consumer yet".to_owned() } else { consumers.join(", ") };
    let mut hints = Vec::new();
    if let Some(late) = inbox.consumers.iter().find(|lag| lag.events > 0 && lag.oldest_seconds > OLDEST) {
        hints.push(format!(
            "is what reads as `{0}` running? `guuru events prune --forget-consumer {0}` drops one that nobody uses any more",
            late.name
        ));
    }
    let mut message = format!("{kept}; {consumers}");
    if aside > 0 {
        message = format!("{message}; {aside} set aside");
        hints.push(
            "`guuru events list --failed` shows what was set aside and why, `guuru events replay` runs it again".into(),
        );
    }
    if hints.is_empty() { Finding::ok(message) } else { Finding::warning(message, hints.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_of_another_user_is_left_alone() {
        let path = Path::new("/var/lib/guuru/default.db");
        assert!(owned_by_another(path, 1000, 1000).is_none());
        let finding = owned_by_another(path, 998, 0).unwrap();
        assert!(finding.message.contains("belongs to user 998, and you are user 0"), "{}", finding.message);
    }
}
