//! The catalogue of everything the compiler says about a spec.
//!
//! One table: number, severity, title and explanation stand side by side, and the macro, the command line
//! (`payspec explain PS012`), the reference pages and the tests all read it. A number is never used for something
//! else; new codes are appended, so the table is in order. The words for one particular mistake (which
//! key, which field) are made where it is found; here is what holds for every mistake of that kind.

use std::fmt;

use crate::diagnostic::Severity;

macro_rules! catalogue {
    ($($name:ident $number:literal $severity:ident $title:literal $explanation:literal)+) => {
        /// A kind of mistake, named after the mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!($number, ": ", $title, ".")] $name,)+
        }

        impl Code {
            /// All codes in the order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The number that a diagnostic shows, such as `PS012`.
            #[must_use]
            pub const fn number(self) -> &'static str {
                match self { $(Code::$name => $number,)+ }
            }

            /// Whether it stops the compilation.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)+ }
            }

            /// What is wrong, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)+ }
            }

            /// What it means, why it matters and what the mend looks like.
            #[must_use]
            pub const fn explain(self) -> &'static str {
                match self { $(Code::$name => $explanation,)+ }
            }
        }
    };
}

impl Code {
    /// The code with this number; upper or lower case.
    #[must_use]
    pub fn from_number(number: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.number().eq_ignore_ascii_case(number))
    }

    /// Whether `accepts: { PS000: "why" }` may silence it: every warning and note, and the few errors that a
    /// provider can force on an honest spec.
    #[must_use]
    pub fn can_be_accepted(self) -> bool {
        self.severity() != Severity::Error
            || matches!(self, Code::SecretWouldBeSent | Code::NothingSecret | Code::IdentityNotCovered)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number())
    }
}

