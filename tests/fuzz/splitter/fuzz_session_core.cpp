// A session with a client and three servers that say and do what they like. The claims are
// session_shell's: nothing is sent twice that may have written, what a client gets is whole if the
// server's answer was, no action without a connection, none without end.

#include "tests/fuzz/protocol/fuzz_support.hpp"
#include "tests/fuzz/splitter/session/session_shell.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    weir::fuzz::script input(weir::fuzz::input(data, size));
    weir::fuzz::session_shell(input).run();
    return 0;
}
