//! Where the inputs of tasks come from.

use crate::terminal::{context::Context, gateway::GatewayArgs};
use clap::Args;
use pensum_client::{
    asset::Currency,
    input::{self, Input},
    quote::OfferQuotes,
    view::Model,
    Chain, Error,
};
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Most bytes that are read from a file of inputs: a full batch of the longest inputs, as hex.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// The model and what it shall read.
#[derive(Debug, Args)]
pub struct Inputs {
    /// The model: its id, or its name, or NAME@VERSION.
    #[arg(value_name = "MODEL")]
    pub model: String,

    /// Inputs, one task each: text, or for a tensor 0x hex or numbers with commas.
    #[arg(value_name = "INPUT")]
    texts: Vec<String>,

    /// File with one input a line; - reads standard input.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Read all of standard input as one input.
    #[arg(long)]
    stdin: bool,

    /// File whose bytes are one input that travels as a blob: only its digest goes on chain. Give it several times for several.
    #[arg(long, value_name = "FILE")]
    blob: Vec<PathBuf>,
}

/// One input.
pub struct Given {
    /// For people.
    pub shown: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it travels as a blob.
    pub is_blob: bool,
}

/// Inputs for a model, and what they would cost.
pub struct Asked {
    /// The chain.
    pub chain: Chain,
    /// The model.
    pub model: Model,
    /// The inputs as they were given.
    pub given: Vec<Given>,
    /// The same as the chain takes them.
    pub inputs: Vec<Input>,
    /// What pays.
    pub pays: Currency,
    /// The offers for them.
    pub quotes: OfferQuotes,
}

impl Given {
    /// As the chain takes it.
    pub fn input(&self) -> Result<Input, Error> {
        match self.is_blob {
            true => Ok(Input::blob(&self.bytes)),
            false => Input::inline(self.bytes.clone()),
        }
    }
}

impl Inputs {
    /// Reads the inputs and asks who would answer them for this asset, and at what price.
    pub async fn ask(&self, context: &Context, asset: &str) -> Result<Asked, Error> {
        let chain = context.chain().await?;
        let model = chain.find_model(&self.model).await?;
        let given = self.read(&model)?;
        let inputs = given.iter().map(Given::input).collect::<Result<Vec<_>, _>>()?;
        let pays = chain.find_currency(asset).await?;
        let quotes = chain.offer_quotes(model.id, &inputs, &pays).await?;
        Ok(Asked {
            chain,
            model,
            given,
            inputs,
            pays,
            quotes,
        })
    }

    /// All inputs, in the order: arguments, lines of the file, standard input, blobs.
    pub fn read(&self, model: &Model) -> Result<Vec<Given>, Error> {
        let mut given = Vec::new();
        for text in &self.texts {
            given.push(of_text(model, text)?);
        }
        if let Some(path) = &self.file {
            let text = match path.as_os_str() == "-" {
                true => read_all(io::stdin(), "Standard input")?,
                false => read_file(path)?,
            };
            let text = utf8(text, &path.display().to_string())?;
            for line in text.lines().filter(|line| !line.is_empty()) {
                given.push(of_text(model, line)?);
            }
        }
        if self.stdin {
            let text = utf8(read_all(io::stdin(), "Standard input")?, "Standard input")?;
            given.push(of_text(model, text.trim_end_matches('\n'))?);
        }
        for path in &self.blob {
            given.push(Given {
                shown: path.display().to_string(),
                bytes: read_file(path)?,
                is_blob: true,
            });
        }
        Ok(given)
    }
}

impl Asked {
    /// Puts what travels as a blob into the content store of a gateway.
    pub async fn put_blobs(&self, gateway: &GatewayArgs, context: &Context) -> Result<(), Error> {
        let blobs: Vec<&Given> = self.given.iter().filter(|given| given.is_blob).collect();
        if blobs.is_empty() {
            return Ok(());
        }
        let gateway = gateway.gateway()?.ok_or_else(|| {
            Error::usage(
                "NoGateway",
                "A blob must lie in a content store that solvers can read, and none was named.",
                "Name a gateway by --gateway.",
            )
        })?;
        let wait = context.wait(Some(blobs.len() as u64), "putting blobs");
        for (place, blob) in blobs.into_iter().enumerate() {
            gateway.put_blob(blob.bytes.clone()).await?;
            wait.reached(place + 1);
        }
        Ok(())
    }
}

fn of_text(model: &Model, text: &str) -> Result<Given, Error> {
    Ok(Given {
        shown: text.into(),
        bytes: input::from_text(&model.input, text)?,
        is_blob: false,
    })
}

fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let file = fs::File::open(path).map_err(|error| Error::unreadable(path, error))?;
    read_all(file, &path.display().to_string())
}

fn read_all(from: impl Read, name: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    from.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| {
        Error::usage(
            "File",
            format!("{name} cannot be read: {error}."),
            "Correct the path.",
        )
    })?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Error::usage(
            "File",
            format!("{name} has more than {MAX_FILE} bytes."),
            "Post several batches.",
        ));
    }
    Ok(bytes)
}

fn utf8(bytes: Vec<u8>, name: &str) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| {
        Error::usage(
            "InputNotText",
            format!("{name} is not UTF-8."),
            "Encode it as UTF-8, or bring bytes by --blob.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model() -> Model {
        serde_json::from_value(json!({
            "id": pensum_client::Digest::zero(), "name": "m", "version": "1", "state": "flagged",
            "weights": pensum_client::Digest::zero(), "on_chain": true, "input": { "text": { "max_bytes": 9 } }, "output_len": 4,
            "labels": [], "licence": "MIT", "previous": null, "publisher": "p", "royalty_ppm": 0,
        }))
        .unwrap()
    }

    #[test]
    fn inputs_come_from_arguments_files_and_blobs() {
        let folder = tempfile::tempdir().unwrap();
        let (lines, blob) = (folder.path().join("lines"), folder.path().join("blob"));
        fs::write(&lines, "two\r\n\nthree\n").unwrap();
        fs::write(&blob, [0xff, 0]).unwrap();
        let inputs = Inputs {
            model: "m".into(),
            texts: vec!["one".into()],
            file: Some(lines),
            stdin: false,
            blob: vec![blob],
        };
        let given = inputs.read(&model()).unwrap();
        let bytes: Vec<&[u8]> = given.iter().map(|given| given.bytes.as_slice()).collect();
        assert_eq!(bytes, [&b"one"[..], b"two", b"three", &[0xff, 0]]);
        assert!(given[3].is_blob && given[3].input() == Ok(Input::blob(&[0xff, 0])));
    }

    #[test]
    fn a_file_must_be_text_and_fit_the_model() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        let inputs = Inputs {
            model: "m".into(),
            texts: vec![],
            file: Some(path.clone()),
            stdin: false,
            blob: vec![],
        };
        let refusal = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            inputs.read(&model()).err().unwrap().code
        };
        assert_eq!(refusal(&[0xff]), "usage.InputNotText");
        assert_eq!(refusal(b"much too long"), "usage.InputWrongShape");
    }
}
