//! How long to wait before another attempt: what the platform asks for in `Retry-After`, or else ever longer.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

/// No wait that the platform asks for is longer than this.
const LONGEST_ASKED: Duration = Duration::from_secs(60);
/// What is waited for where something is too busy that the platform needs, and it does not say for how long.
pub(super) const WHEN_BUSY: Duration = Duration::from_secs(1);
/// No wait of our own is longer than twice this: the jitter adds up to as much again.
const LONGEST_OWN: Duration = Duration::from_secs(5);

/// The waits before the 2nd, 3rd, … attempt: each about twice the one before, with jitter so that many clients which were
/// turned away together do not come back together.
pub(super) fn delays(first: Duration, retries: u32) -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_jitter()
        .with_min_delay(first)
        .with_max_delay(LONGEST_OWN)
        .with_max_times(retries as usize)
        .build()
}

/// What a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds, or a date), 60 s at most; `None` where it says
/// neither.
pub(crate) fn asked(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    let wait = if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long wait, not a mistake.
        Duration::from_secs(header.parse().unwrap_or(u64::MAX))
    } else {
        httpdate::parse_http_date(header).ok()?.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_ASKED))
}

/// The wait of a number of seconds, within bounds.
pub(super) fn asked_seconds(seconds: f64) -> Option<Duration> {
    (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(LONGEST_ASKED.as_secs_f64())))
}

/// A duration for people: `2 s`, `0.3 s`.
pub(super) fn shown(duration: Duration) -> String {
    let tenths = (duration.as_secs_f64() * 10.0).round() / 10.0;
    format!("{tenths} s")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn seconds_are_taken_as_they_are_up_to_a_minute() {
        assert_eq!(asked("0", at(0)), Some(Duration::ZERO));
        assert_eq!(asked(" 7 ", at(0)), Some(Duration::from_secs(7)));
        assert_eq!(asked("61", at(0)), Some(Duration::from_secs(60)));
        assert_eq!(asked("99999999999999999999999", at(0)), Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_date_is_waited_for_unless_it_is_past() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(asked(date, at(784_111_770)), Some(Duration::from_secs(7)));
        assert_eq!(asked(date, at(784_111_778)), Some(Duration::ZERO));
        assert_eq!(asked(date, at(0)), Some(Duration::from_secs(60)));
    }

    #[test]
    fn what_is_neither_is_ignored() {
        for header in ["", "-1", "+5", "1.5", "soon", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(asked(header, at(0)), None, "{header}");
        }
    }

    #[test]
    fn delays_double_with_jitter_and_never_pass_ten_seconds() {
        let delays: Vec<_> = delays(Duration::from_millis(250), 12).collect();
        assert_eq!(delays.len(), 12);
        let mut least = Duration::from_millis(250);
        for delay in delays {
            assert!(delay >= least && delay <= least * 2, "{delay:?} for {least:?}");
            least = (least * 2).min(LONGEST_OWN);
        }
    }

    #[test]
    fn a_duration_is_shown_in_seconds() {
        assert_eq!(shown(Duration::from_secs(2)), "2 s");
        assert_eq!(shown(Duration::from_millis(260)), "0.3 s");
    }

    proptest! {
        #[test]
        fn no_header_asks_for_more_than_a_minute(header in ".*") {
            prop_assert!(asked(&header, at(0)).is_none_or(|wait| wait <= LONGEST_ASKED));
        }
    }
}
