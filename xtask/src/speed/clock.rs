//! Times whole processes.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    command,
    failure::{Failure, Result},
};

/// Times of two programs that ran in turn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs {
    pairs: Vec<(Duration, Duration)>,
}

/// Middle, smallest and largest of some numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// Runs `first` and `second` in turn: once each to warm up, then `runs` times each for the clock.
pub(crate) fn time_in_pairs(first: &mut Command, second: &mut Command, runs: u32) -> Result<Pairs> {
    time(first)?;
    time(second)?;
    let pairs = (0..runs).map(|_| Ok((time(first)?, time(second)?))).collect::<Result<_>>()?;
    Ok(Pairs { pairs })
}

/// One run from its start to its end, with nothing to read and nobody to read it.
fn time(command: &mut Command) -> Result<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().map_err(|error| {
        Failure::new(format!("`{}` does not start: {error}", command::line(command)))
    })?;
    let time = begun.elapsed();
    if status.success() {
        Ok(time)
    } else {
        Err(Failure::new(format!("`{}`: {status}", command::line(command))))
    }
}

impl Pairs {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.pairs.len()
    }

    /// The same pairs with the programs changing places.
    pub(crate) fn swapped(&self) -> Self {
        Self { pairs: self.pairs.iter().map(|&(first, second)| (second, first)).collect() }
    }

    /// The middle time of the first program, in milliseconds.
    pub(crate) fn first(&self) -> f64 {
        Spread::of(self.pairs.iter().map(|(first, _)| milliseconds(*first))).median
    }

    /// The middle time of the second program, in milliseconds.
    pub(crate) fn second(&self) -> f64 {
        Spread::of(self.pairs.iter().map(|(_, second)| milliseconds(*second))).median
    }

    /// How much longer than the second program the first takes, pair by pair, in milliseconds.
    pub(crate) fn difference(&self) -> Spread {
        Spread::of(
            self.pairs.iter().map(|(first, second)| milliseconds(*first) - milliseconds(*second)),
        )
    }

    /// The first program's time as a multiple of the second's, pair by pair.
    pub(crate) fn ratio(&self) -> Spread {
        Spread::of(
            self.pairs.iter().map(|(first, second)| first.as_secs_f64() / second.as_secs_f64()),
        )
    }
}

impl Spread {
    /// Of no numbers at all it is zero.
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.collect();
        sorted.sort_by(f64::total_cmp);
        let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
        let last = sorted.len().saturating_sub(1);
        Self {
            median: f64::midpoint(at(last / 2), at(last.div_ceil(2))),
            low: at(0),
            high: at(last),
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::{Duration, Pairs, Spread};

    #[test]
    fn the_median_of_an_even_count_lies_between() {
        assert_eq!(
            Spread::of([4.0, 1.0, 2.0, 9.0].into_iter()),
            Spread { median: 3.0, low: 1.0, high: 9.0 }
        );
        assert_eq!(Spread::of([7.0].into_iter()), Spread { median: 7.0, low: 7.0, high: 7.0 });
    }

    #[test]
    fn ratios_are_taken_pair_by_pair() {
        let pair = |first, second| (Duration::from_millis(first), Duration::from_millis(second));
        let pairs = Pairs { pairs: vec![pair(10, 1), pair(20, 10), pair(30, 10)] };
        let ratio = pairs.ratio();
        assert!((ratio.median - 3.0).abs() < 1e-9 && (ratio.high - 10.0).abs() < 1e-9);
        assert!((pairs.swapped().first() - 10.0).abs() < 1e-9);
        assert!((pairs.difference().median - 10.0).abs() < 1e-9);
    }
}
