//! Callbacks: the only way to a value is through its verification.

use proc_macro2::TokenStream;
use quote::quote;

use super::credentials::is_choice;
use super::docs::{self, Docs, code};
use super::names::{function, pascal, snake};
use super::outcome;
use super::recipes::{Source, authentic, is_trimmed, place_and_decoder};
use super::signed::charset;
use super::structs;
use crate::ir::{
    AbsentWhen, Callback, Condition, CredentialPath, Deliver, Field, Kind, Provider, Receive, ReceivedField,
    Retries, Signature, Test,
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
    // The rest is in `notice`.
    let Callback {
        name, title, doc, sources, deliver, receive, of, when, signature, fields: _, sent_to, ..
    } = callback;
    let heading = title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
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
    Docs::of_spec(&format!("{heading}{doc}"))
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
    let trimmed = is_trimmed(provider, &callback.signature).then(|| quote!(.trimmed()?));
    let algorithm = algorithms(provider, &callback.fields);
    let authenticity = authenticity(provider, &callback.signature);
    let when = kinds_of_notice(provider, &callback.when);
    let ours = callback.fields.iter().filter_map(|received| {
        let path =
            received.equals.as_ref().filter(|path| path.member.is_some() || !is_choice(provider, path))?;
        Some(for_us(provider, &received.field, path, &quote!(notice)))
    });
    let ours: Vec<_> = ours.collect();
    let fresh = fresh(callback);
    let read = quote!(#kind::read(&mut message.members()));
    let end = if ours.is_empty() && fresh.is_none() {
        quote!(Ok(#read?))
    } else {
        quote!(let notice = #read?; #(#ours)* #fresh Ok(notice))
    };
    quote! {
        #docs
        pub fn #name(&self, incoming: &rt::Incoming<'_>) -> Result<#kind, rt::CallbackError> {
            let message = self.core.receive(incoming, &[#(#shapes),*], #charset)?#trimmed;
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

/// Old notices are refused where the client was told how old is too old.
fn fresh(callback: &Callback) -> Option<TokenStream> {
    let sent_at = callback.sent_at.as_ref()?;
    let field = &callback.fields.iter().find(|received| received.field.name == *sent_at)?.field;
    let (wire, member) = (&sent_at.wire, snake(sent_at));
    let instant = if field.sensitive { quote!(*notice.#member.expose()) } else { quote!(notice.#member) };
    Some(quote!(self.core.fresh(#wire, #instant)?;))
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
fn kinds_of_notice(provider: &Provider, when: &Condition) -> TokenStream {
    let given = |wire: &str| match provider.defaults.absent_when {
        AbsentWhen::Empty => quote!(rt::unless_empty(message.text(#wire))),
        AbsentWhen::Blank => quote!(rt::unless_blank(message.text(#wire))),
        AbsentWhen::Never => quote!(message.text(#wire)),
    };
    let tests = when.0.iter().map(|(name, test)| {
        let wire = &name.wire;
        match test {
            Test::Is(texts) => quote! {
                match message.text(#wire) {
                    Some(#(#texts)|*) => {}
                    other => return Err(rt::CallbackError::other_notice(#wire, other)),
                }
            },
            Test::Present => {
                let given = given(wire);
                quote! {
                    if #given.is_none() {
                        return Err(rt::CallbackError::other_notice(#wire, None));
                    }
                }
            }
            Test::Absent => {
                let given = given(wire);
                quote! {
                    if let Some(found) = #given {
                        return Err(rt::CallbackError::other_notice(#wire, Some(found)));
                    }
                }
            }
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
