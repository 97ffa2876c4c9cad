//! How long ago something began, by a clock that nobody can set. If somebody sets the time of day forward while a message is on its
//! way, the message must not look older than it is: it could still arrive.

use std::sync::OnceLock;
use std::time::Duration;
#[cfg(not(target_os = "linux"))]
use std::time::Instant;

use super::now;

/// The name of a clock that never jumps, and its reading in milliseconds. On Linux the clock counts from the boot, includes time in
/// suspension, and is shared by all processes until the next boot. On other systems each process has its own.
pub(super) fn reading() -> (&'static str, i64) {
    static NAME: OnceLock<String> = OnceLock::new();
    let name = NAME.get_or_init(name);
    (name, milliseconds())
}

#[cfg(target_os = "linux")]
fn name() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    match boot.trim() {
        // Without a boot id, a reading of another process may be from before the boot.
        "" => uuid::Uuid::new_v4().to_string(),
        boot => boot.to_owned(),
    }
}

#[cfg(target_os = "linux")]
fn milliseconds() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

#[cfg(not(target_os = "linux"))]
fn name() -> String {
    uuid::Uuid::new_v4().to_string()
}

#[cfg(not(target_os = "linux"))]
fn milliseconds() -> i64 {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    i64::try_from(BEGUN.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// The least time since something began. `clock` and `reading` are what the [clock](reading) gave then, and `started_at` was the
/// time of day. If that was another clock, the age is the smaller of two: how long this clock has run, and what the time of day
/// says.
pub(super) fn age(clock: Option<&str>, reading: Option<i64>, started_at: i64) -> Duration {
    let (own, milliseconds) = self::reading();
    let passed = match reading {
        Some(reading) if clock == Some(own) => milliseconds - reading,
        _ => milliseconds.min(now() - started_at),
    };
    Duration::from_millis(u64::try_from(passed).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_same_clock_the_time_of_day_does_not_count() {
        let (clock, reading) = reading();
        for started_at in [0, i64::MAX / 2] {
            let age = age(Some(clock), Some(reading - 5000), started_at);
            assert!(age >= Duration::from_secs(5) && age < Duration::from_secs(60), "{age:?}");
        }
        assert_eq!(age(Some(clock), Some(reading + 60_000), 0), Duration::ZERO);
    }

    #[test]
    fn on_another_clock_less_counts_than_either_says() {
        let (_, milliseconds) = reading();
        let of_other = |started_at| age(Some("another"), Some(1), started_at);
        assert!(of_other(now() - 1) < Duration::from_secs(60));
        let most = Duration::from_millis(u64::try_from(milliseconds).unwrap() + 60_000);
        assert!(of_other(0) <= most && age(None, None, 0) <= most, "not longer than this clock runs");
        assert_eq!(of_other(now() + 60_000), Duration::ZERO);
    }
}
