//! Random lives of the whole market, with the real pallets around it.

use crate::{mock::*, Appeals, Batches, ClaimedAnswers, Stranded};
use pensum_primitives::{
    matching::Matching,
    panel::{Question, VOTE_REJECTED, VOTE_STANDS},
    solver::Fault,
    task::{Answer, Input, Terms},
    traits::{Claims, Models, Replayed},
    AccountId, AssetId, Balance, BatchId, Digest, ModelId, TaskId,
};
use proptest::{prelude::*, test_runner::TestRunner};
use sp_runtime::traits::Zero;
use std::collections::{BTreeMap, BTreeSet};

const REQUESTERS: [AccountId; 2] = [REQUESTER, OTHER];
const PRICE_CAPS: [Balance; 4] = [15_000, 25_000, 45_000, MAX_REWARD];

#[derive(Clone, Debug)]
enum Step {
    /// Somebody posts these inputs.
    Post {
        who: usize,
        sort: Sort,
        inputs: Vec<Kind>,
        cap: usize,
        asset: Option<AssetId>,
        ahead: u32,
    },
    /// Something happens in some auction.
    Auction { lot: usize, solver: u8, act: u8 },
    /// Something happens in some panel or jury.
    Panel { panel: usize, act: u8 },
    /// Somebody doubts some claimed answer.
    Doubt { claim: usize, act: u8 },
    /// Some requester accepts, or one of the sides appeals.
    Judge { claim: usize, act: u8 },
    /// The solver of some part answers some of it, and some of that wrong.
    Answer { part: usize, skip: u8, lie: u8 },
    /// The solver of some part declines.
    Decline { part: usize },
    /// The requester of some batch cancels.
    Cancel { part: usize },
    /// The issuer freezes an asset, or thaws it.
    Freeze { asset: AssetId },
    /// The issuer keeps some solver or requester from receiving coins, or allows it again.
    Block { who: usize },
    /// Somebody has what is stranded for anybody paid.
    Collect,
    /// Time passes.
    Wait { blocks: u32 },
}

/// How a batch is matched and verified.
#[derive(Clone, Copy, Debug)]
enum Sort {
    Plain,
    Windowed,
    Judged,
    Quorum,
    Dutch,
    SealedWindowed,
    SealedJudged,
}

impl Sort {
    fn terms(self, terms: Terms) -> Terms {
        // A jury's members must be affordable too.
        let max_reward = match self {
            Self::Judged | Self::SealedJudged => MAX_REWARD,
            _ => terms.max_reward,
        };
        let (matching, verification) = match self {
            Self::Plain => return terms,
            Self::Windowed => (terms.matching, windowed().verification),
            Self::Judged => (terms.matching, judged().verification),
            Self::Quorum => {
                return Terms {
                    max_reward: 6 * terms.max_reward,
                    verification: quorum().verification,
                    ..terms
                }
            }
            Self::Dutch => (rising_to(terms.max_reward), terms.verification),
            Self::SealedWindowed => (below(terms.max_reward), windowed().verification),
            Self::SealedJudged => (below(max_reward), judged().verification),
        };
        Terms {
            max_reward,
            matching,
            verification,
            ..terms
        }
    }
}

fn rising_to(end: Balance) -> Matching {
    Matching::Dutch {
        start: 1,
        end,
        blocks: 2,
    }
}

