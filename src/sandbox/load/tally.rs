//! What a chat shows to its end user: which answers are missing, came twice, or in another order than the messages. A
//! function of the messages alone, so that nothing which happened on the way can colour it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::script::tokens;
use crate::sandbox::life::END_USER;
use crate::sandbox::state::Message;

/// What was counted in one chat, or in several together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Messages of the end user.
    pub messages: usize,
    /// Messages of a persona that quote one of them.
    pub answers: usize,
    /// Messages of the end user that were not answered.
    pub lost: usize,
    /// Messages of the end user that were answered more than once.
    pub doubled: usize,
    /// Messages of the end user that were answered only after a later one was.
    pub out_of_order: usize,
    /// Messages of a persona that quote what was not said in this chat.
    pub strayed: usize,
    /// From each message to its first answer, in milliseconds.
    #[serde(skip)]
    pub latencies: Vec<i64>,
}

impl Tally {
    /// Whether every message was answered once, in order, and in its own chat.
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.out_of_order + self.strayed == 0
    }

    /// Adds what was counted in another chat.
    pub(super) fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.answers += other.answers;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.out_of_order += other.out_of_order;
        self.strayed += other.strayed;
        self.latencies.extend(&other.latencies);
    }
}

/// A message of the end user, and how often it was answered.
struct Said<'a> {
    token: &'a str,
    at: i64,
    answers: usize,
}

/// Judges the messages of one chat. What carries no token is free text: a greeting is neither asked for nor counted.
pub(super) fn judge(messages: &[Message]) -> Tally {
    let mut tally = Tally::default();
    let mut said: Vec<Said<'_>> = Vec::new();
    let mut latest = 0;
    for message in messages {
        let Some(text) = &message.content.text else { continue };
        if message.author.id == END_USER {
            said.extend(tokens(text).map(|token| Said { token, at: message.created_at, answers: 0 }));
            continue;
        }
        // A set: who quotes a token twice in one message has answered once. What is not found sorts first.
        let quoted: BTreeSet<Option<usize>> =
            tokens(text).map(|token| said.iter().position(|said| said.token == token)).collect();
        tally.strayed += usize::from(quoted.contains(&None));
        tally.answers += usize::from(quoted.last().is_some_and(Option::is_some));
        for index in quoted.into_iter().flatten() {
            said[index].answers += 1;
            if said[index].answers == 1 {
                tally.latencies.push(message.created_at - said[index].at);
                tally.out_of_order += usize::from(index < latest);
                latest = latest.max(index);
            }
        }
    }
    tally.messages = said.len();
    tally.lost = said.iter().filter(|said| said.answers == 0).count();
    tally.doubled = said.iter().filter(|said| said.answers > 1).count();
    tally
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sandbox::state::{Content, Named};

    fn message(author: &str, text: &str, at: i64) -> Message {
        let author = Named { id: author.to_owned(), name: author.to_owned() };
        Message { id: format!("m-{at}"), content: Content::text(text), created_at: at, author }
    }

    /// A chat out of a few words: a digit asks that question, `=` and a digit answers it, anything else is free text.
    fn chat(words: &str) -> Tally {
        let messages = (0..).zip(words.split_whitespace()).map(|(at, word)| match word.strip_prefix('=') {
            Some(answered) => {
                let quotes: Vec<_> = answered.split('+').map(|nth| format!("[u-1/{nth}]")).collect();
                message("p-1", &format!("you asked {}", quotes.join(" and ")), at)
            }
            None if word.parse::<u32>().is_ok() => message(END_USER, &format!("well? [u-1/{word}]"), at),
            None => message("p-1", word, at),
        });
        judge(&messages.collect::<Vec<_>>())
    }

    /// Lost, doubled, out of order, strayed.
    fn faults(words: &str) -> [usize; 4] {
        let tally = chat(words);
        [tally.lost, tally.doubled, tally.out_of_order, tally.strayed]
    }

    #[test]
    fn each_fault_is_seen_and_none_that_is_not_there() {
        for (words, expected) in [
            ("", [0, 0, 0, 0]),
            ("1 hello hello =1 2 3 =2 =3 goodbye", [0, 0, 0, 0]),
            ("1 2 =2+1", [0, 0, 0, 0]),
            ("1 =1+1", [0, 0, 0, 0]),
            ("1 hello 2 =2", [1, 0, 0, 0]),
            ("1 =1 =1 =1 2 =2", [0, 1, 0, 0]),
            ("1 2 =2 =1", [0, 0, 1, 0]),
            ("1 2 3 =3 =1 =2", [0, 0, 2, 0]),
            ("1 2 =1 =2 =1", [0, 1, 0, 0]),
            ("1 =1 =7", [0, 0, 0, 1]),
            ("=1 1", [1, 0, 0, 1]),
        ] {
            assert_eq!(faults(words), expected, "{words}");
        }
    }

    #[test]
    fn an_answer_takes_from_the_message_to_the_first_answer() {
        let tally = chat("1 hello =1 2 =1 =2");
        assert_eq!((tally.messages, tally.answers, tally.latencies), (2, 3, vec![2, 2]));
    }

    /// What the persona does about each message, in the order of the answers: a message may be missing or there twice.
    fn plan() -> impl Strategy<Value = (usize, Vec<usize>)> {
        (1_usize..8).prop_flat_map(|count| (Just(count), prop::collection::vec(0..count, 0..16)))
    }

    proptest! {
        #[test]
        fn the_tally_is_that_of_a_slow_and_simple_count(
            (count, answers) in plan(),
            gaps in prop::collection::vec(0_usize..4, 32),
        ) {
            // A message is said as late as the first answer that it needs, or by chance earlier.
            let (mut words, mut said, mut gaps) = (Vec::new(), 0_usize, gaps.into_iter());
            for answer in &answers {
                let ahead = gaps.next().unwrap_or(0);
                while said <= *answer || (said < count && said <= *answer + ahead) {
                    words.push(said.to_string());
                    said += 1;
                }
                words.push(format!("={answer}"));
                words.extend((0..gaps.next().unwrap_or(0)).map(|_| "hello".to_owned()));
            }
            words.extend((said..count).map(|nth| nth.to_string()));
            let times = |nth: &usize| answers.iter().filter(|answer| *answer == nth).count();
            let mut firsts: Vec<usize> = Vec::new();
            for answer in &answers {
                if !firsts.contains(answer) {
                    firsts.push(*answer);
                }
            }
            let is_late = |at: &usize| firsts[..*at].iter().any(|earlier| *earlier > firsts[*at]);
            let late = (0..firsts.len()).filter(is_late).count();
            let tally = chat(&words.join(" "));
            prop_assert_eq!(tally.messages, count);
            prop_assert_eq!(tally.answers, answers.len());
            prop_assert_eq!(tally.lost, (0..count).filter(|nth| times(nth) == 0).count());
            prop_assert_eq!(tally.doubled, (0..count).filter(|nth| times(nth) > 1).count());
            prop_assert_eq!(tally.out_of_order, late);
            prop_assert_eq!(tally.strayed, 0);
        }
    }
}
