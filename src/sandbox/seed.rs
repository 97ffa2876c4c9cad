//! What the platform has at its start: experts that fill three pages, old chats, and submissions to review. It is equal at every
//! start, so that examples can quote it.

use super::state::{Chat, Content, Expert, Named, PersonaInput, SERVICE_ACCOUNT, State, Status, Submission, User};

/// The service account and 22 people make 23, which no page size but 1 and 23 divides.
const NAMES: [&str; 22] = [
    "Alma", "Boris", "Chiara", "Dario", "Elif", "Femke", "Goran", "Hanna", "Ines", "Jonas", "Kaya", "Luca", "Mira",
    "Nils", "Olga", "Pascal", "Quinn", "Rosa", "Selim", "Tanja", "Urs", "Vera",
];

/// The question, the answer, and how the chat stands; a rating makes it rated, none leaves it closed.
const CHATS: [(&str, &str, Option<u8>); 14] = [
    ("Does the small one fit a 13 inch laptop?", "It does, with room for the charger.", Some(5)),
    ("Can I return it without the box?", "Yes, within 30 days.", Some(4)),
    ("Is the blue one in stock again?", "From Friday on.", Some(5)),
    ("How long is the warranty?", "Two years.", None),
    ("Do you ship to Norway?", "Not yet, sorry.", Some(2)),
    ("Which filter do I need for the older model?", "The F-20.", Some(5)),
    ("Can I change my order?", "Until it is packed, in your account.", Some(3)),
    ("Is it dishwasher safe?", "The bowl is, the base is not.", None),
    ("My invoice has the wrong address", "A new one is on its way to you.", Some(4)),
    ("Does it work with 110 volts?", "It does, the plug differs.", Some(5)),
    ("How do I reset it?", "Hold the button for ten seconds.", Some(1)),
    ("Is there a discount for schools?", "15 percent, just ask.", Some(5)),
    ("What is the difference between the two?", "The weight, mostly.", None),
    ("When does the shop in Bern open?", "At nine.", Some(4)),
];

/// 2026-01-01T00:00:00Z, the day of the first chat; each later one is a day on.
const FIRST_DAY: i64 = 1_767_225_600_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The platform as it starts.
pub(super) fn state() -> State {
    let mut state = State { experts: experts(), submissions: submissions(), ..State::default() };
    let persona = PersonaInput { provider_id: "agent-1".into(), name: "Ada".into(), ..PersonaInput::default() };
    // This cannot be refused.
    let author = state.create_persona(persona).map(|persona| Named { id: persona.id, name: persona.name });
    if let Ok(author) = author {
        for (day, (question, answer, rating)) in (0..).zip(CHATS) {
            add_chat(&mut state, FIRST_DAY + day * DAY, &author, (question, answer), rating);
        }
    }
    state
}

fn experts() -> Vec<Expert> {
    let service_account = Expert {
        id: SERVICE_ACCOUNT.to_owned(),
        name: "Public API service account".to_owned(),
        email: "public@api.guuru.com".to_owned(),
    };
    let people = (1..).zip(NAMES).map(|(n, name)| Expert {
        id: format!("e-{n}"),
        name: name.to_owned(),
        email: format!("{}@example.com", name.to_lowercase()),
    });
    std::iter::once(service_account).chain(people).collect()
}

fn submissions() -> Vec<Submission> {
    let statuses = ["approved", "rejected", "pending"];
    (1..=12)
        .zip(statuses.into_iter().cycle())
        .map(|(n, status)| Submission {
            id: format!("s-{n}"),
            status,
            reviewed_at: (status != "pending").then_some(FIRST_DAY + n * DAY),
        })
        .collect()
}

fn add_chat(state: &mut State, at: i64, author: &Named, said: (&str, &str), rating: Option<u8>) {
    let id = state.next_chat_id();
    let expert = state.experts.first().cloned();
    let user = User { name: "Eve".to_owned(), email: Some("eve@example.com".to_owned()) };
    let end_user = Named { id: "user".to_owned(), name: user.name.clone() };
    state.chats.push(Chat {
        id: id.clone(),
        status: if rating.is_some() { Status::Rated } else { Status::Closed },
        question: said.0.to_owned(),
        rating,
        created_at: at,
        closed_at: Some(at + 5 * MINUTE),
        user,
        requested_experts: expert
            .iter()
            .map(|expert| Named { id: expert.id.clone(), name: expert.name.clone() })
            .collect(),
        expert,
        category: Some(Named { id: "cat-1".to_owned(), name: "Products".to_owned() }),
        messages: Vec::new(),
        persona: Some(author.id.clone()),
    });
    for (author, text, at) in [(&end_user, said.0, at), (author, said.1, at + MINUTE)] {
        // The chat was pushed above, so it is found.
        let _ = state.add_message(&id, author.clone(), Content::text(text), at);
    }
}
