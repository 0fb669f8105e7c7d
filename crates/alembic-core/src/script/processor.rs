//! Puts a new thread on another processor than the one that started it.
//!
//! In a virtual machine Linux takes a processor that sleeps for one that the host has
//! taken away (`vcpu_is_preempted`), and often leaves a new thread on the processor of
//! its parent until the next tick of the balancer, some milliseconds later: longer
//! than it takes to read a thousand scripts. On two processors of such a machine half
//! of all runs were as slow as with one thread.

#[cfg(target_os = "linux")]
pub(super) use linux::Processor;
#[cfg(not(target_os = "linux"))]
pub(super) use other::Processor;

#[cfg(target_os = "linux")]
mod linux {
    use rustix::thread::{sched_getaffinity, sched_getcpu, sched_setaffinity};

    /// The processor that a thread was on.
    #[derive(Clone, Copy)]
    pub(in crate::script) struct Processor(usize);

    impl Processor {
        /// The one that this thread is on.
        pub(in crate::script) fn current() -> Self {
            Self(sched_getcpu())
        }

        /// Moves this thread away, if it is there and may be elsewhere. Only speed
        /// depends on it: what fails is left as it is.
        pub(in crate::script) fn leave(self) {
            if sched_getcpu() != self.0 {
                return;
            }
            let Ok(allowed) = sched_getaffinity(None) else { return };
            let mut others = allowed;
            others.unset(self.0);
            if others.count() > 0 && sched_setaffinity(None, &others).is_ok() {
                // The choice is the kernel's again.
                sched_setaffinity(None, &allowed).ok();
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    /// Where threads run is left to the system.
    #[derive(Clone, Copy)]
    pub(in crate::script) struct Processor;

    impl Processor {
        /// The one that this thread is on.
        pub(in crate::script) fn current() -> Self {
            Self
        }

        /// Does nothing.
        pub(in crate::script) fn leave(self) {}
    }
}
