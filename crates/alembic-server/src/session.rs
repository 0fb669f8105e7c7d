//! Sessions: how one begins, and which there are. Everything lives in memory and ends with the server.
//!
//! A session begins with the launch code, which works once, or with the token, where the server was started with one.
//! Codes are long enough that nobody guesses them; tokens are chosen by people, so wrong ones are counted, and after a few
//! none is looked at for a while.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use crate::random;

/// The shortest token that is accepted, in characters.
pub const SHORTEST_TOKEN: usize = 16;

/// How many wrong attempts may follow on each other.
const BURST: u32 = 10;
/// How long it takes until one more is allowed.
const RECOVERY: Duration = Duration::from_secs(1);
/// How many sessions there may be; the oldest gives way.
const SESSIONS: usize = 64;

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    Right,
    Wrong,
    /// None is looked at for so many seconds.
    TooMany(u64),
}

/// A text that is compared without telling how much of it was right.
struct Fingerprint([u8; 32]);

impl Fingerprint {
    fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// All sessions of one server.
pub struct Sessions {
    cookie_name: String,
    token: Option<Fingerprint>,
    inner: Mutex<Inner>,
}

struct Inner {
    code: Option<Fingerprint>,
    sessions: Vec<Fingerprint>,
    wrong: Wrong,
}

impl Sessions {
    /// No session yet; with `token`, that begins one too.
    pub fn new(token: Option<&str>) -> Self {
        Self {
            cookie_name: format!("alembic_rs_{}", random::hex(8)),
            token: token.map(Fingerprint::of),
            inner: Mutex::new(Inner { code: None, sessions: Vec::new(), wrong: Wrong::default() }),
        }
    }

    /// A new launch code. Those before it stop working.
    pub fn new_code(&self) -> String {
        let code = random::hex(16);
        self.lock().code = Some(Fingerprint::of(&code));
        code
    }

    /// The cookie's name, which no other server on this machine uses: cookies ignore ports.
    pub fn cookie_name(&self) -> &str {
        &self.cookie_name
    }

    /// Whether a token begins a session.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Looks at a launch code; a right one is used up.
    pub(crate) fn try_code(&self, code: &str) -> Attempt {
        let given = Fingerprint::of(code);
        let mut inner = self.lock();
        let inner = &mut *inner;
        inner.wrong.judge(|| {
            let is_right = inner.code.as_ref().is_some_and(|code| code.is(&given));
            if is_right {
                inner.code = None;
            }
            is_right
        })
    }

    /// Looks at a token.
    pub(crate) fn try_token(&self, token: &str) -> Attempt {
        let given = Fingerprint::of(token);
        let is_right = || self.token.as_ref().is_some_and(|token| token.is(&given));
        self.lock().wrong.judge(is_right)
    }

    /// A new session; the cookie's value.
    pub(crate) fn begin(&self) -> String {
        let id = random::hex(32);
        let mut inner = self.lock();
        if inner.sessions.len() == SESSIONS {
            inner.sessions.remove(0);
        }
        inner.sessions.push(Fingerprint::of(&id));
        id
    }

    /// Whether `id` is a session.
    pub(crate) fn holds(&self, id: &str) -> bool {
        let given = Fingerprint::of(id);
        self.lock().sessions.iter().fold(false, |found, session| session.is(&given) | found)
    }

    /// Ends a session.
    pub(crate) fn end(&self, id: &str) {
        let given = Fingerprint::of(id);
        self.lock().sessions.retain(|session| !session.is(&given));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sessions")
    }
}

/// Wrong attempts, which are forgotten one by one.
#[derive(Default)]
struct Wrong {
    count: u32,
    since: Option<Instant>,
}

impl Wrong {
    fn judge(&mut self, is_right: impl FnOnce() -> bool) -> Attempt {
        self.forget(Instant::now());
        if self.count >= BURST {
            return Attempt::TooMany(RECOVERY.as_secs().max(1));
        }
        if is_right() {
            return Attempt::Right;
        }
        self.count += 1;
        Attempt::Wrong
    }

    fn forget(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        let passed = now.saturating_duration_since(since).as_millis() / RECOVERY.as_millis();
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        if passed > 0 {
            self.count = self.count.saturating_sub(passed);
            self.since = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_and_the_last_one_alone() {
        let sessions = Sessions::new(None);
        let (first, second) = (sessions.new_code(), sessions.new_code());
        assert_eq!(sessions.try_code(&first), Attempt::Wrong);
        assert_eq!(sessions.try_code(&second), Attempt::Right);
        assert_eq!(sessions.try_code(&second), Attempt::Wrong);
        assert_eq!(sessions.try_token(""), Attempt::Wrong, "no token is none at all");
    }

    #[test]
    fn wrong_attempts_are_slowed_down() {
        let token = "a token of many characters";
        let sessions = Sessions::new(Some(token));
        for _ in 0..BURST {
            assert_eq!(sessions.try_token("wrong"), Attempt::Wrong);
        }
        assert!(matches!(sessions.try_token(token), Attempt::TooMany(_)), "not even looked at");
        std::thread::sleep(RECOVERY + Duration::from_millis(50));
        assert_eq!(sessions.try_token(token), Attempt::Right);
    }

    #[test]
    fn sessions_begin_and_end_and_the_oldest_gives_way() {
        let sessions = Sessions::new(None);
        let first = sessions.begin();
        assert!(sessions.holds(&first));
        let others: Vec<String> = (0..SESSIONS).map(|_| sessions.begin()).collect();
        assert!(!sessions.holds(&first));
        assert!(others.iter().all(|id| sessions.holds(id)));
        sessions.end(&others[0]);
        assert!(!sessions.holds(&others[0]));
        assert!(!sessions.holds(""));
    }

    #[test]
    fn nothing_secret_is_shown() {
        let sessions = Sessions::new(Some("a token of many characters"));
        assert_eq!(format!("{sessions:?}"), "Sessions");
    }
}
