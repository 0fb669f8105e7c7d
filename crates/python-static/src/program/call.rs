//! Calls and attributes.

use std::cell::RefCell;
use std::rc::Rc;

use rustpython_parser::ast;

use super::args::Arguments;
use super::exec::Flow;
use super::value::{Code, Function, Instance, Place, Role, Scope, ScopeKind, TermKind, Value};
use super::{Eval, Machine, Stop};

impl Machine {
    pub(super) fn ask_call(
        &mut self,
        function: &Value,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let host = Rc::clone(&self.host);
        host.call(self, function, arguments, place)
    }

    pub(super) fn ask_attribute(
        &mut self,
        of: &Value,
        name: &str,
        place: Place,
        index: Option<&Value>,
    ) -> Option<Value> {
        let host = Rc::clone(&self.host);
        match index {
            None => host.attribute(self, of, name, place),
            Some(index) => {
                let method = self.term(TermKind::Attribute(of.clone(), name.into()), place);
                host.call(self, &method, &Arguments::of(vec![index.clone()]), place)
            }
        }
    }

    /// Calls a value.
    ///
    /// # Errors
    /// What the call raises, and bounds.
    pub fn call(&mut self, function: &Value, arguments: Arguments, place: Place) -> Eval {
        self.step(place)?;
        match function {
            Value::Unknown(_) => Ok(function.clone()),
            Value::Function(function) => self.call_function(function, arguments, place),
            Value::Bound(bound) => {
                let mut arguments = arguments;
                arguments.positional.insert(0, bound.0.clone());
                self.call_function(&bound.1, arguments, place)
            }
            Value::Partial(partial) => {
                let mut all = partial.1.clone();
                all.positional.extend(arguments.positional);
                for (name, value) in arguments.keywords {
                    all.keywords.retain(|(known, _)| *known != name);
                    all.keywords.push((name, value));
                }
                all.unknown = all.unknown.or(arguments.unknown);
                self.call(&partial.0, all, place)
            }
            Value::Builtin(name) => self.call_builtin(name, arguments, place),
            Value::Method(method) => self.call_method(&method.0, &method.1, &arguments, place),
            Value::Class(class) => {
                if let Some(value) = self.ask_call(function, &arguments, place) {
                    return Ok(value);
                }
                if class.is_enum.get() {
                    return self.enum_member(class, &arguments, place);
                }
                self.allocate(place)?;
                let instance = Value::Instance(Rc::new(Instance {
                    class: Rc::clone(class),
                    attributes: RefCell::default(),
                    place,
                    arguments: arguments.clone(),
                    handed_on: RefCell::default(),
                }));
                if let Some(Value::Function(init)) = self.class_lookup(class, "__init__") {
                    let mut all = arguments;
                    all.positional.insert(0, instance.clone());
                    match self.call_function(&init, all, place) {
                        Ok(_) | Err(Stop::Raise(..)) => {}
                        Err(stop) => return Err(stop),
                    }
                }
                Ok(instance)
            }
            Value::Instance(instance) => match self.class_lookup(&instance.class, "__call__") {
                Some(Value::Function(method)) => {
                    let mut arguments = arguments;
                    arguments.positional.insert(0, function.clone());
                    self.call_function(&method, arguments, place)
                }
                _ => Ok(self.unknown("the instance's call is not known", place)),
            },
            Value::Term(_) => {
                if let Some(name) = function.name()
                    && let Some(value) = self.call_library(&name, &arguments, place)?
                {
                    return Ok(value);
                }
                if let Some((name, all)) = compiled_pattern(function, &arguments)
                    && let Some(value) = self.call_library(&name, &all, place)?
                {
                    return Ok(value);
                }
                if let Some(value) = self.ask_call(function, &arguments, place) {
                    return Ok(value);
                }
                Ok(self.term(TermKind::Call(function.clone(), arguments), place))
            }
            _ => Ok(self.unknown("the call is not known", place)),
        }
    }

