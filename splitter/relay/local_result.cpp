#include "splitter/relay/local_result.hpp"

#include "protocol/mysql/messages/column_definition.hpp"
#include "protocol/mysql/messages/eof.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/codec.hpp"

namespace weir::splitter {

using protocol::mysql::capability;
using protocol::mysql::field_type;
using protocol::mysql::packet_writer;
using protocol::wire::byte_writer;
using column_type = local_result::column_type;

namespace {

constexpr std::uint16_t binary_collation = 63;
constexpr std::uint16_t not_null = 0x01;
constexpr std::uint16_t flags_of_integers = 0xA1;       // NOT_NULL, UNSIGNED, BINARY
constexpr std::uint16_t flags_of_wide_integers = 0xA0;  // UNSIGNED, BINARY

std::uint16_t flags_of(column_type type) {
    switch (type) {
        case column_type::text: return not_null;
        case column_type::integer: return flags_of_integers;
        case column_type::wide_integer: return flags_of_wide_integers;
    }
    return 0;
}

/// "Not a number with decimals", as each kind of server says it.
std::uint8_t decimals_of_text(protocol::mysql::server_flavor flavor) {
    return flavor == protocol::mysql::server_flavor::mariadb ? 39 : 31;
}

field_type wire_type(column_type type) {
    switch (type) {
        case column_type::text: return field_type::var_string;
        case column_type::integer: return field_type::long_integer;
        case column_type::wide_integer: return field_type::long_long;
    }
    return field_type::var_string;
}

void write_definition(
    byte_writer& writer, const local_result::column& column, const result_settings& settings
) {
    const bool is_text = column.type == column_type::text;
    protocol::mysql::column_definition definition;
    definition.name = column.name;
    definition.collation = is_text ? settings.collation : binary_collation;
    definition.length = is_text ? column.length * settings.longest_character : column.length;
    definition.type = static_cast<std::uint8_t>(wire_type(column.type));
    definition.flags = flags_of(column.type);
    if (column.may_be_null) definition.flags ^= not_null;
    definition.decimals = is_text ? decimals_of_text(settings.flavor) : 0;
    definition.encode(writer, settings.client);
}

/// Source: MySQL "Text Resultset Row".
void write_text_row(byte_writer& writer, const std::vector<local_result::value>& row) {
    constexpr std::uint8_t null = 0xFB;
    for (const auto& value : row) {
        if (const auto* const text = std::get_if<std::string>(&value)) {
            writer.lenenc_text(*text);
        } else if (const auto* const number = std::get_if<std::int64_t>(&value)) {
            writer.lenenc_text(std::to_string(*number));
        } else {
            writer.u8(null);
        }
    }
}

/// Source: MySQL "Binary Protocol Resultset Row".
void write_binary_row(byte_writer& writer, const local_result& result, std::size_t row) {
    constexpr std::size_t bitmap_offset = 2;
    const auto& values = result.rows[row];
    std::vector<std::uint8_t> bitmap((values.size() + 7 + bitmap_offset) / 8);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t bit = i + bitmap_offset;
        if (std::holds_alternative<std::monostate>(values[i]))
            bitmap[bit / 8] = static_cast<std::uint8_t>(bitmap[bit / 8] | (1U << (bit % 8)));
    }
    writer.u8(0);
    for (const std::uint8_t byte : bitmap)
        writer.u8(byte);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (const auto* const text = std::get_if<std::string>(&values[i])) {
            writer.lenenc_text(*text);
        } else if (const auto* const number = std::get_if<std::int64_t>(&values[i])) {
            const bool is_wide = result.columns[i].type == column_type::wide_integer;
            if (is_wide) writer.u64(static_cast<std::uint64_t>(*number));
            if (!is_wide) writer.u32(static_cast<std::uint32_t>(*number));
        }
    }
}

void write_row_end(
    byte_writer& writer, const local_result& result, const result_settings& settings
) {
    if (!settings.client.has(capability::deprecate_eof)) {
        protocol::wire::encode(writer, protocol::mysql::eof{result.warnings, settings.status});
        return;
    }
    protocol::mysql::ok end;
    end.header = 0xFE;
    end.status = settings.status;
    end.warnings = result.warnings;
    end.encode(writer, settings.client);
}

}  // namespace

void append_result(
    protocol::wire::send_buffer& out,
    std::uint8_t sequence,
    const local_result& result,
    const result_settings& settings
) {
    packet_writer packet(out, sequence);
    const auto add = [&](auto write) {
        auto writer = packet.begin();
        write(writer);
        packet.end();
    };
    add([&](byte_writer& writer) {
        writer.lenenc(result.columns.size());
        const bool has_flag = settings.client.has(capability::optional_resultset_metadata) ||
                              settings.client.has(capability::cache_metadata);
        if (has_flag) writer.u8(1);
    });
    for (const auto& column : result.columns)
        add([&](byte_writer& writer) { write_definition(writer, column, settings); });
    if (!settings.client.has(capability::deprecate_eof)) {
        add([&](byte_writer& writer) {
            protocol::wire::encode(writer, protocol::mysql::eof{0, settings.status});
        });
    }
    for (std::size_t row = 0; row < result.rows.size(); ++row) {
        add([&](byte_writer& writer) {
            if (settings.form == result_form::text) write_text_row(writer, result.rows[row]);
            if (settings.form == result_form::binary) write_binary_row(writer, result, row);
        });
    }
    add([&](byte_writer& writer) { write_row_end(writer, result, settings); });
}

void append_prepared(
    protocol::wire::send_buffer& out,
    std::uint8_t sequence,
    const local_statement& statement,
    const result_settings& settings
) {
    packet_writer packet(out, sequence);
    const auto add = [&](auto write) {
        auto writer = packet.begin();
        write(writer);
        packet.end();
    };
    const auto end_definitions = [&] {
        if (settings.client.has(capability::deprecate_eof)) return;
        add([&](byte_writer& writer) {
            protocol::wire::encode(writer, protocol::mysql::eof{0, settings.status});
        });
    };
    const auto columns = static_cast<std::uint16_t>(statement.columns.size());
    add([&](byte_writer& writer) {
        const protocol::mysql::stmt_prepare_ok message{
            statement.id, columns, statement.parameters, 0, true};
        message.encode(writer, settings.client);
    });
    const local_result::column parameter{"?", column_type::text, 0, true};
    for (std::uint16_t i = 0; i < statement.parameters; ++i)
        add([&](byte_writer& writer) { write_definition(writer, parameter, settings); });
    if (statement.parameters > 0) end_definitions();
    for (const auto& column : statement.columns)
        add([&](byte_writer& writer) { write_definition(writer, column, settings); });
    if (columns > 0) end_definitions();
}

}  // namespace weir::splitter
