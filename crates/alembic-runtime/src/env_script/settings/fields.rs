//! What pydantic makes of a text for the type of its field.

use std::rc::Rc;

use python_static::{
    TextRange,
    tree::{Expression, Node},
};

use crate::env_script::{
    calls::Arguments,
    classes::Kind,
    machine::Machine,
    value::{Class, Field, Scope, Trail, Value},
};

/// What the annotation of a field asks for.
enum Type {
    Text,
    Integer,
    Truth,
    Secret,
    /// A URL, which pydantic writes anew.
    Dsn,
    Path,
    Other,
}

/// Types of pydantic for URLs.
pub(super) fn is_dsn(name: &str) -> bool {
    (name.ends_with("Dsn") || name.ends_with("Url")) && name.starts_with(char::is_uppercase)
}

impl Machine<'_> {
    /// The value as the field holds it.
    pub(super) fn coerced(
        &mut self,
        scope: &Rc<Scope>,
        field: &Field,
        value: Value,
        old: bool,
    ) -> Value {
        let range = &field.annotation.range;
        let inside = Rc::clone(&field.scope);
        match (self.type_of(&inside, &field.annotation), &value) {
            (Type::Integer, Value::Str(text, _)) => match text.trim().parse::<i128>() {
                Ok(number) => Value::Int(number),
                Err(_) => {
                    let certain =
                        text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_digit());
                    let reason = format!("the value of `{}` is no number", field.name);
                    self.refused(&inside, range, reason, certain)
                }
            },
            (Type::Truth, Value::Str(text, _)) => match text.to_lowercase().as_str() {
                "true" | "1" | "yes" | "on" | "t" | "y" => Value::Bool(true),
                "false" | "0" | "no" | "off" | "f" | "n" => Value::Bool(false),
                word => {
                    let certain = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
                    let reason = format!("the value of `{}` is neither true nor false", field.name);
                    self.refused(&inside, range, reason, certain)
                }
            },
            (Type::Secret, Value::Str(text, trail)) => {
                Value::Secret(Rc::clone(text), trail.clone())
            }
            (Type::Dsn, Value::Str(text, trail)) => self.dsn(scope, range, text, trail, old),
            (Type::Path, Value::Str(text, _)) => Value::Path(Rc::new(text.to_string().into())),
            (Type::Other, Value::Str(_, trail)) if comes_from_outside(trail) => {
                let reason =
                    format!("what pydantic makes of the text for `{}` is not followed", field.name);
                self.unknown(&inside, range, reason)
            }
            _ => value,
        }
    }

    /// A text that is none of the field's type: pydantic makes no instance of the class, where that is `certain`.
    fn refused(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        reason: String,
        certain: bool,
    ) -> Value {
        let doubt = self.doubt(scope, range, reason);
        if certain {
            self.missing = Some(Rc::clone(&doubt));
        }
        Value::Unknown(doubt)
    }

    /// Whether a field may take several variables, or text that is not plain.
    pub(super) fn is_complex(&mut self, field: &Field) -> bool {
        let inside = Rc::clone(&field.scope);
        matches!(self.type_of(&inside, &field.annotation), Type::Other)
    }

    fn type_of(&mut self, scope: &Rc<Scope>, annotation: &Expression) -> Type {
        match &annotation.node {
            // `str | None`
            Node::Binary { left, operator: "|", right } => match &right.node {
                Node::Constant(python_static::Value::None) => self.type_of(scope, left),
                // pydantic takes a text as it is where a text is allowed.
                _ => match (self.type_of(scope, left), self.type_of(scope, right)) {
                    (Type::Text, _) | (_, Type::Text) => Type::Text,
                    (Type::Dsn, Type::Dsn) => Type::Dsn,
                    _ => Type::Other,
                },
            },
            Node::Subscript { of, index } => {
                let Some(name) = self.type_name(scope, of) else {
                    return Type::Other;
                };
                let last = name.rsplit('.').next().unwrap_or_default();
                match (last, &index.node) {
                    ("Optional" | "Final", _) => self.type_of(scope, index),
                    ("Annotated", Node::Tuple(items)) => {
                        // A validator in the annotation would change the value.
                        let plain = items.iter().skip(1).all(|item| match &item.node {
                            Node::Call { function, .. } => {
                                let name = self.type_name(scope, function).unwrap_or_default();
                                !name.ends_with("Validator") && !name.ends_with("Field")
                            }
                            _ => true,
                        });
                        match items.first() {
                            Some(first) if plain => self.type_of(scope, first),
                            _ => Type::Other,
                        }
                    }
                    ("Literal", _) => Type::Text,
                    ("Union", Node::Tuple(items)) => {
                        let types: Vec<_> =
                            items.iter().map(|item| self.type_of(scope, item)).collect();
                        if types.iter().any(|one| matches!(one, Type::Text)) {
                            Type::Text
                        } else {
                            types.into_iter().next().unwrap_or(Type::Other)
                        }
                    }
                    _ => Type::Other,
                }
            }
            _ => match self.type_name(scope, annotation).as_deref() {
                Some("builtins.str") => Type::Text,
                Some("builtins.int") => Type::Integer,
                Some("builtins.bool") => Type::Truth,
                Some("pathlib.Path") => Type::Path,
                Some("typing.Any") => Type::Text,
                Some(name) => match name.rsplit('.').next().unwrap_or_default() {
                    "SecretStr" => Type::Secret,
                    "StrictStr" => Type::Text,
                    "PositiveInt" | "NonNegativeInt" => Type::Integer,
                    last if is_dsn(last) => Type::Dsn,
                    _ => Type::Other,
                },
                None => Type::Other,
            },
        }
    }

    fn type_name(&mut self, scope: &Rc<Scope>, expression: &Expression) -> Option<String> {
        match self.eval(scope, expression) {
            Ok(Value::External(name)) => Some(name.to_string()),
            _ => None,
        }
    }

    /// The model that a field holds.
    pub(super) fn model_of(
        &mut self,
        scope: &Rc<Scope>,
        annotation: &Expression,
    ) -> Option<Rc<Class>> {
        let class = match &annotation.node {
            Node::Binary { left, operator: "|", .. } => return self.model_of(scope, left),
            Node::Subscript { index, .. } => return self.model_of(scope, index),
            _ => self.eval(scope, annotation).ok()?,
        };
        match class {
            Value::Class(class)
                if matches!(Self::kind(&class), Kind::Model | Kind::Settings(_)) =>
            {
                Some(class)
            }
            _ => None,
        }
    }

    /// A URL as pydantic writes it. Version 1 leaves the text alone, version 2 parses it by other rules than
    /// SQLAlchemy's: where the two could differ, nothing is said.
    pub(super) fn dsn(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        text: &Rc<str>,
        trail: &Trail,
        old: bool,
    ) -> Value {
        let plain = |character: char| {
            character.is_ascii_alphanumeric() || "%_.~!$&'()*+,;=:-/@?[]".contains(character)
        };
        let unchanged = text.chars().all(plain)
            && text.matches('@').count() <= 1
            && !text.contains("/..")
            && !text.contains("/./");
        if old || unchanged {
            return Value::Str(Rc::clone(text), trail.clone());
        }
        self.unknown(
            scope,
            range,
            "pydantic writes this URL anew, in a way that depends on its version",
        )
    }

    /// `PostgresDsn.build(scheme=…, …)`
    pub(super) fn dsn_build(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        arguments: &Arguments,
    ) -> Value {
        let old = arguments.keyword("user").is_some();
        let mut trail = Trail::default();
        let mut doubt = arguments.open.clone();
        let mut part = |machine: &mut Self, name: &str| match arguments.keyword(name) {
            None | Some(Value::None | Value::Absent(_)) => None,
            Some(value) => match machine.to_text(scope, range, value) {
                Value::Str(text, from) => {
                    trail = trail.and(&from);
                    Some(text.to_string())
                }
                other => {
                    doubt = doubt.clone().or_else(|| other.doubt().cloned());
                    None
                }
            },
        };
        let scheme = part(self, "scheme");
        let user = part(self, if old { "user" } else { "username" });
        let [password, host, port, path, query] =
            ["password", "host", "port", "path", "query"].map(|name| part(self, name));
        if let Some(doubt) = doubt {
            return Value::Unknown(doubt);
        }
        let (Some(scheme), Some(host)) = (scheme, host) else {
            return self.unknown(scope, range, "this URL has no scheme or no host");
        };
        let simple = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.~-".contains(&byte))
        };
        if [&user, &password].into_iter().flatten().any(|text| !simple(text)) {
            let reason =
                "versions of pydantic write a user or password with special characters differently";
            return self.unknown(scope, range, reason);
        }
        let mut text = format!("{scheme}://");
        if user.is_some() || password.is_some() {
            text += user.as_deref().unwrap_or_default();
            if let Some(password) = &password {
                text.push(':');
                text += password;
            }
            text.push('@');
        }
        text += &host;
        if let Some(port) = port {
            text.push(':');
            text += &port;
        }
        if let Some(path) = path {
            if !old {
                text.push('/');
            }
            text += &path;
        }
        if let Some(query) = query {
            text.push('?');
            text += &query;
        }
        Value::text(text, trail)
    }
}

fn comes_from_outside(trail: &Trail) -> bool {
    use crate::env_script::Origin;
    trail.steps().iter().any(|step| matches!(step, Origin::Environment { .. }))
}
