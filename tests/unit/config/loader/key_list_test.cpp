#include "config/loader/key_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

/// `reference.md` and the loader say the same: the table's rows are compared word by word with the
/// loader's keys.
namespace weir::config {
namespace {

/// A row up to the sentence: | `key` | type | default | range | takes effect |
std::string row_of(const key_description& key) {
    const char* const when = key.when == takes_effect::on_reload ? "reload" : "restart";
    return "| `" + key.path + "` | " + key.type + " | " + key.default_text + " | " + key.range +
           " | " + when + " |";
}

struct documented_key {
    std::string row;
    std::string sentence;
};

std::vector<documented_key> documented_keys() {
    std::ifstream file{WEIR_CONFIG_DIRECTORY "/reference.md"};
    std::vector<documented_key> keys;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("| `", 0) != 0) continue;
        const std::size_t end = line.rfind(" |");
        const std::size_t sentence = line.rfind("| ", end - 1);
        keys.push_back({line.substr(0, sentence + 1), line.substr(sentence + 2, end - sentence - 2)}
        );
    }
    return keys;
}

TEST(reference, has_every_key_as_the_loader_knows_it) {
    std::vector<std::string> known;
    for (const key_description& key : proxy_keys())
        known.push_back(row_of(key));
    std::vector<std::string> documented;
    for (const documented_key& key : documented_keys())
        documented.push_back(key.row);
    EXPECT_EQ(documented, known);
}

TEST(reference, says_a_sentence_about_every_key) {
    for (const documented_key& key : documented_keys()) {
        SCOPED_TRACE(key.row);
        EXPECT_GT(key.sentence.size(), 20U);
        EXPECT_EQ(key.sentence.back(), '.');
    }
}

TEST(proxy_keys, names_each_key_once) {
    std::set<std::string> paths;
    for (const key_description& key : proxy_keys()) {
        EXPECT_TRUE(paths.insert(key.path).second) << key.path;
    }
    EXPECT_GT(paths.size(), 50U);
}

}  // namespace
}  // namespace weir::config
