//! Elements of an array of a message, each seen as a message of its own: for envelopes that hold several signed objects.
//!
//! What a recipe says about a message holds for one element then. An element has fields and nothing else: neither
//! headers nor address nor body. An array without elements is refused, because nothing in it would be verified.

use super::{Address, Field, Message, fields::Fields};
use crate::{
    RecipeError, Unverified,
    excerpt::excerpt,
    found::Found,
    json::{self, JsonError},
};

/// More elements than any provider sends at a time.
const MAX_ELEMENTS: usize = 1000;

impl Message<'_> {
    /// Verifies each element of the array at this path; the first that does not hold decides. An error names the place in
    /// the message: `items.2.sign`.
    ///
    /// # Errors
    /// There is no array at the path, or an empty one, or one with too many elements; an element is no object; or what
    /// `verify` says.
    pub fn verify_each(
        &self,
        path: &[&str],
        verify: impl Fn(&Message<'_>) -> Result<(), Unverified>,
    ) -> Result<(), Unverified> {
        let name = path.join(".");
        let (found, hidden) = self.value_at(path)?;
        let items = match &found {
            Found::Nested(json) => json::items(json),
            _ => None,
        };
        let Some(items) = items else { return Err(RecipeError::NoList { name }.into()) };
        if items.is_empty() {
            return Err(RecipeError::NoElements { name }.into());
        }
        if items.len() > MAX_ELEMENTS {
            return Err(RecipeError::TooManyElements { name, limit: MAX_ELEMENTS }.into());
        }
        for (index, item) in items.into_iter().enumerate() {
            let within = format!("{name}.{index}");
            let element = self.element(item.get(), hidden).map_err(|error| element_error(error, &within))?;
            verify(&element).map_err(|error| error.within(&within))?;
        }
        Ok(())
    }

    /// An element, by its exact text.
    fn element(&self, json: &str, hidden: bool) -> Result<Message<'static>, JsonError> {
        let members = json::members(json)?.into_iter();
        let field = |(name, value): (std::borrow::Cow<'_, str>, &serde_json::value::RawValue)| Field {
            hidden,
            ..Field::of_json(name.into_owned(), value.get())
        };
        let fields: Fields<'_> = members.map(field).collect();
        let element = Message::new(fields, Address::default(), Vec::new(), self.charset, self.absent);
        Ok(Message { repeated: self.repeated, depth: self.depth, ..element })
    }
}

fn element_error(error: JsonError, within: &str) -> RecipeError {
    match error {
        JsonError::Duplicate { name } => RecipeError::RepeatedField { name: format!("{within}.{name}") },
        _ => RecipeError::NoObject { name: excerpt(within, 64).into_owned() },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{AbsentWhen, Charset};

    fn message(json: &str) -> Message<'static> {
        let fields = vec![Field::of_json("data".to_owned(), json)];
        Message::new(fields, Address::default(), Vec::new(), Charset::Utf8, AbsentWhen::Empty)
    }

    fn names(json: &str, path: &[&str]) -> Result<Vec<String>, Unverified> {
        let seen = std::cell::RefCell::new(Vec::new());
        message(json).verify_each(path, |element| {
            seen.borrow_mut().push(element.placed_field(&["sign"])?.into_owned());
            Ok(())
        })?;
        Ok(seen.into_inner())
    }

    #[test]
    fn each_element_is_a_message_in_the_order_of_the_array() {
        let two = r#"{"items":[{"sign":"a"},{"x":{},"sign":"b"}]}"#;
        assert_eq!(names(two, &["data", "items"]), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(names(r#"[{"sign":"a"}]"#, &["data"]), Ok(vec!["a".to_owned()]));
        // Also of JSON that travels as text.
        assert_eq!(
            names(r#""{\"items\":[{\"sign\":\"a\"}]}""#, &["data", "items"]),
            Ok(vec!["a".to_owned()])
        );
    }

    #[test]
    fn an_element_has_fields_and_nothing_else() {
        message(r#"[{"a":1}]"#)
            .verify_each(&["data"], |element| {
                assert!(element.method().is_err() && element.url().is_err() && element.query().is_err());
                assert!(element.result().is_err() && element.payload().is_err());
                assert_eq!(element.text("a"), Some("1"));
                assert_eq!(element.text("data"), None);
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn what_has_no_elements_is_refused() {
        let name = || "data.items".to_owned();
        for json in
            ["{}", r#"{"items":null}"#, r#"{"items":""}"#, r#"{"items":{"0":{}}}"#, r#"{"items":"[]"}"#]
        {
            let refused = Err(RecipeError::NoList { name: name() }.into());
            assert_eq!(names(json, &["data", "items"]), refused, "{json}");
        }
        let refused = Err(RecipeError::NoElements { name: name() }.into());
        assert_eq!(names(r#"{"items":[ ]}"#, &["data", "items"]), refused);
        let many = format!("[{}]", vec![r#"{"sign":"a"}"#; MAX_ELEMENTS + 1].join(","));
        let refused = RecipeError::TooManyElements { name: "data".to_owned(), limit: MAX_ELEMENTS };
        assert_eq!(names(&many, &["data"]), Err(refused.into()));
        let most = format!("[{}]", vec![r#"{"sign":"a"}"#; MAX_ELEMENTS].join(","));
        assert_eq!(names(&most, &["data"]).unwrap().len(), MAX_ELEMENTS);
    }

    #[test]
    fn an_error_names_the_element() {
        let name = |name: &str| name.to_owned();
        for odd in ["1", "null", r#""x""#, r#""{}""#, "[]", r#"[{"sign":"a"}]"#] {
            let json = format!(r#"[{{"sign":"a"}},{odd}]"#);
            let refused = Err(RecipeError::NoObject { name: name("data.1") }.into());
            assert_eq!(names(&json, &["data"]), refused, "{odd}");
        }
        let missing = RecipeError::MissingSignature { place: name("data.2.sign") };
        let json = r#"[{"sign":"a"},{"sign":"b"},{"x":"c"},{"sign":"d"}]"#;
        assert_eq!(names(json, &["data"]), Err(missing.into()));
        let empty = RecipeError::EmptySignature { place: name("data.0.sign") };
        assert_eq!(names(r#"[{"sign":""}]"#, &["data"]), Err(empty.into()));
        let twice = RecipeError::RepeatedField { name: name("data.0.sign") };
        assert_eq!(names(r#"[{"sign":"a","sign":"b"}]"#, &["data"]), Err(twice.into()));
    }
}
