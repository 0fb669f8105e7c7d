//! Calls: of functions of the program, of classes, of what Python's library offers.

use std::rc::Rc;
use std::sync::Arc;

use rustpython_parser::ast;

use super::machine::{Eval, Flow, Frame, Machine, Stop, place};
use super::object::{Body, Cell, Function, MAX_NESTING, Object, Role};
use super::state::Scope;
use crate::source::TextRange;

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    pub(super) positional: Vec<Object>,
    pub(super) keywords: Vec<(Arc<str>, Object)>,
}

impl Arguments {
    pub(super) fn of(positional: Vec<Object>) -> Self {
        Self { positional, keywords: Vec::new() }
    }

    pub(super) fn first(&self) -> Option<&Object> {
        self.positional.first()
    }

    /// The argument at `index`, or the keyword `name`.
    pub(super) fn get(&self, index: usize, name: &str) -> Option<&Object> {
        self.positional.get(index).or_else(|| self.keyword(name))
    }

    pub(super) fn keyword(&self, name: &str) -> Option<&Object> {
        let found = self.keywords.iter().find(|(known, _)| &**known == name);
        found.map(|(_, value)| value)
    }

    /// All arguments.
    pub(super) fn all(&self) -> impl Iterator<Item = &Object> {
        self.positional.iter().chain(self.keywords.iter().map(|(_, value)| value))
    }

    fn prepend(&self, object: &Object) -> Self {
        let mut positional = vec![object.clone()];
        positional.extend(self.positional.iter().cloned());
        Self { positional, keywords: self.keywords.clone() }
    }
}

