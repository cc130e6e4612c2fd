//! A message of a draw: names and values, before anybody writes or signs it.

use super::dice::Dice;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// JSON `null`.
    Null,
    /// Text.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// `true` or `false`.
    Flag(bool),
    /// An object of JSON.
    Object(Vec<(String, Drawn)>),
    /// An array of JSON.
    Array(Vec<Drawn>),
}

/// In which shape a message comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `GET`, a query.
    Query,
    /// `POST`, a form, perhaps with a query.
    Form,
    /// `POST`, JSON, perhaps with a query.
    Json,
    /// `POST`, the children of an XML element.
    Xml,
    /// `POST`, parts.
    Multipart,
}

impl Shape {
    /// As a spec says it.
    #[must_use]
    pub fn receive(self) -> &'static str {
        match self {
            Self::Query => "GET query",
            Self::Form => "POST form",
            Self::Json => "POST json",
            Self::Xml => "POST xml",
            Self::Multipart => "POST multipart",
        }
    }
}

/// A message without its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its shape.
    pub shape: Shape,
    /// Parameters of the query.
    pub query: Vec<(String, String)>,
    /// Fields of the body.
    pub body: Vec<(String, Drawn)>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The public URL without its query.
    pub address: String,
    /// Given values.
    pub given: Vec<(String, String)>,
}

/// A value whose change must be noticed. It holds a mark that every way of writing leaves as it is, and that stands
/// nowhere else; a change replaces it by another one of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What stands in the message.
    pub mark: String,
    /// What a change puts there.
    pub changed: String,
    /// What is marked, for those who read a failure.
    pub what: String,
}

/// JSON as it is written on the wire, with some white space.
pub fn json(value: &Drawn, dice: &mut Dice) -> String {
    let blank = |dice: &mut Dice| (*dice.one(&["", "", "", " ", "\n", "\t "])).to_owned();
    match value {
        Drawn::Null => "null".to_owned(),
        Drawn::Flag(flag) => flag.to_string(),
        Drawn::Number(number) => number.clone(),
        Drawn::Text(text) => quoted(text, dice),
        Drawn::Array(items) => {
            let items: Vec<String> =
                items.iter().map(|item| format!("{}{}", blank(dice), json(item, dice))).collect();
            format!("[{}{}]", items.join(","), blank(dice))
        }
        Drawn::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| {
                    format!("{}{}{}:{}", blank(dice), quoted(name, dice), blank(dice), json(value, dice))
                })
                .collect();
            format!("{{{}{}}}", members.join(","), blank(dice))
        }
    }
}

fn quoted(text: &str, dice: &mut Dice) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '/' if dice.percent(50) => literal.push_str("\\/"),
            '\u{0}'..='\u{1f}' => literal.push_str(&format!("\\u{:04x}", u32::from(character))),
            '\u{80}'..='\u{ffff}' if dice.percent(30) => {
                literal.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}
