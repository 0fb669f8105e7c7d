//! Statements that fork: `if`, `try`, `with`, `match`.

use std::rc::Rc;

use rustpython_parser::ast::{self, ExceptHandler, Expr, Pattern, Stmt};

use super::machine::{Arm, Eval, Flow, Machine, Raised, Stop, place, range_of};
use super::object::{Cause, Object};
use super::state::State;

impl<'p> Machine<'p> {
    pub(super) fn exec_if(&mut self, branch: &ast::StmtIf) -> Eval<Flow> {
        let test = self.eval(&branch.test)?;
        match self.truth(&test, range_of(&branch.test)) {
            Ok(true) => self.block(&branch.body),
            Ok(false) => self.block(&branch.orelse),
            Err(Stop::Unknown(cause)) => self.fork(
                &cause,
                vec![
                    Box::new(|machine| machine.block(&branch.body)),
                    Box::new(|machine| machine.block(&branch.orelse)),
                ],
            ),
            Err(stop) => Err(stop),
        }
    }

    pub(super) fn exec_try(
        &mut self,
        body: &[Stmt],
        handlers: &[ExceptHandler],
        orelse: &[Stmt],
        finalbody: &[Stmt],
    ) -> Eval<Flow> {
        let result = self.try_and_handle(body, handlers, orelse);
        if finalbody.is_empty() || matches!(result, Err(Stop::Limit(_))) {
            return result;
        }
        match self.block(finalbody)? {
            Flow::Next => result,
            other => Ok(other),
        }
    }

    fn try_and_handle(
        &mut self,
        body: &[Stmt],
        handlers: &[ExceptHandler],
        orelse: &[Stmt],
    ) -> Eval<Flow> {
        let before = self.state.clone();
        self.spend(before.size())?;
        // The states in which an exception may have been raised.
        let mut doubtful: Option<State> = None;
        let mut cause = None;
        let mut result = Ok(Flow::Next);
        for statement in body {
            let doubts = self.doubts;
            let at_statement = self.state.clone();
            result = self.exec(statement);
            if self.doubts > doubts {
                let reason = "an exception here is only known when the program runs";
                let reason =
                    cause.get_or_insert_with(|| self.cause(reason, place(statement))).clone();
                doubtful = Some(match doubtful {
                    None => at_statement,
                    Some(first) => {
                        let mut second = at_statement;
                        second.reserve_numbers_of(&first, &reason);
                        State::join(&before, &first, &second, &reason, None)
                    }
                });
            }
            if !matches!(result, Ok(Flow::Next)) {
                break;
            }
        }
        match (result, doubtful, cause) {
            (Err(Stop::Raise(raised)), None, _) => self.handle(&raised, handlers),
            (Err(stop @ Stop::Limit(_)), _, _) => Err(stop),
            (Ok(Flow::Next), None, _) => self.block(orelse),
            (result, Some(doubtful), Some(cause)) => {
                self.fork_on_doubt(result, &doubtful, &cause, handlers, orelse)
            }
            (result, _, _) => result,
        }
    }

    /// The body may have raised: what it left and what each handler leaves are joined.
    fn fork_on_doubt(
        &mut self,
        result: Eval<Flow>,
        doubtful: &State,
        cause: &Rc<Cause>,
        handlers: &[ExceptHandler],
        orelse: &[Stmt],
    ) -> Eval<Flow> {
        let after = self.state.clone();
        let mut arms: Vec<Arm<'_, 'p>> = Vec::new();
        match result {
            Ok(Flow::Next) => arms.push(Box::new(move |machine| {
                machine.state = after;
                machine.block(orelse)
            })),
            Err(Stop::Raise(raised)) => arms.push(Box::new(move |machine| {
                machine.state = after;
                machine.handle(&raised, handlers)
            })),
            Ok(other) => arms.push(Box::new(move |machine| {
                machine.state = after;
                Ok(other)
            })),
            Err(stop) => return Err(stop),
        }
        for ExceptHandler::ExceptHandler(handler) in handlers {
            arms.push(Box::new(move |machine| {
                let mut state = doubtful.clone();
                state.reserve_numbers_of(&machine.state, cause);
                machine.state = state;
                if let Some(name) = &handler.name {
                    machine.bind(name, Object::Unknown(Rc::clone(cause)));
                }
                machine.block(&handler.body)
            }));
        }
        self.fork(cause, arms)
    }

