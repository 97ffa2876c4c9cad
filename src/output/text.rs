//! What tables are made of: cells that fit the terminal, and times as people say them.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table};
use jiff::Timestamp;

use crate::model::rfc3339;
use crate::model::text::visible;
use crate::terminal::Terminal;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A table without lines, as wide as the terminal at most, with a line of headings.
pub fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(headings.to_vec());
    if let Some(width) = Terminal::width() {
        table.set_width(width);
    }
    table
}

/// A table of things that came from the platform, one on each line: what is too long for the terminal is cut and ends in
/// an ellipsis, but for the first column, the ids, which somebody may want to copy.
pub fn list(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Table {
    let line = |cells: Vec<String>| {
        let mut row = Row::from(cells);
        row.max_height(1);
        row
    };
    let mut table = table(headings);
    table.set_truncation_indicator("…").set_header(line(headings.iter().map(ToString::to_string).collect()));
    table.add_rows(rows.into_iter().map(|cells| line(cells.iter().map(|cell| visible(cell)).collect())));
    if let Some(ids) = table.column_mut(0) {
        ids.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

/// A time in milliseconds since the Unix epoch: how long ago for people, RFC 3339 where no terminal shows it.
pub fn time(milliseconds: i64) -> String {
    if Terminal::stdout_is_terminal() {
        relative(milliseconds, Timestamp::now().as_millisecond())
    } else {
        rfc3339(milliseconds)
    }
}

/// How long ago a time is. The clocks of two machines differ, so that a little in the future is now.
fn relative(time: i64, now: i64) -> String {
    let age = now.saturating_sub(time);
    if age <= -MINUTE {
        return rfc3339(time);
    }
    if age < MINUTE {
        return "just now".to_owned();
    }
    let (count, unit) = match age {
        ..HOUR => (age / MINUTE, "minute"),
        HOUR..DAY => (age / HOUR, "hour"),
        _ if age < 30 * DAY => (age / DAY, "day"),
        _ if age < 365 * DAY => (age / (30 * DAY), "month"),
        _ => (age / (365 * DAY), "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_time_is_told_as_people_say_it() {
        let now = 1_767_225_600_000;
        for (age, told) in [
            (0, "just now"),
            (59 * SECOND, "just now"),
            (-59 * SECOND, "just now"),
            (MINUTE, "1 minute ago"),
            (59 * MINUTE, "59 minutes ago"),
            (HOUR, "1 hour ago"),
            (47 * HOUR, "1 day ago"),
            (29 * DAY, "29 days ago"),
            (30 * DAY, "1 month ago"),
            (364 * DAY, "12 months ago"),
            (800 * DAY, "2 years ago"),
            (-HOUR, "2026-01-01T01:00:00.000Z"),
        ] {
            assert_eq!(relative(now - age, now), told, "{age}");
        }
    }

    #[test]
    fn a_list_fits_its_width_and_keeps_its_ids() {
        let row = |id: &str, text: &str| vec![id.to_owned(), text.to_owned(), "rated".to_owned()];
        let rows = || [row("c-1", "short"), row("c-2345678", &"word ".repeat(80)), row("c-3", &"x".repeat(300))];
        for width in [20, 40, 80, 200] {
            let text = list(&["ID", "TEXT", "STATUS"], rows()).set_width(width).to_string();
            assert_eq!(text.lines().count(), 4, "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= width.into()), "{width}:\n{text}");
            assert!(text.contains("c-2345678") && text.matches('…').count() >= 2, "{width}:\n{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_and_time_is_shown_on_one_line(text: String, time: i64, now: i64) {
            let cells = vec!["c-1".to_owned(), text, relative(time, now)];
            let shown = list(&["ID", "TEXT", "TIME"], [cells]).set_width(60).to_string();
            prop_assert_eq!(shown.lines().count(), 2, "{}", shown);
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
