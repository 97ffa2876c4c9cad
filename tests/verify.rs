//! `guuru verify` as somebody meets it who looks for the reason of a 400.

use crate::support::program::{Finished, Home, SECRET};
use crate::support::sender::signature;
use serde_json::json;

const BODY: &str = r#"{"id":"c-1"}"#;

fn verify(home: &Home, signature: &str, body: &str) -> Finished {
    let run = home.run_with(["verify", "--signature", signature], body);
    for hidden in [SECRET, &self::signature(SECRET, body.as_bytes())] {
        assert!(!run.stderr.contains(hidden) && !run.stdout.contains(hidden), "{run:?}");
    }
    run
}

#[test]
fn a_right_signature_is_right() {
    let home = Home::new();
    let right = signature(SECRET, BODY.as_bytes());
    assert_eq!(verify(&home, &right, BODY).ok().json(), json!({"valid": true}));
    assert_eq!(verify(&home, &format!("{right}\n"), BODY).ok().json(), json!({"valid": true}));
    let run = home.run_with(["verify", "-o", "table", "--signature", &right], BODY).ok();
    assert_eq!(run.stdout, "the signature is right\n");
}

#[test]
fn of_several_secrets_the_one_that_fits_is_named_by_its_place() {
    let home = Home::bare().with("GUURU_WEBHOOK_SECRET", &format!("new secret,{SECRET}"));
    let right = signature(SECRET, BODY.as_bytes());
    assert_eq!(verify(&home, &right, BODY).ok().json(), json!({"valid": true, "secret": 2, "secrets": 2}));
    let run = home.run_with(["verify", "-o", "table", "--signature", &right], BODY).ok();
    assert_eq!(run.stdout, "the signature is right (secret 2 of 2)\n");
}

#[test]
fn a_wrong_signature_says_which_accident_it_was() {
    let home = Home::new();
    let right = signature(SECRET, BODY.as_bytes());
    let with = |secret: &str| signature(secret, BODY.as_bytes());
    let spaced = "{ \"id\": \"c-1\" }";
    let newline = format!("{BODY}\n");
    for (signature, body, reason) in [
        ("", BODY, "not 64 characters long"),
        (&right.replace(|c: char| c.is_ascii_digit(), "x"), BODY, "not lower-case hexadecimal"),
        (&right.to_uppercase(), BODY, "right but for its upper-case letters"),
        (&format!("sha256={right}"), BODY, "begins with `sha256=`"),
        (&right, &newline, "one newline more than what was signed"),
        (&signature(SECRET, newline.as_bytes()), BODY, "lacks the newline"),
        (&right, spaced, "white space was changed"),
        (&right, "", "the body is empty"),
        (&with(&format!(" {SECRET}\n")), BODY, "another secret, or a body altered on its way"),
        (&with(&format!("{SECRET}\n")), BODY, "white space around the secret"),
        (&with("another secret"), BODY, "another secret, or a body altered on its way"),
    ] {
        let run = verify(&home, signature, body).failed(1, reason);
        assert!(run.stderr.contains("hint: "), "{run:?}");
    }
    let quoted = Home::bare().with("GUURU_WEBHOOK_SECRET", &format!("\"{SECRET}\""));
    quoted.run_with(["verify", "--signature", &right], BODY).failed(1, "quotation marks");
}

#[test]
fn without_a_secret_or_a_signature_nothing_is_checked() {
    Home::bare().run(["verify", "--signature", ""]).failed(3, "or set GUURU_WEBHOOK_SECRET");
    Home::new().run(["verify"]).failed(2, "--signature");
}
