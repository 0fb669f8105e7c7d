//! Statements, one after the other.

use std::rc::Rc;

use python_static::{
    TextRange,
    tree::{Action, Expression, Node, Statement},
};

use super::{
    Doubt,
    machine::{Eval, Machine, Raised},
    value::{Deferred, Field, Scope, Value},
};

/// How a block was left.
pub(super) enum Flow {
    Next,
    Return(Value),
    Break,
    Continue,
}

impl Machine<'_> {
    pub(super) fn block(&mut self, scope: &Rc<Scope>, statements: &[Statement]) -> Eval<Flow> {
        for statement in statements {
            if !self.step() {
                let reason = "the code is too long or too deeply nested to be followed";
                return Err(self.raise(scope, &statement.range, "RecursionError", reason));
            }
            match self.deeper(|machine| machine.statement(scope, statement))? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    pub(super) fn statement(&mut self, scope: &Rc<Scope>, statement: &Statement) -> Eval<Flow> {
        let range = &statement.range;
        match &statement.action {
            Action::Expression(value) => {
                self.eval(scope, value)?;
            }
            Action::Assign { targets, value } => {
                let value = self.eval(scope, value)?;
                for target in targets {
                    self.assign(scope, target, value.clone())?;
                }
            }
            Action::Annotated { target, annotation, value } => {
                let value = value.as_ref().map(|value| self.eval(scope, value)).transpose()?;
                self.annotated(scope, target, annotation, value, range)?;
            }
            Action::Augmented { target, operator, value } => {
                let old = self.eval(scope, target)?;
                let value = self.eval(scope, value)?;
                if matches!(&old, Value::External(name) if &**name == "os.environ") {
                    self.update_environment(scope, range, Some(&value));
                    return Ok(Flow::Next);
                }
                let value = self.binary(scope, range, &old, operator, &value);
                self.assign(scope, target, value)?;
            }
            Action::If { test, then, otherwise } => {
                return self.branch(scope, test, then, otherwise);
            }
            Action::With { items, body } => {
                if let Some(handler) = self.suppression(scope, items) {
                    return self.try_block(scope, range, (body, &[handler], &[]));
                }
                return self.with_block(scope, items, body);
            }
            Action::Try { body, handlers, otherwise, finally } => {
                let result = self.try_block(scope, range, (body, handlers, otherwise));
                match self.block(scope, finally)? {
                    Flow::Next => return result,
                    flow => return Ok(flow),
                }
            }
            Action::For { target, over, body, otherwise } => {
                return self.for_loop(scope, target, over, (body, otherwise));
            }
            Action::While { test, body, otherwise } => {
                return self.while_loop(scope, test, (body, otherwise));
            }
            Action::Function(function) => {
                let value = self.define(scope, function, range)?;
                self.bind(scope, &function.name, value.clone());
                if let (Value::Function(function), false) = (&value, function.decorators.is_empty())
                {
                    self.listens(scope, range, function);
                }
            }
            Action::Deferred => self.defer(scope, range),
            Action::Class(class) => {
                let value = self.define_class(scope, class)?;
                self.bind(scope, &class.name, value);
            }
            Action::Return(value) => {
                let value = value.as_ref().map(|value| self.eval(scope, value)).transpose()?;
                return Ok(Flow::Return(value.unwrap_or(Value::None)));
            }
            Action::Raise(value) => return Err(self.raised(scope, value.as_ref(), range)),
            Action::Import(names) => self.import(scope, names, range)?,
            Action::ImportFrom { level, module, names } => {
                self.import_from(scope, (*level, module), names, range)?;
            }
            Action::Delete(targets) => {
                for target in targets {
                    let gone = self.unknown(scope, range, "it is deleted here");
                    self.assign(scope, target, gone)?;
                }
            }
            Action::Global(names) => scope.globals.borrow_mut().extend(names.iter().cloned()),
            Action::Nonlocal(names) => scope.nonlocals.borrow_mut().extend(names.iter().cloned()),
            Action::Break => return Ok(Flow::Break),
            Action::Continue => return Ok(Flow::Continue),
            Action::Pass => {}
            Action::Other => self.spoil(scope, range, "this statement is not followed"),
            Action::Unread(reason) => self.spoil(scope, range, reason),
        }
        Ok(Flow::Next)
    }

    fn with_block(
        &mut self,
        scope: &Rc<Scope>,
        items: &[(Expression, Option<Expression>)],
        body: &[Statement],
    ) -> Eval<Flow> {
        let mut prefixes = Vec::new();
        for (manager, target) in items {
            let value = self.eval(scope, manager)?;
            if let Value::Object(block) = &value
                && block.tag == "prefixed"
                && let Some(before) = Self::set_prefix(block, None)
            {
                prefixes.push((Rc::clone(block), before));
            }
            if let Some(target) = target {
                self.assign(scope, target, value)?;
            }
        }
        let result = self.block(scope, body);
        for (block, before) in prefixes.into_iter().rev() {
            Self::set_prefix(&block, Some(before));
        }
        result
    }

    fn raised(
        &mut self,
        scope: &Rc<Scope>,
        value: Option<&Expression>,
        range: &TextRange,
    ) -> Raised {
        let kind = match value.map(|value| &value.node) {
            Some(Node::Call { function, .. }) => dotted(function),
            Some(_) => value.and_then(dotted),
            None => None,
        };
        let kind = kind.unwrap_or_else(|| "Exception".to_owned());
        let kind = kind.rsplit('.').next().unwrap_or_default();
        self.raise(scope, range, kind, format!("the program raises `{kind}` here"))
    }

    /// Binds a function that is parsed when its name is used.
    fn defer(&mut self, scope: &Rc<Scope>, range: &TextRange) {
        let text = scope.module.file.source.text();
        if let Some(name) = defined_name(text.get(range.clone()).unwrap_or_default()) {
            let deferred = Deferred::new(scope, range);
            self.bind(scope, name, Value::Deferred(Rc::new(deferred)));
        }
    }

    /// What a statement that cannot be followed may have bound is unknown.
    fn spoil(&mut self, scope: &Rc<Scope>, range: &TextRange, reason: &str) {
        let text = scope.module.file.source.text();
        let code = text.get(range.clone()).unwrap_or_default();
        let unknown = self.unknown(scope, range, reason);
        if let Some(name) = defined_name(code) {
            scope.set(name, unknown);
            return;
        }
        let words =
            code.split(|character: char| !(character.is_alphanumeric() || character == '_'));
        let names: std::collections::BTreeSet<_> = words.filter(|word| !word.is_empty()).collect();
        for name in names {
            scope.set(name, unknown.clone());
        }
    }

    fn branch(
        &mut self,
        scope: &Rc<Scope>,
        test: &Expression,
        then: &[Statement],
        otherwise: &[Statement],
    ) -> Eval<Flow> {
        let value = self.eval(scope, test)?;
        match value.truth() {
            Some(true) => self.block(scope, then),
            Some(false) => self.block(scope, otherwise),
            None => {
                let condition = self.condition(scope, test, &value);
                let first = self.maybe(Rc::clone(&condition), |machine| machine.block(scope, then));
                let second = self.maybe(condition, |machine| machine.block(scope, otherwise));
                match (first, second) {
                    // Both ways end the function: what follows is never reached.
                    (Some(first), Some(second)) => Ok(Flow::Return(self.joined(&[first, second]))),
                    _ => Ok(Flow::Next),
                }
            }
        }
    }

    /// Why it depends on running the program which way is taken.
    pub(super) fn condition(&self, scope: &Scope, test: &Expression, value: &Value) -> Rc<Doubt> {
        match value.doubt() {
            Some(doubt) => {
                let reason = format!("depends on a condition that is not known ({doubt})");
                self.doubt(scope, &test.range, reason)
            }
            None => self.doubt(scope, &test.range, "depends on a condition that is not known"),
        }
    }

    /// Runs what may not run; returns what it returned. An exception is taken not to happen.
    pub(super) fn maybe(
        &mut self,
        condition: Rc<Doubt>,
        run: impl FnOnce(&mut Self) -> Eval<Flow>,
    ) -> Option<Value> {
        match self.under(Rc::clone(&condition), run) {
            Ok(Flow::Return(value)) => {
                self.may_return(&condition, value.clone());
                Some(value)
            }
            Ok(Flow::Break | Flow::Continue) => {
                self.may_jump(condition);
                None
            }
            _ => None,
        }
    }

    /// What follows may not run, since the function may have returned: until it ends, and `call` takes that away.
    pub(super) fn may_return(&mut self, condition: &Rc<Doubt>, value: Value) {
        if let Some(maybe) = self.maybe_returns.last_mut() {
            maybe.push(value);
            self.conditions.push(Rc::clone(condition));
        }
    }

    /// One of several values.
    pub(super) fn joined(&self, values: &[Value]) -> Value {
        let mut values = values.iter();
        let Some(first) = values.next() else {
            return Value::None;
        };
        match values.find(|value| !value.same(first)) {
            None => first.clone(),
            Some(other) => {
                let known = first.doubt().or_else(|| other.doubt()).cloned();
                Value::Unknown(known.or_else(|| self.conditions.last().cloned()).unwrap_or_else(
                    || {
                        let reason = "one of several values, depending on how the program runs";
                        Rc::new(Doubt { place: self.last.clone(), reason: reason.to_owned() })
                    },
                ))
            }
        }
    }

    fn annotated(
        &mut self,
        scope: &Rc<Scope>,
        target: &Expression,
        annotation: &Expression,
        value: Option<Value>,
        range: &TextRange,
    ) -> Eval<()> {
        if scope.is_class
            && let Node::Name(name) = &target.node
        {
            let field = Field {
                name: (&**name).into(),
                annotation: Rc::new(annotation.clone()),
                default: value.clone(),
                scope: Rc::clone(scope),
                line: scope.module.file.line_of(range.start),
                class: "".into(),
            };
            self.class_fields.push(field);
        }
        match value {
            Some(value) => self.assign(scope, target, value),
            None => Ok(()),
        }
    }

    pub(super) fn assign(
        &mut self,
        scope: &Rc<Scope>,
        target: &Expression,
        value: Value,
    ) -> Eval<()> {
        match &target.node {
            Node::Name(name) => self.bind(scope, name, value),
            Node::Tuple(targets) | Node::List(targets) => {
                let items = self.items_of(&value).filter(|items| items.len() == targets.len());
                for (index, target) in targets.iter().enumerate() {
                    let item = match (&items, &value) {
                        (Some(items), _) => items[index].clone(),
                        (None, Value::Unknown(doubt)) => Value::Unknown(Rc::clone(doubt)),
                        (None, _) => {
                            self.unknown(scope, &target.range, "what is unpacked here is not known")
                        }
                    };
                    self.assign(scope, target, item)?;
                }
            }
            Node::Attribute { of, name } => {
                let of = self.eval(scope, of)?;
                self.set_attribute(scope, &target.range, &of, name, value);
            }
            Node::Subscript { of, index } => {
                let of = self.eval(scope, of)?;
                let index = self.eval(scope, index)?;
                self.set_item(scope, &target.range, &of, &index, value);
            }
            Node::Starred(inner) => {
                let unknown =
                    self.unknown(scope, &target.range, "what is unpacked here is not known");
                self.assign(scope, inner, unknown)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// The name that a definition binds, decorators in front or not.
fn defined_name(code: &str) -> Option<&str> {
    let mut lines = code.lines();
    let line = if code.starts_with('@') {
        lines.find(|line| line.starts_with(['d', 'c', 'a']))?
    } else {
        lines.next()?
    };
    let line = line.strip_prefix("async ").unwrap_or(line).trim_start();
    let rest = line.strip_prefix("def ").or_else(|| line.strip_prefix("class "))?.trim_start();
    let end = rest.find(|character: char| !(character.is_alphanumeric() || character == '_'));
    rest.get(..end.unwrap_or(rest.len())).filter(|name| !name.is_empty())
}

/// `a.b.c` as text.
pub(super) fn dotted(expression: &Expression) -> Option<String> {
    match &expression.node {
        Node::Name(name) => Some(name.to_string()),
        Node::Attribute { of, name } => Some(format!("{}.{name}", dotted(of)?)),
        _ => None,
    }
}
