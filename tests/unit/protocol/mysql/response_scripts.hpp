#pragma once

#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "protocol/mysql/response_grammar.hpp"

#include "tests/support/packets.hpp"

#include <string>
#include <vector>

/// Whole responses, packet by packet, with the role that each packet has: what grammar, tracker and
/// translator are all tested with.
namespace weir::test {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::packet_role;
using protocol::mysql::response_kind;
using protocol::mysql::status_flag;
using protocol::mysql::status_set;

/// Stands for 0xFFFFFF, so that packets of several frames are small.
inline constexpr std::size_t script_frame_max = 64;

struct scripted_packet {
    packet_role role;
    byte_vector payload;
};

struct response_script {
    std::string name;
    response_kind kind;
    capability_set capabilities;
    std::vector<scripted_packet> packets;

    [[nodiscard]] std::vector<byte_vector> payloads() const {
        std::vector<byte_vector> result;
        for (const scripted_packet& packet : packets) {
            result.push_back(packet.payload);
        }
        return result;
    }

    [[nodiscard]] byte_vector bytes() const { return frames_of(payloads(), 1, script_frame_max); }

    [[nodiscard]] std::uint64_t rows() const {
        std::uint64_t count = 0;
        for (const scripted_packet& packet : packets) {
            count += packet.role == packet_role::row ? 1U : 0U;
        }
        return count;
    }
};

inline constexpr capability_set plain{capability::protocol_41};
inline constexpr capability_set deprecating = plain.with(capability::deprecate_eof);
inline constexpr capability_set tracking = plain.with(capability::session_track);
inline constexpr status_set done{status_flag::autocommit};
inline constexpr status_set more = done.with(status_flag::more_results_exists);
inline constexpr status_set cursor = done.with(status_flag::cursor_exists);

[[nodiscard]] inline scripted_packet ok_packet(status_set status = done) {
    return {packet_role::ok, ok_payload(status)};
}

[[nodiscard]] inline scripted_packet err_packet() {
    return {packet_role::err, err_payload()};
}

[[nodiscard]] inline scripted_packet count_packet(unsigned count) {
    return {packet_role::column_count, test::bytes({count})};
}

[[nodiscard]] inline scripted_packet definition_packet() {
    return {packet_role::column_definition, definition_payload()};
}

[[nodiscard]] inline scripted_packet parameter_packet() {
    return {packet_role::parameter_definition, definition_payload("?")};
}

[[nodiscard]] inline scripted_packet column_end_packet(status_set status = done) {
    return {packet_role::column_end, eof_payload(status)};
}

[[nodiscard]] inline scripted_packet parameter_end_packet() {
    return {packet_role::parameter_end, eof_payload(done)};
}

[[nodiscard]] inline scripted_packet row_packet(std::string_view value = "value") {
    return {packet_role::row, text_row_payload(value)};
}

/// A row with these first bytes.
[[nodiscard]] inline scripted_packet raw_row_packet(
    std::initializer_list<unsigned> first, std::size_t size
) {
    byte_vector payload = test::bytes(first);
    payload.resize(size);
    return {packet_role::row, payload};
}

/// The end of rows without DEPRECATE_EOF, and with it.
[[nodiscard]] inline scripted_packet row_end_eof(status_set status = done) {
    return {packet_role::row_end, eof_payload(status)};
}

[[nodiscard]] inline scripted_packet row_end_ok(status_set status = done) {
    return {packet_role::row_end, ok_payload(status, 0xFE)};
}

[[nodiscard]] inline scripted_packet progress_packet() {
    return {
        packet_role::progress, payload_of(protocol::mysql::progress_report{1, 2, 500, "copying"})};
}

[[nodiscard]] inline scripted_packet prepare_ok_packet(
    std::uint16_t columns,
    std::uint16_t parameters,
    capability_set capabilities = {},
    bool has_metadata = true
) {
    const protocol::mysql::stmt_prepare_ok message{7, columns, parameters, 0, has_metadata};
    return {packet_role::prepare_ok, payload_of(message, capabilities)};
}

[[nodiscard]] inline std::vector<response_script> result_set_scripts() {
    const auto none = capability::optional_resultset_metadata;
    const auto query = response_kind::query;
    return {
        {"result set",
         query,
         plain,
         {count_packet(2),
          definition_packet(),
          definition_packet(),
          column_end_packet(),
          row_packet(),
          row_packet(),
          row_end_eof()}},
        {"result set, EOF deprecated",
         query,
         deprecating,
         {count_packet(2),
          definition_packet(),
          definition_packet(),
          row_packet(),
          row_packet(),
          row_end_ok()}},
        {"no rows",
         query,
         plain,
         {count_packet(1), definition_packet(), column_end_packet(), row_end_eof()}},
        {"no rows, EOF deprecated",
         query,
         deprecating,
         {count_packet(1), definition_packet(), row_end_ok()}},
        {"rows with telling first bytes",
         query,
         plain,
         {count_packet(1),
          definition_packet(),
          column_end_packet(),
          raw_row_packet({0xFB}, 1),
          raw_row_packet({0x00}, 1),
          raw_row_packet({0x00, 0x00}, 9),
          raw_row_packet({0xFE}, 9),
          row_end_eof()}},
        {"rows with telling first bytes, EOF deprecated",
         query,
         deprecating,
         {count_packet(1),
          definition_packet(),
          raw_row_packet({0xFB}, 1),
          raw_row_packet({0x00}, 1),
          raw_row_packet({0x01}, 3),
          raw_row_packet({0xFE}, script_frame_max),
          row_end_ok()}},
        {"rows of several frames",
         query,
         deprecating,
         {count_packet(1),
          definition_packet(),
          raw_row_packet({0xFC}, script_frame_max - 1),
          raw_row_packet({0xFC}, script_frame_max),
          raw_row_packet({0xFC}, 2 * script_frame_max + 3),
          row_packet(),
          raw_row_packet({0xFC}, 3 * script_frame_max),
          row_end_ok()}},
        {"error among rows",
         query,
         deprecating,
         {count_packet(1), definition_packet(), row_packet(), err_packet()}},
        {"error instead of rows",
         query,
         plain,
         {count_packet(1), definition_packet(), column_end_packet(), err_packet()}},
        {"several results",
         query,
         plain,
         {ok_packet(more),
          count_packet(1),
          definition_packet(),
          column_end_packet(more),
          row_packet(),
          row_end_eof(more),
          ok_packet(more),
          ok_packet()}},
        {"several results, EOF deprecated",
         query,
         deprecating,
         {count_packet(1),
          definition_packet(),
          row_packet(),
          row_end_ok(more),
          ok_packet(more),
          count_packet(1),
          definition_packet(),
          row_end_ok(more),
          err_packet()}},
        {"cursor",
         response_kind::cursor,
         plain,
         {count_packet(1), definition_packet(), column_end_packet(cursor)}},
        {"a procedure that loops over a cursor of its own",
         query,
         plain,
         {count_packet(1),
          definition_packet(),
          column_end_packet(cursor),
          row_packet(),
          row_end_eof(cursor)}},
        {"cursor, EOF deprecated",
         response_kind::cursor,
         deprecating,
         {count_packet(1), definition_packet(), row_end_ok(cursor)}},
        {"metadata left out",
         query,
         deprecating.with(none),
         {{packet_role::column_count, test::bytes({2, 0})}, row_packet(), row_end_ok()}},
        {"metadata sent on demand",
         query,
         deprecating.with(none),
         {{packet_role::column_count, test::bytes({1, 1})},
          definition_packet(),
          row_packet(),
          row_end_ok()}},
        {"metadata cached",
         query,
         plain.with(capability::cache_metadata),
         {{packet_role::column_count, test::bytes({1, 0})},
          column_end_packet(),
          row_packet(),
          row_end_eof()}},
        {"progress reports",
         query,
         plain.with(capability::progress),
         {progress_packet(),
          progress_packet(),
          count_packet(1),
          definition_packet(),
          column_end_packet(),
          row_packet(),
          row_end_eof()}},
    };
}

[[nodiscard]] inline std::vector<response_script> other_scripts() {
    const auto prepare = response_kind::prepare;
    const auto optional = plain.with(capability::optional_resultset_metadata);
    const byte_vector infile = test::bytes("\xFB/tmp/file");
    return {
        {"ok", response_kind::query, plain, {ok_packet()}},
        {"error", response_kind::query, plain, {err_packet()}},
        {"eof to a query", response_kind::query, plain, {{packet_role::ok, eof_payload(done)}}},
        {"local infile",
         response_kind::query,
         plain,
         {{packet_role::local_infile, infile}, ok_packet()}},
        {"local infile fails, nothing follows",
         response_kind::query,
         plain,
         {{packet_role::local_infile, infile}, err_packet()}},
        {"local infile among results",
         response_kind::query,
         plain,
         {ok_packet(more), {packet_role::local_infile, infile}, ok_packet(more), ok_packet()}},
        {"ping", response_kind::simple, plain, {ok_packet()}},
        {"set option", response_kind::simple, plain, {{packet_role::ok, eof_payload(done)}}},
        {"set option, EOF deprecated",
         response_kind::simple,
         deprecating,
         {{packet_role::ok, ok_payload(done, 0xFE)}}},
        {"simple error", response_kind::simple, plain, {err_packet()}},
        {"prepare of nothing", prepare, plain, {prepare_ok_packet(0, 0)}},
        {"prepare error", prepare, plain, {err_packet()}},
        {"prepare with parameters",
         prepare,
         plain,
         {prepare_ok_packet(0, 2), parameter_packet(), parameter_packet(), parameter_end_packet()}},
        {"prepare with columns",
         prepare,
         plain,
         {prepare_ok_packet(1, 0), definition_packet(), column_end_packet()}},
        {"prepare with both",
         prepare,
         plain,
         {prepare_ok_packet(1, 1),
          parameter_packet(),
          parameter_end_packet(),
          definition_packet(),
          column_end_packet()}},
        {"prepare with both, EOF deprecated",
         prepare,
         deprecating,
         {prepare_ok_packet(2, 1), parameter_packet(), definition_packet(), definition_packet()}},
        {"prepare, metadata left out",
         prepare,
         optional,
         {prepare_ok_packet(1, 1, optional, false)}},
        {"prepare, metadata sent on demand",
         prepare,
         optional,
         {prepare_ok_packet(1, 0, optional), definition_packet(), column_end_packet()}},
        {"field list",
         response_kind::field_list,
         plain,
         {definition_packet(), definition_packet(), row_end_eof()}},
        {"field list, EOF deprecated",
         response_kind::field_list,
         deprecating,
         {definition_packet(), row_end_ok()}},
        {"field list error", response_kind::field_list, plain, {err_packet()}},
        {"statistics",
         response_kind::statistics,
         plain,
         {{packet_role::statistics, test::bytes("Uptime: 1")}}},
        {"fetch", response_kind::fetch, plain, {row_packet(), row_packet(), row_end_eof(cursor)}},
        {"fetch, EOF deprecated",
         response_kind::fetch,
         deprecating,
         {row_packet(), row_end_ok(cursor)}},
        {"fetch error", response_kind::fetch, plain, {err_packet()}},
        {"change user", response_kind::change_user, plain, {ok_packet()}},
        {"change user with another method",
         response_kind::change_user,
         plain,
         {{packet_role::authentication, payload_of(protocol::mysql::auth_switch_request{"a", {}})},
          {packet_role::authentication, test::bytes({0x01, 0x04})},
          ok_packet()}},
        {"change user refused", response_kind::change_user, plain, {err_packet()}},
        {"no answer", response_kind::no_answer, plain, {}},
    };
}

[[nodiscard]] inline std::vector<response_script> all_scripts() {
    auto scripts = result_set_scripts();
    for (response_script& script : other_scripts()) {
        scripts.push_back(std::move(script));
    }
    return scripts;
}

}  // namespace weir::test
