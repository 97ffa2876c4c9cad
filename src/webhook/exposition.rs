//! The two formats of metrics: `OpenMetrics` for those who ask for it, and the text format that every scraper knows.

use std::fmt::Write;

use hyper::header::{ACCEPT, HeaderMap};

/// A form of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exposition {
    /// `OpenMetrics` 1.0.
    OpenMetrics,
    /// Prometheus' text format 0.0.4.
    Text,
}

impl Exposition {
    /// The format that the client prefers: the one with the higher weight, or the first of two with the same. A client that names
    /// neither gets the text format.
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        let mut best = (0.0, Self::Text);
        for ranges in headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()) {
            for range in ranges.split(',') {
                if let Some((form, quality)) = read(range)
                    && quality > best.0
                {
                    best = (quality, form);
                }
            }
        }
        best.1
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// Converts metrics from `OpenMetrics` to this format.
    pub(super) fn text(self, open_metrics: String) -> String {
        match self {
            Self::OpenMetrics => open_metrics,
            Self::Text => to_text_format(&open_metrics),
        }
    }
}

/// One range of an Accept header, and how much it is wanted, from 0 to 1.
fn read(range: &str) -> Option<(Exposition, f32)> {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next()?.to_ascii_lowercase();
    let (mut quality, mut version) = (1.0, None);
    for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = value.trim().parse().unwrap_or(0.0),
            "version" => version = Some(value.trim().trim_matches('"')),
            _ => {}
        }
    }
    match kind.as_str() {
        // Its drafts had other versions.
        "application/openmetrics-text" if version.is_none_or(|version| version.starts_with("1.")) => {
            Some((Exposition::OpenMetrics, quality))
        }
        "text/plain" | "text/*" | "*/*" => Some((Exposition::Text, quality)),
        _ => None,
    }
}

/// The text format of these metrics. It has neither units nor an end, and a counter's family has the name of its samples.
fn to_text_format(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let lines: Vec<&str> = open_metrics.lines().collect();
    let counters: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .filter_map(|(name, kind)| (kind == "counter").then_some(name))
        .collect();
    for line in lines {
        let described = line.strip_prefix("# ").and_then(|rest| rest.split_once(' '));
        // A string takes whatever is written to it.
        let _ = match described {
            Some(("UNIT", _)) => Ok(()),
            Some((what, rest)) => {
                let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                let total = if counters.contains(&name) { "_total" } else { "" };
                let rest = if rest == "unknown" { "untyped" } else { rest };
                writeln!(text, "# {what} {name}{total} {rest}")
            }
            None if line == "# EOF" => Ok(()),
            None => writeln!(text, "{line}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scraper_gets_the_form_that_it_asks_for() {
        use Exposition::{OpenMetrics, Text};
        for (accept, form) in [
            (None, Text),
            (Some("*/*"), Text),
            (Some("text/plain;version=0.0.4"), Text),
            (Some("application/openmetrics-text"), OpenMetrics),
            (Some("Application/OpenMetrics-Text; Version=1.0.0; charset=utf-8"), OpenMetrics),
            (Some("application/openmetrics-text;version=\"1.0.0\",*/*;q=0.1"), OpenMetrics),
            (Some("application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"), Text),
            (Some("application/openmetrics-text;q=0.3, text/plain;q=0.7"), Text),
            (Some("text/plain;q=0.3,application/openmetrics-text;q=0.7"), OpenMetrics),
            (Some("application/openmetrics-text;q=0"), Text),
            (Some("application/openmetrics-text;q=x"), Text),
            (Some("text/html, application/json"), Text),
            (
                Some(
                    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                ),
                OpenMetrics,
            ),
        ] {
            let headers = accept.map(|accept| (ACCEPT, accept.parse().unwrap()));
            assert_eq!(Exposition::wanted(&headers.into_iter().collect()), form, "{accept:?}");
        }
    }

    #[test]
    fn the_older_form_says_the_same() {
        let newer = "# HELP a Of a.\n# TYPE a counter\na_total{b=\"# TYPE\"} 1\n\
            # HELP s_seconds Of s.\n# TYPE s_seconds gauge\n# UNIT s_seconds seconds\ns_seconds 2\n\
            # TYPE u unknown\nu 3\n# EOF\n";
        let older = "# HELP a_total Of a.\n# TYPE a_total counter\na_total{b=\"# TYPE\"} 1\n\
            # HELP s_seconds Of s.\n# TYPE s_seconds gauge\ns_seconds 2\n\
            # TYPE u untyped\nu 3\n";
        assert_eq!(Exposition::Text.text(newer.to_owned()), older);
        assert_eq!(Exposition::OpenMetrics.text(newer.to_owned()), newer);
    }
}
