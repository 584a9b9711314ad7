#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

/// Where secrets come from, and that no message shows one.
namespace weir::config::test {
namespace {

std::string with_secret(const std::string& lines) {
    return proxy_line + servers_line + "monitor:\n  user: m\n" + lines;
}

TEST(secret, comes_from_text_environment_or_file) {
    const temporary_directory directory;

    struct row {
        const char* name;
        std::string lines;
        std::string expected;
    };

    const std::vector<row> rows{
        {"text", "  password: hunter2\n", "hunter2"},
        {"digits", "  password: 0012\n", "0012"},
        {"quoted null", "  password: 'null'\n", "null"},
        {"empty on purpose", "  password: ''\n", ""},
        {"environment", "  password_env: WEIR_SECRET\n", "from environment"},
        {"file", "  password_file: " + directory.write("plain", "from file"), "from file"},
        {"file with a line end", "  password_file: " + directory.write("unix", "a b \n"), "a b "},
        {"file with a windows line end",
         "  password_file: " + directory.write("dos", "x\r\n"),
         "x"},
        {"largest file",
         "  password_file: " + directory.write("large", std::string(4096, 'x')),
         std::string(4096, 'x')},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        const auto outcome = load(with_secret(each.lines));
        EXPECT_TRUE(outcome.ok());
        EXPECT_EQ(outcome.settings.monitor.password, each.expected);
    }
}

TEST(secret, file_is_relative_to_the_configuration) {
    const temporary_directory directory;
    directory.write("secrets/monitor", "from file\n");
    const auto outcome =
        load(with_secret("  password_file: secrets/monitor\n"), directory.path_of("weir.yaml"));
    EXPECT_TRUE(outcome.ok());
    EXPECT_EQ(outcome.settings.monitor.password, "from file");
}

TEST(secret, source_has_to_be_one_that_works) {
    const temporary_directory directory;
    const std::string all = "password, password_file or password_env";
    const auto file = [&](const char* name, const std::string& content) {
        return with_secret("  password_file: " + directory.write(name, content) + "\n");
    };
    expect_errors({
        {"none", with_secret(""), {"4:3: monitor.password: is missing; write one of " + all}},
        {"two",
         with_secret("  password: a\n  password_env: WEIR_SECRET\n"),
         {"6:17: monitor.password_env: is given beside password; keep one of " + all}},
        {"three",
         with_secret("  password_env: WEIR_SECRET\n  password_file: /x\n  password: a\n"),
         {"5:17: monitor.password_env: is given beside password; keep one of " + all,
          "6:18: monitor.password_file: is given beside password; keep one of " + all}},
        {"variable that is not set",
         with_secret("  password_env: WEIR_NOT_SET\n"),
         {"5:17: monitor.password_env: names a variable that the environment does not have; set "
          "it"}},
        {"no file",
         with_secret("  password_file: /no/such\n"),
         {"5:18: monitor.password_file: the file cannot be read: No such file or directory; write "
          "the path of a "
          "readable one"}},
        {"no path",
         with_secret("  password_file: ''\n"),
         {"5:18: monitor.password_file: is empty; write the path of a file that holds one line"}},
        {"empty file",
         file("empty", "\n"),
         {"5:18: monitor.password_file: the file is empty; put the secret in its only line"}},
        {"two lines",
         file("lines", "a\nb\n"),
         {"5:18: monitor.password_file: the file holds more than one line; put the secret in its "
          "only line"}},
        {"large file",
         file("large", std::string(4097, 'x')),
         {"5:18: monitor.password_file: the file is larger than 4096 bytes; write the path of a "
          "readable one"}},
        {"nothing",
         with_secret("  password:\n"),
         {"5:3: monitor.password: has no value; write a text in quotes"}},
        {"a zero byte",
         with_secret("  password: \"a\\0\"\n"),
         {"5:13: monitor.password: holds a zero byte; write a text without it"}},
    });
}

TEST(secret, never_shows_in_a_message) {
    const std::vector<std::string> lines{
        "  password: [hunter2]\n",
        "  password: {hunter2: x}\n",
        "  password: *hunter2\n",
        "  password: &hunter2\n",
        "  password: !hunter2\n",
        "  password: %hunter2\n",
        "  password: @hunter2\n",
        "  password: \"hunter2\n",
        "  password: \"hun\\qter2\"\n",
        "  password: \"hunter2\\0\"\n",
        "  password: {hunter2\n",
        "  password: hunter2: x\n",
        "  password: |hunter2\n",
        "  password: `hunter2\n",
        "  password:hunter2\n",
        "  password=hunter2: x\n",
        "  {password:hunter2}\n",
        "  password_env: hunter2\n",
        "  password_file: hunter2\n",
        "  password: a\n  password: hunter2\n  password: hunter2\n",
        "  password: a\n  password_env: hunter2\n",
    };
    for (const std::string& line : lines) {
        SCOPED_TRACE(line);
        const auto errors = load(with_secret(line)).errors;
        EXPECT_FALSE(errors.empty());
        for (const load_error& error : errors) {
            EXPECT_EQ(error.to_string().find("hunter2"), std::string::npos) << error.to_string();
            EXPECT_EQ(error.to_string().find("ter2"), std::string::npos) << error.to_string();
        }
    }
}

}  // namespace
}  // namespace weir::config::test
