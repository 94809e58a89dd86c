//! Models by the names that people give them.

use crate::{key::hex_array, view::Model, Chain, Error, ModelId};

impl Chain {
    /// The model that `name` means: an id, `NAME`, or `NAME@VERSION`. A name that several models have, none of which replaces the
    /// others, means none of them: anybody can register any name.
    pub async fn find_model(&self, name: &str) -> Result<Model, Error> {
        if name.starts_with("0x") {
            return self.rpc.model(ModelId(hex_array::<32>(name)?.into())).await;
        }
        choose(name, self.rpc.models().await?)
    }
}

fn choose(wanted: &str, models: Vec<Model>) -> Result<Model, Error> {
    let (name, version) = match wanted.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (wanted, None),
    };
    let fits = |model: &Model| {
        model.name == name
            && match version {
                Some(version) => model.version == version,
                None => !is_replaced(model, &models) && model.active_from().is_some(),
            }
    };
    let found: Vec<&Model> = models.iter().filter(|model| fits(model)).collect();
    match found.as_slice() {
        [model] => Ok((*model).clone()),
        [] => Err(Error::refused(
            "client.UnknownModel",
            format!("No model in use is called `{wanted}`."),
            "See `pensum model list`, and name it by its id.",
        )),
        several => {
            let ids: Vec<String> = several.iter().map(|model| model.id.to_string()).collect();
            Err(Error::usage(
                "AmbiguousModel",
                format!("{} models are called `{wanted}`: {}.", ids.len(), ids.join(", ")),
                "Name the one you mean by its id; `pensum model show ID` tells who publishes it.",
            ))
        }
    }
}

/// Whether a newer version by the same publisher is in use.
fn is_replaced(model: &Model, models: &[Model]) -> bool {
    models.iter().any(|newer| {
        newer.previous == Some(model.id)
            && newer.publisher == model.publisher
            && newer.active_from().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Digest;
    use serde_json::{json, Value};

    fn model(id: u8, version: &str, previous: Option<u8>, publisher: &str, state: Value) -> Model {
        serde_json::from_value(json!({
            "id": Digest::repeat_byte(id), "name": "langid", "version": version, "state": state,
            "weights": Digest::zero(), "on_chain": true, "input": { "tensor": { "len": 1 } }, "output_len": 4,
            "labels": [], "licence": "MIT", "previous": previous.map(Digest::repeat_byte), "publisher": publisher,
            "royalty_ppm": 0,
        }))
        .unwrap()
    }

    fn active() -> Value {
        json!({ "active": { "from": 0 } })
    }

    #[test]
    fn a_name_means_the_newest_version() {
        let models = vec![
            model(1, "1", None, "a", active()),
            model(2, "2", Some(1), "a", active()),
        ];
        assert_eq!(choose("langid", models.clone()).unwrap().version, "2");
        assert_eq!(choose("langid@1", models.clone()).unwrap().version, "1");
        assert_eq!(
            choose("langid@3", models).unwrap_err().code,
            "client.UnknownModel"
        );
    }

    #[test]
    fn a_name_of_two_publishers_means_neither() {
        let models = vec![
            model(1, "1", None, "a", active()),
            model(2, "2", Some(1), "b", active()),
        ];
        let error = choose("langid", models).unwrap_err();
        assert_eq!(error.code, "usage.AmbiguousModel");
        assert!(error.fact.contains("0x0101") && error.fact.contains("0x0202"));
    }

    #[test]
    fn a_flagged_model_is_not_meant_unless_its_version_is_named() {
        let models = vec![
            model(1, "1", None, "a", active()),
            model(2, "2", Some(1), "a", json!("flagged")),
        ];
        assert_eq!(choose("langid", models.clone()).unwrap().version, "1");
        assert_eq!(choose("langid@2", models).unwrap().version, "2");
    }
}
