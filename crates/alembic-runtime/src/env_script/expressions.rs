//! Expressions.

use std::rc::Rc;

use python_static::{
    TextRange, Value as Literal,
    tree::{Expression, Node},
};

use super::{
    Origin,
    library::path_of,
    machine::{Eval, MAX_TEXT, Machine},
    value::{Scope, Trail, Value},
};

impl Machine<'_> {
    pub(super) fn eval(&mut self, scope: &Rc<Scope>, expression: &Expression) -> Eval {
        if !self.step() {
            let reason = "the code is too long or too deeply nested to be followed";
            return Ok(self.unknown(scope, &expression.range, reason));
        }
        self.deeper(|machine| machine.eval_node(scope, expression))
    }

    fn eval_node(&mut self, scope: &Rc<Scope>, expression: &Expression) -> Eval {
        let range = &expression.range;
        Ok(match &expression.node {
            Node::Constant(literal) => self.constant(scope, range, literal),
            Node::Name(name) => self.name(scope, range, name),
            Node::Attribute { of, name } => {
                let of = self.eval(scope, of)?;
                let value = self.attribute(scope, range, &of, name)?;
                self.used(value)
            }
            Node::Subscript { of, index } => {
                let of = self.eval(scope, of)?;
                if let Node::Slice { start, end } = &index.node {
                    return self.slice(scope, range, &of, (start.as_deref(), end.as_deref()));
                }
                let index = self.eval(scope, index)?;
                self.item(scope, range, &of, &index)?
            }
            Node::Call { function, arguments, keywords } => {
                return self.call_expression(scope, range, function, (arguments, keywords));
            }
            Node::Binary { left, operator, right } => {
                let left = self.eval(scope, left)?;
                let right = self.eval(scope, right)?;
                self.binary(scope, range, &left, operator, &right)
            }
            Node::Compare { left, operator, right } => {
                let left = self.eval(scope, left)?;
                let right = self.eval(scope, right)?;
                self.compare(scope, range, &left, operator, &right)
            }
            Node::Or(values) => return self.choose(scope, values, true),
            Node::And(values) => return self.choose(scope, values, false),
            Node::Not(value) => {
                let value = self.eval(scope, value)?;
                match value.truth() {
                    Some(truth) => Value::Bool(!truth),
                    None => self.unknown_from(
                        scope,
                        range,
                        &[&value],
                        "it is not known whether this is true",
                    ),
                }
            }
            Node::Conditional { test, then, otherwise } => {
                let condition = self.eval(scope, test)?;
                match condition.truth() {
                    Some(true) => self.eval(scope, then)?,
                    Some(false) => self.eval(scope, otherwise)?,
                    None => {
                        let doubt = self.condition(scope, test, &condition);
                        let then =
                            self.under(Rc::clone(&doubt), |machine| machine.eval(scope, then))?;
                        let otherwise = self
                            .under(Rc::clone(&doubt), |machine| machine.eval(scope, otherwise))?;
                        if then.same(&otherwise) { then } else { Value::Unknown(doubt) }
                    }
                }
            }
            Node::Joined(parts) => {
                let parts =
                    parts.iter().map(|part| self.eval(scope, part)).collect::<Eval<Vec<_>>>()?;
                self.concatenated(scope, range, &parts)
            }
            Node::Tuple(items) | Node::List(items) => self.sequence(scope, items)?,
            Node::Dict(items) => self.dictionary(scope, items)?,
            Node::Comprehension { key, value, clauses } => {
                return self.comprehension(scope, range, (key.as_deref(), value), clauses);
            }
            Node::Starred(value) | Node::Await(value) => self.eval(scope, value)?,
            Node::Named { target, value } => {
                let value = self.eval(scope, value)?;
                self.assign(scope, target, value.clone())?;
                value
            }
            Node::Lambda { parameters, value } => self.lambda(scope, parameters, value, range)?,
            Node::Slice { .. } | Node::Other => self.other(scope, range),
        })
    }

    fn constant(&mut self, scope: &Scope, range: &TextRange, literal: &Literal) -> Value {
        match literal {
            Literal::None => Value::None,
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Int(value) => Value::Int(*value),
            Literal::Str(text) => self.literal(scope, range, text),
            _ => self.unknown(scope, range, "this value is not followed"),
        }
    }

    fn other(&mut self, scope: &Scope, range: &TextRange) -> Value {
        let text = scope.module.file.source.text();
        if text.get(range.clone()) == Some("...") {
            return Value::external("builtins.Ellipsis");
        }
        self.unknown(scope, range, "this expression is not followed")
    }

    fn name(&mut self, scope: &Scope, range: &TextRange, name: &str) -> Value {
        if let Some(value) = scope.lookup(name) {
            return self.used(value);
        }
        match name {
            "__file__" => {
                let path = scope.module.path.to_string_lossy().into_owned();
                Value::text(path, Trail::default())
            }
            "__name__" if scope.module.is_script => Value::text("env_py", Trail::default()),
            "__name__" => Value::text("module", Trail::default()),
            _ if BUILTINS.contains(&name) => Value::external(&format!("builtins.{name}")),
            _ => self.unknown(
                scope,
                range,
                format!("`{name}` is not bound by code that can be followed"),
            ),
        }
    }

    /// `or` and `and`.
    fn choose(&mut self, scope: &Rc<Scope>, values: &[Expression], stops_at: bool) -> Eval {
        let mut maybe: Vec<Value> = Vec::new();
        let level = self.conditions.len();
        let mut result = Value::None;
        for (index, expression) in values.iter().enumerate() {
            result = self.eval(scope, expression)?;
            if index + 1 == values.len() {
                break;
            }
            match result.truth() {
                Some(truth) if truth == stops_at => break,
                Some(_) => {}
                None => {
                    let condition = self.condition(scope, expression, &result);
                    self.conditions.push(condition);
                    maybe.push(result.clone());
                }
            }
        }
        let condition = self.conditions.get(level).cloned();
        self.conditions.truncate(level);
        if maybe.is_empty() {
            return Ok(result);
        }
        maybe.push(result);
        Ok(match condition {
            Some(condition) if maybe.iter().any(|value| !value.same(&maybe[0])) => {
                let known = maybe.iter().find_map(Value::doubt).cloned();
                Value::Unknown(known.unwrap_or(condition))
            }
            _ => maybe.swap_remove(0),
        })
    }

    fn sequence(&mut self, scope: &Rc<Scope>, items: &[Expression]) -> Eval {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let value = self.eval(scope, item)?;
            if matches!(item.node, Node::Starred(_)) {
                match self.items_of(&value) {
                    Some(items) => values.extend(items),
                    None => {
                        return Ok(self.unknown_from(
                            scope,
                            &item.range,
                            &[&value],
                            "it is not known what this list holds",
                        ));
                    }
                }
            } else {
                values.push(value);
            }
        }
        Ok(self.list(values))
    }

    fn dictionary(
        &mut self,
        scope: &Rc<Scope>,
        items: &[(Option<Expression>, Expression)],
    ) -> Eval {
        let dict = self.new_dict(Vec::new(), None);
        for (key, value_expression) in items {
            let key = key.as_ref().map(|key| self.eval(scope, key)).transpose()?;
            let value = self.eval(scope, value_expression)?;
            match key {
                Some(key) => {
                    let target = Value::Dict(Rc::clone(&dict));
                    self.set_item(scope, &value_expression.range, &target, &key, value);
                }
                None => self.merge(scope, &value_expression.range, &dict, &value),
            }
        }
        Ok(Value::Dict(dict))
    }

    /// `dict.update(value)`
    pub(super) fn merge(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        dict: &Rc<super::value::Dict>,
        value: &Value,
    ) {
        if let Value::Dict(other) = value {
            let items = other.items.borrow().clone();
            for (key, value) in items {
                let value = self.changed(dict.level, dict.get(&key).as_ref(), value);
                dict.insert(&key, value);
            }
            let open = other.open.borrow().clone();
            if let Some(doubt) = open {
                self.open_up(dict, &doubt);
            }
            dict.environment.set(other.environment.get().max(dict.environment.get()));
        } else if matches!(value, Value::External(name) if &**name == "os.environ") {
            self.merge_environment(scope, range, dict);
        } else if !value.is_none() {
            let unknown = self.unknown_from(
                scope,
                range,
                &[value],
                "it is not known what this dictionary holds",
            );
            if let Some(doubt) = unknown.doubt() {
                self.open_up(dict, doubt);
            }
        }
    }

    /// `{**values, **os.environ}`: what the environment has counts, and may be more than is known here.
    fn merge_environment(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        dict: &Rc<super::value::Dict>,
    ) {
        let names: Vec<_> = dict.items.borrow().iter().map(|(name, _)| Rc::clone(name)).collect();
        for name in names {
            if self.environment_has(&name) != Some(false)
                && let Some(value) = self.variable(scope, range, &name)
            {
                dict.insert(&name, value);
            }
        }
        let doubt = self.doubt(scope, range, "the whole environment is only known when it runs");
        *dict.open.borrow_mut() = Some(doubt);
        let is_certain = self.condition_beyond(dict.level).is_none();
        dict.environment.set(if is_certain { self.environment_changes } else { 0 });
    }

    /// An item that a dictionary has from the environment: absent where that has none; `None` when that is not known.
    pub(super) fn environment_item(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        dict: &super::value::Dict,
        name: &str,
    ) -> Option<Value> {
        let is_now = dict.environment.get() == self.environment_changes;
        if !is_now || self.environment_has(name).is_none() {
            return None;
        }
        Some(self.variable_or(scope, range, name, None))
    }

    /// Every value of the dictionary may have been replaced.
    pub(super) fn open_up(&self, dict: &super::value::Dict, doubt: &Rc<super::Doubt>) {
        for (_, value) in dict.items.borrow_mut().iter_mut() {
            *value = Value::Unknown(Rc::clone(doubt));
        }
        *dict.open.borrow_mut() = Some(Rc::clone(doubt));
        dict.environment.set(0);
    }

    /// The first doubt among the values, or a new one.
    pub(super) fn unknown_from(
        &self,
        scope: &Scope,
        range: &TextRange,
        values: &[&Value],
        reason: &str,
    ) -> Value {
        match values.iter().find_map(|value| value.doubt()) {
            Some(doubt) => {
                self.doubts.set(self.doubts.get() + 1);
                Value::Unknown(Rc::clone(doubt))
            }
            None => self.unknown(scope, range, reason),
        }
    }

    pub(super) fn binary(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        left: &Value,
        operator: &str,
        right: &Value,
    ) -> Value {
        match (left, operator, right) {
            (Value::Str(..), "+", Value::Str(..)) => {
                self.concatenated(scope, range, &[left.clone(), right.clone()])
            }
            (Value::Str(format, trail), "%", values) => {
                self.percent(scope, range, (format, trail), values)
            }
            (Value::Path(base), "/", Value::Str(part, _)) => {
                Value::Path(Rc::new(base.join(&**part)))
            }
            (Value::Path(base), "/", Value::Path(part)) => Value::Path(Rc::new(base.join(&**part))),
            (Value::Str(base, _), "/", Value::Path(part)) => {
                Value::Path(Rc::new(std::path::Path::new(&**base).join(&**part)))
            }
            (Value::Int(left), "+", Value::Int(right)) => {
                self.number(scope, range, left.checked_add(*right))
            }
            (Value::Int(left), "-", Value::Int(right)) => {
                self.number(scope, range, left.checked_sub(*right))
            }
            (Value::List(left), "+", Value::List(right)) => {
                let items = [left.items.borrow().clone(), right.items.borrow().clone()].concat();
                self.list(items)
            }
            (Value::Dict(first), "|", second) => {
                let open = first.open.borrow().clone();
                let dict = self.new_dict(first.items.borrow().clone(), open);
                self.merge(scope, range, &dict, second);
                Value::Dict(dict)
            }
            _ => self.unknown_from(scope, range, &[left, right], "this operation is not followed"),
        }
    }

    fn number(&mut self, scope: &Scope, range: &TextRange, number: Option<i128>) -> Value {
        number.map_or_else(|| self.unknown(scope, range, "this number is too large"), Value::Int)
    }

    fn compare(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        left: &Value,
        operator: &str,
        right: &Value,
    ) -> Value {
        let answer = match operator {
            "==" => left.equals(right),
            "!=" => left.equals(right).map(|equal| !equal),
            "is" | "is not" => {
                let same = identical(left, right);
                same.map(|same| same == (operator == "is"))
            }
            "in" | "not in" => {
                let found = self.contains(scope, range, right, left);
                found.map(|found| found == (operator == "in"))
            }
            _ => match (left, right) {
                (Value::Int(left), Value::Int(right)) => Some(match operator {
                    "<" => left < right,
                    "<=" => left <= right,
                    ">" => left > right,
                    _ => left >= right,
                }),
                _ => None,
            },
        };
        match answer {
            Some(truth) => Value::Bool(truth),
            None => self.unknown_from(
                scope,
                range,
                &[left, right],
                "this comparison depends on running the program",
            ),
        }
    }

    fn contains(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        container: &Value,
        item: &Value,
    ) -> Option<bool> {
        match container {
            Value::Dict(dict) => {
                let key = item.as_str()?;
                if dict.is_x {
                    self.read_x(scope, range, key);
                }
                match dict.get(key) {
                    Some(_) => Some(true),
                    None if dict.open.borrow().is_some() => None,
                    None => Some(false),
                }
            }
            Value::Str(text, _) => Some(text.contains(item.as_str()?)),
            Value::List(list) => {
                let items = list.items.borrow();
                let answers: Vec<_> = items.iter().map(|one| one.equals(item)).collect();
                if answers.contains(&Some(true)) {
                    Some(true)
                } else {
                    answers.iter().all(Option::is_some).then_some(false)
                }
            }
            Value::External(name) if &**name == "os.environ" => {
                let name = item.as_str()?.to_owned();
                self.environment_has(&name)
            }
            // What Python has there by itself is not the project's, and a folder counts once.
            Value::External(name) if &**name == "sys.path" => {
                let path = super::paths::absolute(self.inputs.config.cwd(), &path_of(item)?);
                Some(self.roots.contains(&path))
            }
            _ => None,
        }
    }

    /// The parts of a text, put together. `None` for an unset variable never becomes part of one.
    pub(super) fn concatenated(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        parts: &[Value],
    ) -> Value {
        let mut text = String::new();
        let mut trail = Trail::default();
        for part in parts {
            match self.to_text(scope, range, part) {
                Value::Str(part, from) => {
                    text += &part;
                    trail = trail.and(&from);
                }
                other => return other,
            }
            if text.len() > MAX_TEXT {
                return self.unknown(scope, range, "this text is too long");
            }
        }
        if trail.steps().is_empty() {
            trail = Trail::of(Origin::Literal(self.place(scope, range)));
        }
        Value::text(text, trail)
    }

    /// `str(value)`: a text, or unknown.
    #[expect(clippy::wrong_self_convention, reason = "it is the value that becomes a text")]
    pub(super) fn to_text(&mut self, scope: &Scope, range: &TextRange, value: &Value) -> Value {
        let plain = |text: String| Value::text(text, Trail::default());
        match value {
            Value::Str(..) => value.clone(),
            Value::Int(number) => plain(number.to_string()),
            Value::Bool(true) => plain("True".to_owned()),
            Value::Bool(false) => plain("False".to_owned()),
            Value::None => plain("None".to_owned()),
            Value::Path(path) => plain(path.to_string_lossy().into_owned()),
            Value::Url(url, trail) if url.password.is_none() => {
                Value::text(url.render_with_password(), trail.clone())
            }
            Value::Url(..) => self.unknown(
                scope,
                range,
                "as text, SQLAlchemy replaces the URL's password by `***`",
            ),
            Value::Secret(..) => self.unknown(scope, range, "as text, a secret is `**********`"),
            Value::Object(object) if object.tag == "text" => {
                let text = object.attributes.borrow().get("text").cloned();
                text.unwrap_or_else(|| self.unknown(scope, range, "this text is not known"))
            }
            _ => self.unknown_from(scope, range, &[value], "it is not known what this is as text"),
        }
    }

    pub(super) fn items_of(&self, value: &Value) -> Option<Vec<Value>> {
        match value {
            Value::List(list) => Some(list.items.borrow().clone()),
            Value::Dict(dict) if dict.open.borrow().is_none() => Some(
                dict.items
                    .borrow()
                    .iter()
                    .map(|(key, _)| Value::text(Rc::clone(key), Trail::default()))
                    .collect(),
            ),
            _ => None,
        }
    }
}

fn identical(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        (Value::Unknown(_) | Value::External(_), _)
        | (_, Value::Unknown(_) | Value::External(_)) => None,
        (left, right) if left.is_none() || right.is_none() => {
            Some(left.is_none() && right.is_none())
        }
        _ => None,
    }
}

/// Python's own names that mean something here; the others are unknown too when they are called.
const BUILTINS: [&str; 49] = [
    "str",
    "int",
    "bool",
    "float",
    "bytes",
    "list",
    "tuple",
    "dict",
    "set",
    "frozenset",
    "object",
    "type",
    "len",
    "getattr",
    "setattr",
    "hasattr",
    "isinstance",
    "issubclass",
    "print",
    "super",
    "repr",
    "sorted",
    "reversed",
    "enumerate",
    "zip",
    "map",
    "filter",
    "any",
    "all",
    "min",
    "max",
    "open",
    "property",
    "staticmethod",
    "classmethod",
    "Exception",
    "KeyError",
    "ValueError",
    "ImportError",
    "RuntimeError",
    "globals",
    "locals",
    "vars",
    "callable",
    "iter",
    "next",
    "range",
    "exec",
    "eval",
];
