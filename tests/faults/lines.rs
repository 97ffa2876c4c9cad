//! The lines in a file that a listener, or a consumer behind it, writes.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// The events printed so far, in order. A kill may cut a line; it is written again, whole, at the next start, behind what
/// was left of it.
pub(crate) fn printed(file: &Path) -> Vec<(i64, String)> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.split_inclusive('\n')
        .filter_map(|line| serde_json::from_str::<Value>(&line[line.rfind("{\"seq\"").unwrap_or(0)..]).ok())
        .map(|line| (line["seq"].as_i64().unwrap(), line["id"].as_str().unwrap().to_owned()))
        .collect()
}

/// How often each key was printed, and under how many places in the inbox.
pub(crate) fn count(printed: &[(i64, String)]) -> HashMap<&str, (usize, usize)> {
    let mut places: HashMap<&str, Vec<i64>> = HashMap::new();
    for (seq, key) in printed {
        places.entry(key).or_default().push(*seq);
    }
    places
        .into_iter()
        .map(|(key, mut seqs)| {
            let times = seqs.len();
            seqs.sort_unstable();
            seqs.dedup();
            (key, (times, seqs.len()))
        })
        .collect()
}

/// The keys of these printed events, in order.
pub(crate) fn keys(printed: &[(i64, String)]) -> Vec<&str> {
    printed.iter().map(|(_, key)| key.as_str()).collect()
}