    fn call_function(
        &mut self,
        function: &Rc<Function>,
        arguments: Arguments,
        place: Place,
    ) -> Eval {
        let module = Rc::clone(&function.scope.module);
        let Some(file) = module.file.clone() else {
            return Ok(self.unknown("the function's source is not there", place));
        };
        if let Some(unknown) = arguments.unknown {
            return Ok(unknown);
        }
        self.deeper(place, |machine| match &function.code {
            Code::Lambda(lambda) => {
                let scope = machine.bind(function, &lambda.args, arguments, place)?;
                machine.eval(&scope, &lambda.body)
            }
            Code::Def(top, offset) => {
                let Some(def) = Self::find_def(&file, *top, *offset) else {
                    return Ok(machine.unknown("the function cannot be read", place));
                };
                let scope = machine.bind(function, &def.args, arguments, place)?;
                scope.top.set(*top);
                let flow = machine.block(&scope, &def.body)?;
                let yields = std::mem::take(&mut *scope.yields.borrow_mut());
                Ok(match flow {
                    Flow::Return(value) if yields.is_empty() => value,
                    _ if !yields.is_empty() => Value::list(yields),
                    _ => Value::None,
                })
            }
        })
    }

    fn bind(
        &mut self,
        function: &Rc<Function>,
        parameters: &ast::Arguments,
        arguments: Arguments,
        place: Place,
    ) -> Eval<Rc<Scope>> {
        let parent = Some(Rc::clone(&function.scope));
        let mut scope = Scope::new(ScopeKind::Function, &function.scope.module, parent);
        if let Some(inner) = Rc::get_mut(&mut scope) {
            inner.class = function.class.borrow().clone();
        }
        *scope.first.borrow_mut() = arguments.positional.first().cloned();
        let plain: Vec<&ast::ArgWithDefault> =
            parameters.posonlyargs.iter().chain(&parameters.args).collect();
        let mut keywords = arguments.keywords;
        let mut positional = arguments.positional.into_iter();
        let first_default = plain.len() - function.defaults.len().min(plain.len());
        for (at, parameter) in plain.iter().enumerate() {
            let name = parameter.def.arg.as_str();
            let value = if let Some(value) = positional.next() {
                value
            } else if let Some(found) = keywords.iter().position(|(known, _)| &**known == name) {
                keywords.remove(found).1
            } else if let Some(default) =
                at.checked_sub(first_default).and_then(|at| function.defaults.get(at))
            {
                default.clone()
            } else {
                return Err(Stop::Raise("TypeError".into(), place));
            };
            scope.set(name, value);
        }
        let rest: Vec<Value> = positional.collect();
        match &parameters.vararg {
            Some(vararg) => scope.set(&vararg.arg, Value::tuple(rest)),
            None if !rest.is_empty() => return Err(Stop::Raise("TypeError".into(), place)),
            None => {}
        }
        for parameter in &parameters.kwonlyargs {
            let name = parameter.def.arg.as_str();
            let value = if let Some(found) = keywords.iter().position(|(known, _)| &**known == name)
            {
                keywords.remove(found).1
            } else if let Some((_, default)) =
                function.keyword_defaults.iter().find(|(known, _)| &**known == name)
            {
                default.clone()
            } else {
                return Err(Stop::Raise("TypeError".into(), place));
            };
            scope.set(name, value);
        }
        match &parameters.kwarg {
            Some(kwarg) => {
                let pairs =
                    keywords.into_iter().map(|(name, value)| (Value::Str(name), value)).collect();
                scope.set(&kwarg.arg, Value::dict(pairs));
            }
            None if !keywords.is_empty() => return Err(Stop::Raise("TypeError".into(), place)),
            None => {}
        }
        Ok(scope)
    }

    pub(super) fn bare_super(&mut self, scope: &Rc<Scope>, place: Place) -> Value {
        let mut at = Some(Rc::clone(scope));
        while let Some(here) = at {
            if let (Some(class), Some(first)) = (here.class.clone(), here.first.borrow().clone()) {
                return Value::Super(Rc::new((class, first)));
            }
            at = here.parent.clone();
        }
        self.unknown("`super()` is not known here", place)
    }

