//! Where the provider is reached: environments and hosts.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::{self, Docs, code};
use super::names::{pascal, snake};
use crate::ir::{Environment, HostAddress, Name, Provider};

/// `Environment` and what it says to the runtime.
pub(super) fn environment(provider: &Provider) -> TokenStream {
    let variants = provider.environments.iter().map(|environment| variant(provider, environment));
    let arms = provider.environments.iter().map(|environment| arm(provider, environment));
    let hosts: Vec<_> = provider.hosts.iter().map(snake).collect();
    let members = supplied_members(&provider.hosts.iter().collect::<Vec<_>>());
    quote! {
        /// Where the provider is reached.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Environment {
            #(#variants)*
            /// Other addresses: a proxy, or a fake provider. Plain http has to be asked for with
            /// [`ClientBuilder::allow_plain_http`](rt::ClientBuilder::allow_plain_http).
            Custom { #members },
        }

        impl rt::Environment for Environment {
            fn addresses(self) -> rt::Addresses {
                match self {
                    #(#arms)*
                    Self::Custom { #(#hosts),* } => rt::Addresses::new([#(#hosts),*], true),
                }
            }
        }
    }
}

fn variant(provider: &Provider, environment: &Environment) -> TokenStream {
    let Environment { name, doc, sources, test, hosts, plain_http: _ } = environment;
    let addresses = provider.hosts.iter().zip(hosts).filter_map(|(host, address)| match address {
        HostAddress::Fixed(address) => Some(format!("`{}` is <{address}>", host.wire)),
        HostAddress::Supplied => None,
    });
    let addresses = addresses.collect::<Vec<_>>().join(", ");
    let docs = Docs::of_spec(doc)
        .ours(if *test { "No money moves here." } else { "" })
        .ours(if addresses.is_empty() { String::new() } else { format!("Host {addresses}.") })
        .ours(docs::source(provider, sources, &[]))
        .attributes();
    let name = pascal(name);
    let supplied = supplied_of(provider, hosts);
    if supplied.is_empty() {
        return quote!(#docs #name,);
    }
    let members = supplied_members(&supplied);
    quote!(#docs #name { #members },)
}

fn supplied_of<'a>(provider: &'a Provider, hosts: &[HostAddress]) -> Vec<&'a Name> {
    let pairs = provider.hosts.iter().zip(hosts);
    pairs.filter(|(_, address)| **address == HostAddress::Supplied).map(|(host, _)| host).collect()
}

fn supplied_members(hosts: &[&Name]) -> TokenStream {
    let members = hosts.iter().map(|host| {
        let docs = docs::line(&format!("The address of host {}.", code(&host.wire)));
        let member = snake(host);
        quote!(#docs #member: rt::HttpUrl,)
    });
    members.collect()
}

fn arm(provider: &Provider, environment: &Environment) -> TokenStream {
    let Environment { name, doc: _, sources: _, test: _, hosts, plain_http } = environment;
    let name = pascal(name);
    let supplied: Vec<_> = supplied_of(provider, hosts).into_iter().map(snake).collect();
    if supplied.len() == hosts.len() {
        return quote!(Self::#name { #(#supplied),* } => rt::Addresses::new([#(#supplied),*], #plain_http),);
    }
    let fixed = hosts.iter().map(|host| match host {
        HostAddress::Fixed(address) => address.as_str(),
        HostAddress::Supplied => "",
    });
    let fixed = quote!(rt::Addresses::fixed(&[#(#fixed),*], #plain_http));
    if supplied.is_empty() {
        return quote!(Self::#name => #fixed,);
    }
    let places = hosts.iter().enumerate().filter(|(_, host)| **host == HostAddress::Supplied);
    let places = places.map(|(place, _)| Literal::usize_unsuffixed(place));
    quote!(Self::#name { #(#supplied),* } => #fixed #(.with(#places, #supplied))*,)
}

/// `Host`: one variant for each host.
pub(super) fn host(provider: &Provider) -> TokenStream {
    let variants = provider.hosts.iter().map(|host| {
        let docs = docs::line(&format!("Host {}.", code(&host.wire)));
        let name = pascal(host);
        quote!(#docs #name,)
    });
    quote! {
        /// A host of the provider.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Host {
            #(#variants)*
        }
    }
}
