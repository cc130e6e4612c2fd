//! Callbacks: the only way to a value is through its verification.

use proc_macro2::TokenStream;
use quote::quote;

use super::credentials::is_choice;
use super::docs::{self, Docs, code};
use super::fields::{Side, rust_type, sent_text};
use super::names::{expected_of, function, pascal, snake};
use super::outcome;
use super::recipes::{Source, authentic, place_and_decoder};
use super::signed::charset;
use super::structs;
use crate::ir::{
    Acknowledge, Callback, Condition, CredentialPath, Deliver, Field, Kind, Name, Provider, Receive,
    ReceivedField, Retries, Signature, Test,
};

/// The value of a callback, and `verify_x`.
pub(super) fn callback(provider: &Provider, callback: &Callback) -> TokenStream {
    let kind = pascal(&callback.name);
    let described = structs::received(
        provider,
        &kind,
        &callback_docs(provider, callback),
        &callback.fields,
        &callback.sources,
    );
    let verify = verify(provider, callback);
    quote! {
        #described

        impl Client {
            #verify
        }
    }
}

fn callback_docs(provider: &Provider, callback: &Callback) -> Docs {
    // The rest is in `value`.
    let Callback {
        name, title, doc, sources, deliver, receive, of, when, signature, fields: _, sent_to, ..
    } = callback;
    let heading = title.as_ref().map(|title| format!("{}: ", docs::escape(title))).unwrap_or_default();
    let verify = function("verify", name, "");
    let of = of.map(|id| format!(" It answers {}.", code(&provider[id].name.wire))).unwrap_or_default();
    let to = sent_to.as_ref().map(|field| format!(" It goes to the address in {}.", code(&field.wire)));
    let shapes = receive.iter().map(|shape| match shape {
        Receive::PostForm => "`POST` with a form",
        Receive::PostJson => "`POST` with a JSON object",
        Receive::GetQuery => "`GET` with a query",
    });
    let comes = match deliver {
        Deliver::Notify => "Comes from the provider's server",
        Deliver::Return => "Decides nothing: it comes through a browser",
    };
    let when = if when.0.is_empty() {
        String::new()
    } else {
        format!("Others share the address; this is one when {}.", outcome::condition_in_words(when))
    };
    let unsigned = match signature {
        Signature::None { reason } => format!("It is not signed: {}", docs::escape(reason)),
        Signature::Recipe(_) | Signature::Chosen { .. } => String::new(),
    };
    Docs::of_ours(format!("{heading}{}", docs::escape(doc)))
        .ours(format!(
            "{comes}, by {}.{of}{}",
            shapes.collect::<Vec<_>>().join(" or "),
            to.unwrap_or_default()
        ))
        .ours(when)
        .ours(format!("Only [`Client::{verify}`] makes one."))
        .ours(unsigned)
        .ours(retries_in_words(callback))
        .ours(docs::source(provider, sources, &[]))
}

fn retries_in_words(callback: &Callback) -> String {
    match &callback.retries {
        Some(Retries { after: _, times: _, within: _, doc }) if !doc.is_empty() => {
            format!("It is repeated until it is accepted. {}.", docs::escape(doc).trim_end_matches('.'))
        }
        _ if callback.deliver == Deliver::Notify => "Whether it is repeated, nobody states.".to_owned(),
        _ => String::new(),
    }
}

