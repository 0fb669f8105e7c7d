//! Classes: their creation, resolution order, attributes, enumerations.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustpython_parser::ast;

use super::args::Arguments;
use super::value::{Class, Instance, Place, Scope, ScopeKind, TermKind, Value};
use super::{Eval, Machine, Stop};

const ENUMS: [&str; 6] =
    ["enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag", "enum.ReprEnum"];

impl Machine {
    pub(super) fn exec_class(
        &mut self,
        scope: &Rc<Scope>,
        def: &ast::StmtClassDef,
        place: Place,
    ) -> Eval<()> {
        self.allocate(place)?;
        self.charge(8000, place)?;
        let bases = match self.elements(scope, &def.bases)? {
            Ok(bases) => bases,
            Err(unknown) => vec![unknown],
        };
        let mut keywords: Vec<(Rc<str>, Value)> = Vec::new();
        for keyword in &def.keywords {
            let value = self.soft(scope, &keyword.value)?;
            if let Some(name) = &keyword.arg {
                keywords.push((name.as_str().into(), value));
            }
        }
        let body = Scope::new(ScopeKind::Class, &scope.module, Some(Rc::clone(scope)));
        body.set("__module__", Value::Str(Rc::clone(&scope.module.name)));
        body.set("__qualname__", Value::str(def.name.as_str()));
        self.block(&body, &def.body)?;
        let annotations = std::mem::take(&mut *body.annotations.borrow_mut());
        let dict = body
            .names
            .borrow()
            .iter()
            .map(|(name, value)| (mangled(&def.name, name), value.clone()))
            .collect();
        let annotations = annotations
            .into_iter()
            .map(|(name, annotation)| (mangled(&def.name, &name), annotation))
            .collect();
        let class = self.create_class(
            &def.name,
            &scope.module.name.clone(),
            bases,
            dict,
            annotations,
            &keywords,
            place,
        );
        let mut value = Value::Class(class);
        for decorator in def.decorator_list.iter().rev() {
            let decorator = self.soft(scope, decorator)?;
            value = self.decorate_class(&decorator, value, place)?;
        }
        scope.set(&def.name, value);
        Ok(())
    }

    fn decorate_class(&mut self, decorator: &Value, class: Value, place: Place) -> Eval {
        match decorator {
            Value::Term(_) => {
                let arguments = Arguments::of(vec![class.clone()]);
                Ok(self.ask_call(decorator, &arguments, place).unwrap_or(class))
            }
            Value::Unknown(_) => Ok(class),
            _ => match self.call(decorator, Arguments::of(vec![class.clone()]), place) {
                Ok(changed @ Value::Class(_)) => Ok(changed),
                Ok(_) | Err(Stop::Raise(..)) => Ok(class),
                Err(stop) => Err(stop),
            },
        }
    }

    /// Makes a class and tells the host.
    #[expect(clippy::too_many_arguments, reason = "they are the parts of a class statement")]
    pub fn create_class(
        &mut self,
        name: &str,
        module: &str,
        bases: Vec<Value>,
        dict: indexmap::IndexMap<Rc<str>, Value>,
        annotations: Vec<(Rc<str>, super::Annotation)>,
        keywords: &[(Rc<str>, Value)],
        place: Place,
    ) -> Rc<Class> {
        let bases: Vec<Value> = bases.into_iter().map(origin).collect();
        let metaclass = keywords
            .iter()
            .find(|(name, _)| &**name == "metaclass")
            .map(|(_, value)| value.clone());
        let class = Rc::new(Class {
            id: self.fresh(),
            name: name.into(),
            module: module.into(),
            bases,
            mro: RefCell::default(),
            dict: RefCell::new(dict),
            annotations: RefCell::new(annotations),
            place,
            is_enum: Cell::new(false),
            metaclass,
        });
        let order = linearize(&class);
        *class.mro.borrow_mut() = order;
        for value in class.dict.borrow().values() {
            if let Value::Function(function) = value
                && function.class.borrow().is_none()
            {
                *function.class.borrow_mut() = Some(Rc::clone(&class));
            }
        }
        let is_enum = class.mro.borrow().iter().any(|base| match base {
            Value::Class(base) => base.is_enum.get(),
            other => other.name().is_some_and(|name| ENUMS.contains(&&*name)),
        });
        if is_enum {
            class.is_enum.set(true);
            self.make_members(&class);
        }
        self.building.push(Rc::clone(&class));
        let host = Rc::clone(&self.host);
        host.class_created(self, &class, keywords);
        self.building.pop();
        self.init_subclass(&class, keywords, place);
        class
    }

