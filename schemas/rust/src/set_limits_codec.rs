use crate::*;

pub use decoder::SetLimitsDecoder;
pub use encoder::SetLimitsEncoder;

pub use crate::SBE_SCHEMA_ID;
pub use crate::SBE_SCHEMA_VERSION;
pub use crate::SBE_SEMANTIC_VERSION;

pub const SBE_BLOCK_LENGTH: u16 = 46;
pub const SBE_TEMPLATE_ID: u16 = 66;

pub mod encoder {
    use super::*;
    use message_header_codec::*;

    #[derive(Debug, Default)]
    pub struct SetLimitsEncoder<'a> {
        buf: WriteBuf<'a>,
        initial_offset: usize,
        offset: usize,
        limit: usize,
    }

    impl<'a> Writer<'a> for SetLimitsEncoder<'a> {
        #[inline]
        fn get_buf_mut(&mut self) -> &mut WriteBuf<'a> {
            &mut self.buf
        }
    }

    impl<'a> Encoder<'a> for SetLimitsEncoder<'a> {
        #[inline]
        fn get_limit(&self) -> usize {
            self.limit
        }

        #[inline]
        fn set_limit(&mut self, limit: usize) {
            self.limit = limit;
        }

        /// Set all optional fields to their 'null' values.
        #[inline]
        fn nullify_optional_fields(&mut self) -> &mut Self {
            self.max_order_qty_opt(None);
            self.max_order_value_opt(None);
            self.max_position_opt(None);
            self.max_messages_opt(None);
            self.max_open_orders_opt(None);
            self
        }
    }

    impl<'a> SetLimitsEncoder<'a> {
        pub fn wrap(mut self, buf: WriteBuf<'a>, offset: usize) -> Self {
            let limit = offset + SBE_BLOCK_LENGTH as usize;
            self.buf = buf;
            self.initial_offset = offset;
            self.offset = offset;
            self.limit = limit;
            self
        }

        #[inline]
        pub const fn encoded_length(&self) -> usize {
            self.limit - self.offset
        }

        pub fn header(self, offset: usize) -> MessageHeaderEncoder<Self> {
            let mut header = MessageHeaderEncoder::default().wrap(self, offset);
            header.block_length(SBE_BLOCK_LENGTH);
            header.template_id(SBE_TEMPLATE_ID);
            header.schema_id(SBE_SCHEMA_ID);
            header.version(SBE_SCHEMA_VERSION);
            header
        }

        /// REQUIRED enum
        #[inline]
        pub fn scope(&mut self, value: risk_scope::RiskScope) -> &mut Self {
            let offset = self.offset;
            self.get_buf_mut().put_u8_at(offset, value as u8);
            self
        }

        /// primitive field 'id'
        /// - min value: 0
        /// - max value: 4294967294
        /// - null value: 0xffffffff_u32
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 1
        /// - encodedLength: 4
        /// - version: 0
        #[inline]
        pub fn id(&mut self, value: u32) -> &mut Self {
            let offset = self.offset + 1;
            self.get_buf_mut().put_u32_at(offset, value);
            self
        }

        /// primitive field 'maxOrderQty'
        /// - min value: -9223372036854775807
        /// - max value: 9223372036854775807
        /// - null value: -9223372036854775808_i64
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 5
        /// - encodedLength: 8
        /// - version: 0
        #[inline]
        pub fn max_order_qty(&mut self, value: i64) -> &mut Self {
            let offset = self.offset + 5;
            self.get_buf_mut().put_i64_at(offset, value);
            self
        }

        /// optional primitive field 'maxOrderQty'
        /// - min value: -9223372036854775807
        /// - max value: 9223372036854775807
        /// - null value: -9223372036854775808_i64
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 5
        /// - encodedLength: 8
        /// - version: 0
        /// Set to `None` to encode the field null value.
        #[inline]
        pub fn max_order_qty_opt(&mut self, value: Option<i64>) -> &mut Self {
            match value {
                Some(value) => self.max_order_qty(value),
                None => self.max_order_qty(-9223372036854775808_i64),
            };
            self
        }

        /// primitive field 'maxOrderValue'
        /// - min value: -9223372036854775807
        /// - max value: 9223372036854775807
        /// - null value: -9223372036854775808_i64
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 13
        /// - encodedLength: 8
        /// - version: 0
        #[inline]
        pub fn max_order_value(&mut self, value: i64) -> &mut Self {
            let offset = self.offset + 13;
            self.get_buf_mut().put_i64_at(offset, value);
            self
        }

        /// optional primitive field 'maxOrderValue'
        /// - min value: -9223372036854775807
        /// - max value: 9223372036854775807
        /// - null value: -9223372036854775808_i64
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 13
        /// - encodedLength: 8
        /// - version: 0
        /// Set to `None` to encode the field null value.
        #[inline]
        pub fn max_order_value_opt(&mut self, value: Option<i64>) -> &mut Self {
            match value {
                Some(value) => self.max_order_value(value),
                None => self.max_order_value(-9223372036854775808_i64),
            };
            self
        }

        /// primitive field 'maxPosition'
        /// - min value: -9223372036854775807
        /// - max value: 9223372036854775807
        /// - null value: -9223372036854775808_i64
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 21
        /// - encodedLength: 8
        /// - version: 0
        #[inline]
        pub fn max_position(&mut self, value: i64) -> &mut Self {
            let offset = self.offset + 21;
            self.get_buf_mut().put_i64_at(offset, value);
            self
        }

        /// optional primitive field 'maxPosition'
        /// - min value: -9223372036854775807
        /// - max value: 9223372036854775807
        /// - null value: -9223372036854775808_i64
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 21
        /// - encodedLength: 8
        /// - version: 0
        /// Set to `None` to encode the field null value.
        #[inline]
        pub fn max_position_opt(&mut self, value: Option<i64>) -> &mut Self {
            match value {
                Some(value) => self.max_position(value),
                None => self.max_position(-9223372036854775808_i64),
            };
            self
        }

        /// primitive field 'rateInterval'
        /// - min value: -9223372036854775807
        /// - max value: 9223372036854775807
        /// - null value: -9223372036854775808_i64
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 29
        /// - encodedLength: 8
        /// - version: 0
        #[inline]
        pub fn rate_interval(&mut self, value: i64) -> &mut Self {
            let offset = self.offset + 29;
            self.get_buf_mut().put_i64_at(offset, value);
            self
        }

        /// primitive field 'maxMessages'
        /// - min value: 0
        /// - max value: 4294967294
        /// - null value: 0xffffffff_u32
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 37
        /// - encodedLength: 4
        /// - version: 0
        #[inline]
        pub fn max_messages(&mut self, value: u32) -> &mut Self {
            let offset = self.offset + 37;
            self.get_buf_mut().put_u32_at(offset, value);
            self
        }

        /// optional primitive field 'maxMessages'
        /// - min value: 0
        /// - max value: 4294967294
        /// - null value: 0xffffffff_u32
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 37
        /// - encodedLength: 4
        /// - version: 0
        /// Set to `None` to encode the field null value.
        #[inline]
        pub fn max_messages_opt(&mut self, value: Option<u32>) -> &mut Self {
            match value {
                Some(value) => self.max_messages(value),
                None => self.max_messages(0xffffffff_u32),
            };
            self
        }

        /// primitive field 'maxOpenOrders'
        /// - min value: 0
        /// - max value: 4294967294
        /// - null value: 0xffffffff_u32
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 41
        /// - encodedLength: 4
        /// - version: 0
        #[inline]
        pub fn max_open_orders(&mut self, value: u32) -> &mut Self {
            let offset = self.offset + 41;
            self.get_buf_mut().put_u32_at(offset, value);
            self
        }

        /// optional primitive field 'maxOpenOrders'
        /// - min value: 0
        /// - max value: 4294967294
        /// - null value: 0xffffffff_u32
        /// - characterEncoding: null
        /// - semanticType: null
        /// - encodedOffset: 41
        /// - encodedLength: 4
        /// - version: 0
        /// Set to `None` to encode the field null value.
        #[inline]
        pub fn max_open_orders_opt(&mut self, value: Option<u32>) -> &mut Self {
            match value {
                Some(value) => self.max_open_orders(value),
                None => self.max_open_orders(0xffffffff_u32),
            };
            self
        }

        #[inline]
        pub fn cancel_on(&mut self, value: cancel_on::CancelOn) {
            let offset = self.offset + 45;
            self.get_buf_mut().put_u8_at(offset, value.0)
        }
    }
} // end encoder