fn below(reserve: Balance) -> Matching {
    Matching::Sealed {
        reserve,
        commit: 1,
        reveal: 1,
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Inline,
    Blob,
    /// A blob that turns out not to be text.
    Rubbish,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![4 => Just(Kind::Inline), 2 => Just(Kind::Blob), 1 => Just(Kind::Rubbish)];
    let inputs = prop::collection::vec(kind, 1..7);
    let sort = prop_oneof![
        6 => Just(Sort::Plain),
        3 => Just(Sort::Windowed),
        3 => Just(Sort::Judged),
        3 => Just(Sort::Quorum),
        2 => Just(Sort::Dutch),
        2 => Just(Sort::SealedWindowed),
        1 => Just(Sort::SealedJudged),
    ];
    let paid_in = prop_oneof![3 => Just(None), 2 => Just(Some(COIN)), 1 => Just(Some(GOLD))];
    prop_oneof![
        6 => (0..2usize, sort, inputs, 0..PRICE_CAPS.len(), paid_in, 2..50u32)
            .prop_map(|(who, sort, inputs, cap, asset, ahead)| Step::Post { who, sort, inputs, cap, asset, ahead }),
        6 => (any::<usize>(), 1..6u8, any::<u8>())
            .prop_map(|(lot, solver, act)| Step::Auction { lot, solver, act }),
        8 => (any::<usize>(), any::<u8>()).prop_map(|(panel, act)| Step::Panel { panel, act }),
        3 => (any::<usize>(), any::<u8>()).prop_map(|(claim, act)| Step::Doubt { claim, act }),
        6 => (any::<usize>(), any::<u8>()).prop_map(|(claim, act)| Step::Judge { claim, act }),
        8 => (any::<usize>(), any::<u8>(), any::<u8>())
            .prop_map(|(part, skip, lie)| Step::Answer { part, skip, lie: lie & skip.rotate_left(3) }),
        1 => any::<usize>().prop_map(|part| Step::Decline { part }),
        1 => any::<usize>().prop_map(|part| Step::Cancel { part }),
        1 => prop_oneof![Just(COIN), Just(GOLD)].prop_map(|asset| Step::Freeze { asset }),
        1 => any::<usize>().prop_map(|who| Step::Block { who }),
        1 => Just(Step::Collect),
        4 => (1..5u32).prop_map(|blocks| Step::Wait { blocks }),
    ]
}

/// What the test knows beside the chain.
#[derive(Default)]
struct World {
    /// The bytes of every blob, by task.
    blobs: BTreeMap<TaskId, Vec<u8>>,
    /// Tasks posted.
    posted: u32,
    /// Assets that are frozen.
    frozen: BTreeSet<AssetId>,
    /// Accounts that cannot receive coins.
    blocked: BTreeSet<AccountId>,
}

impl World {
    fn take(&mut self, step: &Step, tally: &mut Tally) {
        match step {
            Step::Post {
                who,
                sort,
                inputs,
                cap,
                asset,
                ahead,
            } => self.post(*who, *sort, inputs, (*cap, *asset), *ahead),
            Step::Auction { lot, solver, act } => auction(*lot, *solver, *act),
            Step::Panel { panel, act } => sit(*panel, *act),
            Step::Doubt { claim, act } => doubt(*claim, *act),
            Step::Judge { claim, act } => judge(*claim, *act),
            Step::Answer { part, skip, lie } => self.answer(*part, *skip, *lie),
            Step::Decline { part } => {
                if let Some((id, solver, _)) = pick(*part) {
                    // Refused where its time ran out and the chain is behind with it.
                    let _ = submit(decline_call(solver, id));
                }
            }
            Step::Cancel { part } => {
                if let Some((id, _, requester)) = pick(*part) {
                    // Refused where all of it is answered, or a panel reveals.
                    let _ = Market::cancel(RuntimeOrigin::signed(requester), id);
                }
            }
            Step::Freeze { asset } => self.freeze(*asset),
            Step::Block { who } => self.block(*who),
            Step::Collect => collect_all(),
            Step::Wait { blocks } => (0..*blocks).for_each(|_| {
                run_for(1);
                tally.take();
                check();
            }),
        }
    }

    fn freeze(&mut self, asset: AssetId) {
        let frozen = !self.frozen.remove(&asset);
        freeze(asset, frozen);
        if frozen {
            self.frozen.insert(asset);
        }
    }

    fn block(&mut self, who: usize) {
        let able = [solver(1), solver(2), REQUESTER, PUBLISHER];
        let who = able[who % able.len()].clone();
        let blocked = !self.blocked.remove(&who);
        // Only who has an account can be kept from using it.
        if !Assets::balance(COIN, &who).is_zero() {
            block(COIN, &who, blocked);
            if blocked {
                self.blocked.insert(who);
            }
        }
    }

    /// Whatever the issuer has put on anybody is lifted, and everybody has what is stranded for it.
    fn lift(&mut self) {
        for asset in std::mem::take(&mut self.frozen) {
            freeze(asset, false);
        }
        for who in std::mem::take(&mut self.blocked) {
            block(COIN, &who, false);
        }
        collect_all();
        assert_eq!(Stranded::<Test>::iter_keys().count(), 0);
    }

    fn post(
        &mut self,
        who: usize,
        sort: Sort,
        kinds: &[Kind],
        (cap, asset): (usize, Option<AssetId>),
        ahead: u32,
    ) {
        let kinds = match sort {
            Sort::Judged | Sort::SealedJudged => &kinds[..1],
            _ => kinds,
        };
        let mut blobs = Vec::new();
        let inputs: Vec<Input> = (0u8..)
            .zip(kinds)
            .map(|(place, kind)| {
                let bytes = match kind {
                    Kind::Inline => return inline(&[b'a', place]),
                    Kind::Blob => vec![b'b', place],
                    Kind::Rubbish => vec![0xff, place],
                };
                blobs.push((place, bytes.clone()));
                blob(&bytes)
            })
            .collect();
        // To the model that compares bytes nothing is rubbish.
        let model = if cap.is_multiple_of(2) { texts() } else { greater() };
        let deadline = System::block_number() + ahead;
        let terms = in_kind(
            asset,
            sort.terms(Terms {
                max_reward: PRICE_CAPS[cap],
                deadline,
                ..terms(model)
            }),
        );
        // Refused where the book has no room; then nothing is known of it.
        if let Ok(id) = post_as(REQUESTERS[who].clone(), terms, inputs) {
            self.posted += kinds.len() as u32;
            self.blobs
                .extend(blobs.into_iter().map(|(place, bytes)| (id.task(place), bytes)));
        }
    }

    /// Nobody is paid for more than its right answers.
    fn answer(&self, part: usize, skip: u8, lie: u8) {
        let Some((id, number, _)) = pick(part) else { return };
        let batch = batch(id);
        let part = batch.part_of(&solver(number)).unwrap();
        if !batch.settles_at_once() {
            let say = |place: u8| match batch.verification.is_traced() {
                true => traced(id.task(place), label(skip.into())),
                false => answer(id.task(place), label(skip.into()), None),
            };
            // Refused where it is claimed already.
            let _ = submit(answer_call(
                number,
                part.tasks.iter().map(|task| say(task.place)).collect(),
            ));
            return;
        }
        let mut sheet = Vec::new();
        let mut due = 0;
        for task in &part.tasks {
            let bit = 1u8 << (task.place % 8);
            if skip & bit != 0 {
                continue;
            }
            let task_id = id.task(task.place);
            let truth = self.truth(&batch.model, task_id);
            let lies = lie & bit != 0 || (lie == 255);
            let mut output = truth.clone().unwrap_or(label(1));
            if lies {
                output[2] ^= 1;
            }
            if truth.is_some() && !lies {
                let price = part.quote.price(task, batch.max_reward);
                due += market_math::payout::split(batch.cost(price), 50_000, 20_000).solver;
            }
            sheet.push(self.sign_off(task_id, output));
        }
        let purse = || match batch.asset() {
            None => free(&solver(number)),
            // What is stranded is the solver's too.
            Some(asset) => coins(asset, &solver(number)) + stranded_for(&solver(number), asset),
        };
        let before = purse();
        let accepted = submit(answer_call(number, sheet)).is_ok();
        assert_eq!(purse(), before + if accepted { due } else { 0 });
    }

    fn sign_off(&self, task: TaskId, output: Vec<u8>) -> Answer {
        answer(task, output, self.blobs.get(&task).map(Vec::as_slice))
    }

    /// What the model says, if it can read the input.
    fn truth(&self, model: &ModelId, task: TaskId) -> Option<Vec<u8>> {
        let inputs = crate::Inputs::<Test>::get(task.batch());
        let bytes = match &inputs[task.place() as usize] {
            Input::Inline(bytes) => bytes.to_vec(),
            Input::Blob { .. } => self.blobs[&task].clone(),
        };
        match Registry::replay(model, &[&bytes]).unwrap().remove(0) {
            Replayed::Output(output) => Some(output),
            Replayed::Unreadable => None,
        }
    }
}

/// Somebody takes a batch, bids for it, or the auction ends in vain.
fn auction(lot: usize, number: u8, act: u8) {
    let Some((id, lot)) = nth(OnSale::iter().collect(), lot, |(id, _)| *id) else {
        return;
    };
    match act % 6 {
        0 if number == 1 => nobody_bids(id),
        0 | 1 => _ = bid(id, solver(number), lot.max_reward),
        _ => _ = award(id, solver(number), lot.max_reward / Balance::from(1 + act % 5)),
    }
}

/// A panel is drawn, reveals, or comes to a verdict.
fn sit(panel: usize, act: u8) {
    let Some((id, panel)) = nth(Summoned::iter().collect(), panel, |(id, _)| *id) else {
        return;
    };
    if panel.seats.is_empty() {
        draw(id);
        return;
    }
    let vote = match (&panel.question, act & 1 == 0) {
        (Question::Answers(_), _) => label(1),
        (Question::Stands, true) => vec![VOTE_STANDS],
        (Question::Stands, false) => vec![VOTE_REJECTED],
    };
    match act % 8 {
        0 => undecided(id),
        1 => reveal(id),
        2 if panel.round == 0 => next_round(id),
        _ => {
            let says =
                |place: usize| (!act.is_multiple_of(3) || place.is_multiple_of(2)).then(|| vote.clone());
            agree(id, &(0..panel.tasks.len()).map(says).collect::<Vec<_>>());
        }
    }
}

/// An answer is disproven, postponed, or its model is.
fn doubt(claim: usize, act: u8) {
    let Some((task, claimed)) = nth(ClaimedAnswers::<Test>::iter().collect(), claim, |(task, _)| *task)
    else {
        return;
    };
    match act % 4 {
        0 => Market::void(task),
        1 | 2 if act % 8 < 4 => Market::postpone(task, claimed.until + u32::from(act % 5)),
        2 => Market::convict(task, Fault::Unopened, None, Digest::zero()),
        _ => Market::convict(task, Fault::Wrong, Some(&OTHER), Digest::zero()),
    }
}

/// An answer is accepted or appealed against; refused where it is not the requester's to judge, or the side has won.
fn judge(claim: usize, act: u8) {
    let judged: Vec<_> = Batches::<Test>::iter()
        .filter(|(_, batch)| batch.verification == judged().verification && !batch.parts.is_empty())
        .collect();
    let Some((id, batch)) = nth(judged, claim, |(id, _)| *id) else {
        return;
    };
    let task = batch.parts[0].tasks[0].place;
    let who = match Appeals::<Test>::get(id).is_some_and(|appeal| !appeal.stands) {
        true => batch.parts[0].solver.clone(),
        false => batch.requester,
    };
    let _ = match act % 4 {
        0 => Market::accept(RuntimeOrigin::signed(who), id),
        _ => Market::appeal(RuntimeOrigin::signed(who), id.task(task)),
    };
}

/// Some element, in an order that does not depend on the storage's.
fn nth<V, K: Ord>(mut all: Vec<V>, index: usize, key: impl FnMut(&V) -> K) -> Option<V> {
    all.sort_by_key(key);
    (!all.is_empty()).then(|| all.swap_remove(index % all.len()))
}

/// Some live part: its batch, its solver's number, and who asked.
fn pick(index: usize) -> Option<(BatchId, u8, AccountId)> {
    let mut parts: Vec<_> = Batches::<Test>::iter()
        .flat_map(|(id, batch)| {
            let requester = batch.requester.clone();
            batch
                .parts
                .into_iter()
                .map(move |part| (id, AsRef::<[u8]>::as_ref(&part.solver)[0], requester.clone()))
        })
        .collect();
    parts.sort();
    (!parts.is_empty()).then(|| parts.swap_remove(index % parts.len()))
}

/// The escrow is exact over everybody, those without live tasks included, and no money is made or lost.
fn check_money(issued: (Balance, [Balance; 3])) {
    for who in REQUESTERS {
        let live = |asset: Option<AssetId>| -> Balance {
            Batches::<Test>::iter_values()
                .filter(|batch| batch.requester == who && batch.asset() == asset)
                .map(|batch| batch.each() * Balance::from(batch.tasks()))
                .sum()
        };
        assert_eq!(escrow(&who), live(None));
        for asset in [COIN, GOLD] {
            let stranded: Balance = Stranded::<Test>::iter()
                .filter(|((_, requester, of), _)| *requester == who && *of == asset)
                .map(|(_, amount)| amount)
                .sum();
            assert_eq!(escrow_in(asset, &who), live(Some(asset)) + stranded);
        }
    }
    assert_eq!((Balances::total_issuance(), issued_assets()), issued);
}

/// How often each kind of event was met, over all lives.
#[derive(Default)]
struct Tally(BTreeMap<String, u32>);

impl Tally {
    fn take(&mut self) {
        for event in events() {
            let debug = format!("{event:?}");
            let mut name = debug
                .trim_start_matches("Event::")
                .split([' ', '{'])
                .next()
                .unwrap()
                .to_string();
            if let crate::Event::TaskRefunded { reason, .. } = event {
                name = format!("{name}({reason:?})");
            }
            *self.0.entry(name).or_default() += 1;
        }
        System::reset_events();
    }
}

fn live(steps: &[Step], expiries: u32, tally: &mut Tally) {
    let issued = (Balances::total_issuance(), issued_assets());
    let mut world = World::default();
    for step in steps {
        world.take(step, tally);
        tally.take();
        check();
        check_money(issued);
    }
    // Every deadline passes; where the chain does little at a time, each task may take a block of its own per solver.
    for _ in 0..LONGEST_LIFE {
        run_for(1);
        tally.take();
    }
    check();
    world.lift();
    tally.take();
    if expiries == 1_000 {
        assert!(is_empty(), "something outlived every deadline");
    }
    let mut blocks = 0;
    while !is_empty() {
        run_for(1);
        blocks += 1;
        assert!(blocks < 4 * world.posted + 4, "something is stuck");
    }
    check();
    check_money(issued);
}

#[test]
fn no_task_gets_stuck_and_no_money_gets_lost() {
    let lives = (
        prop::collection::vec(step(), 1..140),
        prop_oneof![1 => 1..5u8, 3 => 5..9u8],
        prop_oneof![1 => 1..9u32, 1 => 20..60u32],
        prop_oneof![Just(1u32), Just(3), Just(1_000)],
        prop_oneof![Just(3u32), Just(1_000)],
    );
    let tally = std::cell::RefCell::new(Tally::default());
    let config = ProptestConfig {
        cases: 192,
        max_shrink_iters: 2_000,
        ..Default::default()
    };
    TestRunner::new(config)
        .run(&lives, |(steps, solvers, capacity, expiries, jail)| {
            ExtBuilder::default()
                .solvers(solvers)
                .capacity(capacity)
                .accepting()
                .build()
                .execute_with(|| {
                    MaxExpiriesPerBlock::set(expiries);
                    JailThreshold::set(jail);
                    live(&steps, expiries, &mut tally.borrow_mut());
                });
            Ok(())
        })
        .unwrap();
    // The lives were worth living.
    let met = tally.into_inner().0;
    for kind in [
        "TasksPosted",
        "TaskAnswered",
        "AnswerRejected",
        "AssignmentFailed",
        "AssignmentTimedOut",
        "AssignmentDeclined",
        "BatchHandedOver",
        "BatchCancelled",
        "BatchOpened",
        "BatchAwarded",
        "BatchReauctioned",
        "TaskClaimed",
        "ClaimPostponed",
        "PanelPaid",
        "ShareStranded",
        "ShareCollected",
        "AnswerAccepted",
        "AppealOpened",
        "JuryDecided",
        "JuryUndecided",
        "AppealBondLost",
        "TaskRefunded(NoBids)",
        "TaskRefunded(NoQuorum)",
        "TaskRefunded(Rejected)",
        "TaskRefunded(ModelBroken)",
        "TaskRefunded(InputUnreadable)",
        "TaskRefunded(NobodyLeft)",
        "TaskRefunded(DeadlinePassed)",
        "TaskRefunded(Cancelled)",
    ] {
        assert!(met.contains_key(kind), "{kind} was never met: {met:?}");
    }
}
