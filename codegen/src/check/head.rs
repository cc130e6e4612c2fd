//! What stands at the top of a file: the version, the provider, defaults, environments and options.

use super::{Context, names, text_of};
use crate::diagnostic::{Code, Span};
use crate::ir;
use crate::model::{self, Scheme};
use crate::read::{Entry, Spanned};

/// The provider, as far as it is told in its own section.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) doc: String,
    pub(super) sources: Vec<ir::Source>,
}

impl Context<'_> {
    /// Version, required sections and the section `provider`.
    pub(super) fn head(&self) -> Option<Head> {
        self.version();
        self.sections();
        let provider = self.file.provider.as_ref()?;
        let here = (provider.span.beginning(), provider.span);
        let name = self.required(
            provider.name.as_ref(),
            "name",
            "the provider",
            here,
            "the module's name, such as `name: acme_pay`",
        );
        let title =
            self.required(provider.title.as_ref(), "title", "the provider", here, "the provider's own name");
        let doc = self.required(
            provider.doc.as_ref(),
            "doc",
            "the provider",
            here,
            "what the provider is, in a sentence",
        );
        if let Some(name) = name {
            self.provider_name(name);
        }
        Some(Head {
            name: name?.value.clone(),
            title: text_of(title)?,
            doc: text_of(doc)?,
            sources: provider.sources.iter().filter_map(|source| self.source(source)).collect(),
        })
    }

    fn version(&self) {
        let Some(version) = &self.file.payspec else {
            let at = (Span::default(), Span::default());
            self.required::<()>(None, "payspec", "the file", at, "begin the file with `payspec: 1`");
            return;
        };
        if version.value != "1" {
            let message =
                format!("`payspec: {version}` is another version of the language than this compiler's (1)");
            self.mistake(
                Code::NewerLanguage,
                version.span,
                message,
                "update payspec-codegen, or write `payspec: 1`",
            );
        }
    }

    fn sections(&self) {
        let file = self.file;
        let at = (Span::default(), Span::default());
        self.required(file.provider.as_ref(), "provider", "the file", at, "say who the provider is");
        self.required(
            file.credentials.as_ref(),
            "credentials",
            "the file",
            at,
            "say what the merchant is given",
        );
        self.required(file.signatures.as_ref(), "signatures", "the file", at, "say how messages are signed");
        if file.operations.is_empty() && file.callbacks.is_empty() && self.failed.is_empty() {
            let mend = "describe an operation or a callback";
            self.mistake(
                Code::NoMessages,
                Span::default(),
                "the file has neither operations nor callbacks",
                mend,
            );
        }
    }

    fn provider_name(&self, name: &Spanned<String>) {
        if !names::is_snake(name) {
            let message = format!("`{name}` is no name for a provider");
            self.mistake(Code::InvalidName, name.span, message, "write it in snake_case, such as `acme_pay`");
        } else if names::is_keyword(name) || name.value == "runtime" {
            let message = format!("a provider cannot be called `{name}`: its module would take that name");
            self.mistake(Code::ReservedName, name.span, message, "choose another name");
        }
    }

    fn source(&self, entry: &Entry<Spanned<model::Source>>) -> Option<ir::Source> {
        let (id, source) = (&entry.key, &entry.value);
        if matches!(id.value.as_str(), "inferred" | "unknown") {
            let message = format!("the source `{id}` exists already");
            self.mistake(
                Code::ReservedName,
                id.span,
                message,
                "`inferred` and `unknown` need no declaration",
            );
        }
        let of = format!("source `{id}`");
        let here = (id.span, source.span);
        let mark = self.required(
            source.mark.as_ref(),
            "mark",
            &of,
            here,
            "official, official_sdk, client_code or measured",
        );
        let title = self.required(source.title.as_ref(), "title", &of, here, "the heading of the document");
        let mark = match mark?.value {
            model::Mark::Official => ir::Mark::Official,
            model::Mark::OfficialSdk => ir::Mark::OfficialSdk,
            model::Mark::ClientCode => ir::Mark::ClientCode,
            model::Mark::Measured => ir::Mark::Measured,
        };
        Some(ir::Source {
            id: id.value.clone(),
            mark,
            title: text_of(title)?,
            link: text_of(source.link.as_ref()),
        })
    }

    /// The section `defaults`, except the encoding, which may be an option.
    pub(super) fn defaults(&mut self) {
        let Some(defaults) = &self.file.defaults else { return };
        if let Some(zone) = &defaults.zone {
            self.zone = self.parse_zone(zone, zone.span).or(Some(0));
        }
        if let Some(space) = &defaults.space {
            self.space = match space.value {
                model::Space::Percent20 => ir::Space::Percent20,
                model::Space::Plus => ir::Space::Plus,
            };
        }
        if let Some(absent_when) = &defaults.absent_when {
            self.absent_when = match absent_when.value {
                model::AbsentWhen::Empty => ir::AbsentWhen::Empty,
                model::AbsentWhen::Blank => ir::AbsentWhen::Blank,
                model::AbsentWhen::Never => ir::AbsentWhen::Never,
            };
        }
        if let Some(unit) = &defaults.length {
            self.length_unit = length_unit(unit.value);
        }
        if let Some(form) = &defaults.json_amount {
            self.json_amount = json_form(form.value);
        }
        if let Some(form) = &defaults.json_integer {
            self.json_integer = json_form(form.value);
        }
        if let Some(digits) = &defaults.digits {
            self.digits = match digits.value {
                model::Digits::Fixed => ir::Digits::Fixed,
                model::Digits::Shortest => ir::Digits::Shortest,
            };
        }
    }

    /// The charset of the file: a name, or an option whose values are names of charsets.
    pub(super) fn lower_encoding(&self) -> ir::Encoding {
        let utf8 = ir::Encoding::Fixed(ir::Charset::Utf8);
        let Some(text) = self.file.defaults.as_ref().and_then(|defaults| defaults.encoding.as_ref()) else {
            return utf8;
        };
        let Some(name) = text.strip_prefix("options.") else {
            return self.charset(text, text.span).map_or(utf8, ir::Encoding::Fixed);
        };
        let Some(id) = self.option_named(name, text.span) else { return utf8 };
        self.chosen_charset(id, text);
        ir::Encoding::Chosen(id)
    }

    /// A charset by its name.
    pub(super) fn charset(&self, name: &str, span: Span) -> Option<ir::Charset> {
        let charset = ir::Charset::from_name(name);
        if charset.is_none() {
            let message = format!("`{name}` is no encoding");
            let mend = "write `UTF-8`, `GBK`, `GB18030`, `ISO-8859-1` or `options.x`";
            self.mistake(Code::BadEncoding, span, message, mend);
        }
        charset
    }

    fn chosen_charset(&self, id: ir::OptionId, text: &Spanned<String>) {
        let Some(option) = self.options.get(id.0) else { return };
        let values = match option.field.kind {
            ir::Kind::Enum(id) => self.types.get(id.0).map(|item| &item.shape),
            _ => None,
        };
        let mend = "an option of an enumeration whose values are names of charsets, with a default";
        let Some(ir::Shape::Enum(values)) = values else {
            let message = format!("`{text}` is no choice of charsets");
            self.mistake(Code::BadEncoding, text.span, message, mend);
            return;
        };
        for value in values.iter().filter(|value| ir::Charset::from_name(&value.name.wire).is_none()) {
            let message = format!("`{text}` can be `{}`, which is no charset", value.name.wire);
            self.mistake(Code::BadEncoding, text.span, message, mend);
        }
        if option.default.is_none() {
            let message = format!("`{text}` has no default");
            self.mistake(Code::BadEncoding, text.span, message, mend);
        }
    }

    /// The names of all hosts, in the order in which they first occur.
    pub(super) fn host_names(&self) -> Vec<ir::Name> {
        let mut names: Vec<ir::Name> = Vec::new();
        for environment in &self.file.environments {
            for host in environment.value.hosts.iter().flatten() {
                if !names.iter().any(|name| name.wire == host.key.value) {
                    names.push(self.entry_name("a host", &host.key));
                }
            }
        }
        names
    }

    /// The section `environments`.
    pub(super) fn lower_environments(&self) -> Vec<ir::Environment> {
        if self.file.environments.is_empty() && !self.file.operations.is_empty() && self.failed.is_empty() {
            let at = (Span::default(), Span::default());
            self.required::<()>(None, "environments", "the file", at, "say where the provider is reached");
        }
        let first = self
            .file
            .environments
            .first()
            .filter(|_| self.hosts.is_empty() && !self.file.operations.is_empty());
        if let Some(first) = first {
            let here = (first.key.span, first.value.span);
            self.required::<()>(
                None,
                "hosts",
                &format!("environment `{}`", first.key),
                here,
                "name at least one host",
            );
        }
        self.file.environments.iter().map(|entry| self.environment(entry)).collect()
    }

    fn environment(&self, entry: &Entry<Spanned<model::Environment>>) -> ir::Environment {
        let (key, environment) = (&entry.key, &entry.value);
        let name = self.entry_name("an environment", key);
        if name.pascal == "Custom" {
            let message = "an environment cannot be called `custom`: that one is for other addresses";
            self.mistake(Code::ReservedName, key.span, message, "choose another name");
        }
        let of = format!("environment `{key}`");
        let hosts = self.required(
            environment.hosts.as_ref(),
            "hosts",
            &of,
            (key.span, environment.span),
            "name its hosts",
        );
        let plain_http = environment.schemes.iter().flatten().any(|scheme| scheme.value == Scheme::Http);
        let addresses = self.hosts.iter().map(|host| {
            let address = hosts.and_then(|hosts| hosts.get(&host.wire));
            match address {
                Some(address) => self.address(address, plain_http),
                None => {
                    let message = format!("host `{}` is missing in {of}", host.wire);
                    self.mistake(
                        Code::HostMissing,
                        key.span,
                        message,
                        "every environment has the same hosts",
                    );
                    ir::HostAddress::Supplied
                }
            }
        });
        ir::Environment {
            hosts: addresses.collect(),
            name,
            doc: text_of(environment.doc.as_ref()).unwrap_or_default(),
            sources: self.sources(environment.source.as_ref(), &[]),
            test: model::is_on(environment.test.as_ref()),
            plain_http,
        }
    }

    fn address(&self, text: &Spanned<String>, plain_http: bool) -> ir::HostAddress {
        if text.value == "supplied" {
            return ir::HostAddress::Supplied;
        }
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
        let is_host = !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'));
        if !is_host {
            let message = format!("`{text}` is no address of a host");
            let mend =
                "write `https://` and a name, without a path and without a slash at the end; or `supplied`";
            self.mistake(Code::BadAddress, text.span, message, mend);
        } else if text.starts_with("http://") && !plain_http {
            let message = format!("`{text}` is not protected by TLS");
            self.mistake(Code::PlainHttp, text.span, message, "write https, or add `schemes: [https, http]`");
        }
        ir::HostAddress::Fixed(text.value.clone())
    }

    /// The section `options`.
    pub(super) fn lower_options(&self) -> Vec<ir::ClientOption> {
        let options: Vec<_> =
            self.file.options.iter().map(|entry| (self.option(entry), entry.key.span)).collect();
        self.distinct_names(options.iter().map(|(option, span)| (&option.field.name, *span)));
        options.into_iter().map(|(option, _)| option).collect()
    }

    fn option(&self, entry: &Entry<Spanned<model::Field>>) -> ir::ClientOption {
        let field = self.field(&entry.key, &entry.value, super::fields::Use::Option, &[]);
        let field = field.map(|lowered| lowered.field).unwrap_or_else(|| super::fields::stand_in(&entry.key));
        if !matches!(field.kind, ir::Kind::Text | ir::Kind::Enum(_)) {
            let message = format!("option `{}` is neither text nor an enumeration", entry.key.value);
            self.mistake(Code::KeyDoesNotApply, entry.key.span, message, "write it as `text` or `type`");
        }
        let default = entry.value.default.as_ref();
        if let Some(default) = default {
            self.example(&field, default, "default");
        }
        ir::ClientOption { field, default: default.map(|text| text.value.clone()) }
    }
}

pub(super) fn length_unit(unit: model::LengthUnit) -> ir::LengthUnit {
    match unit {
        model::LengthUnit::Chars => ir::LengthUnit::Chars,
        model::LengthUnit::Bytes => ir::LengthUnit::Bytes,
    }
}

fn json_form(form: model::JsonForm) -> ir::JsonForm {
    match form {
        model::JsonForm::Text => ir::JsonForm::Text,
        model::JsonForm::Number => ir::JsonForm::Number,
    }
}
