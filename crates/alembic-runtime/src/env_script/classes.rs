//! Classes, their instances, and what the values have: attributes.

use std::{cell::RefCell, rc::Rc};

use python_static::TextRange;

use super::{
    Origin, Place,
    calls::Arguments,
    machine::{Eval, Machine},
    settings::is_class_variable,
    value::{Class, Engine, Field, Function, Object, Scope, Trail, Value},
};

/// Classes that inherit through more than this are not followed.
const MAX_BASES: usize = 40;

/// What kind of class it is, by what it inherits from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// pydantic's `BaseModel`.
    Model,
    /// pydantic's `BaseSettings`; true is version 1.
    Settings(bool),
    Dataclass,
    Enumeration,
    /// Inherits from something outside the project.
    Foreign,
}

impl Machine<'_> {
    /// The class and what it inherits from, in the order of lookup; near enough for single inheritance.
    pub(super) fn lineage(class: &Rc<Class>) -> Vec<Rc<Class>> {
        let mut found: Vec<Rc<Class>> = Vec::new();
        let mut waiting = vec![Rc::clone(class)];
        while let Some(next) = waiting.pop() {
            if found.len() >= MAX_BASES || found.iter().any(|known| Rc::ptr_eq(known, &next)) {
                continue;
            }
            for base in next.bases.iter().rev() {
                if let Value::Class(base) = base {
                    waiting.push(Rc::clone(base));
                }
            }
            found.push(next);
        }
        found
    }

    pub(super) fn kind(class: &Rc<Class>) -> Kind {
        let mut kind = Kind::Plain;
        for class in Self::lineage(class) {
            if class.decorators.iter().any(|name| name.ends_with("dataclass")) {
                return Kind::Dataclass;
            }
            for base in &class.bases {
                match base {
                    Value::External(name) => match foreign_kind(name) {
                        Kind::Plain => {}
                        Kind::Foreign => kind = Kind::Foreign,
                        known => return known,
                    },
                    Value::Class(_) => {}
                    _ => kind = Kind::Foreign,
                }
            }
        }
        kind
    }

    /// What the class binds for the name, its bases included.
    pub(super) fn of_class(class: &Rc<Class>, name: &str) -> Option<Value> {
        Self::lineage(class).iter().find_map(|class| class.scope.own(name))
    }

    pub(super) fn class_member(&self, object: &Object, name: &str) -> Option<Value> {
        object.class.as_ref().and_then(|class| Self::of_class(class, name))
    }

    /// The fields of a class, those of its bases first; a later one replaces an earlier one of its name.
    pub(super) fn fields(class: &Rc<Class>) -> Vec<Field> {
        let mut found: Vec<Field> = Vec::new();
        for class in Self::lineage(class).iter().rev() {
            for field in class.fields.borrow().iter() {
                match found.iter_mut().find(|known| known.name == field.name) {
                    Some(known) => *known = field.clone(),
                    None => found.push(field.clone()),
                }
            }
        }
        found
    }

    pub(super) fn instantiate(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        class: &Rc<Class>,
        arguments: Arguments,
    ) -> Eval {
        if let Some(what) = Self::foreign_making(class) {
            let reason = format!("`{}` has {what} of its own", class.name);
            return self.call_unknown(scope, range, &Value::None, &arguments, &reason);
        }
        let kind = Self::kind(class);
        let object = Rc::new(Object {
            class: Some(Rc::clone(class)),
            tag: "",
            attributes: RefCell::default(),
            open: RefCell::new(None),
            level: self.level(),
        });
        if let Some(doubt) = &arguments.open {
            *object.open.borrow_mut() = Some(Rc::clone(doubt));
        }
        let value = Value::Object(Rc::clone(&object));
        match kind {
            Kind::Settings(old) => {
                self.fill_settings(scope, range, &object, (class, old), &arguments)?;
            }
            Kind::Model => self.fill_model(scope, range, &object, class, &arguments)?,
            Kind::Enumeration => {
                return Ok(self.unknown(
                    scope,
                    range,
                    "this member of an enumeration is not known",
                ));
            }
            _ => {
                if let Some(Value::Function(function)) = Self::of_class(class, "__init__") {
                    let mut with_self = arguments;
                    with_self.plain.insert(0, value.clone());
                    self.call_function(scope, range, &function, with_self)?;
                } else if kind == Kind::Dataclass {
                    self.fill_dataclass(scope, range, &object, class, &arguments)?;
                }
            }
        }
        Ok(value)
    }

    fn fill_dataclass(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        object: &Rc<Object>,
        class: &Rc<Class>,
        arguments: &Arguments,
    ) -> Eval<()> {
        let fields = Self::fields(class).into_iter();
        let fields = fields.filter(|field| !is_class_variable(&field.annotation));
        for (index, field) in fields.enumerate() {
            let given = arguments.get(index, &field.name).cloned();
            let value = match (given, &arguments.open) {
                (Some(value), _) => value,
                (None, Some(doubt)) => Value::Unknown(Rc::clone(doubt)),
                (None, None) => self.field_default(scope, range, &field)?,
            };
            object.attributes.borrow_mut().insert(field.name, value);
        }
        if let Some(Value::Function(function)) = Self::of_class(class, "__post_init__") {
            self.call_function(
                scope,
                range,
                &function,
                Arguments::of(vec![Value::Object(Rc::clone(object))]),
            )?;
        }
        Ok(())
    }

    /// The default of a field, also one of a `Field(…)`.
    pub(super) fn field_default(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        field: &Field,
    ) -> Eval {
        let value = match &field.default {
            Some(Value::Dict(dict)) if dict.is_field => {
                if let Some(factory) = dict.get("default_factory") {
                    self.call(scope, range, &factory, Arguments::default())?
                } else {
                    dict.get("default").unwrap_or_else(|| Value::external("builtins.Ellipsis"))
                }
            }
            Some(value) => value.clone(),
            None => Value::external("builtins.Ellipsis"),
        };
        Ok(match value {
            Value::External(name) if &*name == "builtins.Ellipsis" => {
                let reason = format!("`{}` of `{}` has no value", field.name, field.class);
                self.unknown(&Rc::clone(&field.scope), &field.annotation.range.clone(), reason)
            }
            Value::Str(text, trail) => Value::Str(text, self.through(field, &trail)),
            value => value,
        })
    }

    /// The way through a field of a class.
    pub(super) fn through(&self, field: &Field, trail: &Trail) -> Trail {
        let place = Place { file: field.scope.module.shown.clone(), line: field.line };
        // The value beside its field says nothing more.
        let rest = trail
            .steps()
            .iter()
            .filter(|step| !matches!(step, Origin::Literal(at) if *at == place));
        let name = format!("{}.{}", field.class, field.name);
        let own = Trail::of(Origin::Field { name, place: place.clone() });
        rest.fold(own, |trail, step| trail.and(&Trail::of(step.clone())))
    }

    pub(super) fn attribute(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        of: &Value,
        name: &str,
    ) -> Eval {
        match of {
            Value::Module(module) => self.module_attribute(scope, range, module, name),
            Value::External(path) => {
                let patched =
                    self.patched.iter().rfind(|(of, known, _)| of == path && **known == *name);
                Ok(match patched {
                    Some((_, _, value)) => value.clone(),
                    None => self.library_attribute(scope, range, path, name),
                })
            }
            Value::Class(class) => Ok(self.class_attribute(scope, range, class, name)),
            Value::Object(object) => self.object_attribute(scope, range, object, name),
            Value::Engine(engine) => Ok(match name {
                "url" => match &*engine.url.borrow() {
                    Value::Str(text, trail) => match text.parse() {
                        Ok(url) => Value::Url(Rc::new(url), trail.clone()),
                        Err(_) => {
                            self.unknown(scope, range, "the URL of this engine cannot be read")
                        }
                    },
                    other => other.clone(),
                },
                "engine" | "sync_engine" | "bind" | "sync_connection" => of.clone(),
                _ => Value::Method(Rc::new((of.clone(), name.into()))),
            }),
            Value::Path(path) => Ok(match name {
                "parent" => Value::Path(Rc::new(path.parent().unwrap_or(path).to_owned())),
                "parents" => {
                    let parents =
                        path.ancestors().skip(1).map(|path| Value::Path(Rc::new(path.to_owned())));
                    let parents = parents.collect();
                    self.list(parents)
                }
                "name" => Value::text(
                    path.file_name().unwrap_or_default().to_string_lossy(),
                    Trail::default(),
                ),
                "stem" => Value::text(
                    path.file_stem().unwrap_or_default().to_string_lossy(),
                    Trail::default(),
                ),
                _ => Value::Method(Rc::new((of.clone(), name.into()))),
            }),
            Value::Url(url, trail) => Ok(self.url_attribute((url, trail), of, name)),
            Value::Str(..) | Value::List(_) | Value::Dict(_) | Value::Secret(..) => {
                Ok(Value::Method(Rc::new((of.clone(), name.into()))))
            }
            Value::Function(function) if name == "__name__" => {
                Ok(Value::text(&*function.definition.name, Trail::default()))
            }
            _ => Ok(match of.doubt() {
                // What an unknown value has may be called: what that is given matters.
                Some(_)
                    if matches!(
                        name,
                        "run_sync"
                            | "run_until_complete"
                            | "execute"
                            | "exec_driver_sql"
                            | "executescript"
                    ) =>
                {
                    Value::Method(Rc::new((of.clone(), name.into())))
                }
                Some(doubt) => {
                    self.doubts.set(self.doubts.get() + 1);
                    Value::Unknown(Rc::clone(doubt))
                }
                None => self.unknown(scope, range, format!("`{name}` of this value is not known")),
            }),
        }
    }

    fn url_attribute(
        &self,
        (url, trail): (&Rc<crate::database_url::DatabaseUrl>, &Trail),
        of: &Value,
        name: &str,
    ) -> Value {
        let part = |part: &Option<String>| {
            part.as_ref().map_or(Value::None, |part| Value::text(part.as_str(), trail.clone()))
        };
        match name {
            "drivername" => Value::text(url.drivername.as_str(), trail.clone()),
            "username" => part(&url.username),
            "password" => url
                .password
                .as_ref()
                .map_or(Value::None, |word| Value::text(word.expose(), trail.clone())),
            "host" => part(&url.host),
            "port" => url.port.map_or(Value::None, |port| Value::Int(port.into())),
            "database" => part(&url.database),
            _ => Value::Method(Rc::new((of.clone(), name.into()))),
        }
    }

    pub(super) fn class_attribute(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        class: &Rc<Class>,
        name: &str,
    ) -> Value {
        if name == "__dict__" {
            let doubt = self.doubt(scope, range, "the names of this class may be changed here");
            class.scope.spoil(&doubt);
            return Value::Unknown(doubt);
        }
        if Self::has_metaclass(class) {
            let reason = format!("`{}` has a metaclass of its own", class.name);
            return self.unknown(scope, range, reason);
        }
        match Self::of_class(class, name) {
            Some(Value::Function(function)) if is_decorated(&function, "classmethod") => {
                Value::Bound(Rc::new((Value::Class(Rc::clone(class)), function)))
            }
            Some(value) if Self::kind(class) == Kind::Enumeration => {
                let member = self.object("member");
                member.attributes.borrow_mut().insert("value".into(), value);
                member
                    .attributes
                    .borrow_mut()
                    .insert("name".into(), Value::text(name, Trail::default()));
                Value::Object(member)
            }
            Some(value) => self.named(class, name, value),
            None if name == "metadata" && is_declarative(class) => {
                let metadata = self.metadata(&Arguments::default());
                class.scope.set("metadata", metadata.clone());
                metadata
            }
            None if name == "__name__" => Value::text(Rc::clone(&class.name), Trail::default()),
            None => self.unknown(
                scope,
                range,
                format!("`{name}` of class `{}` is not known", class.name),
            ),
        }
    }

    /// A text that a class holds says so.
    fn named(&self, class: &Rc<Class>, name: &str, value: Value) -> Value {
        match value {
            Value::Str(text, trail) if !trail.steps().is_empty() => {
                let place = trail.steps().iter().find_map(|step| match step {
                    Origin::Literal(place)
                    | Origin::Environment { place, .. }
                    | Origin::Unset { place, .. } => Some(place.clone()),
                    _ => None,
                });
                let Some(place) = place else {
                    return Value::Str(text, trail);
                };
                let name = format!("{}.{name}", class.name);
                let way = Trail::of(Origin::Field { name, place }).and(&trail);
                Value::Str(text, way)
            }
            other => other,
        }
    }

    fn object_attribute(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        object: &Rc<Object>,
        name: &str,
    ) -> Eval {
        if name == "__dict__" || self.class_member(object, "__getattribute__").is_some() {
            let reason = "the attributes of this object are reached in a way that is not followed";
            let doubt = self.doubt(scope, range, reason);
            object.spoil(&doubt);
            return Ok(Value::Unknown(doubt));
        }
        if let Some(value) = object.attributes.borrow().get(name) {
            return Ok(value.clone());
        }
        let of = Value::Object(Rc::clone(object));
        if let Some(doubt) = &*object.open.borrow() {
            return Ok(Value::Unknown(Rc::clone(doubt)));
        }
        match self.class_member(object, name) {
            Some(Value::Function(function)) if is_property(&function) => {
                self.call_function(scope, range, &function, Arguments::of(vec![of]))
            }
            Some(Value::Function(function)) if is_decorated(&function, "staticmethod") => {
                Ok(Value::Function(function))
            }
            Some(Value::Function(function)) if is_decorated(&function, "classmethod") => {
                let class = object.class.clone().map_or(Value::None, Value::Class);
                Ok(Value::Bound(Rc::new((class, function))))
            }
            Some(Value::Function(function)) => Ok(Value::Bound(Rc::new((of, function)))),
            Some(value) => Ok(match &object.class {
                Some(class) => self.named(&Rc::clone(class), name, value),
                None => value,
            }),
            None if !object.tag.is_empty() => Ok(Value::Method(Rc::new((of, name.into())))),
            None => {
                let class = object.class.as_ref().map_or("this object", |class| &*class.name);
                Ok(self.unknown(scope, range, format!("`{name}` of `{class}` is not known")))
            }
        }
    }

    pub(super) fn set_attribute(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        of: &Value,
        name: &str,
        value: Value,
    ) {
        match of {
            Value::Object(object) => {
                let old = object.attributes.borrow().get(name).cloned();
                let value = self.changed(object.level, old.as_ref(), value);
                object.attributes.borrow_mut().insert(name.into(), value);
            }
            Value::Class(class) => {
                let old = class.scope.own(name);
                let value = self.changed(class.scope.level, old.as_ref(), value);
                class.scope.set(name, value);
            }
            Value::Module(module) => {
                let old = module.variables.borrow().get(name).cloned();
                let value = self.changed(0, old.as_ref(), value);
                module.variables.borrow_mut().insert(name.into(), value);
            }
            Value::External(path)
                if &**path == "alembic.context.config"
                    && !matches!(name, "attributes" | "cmd_opts" | "stdout" | "print_stdout") =>
            {
                let reason = format!("`config.{name}` is set here");
                self.config_doubt = Some(self.doubt(scope, range, reason));
            }
            Value::External(path) if name != "default_schema_name" => {
                let value = self.changed(0, None, value);
                self.patched.push((Rc::clone(path), name.into(), value));
            }
            Value::Engine(_) | Value::External(_) | Value::Method(_) | Value::Unknown(_)
                if name == "default_schema_name" =>
            {
                self.schema_doubt =
                    Some(self.doubt(scope, range, "the default schema is changed here"));
            }
            _ => {}
        }
    }

    pub(super) fn engine(url: Value) -> Value {
        Value::Engine(Rc::new(Engine { url: url.into() }))
    }
}

