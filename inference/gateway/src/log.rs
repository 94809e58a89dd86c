//! Log lines as JSON objects, one to a line, for whoever collects logs. The node writes its own with this too.
//!
//! What a line says as `key=value` stands in `fields`, whoever wrote it: the off-chain worker inside the runtime can log text only.

use serde_json::{json, Map, Value};
use std::fmt;
use tracing::{
    field::{Field, Visit},
    Event, Subscriber,
};
use tracing_subscriber::{
    fmt::{
        format::Writer,
        time::{FormatTime, SystemTime},
        FmtContext, FormatEvent, FormatFields,
    },
    registry::LookupSpan,
    util::{SubscriberInitExt, TryInitError},
    EnvFilter,
};

/// Writes `{"time", "level", "target", "message", "fields"}`.
#[derive(Clone, Copy, Debug)]
pub struct Json;

/// Logs as JSON on standard error from now on. To be called once, in place of any other logger.
pub fn init(filter: EnvFilter) -> Result<(), TryInitError> {
    tracing_subscriber::fmt()
        .event_format(Json)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .finish()
        .try_init()
}

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let mut line = Line::default();
        event.record(&mut line);
        let fields = line.fields();
        let target = line
            .target
            .unwrap_or_else(|| event.metadata().target().to_owned());
        let object = json!({
            "time": time,
            "level": event.metadata().level().as_str(),
            "target": target,
            "message": line.message,
            "fields": fields,
        });
        writeln!(writer, "{object}")
    }
}

/// What an event brings.
#[derive(Default)]
struct Line {
    message: String,
    /// Where it comes from, if the crate `log` brought it, under whose name it arrives.
    target: Option<String>,
    named: Map<String, Value>,
}

impl Line {
    /// Its fields: those that were given as such, and those that the message spells out.
    fn fields(&self) -> Map<String, Value> {
        let mut fields = self.named.clone();
        for (key, value) in spelt_out(&self.message) {
            fields.entry(key).or_insert(value);
        }
        fields
    }

    fn take(&mut self, name: &str, value: Value) {
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match name {
            "message" => self.message = text(value),
            "log.target" => self.target = Some(text(value)),
            name if name.starts_with("log.") => {}
            name => drop(self.named.insert(name.to_owned(), value)),
        }
    }
}

/// The `key=value` words of a message.
fn spelt_out(message: &str) -> impl Iterator<Item = (String, Value)> + '_ {
    let is_key =
        |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    message.split_whitespace().filter_map(move |word| {
        let (key, value) = word.split_once('=').filter(|(key, _)| is_key(key))?;
        let value = value.trim_end_matches([',', ';', ')', '.']);
        let number = value.parse::<u64>().map(Value::from);
        Some((key.to_owned(), number.unwrap_or_else(|_| value.into())))
    })
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field.name(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.take(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.take(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.take(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.take(field.name(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parking_lot::Mutex;
    use std::{io::Write, sync::Arc};

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is logged, line by line.
    fn logged(work: impl FnOnce()) -> Vec<Value> {
        let buffer = Buffer::default();
        let into = buffer.clone();
        let subscriber = tracing_subscriber::fmt()
            .event_format(Json)
            .with_writer(move || into.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, work);
        let bytes = buffer.0.lock().clone();
        let text = String::from_utf8(bytes).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn a_line_is_an_object_with_its_fields() {
        let lines = logged(|| {
            tracing::warn!(run = %"0xab", ms = 3u64, whole = true, "run failed:\n \"twice\"");
        });
        let [line] = lines.as_slice() else {
            panic!("one event is one line")
        };
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "run failed:\n \"twice\"");
        assert_eq!(line["fields"], json!({"run": "0xab", "ms": 3, "whole": true}));
        assert!(line["time"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn what_the_message_spells_out_is_a_field_too() {
        let lines = logged(|| {
            tracing::info!(target: "pensum::worker", "sent: block=12 answer first=256 tasks=4, reason=EngineFailed");
        });
        assert_eq!(lines[0]["target"], "pensum::worker");
        let fields = json!({"block": 12, "first": 256, "tasks": 4, "reason": "EngineFailed"});
        assert_eq!(lines[0]["fields"], fields);
    }

    #[test]
    fn what_only_looks_like_a_field_stays_in_the_message() {
        let found: Vec<_> = spelt_out("a == b, x=, =y, A=1 --flag=2 e=mc2")
            .map(|(key, _)| key)
            .collect();
        assert_eq!(found, ["x", "e"]);
    }
}
