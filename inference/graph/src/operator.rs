//! The operators: what each reads, makes, costs, and how far its values can go.

mod add;
mod arg_max;
mod clamp;
mod concat;
mod embedding_bag;
mod fully_connected;
mod ngram_hash;
mod part;
mod rescale;
mod reshape;

use crate::{bounds::Interval, node::Definition, GraphError, ParameterName};

pub(crate) use add::{Add, ADDENDS};
pub(crate) use arg_max::ArgMax;
pub(crate) use clamp::Clamp;
pub(crate) use concat::{Concat, MAX_INPUTS};
pub(crate) use embedding_bag::EmbeddingBag;
pub(crate) use fully_connected::{
    FullyConnected, FLAG_BIAS, FLAG_PER_UNIT, RULE_FIXED_POINT, RULE_LITERT, RULE_RAW,
};
pub(crate) use ngram_hash::{NGramHash, NORMALISATION_LITE};

/// Codes of the operators in a node's record.
pub(crate) mod code {
    pub(crate) const NGRAM_HASH: u8 = 1;
    pub(crate) const EMBEDDING_BAG: u8 = 2;
    pub(crate) const FULLY_CONNECTED: u8 = 3;
    pub(crate) const RESHAPE: u8 = 4;
    pub(crate) const CLAMP: u8 = 5;
    pub(crate) const ARG_MAX: u8 = 6;
    pub(crate) const CONCAT: u8 = 7;
    pub(crate) const ADD: u8 = 20;
}

/// The only version there is of every operator.
pub(crate) const OPERATOR_VERSION: u8 = 1;

/// An operator with its parameters read and found to fit its input, output and weights.
#[derive(Clone, Debug)]
pub(crate) enum Operator<'a> {
    NGramHash(NGramHash),
    EmbeddingBag(EmbeddingBag<'a>),
    FullyConnected(FullyConnected<'a>),
    Reshape,
    Clamp(Clamp),
    ArgMax(ArgMax),
    Concat(Concat),
    Add(Add),
}

impl<'a> Operator<'a> {
    pub(crate) fn check_known(node: u32, code: u8, version: u8) -> Result<(), GraphError> {
        match (code, version) {
            (code::NGRAM_HASH..=code::CONCAT | code::ADD, OPERATOR_VERSION) => Ok(()),
            (code::NGRAM_HASH..=code::CONCAT | code::ADD, _) => {
                Err(GraphError::OperatorVersion { node, code, version })
            }
            _ => Err(GraphError::UnknownOperator { node, code }),
        }
    }

    pub(crate) fn check_inputs(node: u32, code: u8, count: u8) -> Result<(), GraphError> {
        let wanted = match code {
            code::CONCAT => 1..=MAX_INPUTS,
            code::ADD => ADDENDS..=ADDENDS,
            _ => 1..=1,
        };
        if wanted.contains(&count) {
            Ok(())
        } else {
            Err(GraphError::InputCount { node })
        }
    }

    pub(crate) fn parse(code: u8, definition: Definition<'_, 'a>) -> Result<Self, GraphError> {
        match code {
            code::NGRAM_HASH => NGramHash::parse(definition).map(Self::NGramHash),
            code::EMBEDDING_BAG => EmbeddingBag::parse(definition).map(Self::EmbeddingBag),
            code::FULLY_CONNECTED => FullyConnected::parse(definition).map(Self::FullyConnected),
            code::RESHAPE => reshape::check(definition).map(|()| Self::Reshape),
            code::CLAMP => Clamp::parse(definition).map(Self::Clamp),
            code::ARG_MAX => ArgMax::parse(definition).map(Self::ArgMax),
            code::CONCAT => Concat::parse(definition).map(Self::Concat),
            code::ADD => Add::parse(definition).map(Self::Add),
            code => Err(GraphError::UnknownOperator {
                node: definition.node,
                code,
            }),
        }
    }

    /// The interval of the output, or the reason why an execution could overflow.
    pub(crate) fn bounds(&self, node: u32, input: Interval) -> Result<Interval, GraphError> {
        match self {
            Self::NGramHash(_) => Ok(Interval::NONE),
            Self::EmbeddingBag(bag) => Ok(bag.bounds()),
            Self::FullyConnected(layer) => layer.bounds(node, input),
            Self::Reshape => Ok(input),
            Self::Clamp(clamp) => Ok(clamp.bounds(input)),
            Self::ArgMax(arg_max) => Ok(arg_max.bounds()),
            Self::Concat(concat) => Ok(concat.bounds(input)),
            Self::Add(add) => Ok(add.bounds()),
        }
    }
}

impl Definition<'_, '_> {
    /// A parameter that must be in its range.
    fn require(&self, fits: bool, name: ParameterName) -> Result<(), GraphError> {
        if fits {
            Ok(())
        } else {
            Err(GraphError::Parameter {
                node: self.node,
                name,
            })
        }
    }

    /// A field of the parameters, or the record is too short.
    fn field<T>(&self, value: Option<T>) -> Result<T, GraphError> {
        value.ok_or(GraphError::RecordLength { node: self.node })
    }

    /// Nothing follows the parameters.
    fn end(&self) -> Result<(), GraphError> {
        if self.parameters.rest().is_empty() {
            Ok(())
        } else {
            Err(GraphError::RecordLength { node: self.node })
        }
    }

    fn input_type(&self, fits: bool) -> Result<(), GraphError> {
        if fits {
            Ok(())
        } else {
            Err(GraphError::InputType { node: self.node })
        }
    }

    fn output_type(&self, fits: bool) -> Result<(), GraphError> {
        if fits {
            Ok(())
        } else {
            Err(GraphError::OutputType { node: self.node })
        }
    }

    fn output_shape(&self, fits: bool) -> Result<(), GraphError> {
        if fits {
            Ok(())
        } else {
            Err(GraphError::OutputShape { node: self.node })
        }
    }

    fn weights_length(&self, expected: u64) -> Result<(), GraphError> {
        if u64::from(self.weights.len) == expected {
            Ok(())
        } else {
            Err(GraphError::WeightsLength { node: self.node })
        }
    }
}

/// Ids of embedding rows, in order.
pub(crate) trait IdSource {
    fn for_each_id(&self, visit: impl FnMut(u32));
}

impl IdSource for [u32] {
    #[inline]
    fn for_each_id(&self, visit: impl FnMut(u32)) {
        self.iter().copied().for_each(visit);
    }
}
