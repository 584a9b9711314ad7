#include "replication_monitor/binlog/commit_search.hpp"

#include "tests/support/binlog_events.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <vector>

namespace weir::replication_monitor::binlog {

void PrintTo(const commit_verdict& verdict, std::ostream* to) {  // NOLINT: googletest's name
    static constexpr std::string_view names[]{"committed", "not committed", "unknown"};
    *to << names[static_cast<unsigned>(verdict.what)] << ' ' << verdict.gtid;
}

namespace {

using protocol::mysql::gtid_set;
using protocol::mysql::server_flavor;
using test::byte_vector;
using test::view;
using verdict_kind = commit_verdict::kind;

constexpr std::uint32_t ours = 14;
constexpr std::uint32_t others = 15;
const std::string uuid = test::binlog_writer().uuid;

gtid_set set_of(std::string_view numbers) {
    if (numbers.empty()) return {};
    return *gtid_set::parse(uuid + ":" + std::string(numbers), server_flavor::mysql);
}

/// What a server sends to who has its transactions up to `from`.
class log_of_a_server {
public:
    test::binlog_writer writer;

    log_of_a_server& file(std::string_view previous) {
        add(writer.file());
        add(writer.format());
        add(writer.previous(previous.empty() ? "" : uuid + ":" + std::string(previous)));
        return *this;
    }

    log_of_a_server& transaction(std::uint32_t thread_id, std::uint64_t number) {
        add(writer.gtid(number));
        add(writer.query(thread_id, "BEGIN"));
        add(writer.other(event_type{30}));
        add(writer.other(event_type::xid));
        return *this;
    }

    log_of_a_server& ddl(std::uint32_t thread_id, std::uint64_t number) {
        add(writer.gtid(number));
        add(writer.query(thread_id, "CREATE TABLE t (a INT)"));
        return *this;
    }

    log_of_a_server& compressed(std::uint64_t number) {
        add(writer.gtid(number));
        add(writer.other(event_type::transaction_payload));
        return *this;
    }

    log_of_a_server& tagged(std::uint32_t thread_id) {
        add(writer.other(event_type::gtid_tagged));
        add(writer.query(thread_id, "BEGIN"));
        return *this;
    }

    log_of_a_server& just(byte_vector event) {
        add(std::move(event));
        return *this;
    }

    log_of_a_server& from_server(std::uint32_t id) {
        writer.server_id = id;
        return *this;
    }

    log_of_a_server& at(std::uint32_t timestamp) {
        writer.timestamp = timestamp;
        return *this;
    }

    log_of_a_server& rotated() { return just(writer.rotate()); }

    [[nodiscard]] commit_verdict judged(wanted_commit wanted) const {
        commit_search search(std::move(wanted));
        for (const byte_vector& bytes : events_) {
            const auto read = decode_event(view(bytes), checksum::crc32);
            EXPECT_TRUE(read);
            EXPECT_FALSE(search.on_event(*read));
        }
        return search.judge();
    }

private:
    void add(byte_vector event) { events_.push_back(std::move(event)); }

