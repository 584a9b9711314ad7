#include "lb/balancing/candidate_list.hpp"

#include "tests/unit/lb/balancing/servers.hpp"

#include <gtest/gtest.h>

namespace weir::lb {
namespace {

using namespace std::chrono_literals;
using role = selection_request::role;
using config::primary_reads;

TEST(list_candidates, says_of_each_server_what_select_thinks_of_it) {
    struct row {
        const char* name;
        topology servers;
        role needs;
        std::vector<candidate> expected;
        primary_reads reads = primary_reads::when_no_replica;
        bool may_wait = false;
        const char* must_contain = "";
    };

    const std::vector<row> rows{
        {"a write",
         of({replica(2), primary(1)}),
         role::primary,
         {{{1}, true, "primary needed"}, {{2}, false, "not the primary"}}},
        {"a read",
         of({primary(1), replica(2), replica(3)}),
         role::replica,
         {{{2}, true, "balanced"},
          {{3}, true, ""},
          {{1}, false, "the primary takes reads if no replica can"}}},
        {"a read that the primary shares",
         of({primary(1), replica(2)}),
         role::replica,
         {{{1}, true, "primary shares"}, {{2}, true, ""}},
         primary_reads::always},
        {"a read without a replica",
         of({primary(1), lagging(replica(2), 5s), stopped(replica(3))}),
         role::replica,
         {{{1}, true, "no replica"},
          {{2}, false, "lagging: 5000 ms, at most 2000 ms"},
          {{3}, false, "replication does not run"}}},
        {"a read that nobody may have",
         of({primary(1), unreachable(replica(2))}),
         role::replica,
         {{{1}, false, "the primary takes no reads"}, {{2}, false, "unreachable"}},
         primary_reads::never},
        {"a read of what no replica has yet",
         of({primary(1), at(replica(2), "0-1-90")}),
         role::replica,
         {{{1}, true, "primary has GTID"}, {{2}, false, "GTID missing"}},
         primary_reads::when_no_replica,
         false,
         "0-1-95"},
        {"a read that may wait",
         of({primary(1), at(replica(2), "0-1-90")}),
         role::replica,
         {{{2}, true, "catches up"}, {{1}, false, "the primary takes reads if no replica can"}},
         primary_reads::when_no_replica,
         true,
         "0-1-95"},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        const auto wanted = gtids(each.must_contain);
        selection_request request;
        request.needs = each.needs;
        request.max_lag = 2s;
        request.now = now;
        request.primary_reads = each.reads;
        request.may_wait = each.may_wait;
        request.must_contain = &wanted;
        EXPECT_EQ(list_candidates(request, each.servers, {}, 0), each.expected);
    }
}

}  // namespace
}  // namespace weir::lb
