#include "protocol/mysql/compression/compressed_frame.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

namespace {

using namespace weir::protocol::mysql;  // NOLINT(google-build-using-namespace): encoder and decoder
using weir::fuzz::require;
using weir::protocol::wire::bytes_view;
using weir::protocol::wire::send_buffer;

constexpr std::size_t frame_limit = 1U << 16U;

void decode_garbage(compression_method method, bytes_view bytes) {
    compression_decoder decoder(method, frame_limit);
    send_buffer out;
    const auto consumed = decoder.decode(bytes, out, frame_limit);
    require(!consumed || *consumed <= bytes.size());
    require(out.size() < 2 * frame_limit);
}

void expect_round_trip(compression_method method, bytes_view inner) {
    compression_encoder encoder(method, 1);
    send_buffer frames;
    require(!encoder.encode(inner, frames));
    compression_decoder decoder(method);
    send_buffer out;
    const auto consumed = decoder.decode(frames.view(), out);
    require(consumed && *consumed == frames.size() && out.view() == inner);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = weir::fuzz::input(data, size);
    for (const auto method : {compression_method::zlib, compression_method::zstd}) {
        decode_garbage(method, bytes);
        expect_round_trip(method, bytes);
    }
    return 0;
}