impl Machine<'_> {
    pub(super) fn call_expression(&mut self, call: &ast::ExprCall) -> Eval {
        let callee = self.eval(&call.func)?;
        let arguments = self.arguments(call);
        match (arguments, callee) {
            (Ok(arguments), callee) => self.call(&callee, &arguments, place(call)),
            (Err(stop), _) => Err(stop),
        }
    }

    fn arguments(&mut self, call: &ast::ExprCall) -> Eval<Arguments> {
        let positional = self.items(&call.args)?;
        let mut keywords = Vec::with_capacity(call.keywords.len());
        for keyword in &call.keywords {
            if let Some(name) = &keyword.arg {
                let value = self.eval(&keyword.value)?;
                keywords.push((Arc::from(name.as_str()), value));
                continue;
            }
            let source = self.eval_known(&keyword.value)?;
            for (key, value) in self.pairs(&source, place(keyword))? {
                let Object::Str(name) = key else {
                    return Err(self.raise(
                        "TypeError",
                        "keywords must be strings",
                        place(keyword),
                    ));
                };
                keywords.push((name, value));
            }
        }
        Ok(Arguments { positional, keywords })
    }

    pub(super) fn call(
        &mut self,
        callee: &Object,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        self.deeper(|machine| match callee {
            Object::Function(function) => machine.call_function(function, arguments, range),
            Object::Method(method) => {
                let arguments = arguments.prepend(&method.0);
                machine.call_function(&method.1, &arguments, range)
            }
            Object::Class(id) => machine.instantiate(*id, arguments, range),
            Object::Builtin(name) => {
                let result = machine.call_builtin(name, arguments, range);
                machine.escape_on_unknown(result, arguments)
            }
            Object::BoundBuiltin(method) => {
                let result = machine.call_method(&method.0, &method.1, arguments, range);
                if let Err(stop @ Stop::Unknown(_)) = &result {
                    machine.escape(&method.0, stop);
                }
                machine.escape_on_unknown(result, arguments)
            }
            Object::Unknown(cause) => {
                let result = Err(Stop::Unknown(Rc::clone(cause)));
                machine.escape_on_unknown(result, arguments)
            }
            _ => {
                let result =
                    Err(machine.unknown("this call is only known when the program runs", range));
                machine.escape_on_unknown(result, arguments)
            }
        })
    }

    /// What unknown code was given, it may have changed.
    fn escape_on_unknown(&mut self, result: Eval, arguments: &Arguments) -> Eval {
        if let Err(stop @ Stop::Unknown(_)) = &result {
            for argument in arguments.all() {
                self.escape(argument, stop);
            }
        }
        result
    }

    fn call_function(
        &mut self,
        function: &Rc<Function>,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let globals = self.state.scope(function.scope).globals;
        let mut scope = Scope { parent: Some(function.scope), globals, ..Scope::default() };
        self.bind_parameters(function, arguments, &mut scope, range.clone())?;
        let id = self.state.add_scope(scope);
        let frame = Frame { scope: id, file: function.file };
        match &function.body {
            Body::Expression(expr) => self.in_frame(frame, |machine| machine.eval(expr)),
            Body::Async => Err(self.unknown("asynchronous code is not followed", range)),
            Body::Block(body) => {
                self.state.pending.push(Vec::new());
                let result = self.in_frame(frame, |machine| machine.block(body));
                let pending = self.state.pending.pop().unwrap_or_default();
                let value = match result? {
                    Flow::Return(value) => value,
                    Flow::Unclear(cause) => return Err(Stop::Unknown(cause)),
                    _ => Object::None,
                };
                self.join_returned(value, &pending, range)
            }
            Body::Generator(body) => {
                self.state.pending.push(Vec::new());
                let result = self.in_frame(frame, |machine| machine.block(body));
                let pending = self.state.pending.pop().unwrap_or_default();
                if let Flow::Unclear(cause) = result? {
                    return Err(Stop::Unknown(cause));
                }
                let items = std::mem::take(&mut self.state.scope_mut(id).yielded);
                let unknown = items.iter().chain(&pending).find_map(Object::cause);
                if let Some(cause) = unknown {
                    return Err(Stop::Unknown(Rc::clone(cause)));
                }
                Ok(Object::Iterator(self.state.allocate(Cell::Iterator(items.into()))))
            }
        }
    }

    /// The result of a call whose forks may have returned before.
    fn join_returned(&self, value: Object, pending: &[Object], range: TextRange) -> Eval {
        let agrees = |other: &Object| super::state::same(&self.state, &value, &self.state, other);
        if pending.iter().all(agrees) {
            return Ok(value);
        }
        Err(self.unknown("what the function returns is only known when the program runs", range))
    }

    fn bind_parameters(
        &mut self,
        function: &Function,
        arguments: &Arguments,
        scope: &mut Scope,
        range: TextRange,
    ) -> Eval<()> {
        let parameters = &function.arguments;
        let wrong = |machine: &Self, what: &str| {
            let message = format!("`{}()` {what}", function.name);
            machine.raise("TypeError", message, range.clone())
        };
        let by_position: Vec<&str> = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .map(|parameter| parameter.def.arg.as_str())
            .collect();
        for (name, value) in by_position.iter().zip(&arguments.positional) {
            scope.names.insert(Arc::from(*name), value.clone());
        }
        let rest = arguments.positional.get(by_position.len()..).unwrap_or_default();
        match &parameters.vararg {
            Some(vararg) => {
                scope.names.insert(vararg.arg.as_str().into(), Object::tuple(rest.to_vec()));
            }
            None if !rest.is_empty() => {
                return Err(wrong(self, "takes fewer positional arguments"));
            }
            None => {}
        }
        let by_keyword = parameters.args.iter().chain(&parameters.kwonlyargs);
        let by_keyword: Vec<&str> =
            by_keyword.map(|parameter| parameter.def.arg.as_str()).collect();
        let mut collected = Vec::new();
        for (name, value) in &arguments.keywords {
            if !by_keyword.contains(&&**name) {
                if parameters.kwarg.is_none() {
                    let message = format!("got an unexpected keyword argument `{name}`");
                    return Err(wrong(self, &message));
                }
                collected.push((Object::Str(Arc::clone(name)), value.clone()));
                continue;
            }
            if scope.names.insert(Arc::clone(name), value.clone()).is_some() {
                return Err(wrong(self, &format!("got multiple values for argument `{name}`")));
            }
        }
        if let Some(kwarg) = &parameters.kwarg {
            let dict = Object::Dict(self.state.allocate(Cell::Dict(collected)));
            scope.names.insert(kwarg.arg.as_str().into(), dict);
        }
        for (name, value) in &function.defaults {
            scope.names.entry(Arc::clone(name)).or_insert_with(|| value.clone());
        }
        let all = by_position.iter().chain(&by_keyword);
        if let Some(missing) = all.into_iter().find(|name| !scope.names.contains_key(**name)) {
            return Err(wrong(self, &format!("missing the argument `{missing}`")));
        }
        Ok(())
    }

    /// The defaults of a function's parameters, evaluated where the function is defined.
    pub(super) fn defaults(&mut self, arguments: &ast::Arguments) -> Eval<Vec<(Arc<str>, Object)>> {
        let mut defaults = Vec::new();
        let parameters =
            arguments.posonlyargs.iter().chain(&arguments.args).chain(&arguments.kwonlyargs);
        for parameter in parameters {
            if let Some(default) = &parameter.default {
                let mut value = self.eval(default)?;
                if value.depth() >= MAX_NESTING {
                    let reason = "the value is nested too deeply to be worked out";
                    value = Object::Unknown(self.cause(reason, place(default.as_ref())));
                }
                defaults.push((Arc::from(parameter.def.arg.as_str()), value));
            }
        }
        Ok(defaults)
    }

    /// The function that a `def` makes, before its decorators.
    pub(super) fn function(&mut self, def: &ast::StmtFunctionDef) -> Eval<Rc<Function>> {
        let defaults = self.defaults(&def.args)?;
        let body = if super::loops::yields(&def.body) {
            Body::Generator(def.body.clone())
        } else {
            Body::Block(def.body.clone())
        };
        Ok(Rc::new(Function {
            name: def.name.as_str().into(),
            arguments: def.args.clone(),
            body,
            scope: self.frame.scope,
            file: self.frame.file,
            role: Role::Plain,
            depth: depth_of(&defaults),
            defaults,
        }))
    }
}

/// The depth of a function with these defaults; see [`Object::depth`].
pub(super) fn depth_of(defaults: &[(Arc<str>, Object)]) -> u8 {
    1 + defaults.iter().map(|(_, value)| value.depth()).max().unwrap_or(0)
}
