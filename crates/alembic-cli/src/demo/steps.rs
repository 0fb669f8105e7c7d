//! What is being done, on standard error: a line that changes while it goes on, and stays when it is done.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::output::terminal;

/// Tells of steps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steps {
    /// Somebody looks: lines may be taken back.
    live: bool,
    colour: bool,
    silent: bool,
}

impl Steps {
    pub(crate) fn new(silent: bool) -> Self {
        let stderr = io::stderr();
        let colour = terminal::shows_colour(&stderr);
        Self { live: stderr.is_terminal() && !silent, colour, silent }
    }

    /// Says what is begun, waits for it, and says what came of it. The work gives its result and the sentence.
    pub(crate) async fn run<T, E>(
        self,
        begun: &str,
        work: impl Future<Output = Result<(T, String), E>>,
    ) -> Result<T, E> {
        let start = Instant::now();
        // A future that is dropped half way takes its line back too.
        let line = Line::begin(self, begun);
        let outcome = work.await;
        drop(line);
        let (value, done) = outcome?;
        self.say(&format!("{done} {}", self.dim(&format!("in {}", shown(start.elapsed())))));
        Ok(value)
    }

    /// A line that stays.
    pub(crate) fn say(self, text: &str) {
        if !self.silent {
            let _ignored = writeln!(io::stderr().lock(), "{text}");
        }
    }

    fn dim(self, text: &str) -> String {
        if self.colour { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// A line that is taken back.
struct Line(Steps);

impl Line {
    fn begin(steps: Steps, text: &str) -> Self {
        if steps.live {
            let mut stderr = io::stderr().lock();
            let _ignored = write!(stderr, "{}", steps.dim(&format!("{text}…")));
            let _ignored = stderr.flush();
        }
        Self(steps)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.0.live {
            let mut stderr = io::stderr().lock();
            let _ignored = write!(stderr, "\r\x1b[2K");
            let _ignored = stderr.flush();
        }
    }
}

/// `12ms`, `1.24s`.
fn shown(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{}ms", time.as_millis())
    } else {
        format!("{:.2}s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(shown(Duration::from_micros(12_900)), "12ms");
        assert_eq!(shown(Duration::from_millis(1_240)), "1.24s");
    }
}
