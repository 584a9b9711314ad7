// An EXECUTE made to fit a connection is the client's own, but for the statement's id and for
// parameter types that the connection had not been told.

#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "splitter/relay/execute_rewriter.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"
#include "tests/fuzz/splitter/script.hpp"
#include "tests/fuzz/splitter/well_formed.hpp"
#include "tests/support/packets.hpp"

#include <algorithm>
#include <array>

namespace weir::fuzz {
namespace {

using protocol::mysql::capability;
using protocol::mysql::packet_header;
using protocol::mysql::stmt_execute;
using protocol::wire::bytes_view;
using splitter::backend_state;
using test::byte_vector;
using test::operator+;  // not found by its arguments, which are of the standard library

constexpr std::uint32_t backend_id = 0x5A5B5C5D;

/// One statement on two connections: types that one of them was told are not known to the other.
struct scripted_statement {
    splitter::session session;
    splitter::prepared_statement statement;
    std::array<backend_state::prepared, 2> there{};
};

/// The client's next EXECUTE: with types, without, or cut anywhere.
[[nodiscard]] byte_vector next_payload(script& input, const scripted_statement& of) {
    const unsigned parameters = of.there[0].parameters;
    const bool has_attributes = of.session.capabilities.has(capability::query_attributes);
    byte_vector payload = test::bytes({0x17, 1, 0, 0, 0, 0, 1, 0, 0, 0});
    if (parameters > 0) {
        if (has_attributes) payload = payload + test::bytes({parameters});
        payload.resize(payload.size() + (parameters + 7U) / 8U);  // nothing is NULL
        const bool binds = input.decide();
        payload = payload + test::bytes({binds ? 1U : 0U});
        for (unsigned left = binds ? parameters : 0; left > 0; --left) {
            payload = payload + test::bytes({input.number(), 0});
            if (has_attributes) payload = payload + test::bytes({1, 'n'});
        }
    }
    payload = payload + test::copy_of(input.bytes());
    if (input.number() % 8 == 7)
        payload.resize(std::min<std::size_t>(payload.size(), input.number()));
    return payload;
}

void check(
    const stmt_execute& asked,
    bytes_view sent,
    const scripted_statement& of,
    const backend_state::prepared& there
) {
    require(require_packets(sent, std::uint8_t{0}) == 1);
    const auto got = stmt_execute::decode(
        sent.subspan(packet_header::size), of.session.capabilities, there.parameters
    );
    require(got && got->statement_id == backend_id);
    require(got->flags == asked.flags && got->null_bitmap == asked.null_bitmap);
    require(got->values == asked.values && got->parameter_count == asked.parameter_count);
    if (!got->new_params_bound) {
        // The server remembers what this connection was told before.
        require(!asked.new_params_bound);
        require(!got->new_params_bound_offset || there.types == of.statement.types);
        return;
    }
    require(got->types == bytes_view(std::span<const std::byte>(of.statement.types)));
}

void run(script& input) {
    scripted_statement of;
    if (input.decide()) of.session.capabilities = {capability::query_attributes};
    of.statement.id = 1;
    const auto parameters = static_cast<std::uint16_t>(input.below(20));
    of.there.fill({nullptr, backend_id, parameters});
    protocol::wire::send_buffer out;
    while (!input.is_over()) {
        auto& there = of.there[input.below(of.there.size())];
        if (input.number() == 0xFF) there.types.clear();  // prepared there anew
        const byte_vector payload = next_payload(input, of);
        if (payload.empty()) continue;
        byte_vector command = test::frames_of({payload}, 0);
        const auto asked =
            stmt_execute::decode(test::view(payload), of.session.capabilities, parameters);
        out.clear();
        const auto failed = splitter::fit_execute(
            command, test::view(payload), of.session, {of.statement, there}, out
        );
        require(failed.failed() == asked.has_error());
        if (!failed) check(*asked, out.empty() ? test::view(command) : out.view(), of, there);
    }
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    weir::fuzz::script input(weir::fuzz::input(data, size));
    weir::fuzz::run(input);
    return 0;
}
