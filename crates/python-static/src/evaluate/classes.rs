//! Classes and instances, with what `enum`, `dataclasses` and `typing.NamedTuple` add to them.

use std::rc::Rc;
use std::sync::Arc;

use rustpython_parser::ast::{self, Expr, Stmt};

use super::calls::Arguments;
use super::machine::{Eval, Machine, Stop, place};
use super::object::{Cell, Class, ClassKind, Function, Id, Object, Role};
use super::state::Scope;
use crate::source::TextRange;

impl Machine<'_> {
    /// Runs a class body and makes the class, before its decorators.
    pub(super) fn class(&mut self, def: &ast::StmtClassDef) -> Eval {
        let bases = self.items(&def.bases)?;
        let mut kind = self.kind_of(&bases);
        if !def.keywords.is_empty() {
            kind = ClassKind::Open;
        }
        let scope = Scope { is_class: true, ..self.inner_scope(false) };
        let id = self.state.add_scope(scope);
        let frame = super::machine::Frame { scope: id, file: self.frame.file };
        self.in_frame(frame, |machine| machine.block(&def.body))?;
        let names = &self.state.scope(id).names;
        // In the order of the body: enums and dataclasses depend on it.
        let mut attributes: Vec<(Arc<str>, Object)> = Vec::new();
        for name in bound_names(&def.body) {
            if let Some(value) = names.get(name) {
                attributes.retain(|(known, _)| &**known != name);
                attributes.push((name.into(), value.clone()));
            }
        }
        let missing =
            names.iter().filter(|(name, _)| !attributes.iter().any(|(known, _)| known == *name));
        let missing: Vec<_> =
            missing.map(|(name, value)| (Arc::clone(name), value.clone())).collect();
        attributes.extend(missing);
        if matches!(kind, ClassKind::Dataclass | ClassKind::NamedTuple) {
            attributes.push((FIELDS.into(), fields_of(&def.body)));
        }
        let class = self.state.allocate(Cell::Class(Class {
            name: def.name.as_str().into(),
            bases,
            attributes,
            kind,
        }));
        if matches!(kind, ClassKind::Enum | ClassKind::StrEnum) {
            self.make_members(class);
        }
        Ok(Object::Class(class))
    }

    fn kind_of(&self, bases: &[Object]) -> ClassKind {
        let mut kind = ClassKind::Plain;
        let mut text = false;
        for base in bases {
            match base {
                Object::Builtin(name) => match &**name {
                    "object" | "typing.Generic" | "typing.Protocol" | "abc.ABC" => {}
                    "str" => text = true,
                    "enum.Enum" | "enum.IntEnum" => kind = ClassKind::Enum,
                    "enum.StrEnum" => kind = ClassKind::StrEnum,
                    "typing.NamedTuple" => kind = ClassKind::NamedTuple,
                    _ => return ClassKind::Open,
                },
                Object::Class(id) => match self.state.cell(*id) {
                    Cell::Class(class) if class.kind == ClassKind::Plain => {}
                    Cell::Class(class) => kind = class.kind,
                    _ => return ClassKind::Open,
                },
                _ => return ClassKind::Open,
            }
        }
        match (kind, text) {
            (ClassKind::Enum, true) => ClassKind::StrEnum,
            (ClassKind::Plain, true) => ClassKind::Open,
            _ => kind,
        }
    }

    pub(super) fn class_cell(&self, id: Id) -> Eval<&Class> {
        match self.state.cell(id) {
            Cell::Class(class) => Ok(class),
            Cell::Lost(cause) => Err(Stop::Unknown(Rc::clone(cause))),
            _ => Err(self.unknown("the class is not followed", 0..0)),
        }
    }

    /// An attribute of a class or of its bases, as it stands there.
    pub(super) fn class_attribute(&self, id: Id, name: &str, depth: usize) -> Eval<Option<Object>> {
        let class = self.class_cell(id)?;
        if let Some((_, value)) = class.attributes.iter().find(|(known, _)| &**known == name) {
            return Ok(Some(value.clone()));
        }
        for base in &class.bases {
            if let Object::Class(base) = base
                && depth < 20
                && let Some(found) = self.class_attribute(*base, name, depth + 1)?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Whether an instance is true because its class says nothing else.
    pub(super) fn is_plainly_true(&self, instance: Id) -> Eval<bool> {
        let Cell::Instance { class, .. } = self.state.cell(instance) else { return Ok(false) };
        let plain = self.class_cell(*class)?;
        Ok(plain.kind == ClassKind::Plain
            && plain.bases.is_empty()
            && self.class_attribute(*class, "__bool__", 0)?.is_none()
            && self.class_attribute(*class, "__len__", 0)?.is_none())
    }

    /// `Class.name`
    pub(super) fn attribute_of_class(&mut self, id: Id, name: &str, range: TextRange) -> Eval {
        match self.class_attribute(id, name, 0)? {
            Some(Object::Function(function)) if function.role == Role::ClassMethod => {
                Ok(Object::Method(Rc::new((Object::Class(id), function))))
            }
            Some(value) => Ok(value),
            None => match name {
                "__name__" | "__qualname__" => {
                    Ok(Object::Str(Arc::clone(&self.class_cell(id)?.name)))
                }
                _ => self.missing(id, name, range),
            },
        }
    }

    fn missing(&self, class: Id, name: &str, range: TextRange) -> Eval {
        let class = self.class_cell(class)?;
        let dunder = name.starts_with("__");
        if class.kind == ClassKind::Open || dunder || class.kind != ClassKind::Plain {
            let reason = format!("`{}.{name}` is only known when the program runs", class.name);
            return Err(self.unknown(reason, range));
        }
        let message = format!("`{}` has no attribute `{name}`", class.name);
        Err(self.raise("AttributeError", message, range))
    }

    /// `instance.name`
    pub(super) fn attribute_of_instance(&mut self, id: Id, name: &str, range: TextRange) -> Eval {
        let (class, own) = match self.state.cell(id) {
            Cell::Instance { class, attributes } => {
                let own = attributes.iter().find(|(known, _)| &**known == name);
                (*class, own.map(|(_, value)| value.clone()))
            }
            Cell::Lost(cause) => return Err(Stop::Unknown(Rc::clone(cause))),
            _ => return Err(self.unknown("the object is not followed", range)),
        };
        if let Some(value) = own {
            return Ok(value);
        }
        match self.class_attribute(class, name, 0)? {
            Some(Object::Function(function)) => {
                self.bound(&function, Object::Instance(id), class, range)
            }
            Some(value) => Ok(value),
            None if name == "__class__" => Ok(Object::Class(class)),
            None => self.missing(class, name, range),
        }
    }

    fn bound(
        &mut self,
        function: &Rc<Function>,
        instance: Object,
        class: Id,
        range: TextRange,
    ) -> Eval {
        let method = |object| Object::Method(Rc::new((object, Rc::clone(function))));
        match function.role {
            Role::Plain => Ok(method(instance)),
            Role::ClassMethod => Ok(method(Object::Class(class))),
            Role::Static => Ok(Object::Function(Rc::clone(function))),
            Role::Property => self.call(&method(instance), &Arguments::default(), range),
        }
    }

    /// `Class(…)`
    pub(super) fn instantiate(&mut self, id: Id, arguments: &Arguments, range: TextRange) -> Eval {
        let class = self.class_cell(id)?;
        match class.kind {
            ClassKind::Enum | ClassKind::StrEnum => {
                return self.member_by_value(id, arguments, range);
            }
            ClassKind::Open => {
                let reason =
                    format!("an object of `{}` is only known when the program runs", class.name);
                let stop = self.unknown(reason, range);
                for argument in arguments.all() {
                    self.escape(argument, &stop);
                }
                return Err(stop);
            }
            ClassKind::Plain | ClassKind::Dataclass | ClassKind::NamedTuple => {}
        }
        let instance = self.state.allocate(Cell::Instance { class: id, attributes: Vec::new() });
        let object = Object::Instance(instance);
        match self.class_attribute(id, "__init__", 0)? {
            Some(Object::Function(init)) => {
                let method = Object::Method(Rc::new((object.clone(), init)));
                self.call(&method, arguments, range)?;
            }
            _ => self.assign_fields(id, instance, arguments, range)?,
        }
        Ok(object)
    }

    /// What the `__init__` of a dataclass or named tuple does.
    fn assign_fields(
        &mut self,
        class: Id,
        instance: Id,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval<()> {
        let Some(Object::Tuple(fields)) = self.class_attribute(class, FIELDS, 0)? else {
            if arguments.all().next().is_some() {
                return Err(self.raise("TypeError", "the class takes no arguments", range));
            }
            return Ok(());
        };
        for (index, field) in fields.iter().enumerate() {
            let Object::Str(name) = field else { continue };
            let value = match arguments.get(index, name) {
                Some(value) => value.clone(),
                None => match self.class_attribute(class, name, 0)? {
                    Some(value) => value,
                    None => {
                        return Err(self.raise(
                            "TypeError",
                            format!("missing the argument `{name}`"),
                            range,
                        ));
                    }
                },
            };
            self.set_instance_attribute(instance, name, value);
        }
        Ok(())
    }

    pub(super) fn set_instance_attribute(&mut self, instance: Id, name: &str, value: Object) {
        if let Cell::Instance { attributes, .. } = self.state.cell_mut(instance) {
            match attributes.iter_mut().find(|(known, _)| &**known == name) {
                Some((_, old)) => *old = value,
                None => attributes.push((name.into(), value)),
            }
        }
    }

    pub(super) fn set_class_attribute(&mut self, class: Id, name: &str, value: Object) {
        if let Cell::Class(class) = self.state.cell_mut(class) {
            match class.attributes.iter_mut().find(|(known, _)| &**known == name) {
                Some((_, old)) => *old = value,
                None => class.attributes.push((name.into(), value)),
            }
        }
    }

    /// Applies a decorator.
    pub(super) fn decorate(&mut self, decorator: &Expr, object: Object) -> Eval {
        let found = self.eval(decorator)?;
        match (&found, &object) {
            (Object::Builtin(name), Object::Function(function)) => {
                let role = match &**name {
                    "staticmethod" => Role::Static,
                    "classmethod" => Role::ClassMethod,
                    "property" => Role::Property,
                    // They change nothing that could be seen.
                    "functools.lru_cache"
                    | "functools.cache"
                    | "functools.wraps()"
                    | "typing.overload"
                    | "functools.lru_cache()"
                    | "typing.final"
                    | "typing.override"
                    | "abc.abstractmethod" => return Ok(object),
                    _ => return self.call(&found, &Arguments::of(vec![object]), place(decorator)),
                };
                let function = Function {
                    name: Arc::clone(&function.name),
                    arguments: function.arguments.clone(),
                    body: clone_body(function),
                    defaults: function.defaults.clone(),
                    scope: function.scope,
                    file: function.file,
                    role,
                    depth: function.depth,
                };
                Ok(Object::Function(Rc::new(function)))
            }
            (Object::Builtin(name), Object::Class(id)) => match &**name {
                "dataclasses.dataclass" | "dataclasses.dataclass()" => {
                    if let Cell::Class(class) = self.state.cell_mut(*id)
                        && class.kind == ClassKind::Plain
                    {
                        class.kind = ClassKind::Dataclass;
                    }
                    Ok(object)
                }
                "enum.unique"
                | "typing.final"
                | "functools.total_ordering"
                | "typing.runtime_checkable" => Ok(object),
                _ => self.call(&found, &Arguments::of(vec![object]), place(decorator)),
            },
            _ => self.call(&found, &Arguments::of(vec![object]), place(decorator)),
        }
    }

    /// Notes the fields of a class that a decorator will make a dataclass.
    pub(super) fn note_fields(&mut self, class: &Object, body: &[Stmt]) {
        if let Object::Class(id) = class
            && let Cell::Class(class) = self.state.cell_mut(*id)
            && class.kind == ClassKind::Plain
        {
            class.attributes.push((FIELDS.into(), fields_of(body)));
        }
    }
}

/// Where a class keeps the names of its fields; no Python name.
pub(super) const FIELDS: &str = "<fields>";

fn clone_body(function: &Function) -> super::object::Body {
    use super::object::Body;
    match &function.body {
        Body::Block(body) => Body::Block(body.clone()),
        Body::Generator(body) => Body::Generator(body.clone()),
        Body::Expression(expr) => Body::Expression(expr.clone()),
        Body::Async => Body::Async,
    }
}

/// The names that statements bind, in order.
fn bound_names(body: &[Stmt]) -> Vec<&str> {
    let mut names = Vec::new();
    for statement in body {
        match statement {
            Stmt::Assign(assign) => names.extend(assign.targets.iter().filter_map(target_name)),
            Stmt::AnnAssign(assign) => names.extend(target_name(&assign.target)),
            Stmt::FunctionDef(def) => names.push(&def.name),
            Stmt::ClassDef(def) => names.push(&def.name),
            _ => {}
        }
    }
    names
}

/// The annotated names of a class body.
fn fields_of(body: &[Stmt]) -> Object {
    let names = body.iter().filter_map(|statement| match statement {
        Stmt::AnnAssign(assign) => target_name(&assign.target).map(Object::str),
        _ => None,
    });
    Object::tuple(names.collect::<Vec<_>>())
}

fn target_name(target: &Expr) -> Option<&str> {
    match target {
        Expr::Name(name) => Some(&name.id),
        _ => None,
    }
}
