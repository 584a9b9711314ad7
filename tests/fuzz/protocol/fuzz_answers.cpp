#include "protocol/mysql/messages/auth_more_data.hpp"
#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "protocol/mysql/messages/column_definition.hpp"
#include "protocol/mysql/messages/eof.hpp"
#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

namespace {

using namespace weir::protocol::mysql;  // NOLINT(google-build-using-namespace): every message is
                                        // meant
using weir::fuzz::capable_input;
using weir::protocol::wire::bytes_view;

[[nodiscard]] weir::protocol::wire::send_buffer rewritten(bytes_view session_state) {
    weir::protocol::wire::send_buffer buffer;
    weir::protocol::wire::byte_writer writer(buffer);
    session_track_reader reader(session_state);
    for (;;) {
        const auto entry = reader.next();
        if (!entry || !*entry) return buffer;
        append_session_track(writer, **entry);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto payload = weir::fuzz::input(data, size);
    const capable_input in(payload);
    // The state of an OK that is not tracked is left out, and with it its flag: no round trip then.
    const capable_input tracked = [&in] {
        capable_input copy = in;
        copy.capabilities = in.capabilities.with(capability::session_track);
        return copy;
    }();
    weir::fuzz::expect_capable_round_trip<ok>(tracked);
    weir::fuzz::expect_capable_round_trip<column_definition>(in);
    weir::fuzz::expect_capable_round_trip<stmt_prepare_ok>(in);
    weir::fuzz::expect_field_list_round_trip<eof>(payload);
    weir::fuzz::expect_field_list_round_trip<auth_switch_request>(payload);
    weir::fuzz::expect_field_list_round_trip<auth_more_data>(payload);
    weir::fuzz::expect_field_list_round_trip<progress_report>(payload);
    if (const auto error = err::decode(payload); error && !error->sql_state.empty()) {
        weir::fuzz::expect_round_trip(
            payload,
            [](auto bytes) { return err::decode(bytes); },
            [](const err& message, auto& writer) {
                message.encode(writer, {capability::protocol_41});
            }
        );
    }
    const auto first = rewritten(payload);
    const auto second = rewritten(first.view());
    weir::fuzz::require(first.view() == second.view());
    return 0;
}
