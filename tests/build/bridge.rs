//! The bridge of one provider: how its client is built from settings, and which operation or callback a name means.

use payspec_codegen::ir::{
    Callback, Carriage, Credential, CredentialKind, Given, KeyKind, Kind, Operation, Origin, Provider,
    Signature,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::{callers, readers};

/// `mod <provider>` with `fn open`.
pub(crate) fn bridge(provider: &Provider, module: &TokenStream) -> TokenStream {
    let (name, wire) = (format_ident!("{}", provider.name), &provider.name);
    let doc = format!("The generated code of `{wire}` behind dynamic values.");
    let open = open(provider);
    let requests = provider.operations.iter().map(|operation| callers::operation(provider, operation));
    let objects = provider.types.iter().map(|item| callers::object(provider, item));
    let readers = readers::readers(provider);
    let prepare = provider.operations.iter().map(|operation| prepare(provider, operation));
    let read = provider.operations.iter().filter(|operation| operation.reply.is_some());
    let read = read.map(|operation| readers::read(provider, operation));
    let verify = provider.callbacks.iter().map(|callback| verify(provider, callback));
    quote! {
        #[doc = #doc]
        #[allow(unused_imports, unused_variables, unused_mut, dead_code, deprecated, clippy::all)]
        mod #name {
            use super::*;
            use #module as typed;

            struct Bridge {
                client: typed::Client,
                fixed: setup::Fixed,
            }

            #open

            impl Generated for Bridge {
                fn prepare(&self, operation: &str, inputs: &Map<Value>, with: &Moment) -> Result<Sent, Refused> {
                    self.fixed.set(with);
                    match operation {
                        #(#prepare)*
                        other => Err(Refused::no_such(other)),
                    }
                }

                fn read(
                    &self,
                    operation: &str,
                    inputs: &Map<Value>,
                    response: &Response,
                    with: &Moment,
                ) -> Result<Ended, Mismatch> {
                    self.fixed.set(with);
                    match operation {
                        #(#read)*
                        other => Err(Mismatch::no_such(other)),
                    }
                }

                fn verify(
                    &self,
                    callback: &str,
                    incoming: &Incoming<'_>,
                    with: &Moment,
                ) -> Result<Decoded, CallbackError> {
                    self.fixed.set(with);
                    match callback {
                        #(#verify)*
                        other => panic!("there is no callback {other}"),
                    }
                }
            }

            #(#requests)*
            #(#objects)*
            #readers
        }
    }
}

fn open(provider: &Provider) -> TokenStream {
    let credentials = provider.credentials.iter().map(|item| {
        let name = format_ident!("{}", item.name.snake);
        let value = credential(item, &quote!(&settings.credentials));
        quote!(#name: #value,)
    });
    let options = provider.options.iter().map(|option| {
        let (name, wire) = (format_ident!("{}", option.field.name.snake), &option.field.name.wire);
        let value = match option.field.kind {
            Kind::Enum(id) => {
                let kind = format_ident!("{}", provider[id].name);
                quote!(settings.options.get(#wire).map(|text| typed::#kind::from(text.as_str())))
            }
            _ => quote!(settings.options.get(#wire).cloned()),
        };
        quote!(#name: #value,)
    });
    let hosts = provider.hosts.iter().map(|host| {
        let (name, wire) = (format_ident!("{}", host.snake), &host.wire);
        quote!(#name: setup::host(settings, #wire)?,)
    });
    quote! {
        pub(super) fn open(settings: &Settings) -> Result<Box<dyn Generated>, Mismatch> {
            let credentials = typed::Credentials { #(#credentials)* };
            let options = typed::Options { #(#options)* };
            let environment = typed::Environment::Custom { #(#hosts)* };
            shown::value(&credentials);
            let (client, fixed) = setup::client::<typed::Client>(settings, credentials, options, environment)?;
            shown::value(&client);
            Ok(Box::new(Bridge { client, fixed }))
        }
    }
}

fn credential(item: &Credential, values: &TokenStream) -> TokenStream {
    let wire = &item.name.wire;
    match &item.kind {
        CredentialKind::Text { .. } => quote!(setup::text(#values, #wire)?),
        CredentialKind::Secret(_) => quote!(setup::secret(#values, #wire)?),
        CredentialKind::Key(KeyKind::RsaPrivate) => quote!(setup::rsa_private(#values, #wire)?),
        CredentialKind::Key(KeyKind::RsaPublic) => quote!(setup::rsa_public(#values, #wire)?),
        CredentialKind::Key(KeyKind::Sm2Private) => quote!(setup::sm2_private(#values, #wire)?),
        CredentialKind::Key(KeyKind::Sm2Public) => quote!(setup::sm2_public(#values, #wire)?),
        CredentialKind::Keys(KeyKind::RsaPublic) => quote!(setup::rsa_public_by_id(#values, #wire)?),
        CredentialKind::Keys(kind) => panic!("`{wire}`: no spec of the tests has several keys of {kind:?}"),
        CredentialKind::Choice(alternatives) => {
            let kind = format_ident!("{}", item.name.pascal);
            let arms = alternatives.iter().map(|alternative| {
                let (name, wire) = (format_ident!("{}", alternative.name.pascal), &alternative.name.wire);
                let members = alternative.members.iter().map(|member| {
                    let (name, value) =
                        (format_ident!("{}", member.name.snake), credential(member, &quote!(members)));
                    quote!(#name: #value,)
                });
                quote!((#wire, members) => typed::#kind::#name { #(#members)* },)
            });
            quote! {
                match setup::choice(#values, #wire)? {
                    #(#arms)*
                    (other, _) => return Err(Mismatch::no_such(other)),
                }
            }
        }
    }
}

/// The values that the caller hands in with a message, as the arguments behind the others.
pub(crate) fn given(provider: &Provider, signature: &Signature) -> Vec<TokenStream> {
    let mut all: Vec<&Given> = Vec::new();
    for given in signature.recipes().into_iter().flat_map(|recipe| &provider[recipe].given) {
        if all.iter().all(|known| known.name != given.name) {
            all.push(given);
        }
    }
    let argument = |given: &&Given| {
        let wire = &given.name.wire;
        if given.secret { quote!(&with.secret(#wire)) } else { quote!(with.text(#wire)) }
    };
    all.iter().map(argument).collect()
}

fn prepare(provider: &Provider, operation: &Operation) -> TokenStream {
    let (wire, request) = (&operation.name.wire, format_ident!("{}", operation.name.snake));
    let call = match operation.carriage {
        Carriage::Call => format_ident!("prepare_{}", operation.name.snake.trim_matches('_')),
        Carriage::Redirect => format_ident!("{}", operation.name.snake),
    };
    let needs_token = operation.request.iter().any(|sent| sent.origin == Origin::Token);
    let given = given(provider, &operation.signature);
    let call = quote!(self.client.#call(&request #(, #given)*));
    let call = if needs_token { quote!(setup::at_once(#call)) } else { call };
    quote! {
        #wire => {
            let request = #request(inputs).map_err(Refused::Untyped)?;
            let result = #call;
            shown::result(&result);
            result.map(Sent::from).map_err(Refused::from)
        }
    }
}

fn verify(provider: &Provider, callback: &Callback) -> TokenStream {
    let (wire, reader) = (&callback.name.wire, format_ident!("decoded_{}", callback.name.snake));
    let verify = format_ident!("verify_{}", callback.name.snake.trim_matches('_'));
    let given = given(provider, &callback.signature);
    quote! {
        #wire => {
            let result = self.client.#verify(incoming #(, #given)*);
            shown::result(&result);
            result.map(|notice| #reader(&notice))
        }
    }
}
