//! Random recipes from the grammar, each with a message that fits.
//!
//! A draw is its number. It uses what the language has, evenly; [`Draw::labels`] says what, so that a test can count.
//! Values whose change must be noticed carry marks ([`Spot`]): letters or digits that stand nowhere else in the message
//! and that every way of writing leaves as they are, so that they can be changed in the bytes of the signed message.

mod combine;
mod dice;
mod drawing;
mod elements;
mod list;
mod message;
mod seal;
mod selected;
mod templates;
mod values;

pub use self::{
    dice::Dice,
    message::{Drawn, Message, Shape, Spot, json},
};

use self::{drawing::Drawing, values::Alphabet};
use crate::spec::{Case, quoted};

/// A recipe and a message.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Its number.
    pub number: u64,
    /// The recipe, with what a spec has to declare for it.
    pub case: Case,
    /// The message, without signature and fresh values.
    pub message: Message,
    /// What must not be changed.
    pub spots: Vec<Spot>,
    /// Keys and values of the language that it uses.
    pub labels: Vec<String>,
}

/// The draw of this number.
#[must_use]
pub fn draw(number: u64) -> Draw {
    let mut dice = Dice::new(number);
    let shape = *dice.one(&[
        Shape::Form,
        Shape::Form,
        Shape::Json,
        Shape::Json,
        Shape::Json,
        Shape::Query,
        Shape::Query,
        Shape::Xml,
        Shape::Multipart,
    ]);
    let encoding = *dice.one(&["UTF-8", "UTF-8", "UTF-8", "UTF-8", "UTF-8", "GBK", "GB18030"]);
    let charset = *dice.one(&["", "", "", "utf-8", "gbk", "gb18030", "iso-8859-1"]);
    let writes = |wanted: &[&str]| {
        let charset = if charset.is_empty() { encoding.to_lowercase() } else { charset.to_owned() };
        wanted.contains(&charset.as_str()) && wanted.contains(&encoding.to_lowercase().as_str())
    };
    let alphabet = Alphabet {
        chinese: writes(&["utf-8", "gbk", "gb18030"]),
        wide: writes(&["utf-8", "gb18030"]),
        latin: writes(&["utf-8", "gb18030", "iso-8859-1"]),
        controls: shape != Shape::Xml,
    };
    let mut drawing = Drawing::new(dice, encoding, alphabet, shape);
    drawing.label(format!("encoding: {encoding}"));
    drawing.label(format!("shape: {}", shape.receive()));
    if !charset.is_empty() {
        drawing.label(format!("charset: {charset}"));
        drawing.set("charset", charset);
    }
    if drawing.dice.percent(3) {
        constant(&mut drawing)
    } else {
        composed(&mut drawing)
    }
    finish(number, drawing)
}

/// A constant in a header as the only proof.
fn constant(drawing: &mut Drawing) {
    drawing.label("algorithm: none");
    drawing.set("text", quoted("{credential:appid}:{credential:secret}"));
    drawing.set("algorithm", "none");
    drawing.set("output", "text");
    drawing.set("place", "{ header: X-Sign, template: \"Basic {signature}\" }");
    let (name, value) = (drawing.name(), drawing.plain(values::Kind::Text));
    let in_query = drawing.message.shape == Shape::Query;
    drawing.put(&name, Drawn::Text(value), in_query);
}

fn composed(drawing: &mut Drawing) {
    let sealed = drawing.seal();
    let mut text = String::new();
    if sealed.is_cipher && (sealed.wants_blocks || drawing.dice.percent(50)) {
        drawing.label("seal: opened");
        text = drawing.opened_text(&sealed);
    } else {
        let has_list = drawing.dice.percent(80);
        if has_list {
            drawing.list();
            text.push_str("{fields}");
            if drawing.dice.percent(12) {
                drawing.label("operand: names");
                text.push_str("~{names}");
            }
        }
        let operands = if has_list { drawing.dice.below(3) } else { 1 + drawing.dice.below(4) };
        for _ in 0..operands {
            let operand = drawing.operand();
            let between = *drawing.dice.one(&["&", "|", "\n", "{{", "key="]);
            text = if drawing.dice.percent(50) {
                format!("{operand}{between}{text}")
            } else {
                format!("{text}{between}{operand}")
            };
        }
        if sealed.wants_secret && !drawing.secret_in_text {
            text.push_str("&key={credential:secret}");
        }
    }
    if sealed.wants_text {
        text.insert_str(0, "t=");
    }
    drawing.set("text", quoted(&text));
    drawing.placed_part();
    drawing.place(&sealed);
    drawing.tolerance();
    if !sealed.is_cipher {
        drawing.transform();
    }
}

fn finish(number: u64, mut drawing: Drawing) -> Draw {
    also_accept(&mut drawing);
    if drawing.fields.is_empty() {
        drawing.declare("never?", "text: any");
    }
    let types = elements::each(&mut drawing);
    let (recipe, others, signature) = match types.as_slice() {
        [] => combine::combined(&mut drawing),
        _ => (drawing.recipe(), Vec::new(), "§".to_owned()),
    };
    let Drawing { encoding, fields, message, spots, labels, .. } = drawing;
    let receive = vec![message.shape.receive()];
    let encoding = encoding.to_owned();
    let case = Case { encoding, recipe, fields, types, receive, others, signature };
    Draw { number, case, message, spots, labels }
}

fn also_accept(drawing: &mut Drawing) {
    let has_list = drawing.keys.iter().any(|(key, _)| *key == "fields");
    if has_list && drawing.dice.percent(8) {
        drawing.label("also_accept");
        let reading = *drawing.dice.one(&["join: \"~\"", "order: by value", "order: by item"]);
        drawing.set("also_accept", format!("[{{ {reading} }}]"));
    }
}
