//! The way of a request from the network to the store. The input is header lines, an empty line and the body; where it
//! begins with `!`, the right signature is added, so that what comes behind the check is reached as well.
#![no_main]

use guuru::webhook::{SIGNATURE_HEADER, Secrets, accept, sign};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "a secret of the fuzz target";

fuzz_target!(|input: &[u8]| {
    let (signed, input) = input.strip_prefix(b"!").map_or((false, input), |rest| (true, rest));
    let end = input.windows(2).position(|bytes| bytes == b"\n\n");
    let (head, body) = end.map_or((input, &b""[..]), |end| (&input[..end], &input[end + 2..]));
    let mut headers = HeaderMap::new();
    for line in head.split(|&byte| byte == b'\n') {
        let mut parts = line.splitn(2, |&byte| byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { continue };
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    // Nobody guesses a signature.
    headers.remove(SIGNATURE_HEADER);
    let secrets = Secrets::parse(SECRET);
    assert!(accept(&headers, body.to_vec(), &secrets).is_err());
    if signed {
        headers.insert(SIGNATURE_HEADER, sign(secrets.first().expect("one"), body).parse().unwrap());
    }
    if let Ok(delivery) = accept(&headers, body.to_vec(), &secrets) {
        assert!(signed && delivery.body == body);
        assert!((1..=256).contains(&delivery.event.len()));
        assert!(serde_json::from_slice::<&serde_json::value::RawValue>(body).is_ok());
    }
});
