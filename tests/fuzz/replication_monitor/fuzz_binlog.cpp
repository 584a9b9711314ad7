#include "replication_monitor/binlog/commit_search.hpp"
#include "replication_monitor/binlog/event_stream.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

#include <algorithm>
#include <optional>

namespace {

using weir::protocol::mysql::gtid_set;
using weir::protocol::mysql::server_flavor;
using weir::protocol::wire::bytes_view;
using weir::replication_monitor::binlog::commit_search;
using weir::replication_monitor::binlog::commit_verdict;
using weir::replication_monitor::binlog::event_stream;
using weir::replication_monitor::binlog::wanted_commit;

constexpr std::size_t kept_max = 512;

wanted_commit wanted() {
    wanted_commit commit;
    commit.server_id = 1;
    commit.thread_id = 14;
    commit.from =
        *gtid_set::parse("84871413-ea04-11f1-af71-02fc00000001:1-5", server_flavor::mysql);
    commit.restarted_at = 1'000;
    return commit;
}

/// What is found in an answer that comes in pieces of this size; nothing: it is none, or has no
/// end.
std::optional<commit_verdict> search(bytes_view answer, std::size_t piece) {
    event_stream stream(kept_max);
    commit_search found(wanted());
    std::size_t there = 0;
    std::size_t done = 0;
    while (true) {
        const auto step = stream.advance(answer.subspan(done).first(there - done));
        if (!step) return std::nullopt;
        done += step->consumed;
        weir::fuzz::require(done <= there);
        using kind = event_stream::step::kind;
        switch (step->what) {
            case kind::end: return found.judge();
            case kind::refused: return std::nullopt;
            case kind::event:
                weir::fuzz::require(step->found.body.size() <= kept_max);
                if (found.on_event(step->found)) return std::nullopt;
                break;
            case kind::more_bytes:
                if (there == answer.size()) return std::nullopt;
                there = std::min(there + piece, answer.size());
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bytes_view answer = weir::fuzz::input(data, size);
    const auto whole = search(answer, std::max<std::size_t>(answer.size(), 1));
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}})
        weir::fuzz::require(search(answer, piece) == whole);
    const auto set = gtid_set::decode(answer);
    if (set && !set->empty()) {
        weir::protocol::wire::send_buffer out;
        weir::protocol::wire::byte_writer writer(out);
        weir::fuzz::require(set->encode(writer));
        const auto again = gtid_set::decode(out.view());
        weir::fuzz::require(again && *again == *set);
        weir::fuzz::require(*gtid_set::parse(set->to_string(), server_flavor::mysql) == *set);
    }
    return 0;
}
