//! Functions: their definition and their calls.

use std::rc::Rc;

use python_static::{
    TextRange,
    tree::{self, Expression, Node, ParameterKind},
};

use super::{
    machine::{Eval, Machine},
    statements::{Flow, dotted},
    value::{Decorator, Deferred, Function, Object, Scope, Value},
};

/// The keywords of a call, as the tree has them.
type Keywords = [(Option<Box<str>>, Expression)];

/// The arguments of a call.
#[derive(Clone, Default)]
pub(super) struct Arguments {
    pub(super) plain: Vec<Value>,
    pub(super) keywords: Vec<(Rc<str>, Value)>,
    /// There may be more of them: why.
    pub(super) open: Option<Rc<super::Doubt>>,
}

impl Arguments {
    pub(super) fn of(plain: Vec<Value>) -> Self {
        Self { plain, ..Self::default() }
    }

    pub(super) fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
    }

    /// The argument by place or by name.
    pub(super) fn get(&self, index: usize, name: &str) -> Option<&Value> {
        self.plain.get(index).or_else(|| self.keyword(name))
    }

    pub(super) fn text(&self, index: usize, name: &str) -> Option<&str> {
        self.get(index, name).and_then(Value::as_str)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Value> {
        self.plain.iter().chain(self.keywords.iter().map(|(_, value)| value))
    }
}