    /// Runs the handler of an exception that is surely raised.
    fn handle(&mut self, raised: &Raised, handlers: &[ExceptHandler]) -> Eval<Flow> {
        for ExceptHandler::ExceptHandler(handler) in handlers {
            let catches = match handler.type_.as_deref() {
                None => Some(true),
                Some(expr) => self.catches(expr, raised)?,
            };
            let run = |machine: &mut Self| {
                if let Some(name) = &handler.name {
                    machine.bind(name, raised.value.clone());
                }
                machine.block(&handler.body)
            };
            match catches {
                Some(true) => return run(self),
                Some(false) => {}
                None => {
                    let cause = self.cause(
                        "this exception is only known when the program runs",
                        place(handler),
                    );
                    let again = Box::new(raised.clone());
                    return self.fork(
                        &cause,
                        vec![Box::new(run), Box::new(move |_| Err(Stop::Raise(again)))],
                    );
                }
            }
        }
        Err(Stop::Raise(Box::new(raised.clone())))
    }

    /// Whether `except expr` catches; `None` when that cannot be known.
    fn catches(&mut self, expr: &Expr, raised: &Raised) -> Eval<Option<bool>> {
        let types = match self.eval(expr)? {
            Object::Tuple(types) => types.to_vec(),
            single => vec![single],
        };
        let mut answer = Some(false);
        for class in types {
            let one = match &class {
                Object::Builtin(name) => is_subclass(&raised.kind, name),
                Object::Class(_) if crate::is_builtin(&raised.kind) => Some(false),
                _ => None,
            };
            answer = match (answer, one) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        Ok(answer)
    }

    pub(super) fn exec_with(&mut self, items: &[ast::WithItem], body: &[Stmt]) -> Eval<Flow> {
        let mut suppresses = false;
        for item in items {
            let manager = self.eval(&item.context_expr)?;
            suppresses |=
                matches!(&manager, Object::Builtin(name) if &**name == "contextlib.suppress()");
            if let Some(target) = &item.optional_vars {
                let cause = self.cause(
                    "what a context manager gives is not followed",
                    range_of(&item.context_expr),
                );
                self.assign(target, Object::Unknown(cause))?;
            }
        }
        if !suppresses {
            return self.block(body);
        }
        let handler = ast::ExceptHandlerExceptHandler {
            range: rustpython_parser::text_size::TextRange::default(),
            type_: None,
            name: None,
            body: Vec::new(),
        };
        self.try_and_handle(body, &[ExceptHandler::ExceptHandler(handler)], &[])
    }

    pub(super) fn exec_match(&mut self, matched: &ast::StmtMatch) -> Eval<Flow> {
        let subject = self.eval(&matched.subject)?;
        self.match_from(&subject, &matched.cases)
    }

    /// Tries the cases in turn; where it cannot be known whether one matches, the code forks.
    fn match_from(&mut self, subject: &Object, cases: &[ast::MatchCase]) -> Eval<Flow> {
        for (index, case) in cases.iter().enumerate() {
            let passes = match self.matches(&case.pattern, subject) {
                Ok(false) => continue,
                Ok(true) => match &case.guard {
                    None => Ok(true),
                    Some(guard) => {
                        let value = self.eval(guard)?;
                        self.truth(&value, range_of(guard))
                    }
                },
                stop => stop,
            };
            match passes {
                Ok(true) => return self.block(&case.body),
                Ok(false) => {}
                Err(Stop::Unknown(cause)) => {
                    let rest = &cases[index + 1..];
                    return self.fork(
                        &cause,
                        vec![
                            Box::new(|machine| machine.block(&case.body)),
                            Box::new(|machine| {
                                machine.deeper(|machine| machine.match_from(subject, rest))
                            }),
                        ],
                    );
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(Flow::Next)
    }

    fn matches(&mut self, pattern: &Pattern, subject: &Object) -> Eval<bool> {
        self.deeper(|machine| machine.matches_kind(pattern, subject))
    }

    fn matches_kind(&mut self, pattern: &Pattern, subject: &Object) -> Eval<bool> {
        match pattern {
            Pattern::MatchValue(value) => {
                let wanted = self.eval(&value.value)?;
                self.equal(&wanted, subject, &place(value))
            }
            Pattern::MatchSingleton(singleton) => match (&singleton.value, subject) {
                (_, Object::Unknown(cause)) => Err(Stop::Unknown(Rc::clone(cause))),
                (ast::Constant::None, _) => Ok(matches!(subject, Object::None)),
                (ast::Constant::Bool(wanted), Object::Bool(value)) => Ok(wanted == value),
                _ => Ok(false),
            },
            Pattern::MatchAs(capture) => {
                if let Some(inner) = &capture.pattern
                    && !self.matches(inner, subject)?
                {
                    return Ok(false);
                }
                if let Some(name) = &capture.name {
                    self.bind(name, subject.clone());
                }
                Ok(true)
            }
            Pattern::MatchOr(alternatives) => {
                for alternative in &alternatives.patterns {
                    if self.matches(alternative, subject)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Pattern::MatchClass(class)
                if class.patterns.is_empty() && class.kwd_patterns.is_empty() =>
            {
                let wanted = self.eval_known(&class.cls)?;
                self.is_instance(subject, &wanted, &place(class))
            }
            Pattern::MatchSequence(sequence) => self.matches_sequence(&sequence.patterns, subject),
            _ => Err(self.unknown("this pattern is not followed", place(pattern))),
        }
    }

    fn matches_sequence(&mut self, patterns: &[Pattern], subject: &Object) -> Eval<bool> {
        let items = match subject {
            Object::Unknown(cause) => return Err(Stop::Unknown(Rc::clone(cause))),
            Object::Tuple(items) => items.to_vec(),
            Object::List(id) => self.list_items(*id)?,
            _ => return Ok(false),
        };
        let star = patterns.iter().position(|pattern| matches!(pattern, Pattern::MatchStar(_)));
        let fixed = patterns.len() - usize::from(star.is_some());
        if items.len() < fixed || (star.is_none() && items.len() != fixed) {
            return Ok(false);
        }
        let at = star.unwrap_or(patterns.len());
        let behind = fixed - at.min(fixed);
        for (pattern, item) in patterns[..at].iter().zip(&items) {
            if !self.matches(pattern, item)? {
                return Ok(false);
            }
        }
        let Some(Pattern::MatchStar(starred)) = patterns.get(at) else {
            return Ok(true);
        };
        for (pattern, item) in patterns[at + 1..].iter().zip(&items[items.len() - behind..]) {
            if !self.matches(pattern, item)? {
                return Ok(false);
            }
        }
        if let Some(name) = &starred.name {
            let middle = self.new_list(items[at..items.len() - behind].to_vec());
            self.bind(name, middle);
        }
        Ok(true)
    }
}

/// Whether one of Python's exceptions is caught as another; `None` for classes that are not Python's own.
fn is_subclass(kind: &str, base: &str) -> Option<bool> {
    if kind == base || matches!(base, "BaseException") {
        return Some(true);
    }
    if !crate::is_builtin(kind) {
        return None;
    }
    Some(match base {
        "Exception" => {
            !matches!(kind, "SystemExit" | "KeyboardInterrupt" | "GeneratorExit" | "BaseException")
        }
        "ImportError" => kind == "ModuleNotFoundError",
        "LookupError" => matches!(kind, "KeyError" | "IndexError"),
        "ArithmeticError" => {
            matches!(kind, "ZeroDivisionError" | "OverflowError" | "FloatingPointError")
        }
        "ValueError" => {
            matches!(kind, "UnicodeError" | "UnicodeDecodeError" | "UnicodeEncodeError")
        }
        "NameError" => kind == "UnboundLocalError",
        "RuntimeError" => matches!(kind, "NotImplementedError" | "RecursionError"),
        "OSError" | "IOError" | "EnvironmentError" => {
            matches!(
                kind,
                "OSError" | "IOError" | "FileNotFoundError" | "PermissionError" | "FileExistsError"
            )
        }
        _ => false,
    })
}
