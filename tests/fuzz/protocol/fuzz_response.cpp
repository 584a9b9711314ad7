#include "protocol/mysql/response_tracker.hpp"
#include "protocol/mysql/response_translator.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

#include <algorithm>

namespace {

using namespace weir::protocol::mysql;  // NOLINT(google-build-using-namespace): tracker and
                                        // translator
using weir::fuzz::require;
using weir::protocol::wire::bytes_view;

constexpr std::size_t frame_max = 16;

struct outcome {
    std::size_t forwarded = 0;
    std::size_t events = 0;
    std::uint64_t rows = 0;
    bool complete = false;
    bool failed = false;
};

/// Tracks `bytes` that arrive in pieces of `piece` bytes.
[[nodiscard]] outcome track(
    response_kind kind, capability_set capabilities, bytes_view bytes, std::size_t piece
) {
    response_tracker tracker;
    tracker.start(kind, capabilities, frame_max);
    outcome seen;
    for (std::size_t there = 0; !seen.complete;) {
        there = std::min(there + piece, bytes.size());
        for (;;) {
            const auto event = tracker.advance(bytes.first(there).subspan(seen.forwarded));
            if (!event) {
                seen.failed = true;
                return seen;
            }
            require(event->forward <= there - seen.forwarded);
            seen.forwarded += event->forward;
            seen.complete = event->complete;
            if (event->what == response_event::kind::more_bytes || event->complete) break;
            ++seen.events;
        }
        if (there == bytes.size()) break;
    }
    seen.rows = tracker.rows();
    return seen;
}

/// The translator must find the same end as the tracker, and between equals write what it read.
void translate(
    response_kind kind,
    capability_set server,
    capability_set client,
    bytes_view bytes,
    const outcome& seen
) {
    response_translator translator;
    response_translator::settings settings;
    settings.kind = kind;
    settings.server = server;
    settings.client = client;
    settings.frame_max = frame_max;
    translator.start(settings);
    weir::protocol::wire::send_buffer out;
    std::size_t consumed = 0;
    for (;;) {
        const auto part = translator.translate(bytes.subspan(consumed), out);
        if (!part) return;
        require(part->consumed <= bytes.size() - consumed);
        consumed += part->consumed;
        if (part->complete) break;
        if (part->what == translated::kind::more_bytes) break;
    }
    require(seen.failed || translator.rows() == seen.rows);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    weir::protocol::wire::byte_reader reader(weir::fuzz::input(data, size));
    const auto kind = static_cast<response_kind>(reader.u8() % 8);
    const capability_set server(reader.u64());
    const capability_set client(reader.u64());
    const bytes_view bytes = reader.rest();
    const outcome whole = track(kind, server, bytes, std::max<std::size_t>(bytes.size(), 1));
    const outcome pieces = track(kind, server, bytes, 1);
    require(whole.failed == pieces.failed);
    if (!whole.failed) {
        require(whole.forwarded == pieces.forwarded && whole.rows == pieces.rows);
        require(whole.events == pieces.events && whole.complete == pieces.complete);
    }
    translate(kind, server, client, bytes, whole);
    translate(kind, server, server, bytes, whole);
    return 0;
}
