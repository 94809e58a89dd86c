use crate::types::Faults;

#[test]
fn one_fault_is_forgotten_for_every_period_without_another() {
    let faults = Faults { count: 3, last: 100 };
    let recent = [100, 109, 110, 119, 120, 130, 500].map(|now| faults.recent(now, 10));
    assert_eq!(recent, [3, 3, 2, 2, 1, 0, 0]);
    assert_eq!(faults.with_another(110, 10), Faults { count: 3, last: 110 });
}

#[test]
fn without_a_period_no_fault_is_forgotten() {
    assert_eq!(Faults { count: 2, last: 0 }.recent(u32::MAX, 0), 2);
}
