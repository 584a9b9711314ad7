#include "protocol/mysql/messages/query.hpp"

#include "protocol/mysql/command.hpp"
#include "protocol/mysql/errc.hpp"

namespace weir::protocol::mysql {

result<query> query::decode(wire::bytes_view payload, capability_set capabilities) {
    wire::byte_reader reader(payload);
    if (reader.u8() != static_cast<std::uint8_t>(command::query)) {
        reader.fail(wire::errc::value_out_of_range);
    }
    if (reader.failed()) return reader.error();
    const wire::bytes_view body = reader.rest();
    if (!capabilities.has(capability::query_attributes)) return query{{}, wire::as_text(body)};
    query_attribute_reader attributes(body);
    for (;;) {
        const auto attribute = attributes.next();
        if (!attribute) return attribute.error();
        if (!*attribute) break;
    }
    const wire::bytes_view text = attributes.behind();
    return query{body.first(body.size() - text.size()), wire::as_text(text)};
}

void query::encode(wire::byte_writer& writer, capability_set capabilities) const {
    writer.u8(static_cast<std::uint8_t>(command::query));
    if (capabilities.has(capability::query_attributes)) {
        if (attributes_raw.empty()) {
            writer.lenenc(0);  // no parameters
            writer.lenenc(1);  // in one set
        } else {
            writer.bytes(attributes_raw);
        }
    }
    writer.text(text);
}

std::optional<std::string_view> query::string_attribute(std::string_view name) const {
    if (attributes_raw.empty()) return std::nullopt;
    query_attribute_reader reader(attributes_raw);
    for (;;) {
        const auto attribute = reader.next();
        if (!attribute || !*attribute) return std::nullopt;
        const query_attribute& found = **attribute;
        if (found.name == name && found.value && is_string_type(found.type)) {
            return wire::as_text(*found.value);
        }
    }
}

query_attribute_reader::query_attribute_reader(wire::bytes_view attributes_raw)
    : types_(attributes_raw), values_(wire::bytes_view{}) {
    wire::byte_reader& reader = types_;
    const std::uint64_t count = reader.lenenc();
    const std::uint64_t sets = reader.lenenc();
    if (!reader.failed() && sets != 1) error_ = make_error_code(errc::malformed_packet);
    if (count != 0 && !error_) {
        // Each attribute takes at least three bytes, which bounds the count before it is
        // multiplied.
        if (count > attributes_raw.size()) reader.fail(wire::errc::truncated);
        null_bitmap_ = reader.bytes(static_cast<std::size_t>((count + 7) / 8));
        if (reader.u8() != 1 && !reader.failed()) error_ = make_error_code(errc::malformed_packet);
    }
    if (reader.failed()) error_ = reader.error();
    if (error_) return;
    count_ = count;
    // The values lie behind all types and names: find their start by walking these once.
    values_ = types_;
    for (std::uint64_t i = 0; i < count && !values_.failed(); ++i) {
        (void)values_.u16();
        (void)values_.lenenc_bytes();
    }
    error_ = values_.error();
}

result<std::optional<query_attribute>> query_attribute_reader::next() {
    if (error_) return error_;
    if (index_ == count_) return std::optional<query_attribute>{};
    query_attribute attribute;
    attribute.type =
        static_cast<field_type>(types_.u16() & 0xFFU);  // the high byte says "unsigned"
    attribute.name = types_.lenenc_text();
    const std::byte nulls = null_bitmap_[static_cast<std::size_t>(index_ / 8)];
    const bool is_null = ((std::to_integer<unsigned>(nulls) >> (index_ % 8)) & 1U) != 0;
    if (!is_null) attribute.value = read_binary_value(values_, attribute.type);
    ++index_;
    if (values_.failed()) {
        error_ = values_.error();
        return error_;
    }
    return std::optional(attribute);
}

}  // namespace weir::protocol::mysql
