//! Lets a new thread read files beside the one that started it: on another processor,
//! and with a table of open files of its own.
//!
//! In a virtual machine Linux takes a processor that sleeps for one that the host has
//! taken away (`vcpu_is_preempted`), and often leaves a new thread on the processor of
//! its parent until the next tick of the balancer, some milliseconds later: longer
//! than it takes to read a thousand scripts. On two processors of such a machine half
//! of all runs were as slow as with one thread. Two threads that open and close files
//! in one table wait for each other, a fifth of what a file costs.

#[cfg(target_os = "linux")]
pub(super) use linux::Processor;
#[cfg(not(target_os = "linux"))]
pub(super) use other::Processor;

#[cfg(target_os = "linux")]
mod linux {
    use nix::sched::{
        CloneFlags, CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity, unshare,
    };
    use nix::unistd::Pid;

    /// Stands for the thread that asks.
    const THIS: Pid = Pid::from_raw(0);

    /// The processor that a thread was on, where the system tells.
    #[derive(Clone, Copy)]
    pub(in crate::script) struct Processor(Option<usize>);

    impl Processor {
        /// The one that this thread is on.
        pub(in crate::script) fn current() -> Self {
            Self(sched_getcpu().ok())
        }

        /// Moves this thread away, if it is there and may be elsewhere, and gives it its
        /// own table of open files. Only speed depends on it: what fails, or a container
        /// forbids, is left as it is.
        pub(in crate::script) fn leave(self) {
            unshare(CloneFlags::CLONE_FILES).ok();
            if let Some(here) = self.0
                && sched_getcpu() == Ok(here)
            {
                move_from(here).ok();
            }
        }
    }

    fn move_from(here: usize) -> nix::Result<()> {
        let allowed = sched_getaffinity(THIS)?;
        let mut others = allowed;
        others.unset(here)?;
        if (0..CpuSet::count()).any(|one| others.is_set(one) == Ok(true)) {
            sched_setaffinity(THIS, &others)?;
            // The choice is the kernel's again.
            sched_setaffinity(THIS, &allowed)?;
        }
        Ok(())
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
