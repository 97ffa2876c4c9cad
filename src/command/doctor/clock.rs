//! This machine's clock against the endpoint's.

use std::time::{Duration, SystemTime};

use jiff::SignedDuration;

use super::Finding;
use super::endpoint::Reached;

/// The most that the clocks may differ by. The endpoint's clock gives whole seconds, and its answer takes some time.
const TOLERANCE: Duration = Duration::from_secs(5);

pub(super) fn check(reached: &Reached) -> Finding {
    match reached.date {
        Some(date) => judge(reached.here, date),
        None => Finding::skipped("not tried: the endpoint does not say what time it is there"),
    }
}

fn judge(here: SystemTime, there: SystemTime) -> Finding {
    // The header gives the second; the exact time is within it.
    let there = there + Duration::from_millis(500);
    let (difference, word) = match here.duration_since(there) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(error) => (error.duration(), "behind"),
    };
    if difference <= TOLERANCE {
        return Finding::ok(format!("within {} s of the endpoint's", TOLERANCE.as_secs()));
    }
    let seconds = SignedDuration::from_secs(difference.as_secs().try_into().unwrap_or(i64::MAX));
    Finding::warning(
        format!("this machine's clock is {seconds:#} {word} the endpoint's"),
        "let it be set over the network (`timedatectl set-ntp true`): the times in the inbox, --since and certificates \
         go by it",
    )
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn a_clock_that_is_some_seconds_off_is_a_warning_with_the_direction() {
        let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        for (here, status, words) in [
            (noon, Status::Ok, "within 5 s"),
            (noon + Duration::from_secs(5), Status::Ok, ""),
            (noon - Duration::from_secs(4), Status::Ok, ""),
            (noon + Duration::from_secs(191), Status::Warning, "3m 10s ahead of"),
            (noon - Duration::from_secs(7200), Status::Warning, "2h behind"),
        ] {
            let finding = judge(here, noon);
            assert!(finding.status == status && finding.message.contains(words), "{finding:?}");
        }
    }
}