// PS001 to PS044 carry the numbers of the checks in the proposal of the provider language.
catalogue! {
NewerLanguage "PS001" Error "the file is written in another version of the language"
"The number behind `payspec:` is the version of the language, and this compiler does not know it. A file is never \
read by guesswork: a key could mean something else there. Update payspec, or write `payspec: 1`."

UnknownKey "PS002" Error "a key that does not exist here"
"Every map has a closed set of keys, so that a mistyped limit is an error and not a limit that nobody enforces. \
Compare the spelling with the suggestion, or look the place up in the guide."

DuplicateKey "PS003" Error "a key that occurs twice in one map"
"YAML readers disagree about which of two equal keys counts; most drop one silently. Remove one of them. \
Keys are compared as text: `1` and `\"1\"` are the same key."

ValuelessKey "PS004" Error "a key without a value in a map in braces"
"In braces a comma ends the value, so that unquoted text with a comma falls into pieces, each read as a key without \
a value. Quote the text:\n\n    { doc: \"Wrong number, or the address\" }"

AnchorOrAlias "PS005" Error "an anchor, an alias or a merge key"
"`&name`, `*name` and `<<` are not part of the language: what they share has two places, and a diagnostic can name only \
one. Give shared fields a name under `types`, use `fields_of`, or `like` in a recipe. Text that begins with `&` or \
`*` needs quotes: `join: \"&\"`."

RangeStartsAboveItsEnd "PS006" Error "a range that starts above its end"
"Both ends of `a..b` count and the smaller one stands first; nothing would fit into this range. Write `1..254`."

NotARange "PS007" Error "text that is no range"
"A range is `a..b`, `a..`, `..b`, one number for exactly that, or `any` where the document gives no limit:\n\n    \
reason: { text: 1..254, doc: \"What is bought.\" }"

FieldWithTwoTypes "PS008" Error "a field with two types"
"The type of a field is one of its keys (`text`, `amount`, `type`, ...), and a field has exactly one of them. Keep the \
one that the document states."

KeyDoesNotApply "PS009" Error "a key that does not apply to this type"
"The key exists, but says nothing about fields of this type: `scale` belongs to `amount` and `decimal`, `items` to \
`list`. Remove it, or choose the type that it belongs to."

UnknownType "PS010" Error "a type that is not declared"
"`type:`, `list:` and `json:` name an entry of the section `types`. Declare it there, or mend the name."

UnknownCredential "PS011" Error "a credential that is not declared"
"Credentials are declared once, in the section `credentials`, and everything else names them. Declare it, or mend \
the name. A member of a `choice` is named with its credential: `signing.merchant_key`."

SecretWouldBeSent "PS012" Error "a secret that would leave the process"
"A secret takes part in the text that is signed or in a key, never in a field, a header or the URL. Clients in the \
field do send it, and whoever reads one request can then sign any. If the provider really demands it, the reason \
is written down:\n\n    accepts: { PS012: \"section 2.1 demands the password in the request\" }"

UnknownUnit "PS013" Error "an amount in an unknown unit"
"Amounts are typed by their unit, so that yuan and fen cannot be mixed up. The units are `yuan` and `fen`."

TooManyDecimals "PS014" Error "a number with more decimals than its unit has"
"The end of a range must be a value that the field can have: yuan have two decimals, fen none. Shorten the number, or \
set `scale`."

TimeWithoutZone "PS015" Error "a local time without a zone"
"A date or a time without an offset means nothing on a server in another zone. Set `defaults.zone`:\n\n    \
defaults: { zone: \"+08:00\" }"

NameTwice "PS016" Error "two names that are one in Rust"
"Names are brought into Rust's case, and two of them fell together. Give one of them a `name`; the name on the wire \
stays as it is."

ValueWithoutName "PS017" Error "a value that has no Rust name"
"The variant of an enumeration is named after its value, and a number or a word in another script gives no name. Add \
one:\n\n    901: { name: Wallet, doc: \"...\" }"

FieldWithoutName "PS018" Error "a field that has no Rust name"
"A struct member is named after its field; what begins with a digit or is not written in ASCII gives no name. Add \
`name:`; the name on the wire stays as it is."

UnresolvedEffect "PS019" Error "an operation with an effect and no `resolved_by`"
"After a time-out nobody knows whether the money moved. `resolved_by` says which reading operation or callback tells, \
and the client hands out that query ready to send:\n\n    resolved_by: { operation: query_order, callback: notify }"

ResolverCannotBeFilled "PS020" Error "a query that cannot be filled from the request"
"The query that resolves an unknown outcome is built from the request by equal names, and a required field of it has \
no source. Say which field it is with `with: { theirs: ours }`, or `by_hand: true` where the request does not hold it."

ResolverHasAnEffect "PS021" Error "`resolved_by` names an operation that has an effect"
"Finding out what happened must not do anything itself. Name an operation with `effect: none`."

BrowserDecides "PS022" Error "an outcome in a message that a browser delivers"
"A message of `deliver: return` passes through the buyer's browser, which can repeat it, hold it back or never come. \
It decides nothing; the field that looks like a result is a `hint`."

NoticeWithoutKey "PS023" Error "a notice without `once_per`"
"Notices are repeated until they are acknowledged, and a repetition must not book twice. `once_per` names the fields \
that are equal in repetitions and in nothing else. Write `unknown` if the document does not say."

UnprotectedMessage "PS024" Error "a message that nothing protects"
"Every message names its recipe, because what protects it should be seen where it is; a notice that is not verified \
can be written by anybody. Where the provider signs nothing, the reason stands in its place:\n\n    \
signature: { none: \"replies are not signed; section 3\" }"

UnknownField "PS025" Error "a name that no field has"
"A recipe, a rule, a condition, `echo`, `once_per` or `compare` names a field that the message does not have. Fields go by \
their name on the wire. Mend the name, or declare the field."

UnknownOutcome "PS026" Error "a word that is no outcome"
"What a message means for money is one of a closed set: paid, pending, failed, closed, part_refunded, refunded, unknown. \
In doubt it is `unknown`: that costs a query, a wrong `failed` costs the money."

OutcomeFromNothing "PS027" Error "an outcome from a type without outcomes"
"`from` reads the outcome off the value of a field, and no value of that type says one. Add it to the value:\n\n    \
TRADE_SUCCESS: { outcome: paid, doc: \"Paid.\" }"

WrongKindOfOutcome "PS028" Error "an outcome of a payment at a refund"
"A refund is refunded, pending, failed or unknown; `paid` says nothing about it. See `of:`."

LookupOfNothing "PS029" Error "an error code that is looked up nowhere"
"`errors.lookup` names fields of the answer, and no envelope has this one. Add it to `members` or `data_fields`."

KindWithoutToken "PS030" Error "an expired token where there are no tokens"
"The kind `token_expired` renews the access token once, and the spec declares none. Declare it under `tokens`, or \
use `configuration`."

OptionalSuccess "PS031" Error "success that depends on an optional field"
"An answer without the field would be neither success nor failure. Remove the `?`: an answer without it is no success."

HostMissing "PS032" Error "an environment that lacks a host"
"Every environment has the same hosts, so that a client can be moved from one to another. Add the host, with `supplied` \
where the merchant is told the address."

BadExample "PS033" Error "an example that its own field refuses"
"The example is shown in the documentation and sent by the fake provider, so it must be a value of the field. Either \
the example or the limit was copied wrongly from the document."

RuleMixesUnits "PS034" Error "a rule over amounts of two units"
"Yuan and fen are never added or compared. Both sides of the rule must be in one unit."

RuleWithoutWhen "PS035" Error "`require` or `forbid` without `when`"
"These rules hold under a condition. A field that is always required loses its `?`; one that is always forbidden is \
not declared."

CompareOfNothing "PS036" Error "a comparison with something that was never sent"
"`compare` lists what the shop holds against its own order. A field that may be absent and repeats nothing that was \
sent cannot be compared."

UndocumentedField "PS037" Error "a field without `doc`"
"The sentence becomes the documentation of the Rust member, the help in the editor and the row of the reference page. \
One sentence: what it is, with the provider's own term."

UnusedType "PS038" Warning "a type that nothing uses"
"It is compiled for nobody. Remove it, or name it where it was meant."

UnlistedRejected "PS039" Warning "unlisted codes of a paying operation count as refused"
"With `unlisted: rejected` a code that the provider adds tomorrow is called a failed payment, even if the money moved. \
Leave it out: unlisted codes are then `unknown`."

NeverPaid "PS040" Warning "a state of payments that is never `paid`"
"No value of this type has the outcome `paid`, so no order will ever count as paid. Perhaps the word was forgotten."

ResolverWithoutOutcome "PS041" Warning "a query that says nothing about money"
"The operation that resolves an unknown outcome has no `outcome` itself, so the integrator has to read raw data. Say what \
its states mean."

VectorBreaksARule "PS042" Error "a vector that its own operation refuses"
"The inputs of a vector must satisfy all rules of the operation. Mend the inputs, or exercise the recipe alone."

VectorReproduces "PS043" Error "a vector that is said not to reproduce, but does"
"`unreproduced` records an example of the document whose signature cannot be computed. This one can: make it `official`."

EmptiesDisagree "PS044" Error "the recipe and the fields disagree about empty values"
"A value that the recipe leaves out, but the request sends, travels unsigned. Let `absent_when` and `empties` say the \
same: `drop` goes with `empty`, `drop blank` with `blank`."

NotYaml "PS045" Error "text that is not YAML"
"The file cannot be read further than here. Usual causes: a tab in the indentation, a quote that is not closed, text that \
begins with `{`, `@`, `%`, `&`, `*` or a backtick and needs quotes, a line that is indented differently from its neighbours."

NotAMap "PS046" Error "a map is wanted"
"Here stand keys and values, in braces or on lines of their own. Look the place up in the guide."

NotAList "PS047" Error "a list is wanted"
"Here stands a list, in brackets or with a dash before each item:\n\n    compare: [order_no, amount]"

NotText "PS048" Error "text is wanted"
"Here stands one word, number or sentence. Text that looks like a list or a map needs quotes: `pair: \"{name}={value}\"`."

MissingKey "PS049" Error "a key that must be there is missing"
"The map cannot be understood without it. What nobody knows is written `unknown`, where the guide allows it, never left out."

UnknownSection "PS050" Error "a section that does not exist"
"A file has the sections provider, defaults, environments, credentials, options, signatures, tokens, envelopes, errors, \
types, operations and callbacks. Everything else lies in one of them."

TooDeep "PS051" Error "maps and lists inside each other without end"
"No part of the language is deeper than a dozen levels; reading stops at 32, so that no file can exhaust the compiler."

TooLarge "PS052" Error "a file that is too large"
"A spec has at most one MiB; the largest known one has a thirtieth of that. Test vectors belong in the second file."

SeveralDocuments "PS053" Error "several documents in one file"
"A spec is one YAML document. Everything behind the second `---` would be ignored, so it is refused."

Tag "PS054" Error "a YAML tag"
"Tags such as `!!str` tell YAML readers what a scalar is. Here every scalar is text and the key says what it means. Remove \
the tag, or quote the text that begins with `!`."

NotYet "PS055" Error "part of the language that is not supported yet"
"The key has a meaning in the language, but no provider needed it so far, so this compiler refuses it rather than have \
it untested. Tell us about the provider that needs it; a test vector is the best way to do so."

UnknownSource "PS056" Error "a source that is not declared"
"`source` says who vouches for a fact, by an entry of `provider.sources`, or `inferred` or `unknown`. Declare the source \
there, or mend the name."

ReservedName "PS057" Error "a name that is taken"
"The generated code needs this name itself (`Other` for unlisted values, `optional` and `extra` for members, `Client`, `Host` \
and others for types). Give the entry another `name`; the name on the wire stays as it is."

InvalidName "PS058" Error "text that cannot be a name"
"Names of providers, operations, recipes and members are written in snake_case, types and values in CamelCase, with ASCII \
letters and digits, beginning with a letter."

UnknownHost "PS059" Error "a host that no environment has"
"`host` names an entry of `hosts`, which every environment lists. Add it there, or mend the name. It may be left out \
where there is only one."

UnknownEnvelope "PS060" Error "an envelope that is not declared"
"`envelope` names an entry of the section `envelopes`. It may be left out where there is only one."

UnknownRecipe "PS061" Error "a recipe that is not declared"
"`signature`, `like` and `choose` name an entry of the section `signatures`, `{part:x}` one of `parts`. Declare it, or mend \
the name."

UnknownOperation "PS062" Error "an operation or callback that is not declared"
"`resolved_by`, `of`, `create` and `fields_of` name an entry of `operations` or `callbacks`. Declare it, or mend the name."

UnknownOption "PS063" Error "an option that is not declared"
"`options.x` names an entry of the section `options`. Declare it, or mend the name."

UnknownToken "PS064" Error "a token that is not declared"
"`tokens.x` names an entry of the section `tokens`. Declare it, or mend the name."

UnknownReference "PS065" Error "a reference that leads nowhere"
"References are dotted paths of a closed set: `credentials.x`, `options.x`, `tokens.x`, `constants.x`, `now`, `nonce`. There \
are no expressions."

FieldWithoutType "PS066" Error "a field without a type"
"The type of a field is one of its keys:\n\n    reason: { text: 1..254, doc: \"What is bought.\" }\n    \
price: { amount: yuan, doc: \"What it costs.\" }"

UnknownValue "PS067" Error "a word that is not one of the known ones"
"Here stands one word of a closed set; the message lists them. Nothing is guessed from a word that is nearly right."

BadCondition "PS068" Error "text that is no condition"
"A condition is a map of which all entries must hold: `field: text`, `field: [text, text]`, `field: present` or `field: \
absent`. There is no negation and no `or` but the list."

BadCount "PS069" Error "text that is no count"
"Here stands a whole number without sign, blanks or decimals, such as `32`."

BadDuration "PS070" Error "text that is no duration"
"A duration is a whole number and its unit: `30s`, `5m`, `2h`, `1d`, without a blank between them."

BadDate "PS071" Error "text that is no date pattern"
"A pattern is written with yyyy, MM, dd, HH, mm, ss and SSS and what stands between them: `yyyy-MM-dd HH:mm:ss`. A number of \
seconds is `unix_seconds`."

BadAlphabet "PS072" Error "text that is no alphabet"
"An alphabet is a set of characters, as in a character class, without brackets: `\"A-Za-z0-9_-\"`; or one of the words `ascii`, \
`digits`, `hex`."

BadPattern "PS073" Error "a pattern that is no regular expression"
"A pattern describes the whole value and has no look-around and no back references, so that matching takes linear time. For \
a set of characters `alphabet` is simpler."

BadTemplate "PS074" Error "a template that cannot be read"
"A template is text with placeholders in braces, such as `\"{fields}&key={credential:secret}\"`. A literal brace is doubled: \
`{{`, `}}`. Always quote it."

UnknownPlaceholder "PS075" Error "a placeholder of an unknown kind"
"Before the colon stands a kind: `field`, `credential`, `given`, `fresh`, `header`, `part` or `message`. Without a colon it is \
the name of a field or a path, or `{fields}`, `{names}`, `{signature}`, `{name}`, `{value}` where they are allowed."

UnknownFilter "PS076" Error "a filter that does not exist"
"Filters follow a bar, run from left to right and are a closed set, such as `lower`, `trim`, `decimals(2)`, `url(form)`. \
Digests are no filters: they are `parts`."

NoMessages "PS077" Error "a spec without operations and callbacks"
"There is nothing to send and nothing to receive. A spec has at least one operation or one callback."

BadAddress "PS078" Error "text that is no address"
"A host is `https://name` or `http://name` without a path, or `supplied`. A call is a method and a path that begins with a \
slash: `POST /api/order`."

PlainHttp "PS079" Error "http where it was not declared"
"Over http anybody on the way can read and forge messages. It needs `schemes: [https, http]` at the environment, and the \
integrator has to ask for it as well."

BadEncoding "PS080" Error "an encoding that is unknown"
"The encoding of text on the wire: `UTF-8`, `GBK`, `GB18030`, `ISO-8859-1`, or a reference such as `options.charset`."

ListWithoutEmpties "PS081" Error "a list of fields that does not say what becomes of empty values"
"Whether an empty value is signed as `attach=` or left out is the commonest mistake of real clients. Write `empties: drop` or \
`empties: keep`; the provider's document should have an example."

ListIncomplete "PS082" Error "a list of fields without order, pair or join"
"A list needs all three, because providers differ and a wrong guess is a wrong signature:\n\n    \
order: by name\n    pair: \"{name}={value}\"\n    join: \"&\""

ListKeyWithoutList "PS083" Error "a key about a list where there is none"
"`order`, `pair`, `join`, `add`, `names`, `nested` and the like are about the list that `fields` chooses, and `fields` is missing. \
(`empties` may stand alone: it then says what an empty field leaves in a template.)"

ListSignedNowhere "PS084" Error "a list that the text never uses"
"`fields` is given, but `text` has no `{fields}`: nothing of the list would be signed. Write `{fields}` where the provider \
puts it."

AsListedWithoutAList "PS085" Error "`as listed` without a list"
"`as listed` takes the order from the names in `fields`. For every field in the order sent, write `as on the wire`."

AmbiguousAll "PS086" Error "`all` over a query and a body"
"The message has query parameters and a body with members. Say which are signed: `fields: query` or `fields: body`."

NestedUnsaid "PS087" Error "an object whose signing is not said"
"A member of the list is an object or a list, and every way of writing it is a claim about the provider. Say it: `nested: \
raw`, `leaves`, `same rule` or `drop`."

OptionalInATemplate "PS088" Error "an optional field in a template"
"A template cannot leave a placeholder out. Use a list, or `empties: keep` for an empty slot."

ToleranceOfUnsigned "PS089" Error "a time limit over a time that is not signed"
"Anybody could renew the time of an old message. Let the time take part in the text, or drop `sent_at` (`tolerance`)."

FreshNotPlaced "PS090" Error "a fresh value that is placed nowhere"
"A verifier cannot know a nonce or a time that did not travel. Place it in a field, a header, the query or the template."

FreshWithoutLength "PS091" Error "a fresh value without a length"
"It is read back from the end of an opened seal, or made at random: in both cases its length must be known. Add `length`."

KeyOfTheWrongKind "PS092" Error "a key of the wrong kind"
"A shared secret goes with a MAC, a private or public key with a signature. A MAC with a public key could be made by everybody."

KeyOfTheWrongSide "PS093" Error "signing with a public key, or verifying with a private one"
"We sign with the merchant's private key, and verify with the provider's public key."

KeyMissingOrUnused "PS094" Error "an algorithm without its key, or a key without use"
"MACs and signatures need `key`; plain digests take none, there the secret stands in the text as `{credential:secret}`. An \
inherited key is dropped with `key: none`."

KeyIdMismatch "PS095" Error "`key_id` and the number of keys disagree"
"A credential that is many by id needs `key_id`, which says which one; a single key has none."

Sm2Incomplete "PS096" Error "sm2 without `user_id` or `form`"
"Libraries differ between the user id `1234567812345678` and the empty one, and between the forms `der` and `raw`. A guess \
would verify nothing, so both are said."

AlgorithmChosenByTheMessage "PS097" Error "an algorithm that the message chooses"
"Whoever sends a message could pick the weaker algorithm. The algorithm, the key and every secret in the text are chosen by the \
configured credential; the message may only agree, with `equals`. A field may choose which values are signed."

ChooseIncomplete "PS098" Error "a choice that misses a case"
"`choose` needs a recipe for every value, or `otherwise`. Without it a message could come for which there is no recipe."

RecipeCycle "PS099" Error "recipes that need each other"
"`like`, `choose` and `parts` lead back to where they began, so the recipe never ends. Break the circle."

NothingSecret "PS100" Error "a signature in which nothing is secret"
"Anybody could make it. If it is a checksum inside another signature, make it a part; if the provider really has nothing else, \
accept this with a reason, and the received type says that it is checked and not authenticated."

NamedInWithoutAtLeast "PS101" Error "a message that says itself what is signed"
"With `named_in` a forger could name a list of nothing. List in `at_least` what must be among the names."

IdentityNotCovered "PS102" Error "an identity or amount that is not signed"
"The field is compared with the order or recognises repetitions, and the signature does not cover it: anybody can change it. \
Let it take part, or accept this with a reason."

PlaceTaken "PS103" Error "two values in one place"
"Two things are written under one name, or the field that holds the signature is listed among what is signed."

LooserReading "PS104" Error "a second reading that proves less"
"`also_accept` may differ in what is left out and how it is written, not in the place, the algorithm, the key, the fresh values or \
the time limit, and it must cover every identity too. There are at most four readings."

NameInTheWrongCase "PS105" Error "a name that can never match"
"With `names: upper` or `lower` all names are brought into that case first, so the list must be written in it."

FilterDoesNotApply "PS106" Error "a filter that cannot apply"
"The filter needs a value of another kind, such as `decimals(2)` a number, or it stands where none can: a filter over the items of a \
list stands in `pair`, one over the whole text in `transform`. Bytes that are no text are made text by `hex` or `base64` first."

CipherIncomplete "PS107" Error "a cipher that lacks something or has too much"
"cbc and gcm need an `iv`, ecb has none; it is as long as a block, for gcm 12 bytes and never the same twice. The key must have the \
length that the name of the cipher says: it is never cut or filled up."

NothingBetween "PS108" Warning "values side by side with nothing between them"
"`{order}{amount}`: order 1 with amount 23 and order 12 with amount 3 have the same signature. Compare the amount with the \
order, and accept this with that reason."

WeakAlgorithm "PS109" Warning "a weak algorithm on a received message"
"MD5, SHA-1, ecb or an iv of zeros are the provider's choice; accepting it records it in the reference page."

EmptiesDroppedOnReceipt "PS110" Warning "empty values are not signed in a received message"
"An attacker can add or remove empty fields. Give no meaning to the difference between empty and absent."

UncoveredChoice "PS111" Warning "a field that chooses the recipe and is not signed"
"Anybody can change the field and so choose which fields are signed. Only what all cases cover is trusted."

SecretOnlyAtTheStart "PS112" Warning "a secret only at the start of a plain digest"
"md5, sha1, sha256 and sha512 allow text to be appended to such a message without the secret. Nothing behind the last value \
may have a meaning."

UncoveredField "PS113" Note "a field that no signature covers"
"Its value is typed `Unsigned<T>`: anybody on the way can have changed it."

UnusedRecipe "PS114" Note "a recipe that nothing uses"
"No message, recipe or vector names it. An `except` of a name that never comes belongs here, too."

NotKnown "PS115" Note "something about a notice that nobody knows"
"`unknown` is an honest answer. The web adapter refuses to mount a notice whose acknowledgement or repetition is unknown, until \
the integrator says it."

UnknownCode "PS116" Error "an accepted code that does not exist"
"`accepts` names the number of a diagnostic and the reason why it is right here:\n\n    \
accepts: { PS109: \"the provider offers nothing else\" }"

CannotBeAccepted "PS117" Error "an error that cannot be accepted"
"Warnings can be accepted, and the few errors that a provider can force on an honest spec. This one has to be mended."

NothingToAccept "PS118" Warning "an accepted code that does not occur"
"What was accepted is no longer there, or was never there. Remove the entry, so that it does not hide a later mistake."

TypeCycle "PS119" Error "an object that contains itself"
"An object that holds one of its own kind, which holds another one, has no end. In a `list` it can: a list may be empty."

RuleShape "PS120" Error "a rule that asks nothing or too much"
"A rule has exactly one kind, and the kind says over how many fields it is:\n\n    - { any_of: [out_trade_no, trade_no] }"

OptionMayBeUnset "PS121" Error "a required field from an option without a default"
"A client that does not choose would have nothing to send. Give the option a `default`, or mark the field with `?`."

EchoOfAnotherType "PS122" Error "an echo of another type"
"What comes back is compared with what was sent, so both are of one type: text with text, an amount with an amount of the \
same unit."

TokenNeedsItself "PS123" Error "a token that is needed to get a token"
"The operation that makes the token would have to send it. Take the field out of that operation: `without: [access_token]`."

ComparedQuantity "PS124" Error "a condition that compares a quantity or a time with text"
"`1.0` and `1.00` are one amount, and an instant is written in many ways: what is compared as text has to be one text. Ask for \
`present` or `absent`, or for the value of a text, an enumeration, a flag or a whole number."

UndeclaredValue "PS125" Error "a fresh or given value that the recipe does not declare"
"`{fresh:x}` is made by the signer and `{given:x}` handed in by the caller, and both are declared in the recipe, so that it can \
be seen what they are and where they travel:\n\n    fresh: { nonce: { is: alphanumeric, length: 32, header: X-Nonce } }\n    \
given: { session_key: secret }"

FilterArgument "PS126" Error "a filter with a wrong argument"
"Some filters need an argument in parentheses, such as `decimals(2)`, `url(form)`, `escape(:)`, and others take none. An \
argument that holds `)`, `|` or `}` is quoted: `escape(\"|\")`."

BadPath "PS127" Error "text that is no path"
"A path says where a value lies inside a message: names with a dot between two, also through fields that hold JSON as text, and \
the numbers of items: `bill.amount.value`, `items.0.id`."

PartSignedNowhere "PS128" Error "a part that nothing uses"
"A part is a recipe inside another one. What is in it is signed only if its result stands in the text, the key or the place of the \
recipe around it: `{part:body_hash}`. Or it has a `place` of its own."

UnreadablePlace "PS129" Error "a place that nobody can read back"
"A verifier takes apart what stands in the place: literal text must be equal, `{signature}` and fresh values are read up to the \
literal text behind them, everything else is computed and compared. So the signature stands there once, two values that are read \
have text between them, and nothing that is read has a filter."

EncryptionNotAlone "PS130" Error "an encryption of more, or of nothing, beside the payload"
"A recipe over `{message:payload}` is opened by the receiver, who hands out what was inside. It has a cipher, and the payload is \
all of its text. A message that is signed as well names two recipes: `signature: [resource, notify]`."

TimeOfAnotherFormat "PS131" Error "a time that is read in another way than it is written"
"`tolerance` reads Unix seconds unless it says otherwise. The same number read as milliseconds is half a century away, so every message \
would be stale: `tolerance: { of: \"{fresh:time}\", is: unix milliseconds, within: 5m }`."

BadHeader "PS132" Error "text that cannot be a header"
"The name of a header is made of letters, digits and `-`, and its value is one line of visible ASCII. `Host`, `Content-Length`, \
`Transfer-Encoding` and `Connection` belong to the transport, which makes them anew on every stretch of the way; the content \
type of a request follows from its body."

RawBodyWithoutItsField "PS133" Error "a raw body that is not exactly one field"
"With `body: raw` the bytes that are sent are the text of one field, `text` or `json`, which is always there. Every other field \
travels in a header (`header: X-Name`) or in the query (`common: query`):\n\n    \
fields:\n      order: { json: any, doc: \"The order, sent as it is.\" }"

SignedInsideItself "PS134" Error "a signature inside what it signs"
"The text takes the raw body, or the URL, and the signature is placed in it: nobody can compute that, because the signature \
would have to be known before it is made. Place it in a header or, for a body, in the query; or sign the fields instead of the bytes: \
the field that holds the signature never takes part in a list."

EncryptionWithoutItsField "PS135" Error "an encryption without its field, or a field without its encryption"
"What is received encrypted is a field of the kind `encrypted`, opened by exactly one recipe over `{message:payload}` that is \
placed at it and is named by the message's `signature`. What we encrypt is the payload: the recipe is placed at the field that \
the envelope's `payload` names."

RecipesDisagree "PS136" Error "recipes of one message that disagree about it"
"A message is read once: with outer white space or without it, with repeated names or without them. All recipes of the message, \
their readings and parts say the same about `trim` and `repeated`; and what the caller hands in is a secret in all of them or in none. \
A recipe that takes an array comes behind the one that signs each of its elements."

RowsDisagree "PS137" Error "rows that the message does not have in this way"
"`{ each: rows, from: 1, fields: [...] }` goes through the rows of a list. Rows under flat numbered names (`rows: Type`) write the \
number as `#` and begin where the field says `first`."

NamesNotSigned "PS138" Warning "values that are signed without their names"
"The list writes values alone, and which value stands where follows from the message: values can change places, a member can be \
renamed, and the signature still fits. Compare every value with the order, and accept this with that reason."

EachOverNoList "PS139" Error "each element of something that has none"
"`each: items` protects every element of an array, so it names a list of objects that the spec declares, outside any other list: \
`items: { list: Item }`, or inside an object `body.items`. The signature stands in the element and is a field of its type. Everything \
that the recipe names is a field of the element: it has no headers, no address and no body of its own. A second recipe, `signature: \
[items, outer]`, can protect what stands around the array."

UnboundedText "PS145" Warning "required text without an upper bound"
"What is too long is refused by the provider, after the order was made, or is cut off. Nearly every document has a column for \
lengths: `text: 1..32`. If this one really has none, say so once for the file, or put what is known from practice beside it as \
advice:\n\n    order_no: { text: any, should: { text: ..32 }, doc: \"Order number.\" }\n    \
accepts: { PS145: \"the document gives no lengths\" }"

NoticeWithoutAmount "PS146" Warning "a notice about money without an amount to compare"
"A notice that says `paid` and not how much proves the order number only: whoever pays one cent for an order of a thousand gets the \
goods. Declare the amount and list it in `compare`. If the provider does not send it, look it up with a query before the goods go out, \
and accept this with that reason."

NoticeWithoutKnownKey "PS147" Warning "a notice whose repetitions cannot be recognised"
"`once_per: unknown` is an honest answer, but the same notice can then book twice: the web adapter refuses to mount it until the \
integrator says which fields are equal in repetitions. Ask the provider, or accept this with the reason why booking twice does no harm."

UnreachableCase "PS148" Warning "a case that is never reached"
"The cases of an outcome are asked in their order, and the first that holds decides. An earlier case holds whenever this one does, so \
that its outcome never comes about. Put the narrower case first:\n\n    \
cases: [ { when: { state: DONE, refund_no: present }, is: refunded }, { when: { state: DONE }, is: paid } ]"
}
