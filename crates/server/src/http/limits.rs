//! What one address may do: requests by rate, connections by number. Asked before anything else is done for it.

use crate::config::Settings;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// After so many requests, addresses that have been quiet long enough to be forgotten are forgotten. So the table holds
/// no more than the addresses of the last seconds and this many besides.
const CHECKS_BETWEEN_SWEEPS: u32 = 4096;

/// What counts as one address: an IPv4 address, or the /64 that a network of IPv6 hands out to one customer.
pub fn place_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 => v4,
    }
}

/// Requests by address.
pub struct RequestRate {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    checks: AtomicU32,
}

impl RequestRate {
    /// With the rate and burst of the settings.
    pub fn new(settings: &Settings) -> Self {
        let rate = settings.requests_per_address;
        // Settings are never 0: what reads them refuses it.
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let apart = Duration::from_secs(rate.per_s.into()) / number(rate.count).get();
        let quota = Quota::with_period(apart).unwrap_or(Quota::per_second(NonZeroU32::MAX));
        Self { limiter: RateLimiter::keyed(quota.allow_burst(number(rate.burst))), checks: AtomicU32::new(0) }
    }

    /// Counts a request. The error is in how many milliseconds the next one is welcome.
    pub fn count(&self, address: IpAddr) -> Result<(), u64> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_BETWEEN_SWEEPS == CHECKS_BETWEEN_SWEEPS - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&place_of(address)).map_err(|until| {
            let wait = until.wait_time_from(self.limiter.clock().now());
            u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_add(1)
        })
    }
}

/// Room for connections: so many altogether, so many of one address.
pub struct Places {
    total_max: usize,
    per_address_max: usize,
    by_address: Mutex<HashMap<IpAddr, usize>>,
    total: watch::Sender<usize>,
}

/// A connection's place; dropping it frees it.
pub struct Place {
    places: Arc<Places>,
    address: Option<IpAddr>,
    counts: bool,
}

impl Places {
    /// With the numbers of the settings.
    pub fn new(settings: &Settings) -> Arc<Self> {
        Arc::new(Self {
            total_max: settings.connections_max,
            per_address_max: settings.connections_per_address_max,
            by_address: Mutex::default(),
            total: watch::Sender::new(0),
        })
    }

    /// A place for a connection from this address; `None` for a proxy, whose address is not that of a visitor.
    pub fn take(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
        let address = address.map(place_of);
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if *self.total.borrow() >= self.total_max || !self.enter(&mut by_address, address) {
            return None;
        }
        self.total.send_modify(|total| *total += 1);
        Some(Place { places: self.clone(), address, counts: true })
    }

    /// A place for somebody who came through a proxy: the connection is the proxy's and counted already, so only the
    /// visitor's own address is.
    pub fn take_behind_proxy(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = Some(place_of(address));
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        self.enter(&mut by_address, address).then(|| Place { places: self.clone(), address, counts: false })
    }

    fn enter(&self, by_address: &mut HashMap<IpAddr, usize>, address: Option<IpAddr>) -> bool {
        let Some(address) = address else { return true };
        let taken = by_address.entry(address).or_insert(0);
        if *taken >= self.per_address_max {
            return false;
        }
        *taken += 1;
        true
    }

    /// How many connections there are.
    pub fn taken(&self) -> usize {
        *self.total.borrow()
    }

    /// Waits until all have left.
    pub async fn all_left(&self) {
        // It cannot fail: the sender lives in `self`.
        drop(self.total.subscribe().wait_for(|total| *total == 0).await);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_address = self.places.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(address) = self.address
            && let Some(taken) = by_address.get_mut(&address)
        {
            *taken -= 1;
            if *taken == 0 {
                by_address.remove(&address);
            }
        }
        if self.counts {
            self.places.total.send_modify(|total| *total -= 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_refused_when_its_burst_is_used_up_and_others_are_not() {
        let settings = Settings::with(&[("requests_per_address", "1/s+3")]).unwrap();
        let rate = RequestRate::new(&settings);
        for _ in 0..3 {
            rate.count(address("192.0.2.1")).unwrap();
        }
        let wait_ms = rate.count(address("192.0.2.1")).unwrap_err();
        assert!((1..=1001).contains(&wait_ms), "{wait_ms}");
        rate.count(address("192.0.2.2")).unwrap();
    }

    #[test]
    fn one_customer_of_ipv6_is_one_address() {
        assert_eq!(place_of(address("2001:db8::1")), place_of(address("2001:db8::ffff:2")));
        assert_ne!(place_of(address("2001:db8::1")), place_of(address("2001:db8:0:1::1")));
        assert_eq!(place_of(address("::ffff:192.0.2.1")), address("192.0.2.1"));
    }

    #[test]
    fn addresses_that_went_quiet_are_forgotten() {
        let settings = Settings::with(&[("requests_per_address", "1000000/s+1")]).unwrap();
        let rate = RequestRate::new(&settings);
        for number in 0..3 * CHECKS_BETWEEN_SWEEPS {
            rate.count(IpAddr::V4(number.into())).unwrap();
        }
        assert!(rate.limiter.len() <= CHECKS_BETWEEN_SWEEPS as usize + 1, "{}", rate.limiter.len());
    }

    #[test]
    fn a_place_is_free_again_when_its_connection_ends() {
        let settings =
            Settings::with(&[("connections_max", "3"), ("connections_per_address_max", "2")]).unwrap();
        let places = Places::new(&settings);
        let first = places.take(Some(address("192.0.2.1"))).unwrap();
        let _second = places.take(Some(address("192.0.2.1"))).unwrap();
        assert!(places.take(Some(address("192.0.2.1"))).is_none());
        let third = places.take(None).unwrap();
        assert!(places.take(None).is_none());
        drop(first);
        assert!(places.take(Some(address("192.0.2.1"))).is_some());
        drop(third);
        assert_eq!(places.taken(), 1);
    }

    #[test]
    fn visitors_behind_a_proxy_are_counted_by_their_own_address() {
        let settings = Settings::with(&[("connections_per_address_max", "1")]).unwrap();
        let places = Places::new(&settings);
        let one = places.take_behind_proxy(address("192.0.2.1")).unwrap();
        assert!(places.take_behind_proxy(address("192.0.2.1")).is_none());
        assert!(places.take_behind_proxy(address("192.0.2.2")).is_some());
        drop(one);
        assert_eq!(places.taken(), 0);
    }
}