    std::vector<byte_vector> events_;
};

wanted_commit wanted_behind(std::string_view from) {
    wanted_commit wanted;
    wanted.server_id = 1;
    wanted.thread_id = ours;
    wanted.from = set_of(from);
    return wanted;
}

struct commit_row {
    std::string_view name;
    std::function<void(log_of_a_server&)> writes;
    commit_verdict expected;
    std::function<void(wanted_commit&)> knows = [](wanted_commit&) {};
};

commit_verdict committed(std::uint64_t number) {
    return {verdict_kind::committed, uuid + ":" + std::to_string(number)};
}

const commit_verdict not_committed{verdict_kind::not_committed, {}};
const commit_verdict unknown{};

void check(const std::vector<commit_row>& rows) {
    for (const commit_row& one : rows) {
        SCOPED_TRACE(one.name);
        log_of_a_server log;
        log.file("1-3");
        one.writes(log);
        wanted_commit wanted = wanted_behind("1-5");
        one.knows(wanted);
        EXPECT_EQ(log.judged(wanted), one.expected);
    }
}

TEST(commit_search, tells_a_commit_by_the_id_of_its_connection) {
    check({
        {"nothing was written", [](auto&) {}, not_committed},
        {"the transaction", [](auto& log) { log.transaction(ours, 6); }, committed(6)},
        {"another connection's", [](auto& log) { log.transaction(others, 6); }, not_committed},
        {"among others'",
         [](auto& log) { log.transaction(others, 6).transaction(ours, 7).transaction(others, 8); },
         committed(7)},
        {"a statement that is a transaction by itself",
         [](auto& log) { log.ddl(ours, 6); },
         committed(6)},
        {"the same id at another server, replicated",
         [](auto& log) { log.from_server(2).transaction(ours, 6); },
         not_committed},
        {"a heartbeat in between",
         [](auto& log) {
             log.just(log.writer.gtid(6))
                 .just(log.writer.other(event_type::heartbeat))
                 .just(log.writer.other(event_type::heartbeat_v2))
                 .just(log.writer.query(ours, "BEGIN"));
         },
         committed(6)},
        {"in the next file",
         [](auto& log) { log.transaction(others, 6).rotated().file("1-6").transaction(ours, 7); },
         committed(7)},
    });
}

TEST(commit_search, leaves_out_what_the_connection_wrote_before) {
    const auto knows_6 = [](auto& wanted) { wanted.earlier = set_of("6"); };
    check({
        {"the earlier one only",
         [](auto& log) { log.transaction(ours, 6); },
         not_committed,
         knows_6},
        {"the earlier one, and another",
         [](auto& log) { log.transaction(ours, 6).transaction(ours, 7); },
         committed(7),
         knows_6},
        {"one before the earlier one, which nobody named",
         [](auto& log) { log.transaction(ours, 6).transaction(ours, 7).transaction(ours, 8); },
         committed(8),
         [](auto& wanted) { wanted.earlier = set_of("7"); }},
        {"the earlier one is not in this part of the log",
         [](auto& log) { log.transaction(ours, 6); },
         committed(6),
         [](auto& wanted) { wanted.earlier = set_of("4"); }},
        {"the earlier one is nowhere",
         [](auto& log) { log.transaction(ours, 6); },
         unknown,
         [](auto& wanted) { wanted.earlier = set_of("9"); }},
        {"a compressed one before the earlier one",
         [](auto& log) { log.compressed(6).transaction(ours, 7); },
         not_committed,
         [](auto& wanted) { wanted.earlier = set_of("7"); }},
    });
}

TEST(commit_search, claims_nothing_that_it_cannot_tell) {
    const auto may_have_others = [](auto& wanted) { wanted.may_have_others = true; };
    check({
        {"two of the connection's",
         [](auto& log) { log.transaction(ours, 6).transaction(ours, 7); },
         unknown},
        {"one, and the connection may have written another",
         [](auto& log) { log.transaction(ours, 6); },
         unknown,
         may_have_others},
        {"none, even so",
         [](auto& log) { log.transaction(others, 6); },
         not_committed,
         may_have_others},
        {"a compressed transaction, which may be anyone's",
         [](auto& log) { log.compressed(6); },
         unknown},
        {"a compressed one of another server's",
         [](auto& log) { log.from_server(2).compressed(6); },
         not_committed},
        {"a compressed one, and the connection's only one",
         [](auto& log) { log.compressed(6).transaction(ours, 7); },
         committed(7)},
        {"a transaction without a number",
         [](auto& log) { log.just(log.writer.other(event_type::anonymous_gtid)); },
         unknown},
        {"the log ends behind a number", [](auto& log) { log.just(log.writer.gtid(6)); }, unknown},
        {"a number with a tag, which is not read, of another connection",
         [](auto& log) { log.tagged(others); },
         not_committed},
        {"one with a tag, of this connection",
         [](auto& log) { log.tagged(ours); },
         {verdict_kind::committed, {}}},
    });
}

TEST(commit_search, trusts_an_id_up_to_the_servers_next_start) {
    const auto restarted = [](auto& wanted) { wanted.restarted_at = 1'000; };
    check({
        {"before a crash",
         [](auto& log) { log.transaction(ours, 6).file("1-6"); },
         committed(6),
         restarted},
        {"before a shutdown",
         [](auto& log) {
             log.transaction(ours, 6).just(log.writer.other(event_type::stop)).file("1-6");
         },
         committed(6),
         restarted},
        {"behind a crash",
         [](auto& log) { log.transaction(others, 6).file("1-6").transaction(ours, 7); },
         unknown,
         restarted},
        {"on both sides",
         [](auto& log) { log.transaction(ours, 6).file("1-6").transaction(ours, 7); },
         unknown,
         restarted},
        {"on neither side",
         [](auto& log) { log.transaction(others, 6).file("1-6").transaction(others, 7); },
         not_committed,
         restarted},
        {"in a file that another one precedes in order",
         [](auto& log) { log.rotated().file("1-5").transaction(ours, 6).file("1-6"); },
         committed(6),
         restarted},
        {"written after the start, by the server's clock",
         [](auto& log) { log.at(1'001).transaction(ours, 6); },
         unknown,
         restarted},
        {"the first file may begin with the start",
         [](auto& log) { log.transaction(ours, 6); },
         unknown,
         [](auto& wanted) {
             wanted.restarted_at = 1'000;
             wanted.from = set_of("1-3");
         }},
        {"an earlier one of the connection tells that it did not",
         [](auto& log) { log.transaction(ours, 5).transaction(ours, 6).file("1-6"); },
         committed(6),
         [](auto& wanted) {
             wanted.restarted_at = 1'000;
             wanted.from = set_of("1-3");
             wanted.earlier = set_of("5");
         }},
        {"behind an earlier one and a crash",
         [](auto& log) { log.transaction(ours, 5).file("1-5").transaction(ours, 6); },
         unknown,
         [](auto& wanted) {
             wanted.restarted_at = 1'000;
             wanted.from = set_of("1-3");
             wanted.earlier = set_of("5");
         }},
        {"the same without a restart",
         [](auto& log) { log.transaction(ours, 6); },
         committed(6),
         [](auto& wanted) { wanted.from = set_of("1-3"); }},
    });
}

TEST(commit_search, refuses_events_that_are_cut_short) {
    const test::binlog_writer log;
    commit_search search(wanted_behind("1-5"));
    const byte_vector number = log.gtid(6);
    const auto short_number =
        decode_event(view(number).first(event_header::size + 5), checksum::crc32);
    EXPECT_TRUE(search.on_event(*short_number).failed());
    const auto whole_number = decode_event(view(number), checksum::crc32);
    EXPECT_FALSE(search.on_event(*whole_number));
    const byte_vector begin = log.query(ours, "BEGIN");
    const auto short_begin =
        decode_event(view(begin).first(event_header::size + 3), checksum::crc32);
    EXPECT_TRUE(search.on_event(*short_begin).failed());
}

}  // namespace
}  // namespace weir::replication_monitor::binlog
