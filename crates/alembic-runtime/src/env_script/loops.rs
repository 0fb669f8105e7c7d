//! Loops and comprehensions: round by round where it is known what they walk through.

use std::rc::Rc;

use python_static::{
    TextRange,
    tree::{Action, Clause, Expression, Node, Statement},
};

use super::{
    Doubt,
    machine::{Eval, Machine},
    statements::Flow,
    value::{Scope, Value},
};

/// Rounds of a loop that are followed.
pub(super) const MAX_ROUNDS: usize = 200;

/// The block of a loop, and what runs when it was not left.
type Blocks<'a> = (&'a [Statement], &'a [Statement]);

impl Machine<'_> {
    pub(super) fn for_loop(
        &mut self,
        scope: &Rc<Scope>,
        target: &Expression,
        over: &Expression,
        blocks: Blocks<'_>,
    ) -> Eval<Flow> {
        let values = self.eval(scope, over)?;
        let items = self.items_of(&values).filter(|items| items.len() <= MAX_ROUNDS);
        let Some(items) = items else {
            let reason = "it is not known what this loop walks through";
            let unknown = self.unknown_from(scope, &over.range, &[&values], reason);
            return self.rounds_unknown(scope, &over.range, blocks, |machine| {
                machine.assign(scope, target, unknown)
            });
        };
        let mut items = items.into_iter();
        self.rounds(scope, blocks, |machine| match items.next() {
            Some(item) => machine.assign(scope, target, item).map(|()| true),
            None => Ok(false),
        })
    }

    pub(super) fn while_loop(
        &mut self,
        scope: &Rc<Scope>,
        test: &Expression,
        blocks: Blocks<'_>,
    ) -> Eval<Flow> {
        let mut unknown = false;
        let mut rounds = 0;
        let flow = self.rounds(scope, blocks, |machine| {
            rounds += 1;
            let holds = machine.eval(scope, test)?.truth();
            let endless = holds == Some(true) && rounds > MAX_ROUNDS;
            unknown = holds.is_none()
                || (endless && (has_break(blocks.0) || !matches!(test.node, Node::Constant(_))));
            if unknown || endless {
                let reason = "this loop is not followed to its end";
                return Err(machine.raise(scope, &test.range, "RecursionError", reason));
            }
            Ok(holds == Some(true))
        });
        match flow {
            Err(_) if unknown => self.rounds_unknown(scope, &test.range, blocks, |_| Ok(())),
            flow => flow,
        }
    }

    /// Round after round, as long as there is a `next`.
    fn rounds(
        &mut self,
        scope: &Rc<Scope>,
        (body, otherwise): Blocks<'_>,
        mut next: impl FnMut(&mut Self) -> Eval<bool>,
    ) -> Eval<Flow> {
        let mark = self.jumps.len();
        let mut left = false;
        let mut result = Ok(Flow::Next);
        while !left {
            match next(self) {
                Ok(true) => {}
                Ok(false) => break,
                Err(raised) => {
                    self.end_loop(mark);
                    return Err(raised);
                }
            }
            let flow = self.block(scope, body);
            // A round after a jump that may have been taken proves nothing.
            match (flow, self.jumps.get(mark).cloned()) {
                (Ok(Flow::Next | Flow::Continue), _) | (Ok(Flow::Break), Some(_)) => {}
                (Ok(Flow::Break), None) => left = true,
                (Ok(Flow::Return(value)), Some(condition)) => {
                    self.may_return(&condition, value);
                    break;
                }
                (Err(_), Some(_)) => break,
                (flow, None) => {
                    result = flow;
                    left = true;
                }
            }
        }
        if !left {
            result = self.block(scope, otherwise);
        }
        if let (Ok(Flow::Return(value)), Some(condition)) = (&result, self.jumps.get(mark).cloned())
        {
            self.may_return(&condition, value.clone());
            result = Ok(Flow::Next);
        }
        self.end_loop(mark);
        result
    }

    /// A `break` or `continue` that may run: what follows in the loop may not.
    pub(super) fn may_jump(&mut self, condition: Rc<Doubt>) {
        self.conditions.push(Rc::clone(&condition));
        self.jumps.push(condition);
    }

    /// After the loop it no longer matters which of its jumps were taken.
    fn end_loop(&mut self, mark: usize) {
        for jump in self.jumps.split_off(mark) {
            if let Some(at) = self.conditions.iter().rposition(|known| Rc::ptr_eq(known, &jump)) {
                self.conditions.remove(at);
            }
        }
    }

    /// A loop whose rounds are not known: its block once, and nothing that it changes is known.
    fn rounds_unknown(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        (body, otherwise): Blocks<'_>,
        start: impl FnOnce(&mut Self) -> Eval<()>,
    ) -> Eval<Flow> {
        let condition = self.doubt(scope, range, "depends on a loop that is not known");
        let mark = self.jumps.len();
        self.unknown_loops += 1;
        self.maybe(Rc::clone(&condition), |machine| {
            start(machine)?;
            machine.block(scope, body)
        });
        self.unknown_loops -= 1;
        self.end_loop(mark);
        if !has_break(body) {
            return self.block(scope, otherwise);
        }
        self.maybe(condition, |machine| machine.block(scope, otherwise));
        Ok(Flow::Next)
    }

    /// `[value for …]`, `{key: value for …}`; a generator is taken to be walked through at once.
    pub(super) fn comprehension(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        (key, value): (Option<&Expression>, &Expression),
        clauses: &[Clause],
    ) -> Eval {
        let Some(first) = clauses.first() else {
            return Ok(self.unknown(scope, range, "this expression is not followed"));
        };
        // The outermost is looked up outside.
        let over = self.eval(scope, &first.over)?;
        let inside = Scope::inside(scope, false, self.level());
        let dict = self.new_dict(Vec::new(), None);
        let mut items = Vec::new();
        let doubt = self.walk(&inside, clauses, Some(over), &mut |machine| {
            let key = key.map(|key| machine.eval(&inside, key)).transpose()?;
            let item = machine.eval(&inside, value)?;
            match key {
                Some(key) => {
                    let dict = Value::Dict(Rc::clone(&dict));
                    machine.set_item(&inside, range, &dict, &key, item);
                }
                None => items.push(item),
            }
            Ok(())
        })?;
        Ok(match (doubt, key) {
            (Some(doubt), None) => Value::Unknown(doubt),
            (None, None) => self.list(items),
            (doubt, Some(_)) => {
                if let Some(doubt) = doubt {
                    self.open_up(&dict, &doubt);
                }
                Value::Dict(dict)
            }
        })
    }

    /// Calls `each` for every round of the clauses; returns why the rounds are not known, if so.
    fn walk(
        &mut self,
        scope: &Rc<Scope>,
        clauses: &[Clause],
        over: Option<Value>,
        each: &mut dyn FnMut(&mut Self) -> Eval<()>,
    ) -> Eval<Option<Rc<Doubt>>> {
        let Some((clause, rest)) = clauses.split_first() else {
            return each(self).map(|()| None);
        };
        let over = over.map_or_else(|| self.eval(scope, &clause.over), Ok)?;
        let Some(items) = self.items_of(&over).filter(|items| items.len() <= MAX_ROUNDS) else {
            let reason = "it is not known what this walks through";
            let unknown = self.unknown_from(scope, &clause.over.range, &[&over], reason);
            let doubt = self.doubt(scope, &clause.over.range, reason);
            let doubt = unknown.doubt().cloned().unwrap_or(doubt);
            // What it changes in passing is not known, either.
            let _ = self.under(Rc::clone(&doubt), |machine| {
                machine.assign(scope, &clause.target, unknown)?;
                machine.round(scope, clause, rest, each)
            });
            return Ok(Some(doubt));
        };
        let mut doubt = None;
        for item in items {
            self.assign(scope, &clause.target, item)?;
            let found = self.round(scope, clause, rest, each)?;
            doubt = doubt.or(found);
        }
        Ok(doubt)
    }

    fn round(
        &mut self,
        scope: &Rc<Scope>,
        clause: &Clause,
        rest: &[Clause],
        each: &mut dyn FnMut(&mut Self) -> Eval<()>,
    ) -> Eval<Option<Rc<Doubt>>> {
        for condition in &clause.conditions {
            let value = self.eval(scope, condition)?;
            match value.truth() {
                Some(true) => {}
                Some(false) => return Ok(None),
                None => {
                    let doubt = self.condition(scope, condition, &value);
                    let _ = self
                        .under(Rc::clone(&doubt), |machine| machine.walk(scope, rest, None, each));
                    return Ok(Some(doubt));
                }
            }
        }
        self.walk(scope, rest, None, each)
    }
}

/// Whether the block of a loop has a `break` of that loop.
fn has_break(statements: &[Statement]) -> bool {
    statements.iter().any(|statement| match &statement.action {
        Action::Break => true,
        Action::If { then, otherwise, .. } => has_break(then) || has_break(otherwise),
        Action::With { body, .. } => has_break(body),
        Action::For { otherwise, .. } | Action::While { otherwise, .. } => has_break(otherwise),
        Action::Try { body, handlers, otherwise, finally } => {
            let handled = handlers.iter().any(|handler| has_break(&handler.body));
            handled || has_break(body) || has_break(otherwise) || has_break(finally)
        }
        // Such as `match`.
        Action::Other => true,
        _ => false,
    })
}