    /// An attribute of a value.
    ///
    /// # Errors
    /// What Python raises when there is none, and bounds.
    pub fn attribute(&mut self, of: &Value, name: &str, place: Place) -> Eval {
        match of {
            Value::Unknown(_) => Ok(of.clone()),
            Value::Module(module) => self.module_attribute(&Rc::clone(module), name, place),
            Value::Term(term) => {
                if let Some(value) = self.ask_attribute(of, name, place, None) {
                    return Ok(value);
                }
                match &term.kind {
                    TermKind::Name(full) => match name {
                        "__name__" | "__qualname__" => {
                            Ok(Value::str(full.rsplit('.').next().unwrap_or(full)))
                        }
                        "TYPE_CHECKING" => Ok(Value::Bool(false)),
                        "version_info" if &**full == "sys" => Ok(Value::tuple(vec![
                            Value::Int(3),
                            Value::Int(12),
                            Value::Int(0),
                            Value::str("final"),
                            Value::Int(0),
                        ])),
                        _ if full.len() < 200 => {
                            Ok(self.term(TermKind::Name(format!("{full}.{name}").into()), place))
                        }
                        _ => Ok(self.unknown("the name is too long", place)),
                    },
                    _ => Ok(self.term(TermKind::Attribute(of.clone(), name.into()), place)),
                }
            }
            Value::Class(class) => {
                if let Some(value) = self.ask_attribute(of, name, place, None) {
                    return Ok(value);
                }
                self.class_attribute(&Rc::clone(class), name, place)
            }
            Value::Instance(instance) => self.instance_attribute(&Rc::clone(instance), name, place),
            Value::Super(pair) => {
                let pair = Rc::clone(pair);
                self.super_attribute(&pair.0, &pair.1, name, place)
            }
            Value::Function(function) => match name {
                "__name__" | "__qualname__" => Ok(Value::Str(Rc::clone(&function.name))),
                "__doc__" => Ok(Value::None),
                "__module__" => Ok(Value::Str(Rc::clone(&function.scope.module.name))),
                _ => Ok(self.unknown(format!("`.{name}` of a function is not known"), place)),
            },
            Value::Bound(bound) if name == "__func__" => Ok(Value::Function(Rc::clone(&bound.1))),
            Value::Builtin(full) => match name {
                "__name__" | "__qualname__" => Ok(Value::Str(Rc::clone(full))),
                _ => Ok(Value::Builtin(format!("{full}.{name}").into())),
            },
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Ellipsis => {
                Err(Stop::Raise("AttributeError".into(), place))
            }
            _ => Ok(Value::Method(Rc::new((of.clone(), name.into())))),
        }
    }

    pub(super) fn set_attribute(&mut self, of: &Value, name: &str, value: Value, place: Place) {
        let host = Rc::clone(&self.host);
        if host.assign(self, of, name, &value, place) {
            return;
        }
        match of {
            Value::Class(class) => {
                class.dict.borrow_mut().insert(name.into(), value);
            }
            Value::Instance(instance) => {
                instance.attributes.borrow_mut().insert(name.into(), value);
            }
            Value::Module(module) => {
                if let Some(scope) = module.scope.borrow().as_ref() {
                    scope.set(name, value);
                }
            }
            _ => {}
        }
    }

    pub(super) fn bind_function(&mut self, value: Value, to: &Value, place: Place) -> Eval {
        let Value::Function(function) = &value else { return Ok(value) };
        let class = match to {
            Value::Instance(instance) => Value::Class(Rc::clone(&instance.class)),
            other => other.clone(),
        };
        match (function.role, to) {
            (Role::Static, _) => Ok(value),
            (Role::ClassMethod, _) => Ok(Value::Bound(Rc::new((class, Rc::clone(function))))),
            (Role::Property, Value::Instance(_)) => {
                self.call_function(function, Arguments::of(vec![to.clone()]), place)
            }
            (Role::Plain, Value::Instance(_)) => {
                Ok(Value::Bound(Rc::new((to.clone(), Rc::clone(function)))))
            }
            _ => Ok(value),
        }
    }
}

/// `re.compile(pattern).sub(…)` as `re.sub(pattern, …)`.
fn compiled_pattern(function: &Value, arguments: &Arguments) -> Option<(String, Arguments)> {
    let TermKind::Attribute(of, method) = &function.as_term()?.kind else { return None };
    let (head, given) = of.as_call()?;
    if head.name().as_deref() != Some("re.compile") || !given.keywords.is_empty() {
        return None;
    }
    let [pattern @ Value::Str(_)] = given.positional.as_slice() else { return None };
    let mut all = arguments.clone();
    all.positional.insert(0, pattern.clone());
    Some((format!("re.{method}"), all))
}