    fn init_subclass(&mut self, class: &Rc<Class>, keywords: &[(Rc<str>, Value)], place: Place) {
        let parents: Vec<Value> = class.mro.borrow().iter().skip(1).cloned().collect();
        for parent in parents {
            if let Value::Class(parent) = parent {
                let found = parent.dict.borrow().get("__init_subclass__").cloned();
                if let Some(hook @ Value::Function(_)) = found {
                    let mut arguments = Arguments::of(vec![Value::Class(Rc::clone(class))]);
                    arguments.keywords = keywords
                        .iter()
                        .filter(|(name, _)| &**name != "metaclass")
                        .cloned()
                        .collect();
                    // What it raises, or a bound that it reaches, spoils nothing that is known of the class.
                    self.call(&hook, arguments, place).ok();
                    return;
                }
            }
        }
    }

    fn make_members(&mut self, class: &Rc<Class>) {
        let names: Vec<(Rc<str>, Value)> = class
            .dict
            .borrow()
            .iter()
            .map(|(name, value)| (Rc::clone(name), value.clone()))
            .collect();
        let mut number = 0_i128;
        let is_str = class.has_base("enum.StrEnum");
        let mut members: Vec<(Value, Value)> = Vec::new();
        for (name, value) in names {
            if name.starts_with("__")
                || (name.starts_with('_') && &*name != "_")
                || matches!(value, Value::Function(_) | Value::Class(_))
            {
                continue;
            }
            let value = match &value {
                Value::Term(term) => match &term.kind {
                    TermKind::Call(function, _)
                        if function.name().as_deref() == Some("enum.auto") =>
                    {
                        number += 1;
                        if is_str { Value::str(name.to_lowercase()) } else { Value::Int(number) }
                    }
                    TermKind::Call(function, arguments)
                        if function.name().as_deref() == Some("enum.member") =>
                    {
                        arguments.positional.first().cloned().unwrap_or(Value::None)
                    }
                    TermKind::Call(function, _)
                        if function.name().as_deref() == Some("enum.nonmember") =>
                    {
                        continue;
                    }
                    _ => value.clone(),
                },
                other => other.clone(),
            };
            if let Value::Int(given) = &value {
                number = *given;
            }
            // An equal value is an alias.
            if let Some((_, known)) = members.iter().find(|(known, _)| known.same(&value)) {
                class.dict.borrow_mut().insert(name, known.clone());
                continue;
            }
            let member = Value::Instance(Rc::new(Instance {
                class: Rc::clone(class),
                attributes: RefCell::default(),
                place: class.place,
                arguments: Arguments::default(),
                handed_on: RefCell::default(),
            }));
            if let Value::Instance(instance) = &member {
                let mut attributes = instance.attributes.borrow_mut();
                attributes.insert("name".into(), Value::Str(Rc::clone(&name)));
                attributes.insert("_name_".into(), Value::Str(Rc::clone(&name)));
                attributes.insert("_value_".into(), value.clone());
                attributes.insert("value".into(), value.clone());
            }
            members.push((value, member.clone()));
            class.dict.borrow_mut().insert(name, member);
        }
    }

