//! The verifier's half of a recipe: reading the place, comparing in each reading, opening what is encrypted.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::ciphers::cipher;
use super::compose::segments;
use super::docs::{Docs, code};
use super::filters::written_time;
use super::fresh::{at_the_end, checking, receiving};
use super::names::ident;
use super::needs::Needs;
use super::parts::{checking_placed, composing};
use super::places::{is_bare, received};
use super::recipes::Emitted;
use super::seals::{decoder, fits};
use crate::ir::{Algorithm, FieldPath, Fresh, Operand, Piece, Tolerance};

impl<'a> Emitted<'a> {
    /// Statements that leave what was received at the place in `signatures`, and what stands beside it in `placed`.
    fn receiving(self) -> TokenStream {
        let Some(place) = &self.recipe.place else { return TokenStream::new() };
        let (decoder, received) = (decoder(self.unit()), received(&place.carrier));
        if is_bare(place) {
            return quote!(let signatures = [#decoder(&#received)?];);
        }
        let template = self.template(self.unit(), place, None);
        quote! {
            let placed = #template.read(&#received)?;
            let signatures = rt::seal::received_each(placed.candidates(), #decoder)?;
        }
    }

    /// Statements that leave the received fresh values in `fresh`.
    fn receiving_fresh(self) -> TokenStream {
        if self.recipe.fresh.is_empty() {
            return TokenStream::new();
        }
        let own = receiving(self.recipe);
        let is_templated = self.recipe.place.as_ref().is_some_and(|place| !is_bare(place));
        let templated = is_templated.then(|| quote!(placed.fresh_into(&mut fresh)?;));
        let checked = checking(self.provider, self.recipe, &self.hidden_fresh());
        let mutable = (!own.is_empty() || templated.is_some()).then(|| quote!(mut));
        quote! {
            let #mutable fresh = rt::FreshValues::new();
            #own
            #templated
            #checked
        }
    }

    /// Fresh values that come out of an opened seal.
    fn hidden_fresh(self) -> Vec<&'a Fresh> {
        if self.opens() { at_the_end(self.recipe) } else { Vec::new() }
    }

    /// The verifier opens the seal and compares what it finds.
    fn opens(self) -> bool {
        matches!(self.recipe.seal.algorithm, Algorithm::Cipher { .. }) && !self.recipe.is_encryption()
    }

    /// Whether the function that compares is handed what stands beside the signature.
    fn compares_placed(self) -> bool {
        let is_part = |piece: &Piece| matches!(piece, Piece::Value { from: Operand::Part(_), .. });
        self.recipe.place.as_ref().is_some_and(|place| place.template.iter().any(is_part))
    }

    /// Verifies a received message.
    pub(super) fn verify(self) -> TokenStream {
        let (name, docs) = match self.recipe.each {
            None => (self.name("verify"), self.docs("Verifies a message by")),
            Some(_) => (self.name("verify_element"), self.docs("Verifies one element by")),
        };
        let needs = self.verifying_needs();
        let parameters = self.parameters(&needs);
        let (receiving, fresh) = (self.receiving(), self.receiving_fresh());
        let comparing = if self.recipe.also_accept.is_empty() {
            let (before, fits) = self.comparing();
            quote!(#before if !#fits { return Err(rt::Unverified::Mismatch); })
        } else {
            // One that cannot be applied does not fit: another may.
            let readings = Self::readings(self.provider, self.named_after);
            let fits = readings.into_iter().map(|reading| {
                let call = reading.fits_call();
                quote!(#call.unwrap_or(false))
            });
            let fits: Vec<_> = fits.collect();
            quote!(let fits = #(#fits)||*; if !fits { return Err(rt::Unverified::Mismatch); })
        };
        let tolerance = self.recipe.tolerance.as_ref().map(|tolerance| self.tolerating(tolerance));
        let each = self.recipe.each.as_ref().map(|path| self.verify_each(path, &needs));
        quote! {
            #each
            #docs
            fn #name(#parameters) -> Result<(), rt::Unverified> {
                #receiving
                #fresh
                #comparing
                #tolerance
                Ok(())
            }
        }
    }

    /// Verifies every element of an array, each as a message of its own.
    fn verify_each(self, path: &FieldPath, needs: &Needs) -> TokenStream {
        let (name, element) = (self.name("verify"), self.name("verify_element"));
        let docs = Docs::of_ours(format!(
            "Verifies each element of {} by recipe {}.",
            code(&path.dotted()),
            code(&self.recipe.name.wire)
        ))
        .attributes();
        let (parameters, path) = (self.parameters(needs), segments(path));
        let others = needs.arguments(self.recipe);
        quote! {
            #docs
            fn #name(#parameters) -> Result<(), rt::Unverified> {
                message.verify_each(#path, |element| self.#element(element #others))
            }
        }
    }

    /// Refuses a stated time that is too far away; asked only when the signature has been found to fit.
    fn tolerating(self, tolerance: &Tolerance) -> TokenStream {
        let Tolerance { of, format, within } = tolerance;
        let stated = self.unit().composed(of, &ident("stated"));
        let (time, within) = (written_time(self.provider, format), Literal::u64_unsuffixed(*within));
        quote!(#stated #time.tolerate(stated.as_bytes(), self.core.now(), #within)?;)
    }

    /// What the comparing function needs.
    fn fitting_needs(self) -> Needs {
        let text = Needs::of_text(self.recipe).and(Needs::of_seal(self.recipe));
        let parts = Needs::of_parts(self.recipe);
        let placed = self.recipe.parts.iter().filter_map(|part| Some((part, part.place.as_ref()?)));
        let placed = placed.fold(Needs::default(), |needs, (part, place)| {
            needs.and(Needs::of_place(place, part).with_message(true))
        });
        // A part has a value of its own, and so have fresh values that come out of an opened seal.
        text.and(parts).and(placed).without_parts()
    }

    /// Compares in one of several readings.
    pub(super) fn fits(self) -> TokenStream {
        let (docs, name) = (self.docs("Whether one of the signatures is that of"), self.name("fits"));
        let placed = self.compares_placed().then(|| quote!(, placed: &rt::Placed));
        let needs = self.fitting_needs();
        let parameters = self.parameters(&needs);
        let parameters = quote!(#parameters #placed);
        let (before, fits) = self.comparing();
        quote! {
            #docs
            fn #name(#parameters, signatures: &[rt::seal::ReceivedSeal]) -> Result<bool, rt::Unverified> {
                #before
                Ok(#fits)
            }
        }
    }

    fn fits_call(self) -> TokenStream {
        let name = self.name("fits");
        let placed = self.compares_placed().then(|| quote!(&placed,));
        let arguments = self.arguments(&self.fitting_needs());
        let comma = (!arguments.is_empty()).then(|| quote!(,));
        quote!(self.#name(#arguments #comma #placed &signatures))
    }

    /// Composes and compares: what has to be done before, and an expression of type `bool`.
    fn comparing(self) -> (TokenStream, TokenStream) {
        if self.opens() {
            return self.comparing_opened();
        }
        let parts = composing(self);
        let text = self.composed();
        let (before, fits) = fits(self.unit());
        let placed = self.checking_placed();
        let fits = if placed.is_empty() { fits } else { quote!((#fits #placed)) };
        (quote!(#parts #text #before), fits)
    }

    /// `&& ..`: what stands in places of its own, or beside the signature, is what was computed.
    fn checking_placed(self) -> TokenStream {
        let own = checking_placed(self);
        let beside = self.compares_placed().then(|| quote!(&&placed.agrees_with(&parts)));
        quote!(#own #beside)
    }

    /// Opens each candidate, and composes with the fresh values that stand at its end.
    fn comparing_opened(self) -> (TokenStream, TokenStream) {
        let cipher = cipher(self.unit());
        // A key that is computed out of parts needs them beforehand.
        let parts_before = Needs::of_seal(self.recipe).parts.then(|| composing(self));
        let ends = self.hidden_fresh().into_iter().map(|fresh| {
            let name = &fresh.name.wire;
            let length = Literal::u32_unsuffixed(fresh.length.unwrap_or_default());
            quote!((#name, #length))
        });
        let ends: Vec<_> = ends.collect();
        let fresh = (!ends.is_empty()).then(|| {
            quote! {
                let mut fresh = fresh.clone();
                if !fresh.receive_end(&opened, &[#(#ends),*]) {
                    continue;
                }
            }
        });
        let (parts, text, placed) = (composing(self), self.composed(), self.checking_placed());
        let before = quote! {
            #parts_before
            #cipher
            let mut fits = false;
            for signature in signatures.iter() {
                let Some(opened) = rt::seal::opened(&cipher, signature)? else { continue };
                #fresh
                #parts
                #text
                fits |= rt::seal::is_opened(&opened, &text) #placed;
            }
        };
        (before, quote!(fits))
    }

    /// Opens an encryption.
    pub(super) fn open(self) -> TokenStream {
        let (docs, name) = (self.docs("Opens what is encrypted by"), self.name("open"));
        let needs = self.verifying_needs();
        let parameters = self.parameters(&needs);
        let (receiving, fresh) = (self.receiving(), self.receiving_fresh());
        let opening = if self.recipe.also_accept.is_empty() {
            self.opening()
        } else {
            let calls = Self::readings(self.provider, self.named_after).into_iter().map(|reading| {
                let (name, arguments) = (reading.name("opened"), reading.arguments(&reading.opening_needs()));
                let comma = (!arguments.is_empty()).then(|| quote!(,));
                quote!(if let Ok(opened) = self.#name(#arguments #comma &signatures) { return Ok(opened); })
            });
            quote!(#(#calls)* Err(rt::Unverified::Mismatch))
        };
        quote! {
            #docs
            fn #name(#parameters) -> Result<String, rt::Unverified> {
                #receiving
                #fresh
                #opening
            }
        }
    }

    fn opening_needs(self) -> Needs {
        let parts =
            if Needs::of_seal(self.recipe).parts { Needs::of_parts(self.recipe) } else { Needs::default() };
        Needs::of_seal(self.recipe).and(parts).without_parts()
    }

    fn opening(self) -> TokenStream {
        let parts = Needs::of_seal(self.recipe).parts.then(|| composing(self));
        let (cipher, charset) = (cipher(self.unit()), self.unit().charset());
        quote! {
            #parts
            #cipher
            rt::seal::opened_text(&cipher, &signatures, #charset)
        }
    }

    /// Opens in one of several readings.
    pub(super) fn opened(self) -> TokenStream {
        let (docs, name) = (self.docs("Opens what is encrypted by"), self.name("opened"));
        let parameters = self.parameters(&self.opening_needs());
        let opening = self.opening();
        quote! {
            #docs
            fn #name(#parameters, signatures: &[rt::seal::ReceivedSeal]) -> Result<String, rt::Unverified> {
                #opening
            }
        }
    }
}
