//! Intents that arrive. Each is answered: with the result of its task, or with the reason why it never became one.

use crate::{
    terms::{input, model, terms},
    types::{Ending, Paid, Remote, Request, Work},
    Config, Endings, Event, Pallet, Registries, Requests,
};
use alloc::vec::Vec;
use frame_support::storage::with_storage_layer;
use pensum_primitives::{bridge::Inbound, follower::Follower, traits::Posting, TaskId};
use pensum_task_abi::{Delivery, Intent, Refusal};
use sp_runtime::{traits::Convert, DispatchError};

/// Why an intent never became a task.
struct Refused {
    refusal: Refusal,
    error: Option<DispatchError>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, error: None }
    }
}

impl<T: Config> Pallet<T> {
    /// Takes an intent that could be read.
    pub(crate) fn take_intent(message: &Inbound<'_>, intent: &Intent) {
        let mut request = Request {
            remote: message.into(),
            task: None,
            asset: intent.asset,
            max_reward: intent.max_reward,
            delivery: intent.delivery,
            callback_gas: intent.callback_gas,
            refund_to: intent.refund_to.map(Into::into),
            paid: Paid::default(),
        };
        match Self::try_take(message, intent, &mut request) {
            Ok(task) => {
                request.task = Some(task);
                Self::deposit_event(Event::IntentTaken {
                    request: message.id,
                    remote: request.remote,
                    account: request.remote.account(),
                    task,
                    asset: request.asset,
                    max_reward: request.max_reward,
                    delivery: request.delivery,
                });
                Requests::<T>::insert(message.id, request);
            }
            Err(refused) => {
                let terms = terms(intent, Self::now());
                let ending = Ending::of_refused(
                    refused.refusal,
                    model(intent),
                    &input(intent),
                    &terms.verification,
                    Self::now(),
                );
                Self::refuse(message, request, ending, refused);
            }
        }
    }

    /// Answers what cannot be read.
    pub(crate) fn refuse_malformed(message: &Inbound<'_>) {
        let request = Request {
            remote: message.into(),
            task: None,
            asset: None,
            max_reward: 0,
            delivery: Delivery::Direct,
            callback_gas: 0,
            refund_to: None,
            paid: Paid::default(),
        };
        let ending = Ending::of_malformed(Self::now());
        Self::refuse(message, request, ending, Refusal::Malformed.into());
    }

    fn refuse(message: &Inbound<'_>, request: Request, ending: Ending, refused: Refused) {
        let Refused { refusal, error } = refused;
        Self::deposit_event(Event::IntentRefused {
            request: message.id,
            remote: request.remote,
            refusal,
            error,
        });
        Requests::<T>::insert(message.id, request);
        Endings::<T>::insert(message.id, ending);
        Self::push(Work::Result { request: message.id });
    }

    fn try_take(message: &Inbound<'_>, intent: &Intent, request: &mut Request) -> Result<TaskId, Refused> {
        let remote = request.remote;
        let no_registry =
            request.delivery == Delivery::Batched && !Registries::<T>::contains_key(remote.domain);
        if no_registry {
            // So that the contract is told at all.
            request.delivery = Delivery::Direct;
        }
        let paid = Self::pay_delivery(message.id, request);
        if !Self::takes_intents_of(remote.domain, remote.address) {
            return Err(Refusal::NotAccepted.into());
        }
        if no_registry {
            return Err(Refusal::NoRegistry.into());
        }
        paid.and_then(|()| Self::post(message, intent, &remote))
            .map_err(|error| Refused {
                refusal: Self::refusal(error),
                error: Some(error),
            })
    }

    /// Posts the task in the name of the remote account. All of it happens, or nothing.
    fn post(message: &Inbound<'_>, intent: &Intent, remote: &Remote) -> Result<TaskId, DispatchError> {
        with_storage_layer(|| {
            T::Posting::post_for(
                &remote.account(),
                terms(intent, Self::now()),
                input(intent),
                Vec::new(),
                Follower::Message(message.id),
            )
        })
    }

    /// Which refusal an error is to the contract.
    fn refusal(error: DispatchError) -> Refusal {
        use crate::Error;
        let is = |own: Error<T>| error == own.into();
        if is(Error::CannotPayDelivery) || is(Error::DeliveryTooDear) {
            Refusal::CannotPay
        } else if is(Error::WorthNothing) {
            Refusal::BadTerms
        } else {
            T::Refusals::convert(error)
        }
    }
}
