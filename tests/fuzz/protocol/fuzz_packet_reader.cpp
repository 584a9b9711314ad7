#include "protocol/mysql/packet_reader.hpp"
#include "protocol/mysql/packet_writer.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

using namespace weir::protocol::mysql;  // NOLINT(google-build-using-namespace): reader and writer

namespace {

constexpr std::size_t frame_max = 8;

/// Frames above this fuzzer's maximum exist only in its inputs; all others are written back as they
/// came.
[[nodiscard]] bool has_only_short_frames(weir::protocol::wire::bytes_view wire) {
    while (!wire.empty()) {
        const std::size_t length = packet_header::load(wire).payload_length;
        if (length > frame_max) return false;
        wire = wire.subspan(packet_header::size + length);
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto pending = weir::fuzz::input(data, size);
    packet_reader reader(64, frame_max);
    for (;;) {
        const std::uint8_t sequence = reader.expected_sequence();
        const auto found = reader.next(pending);
        if (!found) return 0;
        if (!*found) {
            weir::fuzz::require(reader.bytes_wanted() > pending.size());
            return 0;
        }
        const packet& packet = **found;
        weir::fuzz::require(
            packet.payload.size() + packet.frames * packet_header::size == packet.wire.size()
        );
        if (has_only_short_frames(packet.wire)) {
            weir::protocol::wire::send_buffer out;
            std::uint8_t number = sequence;
            append_packet(out, number, packet.payload, frame_max);
            weir::fuzz::require(out.view() == packet.wire);
        }
        pending = pending.subspan(packet.wire.size());
    }
}
