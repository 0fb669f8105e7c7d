//! `try`, `contextlib.suppress`, and which exceptions are known to be raised.

use std::rc::Rc;

use python_static::{
    TextRange,
    tree::{Action, Expression, Handler, Node, Statement},
};

use super::{
    Doubt,
    machine::{Eval, Machine},
    statements::{Flow, dotted},
    value::{Scope, Value},
};

/// What a module raises that is not there.
const MISSING: &str = "ModuleNotFoundError";

/// What is left of a block after a statement that may have raised an exception.
struct Perhaps {
    doubt: Rc<Doubt>,
    /// It was an import.
    is_import: bool,
}

impl Machine<'_> {
    pub(super) fn try_block(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        (body, handlers, otherwise): (&[Statement], &[Handler], &[Statement]),
    ) -> Eval<Flow> {
        let doubts = self.doubts.get();
        let level = self.level();
        self.tries += usize::from(!handlers.is_empty());
        let result = self.guarded(scope, body, handlers);
        self.tries -= usize::from(!handlers.is_empty());
        let (flow, perhaps) = match result {
            Err(raised) => {
                // The reader's own limit is none of the program's exceptions.
                let is_programs = &*raised.kind != "RecursionError";
                let mut handlers = handlers.iter().filter(|_| is_programs);
                return match handlers.find(|handler| catches(handler, &raised.kind)) {
                    Some(handler) => {
                        if let Some(name) = &handler.name {
                            self.bind(scope, name, Value::Unknown(Rc::clone(&raised.doubt)));
                        }
                        self.block(scope, &handler.body)
                    }
                    None => Err(raised),
                };
            }
            Ok(done) => done,
        };
        let mut result = match flow {
            Flow::Next => self.block(scope, otherwise),
            flow => Ok(flow),
        };
        if let Some(Perhaps { doubt, is_import }) = perhaps {
            self.forget(&doubt, level);
            match result {
                Ok(Flow::Return(value)) => self.may_return(&doubt, value),
                Ok(Flow::Break | Flow::Continue) => self.may_jump(Rc::clone(&doubt)),
                _ => {}
            }
            result = Ok(Flow::Next);
            let absent = |handler: &&Handler| is_import && catches(handler, MISSING);
            self.handlers(scope, handlers.iter().find(absent).into_iter(), &doubt);
        }
        if self.doubts.get() > doubts {
            let reason = "it is not known whether this raises an exception";
            let condition = self.doubt(scope, range, reason);
            self.handlers(scope, handlers.iter(), &condition);
        }
        result
    }

    /// The block of a `try`. What follows an import that may fail, or a call of what is not followed, may not run; that
    /// condition stays until [`forget`](Self::forget), and is returned.
    fn guarded(
        &mut self,
        scope: &Rc<Scope>,
        body: &[Statement],
        handlers: &[Handler],
    ) -> Eval<(Flow, Option<Perhaps>)> {
        let going_on = || handlers.iter().filter(|handler| !always_raises(&handler.body));
        let takes_absence = going_on().any(|handler| catches(handler, MISSING));
        let takes_others = going_on().any(catches_others);
        let level = self.level();
        let mut perhaps: Option<Perhaps> = None;
        for statement in body {
            let calls = self.foreign_calls;
            let flow = self.block(scope, std::slice::from_ref(statement));
            if flow.is_err()
                && let Some(perhaps) = &perhaps
            {
                self.forget(&perhaps.doubt, level);
            }
            match flow? {
                Flow::Next => {}
                flow => return Ok((flow, perhaps)),
            }
            if perhaps.is_none() {
                let is_new = self.foreign_calls > calls;
                perhaps = self.perhaps(scope, statement, (takes_absence, takes_others && is_new));
            }
        }
        Ok((Flow::Next, perhaps))
    }

    /// The condition under which what follows a statement is reached, where that is not certain.
    fn perhaps(
        &mut self,
        scope: &Rc<Scope>,
        statement: &Statement,
        (takes_absence, is_foreign): (bool, bool),
    ) -> Option<Perhaps> {
        let is_import = matches!(statement.action, Action::Import(_) | Action::ImportFrom { .. });
        let reason = if !is_import && is_foreign {
            "it is not known whether this raises an exception".to_owned()
        } else if is_import && takes_absence {
            let module = self.uncertain_import(statement)?;
            format!("it is not known whether `{module}` is installed")
        } else {
            return None;
        };
        let doubt = self.doubt_quietly(scope, &statement.range, reason);
        self.conditions.push(Rc::clone(&doubt));
        Some(Perhaps { doubt, is_import })
    }

    /// Takes a condition away that was pushed at this level or later.
    fn forget(&mut self, condition: &Rc<Doubt>, level: usize) {
        let found = self.conditions.iter().skip(level).position(|one| Rc::ptr_eq(one, condition));
        if let Some(at) = found {
            self.conditions.remove(level + at);
        }
    }

    fn handlers<'h>(
        &mut self,
        scope: &Rc<Scope>,
        handlers: impl Iterator<Item = &'h Handler>,
        condition: &Rc<Doubt>,
    ) {
        for handler in handlers {
            if let Some(name) = &handler.name {
                scope.set(name, Value::Unknown(Rc::clone(condition)));
            }
            self.maybe(Rc::clone(condition), |machine| machine.block(scope, &handler.body));
        }
    }

    /// `with suppress(KeyError):` as the handler that it is.
    pub(super) fn suppression(
        &mut self,
        scope: &Rc<Scope>,
        items: &[(Expression, Option<Expression>)],
    ) -> Option<Handler> {
        let [(manager, _)] = items else { return None };
        let Node::Call { function, arguments, .. } = &manager.node else { return None };
        let name = dotted(function)?;
        if name.rsplit('.').next() != Some("suppress") {
            return None;
        }
        let function = self.eval(scope, function).ok()?;
        if !matches!(&function, Value::External(name) if &**name == "contextlib.suppress") {
            return None;
        }
        let classes = Node::Tuple(arguments.clone());
        let catches = Expression { range: manager.range.clone(), node: classes };
        Some(Handler { catches: Some(catches), name: None, body: Vec::new() })
    }
}

