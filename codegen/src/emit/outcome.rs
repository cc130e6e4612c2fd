//! What a message means for money: conditions over its fields, and `outcome`.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Docs};
use super::names::{ident, snake};
use crate::ir::{Condition, Field, Kind, Name, Outcome, OutcomeCase, OutcomeOf, Test, Word};

/// The type of an outcome.
pub(super) fn word_type(of: OutcomeOf) -> TokenStream {
    match of {
        OutcomeOf::Payment => quote!(rt::PaymentOutcome),
        OutcomeOf::Refund => quote!(rt::RefundOutcome),
    }
}

/// A word of an outcome.
pub(super) fn word(of: OutcomeOf, word: Word) -> TokenStream {
    let kind = word_type(of);
    let variant = ident(match word {
        Word::Paid => "Paid",
        Word::Pending => "Pending",
        Word::Failed => "Failed",
        Word::Closed => "Closed",
        Word::PartRefunded => "PartRefunded",
        Word::Refunded => "Refunded",
        Word::Unknown => "Unknown",
    });
    quote!(#kind::#variant)
}

/// `pub fn outcome(&self)` of a message with these fields.
pub(super) fn outcome(outcome: &Outcome, fields: &[&Field]) -> TokenStream {
    let Outcome { of, cases, from, otherwise } = outcome;
    let kind = word_type(*of);
    let docs = outcome_docs(*of, cases);
    let cases = cases.iter().map(|case| {
        let OutcomeCase { when, is, doc: _ } = case;
        let condition = condition(when, fields, &member);
        let word = word(*of, *is);
        quote!(if #condition { return #word; })
    });
    let last =
        from.as_ref().and_then(|from| by_value(*of, from, fields)).unwrap_or_else(|| word(*of, *otherwise));
    quote! {
        #docs
        #[must_use]
        pub fn outcome(&self) -> #kind {
            #(#cases)*
            #last
        }
    }
}

/// Where a received struct has the value of a field.
fn member(field: &Field) -> TokenStream {
    let name = snake(&field.name);
    quote!(self.#name)
}

fn outcome_docs(of: OutcomeOf, cases: &[OutcomeCase]) -> TokenStream {
    let what = match of {
        OutcomeOf::Payment => "What this says about the payment.",
        OutcomeOf::Refund => "What this says about the refund.",
    };
    cases
        .iter()
        .filter_map(|case| case.doc.as_ref())
        .fold(Docs::of_ours(what), |docs, doc| docs.spec(doc))
        .attributes()
}

/// The outcome of the value of an enumeration; an absent one says nothing.
fn by_value(of: OutcomeOf, from: &Name, fields: &[&Field]) -> Option<TokenStream> {
    let field = fields.iter().find(|field| field.name == *from)?;
    let member = snake(from);
    let function = ident(if of == OutcomeOf::Payment { "payment_outcome" } else { "refund_outcome" });
    let kind = word_type(of);
    Some(if field.required {
        quote!(self.#member.#function())
    } else {
        quote! {
            match &self.#member {
                Some(value) => value.#function(),
                None => #kind::Unknown,
            }
        }
    })
}

/// All entries of a condition over fields that lie where `place` says. An empty condition is `true`.
pub(super) fn condition(
    condition: &Condition,
    fields: &[&Field],
    place: &dyn Fn(&Field) -> TokenStream,
) -> TokenStream {
    let Condition(entries) = condition;
    let tests = entries.iter().map(|(name, test)| {
        match fields.iter().find(|field| field.name == *name) {
            Some(field) => asked(field, test, &place(field)),
            // Never: the checker knows the fields. If ever, an entry that cannot be asked must not hold.
            None => quote!(false),
        }
    });
    let tests: Vec<_> = tests.collect();
    if tests.is_empty() { quote!(true) } else { quote!(#(#tests)&&*) }
}

/// What a test asks of the member at this place.
pub(super) fn asked(field: &Field, test: &Test, place: &TokenStream) -> TokenStream {
    match (test, field.required) {
        (Test::Present, true) => quote!(true),
        (Test::Absent, true) => quote!(false),
        (Test::Present, false) => quote!(#place.is_some()),
        (Test::Absent, false) => quote!(#place.is_none()),
        (Test::Is(texts), true) => is_one_of(field, texts, place, true),
        (Test::Is(texts), false) => {
            let one = is_one_of(field, texts, &quote!(value), false);
            quote!(#place.as_ref().is_some_and(|value| #one))
        }
    }
}

/// Whether the text of a value is one of these. `owned`: the place is the value itself, else a reference to it.
fn is_one_of(field: &Field, texts: &[String], place: &TokenStream, owned: bool) -> TokenStream {
    let value = if owned { quote!(#place) } else { quote!(*#place) };
    let text = match &field.kind {
        Kind::Flag { yes, no } => return flag_is(texts.contains(yes), texts.contains(no), &value),
        Kind::Integer { .. } => {
            match texts.iter().map(|text| text.parse::<i64>()).collect::<Result<Vec<_>, _>>() {
                Ok(numbers) => return number_is(&numbers, &value),
                Err(_) => quote!(rt::write::integer(#value).as_str()),
            }
        }
        Kind::Text if field.sensitive => quote!(#place.expose().as_str()),
        Kind::Text | Kind::Url | Kind::Enum(_) => quote!(#place.as_str()),
        _ => quote!(#place.to_string().as_str()),
    };
    match texts {
        [one] => quote!(#text == #one),
        several => quote!([#(#several),*].contains(&#text)),
    }
}

fn flag_is(yes: bool, no: bool, value: &TokenStream) -> TokenStream {
    match (yes, no) {
        (true, true) => quote!(true),
        (true, false) => quote!(#value),
        (false, true) => quote!(!#value),
        (false, false) => quote!(false),
    }
}

fn number_is(numbers: &[i64], value: &TokenStream) -> TokenStream {
    let literals: Vec<_> = numbers.iter().map(|number| super::fields::integer(*number)).collect();
    match literals.as_slice() {
        [one] => quote!(#value == #one),
        several => quote!([#(#several),*].contains(&#value)),
    }
}

/// A condition in words.
pub(super) fn condition_in_words(condition: &Condition) -> String {
    let words = condition.0.iter().map(|(name, test)| {
        let field = docs::code(&name.wire);
        match test {
            Test::Present => format!("{field} is given"),
            Test::Absent => format!("{field} is not given"),
            Test::Is(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| docs::code(text)).collect();
                format!("{field} is {}", texts.join(" or "))
            }
        }
    });
    words.collect::<Vec<_>>().join(" and ")
}
