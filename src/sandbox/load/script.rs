//! What an end user is going to do, decided by the seed before the chat begins: what differs between two runs with the
//! same seed is when things happen, never what is said.

use std::collections::VecDeque;

use fastrand::Rng;

/// The share of messages after which the end user does not wait for the answer before the next one.
const PAIRS: f64 = 0.3;
/// The share of end users that reopen the closed chat, once.
const REOPENS: f64 = 0.3;
/// What is asked. Quotes, line feeds and letters beyond ASCII are what a script on the way trips over.
const PHRASES: [&str; 6] = [
    "Does it fit?",
    "Und in Größe 42?",
    "He said \"it's fine\", is it?",
    "One line,\nand another: is that all right?",
    "What is 100% of $5 & `more`?",
    "こんにちは 👋",
];

/// One thing that an end user does, or waits for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Says this.
    Say(String),
    /// Waits until the receiver has taken what was said last. Webhooks are delivered side by side, so only now is it
    /// certain in which order this message and the next arrive, and that the answers can have the same.
    AwaitDelivery,
    /// Waits until all that was said is answered.
    AwaitAnswers,
    /// Waits until the chat is closed.
    AwaitClose,
    /// Goes on with the closed chat.
    Reopen,
    /// Rates the chat with so many stars.
    Rate(u8),
}

/// The whole part of an end user.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Script {
    /// What begins the chat.
    pub(super) question: String,
    /// What follows.
    pub(super) steps: VecDeque<Step>,
}

impl Script {
    /// The part of the end user with this number, who says so many things before the chat may be closed.
    pub(super) fn new(number: u32, turns: u32, random: &mut Rng) -> Self {
        let mut text = |nth: u32, end: &str| {
            let phrase = PHRASES[random.usize(..PHRASES.len())];
            (format!("{phrase} [u-{number}/{nth}]{end}"), random.f64())
        };
        let end = |nth| if nth < turns { "" } else { " bye" };
        let (question, _) = text(1, end(1));
        let mut steps = VecDeque::from([Step::AwaitAnswers]);
        let mut nth = 2;
        while nth <= turns {
            let (said, dice) = text(nth, end(nth));
            if nth < turns && dice < PAIRS {
                steps.extend([Step::Say(format!("{said} more follows")), Step::AwaitDelivery]);
                nth += 1;
                steps.push_back(Step::Say(text(nth, end(nth)).0));
            } else {
                steps.push_back(Step::Say(said));
            }
            steps.push_back(Step::AwaitAnswers);
            nth += 1;
        }
        steps.push_back(Step::AwaitClose);
        let (said, dice) = text(nth, " bye");
        if dice < REOPENS {
            steps.extend([Step::Reopen, Step::Say(said), Step::AwaitAnswers, Step::AwaitClose]);
        }
        steps.push_back(Step::Rate(random.u8(1..=5)));
        Self { question, steps }
    }
}

/// The tokens in a text, such as `[u-17/2]`: the second message of end user 17.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("[u-").map(|(start, _)| &text[start..]);
    starts.filter_map(|rest| {
        let end = rest.find(']')?;
        let (user, nth) = rest[3..end].split_once('/')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (is_number(user) && is_number(nth)).then(|| &rest[..=end])
    })
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;
    use proptest::prelude::*;

    use super::*;

    fn scripts(turns: u32, seed: u64) -> Vec<Script> {
        let mut random = Rng::with_seed(seed);
        (1..=200).map(|number| Script::new(number, turns, &mut random.fork())).collect()
    }

    /// Everything that is said, in order.
    fn said(script: &Script) -> Vec<&str> {
        let later = script.steps.iter().filter_map(|step| match step {
            Step::Say(text) => Some(text.as_str()),
            _ => None,
        });
        std::iter::once(script.question.as_str()).chain(later).collect()
    }

    #[test]
    fn the_seed_decides_what_is_said() {
        assert_eq!(scripts(3, 7), scripts(3, 7));
        assert_ne!(scripts(3, 7), scripts(3, 8));
    }

    #[test]
    fn some_say_two_things_in_a_row_and_some_reopen() {
        let scripts = scripts(3, 7);
        for step in [Step::AwaitDelivery, Step::Reopen] {
            let share = scripts.iter().filter(|script| script.steps.contains(&step)).count();
            assert!((30..90).contains(&share), "{step:?}: {share}");
        }
    }

    #[test]
    fn each_message_has_its_token_and_the_last_before_a_close_says_bye() {
        for turns in 1..=5 {
            for (number, script) in (1..).zip(scripts(turns, 7)) {
                let said = said(&script);
                for (nth, text) in (1..).zip(&said) {
                    assert_eq!(tokens(text).collect::<Vec<_>>(), [format!("[u-{number}/{nth}]")]);
                    assert_eq!(text.contains("bye"), nth >= turns, "{text}");
                }
                let reopens = usize::from(script.steps.contains(&Step::Reopen));
                assert_eq!(said.len(), turns as usize + reopens);
                assert!(matches!(script.steps.back(), Some(Step::Rate(1..=5))));
            }
        }
    }

    proptest! {
        #[test]
        fn tokens_are_found_in_any_text(before in "[^\\[]*", number: u32, nth: u32, after: String) {
            let token = format!("[u-{number}/{nth}]");
            let text = format!("{before}{token}{after}");
            prop_assert_eq!(tokens(&text).next(), Some(token.as_str()));
        }

        #[test]
        fn any_text_is_searched_without_a_panic(text in "(\\[u-|[0-9]|/|\\]|\\[|é)*") {
            for token in tokens(&text) {
                prop_assert!(text.contains(token));
            }
        }
    }
}
