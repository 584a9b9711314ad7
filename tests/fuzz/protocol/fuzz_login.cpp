#include "protocol/mysql/messages/change_user.hpp"
#include "protocol/mysql/messages/connect_attributes.hpp"
#include "protocol/mysql/messages/handshake_response.hpp"
#include "protocol/mysql/messages/ssl_request.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

namespace {

using weir::protocol::mysql::change_user;
using weir::protocol::mysql::connect_attribute_reader;
using weir::protocol::mysql::handshake_response;
using weir::protocol::mysql::ssl_request;

void walk_attributes(weir::protocol::wire::bytes_view attributes) {
    connect_attribute_reader reader(attributes);
    for (;;) {
        const auto pair = reader.next();
        if (!pair || !*pair) return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto payload = weir::fuzz::input(data, size);
    weir::fuzz::expect_round_trip(
        payload,
        [](auto bytes) { return ssl_request::decode(bytes); },
        [](const ssl_request& message, auto& writer) { message.encode(writer); }
    );
    (void)ssl_request::matches(payload);
    weir::fuzz::expect_round_trip(
        payload,
        [](auto bytes) { return handshake_response::decode(bytes); },
        [](const handshake_response& message, auto& writer) { message.encode(writer); }
    );
    if (const auto login = handshake_response::decode(payload)) walk_attributes(login->attributes);
    weir::fuzz::expect_capable_round_trip<change_user>(weir::fuzz::capable_input(payload));
    return 0;
}
