//! What a command says in the end: JSON or text, and an exit code.

use pensum_client::{Error, Kind};
use serde::Serialize;
use serde_json::{json, Value};
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// What a command says.
pub struct Answer {
    json: Option<Value>,
    text: String,
    kind: Option<Kind>,
}

impl Answer {
    /// The same for programs and for people.
    pub fn new(json: impl Serialize, text: impl Into<String>) -> Self {
        Self {
            json: Some(serde_json::to_value(json).unwrap_or(Value::Null)),
            text: text.into(),
            kind: None,
        }
    }

    /// Text that is the same for both, such as a script.
    pub fn raw(text: impl Into<String>) -> Self {
        Self {
            json: None,
            text: text.into(),
            kind: None,
        }
    }

    /// Done, but not well.
    pub fn with_kind(self, kind: Option<Kind>) -> Self {
        Self { kind, ..self }
    }
}

/// Prints what came of a command and tells its exit code.
pub fn print(answered: Result<Answer, Error>, as_json: bool) -> ExitCode {
    match answered {
        Ok(answer) => {
            let shown = match answer.json {
                Some(json) if as_json => json.to_string(),
                _ => answer.text,
            };
            say(&shown);
            answer
                .kind
                .map_or(ExitCode::SUCCESS, |kind| kind.exit_code().into())
        }
        Err(error) => {
            let exit = error.kind.exit_code();
            if as_json {
                say(&error_json(&error).to_string());
            } else {
                eprintln!("{}", error_text(&error));
            }
            exit.into()
        }
    }
}

/// Prints why the arguments cannot be parsed, or the help that was asked for.
pub fn unparsed(error: clap::Error, as_json: bool) -> ExitCode {
    if as_json && error.use_stderr() {
        let text = error.render().to_string();
        let fact = text.lines().next().unwrap_or_default();
        let fact = fact.strip_prefix("error: ").unwrap_or(fact);
        let error = Error::usage("Arguments", fact, "See `pensum help`.");
        say(&error_json(&error).to_string());
    } else if error.print().is_err() {
        return ExitCode::FAILURE;
    }
    match error.use_stderr() {
        true => Kind::Usage.exit_code().into(),
        false => ExitCode::SUCCESS,
    }
}

fn error_json(error: &Error) -> Value {
    json!({ "error": {
        "kind": error.kind,
        "code": error.code,
        "fact": error.fact,
        "remedy": error.remedy,
        "exit_code": error.kind.exit_code(),
    } })
}

fn error_text(error: &Error) -> String {
    match error.remedy.is_empty() {
        true => format!("error: {} ({})", error.fact, error.code),
        false => format!("error: {} ({})\n       {}", error.fact, error.code, error.remedy),
    }
}

/// A line on standard output. A reader that went away is no failure: `pensum … | head` is usual.
pub(super) fn say(text: &str) {
    if let Err(error) = writeln!(io::stdout(), "{}", text.trim_end()) {
        if error.kind() != io::ErrorKind::BrokenPipe {
            eprintln!("Standard output cannot be written: {error}.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_in_json_has_kind_code_fact_remedy_and_exit_code() {
        let error = Error::refused("SolverStaking.NotSolver", "It is none.", "Join.");
        assert_eq!(
            error_json(&error),
            json!({ "error": {
                "kind": "refused", "code": "SolverStaking.NotSolver", "fact": "It is none.", "remedy": "Join.", "exit_code": 1,
            } })
        );
    }

    #[test]
    fn an_error_in_text_is_a_fact_and_a_remedy() {
        let error = Error::usage("Amount", "`x` is no amount.", "Write 1.5.");
        assert_eq!(
            error_text(&error),
            "error: `x` is no amount. (usage.Amount)\n       Write 1.5."
        );
    }
}
