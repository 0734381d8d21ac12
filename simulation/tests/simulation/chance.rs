//! Where everything comes from that seems to be chance: one number.
//!
//! Parlor's own chance (ids of nodes, tokens, keys) and the order in which the standard library's hash maps are walked come from
//! the system, by `getrandom`. That function is replaced in this program, for the threads that ask for it, by one that counts on
//! from the number. So nothing in the product has to know of the simulation to be the same each time.

use std::cell::Cell;

/// A source of numbers that follow from one number (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x5DEE_CE66_D153_1E4B))
    }

    /// Another source that follows from this one and a word.
    pub fn fork(&mut self, word: &str) -> Self {
        let start = self.next();
        Self(word.bytes().fold(start, |state, byte| mix(state ^ u64::from(byte))))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number below this one, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number from the first to the last, both included.
    pub fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// True so many times in a thousand.
    pub fn happens(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of these; `None` of nothing.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        (!among.is_empty()).then(|| &among[self.below(among.len() as u64) as usize])
    }
}

fn mix(mut number: u64) -> u64 {
    number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

thread_local! {
    static OF_THIS_THREAD: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Lets this thread's randomness follow from a number. To be called on a new thread before anything else: the standard library
/// asks once a thread.
pub fn govern_this_thread(seed: u64) {
    OF_THIS_THREAD.set(Some(mix(seed)));
}

fn governed(bytes: &mut [u8]) -> bool {
    let Some(state) = OF_THIS_THREAD.get() else { return false };
    let mut chance = Chance(state);
    bytes.fill_with(|| chance.next().to_le_bytes()[0]);
    OF_THIS_THREAD.set(Some(chance.0));
    true
}

#[allow(unsafe_code, reason = "the system's function is one of C, and it is replaced by its name")]
mod system {
    use std::{ffi::c_void, slice};

    /// The C library's function of this name, for this program: the linker prefers it.
    ///
    /// # Safety
    /// As the original: `buffer` has room for so many bytes.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn getrandom(buffer: *mut c_void, len: usize, flags: u32) -> isize {
        if len == 0 {
            return 0;
        }
        // SAFETY: the caller lends so many bytes, and nobody reads them before this returns. They are zeroed first, because a
        // slice must not look at what was never written.
        let bytes = unsafe {
            buffer.cast::<u8>().write_bytes(0, len);
            slice::from_raw_parts_mut(buffer.cast::<u8>(), len)
        };
        if super::governed(bytes) {
            return len.cast_signed();
        }
        // By the system call itself: the C library's way leads back here.
        match rustix::rand::getrandom(bytes, rustix::rand::GetRandomFlags::from_bits_retain(flags)) {
            Ok(filled) => filled.cast_signed(),
            Err(_) => -1,
        }
    }
}
