//! The client: what it holds, how it is built, what it tells the checks.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::enumerations::values_of;
use super::names::{ident, pascal, snake, type_of};
use super::validate::{absent_rule, length_limit, text_limits};
use crate::ir::{
    AbsentWhen, Alternative, Charset, ClientOption, Credential, CredentialKind, Decode, Deliver, Encoding,
    Field, Kind, OptionId, Provider, RefreshAt, Token, Value,
};

/// `Client`, `ClientBuilder`, and how the one comes out of the other.
pub(super) fn client(provider: &Provider) -> TokenStream {
    let name = &provider.name;
    let tokens = provider.token.as_ref().map(|_| quote!(tokens: rt::TokenCache,));
    let absent = match provider.defaults.absent_when {
        AbsentWhen::Empty => TokenStream::new(),
        AbsentWhen::Blank => quote!(
            const ABSENT_WHEN: rt::AbsentWhen = rt::AbsentWhen::Blank;
        ),
        AbsentWhen::Never => quote!(
            const ABSENT_WHEN: rt::AbsentWhen = rt::AbsentWhen::Never;
        ),
    };
    let mut notices =
        provider.callbacks.iter().filter(|callback| callback.deliver == Deliver::Notify).peekable();
    let is_dated = notices.peek().is_some() && notices.all(|notice| notice.sent_at.is_some());
    let dated = is_dated.then(|| {
        quote!(
            const CHECKS_CALLBACK_AGE: bool = true;
        )
    });
    let decode = decode(provider);
    let check = check(provider);
    let assemble = assemble(provider);
    quote! {
        /// Talks to the provider. Cheap to clone; clones share keys, connections and tokens.
        #[derive(Clone, Debug)]
        pub struct Client {
            credentials: Arc<Credentials>,
            options: Arc<Options>,
            core: rt::Core,
            #tokens
        }

        /// Builds a [`Client`].
        pub type ClientBuilder = rt::ClientBuilder<Client>;

        impl rt::Assemble for Client {
            type Credentials = Credentials;
            type Environment = Environment;
            type Options = Options;

            const PROVIDER: &'static str = #name;
            #absent
            #dated

            #decode
            #check
            #assemble
        }

        impl Client {
            /// Begins a client of these credentials. Where the provider is reached has to be said, everything else has
            /// a usual value.
            pub fn builder(credentials: Credentials) -> ClientBuilder {
                rt::ClientBuilder::new(credentials)
            }

            /// The same client with another address for one host. It shares keys, connections and tokens.
            #[must_use]
            pub fn at(&self, host: Host, address: rt::HttpUrl) -> Self {
                Self { core: self.core.at(host as usize, address), ..self.clone() }
            }
        }
    }
}

