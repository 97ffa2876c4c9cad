//! The live schema: whatever it was read from, one validated schema that documents can be written for and checked against.

use std::sync::Arc;

use anyhow::{Context, ensure};
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition, Value};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema};

use super::introspection::{Introspection, nonsense};
use crate::api::Operation;
use crate::api::answer::clean;
use crate::error::{Error, Kind};

/// The largest schema that is read, in bytes: one of 5,000 types with their descriptions takes about 20 MiB.
pub(super) const LARGEST: usize = 64 * 1024 * 1024;
/// What some editors begin a text in UTF-8 with.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The directive of input objects of which exactly one field is given.
const ONE_OF: &str = "\ndirective @oneOf on INPUT_OBJECT\n";
/// The directive of what gives way to something else.
pub(super) const DEPRECATED: &str = "deprecated";
/// The most that is shown of what is wrong with a schema or a document.
const MOST_ERRORS: usize = 5;

/// A schema as it is, not as the contract has it.
#[derive(Clone, Debug)]
pub struct Live {
    schema: Arc<Valid<Schema>>,
    /// What a person has said of it: which argument takes which role.
    accepted: Vec<(String, String)>,
}

impl Live {
    /// Reads a schema from a file's content: SDL, or the JSON of an introspection result.
    pub fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        ensure!(bytes.len() <= LARGEST, Error::new(Kind::Failure, "the schema is larger than 64 MiB"));
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
            return Self::introspected(&Introspection::read(bytes)?);
        }
        let sdl = std::str::from_utf8(bytes).context("the schema is not UTF-8")?;
        Self::parse(sdl).map_err(|errors| Error::new(Kind::Failure, format!("it is no schema: {errors}")).into())
    }

    /// The schema of an introspection result.
    pub(crate) fn introspected(introspection: &Introspection) -> anyhow::Result<Self> {
        Self::parse(&introspection.sdl()?).map_err(|errors| nonsense(&errors).into())
    }

    fn parse(sdl: &str) -> Result<Self, String> {
        // Many a server knows this directive without defining it, and so may a schema that is written by one.
        let one_of = if sdl.contains("@oneOf") && !sdl.contains("directive @oneOf") { ONE_OF } else { "" };
        let schema = Schema::parse_and_validate(format!("{sdl}{one_of}"), "schema");
        let schema = schema.map_err(|error| listed(&error.errors))?;
        Ok(Self { schema: Arc::new(schema), accepted: Vec::new() })
    }

    /// Adds what a person says of it: that the argument of this path, such as `input.sender`, takes this role. What is
    /// said first counts.
    #[must_use]
    pub fn accepting(&self, accepted: Vec<(String, String)>) -> Self {
        Self { schema: self.schema.clone(), accepted }
    }

    /// The arguments of which a person has said that they take this role.
    pub(super) fn accepted(&self, role: &str) -> impl Iterator<Item = &str> {
        self.accepted.iter().filter(move |(its, _)| its == role).map(|(_, argument)| argument.as_str())
    }

    /// The schema in the schema definition language.
    pub fn sdl(&self) -> String {
        self.schema.to_string()
    }

    /// What is wrong with a document for this schema, in the words of the validation; nothing where it fits.
    pub fn misfits(&self, document: &str, name: &str) -> Vec<String> {
        self.examine(document, name, false)
    }

    /// What is wrong with the built-in document of an operation; nothing where it fits.
    pub fn misfits_built_in(&self, operation: &Operation) -> Vec<String> {
        self.examine(operation.document, operation.name, true)
    }

    fn examine(&self, document: &str, name: &str, is_built_in: bool) -> Vec<String> {
        match ExecutableDocument::parse_and_validate(&self.schema, document, name) {
            Ok(document) => self.misfit_object(&document, is_built_in).into_iter().collect(),
            Err(error) => told(&error.errors),
        }
    }

    /// What the validation does not see: an input object that has not the one field that it must have. A scalar of the platform's
    /// own may take an object, but not for certain the one that a built-in document has for it.
    fn misfit_object(&self, document: &ExecutableDocument, is_built_in: bool) -> Option<String> {
        let fields = document.operations.iter().flat_map(|operation| operation.all_fields(document));
        fields.flat_map(|field| field.arguments.iter().map(move |it| (field, it))).find_map(|(field, argument)| {
            let definition = field.definition.argument_by_name(&argument.name)?;
            self.misfit_value(definition.ty.inner_named_type(), &argument.value, is_built_in)
        })
    }

    fn misfit_value(&self, ty: &str, value: &Value, is_built_in: bool) -> Option<String> {
        let given = value.as_object()?;
        let Some(object) = self.schema.get_input_object(ty) else {
            return is_built_in.then(|| format!("`{ty}` is no input object"));
        };
        if self.is_one_of(ty) && given.len() != 1 {
            return Some(format!("of the fields of `{ty}` exactly one must be given"));
        }
        given.iter().find_map(|(name, value)| {
            self.misfit_value(object.fields.get(name)?.ty.inner_named_type(), value, is_built_in)
        })
    }

    /// The fields of the mutation root.
    pub(super) fn mutations(&self) -> Vec<&FieldDefinition> {
        self.schema.schema_definition.mutation.as_ref().and_then(|root| self.fields(root)).unwrap_or_default()
    }

    /// The fields of the query root.
    pub(super) fn queries(&self) -> Vec<&FieldDefinition> {
        self.schema.schema_definition.query.as_ref().and_then(|root| self.fields(root)).unwrap_or_default()
    }

    /// The fields of an object or an interface.
    pub(super) fn fields(&self, name: &str) -> Option<Vec<&FieldDefinition>> {
        match self.schema.types.get(name)? {
            ExtendedType::Object(object) => Some(object.fields.values().map(|field| &***field).collect()),
            ExtendedType::Interface(interface) => Some(interface.fields.values().map(|field| &***field).collect()),
            _ => None,
        }
    }

    /// The names of the objects and interfaces.
    pub(super) fn objects(&self) -> impl Iterator<Item = &str> {
        let is_one = |ty: &&ExtendedType| matches!(ty, ExtendedType::Object(_) | ExtendedType::Interface(_));
        self.schema.types.values().filter(is_one).map(|ty| ty.name().as_str())
    }

    /// The fields of an input object.
    pub(super) fn inputs(&self, name: &str) -> Option<Vec<&InputValueDefinition>> {
        Some(self.schema.get_input_object(name)?.fields.values().map(|field| &***field).collect())
    }

    /// Whether exactly one field of an input object must be given.
    pub(super) fn is_one_of(&self, name: &str) -> bool {
        self.schema.get_input_object(name).is_some_and(|object| object.directives.has("oneOf"))
    }

    /// The objects that a value of a union or an interface can be.
    pub(super) fn members(&self, name: &str) -> Vec<&str> {
        match self.schema.types.get(name) {
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.name.as_str()).collect(),
            Some(ExtendedType::Interface(_)) => {
                let implements = |ty: &&ExtendedType| matches!(ty, ExtendedType::Object(it) if it.implements_interfaces.contains(name));
                self.schema.types.values().filter(implements).map(|ty| ty.name().as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The values of an enum, and whether each is deprecated; none for another type.
    pub(super) fn enum_values(&self, name: &str) -> Vec<(&str, bool)> {
        let values = self.schema.get_enum(name).into_iter().flat_map(|it| it.values.values());
        values.map(|value| (value.value.as_str(), value.directives.has(DEPRECATED))).collect()
    }

    /// Whether a type is a scalar, one of the platform's own included.
    pub(super) fn is_scalar(&self, name: &str) -> bool {
        self.schema.get_scalar(name).is_some()
    }

    /// Whether a value of this type has no parts.
    pub(super) fn is_leaf(&self, name: &str) -> bool {
        self.schema.types.get(name).is_some_and(ExtendedType::is_leaf)
    }
}

/// Of several that could be it, the only one that is not deprecated; all of them where there is none, or more than one.
pub(super) fn prefer<T>(mut found: Vec<T>, is_deprecated: impl Fn(&T) -> bool) -> Vec<T> {
    if found.iter().filter(|it| !is_deprecated(it)).count() == 1 {
        found.retain(|it| !is_deprecated(it));
    }
    found
}

/// Whether a field gives way to another.
pub(super) fn is_deprecated(field: &FieldDefinition) -> bool {
    field.directives.has(DEPRECATED)
}

fn told(errors: &DiagnosticList) -> Vec<String> {
    let mut told: Vec<_> = errors.iter().map(|error| clean(&error.error.to_string())).collect();
    // That a variable is unused follows from what it should have been used for.
    told.sort_by_key(|error| error.starts_with("unused variable"));
    told.truncate(MOST_ERRORS);
    told
}

fn listed(errors: &DiagnosticList) -> String {
    told(errors).join("; ")
}
