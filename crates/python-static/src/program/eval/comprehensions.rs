//! The rows of comprehensions and generators.

use std::rc::Rc;

use rustpython_parser::ast::{self, Expr};

use super::put;
use crate::program::value::{Place, Scope, ScopeKind, Value};
use crate::program::{Eval, MAX_SIZE, Machine};

impl Machine {
    /// The items of a comprehension of one expression.
    pub(super) fn comprehended(
        &mut self,
        scope: &Rc<Scope>,
        generators: &[ast::Comprehension],
        result: &Expr,
    ) -> Eval<Result<Vec<Value>, Value>> {
        Ok(self.comprehension(scope, generators, &[result])?.map(firsts))
    }

    pub(super) fn eval_dict_comp(
        &mut self,
        scope: &Rc<Scope>,
        comp: &ast::ExprDictComp,
        place: Place,
    ) -> Eval {
        let rows = match self.comprehension(scope, &comp.generators, &[&comp.key, &comp.value])? {
            Ok(rows) => rows,
            Err(unknown) => return Ok(unknown),
        };
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        for mut row in rows {
            let value = row.pop().unwrap_or(Value::None);
            let key = row.pop().unwrap_or(Value::None);
            self.charge(pairs.len(), place)?;
            put(&mut pairs, key, value);
        }
        Ok(Value::dict(pairs))
    }

    /// A set of items; each is compared with those before it.
    pub(super) fn charged_set(&mut self, items: Vec<Value>, place: Place) -> Eval {
        self.charge(items.len().saturating_mul(items.len()), place)?;
        Ok(self.set_of(items))
    }

    fn comprehension(
        &mut self,
        scope: &Rc<Scope>,
        generators: &[ast::Comprehension],
        results: &[&Expr],
    ) -> Eval<Result<Vec<Vec<Value>>, Value>> {
        let inner = Scope::new(ScopeKind::Function, &scope.module, Some(Rc::clone(scope)));
        let mut rows = Vec::new();
        let unknown = self.generate(scope, &inner, generators, results, &mut rows)?;
        Ok(match unknown {
            Some(unknown) => Err(unknown),
            None => Ok(rows),
        })
    }

    fn generate(
        &mut self,
        outer: &Rc<Scope>,
        scope: &Rc<Scope>,
        generators: &[ast::Comprehension],
        results: &[&Expr],
        rows: &mut Vec<Vec<Value>>,
    ) -> Eval<Option<Value>> {
        let Some((first, rest)) = generators.split_first() else {
            let mut row = Vec::with_capacity(results.len());
            for result in results {
                row.push(self.eval(scope, result)?);
            }
            rows.push(row);
            return Ok(None);
        };
        let place = self.at(scope, &first.iter);
        let over = self.eval(outer, &first.iter)?;
        let items = match self.iterate(&over, place)? {
            Ok(items) => items,
            Err(unknown) => return Ok(Some(unknown)),
        };
        'items: for item in items {
            self.step(place)?;
            self.assign(scope, &first.target, item)?;
            for test in &first.ifs {
                let value = self.eval(scope, test)?;
                match self.truth(&value) {
                    Some(true) => {}
                    Some(false) => continue 'items,
                    None => return Ok(Some(self.doubt(&value, place))),
                }
            }
            if let Some(unknown) = self.generate(scope, scope, rest, results, rows)? {
                return Ok(Some(unknown));
            }
            if rows.len() > MAX_SIZE {
                return Ok(Some(self.unknown("the list is too long", place)));
            }
        }
        Ok(None)
    }
}

fn firsts(rows: Vec<Vec<Value>>) -> Vec<Value> {
    rows.into_iter().filter_map(|row| row.into_iter().next()).collect()
}
