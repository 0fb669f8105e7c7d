//! Lends the terminal to the child when it asks for it, as a shell does with its jobs.

use fs_err::{File, OpenOptions};
use nix::{
    sys::signal::{SigSet, SigmaskHow, Signal, killpg, raise},
    unistd::{Pid, getpgrp, getppid, getsid, tcgetpgrp, tcsetpgrp},
};

/// Is there a shell that would let us go on after a stop? Then our parent is in our session (as for an "orphaned" process
/// group, where the kernel ignores Ctrl-Z likewise).
pub(super) fn has_shell() -> bool {
    let own = getsid(None);
    own.is_ok() && getsid(Some(getppid())) == own
}

/// The terminal that controls this process.
pub(super) struct Terminal {
    file: File,
    is_lent: bool,
}

impl Terminal {
    /// `None` when there is no terminal.
    pub(super) fn open() -> Option<Self> {
        let file = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
        Some(Self { file, is_lent: false })
    }

    /// The child was stopped. If it asked for the terminal and we have it, the child gets it. Else the user stops the job:
    /// we stop with it and go on with it.
    pub(super) fn child_stopped(&mut self, group: Pid, signal: Signal) {
        let asks = matches!(signal, Signal::SIGTTIN | Signal::SIGTTOU);
        if !(asks && self.is_ours()) && has_shell() {
            // Returns when a shell lets us go on.
            let _ = raise(Signal::SIGSTOP);
        }
        if (asks || self.is_lent) && self.is_ours() {
            self.is_lent = self.give_to(group);
        }
        let _gone = killpg(group, Signal::SIGCONT);
    }

    /// The child has ended: the terminal is ours again.
    pub(super) fn take_back(&mut self) {
        if self.is_lent {
            self.is_lent = !self.give_to(getpgrp());
        }
    }

    fn is_ours(&self) -> bool {
        tcgetpgrp(self.file.file()).is_ok_and(|group| group == getpgrp())
    }

    fn give_to(&self, group: Pid) -> bool {
        // Who gives away a terminal from the background is stopped by SIGTTOU, unless the thread blocks it.
        let mut blocked = SigSet::empty();
        blocked.add(Signal::SIGTTOU);
        let Ok(before) = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK) else {
            return false;
        };
        let given = tcsetpgrp(self.file.file(), group).is_ok();
        let _ = before.thread_set_mask();
        given
    }
}
