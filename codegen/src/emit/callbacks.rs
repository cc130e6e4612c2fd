//! Callbacks: the only way to a value is through its verification.

use proc_macro2::TokenStream;
use quote::quote;

use super::credentials::is_choice;
use super::docs::{self, Docs, code};
use super::given::Given;
use super::names::{function, ident, pascal, snake};
use super::outcome;
use super::read::Headers;
use super::recipes::is_trimmed;
use super::signed::charset;
use super::structs;
use super::unseal::{Opening, repeated, unsealing};
use super::uses::{needs_headers, needs_url};
use crate::ir::{
    AbsentWhen, Callback, CredentialPath, Deliver, Field, Kind, Provider, Receive, ReceivedField, Retries,
    Signature, Test,
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
        Headers::Callback,
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
        Receive::PostXml => "`POST` with XML",
        Receive::PostMultipart => "`POST` with a multipart form",
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
        _ => String::new(),
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
    let given = Given::of(provider, &callback.signature);
    let docs = verify_docs(provider, callback, &given).attributes();
    let given = given.parameters();
    let shapes = callback.receive.iter().map(|shape| match shape {
        Receive::PostForm => quote!(rt::Receive::PostForm),
        Receive::PostJson => quote!(rt::Receive::PostJson),
        Receive::PostXml => quote!(rt::Receive::PostXml),
        Receive::PostMultipart => quote!(rt::Receive::PostMultipart),
        Receive::GetQuery => quote!(rt::Receive::GetQuery),
    });
    let charset = charset(provider, provider.defaults.encoding);
    let trimmed = is_trimmed(provider, &callback.signature).then(|| quote!(.trimmed()?));
    let body_alone = provider.reads_body_alone(&callback.signature).then(|| quote!(.body_alone()));
    let algorithm = algorithms(provider, &callback.fields);
    let opening = Opening { subject: &ident("message"), after: &TokenStream::new() };
    let authenticity = unsealing(provider, &callback.signature, &opening);
    let when = kinds_of_notice(provider, callback);
    let ours = callback.fields.iter().filter_map(|received| {
        let path =
            received.equals.as_ref().filter(|path| path.member.is_some() || !is_choice(provider, path))?;
        Some(for_us(provider, &received.field, path, &quote!(notice)))
    });
    let ours: Vec<_> = ours.collect();
    let fresh = fresh(callback);
    let headers = structs::reads_headers(&callback.fields).then(|| quote!(, &message));
    let read = quote!(#kind::read(&mut message.members() #headers));
    let receive = match repeated(provider, &callback.signature) {
        Some(repeated) => {
            quote!(receive_repeated(&mut texts, incoming, &[#(#shapes),*], #charset, #repeated))
        }
        None => quote!(receive(&mut texts, incoming, &[#(#shapes),*], #charset)),
    };
    let end = if ours.is_empty() && fresh.is_none() {
        quote!(Ok(#read?))
    } else {
        quote!(let notice = #read?; #(#ours)* #fresh Ok(notice))
    };
    quote! {
        #docs
        pub fn #name(&self, incoming: &rt::Incoming<'_> #given) -> Result<#kind, rt::CallbackError> {
            let mut texts = rt::Texts::new();
            let message = self.core.#receive?#body_alone #trimmed;
            #algorithm
            #authenticity
            #when
            #end
        }
    }
}

fn verify_docs(provider: &Provider, callback: &Callback, given: &Given) -> Docs {
    let what = match callback.signature {
        Signature::None { .. } => "Reads a callback that is not signed: believe nothing in it.",
        _ => {
            "Verifies a callback and reads it. Give the raw bytes as they came: what a framework has parsed and put \
             together again can no longer be verified."
        }
    };
    let headers = needs_headers(provider, &callback.signature)
        || callback.fields.iter().any(|received| received.header.is_some());
    let headers =
        if headers { "It needs the headers: [`Incoming::headers`](rt::Incoming::headers)." } else { "" };
    let url = if needs_url(provider, &callback.signature) {
        "It needs the public address under which the provider called: [`Incoming::url`](rt::Incoming::url)."
    } else {
        ""
    };
    given.document(Docs::of_ours(what).ours(headers).ours(url)).ours("# Errors").ours(
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

/// Notices that share an address are told apart, after the signature.
fn kinds_of_notice(provider: &Provider, callback: &Callback) -> TokenStream {
    let found = |wire: &str| {
        let header = callback.fields.iter().find(|received| received.field.name.wire == wire);
        match header.and_then(|received| received.header.as_ref()) {
            Some(header) => quote!(message.read_header(#header)),
            None => quote!(message.text(#wire)),
        }
    };
    let given = |wire: &str| {
        let found = found(wire);
        match provider.defaults.absent_when {
            AbsentWhen::Empty => quote!(rt::unless_empty(#found)),
            AbsentWhen::Blank => quote!(rt::unless_blank(#found)),
            AbsentWhen::Never => found,
        }
    };
    let tests = callback.when.0.iter().map(|(name, test)| {
        let wire = &name.wire;
        match test {
            Test::Is(texts) => {
                let found = found(wire);
                quote! {
                    match #found {
                        Some(#(#texts)|*) => {}
                        other => return Err(rt::CallbackError::other_notice(#wire, other)),
                    }
                }
            }
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