pub mod decoder {
    use super::*;
    use message_header_codec::*;

    #[derive(Clone, Copy, Debug, Default)]
    pub struct SetLimitsDecoder<'a> {
        buf: ReadBuf<'a>,
        initial_offset: usize,
        offset: usize,
        limit: usize,
        pub acting_block_length: u16,
        pub acting_version: u16,
    }

    impl ActingVersion for SetLimitsDecoder<'_> {
        #[inline]
        fn acting_version(&self) -> u16 {
            self.acting_version
        }
    }

    impl<'a> Reader<'a> for SetLimitsDecoder<'a> {
        #[inline]
        fn get_buf(&self) -> &ReadBuf<'a> {
            &self.buf
        }
    }

    impl<'a> Decoder<'a> for SetLimitsDecoder<'a> {
        #[inline]
        fn get_limit(&self) -> usize {
            self.limit
        }

        #[inline]
        fn set_limit(&mut self, limit: usize) {
            self.limit = limit;
        }
    }

    impl<'a> SetLimitsDecoder<'a> {
        pub fn wrap(
            mut self,
            buf: ReadBuf<'a>,
            offset: usize,
            acting_block_length: u16,
            acting_version: u16,
        ) -> Self {
            let limit = offset + acting_block_length as usize;
            self.buf = buf;
            self.initial_offset = offset;
            self.offset = offset;
            self.limit = limit;
            self.acting_block_length = acting_block_length;
            self.acting_version = acting_version;
            self
        }

        #[inline]
        pub const fn encoded_length(&self) -> usize {
            self.limit - self.offset
        }

        pub fn header(self, mut header: MessageHeaderDecoder<ReadBuf<'a>>, offset: usize) -> Self {
            debug_assert_eq!(SBE_TEMPLATE_ID, header.template_id());
            let acting_block_length = header.block_length();
            let acting_version = header.version();

            self.wrap(
                header.parent().unwrap(),
                offset + message_header_codec::ENCODED_LENGTH,
                acting_block_length,
                acting_version,
            )
        }

        /// REQUIRED enum
        #[inline]
        pub fn scope(&self) -> risk_scope::RiskScope {
            self.get_buf().get_u8_at(self.offset).into()
        }

        /// primitive field - 'REQUIRED'
        #[inline]
        pub fn id(&self) -> u32 {
            self.get_buf().get_u32_at(self.offset + 1)
        }

        /// primitive field - 'OPTIONAL' { null_value: '-9223372036854775808_i64' }
        #[inline]
        pub fn max_order_qty(&self) -> Option<i64> {
            let value = self.get_buf().get_i64_at(self.offset + 5);
            if value == -9223372036854775808_i64 {
                None
            } else {
                Some(value)
            }
        }

        /// primitive field - 'OPTIONAL' { null_value: '-9223372036854775808_i64' }
        #[inline]
        pub fn max_order_value(&self) -> Option<i64> {
            let value = self.get_buf().get_i64_at(self.offset + 13);
            if value == -9223372036854775808_i64 {
                None
            } else {
                Some(value)
            }
        }

        /// primitive field - 'OPTIONAL' { null_value: '-9223372036854775808_i64' }
        #[inline]
        pub fn max_position(&self) -> Option<i64> {
            let value = self.get_buf().get_i64_at(self.offset + 21);
            if value == -9223372036854775808_i64 {
                None
            } else {
                Some(value)
            }
        }

        /// primitive field - 'REQUIRED'
        #[inline]
        pub fn rate_interval(&self) -> i64 {
            self.get_buf().get_i64_at(self.offset + 29)
        }

        /// primitive field - 'OPTIONAL' { null_value: '0xffffffff_u32' }
        #[inline]
        pub fn max_messages(&self) -> Option<u32> {
            let value = self.get_buf().get_u32_at(self.offset + 37);
            if value == 0xffffffff_u32 {
                None
            } else {
                Some(value)
            }
        }

        /// primitive field - 'OPTIONAL' { null_value: '0xffffffff_u32' }
        #[inline]
        pub fn max_open_orders(&self) -> Option<u32> {
            let value = self.get_buf().get_u32_at(self.offset + 41);
            if value == 0xffffffff_u32 {
                None
            } else {
                Some(value)
            }
        }

        /// BIT SET DECODER
        #[inline]
        pub fn cancel_on(&self) -> cancel_on::CancelOn {
            cancel_on::CancelOn::new(self.get_buf().get_u8_at(self.offset + 45))
        }
    }
} // end decoder
