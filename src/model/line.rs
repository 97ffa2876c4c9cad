//! The formats of an event as one line of JSON. In each of them the payload is the body as it came, without white space between its
//! parts, and with U+FFFD for halves of surrogate pairs.

use serde::Serialize;
use serde_json::value::RawValue;

use super::event::{Event, rfc3339};

/// Where every event comes from, as CloudEvents want it told: the platform.
const SOURCE: &str = "https://api.guuru.com";

/// A form of line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LineFormat {
    /// The program's own: seq, id, event, chatId, receivedAt, own, payload
    #[default]
    Events,
    /// CloudEvents 1.0, structured JSON
    #[value(name = "cloudevents")]
    CloudEvents,
    /// The body alone
    Payload,
}

/// CloudEvents 1.0: the attributes, then two of our own as extensions.
#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'static str,
    id: String,
    source: &'static str,
    r#type: String,
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    datacontenttype: &'static str,
    seq: i64,
    own: bool,
    data: &'a RawValue,
}

impl LineFormat {
    /// Appends the event in this form, with its line feed.
    ///
    /// # Errors
    /// When the stored body is not JSON, which a damaged store may hold.
    pub fn write(self, event: &Event, out: &mut Vec<u8>) -> anyhow::Result<()> {
        match self {
            Self::Events => return event.write_line(out),
            Self::CloudEvents => serde_json::to_writer(
                &mut *out,
                &CloudEvent {
                    specversion: "1.0",
                    id: event.id.clone().unwrap_or_else(|| event.seq.to_string()),
                    source: SOURCE,
                    r#type: format!("com.guuru.{}", event.event),
                    time: rfc3339(event.received_at),
                    subject: event.chat_id.as_deref(),
                    datacontenttype: "application/json",
                    seq: event.seq,
                    own: event.own,
                    data: &event.payload()?,
                },
            )?,
            Self::Payload => out.extend_from_slice(event.payload()?.get().as_bytes()),
        }
        out.push(b'\n');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            seq: 42,
            id: Some("key".into()),
            event: "message-created".into(),
            chat_id: Some("c-1".into()),
            received_at: 1_767_323_045_678,
            own: false,
            requested_experts: None,
            body: b"{ \"z\": 0.1000,\n \"a\": 1 }".to_vec(),
        }
    }

    fn line(format: LineFormat, event: &Event) -> String {
        let mut out = Vec::new();
        format.write(event, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_cloud_event_has_the_attributes_of_the_specification_and_the_payload_as_it_came() {
        assert_eq!(
            line(LineFormat::CloudEvents, &event()),
            concat!(
                r#"{"specversion":"1.0","id":"key","source":"https://api.guuru.com","type":"com.guuru.message-created","#,
                r#""time":"2026-01-02T03:04:05.678Z","subject":"c-1","datacontenttype":"application/json","#,
                r#""seq":42,"own":false,"data":{"z":0.1000,"a":1}}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_cloud_event_without_key_and_chat_is_known_by_its_seq_and_has_no_subject() {
        let line = line(LineFormat::CloudEvents, &Event { id: None, chat_id: None, ..event() });
        assert!(line.contains(r#""id":"42""#) && !line.contains("subject"), "{line}");
    }

    #[test]
    fn the_payload_alone_is_one_line() {
        assert_eq!(line(LineFormat::Payload, &event()), "{\"z\":0.1000,\"a\":1}\n");
        let damaged = Event { body: b"{\"z\":".to_vec(), ..event() };
        assert!(LineFormat::Payload.write(&damaged, &mut Vec::new()).is_err());
    }
}
