#include "splitter/session/transaction_log.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using namespace std::chrono_literals;
using test::bytes;

logged_command command_of(std::size_t size, std::uint32_t statement = 0) {
    logged_command made;
    made.packet.resize(size);
    made.statement = statement;
    return made;
}

TEST(transaction_log, is_of_no_use_beyond_its_limits) {
    transaction_log of_statements({2, 1000, 1s}, {});
    EXPECT_TRUE(of_statements.append(command_of(1)));
    EXPECT_TRUE(of_statements.append(command_of(1)));
    EXPECT_FALSE(of_statements.append(command_of(1)));

    transaction_log of_bytes({10, 100, 1s}, {});
    EXPECT_TRUE(of_bytes.append(command_of(60)));
    EXPECT_FALSE(of_bytes.append(command_of(41)));

    const transaction_log::time_point start{5s};
    transaction_log of_age({10, 100, 1s}, {.at = start});
    EXPECT_FALSE(of_age.is_too_old(start + 1s));
    EXPECT_TRUE(of_age.is_too_old(start + 1001ms));
}

TEST(transaction_log, knows_which_prepared_statements_it_needs) {
    transaction_log log({10, 1000, 1s}, {});
    ASSERT_TRUE(log.append(command_of(1, 7)));
    EXPECT_TRUE(log.uses(7));
    EXPECT_FALSE(log.uses(8));
}

TEST(running_sum, does_not_depend_on_the_pieces) {
    const std::string text(1000, 'x');
    running_sum whole;
    whole.append(test::view(bytes(text)));
    const answer_sum expected = whole.finish();
    for (const std::size_t piece : {1U, 7U, 239U, 240U, 241U, 999U}) {
        running_sum sum;
        for (std::size_t at = 0; at < text.size(); at += piece)
            sum.append(test::view(bytes(std::string_view(text).substr(at, piece))));
        EXPECT_EQ(sum.finish(), expected) << piece;
    }
}

TEST(running_sum, tells_answers_apart) {
    running_sum sum;
    const answer_sum nothing = sum.finish();
    sum.append(test::view(bytes("a")));
    const answer_sum one = sum.finish();
    sum.append(test::view(bytes("b")));
    const answer_sum another = sum.finish();
    EXPECT_FALSE(one == nothing);
    EXPECT_FALSE(one == another);
    sum.append(test::view(bytes("a")));
    EXPECT_EQ(sum.finish(), one) << "a sum begins anew";
}

}  // namespace
}  // namespace weir::splitter
