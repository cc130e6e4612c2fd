//! Vectors in the project's own form, read with `serde_yaml`: the second reader of YAML, which the compiler does not use.

use std::{collections::BTreeMap, fmt, fs, path::PathBuf};

use payspec::Timestamp;
use payspec_interpreter::{Instant, Map, Settings, Value};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

use super::{
    ExpectedError, Spec, Subject, Vector,
    given::with_hosts,
    keys::{self, Said},
    root,
};
use crate::bridge::Moment;

/// A file of vectors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    payspec: String,
    vectors_of: String,
    test_credentials: BTreeMap<String, Given>,
    vectors: BTreeMap<String, Entry>,
}

/// A vector as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    operation: Option<String>,
    callback: Option<String>,
    recipe: Option<String>,
    direction: Option<String>,
    provenance: String,
    #[allow(dead_code)]
    source: Option<String>,
    credentials: String,
    now: Option<String>,
    #[serde(default)]
    options: BTreeMap<String, String>,
    #[serde(default)]
    tokens: BTreeMap<String, String>,
    inputs: Option<Given>,
    #[serde(default)]
    given: BTreeMap<String, String>,
    #[serde(default)]
    fresh: BTreeMap<String, String>,
    #[serde(default)]
    hosts: BTreeMap<String, String>,
    url: Option<String>,
    headers: Option<Given>,
    query: Option<String>,
    body: Option<String>,
    base: Option<String>,
    base_of: Option<String>,
    signature: Option<String>,
    place: Option<String>,
    plain: Option<String>,
    verify_only: Option<String>,
    #[allow(dead_code)]
    signed_by: Option<String>,
    outcome: Option<String>,
    error: Option<Wanted>,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    kind: String,
    code: Option<String>,
}

