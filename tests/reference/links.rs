//! The README and docs/ are one text: what one page says of another is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The pages with their texts, by path.
pub(crate) fn pages() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = docs.chain(["README.md", "CHANGELOG.md"].map(|name| root.join(name)));
    let pages = pages.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The anchors of the headings, as the usual renderers make them.
fn anchors(page: &str) -> Vec<String> {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let anchor =
        |heading: &str| heading.to_lowercase().chars().filter(|&c| kept(c)).collect::<String>().replace(' ', "-");
    page.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').map(anchor)).collect()
}

fn links(page: &str) -> Vec<&str> {
    page.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target)).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut followed = 0;
    for (path, page) in &pages {
        for link in links(page).into_iter().filter(|link| !link.starts_with("http")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let target = target.canonicalize().unwrap_or_else(|error| panic!("{}: {link}: {error}", path.display()));
            let there = || anchors(&pages[&target]).iter().any(|known| known == anchor);
            assert!(anchor.is_empty() || there(), "{}: {link} leads to no heading", path.display());
            followed += 1;
        }
    }
    assert!(followed > 80, "{followed}");
}

/// What stands between backquotes outside of code blocks.
fn code_spans(page: &str) -> Vec<&str> {
    let prose = page.split("```").step_by(2);
    prose.flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn the_files_that_the_page_for_developers_names_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/development.md")).unwrap();
    let is_path = |span: &&str| ["src/", "tests/", "docs/", "benches/"].iter().any(|folder| span.starts_with(folder));
    let paths: Vec<_> = code_spans(&page).into_iter().filter(is_path).collect();
    assert!(paths.len() > 80, "{}", paths.len());
    for path in paths {
        assert!(root.join(path).exists(), "{path}");
    }
}

#[test]
fn each_step_of_the_two_journeys_names_functions_of_its_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/development.md")).unwrap();
    let mut steps = 0;
    for row in page.lines().filter(|line| line.contains(" | `src/")) {
        let columns: Vec<_> = row.split(" | ").collect();
        let [_, files, functions] = columns[..] else { panic!("{row}") };
        let read = |file| fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let code: String = code_spans(files).into_iter().map(read).collect();
        for function in code_spans(functions) {
            let declared = [format!("fn {function}("), format!("fn {function}<")];
            assert!(declared.iter().any(|declared| code.contains(declared)), "{function} is not in {files}");
        }
        steps += 1;
    }
    assert!(steps > 20, "{steps}");
}
