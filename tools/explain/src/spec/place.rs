//! Where the signature and what goes with it stand in a received message.

use payspec_codegen::ir::{
    FieldPath, FreshFormat, Piece, Place, PlaceCarrier, Recipe, TimeFormat, WrittenTime,
};

use crate::change::KeyChanges;
use crate::context::Context;
use crate::{rank, yaml};

/// What stands before a signature.
const PREFIXES: [&str; 12] = [
    "sha256=",
    "sha1=",
    "sha512=",
    "md5=",
    "v1=",
    "t=",
    "Bearer ",
    "Basic ",
    "Signature ",
    "signature=",
    "HMAC ",
    "hmac=",
];

pub(crate) fn changes(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    if context.is_own {
        return;
    }
    let Some(own) = &recipe.place else { return };
    let bare = vec![Piece::Signature];
    for carrier in carriers(context) {
        for template in [own.template.clone(), bare.clone()] {
            place(
                rank::PLACE,
                Place { carrier: carrier.clone(), template, items: own.items.clone() },
                changes,
            );
        }
    }
    let mut templates = vec![bare.clone()];
    templates.extend(PREFIXES.map(|prefix| vec![Piece::Literal(prefix.to_owned()), Piece::Signature]));
    for template in templates {
        for items in [own.items.clone(), None, Some(String::from(",")), Some(String::from(";"))] {
            place(
                rank::PLACE + 1,
                Place { carrier: own.carrier.clone(), template: template.clone(), items },
                changes,
            );
        }
    }
    for items in [None, Some(","), Some(";"), Some("&"), Some(" "), Some("|")] {
        let items = items.map(str::to_owned);
        place(rank::PLACE + 2, Place { items, ..own.clone() }, changes);
    }
    fresh(recipe, context, changes);
}

fn carriers(context: &Context) -> Vec<PlaceCarrier> {
    let fields = context.fields.iter().filter(|field| field.value.text().len() >= 16);
    let fields = fields.map(|field| PlaceCarrier::Field(FieldPath::field(&field.name)));
    let headers = context.headers.iter().map(|name| PlaceCarrier::Header(name.clone()));
    let query = context.fields.iter().filter(|field| field.value.text().len() >= 16);
    let query = query.map(|field| PlaceCarrier::Query(field.name.clone()));
    fields.chain(headers).chain(query).collect()
}

fn carrier(carrier: &PlaceCarrier) -> (String, String) {
    match carrier {
        PlaceCarrier::Field(path) => {
            (format!("field: {}", path.dotted()), format!("the field `{}`", path.dotted()))
        }
        PlaceCarrier::Header(name) => (format!("header: {name}"), format!("the header `{name}`")),
        PlaceCarrier::Query(name) => (format!("query: {name}"), format!("the query parameter `{name}`")),
    }
}

fn place(rank: u32, place: Place, changes: &mut KeyChanges<'static>) {
    let (at, title) = carrier(&place.carrier);
    let template = if place.template == [Piece::Signature] {
        String::new()
    } else {
        format!(", template: {}", yaml::template(&place.template))
    };
    let items =
        place.items.as_ref().map(|items| format!(", items: {}", yaml::quoted(items))).unwrap_or_default();
    let value = format!("{{ {at}{template}{items} }}");
    let title = format!("the signature stands in {title}, written {}", yaml::template(&place.template));
    changes.write(rank, "place", value, title, move |recipe| recipe.place = Some(place.clone()));
}

/// Fresh values in other places and of other formats.
fn fresh(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    for (index, fresh) in recipe.fresh.iter().enumerate() {
        let name = fresh.name.wire.clone();
        let key = format!("fresh.{name}");
        if fresh.place.is_some() {
            let fields = context.names().into_iter().map(|name| PlaceCarrier::Field(FieldPath::field(name)));
            let headers = context.headers.iter().map(|name| PlaceCarrier::Header(name.clone()));
            for other in headers.chain(fields) {
                let (value, title) = carrier(&other);
                let title = format!("`{{fresh:{name}}}` stands in {title}");
                changes.write(rank::PLACE + 3, &key, format!("{{ {value} }}"), title, move |recipe| {
                    if let Some(fresh) = recipe.fresh.get_mut(index) {
                        fresh.place = Some(other.clone());
                    }
                });
            }
        }
        for (format, value) in [
            (WrittenTime::Field(TimeFormat::UnixSeconds), "unix seconds"),
            (WrittenTime::Field(TimeFormat::UnixMillis), "unix milliseconds"),
            (WrittenTime::HttpDate, "http date"),
            (WrittenTime::Iso8601, "iso 8601"),
        ] {
            let title = format!("`{{fresh:{name}}}` is written as {value}");
            changes.write(rank::PLACE + 4, &key, format!("{{ is: {value} }}"), title, move |recipe| {
                if let Some(fresh) = recipe.fresh.get_mut(index) {
                    fresh.format = FreshFormat::Time(format.clone());
                }
            });
        }
        for length in [2, 4, 6, 8, 10, 12, 16, 20, 24, 32, 36] {
            let title = format!("`{{fresh:{name}}}` has {length} characters");
            changes.write(rank::PLACE + 5, &key, format!("{{ length: {length} }}"), title, move |recipe| {
                if let Some(fresh) = recipe.fresh.get_mut(index) {
                    fresh.length = Some(length);
                }
            });
        }
        for (format, value) in [(FreshFormat::Alphanumeric, "alphanumeric"), (FreshFormat::Bytes, "bytes")] {
            let title = format!("`{{fresh:{name}}}` is {value}");
            changes.write(rank::PLACE + 5, &key, format!("{{ is: {value} }}"), title, move |recipe| {
                if let Some(fresh) = recipe.fresh.get_mut(index) {
                    fresh.format = format.clone();
                }
            });
        }
    }
}
