//! Paying in an asset: inclusion fees, prepaid fees, escrow, and the rates that say what it is worth.

mod chain;

use chain::{account, events, in_first_block, pass, Unsigned};
use codec::Encode;
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{Inspect as _, NativeOrWithId},
};
use pallet_asset_conversion_tx_payment::{ChargeAssetTxPayment, Event as Fee};
use pallet_attestation_registry::Models;
use pallet_rates::Error as RateError;
use pallet_task_market::Event as Market;
use pensum_primitives::{
    matching::Matching,
    model::{InputSchema, ModelEntry, ModelKind, ModelState},
    task::{Input, Terms},
    traits::Rates as _,
    verification::Verification,
    AccountId, AssetId, Balance, ModelId,
};
use pensum_runtime::{
    configs::treasury_account,
    constants::{asset, fee, money::*},
    AssetConversion, Assets, AssetsHolder, Balances, Executive, Rates, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, System, TaskMarket,
};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, One};
use sp_runtime::{
    generic::Era,
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

/// The preset's test dollar, and one of it.
const TUSD: AssetId = 1;
const USD: Balance = 1_000_000;

fn tusd(who: &AccountId) -> Balance {
    Assets::balance(TUSD, who)
}

/// Gives [`One`], who owns nothing, test dollars and nothing else.
fn give_one(amount: Balance) {
    assert_ok!(Assets::transfer(
        RuntimeOrigin::signed(account(Bob)),
        TUSD.into(),
        account(One).into(),
        amount
    ));
    assert_eq!(Balances::total_balance(&account(One)), 0);
}

fn remark() -> RuntimeCall {
    frame_system::Call::remark_with_event { remark: vec![7; 32] }.into()
}

/// The reserves of the test dollar's pool: PEN, dollars.
fn reserves() -> (Balance, Balance) {
    AssetConversion::get_reserves(NativeOrWithId::Native, NativeOrWithId::WithId(TUSD))
        .map_err(|_| "no pool")
        .expect("the preset has built the pool")
}

/// What author and treasury have in PEN, and how much PEN there is.
fn purses() -> (Balance, Balance, Balance) {
    (
        Balances::balance(&account(Alice)),
        Balances::balance(&treasury_account()),
        Balances::total_issuance(),
    )
}

#[test]
fn the_extension_travels_as_wallets_encode_it() {
    let bytes = |asset| ChargeAssetTxPayment::<Runtime>::from(0, asset).encode();
    assert_eq!(bytes(None), [0, 0]);
    assert_eq!(bytes(Some(NativeOrWithId::Native)), [0, 1, 0]);
    assert_eq!(bytes(Some(NativeOrWithId::WithId(TUSD))), [0, 1, 1, 1, 0, 0, 0]);
}

#[test]
fn the_test_dollar_is_worth_half_a_pen_from_the_first_block_on() {
    in_first_block(|| {
        assert_eq!(reserves(), (100_000 * PEN, 200_000 * USD));
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
        assert!(Rates::listed()[0].stable && Rates::stable().is_some());
        // Alice has provided the pool out of what she has besides.
        assert_eq!(tusd(&account(Alice)), tusd(&account(Bob)));
        pass(3 * asset::MAX_AGE);
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
    });
}

#[test]
fn a_fee_paid_in_test_dollars_reaches_author_and_treasury_in_pen() {
    in_first_block(|| {
        give_one(10 * USD);
        let (pool, before) = (reserves(), purses());
        assert_ok!(Unsigned::paid_in(Some(TUSD), remark()).apply(One), Ok(()));
        let after = purses();
        let (author, treasury) = (after.0 - before.0, after.1 - before.1);
        let paid = author + treasury;
        assert!(paid > 0 && author == fee::AUTHOR_SHARE * paid);
        assert_eq!(after.2, before.2, "PEN was made or burnt");
        // The payer's dollars lie in the pool, the fee in PEN came out of it, and the event says how many.
        let spent = 10 * USD - tusd(&account(One));
        assert_eq!(reserves(), (pool.0 - paid, pool.1 + spent));
        let told = events().into_iter().find_map(|event| match event {
            RuntimeEvent::AssetConversionTxPayment(Fee::AssetTxFeePaid { who, actual_fee, .. }) => {
                Some((who, actual_fee))
            }
            _ => None,
        });
        assert_eq!(told, Some((account(One), spent)));
    });
}

#[test]
fn a_fee_paid_in_pen_is_shared_as_one_paid_in_an_asset_is() {
    in_first_block(|| {
        let (before, bob) = (purses(), Balances::balance(&account(Bob)));
        assert_ok!(Unsigned::paid_in(None, remark()).apply(Bob), Ok(()));
        let after = purses();
        let paid = bob - Balances::balance(&account(Bob));
        assert_eq!(after.0 - before.0, fee::AUTHOR_SHARE * paid);
        assert_eq!(after.1 - before.1, paid - fee::AUTHOR_SHARE * paid);
        assert_eq!(after.2, before.2);
    });
}

#[test]
fn a_tip_goes_to_the_author_whole_whatever_it_is_paid_in() {
    in_first_block(|| {
        give_one(10 * USD);
        let tip = PEN / 10;
        let before = purses();
        let tipped = Unsigned {
            tip,
            ..Unsigned::paid_in(Some(TUSD), remark())
        };
        assert_ok!(tipped.apply(One), Ok(()));
        let after = purses();
        let (author, treasury) = (after.0 - before.0, after.1 - before.1);
        assert_eq!(author - tip, fee::AUTHOR_SHARE * (author + treasury - tip));
    });
}

#[test]
fn a_fee_is_refused_where_the_asset_has_no_pool_or_the_payer_too_little_of_it() {
    in_first_block(|| {
        let refused = Err(TransactionValidityError::Invalid(InvalidTransaction::Payment));
        give_one(USD / 100);
        assert_eq!(Unsigned::paid_in(Some(TUSD), remark()).apply(One), refused);
        assert_eq!(Unsigned::paid_in(None, remark()).apply(One), refused);
        assert_eq!(Unsigned::paid_in(Some(9), remark()).apply(Bob), refused);
        assert_eq!(tusd(&account(One)), USD / 100);
    });
}

#[test]
fn nonce_and_mortality_are_as_ever() {
    in_first_block(|| {
        give_one(10 * USD);
        pass(1);
        let with_nonce = |nonce| Unsigned {
            nonce,
            ..Unsigned::paid_in(Some(TUSD), remark())
        };
        let future = with_nonce(1).signed(One);
        let validity =
            Executive::validate_transaction(TransactionSource::External, future.clone(), H256::zero());
        assert_eq!(validity.expect("it can wait in the pool").requires.len(), 1);
        assert_eq!(
            Executive::apply_extrinsic(future),
            Err(InvalidTransaction::Future.into())
        );
        assert_ok!(with_nonce(0).apply(One), Ok(()));
        assert_eq!(System::account_nonce(account(One)), 1);
        assert_eq!(with_nonce(0).apply(One), Err(InvalidTransaction::Stale.into()));
        let mortal = |birth: u64| Unsigned {
            nonce: 1,
            era: Era::mortal(4, birth),
            ..Unsigned::paid_in(Some(TUSD), remark())
        };
        let late = mortal(1).signed(One);
        assert_ok!(mortal(1).apply(One), Ok(()));
        pass(4);
        assert_eq!(
            Executive::apply_extrinsic(late),
            Err(InvalidTransaction::BadProof.into())
        );
    });
}

/// A model that takes any short text; no test here runs it.
fn model() -> ModelId {
    let id = ModelId(H256::repeat_byte(7));
    let entry = ModelEntry {
        kind: ModelKind::Graph,
        weights: H256::repeat_byte(8),
        on_chain: true,
        input: InputSchema::Text { max_bytes: 60 },
        output_len: 4,
        cost_fixed: 1_000,
        cost_per_byte: 0,
        state: ModelState::Active { from: 0 },
        publisher: account(Bob),
        royalty: Default::default(),
    };
    Models::<Runtime>::insert(id, entry);
    id
}

/// Two tasks for a model that no solver offers, at auction for so much of an asset each.
fn post(asset: Option<AssetId>, max_reward: Balance) -> pallet_task_market::Call<Runtime> {
    let terms = Terms {
        model: model(),
        max_reward,
        asset,
        deadline: System::block_number() + 30,
        matching: Matching::Dutch {
            start: MICRO,
            end: MILLI,
            blocks: 3,
        },
        verification: Verification::Replay { window: 0 },
        min_reputation: 0,
        allow_flagged: false,
    };
    let input = |text: &str| Input::Inline(text.as_bytes().to_vec().try_into().expect("it is short"));
    let inputs = vec![input("one"), input("two")];
    pallet_task_market::Call::post {
        terms,
        inputs: inputs.try_into().expect("they are few"),
    }
}

/// What was prepaid, and what came back, in this block.
fn prepaid_and_refunded() -> (Balance, Balance) {
    events()
        .into_iter()
        .fold((0, 0), |(prepaid, refunded), event| match event {
            RuntimeEvent::TaskMarket(Market::AnswersPrepaid { fee, asset, .. }) => {
                assert_eq!(asset, Some(TUSD));
                (prepaid + fee, refunded)
            }
            RuntimeEvent::TaskMarket(Market::TaskRefunded { refund, .. }) => (prepaid, refunded + refund),
            _ => (prepaid, refunded),
        })
}

fn held(who: Sr25519Keyring) -> Balance {
    use frame_support::traits::fungibles::InspectHold;
    AssetsHolder::total_balance_on_hold(TUSD, &account(who))
}

#[test]
fn an_account_that_owns_only_test_dollars_posts_and_is_refunded() {
    in_first_block(|| {
        give_one(100 * USD);
        let issuance = Balances::total_issuance();
        let before = purses();
        assert_ok!(
            Unsigned::paid_in(Some(TUSD), post(Some(TUSD), USD)).apply(One),
            Ok(())
        );
        let (prepaid, _) = prepaid_and_refunded();
        let inclusion = events().into_iter().find_map(|event| match event {
            RuntimeEvent::AssetConversionTxPayment(Fee::AssetTxFeePaid { actual_fee, .. }) => {
                Some(actual_fee)
            }
            _ => None,
        });
        let inclusion = inclusion.expect("the transaction was paid for in the asset");
        assert!(prepaid > 0 && inclusion > 0);
        assert_eq!(held(One), 2 * USD);
        assert_eq!(tusd(&account(One)), 98 * USD - prepaid - inclusion);
        // Both fees were swapped, and shared in PEN.
        let after = purses();
        assert!(after.0 > before.0 && after.1 > before.1);
        // Nobody takes the batch: at the deadline all of the escrow is back.
        let mut refunded = 0;
        for _ in 0..40 {
            pass(1);
            refunded += prepaid_and_refunded().1;
        }
        assert_eq!((refunded, held(One)), (2 * USD, 0));
        assert_eq!(tusd(&account(One)), 100 * USD - prepaid - inclusion);
        assert_eq!(Balances::total_balance(&account(One)), 0);
        assert_eq!(Balances::total_issuance(), issuance);
    });
}

#[test]
fn posting_fails_when_the_asset_is_not_listed() {
    in_first_block(|| {
        let bob = || RuntimeOrigin::signed(account(Bob));
        assert_ok!(Rates::delist(RuntimeOrigin::root(), TUSD));
        assert_post_fails(bob(), RateError::<Runtime>::NotListed);
    });
}

#[test]
fn posting_fails_while_the_rate_is_too_old_and_until_it_has_settled_again() {
    in_first_block(|| {
        let (alice, bob) = (
            || RuntimeOrigin::signed(account(Alice)),
            || RuntimeOrigin::signed(account(Bob)),
        );
        // A pool whose asset is frozen has no price.
        assert_ok!(Assets::freeze_asset(alice(), TUSD.into()));
        pass(asset::MAX_AGE + 1);
        assert_ok!(Assets::thaw_asset(alice(), TUSD.into()));
        assert_post_fails(bob(), RateError::<Runtime>::RateTooOld);
        pass(1);
        assert_post_fails(bob(), RateError::<Runtime>::RateNotSettled);
    });
}

fn assert_post_fails(origin: RuntimeOrigin, why: RateError<Runtime>) {
    let pallet_task_market::Call::post { terms, inputs } = post(Some(TUSD), USD) else {
        panic!("this is a post")
    };
    assert_noop!(TaskMarket::post(origin, terms, inputs), why);
}

#[test]
fn a_destroyed_asset_is_delisted() {
    in_first_block(|| {
        let alice = || RuntimeOrigin::signed(account(Alice));
        assert_ok!(Assets::start_destroy(alice(), TUSD.into()));
        assert_ok!(Assets::destroy_accounts(alice(), TUSD.into()));
        assert_ok!(Assets::finish_destroy(alice(), TUSD.into()));
        assert_noop!(Rates::worth(TUSD, USD), RateError::<Runtime>::NotListed);
        assert!(Rates::listed().is_empty() && Rates::stable().is_none());
    });
}

#[test]
fn money_at_a_pools_account_is_no_pool() {
    use pallet_asset_conversion::PoolLocator;
    use pallet_rates::Pools;
    in_first_block(|| {
        let bob = || RuntimeOrigin::signed(account(Bob));
        assert_ok!(Assets::create(bob(), 2.into(), account(Bob).into(), 1));
        let other = NativeOrWithId::WithId(2);
        let purse = <Runtime as pallet_asset_conversion::Config>::PoolLocator::pool_address(
            &NativeOrWithId::Native,
            &other,
        );
        let purse = purse.expect("the pair is PEN and an asset");
        assert_ok!(Balances::transfer_keep_alive(
            bob(),
            purse.clone().into(),
            100 * PEN
        ));
        assert_ok!(Assets::mint(bob(), 2.into(), purse.into(), 100));
        assert_eq!(<Runtime as pallet_rates::Config>::Pools::reserves(2), None);
        assert_ok!(AssetConversion::create_pool(
            bob(),
            NativeOrWithId::Native.into(),
            other.into()
        ));
        assert_eq!(
            <Runtime as pallet_rates::Config>::Pools::reserves(2),
            Some((100 * PEN, 100))
        );
    });
}
