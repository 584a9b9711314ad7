#include "protocol/mysql/messages/greeting.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

using weir::protocol::mysql::greeting;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    weir::fuzz::expect_round_trip(
        weir::fuzz::input(data, size),
        [](auto bytes) { return greeting::decode(bytes); },
        [](const greeting& message, auto& writer) { message.encode(writer); }
    );
    return 0;
}