    /// The members of an enumeration, in order, without aliases.
    pub fn members(&self, class: &Class) -> Vec<(Rc<str>, Value)> {
        let mut found: Vec<(Rc<str>, Value)> = Vec::new();
        for base in class.mro.borrow().iter() {
            let Value::Class(base) = base else { continue };
            for (name, value) in base.dict.borrow().iter() {
                if let Value::Instance(instance) = value
                    && instance.class.id == base.id
                    && instance
                        .attributes
                        .borrow()
                        .get("name")
                        .and_then(|own| own.as_str().map(|own| own == &**name))
                        == Some(true)
                {
                    found.push((Rc::clone(name), value.clone()));
                }
            }
        }
        found
    }

    /// The member names with aliases, in order.
    pub fn member_names(&self, class: &Class) -> Vec<Rc<str>> {
        class.dict.borrow().iter().filter(|(_, value)| matches!(value, Value::Instance(instance) if instance.class.id == class.id)).map(|(name, _)| Rc::clone(name)).collect()
    }

    pub(super) fn enum_member(
        &mut self,
        class: &Rc<Class>,
        arguments: &Arguments,
        place: Place,
    ) -> Eval {
        let Some(wanted) = arguments.positional.first() else {
            return Ok(self.unknown("the member is not known", place));
        };
        for (_, member) in self.members(class) {
            if let Value::Instance(instance) = &member
                && instance.attributes.borrow().get("value").is_some_and(|value| value.same(wanted))
            {
                return Ok(member);
            }
        }
        Ok(self.unknown("the member is not known", place))
    }

    /// What a class or its bases bind.
    pub fn class_lookup(&self, class: &Class, name: &str) -> Option<Value> {
        for base in class.mro.borrow().iter() {
            match base {
                Value::Class(base) => {
                    if let Some(value) = base.dict.borrow().get(name) {
                        return Some(value.clone());
                    }
                }
                Value::Unknown(_) => return Some(base.clone()),
                _ => {}
            }
        }
        None
    }

    /// What a class or its bases bind, where functions with known decorators are called as Python calls them.
    pub(super) fn class_attribute(&mut self, class: &Rc<Class>, name: &str, place: Place) -> Eval {
        match name {
            "__name__" | "__qualname__" => return Ok(Value::Str(Rc::clone(&class.name))),
            "__module__" => return Ok(Value::Str(Rc::clone(&class.module))),
            "__dict__" => {
                let pairs = class
                    .dict
                    .borrow()
                    .iter()
                    .map(|(name, value)| (Value::Str(Rc::clone(name)), value.clone()))
                    .collect();
                return Ok(Value::dict(pairs));
            }
            "__mro__" => return Ok(Value::tuple(class.mro.borrow().clone())),
            "__bases__" => return Ok(Value::tuple(class.bases.clone())),
            "__members__" if class.is_enum.get() => {
                let pairs = self
                    .member_names(class)
                    .into_iter()
                    .filter_map(|name| {
                        Some((
                            Value::Str(Rc::clone(&name)),
                            class.dict.borrow().get(&name)?.clone(),
                        ))
                    })
                    .collect();
                return Ok(Value::dict(pairs));
            }
            _ => {}
        }
        let of = Value::Class(Rc::clone(class));
        if let Some(value) = self.class_lookup(class, name) {
            if let Value::Function(function) = &value
                && self.host.is_descriptor(function)
            {
                return self.call(&value, Arguments::of(vec![of]), place);
            }
            return self.bind_function(value, &of, place);
        }
        if let Some(Value::Class(meta)) = &class.metaclass
            && let Some(Value::Function(method)) = self.class_lookup(meta, name)
        {
            return Ok(Value::Bound(Rc::new((of, method))));
        }
        let outside = class
            .mro
            .borrow()
            .iter()
            .any(|base| matches!(base, Value::Term(_) | Value::Builtin(_)));
        if outside {
            return Ok(self.term(TermKind::Attribute(of, name.into()), place));
        }
        match name {
            "__doc__" => Ok(Value::None),
            _ if name.starts_with("__") => {
                Ok(self.term(TermKind::Attribute(of, name.into()), place))
            }
            _ => Err(Stop::Raise("AttributeError".into(), place)),
        }
    }

