// Whatever a server of any form sends: what a client of another form gets of it is whole where the
// server's is, and shows nothing that only weir asked for.

#include "protocol/mysql/messages/ok.hpp"
#include "splitter/relay/ok_rewriter.hpp"
#include "splitter/relay/response_relay.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"
#include "tests/fuzz/splitter/hidden_tracking.hpp"
#include "tests/fuzz/splitter/script.hpp"
#include "tests/fuzz/splitter/session/followed_answer.hpp"
#include "tests/fuzz/splitter/session/fuzzed_world.hpp"
#include "tests/fuzz/splitter/session/server_answers.hpp"
#include "tests/fuzz/splitter/session/trace.hpp"
#include "tests/fuzz/splitter/well_formed.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace weir::fuzz {
namespace {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::packet_header;
using protocol::mysql::packet_role;
using protocol::mysql::response_kind;
using protocol::wire::bytes_view;
using protocol::wire::send_buffer;
using splitter::response_relay;

constexpr std::uint32_t client_statement = 0x01020304;

class relayed_answer {
public:
    explicit relayed_answer(script& input) : input_(input) {
        session_.capabilities = client_capabilities(input);
        backend_.capabilities = server_capabilities(input);
        backend_.primary = input.decide();
        backend_.tracks_gtids = input.decide();
        // A server says without metadata only to a client that understands it.
        for (const auto one :
             {capability::optional_resultset_metadata, capability::cache_metadata}) {
            if (!session_.capabilities.has(one)) {
                backend_.capabilities = backend_.capabilities.without(one);
            }
        }
        constexpr std::array kinds{
            response_kind::query,
            response_kind::prepare,
            response_kind::simple,
            response_kind::field_list,
            response_kind::fetch,
            response_kind::statistics};
        plan_.response = input.one_of(kinds);
        withheld_.farewell = withheld_.unheard = withheld_.replicas_own = input.decide();
        statement_.id = client_statement;
        if (plan_.response == response_kind::prepare) {
            plan_.command = protocol::mysql::command::stmt_prepare;
            plan_.statement = &statement_;
        }
    }

    void run() {
        relay_.start(plan_, session_, backend_, withheld_);
        server_.start(plan_.response, backend_.capabilities);
        client_.start(plan_.response, session_.capabilities);
        auto answer = next_answer(input_, plan_.response, backend_.capabilities, 1);
        if (input_.number() % 4 == 3) garble(answer);
        while (!answer.empty()) {
            const auto piece = take_piece(input_, answer);
            trace("the server sends", test::view(piece));
            put(received_, test::view(piece));
            server_.on_bytes(test::view(piece));
            if (!advance()) return;
        }
    }

private:
    void garble(test::byte_vector& answer) {
        const auto noise = input_.bytes();
        if (answer.empty() || noise.empty()) return;
        is_garbled_ = true;
        const std::size_t at = input_.below(answer.size());
        for (std::size_t i = 0; i < noise.size() && at + i < answer.size(); ++i) {
            answer[at + i] = noise[i];
        }
    }

    /// False at the end of the answer, whatever ended it.
    [[nodiscard]] bool advance() {
        using kind = response_relay::step::kind;
        const auto next = relay_.advance(received_.pending_mutable(), session_, backend_, out_);
        if (!next) {
            // What follows an OK's numbers is read by the relay and not by who only follows it.
            require(is_garbled_ || !server_.is_whole());
            return false;
        }
        require(next->consumed <= received_.pending().size());
        if (next->what == kind::withheld) {
            require(withheld_.farewell && !passed_);
            return false;
        }
        passed_ = passed_ || !next->bytes.empty();
        trace("the client gets", next->bytes);
        client_.on_bytes(next->bytes);
        received_.consume(next->consumed);
        // Flags that no server sends together may stand for two things at once.
        if (is_garbled_ || !server_.is_sound()) return next->what == kind::more_bytes;
        const auto& asked = session_.state.asked();
        const bool may_be_told = asked.variables || asked.state_changes || asked.gtids;
        require(client_.is_sound() && (may_be_told || !client_.shows_hidden()));
        require((next->what == kind::complete) == server_.is_whole());
        if (next->what == kind::complete) require(client_.is_whole());
        return next->what == kind::more_bytes;
    }

    script& input_;
    splitter::session session_;
    splitter::backend_state backend_;
    splitter::command_plan plan_;
    splitter::response_relay::withheld_errors withheld_;
    splitter::prepared_statement statement_;
    response_relay relay_;
    protocol::wire::receive_buffer received_;
    send_buffer out_;
    followed_answer server_;
    followed_answer client_;
    bool passed_ = false;
    bool is_garbled_ = false;
};

/// One OK of any content, written anew.
void rewrite_ok(bytes_view payload, capability_set server, capability_set client) {
    if (payload.empty()) return;
    const bool needed = splitter::needs_rewriting(packet_role::ok, payload, server, client);
    send_buffer out;
    const auto& hidden = splitter::hidden_tracking({});
    const auto failed = splitter::append_rewritten(payload, 7, {server, client, hidden}, out);
    if (failed) {
        require(out.empty());
        return;
    }
    require(require_packets(out.view(), std::uint8_t{7}) == 8);
    const auto seen = protocol::mysql::ok::decode(out.view().subspan(packet_header::size), client);
    const auto sent = protocol::mysql::ok::decode(payload, server);
    require(seen && sent);
    require(seen->affected_rows == sent->affected_rows && seen->warnings == sent->warnings);
    require(seen->info == sent->info || !needed);
    require(!shows_hidden_tracking(seen->session_state));
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    weir::fuzz::script input(weir::fuzz::input(data, size));
    if (input.decide()) {
        const auto server = weir::fuzz::server_capabilities(input);
        const auto client = weir::fuzz::client_capabilities(input);
        weir::fuzz::rewrite_ok(input.bytes(), server, client);
        return 0;
    }
    weir::fuzz::relayed_answer(input).run();
    return 0;
}
