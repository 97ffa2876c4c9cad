//! Amounts as people write them, in the configuration and in arguments: spans of time and sizes.

use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};

/// A span of time: `30s`, `1h 30m`, `30d`, `4w`; a day has 24 hours.
///
/// # Errors
/// When it is none, is negative, or has months or years, which differ in length.
pub fn span(text: &str) -> Result<Duration, String> {
    let length = || -> Option<SignedDuration> {
        let span: Span = text.parse().ok()?;
        span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
    };
    let length = length().ok_or_else(|| "want a span of time such as 30s, `1h 30m` or 30d".to_owned())?;
    Duration::try_from(length).map_err(|_| "a span of time cannot be negative".to_owned())
}

/// A size in bytes: `500MB`, `1.5 GiB`, or a bare number of bytes.
///
/// # Errors
/// When it is none.
pub fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let factor: u32 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "mb" => 1000 * 1000,
        "gb" => 1000 * 1000 * 1000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err(format!("`{unit}` is no unit of size: want B, kB, MB, GB, KiB, MiB or GiB")),
    };
    let number: f64 = number.trim().parse().map_err(|_| "want a size such as 500MB or `1 GiB`".to_owned())?;
    let bytes = number * f64::from(factor);
    if !(0.0..9e18).contains(&bytes) {
        return Err("that is no size that a disk could have".to_owned());
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just above")]
    Ok(bytes as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_have_days_and_weeks_and_need_a_unit() {
        for (text, seconds) in [("30s", 30), ("1h 30m", 5400), ("30d", 30 * 86_400), ("2w", 14 * 86_400)] {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "30", "-1d", "1 month", "1y", "soon"] {
            assert!(span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_have_decimal_and_binary_units() {
        for (text, bytes) in [("0", 0), ("12", 12), ("500MB", 500_000_000), ("1.5 GiB", 3 << 29), ("2kib", 2048)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MB", "-1 GB", "1e30", "1 GiBs", "1 PB", "nan", "inf"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text: String) {
            drop((span(&text), size(&text)));
        }
    }
}
