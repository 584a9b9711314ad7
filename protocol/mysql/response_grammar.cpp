#include "protocol/mysql/response_grammar.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/length_encoded.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "protocol/wire/byte_reader.hpp"

namespace weir::protocol::mysql {
namespace {

constexpr std::uint8_t ok_byte = 0x00;

[[nodiscard]] bool is_progress_report(wire::bytes_view first_bytes) noexcept {
    return first_bytes.size() >= 3 && first_bytes[1] == std::byte{0xFF} &&
           first_bytes[2] == std::byte{0xFF};
}

}  // namespace

void response_grammar::start(
    response_kind kind, capability_set capabilities, std::size_t frame_max
) noexcept {
    *this = response_grammar{};
    frame_max_ = frame_max;
    capabilities_ = capabilities;
    deprecate_eof_ = capabilities.has(capability::deprecate_eof);
    switch (kind) {
        case response_kind::query: stage_ = stage::first_packet; break;
        case response_kind::cursor:
            stage_ = stage::first_packet;
            may_open_cursor_ = true;
            break;
        case response_kind::simple: stage_ = stage::single; break;
        case response_kind::prepare: stage_ = stage::prepare_first; break;
        case response_kind::field_list: stage_ = stage::field_list; break;
        case response_kind::statistics: stage_ = stage::statistics; break;
        case response_kind::fetch: stage_ = stage::fetched_rows; break;
        case response_kind::no_answer: stage_ = stage::complete; break;
        case response_kind::change_user: stage_ = stage::authentication; break;
    }
}

errc response_grammar::find_role(const packet_start& start, packet_role& found) const noexcept {
    if (start.frame_length == 0 || start.first_bytes.empty()) return errc::malformed_packet;
    const std::uint8_t first_byte = wire::number_in(*start.first_bytes.begin());
    if (first_byte == err_byte && stage_ != stage::complete) {
        const bool may_be_progress = capabilities_.has(capability::progress);
        found = may_be_progress && is_progress_report(start.first_bytes) ? packet_role::progress
                                                                         : packet_role::err;
    } else if (const errc error = role_by_stage(start.frame_length, first_byte, found);
               error != errc{}) {
        return error;
    }
    const bool is_too_large = is_needed_whole(found) && start.frame_length >= frame_max_;
    return is_too_large ? errc::malformed_packet : errc{};
}

errc response_grammar::role_by_stage(
    std::size_t frame_length, std::uint8_t first_byte, packet_role& role
) const noexcept {
    const bool is_ok = first_byte == ok_byte || first_byte == eof_byte;
    const bool is_eof = first_byte == eof_byte && frame_length < eof_length_limit;
    const auto only_if = [&role](bool condition, packet_role candidate) {
        role = candidate;
        return condition ? errc{} : errc::unexpected_packet;
    };
    switch (stage_) {
        case stage::first_packet:
            role = is_ok                           ? packet_role::ok
                   : first_byte == null_value_byte ? packet_role::local_infile
                                                   : packet_role::column_count;
            return errc{};
        case stage::after_local_infile:
        case stage::single: return only_if(is_ok, packet_role::ok);
        case stage::column_definitions:
        case stage::prepare_columns: role = packet_role::column_definition; return errc{};
        case stage::column_end:
        case stage::prepare_column_end: return only_if(is_eof, packet_role::column_end);
        case stage::rows:
        case stage::fetched_rows:
            role = is_plain_row(frame_length, first_byte) ? packet_role::row : packet_role::row_end;
            return errc{};
        case stage::prepare_first: return only_if(first_byte == ok_byte, packet_role::prepare_ok);
        case stage::parameter_definitions: role = packet_role::parameter_definition; return errc{};
        case stage::parameter_end: return only_if(is_eof, packet_role::parameter_end);
        case stage::field_list:
            role = first_byte == eof_byte ? packet_role::row_end : packet_role::column_definition;
            return errc{};
        case stage::statistics: role = packet_role::statistics; return errc{};
        case stage::authentication:
            // 0xFE switches the method, 0x01 carries its data on, 0x02 asks for the next factor.
            role = first_byte == ok_byte ? packet_role::ok : packet_role::authentication;
            return is_ok || first_byte <= 0x02 ? errc{} : errc::unexpected_packet;
        case stage::complete: break;
    }
    return errc::unexpected_packet;
}

error_code response_grammar::on_whole(packet_role role, wire::bytes_view payload) {
    error_code error;
    switch (role) {
        case packet_role::column_count: return on_column_count(payload);
        case packet_role::prepare_ok: return on_prepare_ok(payload);
        case packet_role::column_end:
            error = read_status(payload);
            // An open cursor keeps its rows for COM_STMT_FETCH: no rows and no second EOF follow.
            // The flag alone does not say so: it is also set while a procedure loops over one.
            stage_ = stage_ == stage::prepare_column_end ||
                             (may_open_cursor_ && status_.has(status_flag::cursor_exists))
                         ? stage::complete
                         : stage::rows;
            return error;
        case packet_role::parameter_end: enter_prepare_columns(); return read_status(payload);
        case packet_role::ok:
        case packet_role::row_end:
            error = read_status(payload);
            on_result_end();
            return error;
        case packet_role::local_infile: stage_ = stage::after_local_infile; return {};
        case packet_role::err:
        case packet_role::statistics: stage_ = stage::complete; return {};
        case packet_role::authentication: return {};
        case packet_role::column_definition:
        case packet_role::row:
        case packet_role::parameter_definition:
        case packet_role::progress: (void)on_streamed(role); return {};
    }
    return make_error_code(errc::unexpected_packet);
}

bool response_grammar::on_streamed(packet_role role) noexcept {
    const bool is_definition =
        role == packet_role::column_definition || role == packet_role::parameter_definition;
    if (!is_definition || stage_ == stage::field_list || --definitions_left_ != 0) return false;
    if (stage_ == stage::column_definitions) {
        stage_ = deprecate_eof_ ? stage::rows : stage::column_end;
    } else if (stage_ == stage::prepare_columns) {
        stage_ = deprecate_eof_ ? stage::complete : stage::prepare_column_end;
    } else if (deprecate_eof_) {
        enter_prepare_columns();
    } else {
        stage_ = stage::parameter_end;
    }
    return true;
}

error_code response_grammar::on_column_count(wire::bytes_view payload) {
    wire::byte_reader reader(payload);
    columns_ = reader.lenenc();
    definitions_left_ = columns_;
    metadata_follows_ = true;
    // The servers write the flag behind the count, whatever order their manuals print.
    const bool has_flag = capabilities_.has(capability::optional_resultset_metadata) ||
                          capabilities_.has(capability::cache_metadata);
    if (has_flag && reader.remaining() != 0) metadata_follows_ = reader.u8() != 0;
    if (reader.failed() || reader.remaining() != 0 || definitions_left_ == 0) {
        return make_error_code(errc::malformed_packet);
    }
    if (metadata_follows_) {
        stage_ = stage::column_definitions;
    } else {
        stage_ = deprecate_eof_ ? stage::rows : stage::column_end;
    }
    return {};
}

error_code response_grammar::on_prepare_ok(wire::bytes_view payload) {
    const auto message = stmt_prepare_ok::decode(payload, capabilities_);
    if (!message) return make_error_code(errc::malformed_packet);
    metadata_follows_ = message->metadata_follows;
    prepare_columns_ = message->columns;
    if (message->parameters == 0 || !metadata_follows_) {
        enter_prepare_columns();
    } else {
        definitions_left_ = message->parameters;
        stage_ = stage::parameter_definitions;
    }
    return {};
}

void response_grammar::enter_prepare_columns() noexcept {
    definitions_left_ = prepare_columns_;
    stage_ = prepare_columns_ == 0 || !metadata_follows_ ? stage::complete : stage::prepare_columns;
}

error_code response_grammar::read_status(wire::bytes_view payload) {
    wire::byte_reader reader(payload);
    const std::uint8_t header = reader.u8();
    if (header == eof_byte && payload.size() < ok_size_min) {
        (void)reader.u16();  // warnings
    } else {
        (void)reader.lenenc();  // affected rows
        (void)reader.lenenc();  // last insert id
    }
    status_ = status_set(reader.u16());
    return reader.failed() ? make_error_code(errc::malformed_packet) : error_code{};
}

void response_grammar::on_result_end() noexcept {
    const bool may_go_on = stage_ == stage::first_packet || stage_ == stage::after_local_infile ||
                           stage_ == stage::rows;
    stage_ = may_go_on && status_.has(status_flag::more_results_exists) ? stage::first_packet
                                                                        : stage::complete;
}

}  // namespace weir::protocol::mysql
