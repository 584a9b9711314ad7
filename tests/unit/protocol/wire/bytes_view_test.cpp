#include "protocol/wire/bytes_view.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::wire {
namespace {

TEST(bytes_view, compares_content_and_not_place) {
    const auto first = test::bytes("abc");
    const auto second = test::bytes("abc");
    EXPECT_EQ(test::view(first), test::view(second));
    EXPECT_NE(test::view(first), test::view(second).first(2));
    EXPECT_EQ(bytes_view(), test::view(first).first(0));
}

TEST(bytes_view, cuts_from_both_ends) {
    const bytes_view seen = bytes_of("abcdef");
    EXPECT_EQ(as_text(seen.first(2)), "ab");
    EXPECT_EQ(as_text(seen.last(2)), "ef");
    EXPECT_EQ(as_text(seen.subspan(2)), "cdef");
    EXPECT_EQ(as_text(seen.subspan(2, 1)), "c");
    EXPECT_EQ(number_in(seen[1]), 'b');
}

}  // namespace
}  // namespace weir::protocol::wire
