#include "protocol/mysql/messages/init_db.hpp"
#include "protocol/mysql/messages/process_kill.hpp"
#include "protocol/mysql/messages/query.hpp"
#include "protocol/mysql/messages/set_option.hpp"
#include "protocol/mysql/messages/simple_command.hpp"
#include "protocol/mysql/messages/stmt_close.hpp"
#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/mysql/messages/stmt_fetch.hpp"
#include "protocol/mysql/messages/stmt_prepare.hpp"
#include "protocol/mysql/messages/stmt_reset.hpp"
#include "protocol/mysql/messages/stmt_send_long_data.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

namespace {

using namespace weir::protocol::mysql;  // NOLINT(google-build-using-namespace): every message is
                                        // meant
using weir::fuzz::expect_field_list_round_trip;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto payload = weir::fuzz::input(data, size);
    const weir::fuzz::capable_input in(payload);
    weir::fuzz::expect_capable_round_trip<query>(in);
    if (const auto message = query::decode(in.payload, in.capabilities)) {
        (void)message->string_attribute("a");
    }
    const auto parameters = static_cast<std::uint16_t>(in.capabilities.extended() & 0xFFU);
    // Where the flag lies is left out: a count may come in a longer form than the one that is
    // written.
    weir::fuzz::expect_round_trip(
        in.payload,
        [&in, parameters](auto bytes) {
            auto message = stmt_execute::decode(bytes, in.capabilities, parameters);
            if (message) message->new_params_bound_offset.reset();
            return message;
        },
        [](const stmt_execute& message, auto& writer) { message.encode(writer); }
    );
    expect_field_list_round_trip<init_db>(payload);
    expect_field_list_round_trip<process_kill>(payload);
    expect_field_list_round_trip<set_option>(payload);
    expect_field_list_round_trip<simple_command>(payload);
    expect_field_list_round_trip<stmt_bulk_execute>(payload);
    expect_field_list_round_trip<stmt_close>(payload);
    expect_field_list_round_trip<stmt_fetch>(payload);
    expect_field_list_round_trip<stmt_prepare>(payload);
    expect_field_list_round_trip<stmt_reset>(payload);
    expect_field_list_round_trip<stmt_send_long_data>(payload);
    return 0;
}