/// Whether a block ends by an exception in any case.
fn always_raises(body: &[Statement]) -> bool {
    match body.last().map(|statement| &statement.action) {
        Some(Action::Raise(_)) => true,
        Some(Action::Expression(Expression { node: Node::Call { function, .. }, .. })) => {
            matches!(dotted(function).as_deref(), Some("sys.exit" | "exit" | "quit" | "os._exit"))
        }
        _ => false,
    }
}

/// Whether a handler takes more than what is missing.
fn catches_others(handler: &Handler) -> bool {
    let is_other = |class: &Expression| {
        let name = dotted(class);
        let last = name.as_deref().and_then(|name| name.rsplit('.').next());
        !matches!(last, Some("ImportError" | "ModuleNotFoundError" | "KeyError"))
    };
    match handler.catches.as_ref().map(|classes| (&classes.node, classes)) {
        None => true,
        Some((Node::Tuple(classes), _)) => classes.iter().any(is_other),
        Some((_, class)) => is_other(class),
    }
}

/// Whether a handler takes an exception, by the names of the classes.
fn catches(handler: &Handler, kind: &str) -> bool {
    let takes = |name: &str| {
        let name = name.rsplit('.').next().unwrap_or_default();
        name == kind
            || matches!(name, "Exception" | "BaseException")
            || matches!(
                (name, kind),
                ("LookupError", "KeyError" | "IndexError")
                    | ("ImportError", "ModuleNotFoundError")
                    | ("ValueError", "ValidationError")
            )
    };
    match handler.catches.as_ref().map(|classes| (&classes.node, classes)) {
        None => true,
        Some((Node::Tuple(classes), _)) => {
            classes.iter().any(|class| dotted(class).is_none_or(|name| takes(&name)))
        }
        Some((_, class)) => dotted(class).is_none_or(|name| takes(&name)),
    }
}
