#include "tests/fuzz/splitter/session/server_answers.hpp"

#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"

#include "tests/support/packets.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace weir::fuzz {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::response_kind;
using protocol::mysql::session_track_type;
using protocol::mysql::status_flag;
using protocol::mysql::status_set;
using test::byte_vector;
using test::operator+;  // not found by its arguments, which are of the standard library

namespace {

/// Errors of a replica's own, of any server's, and of one that goes away.
constexpr std::array<std::uint16_t, 10> errors{
    1064, 1146, 1049, 1290, 1836, 1213, 1927, 2013, 1295, 0};

struct change {
    session_track_type type;
    std::string_view name;
    std::string_view value;
};

constexpr std::array<change, 14> changes{{
    {session_track_type::system_variables, "autocommit", "OFF"},
    {session_track_type::system_variables, "autocommit", "ON"},
    {session_track_type::system_variables, "character_set_client", "gbk"},
    {session_track_type::system_variables, "character_set_connection", "latin1"},
    {session_track_type::system_variables, "collation_connection", "utf8mb4_bin"},
    {session_track_type::system_variables, "sql_mode", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES"},
    {session_track_type::system_variables, "timestamp", "1"},
    {session_track_type::system_variables, "last_gtid", "0-1-7"},
    {session_track_type::system_variables, "", ""},
    {session_track_type::schema, "", "d"},
    {session_track_type::schema, "", ""},
    {session_track_type::state_change, "", "1"},
    {session_track_type::gtids, "", "3e11fa47-71ca-11e1-9e33-c80aa9429562:9"},
    {session_track_type::transaction_state, "", "T_______"},
}};

byte_vector session_state(script& input) {
    return test::payload_from([&](auto& writer) {
        for (std::size_t left = input.below(4); left > 0; --left) {
            const change& one = input.one_of(changes);
            const byte_vector data = test::payload_from([&](auto& inner) {
                if (one.type == session_track_type::gtids) inner.u8(0);
                inner.lenenc_text(one.value);
            });
            const protocol::mysql::session_track_entry entry{
                one.type, one.name, one.value, test::view(data)};
            append_session_track(writer, entry);
        }
    });
}

status_set status(script& input) {
    constexpr status_set idle{status_flag::autocommit};
    const std::array usual{
        idle,
        idle.with(status_flag::in_transaction),
        status_set{},
        status_set{status_flag::in_transaction},
        idle.with(status_flag::more_results_exists),
        idle.with(status_flag::cursor_exists),
        idle.with(status_flag::last_row_sent),
        idle.with(status_flag::in_transaction).with(status_flag::in_transaction_read_only),
    };
    return input.one_of(usual);
}

/// Writes the packets of one answer down, result by result.
class answer_writer {
public:
    answer_writer(script& input, capability_set capabilities)
        : input_(input), capabilities_(capabilities) {}

    void ok(std::uint8_t header = 0x00) {
        const byte_vector state = session_state(input_);
        protocol::mysql::ok message;
        message.header = header;
        message.status = last_status_ = next_status();
        if (input_.decide()) message.info = "Rows matched: 1";
        if (!state.empty() && capabilities_.has(capability::session_track)) {
            message.status = message.status.with(status_flag::session_state_changed);
            message.session_state = test::view(state);
        }
        add(test::payload_of(message, capabilities_));
    }

    void error() {
        const protocol::mysql::err message{input_.one_of(errors), "HY000", "no"};
        add(test::payload_of(message, {capability::protocol_41}));
    }

    void end_of_rows() {
        if (capabilities_.has(capability::deprecate_eof)) return ok(0xFE);
        last_status_ = next_status();
        add(test::eof_payload(last_status_));
    }

    void rows() {
        for (std::size_t left = input_.below(4); left > 0; --left) {
            add(test::text_row_payload("value"));
        }
    }

    void definitions(std::size_t count) {
        for (std::size_t left = count; left > 0; --left) {
            protocol::mysql::column_definition definition;
            definition.name = "a";
            add(test::payload_of(definition, capabilities_));
        }
        if (count > 0 && !capabilities_.has(capability::deprecate_eof)) add(test::eof_payload({}));
    }

    void result_set() {
        const std::size_t columns = 1 + input_.below(2);
        const bool has_flag = capabilities_.has(capability::optional_resultset_metadata) ||
                              capabilities_.has(capability::cache_metadata);
        const bool sends = !has_flag || input_.number() % 4 != 3;
        byte_vector count = test::bytes({static_cast<unsigned>(columns)});
        if (has_flag) count = count + test::bytes({sends ? 1U : 0U});
        add(count);
        if (sends) {
            definitions(columns);
        } else if (!capabilities_.has(capability::deprecate_eof)) {
            add(test::eof_payload({}));
        }
        rows();
        if (input_.number() % 8 == 7) return error();
        end_of_rows();
    }

    void query() {
        do {
            last_status_ = {};
            constexpr unsigned ways = 8;
            const unsigned way = input_.number() % ways;
            if (way == 7) {
                return add(test::bytes({0xFB}) + test::bytes("f"));
            } else if (way == 6) {
                return error();
            } else if (way >= 3) {
                result_set();
            } else {
                ok();
            }
        } while (last_status_.has(status_flag::more_results_exists) && !input_.is_over());
    }

    void prepare() {
        const auto parameters = static_cast<std::uint16_t>(input_.below(3));
        const auto columns = static_cast<std::uint16_t>(input_.below(3));
        protocol::mysql::stmt_prepare_ok message{
            1U + input_.number() % 3U, columns, parameters, 0, true};
        if (capabilities_.has(capability::optional_resultset_metadata))
            message.metadata_follows = input_.number() % 4 != 3;
        add(test::payload_of(message, capabilities_));
        if (!message.metadata_follows) return;
        definitions(parameters);
        definitions(columns);
    }

    /// An OK that ends a whole answer.
    void last_ok() {
        may_go_on_ = false;
        ok();
    }

    [[nodiscard]] byte_vector frames(std::uint8_t sequence) const {
        return test::frames_of(packets_, sequence);
    }

private:
    [[nodiscard]] status_set next_status() {
        const status_set next = status(input_);
        return may_go_on_ ? next : next.without(status_flag::more_results_exists);
    }

    void add(byte_vector payload) { packets_.push_back(std::move(payload)); }

    script& input_;
    capability_set capabilities_;
    status_set last_status_;
    std::vector<byte_vector> packets_;
    bool may_go_on_ = true;
};

}  // namespace

byte_vector next_answer(
    script& input, response_kind kind, capability_set capabilities, std::uint8_t sequence
) {
    answer_writer answer(input, capabilities);
    const bool fails = input.number() % 8 == 7;
    if (fails) {
        answer.error();
        return answer.frames(sequence);
    }
    switch (kind) {
        case response_kind::query:
        case response_kind::cursor: answer.query(); break;
        case response_kind::simple:
        case response_kind::change_user:
        case response_kind::no_answer: answer.last_ok(); break;
        case response_kind::prepare: answer.prepare(); break;
        case response_kind::field_list:
            answer.definitions(0);
            answer.end_of_rows();
            break;
        case response_kind::statistics:
            return test::frames_of({test::bytes("Uptime: 1")}, sequence);
        case response_kind::fetch:
            answer.rows();
            answer.end_of_rows();
            break;
    }
    return answer.frames(sequence);
}

}  // namespace weir::fuzz