/// Whether SQLAlchemy gives the class a `MetaData` of its own making.
fn is_declarative(class: &Rc<Class>) -> bool {
    let lineage = Machine::lineage(class);
    let is_base = |value: &Value| {
        matches!(value, Value::External(name)
            if name.starts_with("sqlalchemy.") && name.contains(".DeclarativeBase"))
    };
    lineage.iter().any(|class| class.bases.iter().any(is_base))
        && lineage.iter().all(|class| class.scope.own("registry").is_none())
}

fn foreign_kind(name: &str) -> Kind {
    match name {
        "pydantic_settings.BaseSettings" => Kind::Settings(false),
        "pydantic.BaseSettings"
        | "pydantic.v1.BaseSettings"
        | "pydantic.env_settings.BaseSettings" => Kind::Settings(true),
        "pydantic.BaseModel" | "pydantic.v1.BaseModel" | "pydantic.main.BaseModel" => Kind::Model,
        "builtins.object" | "builtins.str" | "abc.ABC" | "typing.Protocol" | "typing.Generic" => {
            Kind::Plain
        }
        _ if name.starts_with("enum.") => Kind::Enumeration,
        _ => Kind::Foreign,
    }
}

pub(super) fn is_decorated(function: &Function, name: &str) -> bool {
    function.decorators.iter().any(|decorator| decorator.name.rsplit('.').next() == Some(name))
}

fn is_property(function: &Function) -> bool {
    ["property", "cached_property", "hybrid_property"]
        .iter()
        .any(|name| is_decorated(function, name))
        || (is_decorated(function, "computed_field") && function.definition.parameters.len() == 1)
}
