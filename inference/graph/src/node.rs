//! One record of the node table, read and found to fit the tensors it names.

use crate::{
    operator::Operator,
    reader::Reader,
    tensor::{Kind, Shape, TensorSpec},
    GraphError,
};

/// A node whose record is well formed: its operator can make this output from these inputs with weights of this length.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) record: &'a [u8],
    /// The tensors it reads, in order.
    pub(crate) inputs: &'a [[u8; 4]],
    /// Empty in a skeleton.
    pub(crate) weights: &'a [u8],
    pub(crate) operator: Operator<'a>,
    pub(crate) output: TensorSpec,
}

/// The weights of a node: how many bytes, and the bytes themselves where there is a blob. A skeleton has none.
#[derive(Clone, Copy)]
pub(crate) struct Weights<'a> {
    pub(crate) len: u32,
    pub(crate) bytes: &'a [u8],
}

/// The tensors that a node may read: the graph's input and what the nodes before it make.
#[derive(Clone, Copy)]
pub(crate) struct Tensors<'d, 'a> {
    pub(crate) input: TensorSpec,
    pub(crate) made: &'d [Node<'a>],
}

impl Tensors<'_, '_> {
    pub(crate) fn get(&self, tensor: u32) -> Option<TensorSpec> {
        match tensor.checked_sub(1) {
            None => Some(self.input),
            Some(maker) => self.made.get(maker as usize).map(|node| node.output),
        }
    }
}

/// What an operator needs to read its parameters.
pub(crate) struct Definition<'d, 'a> {
    pub(crate) node: u32,
    pub(crate) parameters: Reader<'a>,
    pub(crate) weights: Weights<'a>,
    /// The first input, which for most operators is the only one.
    pub(crate) input: TensorSpec,
    pub(crate) inputs: &'a [[u8; 4]],
    pub(crate) tensors: Tensors<'d, 'a>,
    pub(crate) output: TensorSpec,
}

impl<'a> Node<'a> {
    /// Reads the next record of the table; `weights_at` takes its weights, given where they must be and how long they are.
    #[inline]
    pub(crate) fn parse(
        node: u32,
        table: &mut Reader<'a>,
        tensors: Tensors<'_, 'a>,
        weights_at: impl FnOnce(u32, u32) -> Result<Weights<'a>, GraphError>,
    ) -> Result<Self, GraphError> {
        let cut = GraphError::RecordLength { node };
        let length = Reader::new(table.rest()).u16().ok_or(cut)?;
        let record = table.bytes(length.into()).ok_or(cut)?;
        let mut fields = Reader::new(record);
        fields.u16().ok_or(cut)?;
        let code = fields.u8().ok_or(cut)?;
        let version = fields.u8().ok_or(cut)?;
        let kind = fields.u8().ok_or(cut)?;
        let rank = fields.u8().ok_or(cut)?;
        let count = fields.u8().ok_or(cut)?;
        let reserved = fields.u8().ok_or(cut)?;
        let dims = fields.dims().ok_or(cut)?;
        let weights_offset = fields.u32().ok_or(cut)?;
        let weights_len = fields.u32().ok_or(cut)?;

        Operator::check_known(node, code, version)?;
        if reserved != 0 {
            return Err(GraphError::Reserved { node });
        }
        Operator::check_inputs(node, code, count)?;
        let inputs = u32::from(count).saturating_mul(4);
        let inputs = fields.bytes(inputs).ok_or(cut)?.as_chunks().0;
        let mut first = None;
        for tensor in inputs.iter().map(|field| u32::from_le_bytes(*field)) {
            let spec = tensors.get(tensor);
            first = first.or(Some(spec.ok_or(GraphError::InputOrder { node, tensor })?));
        }
        let input = first.ok_or(GraphError::InputCount { node })?;
        let kind = Kind::of_output(kind).ok_or(GraphError::OutputType { node })?;
        let shape = Shape::new(rank, dims).ok_or(GraphError::OutputShape { node })?;
        let weights = weights_at(weights_offset, weights_len)?;
        let mut output = TensorSpec::new(kind, shape);
        let operator = Operator::parse(
            code,
            Definition {
                node,
                parameters: fields,
                weights,
                input,
                inputs,
                tensors,
                output,
            },
        )?;
        if let Operator::NGramHash(hash) = &operator {
            output.ids_below = hash.buckets();
        }
        Ok(Self {
            record,
            inputs,
            weights: weights.bytes,
            operator,
            output,
        })
    }

    pub(crate) fn code(&self) -> u8 {
        self.record.get(2).copied().unwrap_or(0)
    }

    /// How long its weights are, wherever they are.
    pub(crate) fn weights_len(&self) -> u32 {
        let field = self.record.get(28..).and_then(|fields| fields.first_chunk());
        field.map_or(0, |field| u32::from_le_bytes(*field))
    }

    pub(crate) fn parameters(&self) -> &'a [u8] {
        let before = 32usize.saturating_add(self.inputs.as_flattened().len());
        self.record.get(before..).unwrap_or_default()
    }

    /// The numbers of the tensors it reads.
    pub(crate) fn reads(&self) -> impl DoubleEndedIterator<Item = u32> + 'a {
        self.inputs.iter().map(|field| u32::from_le_bytes(*field))
    }

    /// The same without repetition.
    pub(crate) fn reads_once(&self) -> impl Iterator<Item = u32> + 'a {
        let inputs = self.inputs;
        (0usize..).zip(inputs).filter_map(move |(at, field)| {
            let before = inputs.get(..at).unwrap_or_default();
            (!before.contains(field)).then(|| u32::from_le_bytes(*field))
        })
    }
}