/// Secrets that are written in hex or base64 are decoded when the client is built.
fn decode(provider: &Provider) -> TokenStream {
    let members = provider.credentials.iter().filter_map(|credential| {
        let name = snake(&credential.name);
        let value = decoded(credential)?;
        Some(quote!(#name: #value,))
    });
    let members: Vec<_> = members.collect();
    if members.is_empty() {
        return TokenStream::new();
    }
    let rest = (members.len() < provider.credentials.len()).then(|| quote!(..credentials));
    quote! {
        fn decode(credentials: Credentials) -> Result<Credentials, rt::BuildError> {
            Ok(Credentials { #(#members)* #rest })
        }
    }
}

/// The credential after decoding; `None` where there is nothing to decode.
fn decoded(credential: &Credential) -> Option<TokenStream> {
    let (wire, name) = (&credential.name.wire, snake(&credential.name));
    match &credential.kind {
        CredentialKind::Secret(decode) => decoded_secret(*decode, wire, &quote!(credentials.#name)),
        CredentialKind::Choice(alternatives) => {
            let arms: Vec<_> =
                alternatives.iter().filter_map(|alternative| decoded_arm(credential, alternative)).collect();
            let rest = (arms.len() < alternatives.len()).then(|| quote!(other => other,));
            (!arms.is_empty()).then(|| quote!(match credentials.#name { #(#arms)* #rest }))
        }
        CredentialKind::Text { .. } | CredentialKind::Key(_) | CredentialKind::Keys(_) => None,
    }
}

fn decoded_secret(decode: Decode, wire: &str, secret: &TokenStream) -> Option<TokenStream> {
    let function = match decode {
        Decode::Text => return None,
        Decode::Hex => ident("from_hex"),
        Decode::Base64 => ident("from_base64"),
    };
    Some(quote!(#secret.#function().map_err(rt::BuildError::secret(#wire))?))
}

/// The arm of an alternative with something to decode.
fn decoded_arm(credential: &Credential, alternative: &Alternative) -> Option<TokenStream> {
    let (choice, variant) = (pascal(&credential.name), pascal(&alternative.name));
    let names = alternative.members.iter().map(|member| snake(&member.name));
    let values = alternative.members.iter().map(|member| {
        let name = snake(&member.name);
        let wire = format!("{}.{}", credential.name.wire, member.name.wire);
        match member.kind {
            CredentialKind::Secret(decode) => decoded_secret(decode, &wire, &quote!(#name)),
            _ => None,
        }
    });
    let values: Vec<_> = values.collect();
    if values.iter().all(Option::is_none) {
        return None;
    }
    let members = alternative.members.iter().zip(values).map(|(member, value)| {
        let name = snake(&member.name);
        value.map_or_else(|| quote!(#name), |value| quote!(#name: #value))
    });
    Some(quote!(#choice::#variant { #(#names),* } => #choice::#variant { #(#members),* },))
}

/// What can be wrong with credentials and options.
fn check(provider: &Provider) -> TokenStream {
    let owner = quote!(credentials.);
    let credentials =
        provider.credentials.iter().map(|credential| credential_check(provider, credential, &owner));
    let options = provider.options.iter().map(|option| option_check(provider, option));
    let statements: Vec<_> = credentials.chain(options).filter(|statement| !statement.is_empty()).collect();
    if statements.is_empty() {
        return TokenStream::new();
    }
    let absent = absent_rule(provider);
    let reads_credentials = provider.credentials.iter().any(is_checked);
    let reads_options = !provider.options.is_empty();
    let credentials = if reads_credentials { quote!(credentials) } else { quote!(_credentials) };
    let options = if reads_options { quote!(options) } else { quote!(_options) };
    quote! {
        fn check(#credentials: &Credentials, #options: &Options) -> Result<(), rt::Violations> {
            let mut check = rt::Check::new()#absent;
            #(#statements)*
            check.finish()
        }
    }
}

/// Whether there is something to check: keys have been read before.
fn is_checked(credential: &Credential) -> bool {
    match &credential.kind {
        CredentialKind::Text { .. } | CredentialKind::Secret(_) => true,
        CredentialKind::Key(_) | CredentialKind::Keys(_) => false,
        CredentialKind::Choice(alternatives) => {
            alternatives.iter().flat_map(|alternative| &alternative.members).any(is_checked)
        }
    }
}

/// Text has its length, nothing is empty. `owner` is what stands before the member's name.
fn credential_check(provider: &Provider, credential: &Credential, owner: &TokenStream) -> TokenStream {
    let Credential { name, kind, doc: _, sources: _, example: _ } = credential;
    let (wire, member) = (&name.wire, snake(name));
    match kind {
        CredentialKind::Text { length } => {
            let length = length.as_ref().and_then(|length| length_limit(provider, length));
            quote!(check.text(#wire, &#owner #member).filled()#length;)
        }
        CredentialKind::Secret(_) => {
            quote!(check.text(#wire, #owner #member.expose()).sensitive().filled();)
        }
        CredentialKind::Key(_) | CredentialKind::Keys(_) => TokenStream::new(),
        CredentialKind::Choice(alternatives) => {
            if !is_checked(credential) {
                return TokenStream::new();
            }
            let choice = pascal(name);
            let arms = alternatives.iter().map(|alternative| {
                let variant = pascal(&alternative.name);
                let checked = || alternative.members.iter().filter(|member| is_checked(member));
                if checked().next().is_none() {
                    return quote!(#choice::#variant { .. } => {});
                }
                let bound = checked().map(|member| snake(&member.name));
                let checks = checked().map(|member| credential_check(provider, member, &TokenStream::new()));
                quote!(#choice::#variant { #(#bound,)* .. } => check.object(#wire, |check| { #(#checks)* }),)
            });
            quote! {
                match &credentials.#member {
                    #(#arms)*
                }
            }
        }
    }
}

/// An option is checked like a field; one that is a charset has to be a listed value.
fn option_check(provider: &Provider, option: &ClientOption) -> TokenStream {
    let ClientOption { field, default: _ } = option;
    let (wire, member) = (&field.name.wire, snake(&field.name));
    let limits = text_limits(provider, field);
    let (text, among) = match &field.kind {
        Kind::Enum(id) if is_encoding(provider, field) => {
            let (name, words) = (type_of(&provider[*id]), &provider[*id].name);
            let known = quote!(#name::ALL.iter().map(#name::as_str));
            (
                quote!(value.as_str()),
                quote!(check.rule_among(#wire, Some(value.as_str()), &[rt::Among::members(#words, #known)]);),
            )
        }
        Kind::Enum(_) => (quote!(value.as_str()), TokenStream::new()),
        _ => (quote!(value), TokenStream::new()),
    };
    quote! {
        if let Some(value) = &options.#member {
            check.text(#wire, #text).filled()#limits;
            #among
        }
    }
}

fn is_encoding(provider: &Provider, field: &Field) -> bool {
    matches!(provider.defaults.encoding, Encoding::Chosen(id) if provider[id].field.name == field.name)
}

fn assemble(provider: &Provider) -> TokenStream {
    let Some(Token { name, refresh_at, shared_by, .. }) = &provider.token else {
        return quote! {
            fn assemble(credentials: Credentials, options: Options, core: rt::Core) -> Self {
                Self { credentials: Arc::new(credentials), options: Arc::new(options), core }
            }
        };
    };
    let wire = &name.wire;
    let shared_by = match shared_by {
        Some(path) => {
            let credential = snake(&path.name);
            quote!(&credentials.#credential)
        }
        None => quote!(""),
    };
    let refresh_at = match refresh_at {
        RefreshAt::Percent(percent) => {
            let percent = Literal::u8_unsuffixed(*percent);
            quote!(rt::RefreshAt::Percent(#percent))
        }
        RefreshAt::SecondsBefore(seconds) => {
            let seconds = Literal::u64_unsuffixed(*seconds);
            quote!(rt::RefreshAt::SecondsBefore(#seconds))
        }
    };
    quote! {
        fn assemble(credentials: Credentials, options: Options, core: rt::Core) -> Self {
            let tokens = rt::TokenCache::new(&core, #wire, #shared_by, #refresh_at);
            Self { credentials: Arc::new(credentials), options: Arc::new(options), core, tokens }
        }
    }
}

/// What checks and messages ask the client for: its charset, its clock, its public credentials.
pub(super) fn context(provider: &Provider) -> TokenStream {
    let charset = match provider.defaults.encoding {
        Encoding::Fixed(_) => None,
        Encoding::Chosen(id) => Some(charset_function(provider, id)),
    };
    let encoding = super::signed::charset(provider, provider.defaults.encoding);
    let clock = match provider.defaults.zone {
        Some(_) => quote!(.clock(self.core.clock(), ZONE)),
        None => quote!(.clock(self.core.clock(), 0)),
    };
    let absent = absent_rule(provider);
    let credentials = provider.credentials.iter().filter_map(|credential| match credential.kind {
        CredentialKind::Text { .. } => {
            let (wire, member) = (&credential.name.wire, snake(&credential.name));
            Some(quote!(.credential(#wire, &self.credentials.#member)))
        }
        _ => None,
    });
    let zone = provider.defaults.zone.map(|seconds| {
        let seconds = super::fields::integer(i64::from(seconds));
        quote! {
            /// Seconds east of UTC of all times that are written without a zone.
            const ZONE: i32 = #seconds;
        }
    });
    quote! {
        #zone

        impl Client {
            #charset

            fn checker(&self) -> rt::Check<'_> {
                rt::Check::new().charset(#encoding)#clock #absent #(#credentials)*
            }
        }
    }
}

/// The charset that the client chose.
fn charset_function(provider: &Provider, id: OptionId) -> TokenStream {
    let ClientOption { field, default } = &provider[id];
    let member = snake(&field.name);
    let usual = default.as_deref().and_then(Charset::from_name).unwrap_or(Charset::Utf8);
    let charset = |charset| super::signed::charset(provider, Encoding::Fixed(charset));
    let Kind::Enum(id) = field.kind else {
        let usual = charset(usual);
        return quote! {
            fn #member(&self) -> rt::Charset {
                self.options.#member.as_deref().and_then(rt::Charset::from_name).unwrap_or(#usual)
            }
        };
    };
    let name = type_of(&provider[id]);
    let values = values_of(&provider[id]).unwrap_or_default();
    let arms = [Charset::Utf8, Charset::Gbk, Charset::Gb18030]
        .into_iter()
        .filter(|other| *other != usual)
        .map(|other| {
            let is_other = |value: &&Value| Charset::from_name(&value.name.wire) == Some(other);
            let variants: Vec<_> = values.iter().filter(is_other).map(|value| pascal(&value.name)).collect();
            let other = charset(other);
            if variants.is_empty() {
                TokenStream::new()
            } else {
                quote!(Some(#(#name::#variants)|*) => #other,)
            }
        });
    let usual = charset(usual);
    quote! {
        fn #member(&self) -> rt::Charset {
            match &self.options.#member {
                #(#arms)*
                _ => #usual,
            }
        }
    }
}

/// How a token is had and made.
pub(super) fn token(provider: &Provider, token: &Token) -> TokenStream {
    let Token { name, create, value, lifetime, refresh_at: _, shared_by: _, budget, doc, sources } = token;
    let create = &provider[*create].name;
    let (call, request) = (snake(create), pascal(create));
    let fields = provider.operations.iter().find(|operation| operation.name == *create);
    let fields = fields.and_then(|operation| operation.reply.as_ref()).map(super::reply::own_fields);
    let is_sensitive = fields.iter().flatten().any(|field| field.name == *value && field.sensitive);
    let (value, lifetime) = (snake(value), snake(lifetime));
    let value = if is_sensitive { quote!(reply.#value.expose()) } else { quote!(&reply.#value) };
    let budget = budget.as_ref().map(|budget| format!("By the document {}.", super::docs::escape(budget)));
    let docs = super::docs::Docs::of_ours(format!("The token {}.", super::docs::code(&name.wire)))
        .spec(doc)
        .ours(budget.unwrap_or_default())
        .ours(super::docs::source(provider, sources, &[]))
        .attributes();
    quote! {
        impl rt::HoldsToken for Client {
            fn core(&self) -> &rt::Core {
                &self.core
            }

            fn tokens(&self) -> &rt::TokenCache {
                &self.tokens
            }

            #docs
            async fn fetch_token(&self) -> Result<rt::NewToken, rt::TokenError> {
                let reply = self.#call(&#request::default()).await?;
                Ok(rt::NewToken::new(#value, reply.#lifetime))
            }
        }
    }
}