/// The vectors beside a spec.
///
/// # Panics
/// The file is missing or says something that no vector says.
#[must_use]
pub fn written(spec: &Spec) -> Vec<Vector> {
    let path = root().join(spec.file.replace(".yaml", ".vectors.yaml"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: File =
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(file.payspec, "1");
    assert_eq!(file.vectors_of, spec.provider.name);
    let folder = path.parent().expect("a folder").to_path_buf();
    let accounts: BTreeMap<String, Map<payspec_interpreter::CredentialValue>> = file
        .test_credentials
        .iter()
        .map(|(name, given)| {
            let said = Account { given, folder: &folder };
            (name.clone(), keys::credentials(&spec.provider.credentials, &said.root()))
        })
        .collect();
    file.vectors.into_iter().map(|(name, entry)| vector(spec, name, entry, &accounts)).collect()
}

fn vector(
    spec: &Spec,
    name: String,
    entry: Entry,
    accounts: &BTreeMap<String, Map<payspec_interpreter::CredentialValue>>,
) -> Vector {
    let settings = Settings {
        credentials: accounts.get(&entry.credentials).expect("credentials of the file").clone(),
        options: entry.options.into_iter().collect(),
        tokens: entry.tokens.into_iter().collect(),
        ..Settings::default()
    };
    let is_response = entry.direction.as_deref() == Some("response");
    let subject = match (entry.operation, entry.callback, entry.recipe) {
        (Some(operation), None, None) if is_response => Subject::Response(operation),
        (Some(operation), None, None) => Subject::Request(operation),
        (None, Some(callback), None) => Subject::Callback(callback),
        (None, None, Some(recipe)) => Subject::Recipe(recipe),
        _ => panic!("{name} exercises one thing"),
    };
    let inputs = match entry.inputs {
        Some(Given(Value::Object(inputs))) => inputs,
        Some(_) => panic!("{name}: inputs are named"),
        None => Map::new(),
    };
    let headers = match entry.headers {
        Some(Given(Value::Object(headers))) => headers,
        Some(_) => panic!("{name}: headers are named"),
        None => Map::new(),
    };
    let header = |(name, value): (&str, &Value)| {
        (name.to_owned(), value.as_text().expect("a header is one text").to_owned())
    };
    Vector {
        provenance: entry.provenance,
        spec: spec.clone(),
        subject,
        settings: with_hosts(&spec.provider, settings, entry.hosts),
        moment: Moment::at(entry.now.map_or(Instant::from_unix_seconds(0), |now| instant(&now, spec)))
            .with(entry.given.into_iter().collect(), entry.fresh.into_iter().collect()),
        inputs,
        query: entry.query,
        body: entry.body,
        headers: headers.iter().map(header).collect(),
        url: entry.url,
        base: entry.base,
        base_of: entry.base_of,
        signature: entry.signature,
        place: entry.place,
        plain: entry.plain,
        verify_only: entry.verify_only.as_deref() == Some("true"),
        outcome: entry.outcome,
        error: entry.error.map(|wanted| ExpectedError { kind: wanted.kind, code: wanted.code }),
        values: entry.values.into_iter().collect(),
        must_not_verify: Vec::new(),
        name,
    }
}

/// Unix seconds, also with three decimals, or `yyyy-MM-dd HH:mm:ss` in the zone of the spec.
pub(super) fn instant(text: &str, spec: &Spec) -> Instant {
    if let Ok(seconds) = text.parse() {
        return Instant::from_unix_seconds(seconds);
    }
    if let Some((seconds, millis)) = text.split_once('.') {
        let millis = format!("{seconds}{millis:0<3}").parse().expect("seconds with three decimals");
        return Instant::from_unix_millis(millis);
    }
    let zone = spec.provider.defaults.zone.expect("a zone");
    let time = Timestamp::parse(text, "%Y-%m-%d %H:%M:%S", zone).expect("a time of day");
    Instant::from_unix_millis(time.unix_millis())
}

/// An account of `test_credentials`; keys are files beside the vectors.
struct Account<'a> {
    given: &'a Given,
    folder: &'a PathBuf,
}

/// A place in an account, with the files in it read.
struct Place {
    members: BTreeMap<String, Place>,
    text: String,
}

impl Account<'_> {
    fn root(&self) -> Place {
        self.place(&self.given.0)
    }

    fn place(&self, value: &Value) -> Place {
        match value {
            Value::Text(text) => Place { members: BTreeMap::new(), text: text.clone() },
            Value::Object(members) => match members.get("file") {
                Some(Value::Text(file)) => {
                    let path = self.folder.join(file);
                    let text = fs::read_to_string(&path)
                        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                    Place { members: BTreeMap::new(), text }
                }
                _ => {
                    let members =
                        members.iter().map(|(name, value)| (name.to_owned(), self.place(value))).collect();
                    Place { members, text: String::new() }
                }
            },
            other => panic!("no credential: {other:?}"),
        }
    }
}

impl Said for Place {
    fn said(&self, name: &str) -> Option<&Self> {
        self.members.get(name)
    }

    fn names(&self) -> Vec<String> {
        self.members.keys().cloned().collect()
    }

    fn text(&self) -> String {
        self.text.clone()
    }
}

/// A value of a vector: texts, lists and named values in their order. Everything else must be written in quotes.
struct Given(Value);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyValue;

        impl<'de> Visitor<'de> for AnyValue {
            type Value = Given;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text in quotes, a list or a map")
            }

            fn visit_str<E>(self, text: &str) -> Result<Given, E> {
                Ok(Given(Value::from(text)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Given, A::Error> {
                let mut list = Vec::new();
                while let Some(Given(item)) = items.next_element()? {
                    list.push(item);
                }
                Ok(Given(Value::List(list)))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Given, A::Error> {
                let mut map = Map::new();
                while let Some((name, Given(value))) = entries.next_entry::<String, Given>()? {
                    assert!(map.insert(name.as_str(), value).is_none(), "`{name}` stands there twice");
                }
                Ok(Given(Value::Object(map)))
            }
        }

        deserializer.deserialize_any(AnyValue)
    }
}