impl Machine<'_> {
    pub(super) fn define(
        &mut self,
        scope: &Rc<Scope>,
        function: &tree::Function,
        range: &TextRange,
    ) -> Eval {
        let mut decorators = Vec::with_capacity(function.decorators.len());
        for decorator in &function.decorators {
            decorators.push(self.decorator(scope, decorator)?);
        }
        let mut defaults = Vec::with_capacity(function.parameters.len());
        for parameter in &function.parameters {
            let default =
                parameter.default.as_ref().map(|default| self.eval(scope, default)).transpose()?;
            defaults.push(default);
        }
        Ok(Value::Function(Rc::new(Function {
            definition: Rc::new(function.clone()),
            scope: Rc::clone(scope),
            line: scope.module.file.line_of(range.start),
            decorators,
            defaults,
        })))
    }

    /// A value whose name is used: a function that waited is parsed now.
    pub(super) fn used(&mut self, value: Value) -> Value {
        let Value::Deferred(deferred) = &value else { return value };
        if let Some(function) = deferred.function.get() {
            return function.clone();
        }
        let Deferred { scope, range, function } = &**deferred;
        let defined = match tree::read_function(&scope.module.file.source, range) {
            Ok(definition) => self
                .define(scope, &definition, range)
                .unwrap_or_else(|raised| Value::Unknown(raised.doubt)),
            Err(reason) => self.unknown(scope, range, reason),
        };
        function.get_or_init(|| defined).clone()
    }

    pub(super) fn lambda(
        &mut self,
        scope: &Rc<Scope>,
        parameters: &[tree::Parameter],
        value: &Expression,
        range: &TextRange,
    ) -> Eval {
        let body = vec![tree::Statement {
            range: value.range.clone(),
            action: tree::Action::Return(Some(value.clone())),
        }];
        let function = tree::Function {
            name: "lambda".into(),
            decorators: Vec::new(),
            parameters: parameters.to_vec(),
            body,
        };
        self.define(scope, &function, range)
    }

    fn decorator(&mut self, scope: &Rc<Scope>, expression: &Expression) -> Eval<Decorator> {
        let (callee, arguments) = match &expression.node {
            Node::Call { function, arguments, keywords } => {
                (&**function, self.arguments(scope, arguments, keywords)?)
            }
            _ => (expression, Arguments::default()),
        };
        let name = match &callee.node {
            // `@name.setter`
            Node::Attribute { name, .. } if matches!(&**name, "setter" | "deleter") => {
                (&**name).into()
            }
            _ => match self.eval(scope, callee)? {
                Value::External(name) => name,
                _ => dotted(callee).unwrap_or_default().into(),
            },
        };
        let keywords = arguments
            .keywords
            .iter()
            .map(|(name, value)| ((&**name).into(), value.clone()))
            .collect();
        Ok(Decorator { name, arguments: arguments.plain, keywords })
    }

    pub(super) fn arguments(
        &mut self,
        scope: &Rc<Scope>,
        plain: &[Expression],
        keywords: &[(Option<Box<str>>, Expression)],
    ) -> Eval<Arguments> {
        let mut found = Arguments::default();
        for expression in plain {
            let value = self.eval(scope, expression)?;
            match (&expression.node, self.items_of(&value)) {
                (Node::Starred(_), Some(items)) => found.plain.extend(items),
                (Node::Starred(_), None) => {
                    found.open =
                        Some(self.doubt(scope, &expression.range, "these arguments are not known"));
                }
                _ => found.plain.push(value),
            }
        }
        for (name, expression) in keywords {
            let value = self.eval(scope, expression)?;
            match (name, &value) {
                (Some(name), _) => found.keywords.push(((&**name).into(), value)),
                (None, Value::Dict(dict)) => {
                    found.keywords.extend(dict.items.borrow().iter().cloned());
                    found.open = found.open.or_else(|| dict.open.borrow().clone());
                }
                (None, other) => {
                    let unknown = self.unknown_from(
                        scope,
                        &expression.range,
                        &[other],
                        "these arguments are not known",
                    );
                    found.open = unknown.doubt().cloned();
                }
            }
        }
        Ok(found)
    }

    pub(super) fn call_expression(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        function: &Expression,
        (plain, keywords): (&[Expression], &Keywords),
    ) -> Eval {
        // `super().method(…)` has no meaning of its own here.
        let callee = self.eval(scope, function)?;
        let arguments = self.arguments(scope, plain, keywords)?;
        self.call(scope, range, &callee, arguments)
    }

    pub(super) fn call(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        callee: &Value,
        arguments: Arguments,
    ) -> Eval {
        match callee {
            Value::Function(function) => self.call_function(scope, range, function, arguments),
            Value::Deferred(_) => {
                let callee = self.used(callee.clone());
                self.call(scope, range, &callee, arguments)
            }
            Value::Bound(bound) => {
                let (of, function) = &**bound;
                let mut with_self = arguments;
                with_self.plain.insert(0, of.clone());
                self.call_function(scope, range, function, with_self)
            }
            Value::Class(class) => self.instantiate(scope, range, class, arguments),
            Value::External(name) => self.call_library(scope, range, &name.clone(), arguments),
            Value::Method(method) => {
                let (of, name) = &**method;
                self.call_method(scope, range, of, name, arguments)
            }
            Value::Object(object) if object.tag == "starlette" => {
                self.starlette(scope, range, object, &arguments)
            }
            Value::Object(object) if object.tag == "environs" => {
                Ok(self.environs(scope, range, (object, "__call__"), &arguments))
            }
            Value::Object(object) if object.tag == "partial" => {
                self.call_partial(scope, range, object, arguments)
            }
            Value::Object(object) => match self.class_member(object, "__call__") {
                Some(Value::Function(function)) => {
                    let mut with_self = arguments;
                    with_self.plain.insert(0, callee.clone());
                    self.call_function(scope, range, &function, with_self)
                }
                _ => self.call_unknown(
                    scope,
                    range,
                    callee,
                    &arguments,
                    "what is called here is not known",
                ),
            },
            _ => self.call_unknown(
                scope,
                range,
                callee,
                &arguments,
                "what is called here is not known",
            ),
        }
    }

    /// `functools.partial(…)`: the first argument is the function.
    pub(super) fn partial(&self, arguments: &Arguments) -> Value {
        let partial = self.object("partial");
        let keywords = self.new_dict(arguments.keywords.clone(), arguments.open.clone());
        let mut attributes = partial.attributes.borrow_mut();
        attributes.insert("args".into(), self.list(arguments.plain.clone()));
        attributes.insert("keywords".into(), Value::Dict(keywords));
        drop(attributes);
        Value::Object(partial)
    }

    fn call_partial(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        partial: &Object,
        arguments: Arguments,
    ) -> Eval {
        let attribute = |name| partial.attributes.borrow().get(name).cloned();
        let (Some(Value::List(plain)), Some(Value::Dict(keywords))) =
            (attribute("args"), attribute("keywords"))
        else {
            let reason = "what is called here is not known";
            return self.call_unknown(scope, range, &Value::None, &arguments, reason);
        };
        let mut whole = Arguments::of(plain.items.borrow().clone());
        whole.plain.extend(arguments.plain);
        whole.keywords = arguments.keywords;
        for (name, value) in keywords.items.borrow().iter() {
            if whole.keyword(name).is_none() {
                whole.keywords.push((Rc::clone(name), value.clone()));
            }
        }
        whole.open = arguments.open.or_else(|| keywords.open.borrow().clone());
        if whole.plain.is_empty() {
            let reason = "what is called here is not known";
            return self.call_unknown(scope, range, &Value::None, &whole, reason);
        }
        let function = whole.plain.remove(0);
        self.call(scope, range, &function, whole)
    }

    /// A call of what is not followed: it may call the functions that it is given, and change what it is given.
    pub(super) fn call_unknown(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        callee: &Value,
        arguments: &Arguments,
        reason: &str,
    ) -> Eval {
        self.foreign_calls += 1;
        let result = self.unknown_from(scope, range, &[callee], reason);
        let Some(doubt) = result.doubt().cloned() else {
            return Ok(result);
        };
        for value in arguments.all() {
            match &self.used(value.clone()) {
                Value::External(name)
                    if matches!(
                        &**name,
                        "alembic.context.config"
                            | "alembic.context.config.file_config"
                            | "alembic.context"
                    ) =>
                {
                    self.config_doubt = Some(Rc::clone(&doubt));
                }
                Value::External(name) if &**name == "os.environ" => {
                    self.environment_doubt = Some(Rc::clone(&doubt));
                }
                Value::Dict(dict) => self.open_up(dict, &doubt),
                // Whatever stands in it may be called, or changed.
                Value::Object(partial) if partial.tag == "partial" => {
                    let within = partial.attributes.borrow().get("args").cloned();
                    let given = within.and_then(|args| self.items_of(&args)).unwrap_or_default();
                    self.call_unknown(scope, range, callee, &Arguments::of(given), reason)?;
                }
                Value::Object(object) => *object.open.borrow_mut() = Some(Rc::clone(&doubt)),
                Value::Function(function) => self.may_run(scope, range, function, &doubt),
                _ => {}
            }
        }
        Ok(result)
    }

    /// A function may be called, with arguments that are not known.
    pub(super) fn may_run(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        function: &Rc<Function>,
        doubt: &Rc<super::Doubt>,
    ) {
        let unknown = Value::Unknown(Rc::clone(doubt));
        let given = vec![unknown; function.definition.parameters.len()];
        self.under(Rc::clone(doubt), |machine| {
            // What it may raise is none of the caller's.
            let _ = machine.run_function(scope, range, function, Arguments::of(given));
        });
    }

    pub(super) fn call_function(
        &mut self,
        caller: &Rc<Scope>,
        range: &TextRange,
        function: &Rc<Function>,
        arguments: Arguments,
    ) -> Eval {
        if let Some(decorator) =
            function.decorators.iter().find(|decorator| !is_transparent(&decorator.name))
        {
            let reason = format!(
                "`{}` is decorated by `{}`, which is not followed",
                function.definition.name, decorator.name
            );
            let callee = self.unknown(caller, range, reason);
            if let Some(doubt) = callee.doubt().cloned() {
                // Its code may run, as the decorator likes; what it configures may be something else.
                let configured = self.configured.len();
                let given = arguments.clone();
                self.under(doubt, |machine| {
                    let _ = machine.run_function(caller, range, function, given);
                });
                self.configured.truncate(configured);
            }
            return self.call_unknown(caller, range, &callee, &arguments, "");
        }
        self.run_function(caller, range, function, arguments)
    }

    /// Runs a function as it is written, whatever decorates it.
    fn run_function(
        &mut self,
        caller: &Rc<Scope>,
        range: &TextRange,
        function: &Rc<Function>,
        arguments: Arguments,
    ) -> Eval {
        if !self.step() {
            return Ok(self.unknown(
                caller,
                range,
                "the code is too long or too deeply nested to be followed",
            ));
        }
        let level = self.level();
        let scope = Scope::inside(&function.scope, false, level);
        self.bind_arguments(caller, range, (function, &scope), arguments);
        self.maybe_returns.push(Vec::new());
        let flow = self.deeper(|machine| machine.block(&scope, &function.definition.body));
        self.conditions.truncate(level);
        let mut results = self.maybe_returns.pop().unwrap_or_default();
        let last = match flow? {
            Flow::Return(value) => value,
            Flow::Next | Flow::Break | Flow::Continue => Value::None,
        };
        results.push(last);
        Ok(self.joined(&results))
    }

    fn bind_arguments(
        &mut self,
        caller: &Rc<Scope>,
        range: &TextRange,
        (function, scope): (&Rc<Function>, &Rc<Scope>),
        arguments: Arguments,
    ) {
        let mut plain = arguments.plain.into_iter();
        let mut keywords = arguments.keywords;
        for (parameter, default) in function.definition.parameters.iter().zip(&function.defaults) {
            let named = keywords.iter().position(|(name, _)| **name == *parameter.name);
            let value = match parameter.kind {
                ParameterKind::Rest => {
                    let rest = plain.by_ref().collect();
                    self.list(rest)
                }
                ParameterKind::Keywords => {
                    let rest = std::mem::take(&mut keywords);
                    Value::Dict(self.new_dict(rest, arguments.open.clone()))
                }
                kind => {
                    let next = if kind == ParameterKind::Plain { plain.next() } else { None };
                    next.or_else(|| named.map(|index| keywords.remove(index).1))
                        .or_else(|| arguments.open.clone().map(Value::Unknown))
                        .or_else(|| default.clone())
                        .unwrap_or_else(|| {
                            self.unknown(
                                caller,
                                range,
                                format!("the argument `{}` is not known", parameter.name),
                            )
                        })
                }
            };
            scope.set(&parameter.name, value);
        }
    }
}

/// Decorators that leave what a function returns as it is.
fn is_transparent(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let known = [
        "property",
        "cached_property",
        "computed_field",
        "staticmethod",
        "classmethod",
        "lru_cache",
        "cache",
        "wraps",
        "override",
        "final",
        "abstractmethod",
        "overload",
        "validator",
        "field_validator",
        "model_validator",
        "root_validator",
        "setter",
        "hybrid_property",
        "no_type_check",
        "singledispatch",
    ];
    known.contains(&last)
}
