#include "config/loader/small_file.hpp"

#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <string>

namespace weir::config {
namespace {

TEST(read_small_file, reads_up_to_the_limit) {
    const test::temporary_directory directory;
    EXPECT_EQ(read_small_file(directory.write("empty", ""), 4).value, "");
    EXPECT_EQ(read_small_file(directory.write("full", "abcd"), 4).value, "abcd");
    EXPECT_EQ(
        read_small_file(directory.write("large", "abcde"), 4).problem, "is larger than 4 bytes"
    );
}

TEST(read_small_file, gives_the_systems_reason) {
    const test::temporary_directory directory;
    EXPECT_EQ(
        read_small_file(directory.path_of("none"), 4).problem,
        "cannot be read: No such file or directory"
    );
}

TEST(read_small_file, does_not_wait_for_a_pipe) {
    const test::temporary_directory directory;
    const std::string pipe = directory.path_of("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(read_small_file(pipe, 4).problem, "cannot be read: it is not a regular file");
    EXPECT_EQ(unreadable_reason(pipe), "cannot be read: it is not a regular file");
}

TEST(unreadable_reason, is_empty_for_a_readable_file) {
    const test::temporary_directory directory;
    EXPECT_EQ(unreadable_reason(directory.write("file", "")), "");
    EXPECT_EQ(
        unreadable_reason(directory.path_of(".")), "cannot be read: it is not a regular file"
    );
}

}  // namespace
}  // namespace weir::config
