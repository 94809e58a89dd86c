use hyperlane_primitives::{Address, AddressError, H160, H256};
use proptest::prelude::*;

proptest! {
    #[test]
    fn an_evm_address_comes_back_from_its_32_bytes(bytes in any::<[u8; 20]>()) {
        let address = Address::from(H160(bytes));
        prop_assert_eq!(&address.0 .0[..12], &[0; 12]);
        prop_assert_eq!(address.to_evm(), Ok(H160(bytes)));
    }

    #[test]
    fn one_bit_among_the_upper_bytes_makes_it_no_evm_address(bytes in any::<[u8; 20]>(), bit in 0..96usize) {
        let mut dirty = H256::from(H160(bytes));
        dirty.0[bit / 8] |= 1 << (bit % 8);
        prop_assert_eq!(Address(dirty).to_evm(), Err(AddressError::DirtyUpperBytes));
    }
}