    pub(super) fn instance_attribute(
        &mut self,
        instance: &Rc<Instance>,
        name: &str,
        place: Place,
    ) -> Eval {
        if let Some(value) = instance.attributes.borrow().get(name) {
            return Ok(value.clone());
        }
        let of = Value::Instance(Rc::clone(instance));
        if name == "__class__" {
            return Ok(Value::Class(Rc::clone(&instance.class)));
        }
        if let Some(value) = self.class_lookup(&instance.class, name) {
            self.bind_function(value, &of, place)
        } else {
            if let Some(Value::Str(text)) = instance.attributes.borrow().get("value")
                && instance.class.mro.borrow().iter().any(|base| {
                    base.name().is_some_and(|name| matches!(&*name, "str" | "enum.StrEnum"))
                })
            {
                return Ok(Value::Method(Rc::new((Value::Str(Rc::clone(text)), name.into()))));
            }
            Ok(self.term(TermKind::Attribute(of, name.into()), place))
        }
    }

    pub(super) fn super_attribute(
        &mut self,
        after: &Rc<Class>,
        of: &Value,
        name: &str,
        place: Place,
    ) -> Eval {
        let class = match of {
            Value::Class(class) => Rc::clone(class),
            Value::Instance(instance) => Rc::clone(&instance.class),
            other => return Ok(self.doubt(other, place)),
        };
        let order = class.mro.borrow().clone();
        let start = order
            .iter()
            .position(|base| matches!(base, Value::Class(base) if base.id == after.id))
            .map_or(0, |at| at + 1);
        for base in &order[start..] {
            match base {
                Value::Class(base) => {
                    let found = base.dict.borrow().get(name).cloned();
                    if let Some(value) = found {
                        return self.bind_function(value, of, place);
                    }
                }
                Value::Unknown(_) => return Ok(base.clone()),
                _ => {}
            }
        }
        if name == "__init__" && matches!(of, Value::Instance(_)) {
            return Ok(Value::Method(Rc::new((of.clone(), name.into()))));
        }
        Ok(self.term(TermKind::Name(format!("object.{name}").into()), place))
    }
}

/// A private name, as Python writes it into the class.
fn mangled(class: &str, name: &Rc<str>) -> Rc<str> {
    if name.starts_with("__") && !name.ends_with("__") {
        format!("_{}{name}", class.trim_start_matches('_')).into()
    } else {
        Rc::clone(name)
    }
}

/// The class that a subscripted base stands for: `Generic[T]` is `Generic`.
fn origin(base: Value) -> Value {
    if let Value::Term(term) = &base
        && let TermKind::Item(of, _) = &term.kind
    {
        return of.clone();
    }
    base
}

/// C3.
fn linearize(class: &Rc<Class>) -> Vec<Value> {
    let mut sequences: Vec<Vec<Value>> = class
        .bases
        .iter()
        .map(|base| match base {
            Value::Class(base) => base.mro.borrow().clone(),
            other => vec![other.clone()],
        })
        .collect();
    sequences.push(class.bases.clone());
    let mut order = vec![Value::Class(Rc::clone(class))];
    loop {
        sequences.retain(|sequence| !sequence.is_empty());
        if sequences.is_empty() {
            return order;
        }
        let candidate = sequences.iter().map(|sequence| &sequence[0]).find(|head| {
            !sequences.iter().any(|sequence| sequence[1..].iter().any(|other| other.same(head)))
        });
        // Python refuses an inconsistent order; libraries' bases are not known well enough for that.
        let next = candidate.unwrap_or(&sequences[0][0]).clone();
        for sequence in &mut sequences {
            sequence.retain(|other| !other.same(&next));
            if let Some(first) = sequence.first()
                && matches!((first, &next), (Value::Unknown(a), Value::Unknown(b)) if Rc::ptr_eq(a, b))
            {
                sequence.remove(0);
            }
        }
        order.push(next);
        if order.len() > 500 {
            return order;
        }
    }
}