fn verify(provider: &Provider, callback: &Callback) -> TokenStream {
    let (name, kind) = (function("verify", &callback.name, ""), pascal(&callback.name));
    let docs = verify_docs(callback).attributes();
    let shapes = callback.receive.iter().map(|shape| match shape {
        Receive::PostForm => quote!(rt::Receive::PostForm),
        Receive::PostJson => quote!(rt::Receive::PostJson),
        Receive::GetQuery => quote!(rt::Receive::GetQuery),
    });
    let charset = charset(provider, provider.defaults.encoding);
    let algorithm = algorithms(provider, &callback.fields);
    let authenticity = authenticity(provider, &callback.signature);
    let when = kinds_of_notice(&callback.when);
    let ours = callback.fields.iter().filter_map(|received| {
        let path =
            received.equals.as_ref().filter(|path| path.member.is_some() || !is_choice(provider, path))?;
        Some(for_us(provider, &received.field, path, &quote!(notice)))
    });
    let ours: Vec<_> = ours.collect();
    let read = quote!(#kind::read(&mut message.members()));
    let end =
        if ours.is_empty() { quote!(Ok(#read?)) } else { quote!(let notice = #read?; #(#ours)* Ok(notice)) };
    quote! {
        #docs
        pub fn #name(&self, incoming: &rt::Incoming<'_>) -> Result<#kind, rt::CallbackError> {
            let message = self.core.receive(incoming, &[#(#shapes),*], #charset)?;
            #algorithm
            #authenticity
            #when
            #end
        }
    }
}

fn verify_docs(callback: &Callback) -> Docs {
    let what = match callback.signature {
        Signature::None { .. } => "Reads a callback that is not signed: believe nothing in it.",
        Signature::Recipe(_) | Signature::Chosen { .. } => {
            "Verifies a callback and reads it. Give the raw bytes as they came: what a framework has parsed and put \
             together again can no longer be verified."
        }
    };
    Docs::of_ours(what).ours("# Errors").ours(
        "Each way to be refused has its own kind: malformed, unsigned, wrongly signed, for somebody else, another \
         notice. Nothing in a refused callback may be believed.",
    )
}

/// The message may name the algorithm, but only the configured one.
fn algorithms(provider: &Provider, fields: &[ReceivedField]) -> TokenStream {
    let agreeing = fields.iter().filter_map(|received| {
        let path =
            received.equals.as_ref().filter(|path| path.member.is_none() && is_choice(provider, path))?;
        let (wire, credential) = (&received.field.name.wire, snake(&path.name));
        let agrees = quote! {
            message.agrees(#wire, self.credentials.#credential.wire(), rt::CallbackError::other_algorithm)?;
        };
        Some(if received.field.required {
            agrees
        } else {
            quote!(if message.text(#wire).is_some() { #agrees })
        })
    });
    agreeing.collect()
}

fn authenticity(provider: &Provider, signature: &Signature) -> TokenStream {
    let Some((place, decoder)) = place_and_decoder(provider, signature) else { return TokenStream::new() };
    let authentic = authentic(provider, signature, Source::Callback);
    quote! {
        let signature = #decoder(message.signature(#place)?)?;
        let authentic = #authentic;
        if !authentic {
            return Err(rt::CallbackError::signature_mismatch());
        }
    }
}

/// Notices that share an address are told apart, after the signature.
fn kinds_of_notice(when: &Condition) -> TokenStream {
    let tests = when.0.iter().map(|(name, test)| {
        let wire = &name.wire;
        match test {
            Test::Is(texts) => quote! {
                match message.text(#wire) {
                    Some(#(#texts)|*) => {}
                    other => return Err(rt::CallbackError::other_notice(#wire, other)),
                }
            },
            Test::Present => quote! {
                if rt::unless_empty(message.text(#wire)).is_none() {
                    return Err(rt::CallbackError::other_notice(#wire, None));
                }
            },
            Test::Absent => quote! {
                if let Some(found) = rt::unless_empty(message.text(#wire)) {
                    return Err(rt::CallbackError::other_notice(#wire, Some(found)));
                }
            },
        }
    });
    tests.collect()
}

/// A received value must be our own credential.
pub(super) fn for_us(
    provider: &Provider,
    field: &Field,
    path: &CredentialPath,
    owner: &TokenStream,
) -> TokenStream {
    let wire = &field.name.wire;
    let (member, credential) = (snake(&field.name), snake(&path.name));
    let ours = match &path.member {
        Some(choice_member) => {
            let choice_member = snake(choice_member);
            quote!(self.credentials.#credential.#choice_member().unwrap_or_default())
        }
        None if is_choice(provider, path) => quote!(self.credentials.#credential.wire()),
        None => quote!(&self.credentials.#credential),
    };
    let value = |place: TokenStream| match (&field.kind, field.sensitive) {
        (Kind::Text, true) => quote!(#place.expose()),
        (Kind::Text, false) => quote!(&#place),
        _ => quote!(#place.as_str()),
    };
    if field.required {
        let value = value(quote!(#owner.#member));
        quote!(rt::for_us(#wire, #value, #ours)?;)
    } else {
        let value =
            if field.kind == Kind::Text && !field.sensitive { quote!(value) } else { value(quote!(value)) };
        quote!(if let Some(value) = &#owner.#member { rt::for_us(#wire, #value, #ours)?; })
    }
}

/// What the value of a callback can do, and the struct that it is compared with.
pub(super) fn value(provider: &Provider, callback: &Callback) -> TokenStream {
    let Callback {
        name,
        title: _,
        doc: _,
        sources: _,
        deliver: _,
        receive: _,
        of: _,
        when: _,
        signature: _,
        fields,
        outcome,
        hint,
        sent_to: _,
        compare: _,
        once_per: _,
        acknowledge,
        retries: _,
    } = callback;
    let kind = pascal(name);
    let fields: Vec<&Field> = fields.iter().map(|received| &received.field).collect();
    let acknowledgements = acknowledge.as_ref().map(acknowledgements);
    let outcome = outcome.as_ref().map(|outcome| outcome::outcome(outcome, &fields));
    let hint = hint.as_ref().and_then(|hint| self::hint(provider, &fields, hint));
    let compared = compared(callback);
    let agrees = (!compared.is_empty()).then(|| agrees_with(callback, &compared));
    let once = once_key(provider, callback, &fields);
    let methods = quote!(#acknowledgements #outcome #agrees #once #hint);
    if methods.is_empty() {
        return TokenStream::new();
    }
    let expected = (!compared.is_empty()).then(|| expected(provider, callback, &compared));
    quote! {
        impl #kind {
            #methods
        }

        #expected
    }
}

fn acknowledgements(acknowledge: &Acknowledge) -> TokenStream {
    let Acknowledge { accepted, again, content_type } = acknowledge;
    quote! {
        /// The exact answer that stops the repetitions. Send it when your handler has succeeded, never before.
        pub const ACCEPTED: rt::Acknowledgement = rt::Acknowledgement::new(#accepted, #content_type);

        /// The exact answer that asks for a repetition.
        pub const AGAIN: rt::Acknowledgement = rt::Acknowledgement::new(#again, #content_type);
    }
}

fn hint(provider: &Provider, fields: &[&Field], hint: &Name) -> Option<TokenStream> {
    let field = fields.iter().find(|field| field.name == *hint)?;
    let (member, kind) = (snake(hint), rust_type(provider, field, Side::Received));
    let (kind, value) = if field.required {
        (quote!(&#kind), quote!(&self.#member))
    } else {
        (quote!(Option<&#kind>), quote!(self.#member.as_ref()))
    };
    Some(quote! {
        /// What the browser says, for choosing which page to show. It decides nothing.
        #[must_use]
        pub fn hint(&self) -> rt::Hint<#kind> {
            rt::Hint::new(#value)
        }
    })
}

fn compared(callback: &Callback) -> Vec<&Field> {
    let fields = callback
        .compare
        .iter()
        .filter_map(|name| callback.fields.iter().find(|received| received.field.name == *name));
    fields.map(|received| &received.field).collect()
}

/// Whether a value is handed around as a reference: text as `&str`, other owned values as `&T`.
fn is_borrowed(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::Integer { .. }
            | Kind::Decimal { .. }
            | Kind::Amount { .. }
            | Kind::Flag { .. }
            | Kind::Timestamp(_)
            | Kind::Date(_)
            | Kind::Duration { .. }
    )
}

fn expected(provider: &Provider, callback: &Callback, compared: &[&Field]) -> TokenStream {
    let name = expected_of(callback);
    let kind = pascal(&callback.name);
    let lifetime = compared.iter().any(|field| is_borrowed(&field.kind)).then(|| quote!(<'a>));
    let members = compared.iter().map(|field| {
        let docs = Docs::of_spec(&field.doc).attributes();
        let member = snake(&field.name);
        let kind = match &field.kind {
            Kind::Text => quote!(&'a str),
            kind if is_borrowed(kind) => {
                let kind = rust_type(provider, field, Side::Received);
                quote!(&'a #kind)
            }
            _ => rust_type(provider, &Field { sensitive: false, ..(*field).clone() }, Side::Received),
        };
        quote!(#docs pub #member: #kind,)
    });
    let docs = docs::line(&format!("What your own order says, for [`{kind}::agrees_with`]."));
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct #name #lifetime {
            #(#members)*
        }
    }
}

fn agrees_with(callback: &Callback, compared: &[&Field]) -> TokenStream {
    let name = expected_of(callback);
    let lifetime = compared.iter().any(|field| is_borrowed(&field.kind)).then(|| quote!(<'_>));
    let agreeing = compared.iter().map(|field| {
        let (wire, member) = (&field.name.wire, snake(&field.name));
        match (&field.kind, field.required) {
            (Kind::Text, true) if field.sensitive => {
                quote!(rt::agree(#wire, self.#member.expose().as_str(), expected.#member)?;)
            }
            (Kind::Text, false) if field.sensitive => {
                quote!(rt::agree(#wire, &rt::exposed(&self.#member), &Some(expected.#member))?;)
            }
            (Kind::Text, true) => quote!(rt::agree(#wire, self.#member.as_str(), expected.#member)?;),
            (Kind::Text, false) => {
                quote!(rt::agree(#wire, &self.#member.as_deref(), &Some(expected.#member))?;)
            }
            (kind, true) if is_borrowed(kind) => quote!(rt::agree(#wire, &self.#member, expected.#member)?;),
            (kind, false) if is_borrowed(kind) => {
                quote!(rt::agree(#wire, &self.#member.as_ref(), &Some(expected.#member))?;)
            }
            (_, true) => quote!(rt::agree(#wire, &self.#member, &expected.#member)?;),
            (_, false) => quote!(rt::agree(#wire, &self.#member, &Some(expected.#member))?;),
        }
    });
    quote! {
        /// Compares with your own order. A signature proves who sent a notice, not that it is about the right order or
        /// the right amount. A field that did not come disagrees.
        ///
        /// # Errors
        /// The first field that differs. Book nothing then.
        pub fn agrees_with(&self, expected: &#name #lifetime) -> Result<(), rt::Disagreement> {
            #(#agreeing)*
            Ok(())
        }
    }
}

fn once_key(provider: &Provider, callback: &Callback, fields: &[&Field]) -> Option<TokenStream> {
    if callback.once_per.is_empty() {
        return None;
    }
    let notice = format!("{}.{}", provider.name, callback.name.wire);
    let parts = callback.once_per.iter().filter_map(|name| {
        let field = fields.iter().find(|field| field.name == *name)?;
        let member = snake(name);
        let text = sent_text(provider, field, &quote!(self.#member), false)?;
        let value = text.on_the_spot();
        Some(if field.required { quote!(.part(#value)) } else { quote!(.part_if(#value)) })
    });
    Some(quote! {
        /// Equal in repetitions of the same notice, different in different ones. Store it in the transaction that
        /// books.
        #[must_use]
        pub fn once_key(&self) -> rt::OnceKey {
            rt::OnceKey::new(#notice)#(#parts)*
        }
    })
}
